//! Erratum 14: the matrix `X` of Lemma 1 (Liu et al. 2021, Eq. 39-43).

use crate::error::Result;
use crate::optimizer::{Momentum, Step};
use crate::theory::stationary_block;

/// Stationary variance of a direction of curvature `k` per unit of noise variance, `λ² Σ g_i²`, with the `X = (1−μ)I` that
/// Lemma 1 prints in the recursion `w_t = (I + X − λK) w_{t−1} − X w_{t−2} − λη`. It must be `X = μI`. `None` where the printed
/// recursion has no stationary state.
///
/// # Errors
/// Names a learning rate, momentum or curvature that is out of its range.
///
/// ```
/// use noisy_descent::{optimizer::{Momentum, Step}, theory::{published::momentum_variance, stationary_block}};
/// let momentum = Momentum { learning_rate: 0.8, momentum: 0.3 };
/// assert!((momentum_variance(&momentum, 1.0)?.unwrap() - 1.743590).abs() < 1e-6);
/// let exact = stationary_block(&Step::from(momentum), 1.0, 1.0).unwrap();
/// assert!((exact[(0, 0)] - 0.825397).abs() < 1e-6);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn momentum_variance(optimizer: &Momentum, curvature: f64) -> Result<Option<f64>> {
    optimizer.check()?;
    super::positive("curvature", curvature)?;
    let printed = Step::from(Momentum { momentum: 1.0 - optimizer.momentum, ..*optimizer });
    Ok(stationary_block(&printed, curvature, curvature).map(|block| block[(0, 0)]))
}
