//! The quadratic loss around a minimum.

use crate::check::out_of_range;
use crate::error::Result;
use crate::matrix::{self, require_positive};
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// `L(w) = wᵀKw/2` with its minimum at `w = 0`.
///
/// The Hessian may be flat in some directions, in which noise accumulates, but not in all. The default is the Hessian of
/// the paper's Fig. 3, `K = diag(1, 0.1)`.
///
/// ```
/// use noisy_descent::{loss::Quadratic, nalgebra::dmatrix};
/// assert!(Quadratic { hessian: dmatrix![1.0, 1.0; 1.0, 1.0] }.check().is_ok());
/// let problem = Quadratic { hessian: dmatrix![0.0] }.check().unwrap_err();
/// assert_eq!(problem.to_string(), "hessian must lie in (0, ∞) for its largest eigenvalue, got 0");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Quadratic {
    /// Hessian `K`: symmetric, positive semidefinite and not zero, `D x D`, unit loss/weight².
    #[serde(with = "matrix::rows")]
    #[cfg_attr(feature = "typescript", tsify(type = "number[][]"))]
    pub hessian: DMatrix<f64>,
}

impl Quadratic {
    /// Checks the Hessian.
    ///
    /// # Errors
    /// Names an entry that is not finite or not symmetric, a negative eigenvalue, or that no eigenvalue is above 0.
    pub fn check(&self) -> Result<()> {
        require_positive("hessian", &self.hessian, false)?;
        if self.hessian.iter().all(|&entry| entry == 0.0) {
            return Err(out_of_range("hessian", 0.0, "(0, ∞) for its largest eigenvalue"));
        }
        Ok(())
    }
}

impl Default for Quadratic {
    fn default() -> Self {
        Quadratic { hessian: DMatrix::from_diagonal(&nalgebra::dvector![1.0, 0.1]) }
    }
}
