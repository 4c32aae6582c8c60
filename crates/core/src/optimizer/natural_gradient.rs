//! Natural gradient: the preconditioner is the inverse second moment of the gradient.

use super::{Momentum, Step, in_range};
use crate::error::Result;
use crate::matrix::{product, symmetric_eigen};
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// Natural gradient (Liu et al. 2021, Eq. 104): SGD with momentum behind `Λ = λ J⁻¹` with `J = K Σ K`, the second moment
/// of the ensemble's gradient, which the fluctuation itself sets.
///
/// An experiment averages it over its steps, `J' = (1−ε) J + ε K E[w wᵀ] K` with the ensemble's mean; at `ε = 1` some
/// descents circle instead of settling. The theory takes the average at its stationary value, the limit of small `ε`.
///
/// ```
/// use noisy_descent::optimizer::NaturalGradient;
/// let natural: NaturalGradient = serde_json::from_str(r#"{ "learning_rate": 0.1 }"#).unwrap();
/// assert_eq!((natural.momentum, natural.averaging), (0.0, 0.01));
/// for averaging in [0.0, 1.5, f64::NAN] {
///     assert_eq!(NaturalGradient { averaging, ..natural }.check().unwrap_err().parameter(), "averaging");
/// }
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
    /// Share `ε` in `(0, 1]` of the newest moment in the average, dimensionless.
    #[serde(default = "NaturalGradient::default_averaging")]
    pub averaging: f64,
}

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
        in_range("averaging", self.averaging, self.averaging > 0.0 && self.averaging <= 1.0, "(0, 1]")
    }
}

impl Default for NaturalGradient {
    fn default() -> Self {
        NaturalGradient { learning_rate: 0.1, momentum: 0.0, averaging: NaturalGradient::default_averaging() }
    }
}
