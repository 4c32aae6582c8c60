//! A constant matrix in front of the step.

use super::{Momentum, Qhm, Step};
use crate::error::Result;
use crate::matrix::{self, require_positive};
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// SGD with momentum behind a matrix (Liu et al. 2021, Theorem 3): `m' = μ m + g`, `w' = w − λΛ m'`; with `mixing`, QHM.
///
/// In the coordinates `Λ^{-1/2} w` it is the scalar optimizer on the Hessian `Λ^{1/2} K Λ^{1/2}`.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::Preconditioned};
/// let optimizer = Preconditioned { preconditioner: dmatrix![2.0, 0.0; 0.0, 0.5], ..Preconditioned::default() };
/// assert!(optimizer.check().is_ok());
/// assert!(Preconditioned { preconditioner: dmatrix![-1.0], ..optimizer }.check().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Preconditioned {
    /// Preconditioner `Λ`: symmetric, positive definite, `D x D`.
    #[serde(with = "matrix::rows")]
    #[cfg_attr(feature = "typescript", tsify(type = "number[][]"))]
    pub preconditioner: DMatrix<f64>,
    /// Factor `λ > 0` on the preconditioner.
    #[serde(default = "Preconditioned::default_learning_rate")]
    pub learning_rate: f64,
    /// Momentum `μ` in `[0, 1)`, dimensionless.
    #[serde(default)]
    pub momentum: f64,
    /// Share `ν` in `[0, 1]` of the averaged velocity in a step; without it the velocity is the heavy ball's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", tsify(optional))]
    pub mixing: Option<f64>,
}

impl Preconditioned {
    fn default_learning_rate() -> f64 {
        1.0
    }

    /// The scalar step in the coordinates that the preconditioner sets.
    ///
    /// ```
    /// use noisy_descent::optimizer::{Momentum, Preconditioned, Qhm, Step};
    /// let mut optimizer = Preconditioned { learning_rate: 0.5, momentum: 0.25, ..Preconditioned::default() };
    /// assert_eq!(optimizer.step(), Step::Momentum(Momentum { learning_rate: 0.5, momentum: 0.25 }));
    /// optimizer.mixing = Some(1.0);
    /// assert_eq!(optimizer.step(), Step::Qhm(Qhm { learning_rate: 0.5, momentum: 0.25, mixing: 1.0 }));
    /// ```
    #[must_use]
    pub fn step(&self) -> Step {
        let (learning_rate, momentum) = (self.learning_rate, self.momentum);
        match self.mixing {
            None => Step::Momentum(Momentum { learning_rate, momentum }),
            Some(mixing) => Step::Qhm(Qhm { learning_rate, momentum, mixing }),
        }
    }

    /// Checks every number and the matrix.
    ///
    /// # Errors
    /// The first number out of its range; a matrix that is not square, finite, symmetric and positive definite.
    pub fn check(&self) -> Result<()> {
        self.step().check()?;
        require_positive("preconditioner", &self.preconditioner, true)
    }
}

impl Default for Preconditioned {
    fn default() -> Self {
        Preconditioned {
            preconditioner: DMatrix::identity(2, 2),
            learning_rate: Preconditioned::default_learning_rate(),
            momentum: 0.0,
            mixing: None,
        }
    }
}
