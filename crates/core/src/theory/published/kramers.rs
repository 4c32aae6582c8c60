//! Escape rates as printed (errata 5 to 11). Per unit of `s = λt`, although Eq. 21 suggests per step.

use crate::check::{out_of_range, positive};
use crate::error::Result;
use crate::theory::kramers::{BarrierShape, barrier_flux, well_mass};
use std::f64::consts::PI;

/// Eq. 21 as printed: the diffusion coefficient `C/2`. With the drift `λL'` of one step it is `λ²C/2`, in time `s = λt` it is
/// `λC/2` (erratum 11).
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) unless the variance is positive.
///
/// ```
/// assert_eq!(noisy_descent::theory::published::kramers::eq_21(3.0)?, 1.5);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn eq_21(noise_variance: f64) -> Result<f64> {
    Ok(0.5 * positive("noise_variance", noise_variance)?)
}

/// Eq. 22 as printed: probability over flux, which is a time. The rate is its inverse (erratum 5).
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) names the number that is not positive, or a learning rate outside
/// `(0, 2/k_a)`.
///
/// ```
/// use noisy_descent::theory::{kramers::{BarrierShape, self_consistent_rate}, published::kramers::eq_22};
/// let shape = BarrierShape { well_curvature: 1.0, barrier_curvature: 1.0, height: 0.25, fraction: 0.5 };
/// assert!((eq_22(&shape, 1.0, 0.15)? * self_consistent_rate(&shape, 1.0, 0.15)? - 1.0).abs() < 1e-14);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn eq_22(shape: &BarrierShape, batch_size: f64, learning_rate: f64) -> Result<f64> {
    Ok(well_mass(shape, batch_size, learning_rate)? / barrier_flux(shape, batch_size, learning_rate)?)
}

/// Eq. 66 as printed: `√(2πC/(λk(2−λk))) erf(√(λ(2−λk)ΔL/C))`, `C = k/S`; the learning rate is on the wrong side in both
/// places and a factor 1/2 is lost (erratum 6). Correct: [`well_mass`].
///
/// # Errors
/// As for [`eq_22`].
///
/// ```
/// use noisy_descent::theory::{kramers::{BarrierShape, well_mass}, published::kramers::eq_66};
/// let shape = BarrierShape { well_curvature: 1.0, barrier_curvature: 1.0, height: 9.0, fraction: 0.5 };
/// assert!(eq_66(&shape, 1.0, 0.1)? > 9.0 * well_mass(&shape, 1.0, 0.1)?);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn eq_66(shape: &BarrierShape, batch_size: f64, learning_rate: f64) -> Result<f64> {
    well_mass(shape, batch_size, learning_rate)?;
    let (k, noise) = (shape.well_curvature, shape.well_curvature / batch_size);
    let remaining = 2.0 - learning_rate * k;
    let width = (2.0 * PI * noise / (learning_rate * k * remaining)).sqrt();
    Ok(width * libm::erf((learning_rate * remaining * shape.height / noise).sqrt()))
}

/// Eq. 70 as printed, at the bottom of the well, where its extra Gaussian factor is 1: `√(|k_b|/(2πT_b)) E`, without the
/// `T_b` of the diffusion coefficient (erratum 7). Correct: [`barrier_flux`].
///
/// # Errors
/// As for [`eq_22`].
///
/// ```
/// use noisy_descent::theory::{kramers::{BarrierShape, barrier_flux}, published::kramers::eq_70};
/// let shape = BarrierShape { well_curvature: 1.0, barrier_curvature: 2.0, height: 0.3, fraction: 0.5 };
/// let temperature = 0.1 * 2.0 / 2.0; // T_b = λ|k_b|/(2S)
/// assert!((eq_70(&shape, 1.0, 0.1)? * temperature / barrier_flux(&shape, 1.0, 0.1)? - 1.0).abs() < 1e-14);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn eq_70(shape: &BarrierShape, batch_size: f64, learning_rate: f64) -> Result<f64> {
    let temperature = learning_rate * shape.barrier_curvature / (2.0 * batch_size);
    Ok(barrier_flux(shape, batch_size, learning_rate)? / temperature)
}

