//! Errata 16 and 22: what two proofs take for true (Liu et al. 2021, Theorem 5 and Eq. 57, 58).

use super::positive;
use crate::error::Result;
use crate::optimizer::{Momentum, Step};
use crate::theory::stationary_block;

/// Erratum 16. The mirror image of an entry of `[K, [K, Σ]]` as the proof of Theorem 5 has it, the entry with its sign
/// changed: it calls the matrix antisymmetric. It is symmetric; its traces vanish because a trace is cyclic.
///
/// ```
/// assert_eq!(noisy_descent::theory::published::mirrored_double_commutator(0.3), -0.3);
/// ```
#[must_use]
pub fn mirrored_double_commutator(entry: f64) -> f64 {
    -entry
}

/// Erratum 22. Stationary variance of SGD, `λc/(k(2−λk))`, for any Gaussian noise of variance `c`: Eq. 57 and 58 let the
/// cross terms vanish by a "Gaussian property". They vanish because the noise is white in time; a Gaussian noise that is not
/// gives another variance, and a white noise of any law gives this one.
///
/// # Errors
/// Names a learning rate, curvature or noise variance that is out of its range; a learning rate of `2/k` and above.
///
/// ```
/// let variance = noisy_descent::theory::published::variance_under_gaussian_noise(0.5, 1.0, 3.0)?;
/// assert!((variance - 1.0).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn variance_under_gaussian_noise(learning_rate: f64, curvature: f64, noise_variance: f64) -> Result<f64> {
    positive("curvature", curvature)?;
    positive("noise_variance", noise_variance)?;
    let sgd = Momentum { learning_rate, momentum: 0.0 };
    sgd.check()?;
    let block = (learning_rate * curvature < sgd.stability_limit())
        .then(|| stationary_block(&Step::from(sgd), curvature, curvature))
        .flatten();
    block
        .map(|block| block[(0, 0)] * noise_variance)
        .ok_or_else(|| crate::check::out_of_range("learning_rate", learning_rate, format!("(0, {})", 2.0 / curvature)))
}
