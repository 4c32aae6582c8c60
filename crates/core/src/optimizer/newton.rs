//! Damped Newton: the preconditioner that makes every direction equally curved.

use super::{Momentum, Step};
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// Damped Newton (Liu et al. 2021, Eq. 98): SGD with momentum behind `Λ = λ K⁻¹`.
///
/// Stable for `0 < λ < 2(1 + μ)`, whatever the Hessian.
///
/// ```
/// use noisy_descent::optimizer::Newton;
/// let newton = Newton { learning_rate: 0.5, momentum: 0.0 };
/// assert_eq!(newton.step().stability_limit(), 2.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Newton {
    /// Damping `λ > 0`, dimensionless here.
    pub learning_rate: f64,
    /// Momentum `μ` in `[0, 1)`, dimensionless.
    #[serde(default)]
    pub momentum: f64,
}

impl Newton {
    /// The scalar step in coordinates in which the Hessian is the identity.
    #[must_use]
    pub fn step(&self) -> Step {
        Step::Momentum(Momentum { learning_rate: self.learning_rate, momentum: self.momentum })
    }

    /// Checks every number.
    ///
    /// # Errors
    /// The first that is out of its range.
    ///
    /// ```
    /// use noisy_descent::optimizer::Newton;
    /// assert!(Newton { learning_rate: 2.5, momentum: 0.5 }.check().is_ok()); // stable up to 3
    /// assert_eq!(Newton { learning_rate: -1.0, momentum: 0.0 }.check().unwrap_err().parameter(), "learning_rate");
    /// ```
    pub fn check(&self) -> Result<()> {
        self.step().check()
    }
}

impl Default for Newton {
    fn default() -> Self {
        Newton { learning_rate: 0.5, momentum: 0.0 }
    }
}
