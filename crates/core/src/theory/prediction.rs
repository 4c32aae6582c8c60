//! Everything that the theories say about a scenario, as one document.

use super::system::overflow;
use super::{
    Moments, Shape, Stability, System, continuous, effective_curvatures, escape_efficiency, expected_loss,
    mode_autocorrelation_times, shapes, stability, stationary_covariance, transient,
};
use crate::error::Result;
use crate::matrix::to_rows;
use crate::noise::NoiseLaw;
use crate::scenario::{Scenario, Start};
use nalgebra::{DMatrix, DVector};
use serde::Serialize;

/// What each theory predicts for a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Prediction {
    /// Whether there is a stationary state.
    pub stability: Stability,
    /// The diffusion approximation of earlier work; it predicts a finite fluctuation whatever the learning rate.
    pub continuous: TheoryPrediction,
    /// The discrete-time theory; `null` when there is no stationary state.
    pub discrete: Option<TheoryPrediction>,
    /// The exact theory: for a noise that does not depend on the weights it is the discrete one.
    pub exact: Option<TheoryPrediction>,
    /// Expected loss gained from the minimum in the scenario's number of steps.
    pub escape_efficiency: EscapeEfficiency,
    /// Each eigen-direction of the Hessian, sharpest first.
    pub modes: Vec<ModePrediction>,
}

/// One theory's prediction.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct TheoryPrediction {
    /// In the long run.
    pub stationary: Law,
    /// After the scenario's number of steps, from its start.
    pub at_end: Law,
}

/// Second moments of the weights.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Law {
    /// Mean, `D` numbers.
    pub mean: Vec<f64>,
    /// Covariance, `D` rows of `D` numbers.
    pub covariance: Vec<Vec<f64>>,
    /// Expected loss above the minimum.
    pub training_error: f64,
}

/// Expected loss gained from the minimum in the scenario's number of steps, wherever the scenario itself starts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct EscapeEfficiency {
    /// By the diffusion.
    pub continuous: f64,
    /// By the discrete theory; `null` where an unstable descent has gone beyond every number.
    pub discrete: Option<f64>,
}

/// One eigen-direction of the Hessian.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct ModePrediction {
    /// Eigenvalue `k`.
    pub curvature: f64,
    /// Unit eigenvector.
    pub direction: Vec<f64>,
    /// Stationary variance along it by the diffusion.
    pub continuous: f64,
    /// Stationary variance along it by the discrete theory; `null` when it has none.
    pub discrete: Option<f64>,
    /// Integrated autocorrelation time along it by the diffusion, in steps; `null` where nothing fluctuates.
    pub autocorrelation_time_continuous: Option<f64>,
    /// The same by the discrete theory; `null` when it has no stationary state or nothing fluctuates.
    pub autocorrelation_time: Option<f64>,
    /// Curvature of the loss whose thermal equilibrium the fluctuation is, at the diffusion's temperature; the diffusion says
    /// `curvature` itself. `null` when there is no stationary state or the optimizer has a preconditioner.
    pub effective_curvature: Option<f64>,
    /// Variance, skewness and excess kurtosis of the weights along it; the diffusion says that both are zero. `null` when
    /// there is no stationary state or the optimizer has a preconditioner.
    pub shape: Option<Shape>,
}

impl Law {
    fn new(system: &System, moments: &Moments) -> Result<Law> {
        let training_error = expected_loss(system.modes(), &moments.mean, &moments.covariance)?;
        if !training_error.is_finite() || moments.covariance.iter().any(|value| !value.is_finite()) {
            return Err(overflow(system.optimizer()));
        }
        let mean = moments.mean.iter().copied().collect();
        Ok(Law { mean, covariance: to_rows(&moments.covariance), training_error })
    }

    fn centred(system: &System, covariance: DMatrix<f64>) -> Result<Law> {
        Law::new(system, &Moments { mean: DVector::zeros(system.dimension()), covariance })
    }
}

impl Scenario {
    /// The scenario's loss, noise and optimizer in the form in which the theory works, see [`System`].
    ///
    /// # Errors
    /// The first problem of the scenario.
    ///
    /// ```
    /// use noisy_descent::{Scenario, theory};
    /// let system = Scenario::default().system()?;
    /// assert!((theory::training_error(&system).unwrap() - 1.5 - 0.75 / 1.85).abs() < 1e-12);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn system(&self) -> Result<System> {
        self.validate()?;
        System::with_noise(self.loss.hessian(), &self.noise.covariance, &self.optimizer)
    }
}

