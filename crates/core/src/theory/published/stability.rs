//! Errata 17 and 19: the limits of stability and of contraction (Liu et al. 2021, Sec. 4.1 and 4.5).

use super::positive;
use crate::error::Result;
use crate::optimizer::Momentum;

/// Erratum 17. The condition as printed, `λk ≤ 2(1+μ)`, called necessary only. It is `λk < 2(1+μ)`, and that is sufficient
/// too, see [`stability`](crate::theory::stability()).
///
/// # Errors
/// Names a learning rate, momentum or curvature that is out of its range.
///
/// ```
/// use noisy_descent::{optimizer::Momentum, theory::published::allows};
/// assert!(allows(&Momentum { learning_rate: 3.0, momentum: 0.5 }, 1.0)?); // the variance grows for ever
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn allows(optimizer: &Momentum, curvature: f64) -> Result<bool> {
    optimizer.check()?;
    positive("curvature", curvature)?;
    Ok(optimizer.learning_rate * curvature <= 2.0 * (1.0 + optimizer.momentum))
}

/// Erratum 19. Whether `|1 − λk|` lies in the interval that Sec. 4.1 gives for a descent that converges, `(0, 1)`. Zero is
/// fine as well, and the best of all: the descent is there after one step.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) for an `x = λk` that is not positive and finite.
///
/// ```
/// use noisy_descent::theory::published::contracts;
/// assert!(contracts(0.999)? && !contracts(1.0)? && contracts(1.001)?);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn contracts(x: f64) -> Result<bool> {
    positive("x", x)?;
    let factor = (1.0 - x).abs();
    Ok(factor > 0.0 && factor < 1.0)
}
