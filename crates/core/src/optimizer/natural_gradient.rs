//! Natural gradient: the preconditioner is the inverse second moment of the gradient.

use super::{Momentum, Step};
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// Natural gradient (Liu et al. 2021, Eq. 104): SGD with momentum behind `Λ = λ J⁻¹` with `J = K Σ K`, the second moment
/// of the ensemble's gradient, which the fluctuation itself sets.
///
/// ```
/// use noisy_descent::optimizer::NaturalGradient;
/// assert!(NaturalGradient { learning_rate: 0.1, momentum: 0.0 }.check().is_ok());
/// assert!(NaturalGradient { learning_rate: f64::NAN, momentum: 0.0 }.check().is_err());
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
}

impl NaturalGradient {
    /// The scalar step in the coordinates that the preconditioner sets.
    #[must_use]
    pub fn step(&self) -> Step {
        Step::Momentum(Momentum { learning_rate: self.learning_rate, momentum: self.momentum })
    }

    /// Checks every number.
    ///
    /// # Errors
    /// The first that is out of its range.
    pub fn check(&self) -> Result<()> {
        self.step().check()
    }
}

impl Default for NaturalGradient {
    fn default() -> Self {
        NaturalGradient { learning_rate: 0.1, momentum: 0.0 }
    }
}