/// Predicts everything for a scenario. An unstable one is a result, not an error.
///
/// Natural gradient and Adam are predicted with the preconditioner that their stationary state sets, also on the way there.
///
/// # Errors
/// The first problem of the scenario.
///
/// ```
/// use noisy_descent::{Scenario, predict};
/// let prediction = predict(&Scenario::default())?;
/// assert!(prediction.stability.stable);
/// assert_eq!(prediction.modes.len(), 2);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn predict(scenario: &Scenario) -> Result<Prediction> {
    predict_after(scenario, u64::from(scenario.run.steps))
}

/// The same with `at_end` after another number of steps than the scenario's own, 0 included.
///
/// # Errors
/// The first problem of the scenario.
pub fn predict_after(scenario: &Scenario, steps: u64) -> Result<Prediction> {
    predict_with(&scenario.system()?, &scenario.noise.law, &scenario.run.start, steps)
}

/// Predicts everything for a decomposed scenario: the cheap part of [`predict`].
pub(crate) fn predict_with(system: &System, law: &NoiseLaw, start: &Start, steps: u64) -> Result<Prediction> {
    let start = match start {
        Start::Minimum => Moments::at_minimum(system.dimension()),
    };
    let diffusion = continuous::stationary_covariance(system);
    let stationary = stationary_covariance(system);
    let modes = mode_predictions(system, law, &diffusion, stationary.as_ref())?;
    let discrete = match stationary {
        None => None,
        Some(covariance) => Some(TheoryPrediction {
            stationary: Law::centred(system, covariance)?,
            at_end: Law::new(system, &transient(system, &start, steps)?)?,
        }),
    };
    Ok(Prediction {
        stability: stability(system),
        continuous: TheoryPrediction {
            at_end: Law::new(system, &continuous::transient(system, &start, steps as f64)?)?,
            stationary: Law::centred(system, diffusion)?,
        },
        exact: discrete.clone(),
        discrete,
        escape_efficiency: EscapeEfficiency {
            continuous: continuous::escape_efficiency(system, steps as f64),
            discrete: finite(escape_efficiency(system, steps)),
        },
        modes,
    })
}

/// What is said along each of the Hessian's eigenvectors, whatever directions the optimizer works in.
fn mode_predictions(
    system: &System,
    law: &NoiseLaw,
    diffusion: &DMatrix<f64>,
    stationary: Option<&DMatrix<f64>>,
) -> Result<Vec<ModePrediction>> {
    let modes = system.hessian_modes();
    let k = modes.curvatures();
    let variance_along = |covariance: &DMatrix<f64>, i: usize| {
        let direction = modes.directions().column(i);
        direction.dot(&(covariance * direction))
    };
    let plain = system.is_plain();
    let effective = if plain { effective_curvatures(system) } else { None };
    let (times, times_continuous) = if plain {
        (mode_autocorrelation_times(system), Some(continuous::mode_autocorrelation_times(system)))
    } else {
        (None, None)
    };
    let shapes = shapes(system, law)?;
    // Behind a preconditioner the sum of the autocovariance is known along any direction, C~_ii/k², and so is the variance.
    let time = |given: Option<&Vec<f64>>, variance: f64, i: usize| match given {
        Some(times) => finite(times[i]),
        None => finite(modes.noise()[(i, i)] / (k[i] * k[i] * variance)),
    };
    Ok((0..modes.dimension())
        .map(|i| {
            let (of_diffusion, discrete) =
                (variance_along(diffusion, i), stationary.map(|sigma| variance_along(sigma, i)));
            ModePrediction {
                curvature: k[i],
                direction: modes.directions().column(i).iter().copied().collect(),
                continuous: of_diffusion,
                discrete,
                autocorrelation_time_continuous: time(times_continuous.as_ref(), of_diffusion, i),
                autocorrelation_time: discrete.and_then(|variance| time(times.as_ref(), variance, i)),
                effective_curvature: effective.as_ref().map(|effective| effective[i]),
                shape: shapes.as_ref().map(|shapes| shapes[i]),
            }
        })
        .collect())
}

fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}
