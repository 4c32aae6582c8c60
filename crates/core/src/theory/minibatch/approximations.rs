//! What the paper and its critics put for the covariance of minibatch noise.

use crate::error::Result;
use crate::loss::LinearRegression;
use crate::noise::Sampling;
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// Constant stand-ins for the covariance of minibatch noise, from the crudest to the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum MinibatchApproximation {
    /// `C = K/S`, the paper's (Liu et al. 2021, Sec. 4.3): residuals of variance one, independent of the inputs, drawn
    /// with replacement.
    Hessian,
    /// `C = κ s² K`: the residual variance `s² = 2 L(w*)` of the data set and its way of drawing batches.
    ResidualVariance,
    /// `C = κ R`, `R = mean[r² x xᵀ]`: exact at the minimum, the limit of small learning rates.
    AtMinimum,
}

/// The covariance of minibatch noise by an approximation, `D x D`, to be used as a constant noise.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) for a batch size outside its range.
///
/// ```
/// use noisy_descent::theory::minibatch::{MinibatchApproximation, approximate_noise};
/// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}, noise::Sampling};
/// let data = LinearRegression::new(dmatrix![1.0; 1.0; 2.0], dvector![3.0, -3.0, 0.0])?;
/// let noise = |kind| Ok::<_, noisy_descent::Error>(approximate_noise(&data, Sampling::WithReplacement, 2, kind)?[(0, 0)]);
/// assert_eq!(noise(MinibatchApproximation::Hessian)?, 1.0); // K/2, K = 2
/// assert_eq!(noise(MinibatchApproximation::ResidualVariance)?, 6.0); // times s² = 6
/// assert_eq!(noise(MinibatchApproximation::AtMinimum)?, 3.0); // the large input has no residual
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn approximate_noise(
    data: &LinearRegression,
    sampling: Sampling,
    batch_size: usize,
    approximation: MinibatchApproximation,
) -> Result<DMatrix<f64>> {
    let factor = sampling.variance_factor(data.data_size(), batch_size)?;
    Ok(match approximation {
        MinibatchApproximation::Hessian => data.hessian() / batch_size as f64,
        MinibatchApproximation::ResidualVariance => data.hessian() * (factor * 2.0 * data.minimum_loss()),
        MinibatchApproximation::AtMinimum => data.residual_covariance() * factor,
    })
}
