//! How fast the noise lifts the loss from the minimum (Liu et al. 2021, Theorem 7 and Corollary 4; Zhu et al. 2019).

use super::System;
use super::transient::accumulated;

/// Expected loss gained in `steps` updates from the minimum, `E_d(t) = E[L(w_t)]`, unit of the loss.
///
/// For plain SGD `E_d(t) = (λ/4) tr[(I − λK/2)⁻¹ (I − (I − λK)^{2t}) C]` (Liu et al. 2021, Eq. 18); for every other step
/// the sum over the past noise of each direction. It holds past the limit of stability too, where it grows without bound
/// (and may overflow to infinity). For plain SGD it is never below the diffusion's, [`continuous::escape_efficiency`](super::continuous::escape_efficiency)
/// (Corollary 4); with momentum it may be, since the velocity starts at rest and needs steps to build up.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, escape_efficiency}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let system = System::new(&dmatrix![2.0], &dmatrix![3.0], &sgd)?;
/// assert!((escape_efficiency(&system, 1) - 0.75).abs() < 1e-15); // λ² tr(KC)/2
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn escape_efficiency(system: &System, steps: u64) -> f64 {
    let modes = system.modes();
    let noise: Vec<f64> = (0..modes.dimension()).map(|i| modes.noise()[(i, i)]).collect();
    gain(system, &noise, steps)
}

/// The gain with given noise variances along the directions.
pub(super) fn gain(system: &System, noise: &[f64], steps: u64) -> f64 {
    let k = system.modes().curvatures();
    (0..k.len())
        .filter(|&i| noise[i] != 0.0)
        .map(|i| {
            let mode = system.mode(i);
            0.5 * k[i] * noise[i] * accumulated(&mode, &mode, steps)[(0, 0)]
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use crate::optimizer::{Momentum, Optimizer};
    use crate::theory::System;
    use nalgebra::dmatrix;

    #[test]
    fn the_sum_is_the_closed_form_of_plain_sgd() {
        for learning_rate in [0.1, 0.5, 1.0, 1.9] {
            let sgd = Optimizer::Momentum(Momentum { learning_rate, momentum: 0.0 });
            let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd).unwrap();
            for steps in [0_u32, 1, 2, 9, 50] {
                let decayed = ((1.0 - learning_rate) * (1.0 - learning_rate)).powi(steps as i32);
                let closed = 0.25 * learning_rate * (1.0 - decayed) / (1.0 - 0.5 * learning_rate);
                assert!(
                    (super::escape_efficiency(&system, u64::from(steps)) - closed).abs() < 1e-13 * closed.max(1e-9)
                );
            }
        }
    }
}
