//! Models of the noise covariance `C`.

use crate::matrix;
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// Covariance `C` of one draw of the gradient noise, unit (loss/weight)².
///
/// ```
/// use noisy_descent::noise::NoiseCovariance;
/// let white = NoiseCovariance::White { variance: 2.0 };
/// assert_eq!(white.matrix(3)[(1, 1)], 2.0);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum NoiseCovariance {
    /// White in space: `C = σ² I`.
    White {
        /// `σ²`, at least 0.
        variance: f64,
    },
    /// Any symmetric positive semidefinite `C`.
    Matrix {
        /// `C`, as large as the Hessian.
        #[serde(with = "matrix::rows")]
        #[cfg_attr(feature = "typescript", tsify(type = "number[][]"))]
        matrix: DMatrix<f64>,
    },
}

impl NoiseCovariance {
    /// `C` as a `dimension x dimension` matrix.
    #[must_use]
    pub fn matrix(&self, dimension: usize) -> DMatrix<f64> {
        match self {
            NoiseCovariance::White { variance } => DMatrix::from_diagonal_element(dimension, dimension, *variance),
            NoiseCovariance::Matrix { matrix } => matrix.clone(),
        }
    }
}

impl Default for NoiseCovariance {
    fn default() -> Self {
        NoiseCovariance::White { variance: 1.0 }
    }
}
