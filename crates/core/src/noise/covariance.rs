//! Models of the noise covariance `C`.

use crate::error::{Error, Result};
use crate::matrix;
use crate::optimizer::Optimizer;
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// Covariance `C` of one draw of the gradient noise, unit (loss/weight)².
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, noise::NoiseCovariance};
/// let hessian = dmatrix![3.0, 0.0; 0.0, 1.0];
/// let mixed = NoiseCovariance::Mixed { variance: 2.0, scale: 0.5 };
/// assert_eq!(mixed.matrix(&hessian).unwrap(), dmatrix![3.5, 0.0; 0.0, 2.5]);
/// // one that follows the weights has no matrix of its own
/// assert!(NoiseCovariance::Proportional { scale: 0.5 }.matrix(&hessian).is_none());
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
    /// Proportional to the Hessian: `C = a K`, as minibatch noise near a minimum.
    Hessian {
        /// `a`, at least 0, unit of the loss.
        scale: f64,
    },
    /// Both: `C = σ² I + a K`.
    Mixed {
        /// `σ²`, at least 0.
        variance: f64,
        /// `a`, at least 0, unit of the loss.
        scale: f64,
    },
    /// Proportional to the second moment of the gradient: `C = c K Σ K` with the covariance `Σ` of the weights, so that it
    /// vanishes with the fluctuation.
    Proportional {
        /// `c`, at least 0, dimensionless.
        scale: f64,
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
    /// `C` as a matrix on the loss with this Hessian; `None` for the kind that depends on where the weights are.
    #[must_use]
    pub fn matrix(&self, hessian: &DMatrix<f64>) -> Option<DMatrix<f64>> {
        let n = hessian.nrows();
        match self {
            NoiseCovariance::White { variance } => Some(DMatrix::from_diagonal_element(n, n, *variance)),
            NoiseCovariance::Hessian { scale } => Some(hessian * *scale),
            NoiseCovariance::Mixed { variance, scale } => {
                let mut covariance = hessian * *scale;
                for i in 0..n.min(hessian.ncols()) {
                    covariance[(i, i)] += variance;
                }
                Some(covariance)
            }
            NoiseCovariance::Proportional { .. } => None,
            NoiseCovariance::Matrix { matrix } => Some(matrix.clone()),
        }
    }

    /// `C` while the weights have the covariance `Σ`; only the proportional kind looks at it.
    ///
    /// # Errors
    /// [`Error::SizeMismatch`] if Hessian and `Σ` do not agree in size.
    ///
    /// ```
    /// use noisy_descent::{nalgebra::dmatrix, noise::NoiseCovariance};
    /// let noise = NoiseCovariance::Proportional { scale: 0.5 };
    /// assert_eq!(noise.matrix_at(&dmatrix![2.0], &dmatrix![3.0])?, dmatrix![6.0]);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn matrix_at(&self, hessian: &DMatrix<f64>, weights_covariance: &DMatrix<f64>) -> Result<DMatrix<f64>> {
        if hessian.shape() != weights_covariance.shape() || hessian.nrows() != hessian.ncols() {
            return Err(Error::SizeMismatch {
                parameter: "weights_covariance".into(),
                size: weights_covariance.nrows(),
                of: "hessian".into(),
                expected: hessian.nrows(),
            });
        }
        Ok(match self {
            NoiseCovariance::Proportional { scale } => hessian * weights_covariance * hessian * *scale,
            constant => constant.matrix(hessian).unwrap_or_else(|| hessian * 0.0),
        })
    }

    /// Checks the numbers of the model, and that it goes with the optimizer: a noise that vanishes with the fluctuation keeps
    /// it up only where the preconditioner grows as the fluctuation shrinks; under any other optimizer both only decay.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a negative, infinite or NaN number, [`Error::NotCombined`] for the proportional kind with an
    /// optimizer other than natural gradient and Adam. A matrix is checked with the Hessian that it belongs to.
    ///
    /// ```
    /// use noisy_descent::{noise::NoiseCovariance, optimizer::Optimizer};
    /// let noise = NoiseCovariance::Proportional { scale: 0.5 };
    /// let problem = noise.check(&Optimizer::default()).unwrap_err().to_string();
    /// assert_eq!(problem, "covariance proportional goes only with the optimizers natural_gradient and adam, got momentum");
    /// ```
    pub fn check(&self, optimizer: &Optimizer) -> Result<()> {
        let at_least_zero = |parameter: &str, value: f64| {
            if value >= 0.0 && value.is_finite() {
                return Ok(());
            }
            Err(Error::OutOfRange { parameter: parameter.into(), value, allowed: "[0, ∞)".into() })
        };
        match *self {
            NoiseCovariance::White { variance } => at_least_zero("noise_variance", variance),
            NoiseCovariance::Hessian { scale } => at_least_zero("noise_scale", scale),
            NoiseCovariance::Mixed { variance, scale } => {
                at_least_zero("noise_variance", variance)?;
                at_least_zero("noise_scale", scale)
            }
            NoiseCovariance::Proportional { scale } => {
                if !matches!(optimizer, Optimizer::NaturalGradient(_) | Optimizer::Adam(_)) {
                    return Err(Error::NotCombined {
                        parameter: "covariance".into(),
                        value: self.kind().into(),
                        with: optimizer.kind().into(),
                        allowed: "the optimizers natural_gradient and adam".into(),
                    });
                }
                at_least_zero("noise_scale", scale)
            }
            NoiseCovariance::Matrix { .. } => Ok(()),
        }
    }

    /// The `kind` of a document.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            NoiseCovariance::White { .. } => "white",
            NoiseCovariance::Hessian { .. } => "hessian",
            NoiseCovariance::Mixed { .. } => "mixed",
            NoiseCovariance::Proportional { .. } => "proportional",
            NoiseCovariance::Matrix { .. } => "matrix",
        }
    }
}

impl Default for NoiseCovariance {
    fn default() -> Self {
        NoiseCovariance::White { variance: 1.0 }
    }
}
