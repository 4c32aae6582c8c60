//! Erratum 18: how far the diffusion's decay is off in one step (Liu et al. 2021, Eq. 3).

use super::positive;
use crate::error::Result;

/// The order of the error that Eq. 3 prints, `(1 − x)²` with `x = λk`: it would be largest where the step is smallest.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) for an `x` that is not positive and finite.
///
/// ```
/// use noisy_descent::theory::published::{decay_error, decay_error_claimed};
/// assert!(decay_error_claimed(0.1)? > 0.8);
/// assert!((decay_error(0.1)? - 0.004_837).abs() < 1e-6);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn decay_error_claimed(x: f64) -> Result<f64> {
    positive("x", x)?;
    Ok((1.0 - x) * (1.0 - x))
}

/// The error itself, `e^{−x} − (1 − x) = x²/2 + O(x³)`.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) for an `x` that is not positive and finite.
///
/// ```
/// assert!((noisy_descent::theory::published::decay_error(1e-4)? / 0.5e-8 - 1.0).abs() < 1e-4);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn decay_error(x: f64) -> Result<f64> {
    positive("x", x)?;
    Ok(libm::expm1(-x) + x)
}
