//! Everything that the theories say about a scenario, as one document.

mod averages;
mod document;
mod escape;
mod landscape;
mod laws;
mod modes;
mod on_the_way;
mod posterior;
mod predictor;
mod samples;

pub use document::{AveragePrediction, EscapeEfficiency, Law, ModePrediction, Prediction, TheoryPrediction};
pub use escape::{EscapePrediction, EscapeRate};
pub use landscape::{EscapeLandscape, escape_landscape};
pub(crate) use laws::Laws;
pub(crate) use on_the_way::Memories;
pub use posterior::{BayesPrediction, bayes_prediction};
pub use predictor::Predictor;
pub use samples::{DataSummary, NoiseSummary, data_summary};

use super::relaxation::{LONGEST_RELAXATION, Relaxation};
use super::system::System;
use crate::error::Result;
use crate::scenario::Scenario;

/// How near to its stationary value a variance is after a burn-in that a document leaves open, relatively: far below what
/// a million replicas can tell.
///
/// ```
/// use noisy_descent::{Scenario, theory::{Relaxation, SETTLED, relaxation_steps}};
/// // K = diag(1, 0.1) at λ = 1: of the slower variance 0.9²ᵗ is missing.
/// let scenario = Scenario::default().with_number("learning_rate", 1.0)?;
/// let Relaxation::Within(steps) = relaxation_steps(&scenario, SETTLED)? else { panic!("stable") };
/// assert!(0.9f64.powi(2 * steps as i32) <= SETTLED && SETTLED < 0.9f64.powi(2 * steps as i32 - 2));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub const SETTLED: f64 = 1e-6;

impl Scenario {
    /// The scenario's loss, noise and optimizer in the form in which the discrete theory works, see [`System`]; a noise that
    /// depends on the weights has its [`stand_in`](crate::noise::NoiseCovariance::stand_in).
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
        System::with_noise(self.loss.hessian()?.as_ref(), &self.noise.covariance, &self.optimizer)
    }
}

/// Predicts everything for a scenario. An unstable one is a result, not an error.
///
/// Natural gradient and Adam are predicted with the preconditioner that their stationary state sets, also on the way there.
/// A potential is predicted by the parabola of its well, and its escape exactly.
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
    Predictor::new(scenario)?.predict()
}

/// The same with `at_end` after another number of steps than the scenario's own, 0 included, and without the escape, which
/// does not depend on it. For many numbers of steps keep a [`Predictor`].
///
/// # Errors
/// The first problem of the scenario.
///
/// ```
/// use noisy_descent::{Scenario, theory::predict_after};
/// let variance = |steps| {
///     let prediction = predict_after(&Scenario::default(), steps)?; // λk = 1.5 along the first direction
///     Ok::<_, noisy_descent::Error>(prediction.discrete.unwrap().at_end.covariance[0][0])
/// };
/// assert_eq!(variance(0)?, 0.0);
/// assert!((variance(1)? - 2.25).abs() < 1e-14); // λ²C
/// assert!((variance(2)? - 2.25 * 1.25).abs() < 1e-14); // λ²C[1 + (1 − λk)²]
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn predict_after(scenario: &Scenario, steps: u64) -> Result<Prediction> {
    Predictor::new(scenario)?.after(steps)
}

/// Number of steps from the minimum until a scenario's fluctuation is within a relative `tolerance` in `(0, 1)` of its
/// stationary state, along every direction, whatever the scenario's own start. With true minibatches it is that of the
/// exact theory, where there is one. Under natural gradient and Adam the average that makes the preconditioner has forgotten its
/// beginnings as far by then.
///
/// # Errors
/// The first problem of the scenario; [`Error::OutOfRange`](crate::Error::OutOfRange) for a tolerance outside its range.
///
/// ```
/// use noisy_descent::{Scenario, noise::Noise, theory::{Relaxation, relaxation_steps}};
/// let scenario = Scenario::default().with_number("learning_rate", 1.0)?; // K = diag(1, 0.1): 0.9²ᵗ is left
/// assert_eq!(relaxation_steps(&scenario, 1e-3)?, Relaxation::Within(33));
/// let beyond = scenario.with_number("learning_rate", 2.5)?;
/// assert_eq!(relaxation_steps(&beyond, 1e-3)?, Relaxation::Never);
///
/// // Inputs 1 and 2, single samples, λK = 1: of the variance 0.36ᵗ is missing, of that of the velocity 0.68·0.36ᵗ⁻¹.
/// let minibatch = Scenario::from_json(
///     r#"{ "version": 1, "optimizer": { "kind": "momentum", "learning_rate": 0.4 },
///         "loss": { "kind": "least_squares", "data": { "kind": "table", "inputs": [[1], [2]], "targets": [1, 0] } },
///         "noise": { "covariance": { "kind": "minibatch", "batch_size": 1 } } }"#,
/// )?;
/// assert_eq!(relaxation_steps(&minibatch, 1e-3)?, Relaxation::Within(8));
/// let constant = Scenario { noise: Noise::default(), ..minibatch }; // 0ᵗ and 0ᵗ⁻¹/2
/// assert_eq!(relaxation_steps(&constant, 1e-3)?, Relaxation::Within(2));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn relaxation_steps(scenario: &Scenario, tolerance: f64) -> Result<Relaxation> {
    Predictor::new(scenario)?.relaxation_steps(tolerance)
}

/// Number of steps of the run before the start of a scenario that starts in its stationary state: the document's own or, where
/// it leaves that open, those after which the fluctuation is within [`SETTLED`] of the stationary one, at most
/// [`LONGEST_RELAXATION`]. 0 for every other start, and where there is no stationary state to wait for.
///
/// # Errors
/// The first problem of the scenario.
///
/// ```
/// use noisy_descent::{Scenario, scenario::{Run, Start}, theory::burn_in};
/// let run = Run { start: Start::Stationary { burn_in: None }, ..Run::default() };
/// let scenario = Scenario { run, ..Scenario::default() }.with_number("learning_rate", 1.0)?;
/// assert_eq!(burn_in(&scenario)?, 66); // 0.9¹³² < 10⁻⁶
/// assert_eq!(burn_in(&scenario.with_number("burn_in", 5.0)?)?, 5);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn burn_in(scenario: &Scenario) -> Result<u64> {
    Predictor::new(scenario)?.burn_in()
}

impl Scenario {
    /// Steps of the run that makes a stationary start, which are not counted; 0 for another start. The experiment takes them
    /// from here: all that it needs from the theory, and nothing on which a sample depends otherwise.
    ///
    /// # Errors
    /// The first problem of the scenario.
    ///
    /// ```
    /// assert_eq!(noisy_descent::Scenario::default().burn_in()?, 0);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn burn_in(&self) -> Result<u64> {
        burn_in(self)
    }
}

/// The number of steps to wait for a relaxation.
fn patience(relaxation: Relaxation) -> u64 {
    match relaxation {
        Relaxation::Within(steps) => steps,
        Relaxation::Longer => LONGEST_RELAXATION,
        Relaxation::Never => 0,
    }
}
