//! The quadratic loss around a minimum.

use crate::matrix;
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// `L(w) = wᵀKw/2` with its minimum at `w = 0`.
///
/// The default is the Hessian of the paper's Fig. 3, `K = diag(1, 0.1)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Quadratic {
    /// Hessian `K`: symmetric, positive definite, `D x D`, unit loss/weight².
    #[serde(with = "matrix::rows")]
    #[cfg_attr(feature = "typescript", tsify(type = "number[][]"))]
    pub hessian: DMatrix<f64>,
}

impl Default for Quadratic {
    fn default() -> Self {
        Quadratic { hessian: DMatrix::from_diagonal(&nalgebra::dvector![1.0, 0.1]) }
    }
}
