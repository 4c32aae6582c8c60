//! Damped Newton in given coordinates (Liu et al. 2021, Eq. 25 and 98-103).

use super::Modes;
use crate::error::Result;
use crate::optimizer::Newton;
use nalgebra::DMatrix;

/// Stationary covariance of damped Newton, `D x D`, for any noise; `None` from the limit `λ = 2(1+μ)` on.
///
/// `Σ = [(1+μ)/(1−μ)] λ/(2(1+μ) − λ) K⁻¹ C K⁻¹` (Liu et al. 2021, Eq. 25): every direction is equally near the limit, so that
/// `K` and `C` need not commute.
///
/// # Errors
/// Names what is not square, finite, symmetric, positive, of the same size or in its range.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::Newton, theory::newton_covariance};
/// let newton = Newton { learning_rate: 1.0, momentum: 0.0 };
/// let sigma = newton_covariance(&dmatrix![2.0], &dmatrix![4.0], &newton)?.unwrap();
/// assert!((sigma[(0, 0)] - 1.0).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn newton_covariance(
    hessian: &DMatrix<f64>,
    noise_covariance: &DMatrix<f64>,
    optimizer: &Newton,
) -> Result<Option<DMatrix<f64>>> {
    optimizer.check()?;
    let modes = Modes::new(hessian, noise_covariance)?;
    let (lambda, mu, k) = (optimizer.learning_rate, optimizer.momentum, modes.curvatures());
    let margin = 2.0 * (1.0 + mu) - lambda;
    let factor = (1.0 + mu) / (1.0 - mu) * lambda / margin;
    Ok((margin > 0.0).then(|| modes.assemble(|i, j| factor * modes.noise()[(i, j)] / k[i] / k[j])))
}
