//! The check that every document goes through before anything is computed or allocated for it.

use super::combinations::check_combinations;
use super::{Scenario, Start, VERSION, check_number};
use crate::complete::Complete;
use crate::error::{Error, Result};
use crate::loss::Loss;
use crate::matrix::require_positive;
use crate::noise::NoiseCovariance;
use crate::optimizer::Optimizer;

/// Limit on replicas times coordinates: the state of such an ensemble takes 320 MB.
///
/// ```
/// use noisy_descent::{Scenario, loss::{Loss, Quadratic}, nalgebra::DMatrix, scenario::LARGEST_ENSEMBLE};
/// let loss = Loss::Quadratic(Quadratic { hessian: DMatrix::identity(200, 200) });
/// let scenario = Scenario { loss, ..Scenario::default() };
/// assert!(scenario.with_number("replicas", LARGEST_ENSEMBLE as f64 / 200.0)?.check().is_empty());
/// let problem = scenario.with_number("replicas", 100_001.0)?.validate().unwrap_err();
/// assert_eq!((problem.kind(), problem.parameter()), ("too_large", "replicas"));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub const LARGEST_ENSEMBLE: usize = 20_000_000;

impl Scenario {
    /// Every problem of the document; empty for a good one. Costs a triangular factor per matrix, and for least squares the
    /// loading of its data the first time.
    ///
    /// ```
    /// use noisy_descent::Scenario;
    /// let scenario = Scenario::default().with_number("learning_rate", -1.0)?.with_number("momentum", 2.0)?;
    /// let problems = scenario.check();
    /// assert_eq!(problems.len(), 2);
    /// assert_eq!(scenario.validate().unwrap_err(), problems[0]);
    /// assert_eq!(problems[0].to_string(), "learning_rate must lie in (0, 1000000], got -1");
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn check(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        if self.version != VERSION {
            let message = format!("version {} is not known here, this is version {VERSION}", self.version);
            problems.push(Error::Malformed { parameter: "scenario".into(), message });
        }
        problems.extend(self.numbers().into_iter().filter_map(|(row, value)| check_number(row, value).err()));
        let known: Vec<String> = problems.iter().map(|problem| problem.parameter().to_string()).collect();
        problems
            .extend(self.check_loss().err().filter(|problem| !known.iter().any(|name| name == problem.parameter())));
        problems.extend(self.check_matrices());
        if problems.is_empty() {
            // The range of its averaging depends on its momentum.
            if let Optimizer::NaturalGradient(natural) = &self.optimizer {
                problems.extend(natural.check().err());
            }
            problems.extend(self.noise.covariance.check(&self.optimizer).err());
            problems.extend(self.noise.law.check().err());
            problems.extend(check_combinations(self));
        }
        let (replicas, dimension) = (self.run.replicas as usize, self.dimension());
        if problems.is_empty() && replicas.saturating_mul(dimension) > LARGEST_ENSEMBLE {
            problems.push(Error::TooLarge {
                parameter: "replicas".into(),
                value: replicas as f64,
                allowed: format!("[2, {}]", LARGEST_ENSEMBLE / dimension),
                dimension,
                limit: LARGEST_ENSEMBLE,
            });
        }
        problems
    }

    fn check_loss(&self) -> Result<()> {
        match &self.loss {
            Loss::Quadratic(quadratic) => quadratic.check(),
            Loss::LeastSquares(least_squares) => least_squares.regression().map(|_| ()),
            Loss::PiecewiseQuadratic(potential) => Complete::needed("loss").and_then(|_| potential.check()),
            Loss::Polynomial(potential) => Complete::needed("loss").and_then(|_| potential.check()),
        }
    }

    /// Every matrix besides the loss's: symmetric, positive, as large as the loss.
    fn check_matrices(&self) -> Vec<Error> {
        let mut there = Vec::new();
        if let NoiseCovariance::Matrix { matrix } = &self.noise.covariance {
            there.push(("noise_covariance", matrix, false));
        }
        if let Optimizer::Preconditioned(optimizer) = &self.optimizer {
            there.push(("preconditioner", &optimizer.preconditioner, true));
        }
        if let Start::Gaussian { covariance } = &self.run.start {
            there.push(("start_covariance", covariance, false));
        }
        let expected = self.dimension();
        let mut problems: Vec<Error> = there
            .iter()
            .filter_map(|(name, matrix, definite)| require_positive(name, matrix, *definite).err())
            .collect();
        problems.extend(there.iter().filter(|(_, matrix, _)| matrix.is_square() && matrix.nrows() != expected).map(
            |(name, matrix, _)| {
                let (parameter, of) = ((*name).to_string(), "hessian".to_string());
                Error::SizeMismatch { parameter, size: matrix.nrows(), of, expected }
            },
        ));
        problems
    }

    /// The first problem of [`Scenario::check`], if there is one.
    ///
    /// # Errors
    /// That problem.
    pub fn validate(&self) -> Result<()> {
        self.check().into_iter().next().map_or(Ok(()), Err)
    }
}
