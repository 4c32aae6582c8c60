//! Erratum 15: a step of the proof of Corollary 4 (Liu et al. 2021, Eq. 59-61).

use super::positive;
use crate::error::Result;

/// The two sides of the step `e^{−2xt} ≥ (1 − x)^{2t}` with `x = λk` and `t` steps. It fails for `x` above 1.27846, the root of
/// `e^{−x} = x − 1`; the corollary itself, that [`escape_efficiency`](crate::theory::escape_efficiency) is never below the
/// diffusion's, holds.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) for an `x` that is not positive and finite.
///
/// ```
/// use noisy_descent::theory::published::corollary_four_step;
/// let (left, right) = corollary_four_step(1.5, 1)?;
/// assert!((left - 0.0498).abs() < 1e-4 && right == 0.25);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn corollary_four_step(x: f64, steps: u32) -> Result<(f64, f64)> {
    positive("x", x)?;
    let t = f64::from(steps);
    Ok((libm::exp(-2.0 * x * t), libm::pow((1.0 - x) * (1.0 - x), t)))
}
