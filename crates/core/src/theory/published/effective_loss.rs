//! Errata 3 and 4: the loss that the fluctuation is said to sample (Liu et al. 2021, Sec. 4.6).

use super::positive;
use crate::error::Result;
use crate::theory::System;
use nalgebra::DMatrix;

/// Erratum 3. The effective Hessian as printed, `K + (λ/2) K²`, said to act as weight decay. The sign is the opposite:
/// [`effective_hessian`](crate::theory::effective_hessian) is `K − (λ/2) K²`, a weaker confinement.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, published}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?;
/// assert_eq!(published::effective_hessian(&system)[(0, 0)], 1.25); // true is 0.75
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn effective_hessian(system: &System) -> DMatrix<f64> {
    let hessian = system.hessian();
    hessian + hessian * hessian * (0.5 * system.step().learning_rate())
}

/// Erratum 4. The noise variance that Eq. 13 assigns to a temperature, `2T`: neither `T/λ`, which its density
/// `exp(−wᵀKw/T)` needs, nor `2T/λ`, which `exp(−L/T)` needs; see [`temperature`](crate::theory::temperature).
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) for a temperature that is not positive and finite.
///
/// ```
/// assert_eq!(noisy_descent::theory::published::noise_variance_of_temperature(0.5)?, 1.0);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn noise_variance_of_temperature(temperature: f64) -> Result<f64> {
    positive("temperature", temperature)?;
    Ok(2.0 * temperature)
}
