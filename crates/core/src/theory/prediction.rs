//! Everything that the theories say about a scenario, as one document.

use super::{Modes, Moments, Stability, continuous, expected_loss, stability, stationary_covariance, transient};
use crate::error::Result;
use crate::matrix::to_rows;
use crate::optimizer::Optimizer;
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
}

impl Law {
    fn new(modes: &Modes, moments: &Moments) -> Law {
        Law {
            mean: moments.mean.iter().copied().collect(),
            covariance: to_rows(&moments.covariance),
            training_error: expected_loss(modes, &moments.mean, &moments.covariance),
        }
    }

    fn centred(modes: &Modes, covariance: DMatrix<f64>) -> Law {
        Law::new(modes, &Moments { mean: DVector::zeros(modes.dimension()), covariance })
    }
}

impl Scenario {
    /// The eigenbasis of the scenario's Hessian with its noise covariance, see [`Modes`].
    ///
    /// # Errors
    /// The first problem of the scenario.
    pub fn modes(&self) -> Result<Modes> {
        self.validate()?;
        Modes::new(self.loss.hessian(), &self.noise.covariance.matrix(self.dimension()))
    }
}

/// Predicts everything for a scenario. An unstable one is a result, not an error.
///
/// # Errors
/// The first problem of the scenario.
pub fn predict(scenario: &Scenario) -> Result<Prediction> {
    predict_after(scenario, u64::from(scenario.run.steps))
}

/// The same with `at_end` after another number of steps than the scenario's own, 0 included.
///
/// # Errors
/// The first problem of the scenario.
pub fn predict_after(scenario: &Scenario, steps: u64) -> Result<Prediction> {
    let modes = scenario.modes()?;
    Ok(predict_with(&modes, &scenario.optimizer, &scenario.run.start, steps))
}

/// Predicts everything for an optimizer on a decomposed loss: the cheap part of [`predict`].
pub(crate) fn predict_with(modes: &Modes, optimizer: &Optimizer, start: &Start, steps: u64) -> Prediction {
    let stability = stability(modes, optimizer);
    let start = match start {
        Start::Minimum => Moments::at_minimum(modes.dimension()),
    };
    let diffusion = continuous::stationary_covariance(modes, optimizer);
    let stationary = stationary_covariance(modes, optimizer);
    let variance_along = |covariance: &DMatrix<f64>, i: usize| {
        let direction = modes.directions().column(i);
        direction.dot(&(covariance * direction))
    };
    let each = (0..modes.dimension())
        .map(|i| ModePrediction {
            curvature: modes.curvatures()[i],
            direction: modes.directions().column(i).iter().copied().collect(),
            continuous: variance_along(&diffusion, i),
            discrete: stationary.as_ref().map(|covariance| variance_along(covariance, i)),
        })
        .collect();
    let discrete = stationary.map(|covariance| TheoryPrediction {
        stationary: Law::centred(modes, covariance),
        at_end: Law::new(modes, &transient(modes, optimizer, &start, steps)),
    });
    Prediction {
        stability,
        continuous: TheoryPrediction {
            at_end: Law::new(modes, &continuous::transient(modes, optimizer, &start, steps as f64)),
            stationary: Law::centred(modes, diffusion),
        },
        exact: discrete.clone(),
        discrete,
        modes: each,
    }
}
