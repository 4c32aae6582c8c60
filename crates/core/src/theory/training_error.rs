//! The price of the fluctuation (Liu et al. 2021, Theorem 5).

use super::modes::same_size;
use super::{Modes, System, mode_variances};
use crate::error::{Error, Result};
use nalgebra::{DMatrix, DVector};

/// Expected loss `tr(K Cov)/2 + meanᵀ K mean/2` of weights with this mean (`D`) and covariance (`D x D`), given coordinates.
///
/// # Errors
/// [`Error::SizeMismatch`] if they are not of the loss's size.
///
/// ```
/// use noisy_descent::{nalgebra::{dmatrix, dvector}, theory::{Modes, expected_loss}};
/// let modes = Modes::new(&dmatrix![2.0], &dmatrix![1.0])?;
/// assert_eq!(expected_loss(&modes, &dvector![3.0], &dmatrix![1.0])?, 10.0);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn expected_loss(modes: &Modes, mean: &DVector<f64>, covariance: &DMatrix<f64>) -> Result<f64> {
    same_size("covariance", covariance, modes.dimension())?;
    let along = mean_along(modes, mean)?;
    let (k, to) = (modes.curvatures(), modes.coordinates());
    // Only the diagonal of T⁻¹ Cov T⁻ᵀ enters.
    let rotated = to * covariance;
    Ok((0..k.len()).map(|i| 0.5 * k[i] * (rotated.row(i).dot(&to.row(i)) + along[i] * along[i])).sum())
}

/// A mean along the directions.
pub(crate) fn mean_along(modes: &Modes, mean: &DVector<f64>) -> Result<DVector<f64>> {
    let (size, expected) = (mean.len(), modes.dimension());
    if size != expected {
        return Err(Error::SizeMismatch { parameter: "mean".into(), size, of: "hessian".into(), expected });
    }
    Ok(modes.coordinates() * mean)
}

/// Stationary training error `tr(K Σ)/2`, unit of the loss (Liu et al. 2021, Eq. 11 for momentum); `None` when there is
/// none. Only the noise's variance along each direction enters, so it costs `O(D)` and holds for any `K` and `C`.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, training_error}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.0, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?;
/// assert!((training_error(&system).unwrap() - 0.5).abs() < 1e-14); // λ/(2(2 − λk))
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn training_error(system: &System) -> Option<f64> {
    let variances = mode_variances(system)?;
    Some(variances.iter().zip(system.modes().curvatures()).map(|(variance, k)| 0.5 * k * variance).sum())
}
