//! The document of a prediction.

use super::escape::EscapePrediction;
use crate::error::Result;
use crate::matrix::to_rows;
use crate::theory::minibatch::MinibatchStability;
use crate::theory::system::overflow;
use crate::theory::{Moments, Shape, Stability, System, expected_loss};
use nalgebra::{DMatrix, DVector};
use serde::Serialize;

/// What each theory predicts for a scenario.
///
/// ```
/// use noisy_descent::{Prediction, Scenario, predict};
/// let prediction: Prediction = predict(&Scenario::default())?;
/// assert!(prediction.stability.stable && prediction.modes.len() == 2);
/// assert!(prediction.exact == prediction.discrete && prediction.exact_note.is_empty()); // the noise is constant
/// assert!(prediction.exact_stability.is_none() && prediction.escape.is_none());
///
/// let beyond = predict(&Scenario::default().with_number("learning_rate", 2.5)?)?;
/// assert!(!beyond.stability.stable && beyond.discrete.is_none());
/// assert_eq!(beyond.continuous.stationary.unwrap().covariance[0][0], 1.25); // λ/2, as if nothing had happened
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Prediction {
    /// Whether there is a stationary state by the discrete theory, that of a constant noise.
    pub stability: Stability,
    /// Whether the second moments of true minibatch descent stay finite: tighter than `stability`. `null` where the exact
    /// theory is not one of minibatches, or there is none.
    pub exact_stability: Option<MinibatchStability>,
    /// The diffusion approximation of earlier work; it predicts a finite fluctuation whatever the learning rate.
    pub continuous: TheoryPrediction,
    /// The discrete-time theory; `null` when a direction is too sharp for the step.
    pub discrete: Option<TheoryPrediction>,
    /// The exact theory: for a noise that does not depend on the weights the discrete one, for true minibatches theirs. `null`
    /// where that is unstable, where there is none, and while the average behind the preconditioner of natural gradient or Adam has not settled.
    pub exact: Option<TheoryPrediction>,
    /// Why there is no exact theory, in words; empty where there is one.
    pub exact_note: String,
    /// The average behind the preconditioner of natural gradient or Adam; `null` for the others.
    pub average: Option<AveragePrediction>,
    /// Expected loss gained from the minimum in the scenario's number of steps.
    pub escape_efficiency: EscapeEfficiency,
    /// Escape from a potential; `null` for a loss without an exit.
    pub escape: Option<EscapePrediction>,
    /// Each eigen-direction of the Hessian, sharpest first.
    pub modes: Vec<ModePrediction>,
}

/// One theory's prediction.
///
/// ```
/// use noisy_descent::{Scenario, predict, theory::{Law, TheoryPrediction}};
/// // K = diag(1, 0.1), C = I, one step of λ = 1 from the minimum
/// let scenario = Scenario::default().with_number("learning_rate", 1.0)?.with_number("steps", 1.0)?;
/// let TheoryPrediction { stationary, at_end } = predict(&scenario)?.discrete.unwrap();
/// assert!((at_end.covariance[1][1] - 1.0).abs() < 1e-14); // λ²C
/// let Law { mean, covariance, training_error } = stationary.unwrap();
/// assert_eq!(mean, [0.0, 0.0]);
/// assert!((covariance[1][1] - 1.0 / (0.1 * 1.9)).abs() < 1e-13); // λ/[k(2 − λk)]
/// assert!((training_error - 0.5 * (1.0 + 1.0 / 1.9)).abs() < 1e-14); // tr(KΣ)/2
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct TheoryPrediction {
    /// In the long run; `null` where noise accumulates along a direction in which the loss is flat. Where none does, the
    /// weights keep along such a direction what they started with.
    pub stationary: Option<Law>,
    /// After the scenario's number of steps, from its start.
    pub at_end: Law,
}