/// Eq. 23 (and 71) as printed: `(|k_b|/2π) √(2/(2−x)) erf(z) E`, `x = λk_a`, `z = √(S(2−x)ΔL/(λk_a))`; both factors belong
/// into the denominator (errata 8 and 10). The same from its own steps:
/// [`self_consistent_rate`](crate::theory::kramers::self_consistent_rate).
///
/// # Errors
/// As for [`eq_22`].
///
/// ```
/// use noisy_descent::theory::{kramers::BarrierShape, published::kramers::eq_23};
/// // Fig. 6(b) at r = 10; the exact chain has 2.46e-2
/// let shape = BarrierShape { well_curvature: 10.0, barrier_curvature: 10.0, height: 2.5, fraction: 0.5 };
/// assert!((eq_23(&shape, 1.0, 0.15)? / 10.0 - 3.18e-2).abs() < 5e-5);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn eq_23(shape: &BarrierShape, batch_size: f64, learning_rate: f64) -> Result<f64> {
    let flux = barrier_flux(shape, batch_size, learning_rate)?;
    let kb = shape.barrier_curvature;
    // The exponential alone: the flux without its prefactor √(T_b |k_b|/2π), T_b = λ|k_b|/(2S).
    let exponential = flux / (kb * (learning_rate / (4.0 * PI * batch_size)).sqrt());
    let remaining = 2.0 - learning_rate * shape.well_curvature;
    let z = (batch_size * remaining * shape.height / (learning_rate * shape.well_curvature)).sqrt();
    Ok(kb / (2.0 * PI) * (2.0 / remaining).sqrt() * libm::erf(z) * exponential)
}

/// Eq. 24 as printed, the continuous rate of earlier work: `(|k_b|/2π) exp[−(2SΔL/λ)(l/k_a + (1−l)/|k_b|)]`. It belongs to
/// a flux with the diffusion coefficient outside the derivative; SGD, an Ito process, has the prefactor `k_a/2π` (erratum 9),
/// see [`ito_kramers_rate`](crate::theory::kramers::ito_kramers_rate). They agree for `k_a = |k_b|`.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) names the number that is not positive. Any learning rate will do: the
/// diffusion knows no limit of stability.
///
/// ```
/// use noisy_descent::theory::{kramers::BarrierShape, published::kramers::eq_24};
/// let shape = BarrierShape { well_curvature: 1.0, barrier_curvature: 4.0, height: 0.4, fraction: 0.8 };
/// assert!((eq_24(&shape, 1.0, 0.2)? / 4.0 - 5.31e-3).abs() < 5e-6); // the Ito quadrature has 1.50e-3
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn eq_24(shape: &BarrierShape, batch_size: f64, learning_rate: f64) -> Result<f64> {
    let (ka, kb) = (positive("well_curvature", shape.well_curvature)?, shape.barrier_curvature);
    positive("barrier_curvature", kb)?;
    let height = positive("height", shape.height)?;
    let fraction = shape.fraction;
    if !(0.0..=1.0).contains(&fraction) {
        return Err(out_of_range("fraction", fraction, "[0, 1]"));
    }
    let scale = 2.0 * positive("batch_size", batch_size)? * height / positive("learning_rate", learning_rate)?;
    Ok(kb / (2.0 * PI) * libm::exp(-scale * (fraction / ka + (1.0 - fraction) / kb)))
}

/// The exponent of Eq. 23 for equal curvatures `k` and `C = k/S`: `S b²/(2λ) (1 − x/4)`, `x = λk`, where the first order must
/// cancel (erratum 10). Correct: [`rare_escape_exponent`](crate::theory::kramers::rare_escape_exponent).
///
/// # Errors
/// As for [`rare_escape_exponent`](crate::theory::kramers::rare_escape_exponent).
///
/// ```
/// use noisy_descent::theory::published::kramers::eq_23_exponent;
/// assert!((eq_23_exponent(10.0, 1.0, 1.0, 0.15)? - 2.083).abs() < 5e-4); // the exact chain has 1.539
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn eq_23_exponent(curvature: f64, distance: f64, batch_size: f64, learning_rate: f64) -> Result<f64> {
    crate::theory::kramers::rare_escape_exponent(curvature, distance, batch_size, learning_rate)?;
    Ok(batch_size * distance * distance / (2.0 * learning_rate) * (1.0 - 0.25 * learning_rate * curvature))
}
