//! Natural gradient: the preconditioner is the inverse second moment of the gradient.

use super::{Momentum, Step, in_range};
use crate::error::Result;
use crate::matrix::{product, symmetric_eigen};
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// Natural gradient (Liu et al. 2021, Eq. 104): SGD with momentum behind `Λ = λ J⁻¹` with `J = K Σ K`, the second moment
/// of the ensemble's gradient, which the fluctuation itself sets.
///
/// An experiment averages it over its steps, `J' = (1−ε) J + ε K E[w wᵀ] K` with the mean over a block of 256 replicas. The theory takes
/// the average at its stationary value, the limit of small `ε`. Measured, with learning rates up to 30, the fluctuation is within a tenth of
/// it up to `ε = 1/2`, and with momentum up to `ε = 1 − μ`, where the average goes back as far as the velocity. Beyond, single draws lead
/// the steps astray: with `μ = 0.9` the variance is tens to thousands of times as large at `ε = 0.5`, without momentum at `ε = 0.99`; at
/// `ε = 1` nothing moves from the minimum. So these are the limits of `ε`.
///
/// The replicas of a block share their preconditioner, hence are not quite independent, as standard errors take them to be: the spread
/// of a measured variance from seed to seed is 5 % above its standard error at the default `ε = 0.01`, 8 to 13 % at 0.5 (`λ = 0.2`,
/// one dimension, 60 steps, 400 seeds; at 0.9, which is not allowed, it would be 35 %).
///
/// ```
/// use noisy_descent::optimizer::NaturalGradient;
/// let natural: NaturalGradient = serde_json::from_str(r#"{ "learning_rate": 0.1 }"#).unwrap();
/// assert_eq!((natural.momentum, natural.averaging), (0.0, 0.01));
/// for averaging in [0.0, 0.7, f64::NAN] {
///     assert_eq!(NaturalGradient { averaging, ..natural }.check().unwrap_err().parameter(), "averaging");
/// }
/// let heavy = NaturalGradient { momentum: 0.9, averaging: 0.3, ..natural };
/// assert_eq!(heavy.check().unwrap_err().to_string(), "averaging must lie in (0, 0.1] for the momentum 0.9, got 0.3");
/// assert!(NaturalGradient { averaging: 0.1, ..heavy }.check().is_ok());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct NaturalGradient {
    /// Learning rate `λ > 0`, here of the unit of the loss.
    pub learning_rate: f64,
    /// Momentum `μ` in `[0, 1)`, dimensionless.
    #[serde(default)]
    pub momentum: f64,
    /// Share `ε` of the newest moment in the average, in `(0, 1/2]` and at most `1 − μ`, dimensionless.
    #[serde(default = "NaturalGradient::default_averaging")]
    pub averaging: f64,
}

/// Largest share of the newest moment: up to there the experiment is what the theory speaks of.
pub(crate) const LARGEST_AVERAGING: f64 = 0.5;

/// Of numbers that a person types.
const ROUNDING: f64 = 1e-9;

impl NaturalGradient {
    fn default_averaging() -> f64 {
        0.01
    }

    /// The scalar step in the coordinates that the preconditioner sets.
    ///
    /// ```
    /// use noisy_descent::optimizer::{Momentum, NaturalGradient, Step};
    /// let natural = NaturalGradient { learning_rate: 0.1, momentum: 0.5, ..NaturalGradient::default() };
    /// assert_eq!(natural.step(), Step::Momentum(Momentum { learning_rate: 0.1, momentum: 0.5 }));
    /// ```
    #[must_use]
    pub fn step(&self) -> Step {
        Step::Momentum(Momentum { learning_rate: self.learning_rate, momentum: self.momentum })
    }

    /// The velocity after a gradient.
    #[inline]
    pub(crate) fn velocity(&self, velocity: f64, gradient: f64) -> f64 {
        self.momentum * velocity + gradient
    }

    /// The matrix before a step, `λ (K M K)⁻¹` of the average. One that cannot be inverted, as nothing has moved yet, gives no step.
    pub(crate) fn preconditioner(&self, hessian: &DMatrix<f64>, moment: &DMatrix<f64>) -> DMatrix<f64> {
        let between = product(hessian, &product(moment, hessian));
        let symmetric =
            DMatrix::from_fn(between.nrows(), between.ncols(), |i, j| 0.5 * (between[(i, j)] + between[(j, i)]));
        symmetric_eigen("moment", &symmetric).map_or_else(
            |_| DMatrix::zeros(moment.nrows(), moment.ncols()),
            |eigen| eigen.function(|j| if j > 0.0 { self.learning_rate / j } else { 0.0 }),
        )
    }

    /// Checks every number.
    ///
    /// # Errors
    /// The first that is out of its range.
    pub fn check(&self) -> Result<()> {
        self.step().check()?;
        let by_momentum = 1.0 - self.momentum;
        let fine = |most: f64| self.averaging > 0.0 && self.averaging <= most * (1.0 + ROUNDING);
        in_range("averaging", self.averaging, fine(LARGEST_AVERAGING), &format!("(0, {LARGEST_AVERAGING}]"))?;
        // 1 − 0.9 is 0.1 but for its last digits.
        let most = (by_momentum / ROUNDING).round() * ROUNDING;
        let allowed = format!("(0, {most}] for the momentum {}", self.momentum);
        in_range("averaging", self.averaging, fine(by_momentum), &allowed)
    }
}

impl Default for NaturalGradient {
    fn default() -> Self {
        NaturalGradient { learning_rate: 0.1, momentum: 0.0, averaging: NaturalGradient::default_averaging() }
    }
}