/// An average that makes a preconditioner. The theory is that of one which is slow and has settled.
///
/// ```
/// use noisy_descent::{Scenario, predict, theory::AveragePrediction};
/// let scenario = |steps: u32| Scenario::from_json(&format!(
///     r#"{{ "version": 1, "optimizer": {{ "kind": "adam", "learning_rate": 0.1, "beta2": 0.99 }}, "run": {{ "steps": {steps} }} }}"#));
/// let early = predict(&scenario(100)?)?;
/// let AveragePrediction { memory, settled_after } = early.average.unwrap();
/// assert!((memory - 100.0).abs() < 1e-9 && early.exact.is_none());
/// assert!(early.exact_note.starts_with("the average of the squared gradient goes back about 1/(1 − β₂) = 100 steps"));
/// let settled = settled_after.unwrap();
/// assert!(settled > 688 && settled < 1500); // 0.99⁶⁸⁸ = 10⁻³, and then the weights themselves
/// let late = predict(&scenario(settled as u32)?)?;
/// assert!(late.exact.is_some() && late.exact == late.discrete && late.exact_note.is_empty());
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct AveragePrediction {
    /// Steps that it goes back, about: `1/ε` of natural gradient, `1/(1 − β₂)` of Adam.
    pub memory: f64,
    /// Steps after the start from which on it has settled, so that the discrete theory is exact; `null` where it is too fast for that, and
    /// where that takes more than ten million.
    #[cfg_attr(feature = "typescript", tsify(type = "number | null"))]
    pub settled_after: Option<u64>,
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
///
/// ```
/// use noisy_descent::{Scenario, predict, theory::EscapeEfficiency};
/// let scenario = Scenario::default().with_number("learning_rate", 1.0)?.with_number("steps", 1.0)?;
/// let EscapeEfficiency { continuous, discrete } = predict(&scenario)?.escape_efficiency;
/// assert!((discrete.unwrap() - 0.5 * 1.1).abs() < 1e-14); // λ² tr(KC)/2
/// let gained = |k: f64| 0.25 * (1.0 - (-2.0 * k).exp()); // λ(1 − e^{−2λkt})C/4
/// assert!((continuous - gained(1.0) - gained(0.1)).abs() < 1e-14);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct EscapeEfficiency {
    /// By the diffusion.
    pub continuous: f64,
    /// By the discrete theory; `null` where an unstable descent has gone beyond every number.
    pub discrete: Option<f64>,
}

/// One eigen-direction of the Hessian.
///
/// ```
/// use noisy_descent::{Scenario, predict, theory::ModePrediction};
/// let sharpest: ModePrediction = predict(&Scenario::default())?.modes.swap_remove(0); // k = 1 at λ = 1.5
/// assert_eq!((sharpest.curvature, &sharpest.direction[..]), (1.0, &[1.0, 0.0][..]));
/// assert_eq!(sharpest.continuous, Some(0.75)); // λ/2
/// assert!((sharpest.discrete.unwrap() - 3.0).abs() < 1e-14); // λ/(2 − λ)
/// // In the flatter loss k(1 − λk/2) the diffusion would fluctuate as much.
/// assert!((sharpest.effective_curvature.unwrap() - 0.25).abs() < 1e-14);
/// assert!((sharpest.autocorrelation_time_continuous.unwrap() - 2.0 / 1.5).abs() < 1e-14); // 2/λk
/// assert!((sharpest.autocorrelation_time.unwrap() - 0.5 / 1.5).abs() < 1e-14); // (2 − λk)/λk
/// assert_eq!(sharpest.shape.unwrap().excess_kurtosis, Some(0.0)); // the noise is Gaussian
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct ModePrediction {
    /// Eigenvalue `k`.
    pub curvature: f64,
    /// Unit eigenvector.
    pub direction: Vec<f64>,
    /// Stationary variance along it by the diffusion; `null` along a flat direction, and behind a preconditioner where any is flat.
    pub continuous: Option<f64>,
    /// Stationary variance along it by the discrete theory; `null` where a step along it does not settle, and behind a preconditioner where
    /// any does not.
    pub discrete: Option<f64>,
    /// Integrated autocorrelation time along it by the diffusion, in steps; `null` where nothing fluctuates.
    pub autocorrelation_time_continuous: Option<f64>,
    /// The same by the discrete theory; `null` where there is no such variance or nothing fluctuates.
    pub autocorrelation_time: Option<f64>,
    /// Curvature of the loss whose thermal equilibrium the fluctuation is, at the diffusion's temperature; the diffusion says
    /// `curvature` itself. `null` when there is no stationary state or the optimizer has a preconditioner.
    pub effective_curvature: Option<f64>,
    /// Variance, skewness and excess kurtosis of the weights along it; the diffusion says that both are zero. `null` when
    /// there is no stationary state, the optimizer has a preconditioner or the noise depends on the weights.
    pub shape: Option<Shape>,
}

impl Law {
    pub(super) fn new(system: &System, moments: &Moments) -> Result<Law> {
        let training_error = expected_loss(system.modes(), &moments.mean, &moments.covariance)?;
        let all = moments.covariance.iter().chain(moments.mean.iter());
        if !training_error.is_finite() || all.into_iter().any(|value| !value.is_finite()) {
            return Err(overflow(system.optimizer()));
        }
        let mean = moments.mean.iter().copied().collect();
        Ok(Law { mean, covariance: to_rows(&moments.covariance), training_error })
    }

    pub(super) fn centred(system: &System, covariance: DMatrix<f64>) -> Result<Law> {
        Law::new(system, &Moments { mean: DVector::zeros(system.dimension()), covariance })
    }
}
