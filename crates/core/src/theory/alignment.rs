//! What it helps the escape that the noise follows the curvature (Liu et al. 2021, Theorem 8; Zhu et al. 2019).

use super::System;
use super::escape_efficiency::gain;
use super::response::response;
use super::stability::is_stable;

/// Loss gained in `steps` updates from the minimum, over what isotropic noise of the same trace would gain; dimensionless,
/// above 1 where the noise is strong in the sharp directions. NaN without noise or for no step.
///
/// After one step of SGD it is `D tr(KC)/(tr K tr C)` (Liu et al. 2021, Eq. 20): it lies between
/// `a D k₁²/(tr K)²` and `D k₁/tr K`, with `a` the share of the noise along the sharpest direction in units of `K`. The
/// paper's order `D^{2d−1}` holds only as a lower bound `D^{min(2d−1, 1)}`, see [`super::published::alignment_order`].
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, alignment_ratio}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let hessian = dmatrix![3.0, 0.0; 0.0, 1.0];
/// let system = System::new(&hessian, &hessian, &sgd)?;
/// assert!((alignment_ratio(&system, 1) - 2.0 * 10.0 / 16.0).abs() < 1e-14);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn alignment_ratio(system: &System, steps: u64) -> f64 {
    let (noise, isotropic) = noises(system);
    gain(system, &noise, steps) / gain(system, &isotropic, steps)
}

/// The same in the long run, when the gain has become the training error; `None` when there is no stationary state.
///
/// For SGD it cannot exceed `(2 − λk_min)/(2 − λk_1)` for any dimension: in the long run every direction has forgotten
/// how fast it was lifted.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, alignment_ratio_long_run}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1e-9, momentum: 0.0 });
/// let hessian = dmatrix![3.0, 0.0; 0.0, 1.0];
/// let system = System::new(&hessian, &hessian, &sgd)?;
/// assert!((alignment_ratio_long_run(&system).unwrap() - 1.0).abs() < 1e-8); // the diffusion does not care
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn alignment_ratio_long_run(system: &System) -> Option<f64> {
    if !is_stable(system) {
        return None;
    }
    let (noise, isotropic) = noises(system);
    let loss = |noise: &[f64]| -> f64 {
        let k = system.modes().curvatures();
        k.iter().zip(noise).map(|(&k, noise)| 0.5 * k * noise * response(system.step(), k, k)).sum()
    };
    Some(loss(&noise) / loss(&isotropic))
}

/// Variances along the directions of the noise and of the isotropic noise with its trace.
fn noises(system: &System) -> (Vec<f64>, Vec<f64>) {
    let (modes, n) = (system.modes(), system.dimension());
    let level = system.hessian_modes().noise().trace() / n as f64;
    let noise = (0..n).map(|i| modes.noise()[(i, i)]).collect();
    let isotropic = (0..n).map(|i| level * modes.directions().column(i).norm_squared()).collect();
    (noise, isotropic)
}
