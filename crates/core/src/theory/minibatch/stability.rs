//! Whether the second moments of minibatch SGD stay finite, and where they grow if not.

use super::descent::{MinibatchDescent, with_learning_rate};
use super::exact::MinibatchTheory;
use super::features::SymmetricBasis;
use crate::check::positive;
use crate::error::Result;
use crate::matrix::symmetric_eigen;
use crate::theory::stability::short;
use nalgebra::DVector;
use serde::Serialize;

/// Whether minibatch SGD has a stationary state at a learning rate, and if not, along which direction it breaks.
///
/// ```
/// use noisy_descent::theory::minibatch::{MinibatchStability, MinibatchTheory};
/// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}, noise::Sampling};
/// let data = LinearRegression::new(dmatrix![1.0; 2.0], dvector![1.0, 0.0])?;
/// let found: MinibatchStability = MinibatchTheory::new(&data, Sampling::WithReplacement, 1, 0.0)?.stability(0.7)?;
/// assert!((found.learning_rate_limit - 2.0 * 2.5 / 8.5).abs() < 1e-14); // 2⟨x²⟩/⟨x⁴⟩
/// assert!((found.mean_limit - 0.8).abs() < 1e-14); // 2/⟨x²⟩
/// assert!(!found.stable && found.direction == [1.0]);
/// assert_eq!(
///     found.summary,
///     "unstable: λ = 0.7 is above 0.5882; the mean converges up to 0.8, the fluctuation grows without bound"
/// );
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct MinibatchStability {
    /// Whether all second moments stay finite.
    pub stable: bool,
    /// The learning rate at which they diverge.
    pub learning_rate_limit: f64,
    /// The learning rate at which the mean diverges too, for momentum `2(1+μ)/k*`; never below the other.
    pub mean_limit: f64,
    /// Unit vector along which the fluctuation grows most at the limit, `D` numbers.
    pub direction: Vec<f64>,
    /// The same in words with the numbers.
    pub summary: String,
}

impl MinibatchTheory {
    /// Whether there is a stationary state at a learning rate `λ > 0`. That there is none is a result, not an error.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) for a learning rate that is not a positive number.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, noise::Sampling, theory::minibatch::MinibatchTheory};
    /// use noisy_descent::nalgebra::{dmatrix, dvector};
    /// // The noise of the first coordinate's rare large input breaks first.
    /// let data = LinearRegression::new(dmatrix![3.0, 0.0; 0.0, 1.0; 0.0, 1.0], dvector![1.0, 0.0, 2.0])?;
    /// let stability = MinibatchTheory::new(&data, Sampling::WithReplacement, 1, 0.0)?.stability(0.3)?;
    /// assert!(!stability.stable && (stability.learning_rate_limit - 2.0 / 9.0).abs() < 1e-14);
    /// assert!((stability.direction[0] - 1.0).abs() < 1e-14);
    /// assert!(stability.summary.starts_with("unstable: λ = 0.3 is above 0.2222"));
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn stability(&self, learning_rate: f64) -> Result<MinibatchStability> {
        let stable = positive("learning_rate", learning_rate)? < self.learning_rate_limit();
        // The eigenmatrix of the largest rate is, up to its sign, the covariance that a step reproduces at the limit.
        let basis = SymmetricBasis::new(self.curvatures.len());
        let growth = self.given_coordinates(&basis.matrix(&self.shapes.column(0).component_div(&self.root)));
        let eigen = symmetric_eigen("growth", &(&growth * growth.trace().signum()))?;
        let (limit, mean_limit) = (self.learning_rate_limit(), 2.0 * (1.0 + self.momentum) / self.sharpest);
        let direction = eigen.vectors.column(0).iter().copied().collect();
        let summary = words(stable, learning_rate, limit, mean_limit);
        Ok(MinibatchStability { stable, learning_rate_limit: limit, mean_limit, direction, summary })
    }
}

fn words(stable: bool, learning_rate: f64, limit: f64, mean_limit: f64) -> String {
    let numbers = (short(learning_rate), short(limit), short(mean_limit));
    match (stable, learning_rate < mean_limit) {
        (true, _) => format!("stable: λ = {} is below {}, where the fluctuation diverges", numbers.0, numbers.1),
        (false, true) => format!(
            "unstable: λ = {} is above {}; the mean converges up to {}, the fluctuation grows without bound",
            numbers.0, numbers.1, numbers.2
        ),
        (false, false) => format!("unstable: λ = {} is above {}; the mean diverges too", numbers.0, numbers.2),
    }
}

/// Halvings of a bracket until it is as narrow as double precision allows, whatever its width.
const BISECTIONS: usize = 200;

/// Steps of inverse iteration to the covariance that a step reproduces at the limit. The matrix is singular there up to
/// rounding, so that each step gains many digits.
const INVERSE_STEPS: usize = 5;

impl MinibatchDescent {
    /// Whether there is a stationary state, up to which learning rate, and the direction that breaks there. That there is none
    /// is a result, not an error.
    ///
    /// # Errors
    /// [`Error::NotConverged`](crate::Error::NotConverged) if the direction was not found.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, noise::Sampling, optimizer::Optimizer};
    /// use noisy_descent::theory::{System, minibatch::MinibatchDescent};
    /// use noisy_descent::nalgebra::{DMatrix, dmatrix, dvector};
    /// // The noise of the first coordinate's rare large input breaks first.
    /// let data = LinearRegression::new(dmatrix![3.0, 0.0; 0.0, 1.0; 0.0, 1.0], dvector![1.0, 0.0, 2.0])?;
    /// let sgd: Optimizer = serde_json::from_str(r#"{ "kind": "momentum", "learning_rate": 0.3 }"#).unwrap();
    /// let system = System::new(data.hessian(), &DMatrix::zeros(2, 2), &sgd)?;
    /// let stability = MinibatchDescent::new(&data, Sampling::WithReplacement, 1, &system)?.stability()?;
    /// assert!(!stability.stable && (stability.learning_rate_limit - 2.0 / 9.0).abs() < 1e-14);
    /// assert!((stability.direction[0] - 1.0).abs() < 1e-14);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn stability(&self) -> Result<MinibatchStability> {
        let at = |learning_rate: f64| self.response_factor(&with_learning_rate(&self.step, learning_rate));
        let (mut low, mut high) = (0.0, self.step.stability_limit());
        let mut factor = None;
        for _ in 0..BISECTIONS {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            match at(middle) {
                Some(found) => (low, factor) = (middle, Some(found)),
                None => high = middle,
            }
        }
        let basis = SymmetricBasis::new(self.curvatures.len());
        let unit = |(i, j): (usize, usize)| f64::from(u8::from(i == j));
        let mut growth = DVector::from_iterator(basis.len(), basis.pairs().map(unit));
        if let Some(factor) = factor {
            for _ in 0..INVERSE_STEPS {
                growth = factor.solve(&growth);
                growth /= growth.norm();
            }
        }
        let growth = self.given(&basis.matrix(&growth)) * self.sharpest;
        let eigen = symmetric_eigen("growth", &growth)?;
        let stable = self.is_stable();
        let (limit, mean_limit) = (low / self.sharpest, self.step.stability_limit() / self.sharpest);
        let summary = words(stable, self.step.learning_rate() / self.sharpest, limit, mean_limit);
        let direction = eigen.vectors.column(0).iter().copied().collect();
        Ok(MinibatchStability { stable, learning_rate_limit: limit, mean_limit, direction, summary })
    }
}
