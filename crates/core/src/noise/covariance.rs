//! Models of the noise covariance `C`.

use super::Sampling;
use crate::check::out_of_range;
use crate::choice;
use crate::error::{Error, Result};
use crate::matrix;
use crate::optimizer::Optimizer;
use nalgebra::DMatrix;
use serde::{Deserialize, Deserializer, Serialize};

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
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    /// That of a true minibatch of a data set: it depends on the weights. Only with least squares.
    Minibatch {
        /// Samples `S` of a batch, at least 1; at most `N` unless drawn with replacement.
        #[serde(default = "NoiseCovariance::default_batch_size")]
        batch_size: u32,
        /// How they are drawn.
        #[serde(default)]
        sampling: Sampling,
    },
    /// Variance `|L''(w)|/S + σ²` of a minibatch over a white floor (Liu et al. 2021, Theorem 9): it depends on the weight.
    /// Only with a potential in one dimension.
    Curvature {
        /// Batch size `S`, at least 1.
        #[serde(default = "NoiseCovariance::default_batch_size")]
        batch_size: u32,
        /// `σ²`, at least 0.
        #[serde(default)]
        variance: f64,
    },
}

impl<'de> Deserialize<'de> for NoiseCovariance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        choice::read(deserializer, |fields| match fields.kind() {
            "white" => Ok(NoiseCovariance::White { variance: fields.take("variance")? }),
            "hessian" => Ok(NoiseCovariance::Hessian { scale: fields.take("scale")? }),
            "mixed" => Ok(NoiseCovariance::Mixed { variance: fields.take("variance")?, scale: fields.take("scale")? }),
            "proportional" => Ok(NoiseCovariance::Proportional { scale: fields.take("scale")? }),
            "matrix" => Ok(NoiseCovariance::Matrix { matrix: matrix::rows::deserialize(fields.json("matrix")?)? }),
            "minibatch" => Ok(NoiseCovariance::Minibatch {
                batch_size: fields.take_or("batch_size", NoiseCovariance::default_batch_size)?,
                sampling: fields.take_or("sampling", Sampling::default)?,
            }),
            "curvature" => Ok(NoiseCovariance::Curvature {
                batch_size: fields.take_or("batch_size", NoiseCovariance::default_batch_size)?,
                variance: fields.take_or("variance", f64::default)?,
            }),
            _ => fields.unknown(&["white", "hessian", "mixed", "proportional", "matrix", "minibatch", "curvature"]),
        })
    }
}

impl NoiseCovariance {
    fn default_batch_size() -> u32 {
        1
    }

    /// `C` as a matrix on the loss with this Hessian; `None` for a kind that depends on where the weights are.
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
            NoiseCovariance::Matrix { matrix } => Some(matrix.clone()),
            NoiseCovariance::Proportional { .. }
            | NoiseCovariance::Minibatch { .. }
            | NoiseCovariance::Curvature { .. } => None,
        }
    }

    /// The constant `C` that the theory of constant noise puts in the place of one that depends on the weights: `K/S` for
    /// minibatches (Liu et al. 2021, Sec. 4.3), and `K/S + σ²I`, its value at the minimum, for the curvature's. A constant
    /// one is itself; `None` for the proportional kind, which follows the fluctuation.
    ///
    /// ```
    /// use noisy_descent::{nalgebra::dmatrix, noise::NoiseCovariance};
    /// let noise = NoiseCovariance::Curvature { batch_size: 4, variance: 0.5 };
    /// assert_eq!(noise.stand_in(&dmatrix![2.0]).unwrap(), dmatrix![1.0]);
    /// ```
    #[must_use]
    pub fn stand_in(&self, hessian: &DMatrix<f64>) -> Option<DMatrix<f64>> {
        match *self {
            NoiseCovariance::Minibatch { batch_size, .. } => Some(hessian / f64::from(batch_size)),
            NoiseCovariance::Curvature { batch_size, variance } => {
                NoiseCovariance::Mixed { variance, scale: 1.0 / f64::from(batch_size) }.matrix(hessian)
            }
            _ => self.matrix(hessian),
        }
    }

    /// `C` while the weights have the covariance `Σ`; only the proportional kind looks at it, and the kinds of a minibatch
    /// have their [`NoiseCovariance::stand_in`].
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
            other => other.stand_in(hessian).unwrap_or_else(|| hessian * 0.0),
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
        let at_least_one = |batch_size: u32| match batch_size {
            0 => Err(out_of_range("batch_size", 0.0, "[1, ∞)")),
            _ => Ok(()),
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
            NoiseCovariance::Minibatch { batch_size, .. } => at_least_one(batch_size),
            NoiseCovariance::Curvature { batch_size, variance } => {
                at_least_one(batch_size)?;
                at_least_zero("noise_variance", variance)
            }
        }
    }

    /// Whether the noise is a different one in every place, so that no response to a constant noise gives the weights' law.
    ///
    /// ```
    /// use noisy_descent::noise::{NoiseCovariance, Sampling};
    /// let minibatch = NoiseCovariance::Minibatch { batch_size: 8, sampling: Sampling::WithReplacement };
    /// assert!(minibatch.depends_on_weights() && minibatch.kind() == "minibatch");
    /// // This one follows the covariance of the weights, not where they are.
    /// let proportional = NoiseCovariance::Proportional { scale: 1.0 };
    /// assert!(!proportional.depends_on_weights() && proportional.kind() == "proportional");
    /// ```
    #[must_use]
    pub fn depends_on_weights(&self) -> bool {
        matches!(self, NoiseCovariance::Minibatch { .. } | NoiseCovariance::Curvature { .. })
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
            NoiseCovariance::Minibatch { .. } => "minibatch",
            NoiseCovariance::Curvature { .. } => "curvature",
        }
    }
}

impl Default for NoiseCovariance {
    fn default() -> Self {
        NoiseCovariance::White { variance: 1.0 }
    }
}
