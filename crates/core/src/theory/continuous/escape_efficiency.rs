//! Escape efficiency of the diffusion (Zhu et al. 2019).

use crate::theory::System;

/// Expected loss that the diffusion gains in `time ≥ 0` update steps from the minimum, unit of the loss:
/// `E_c(t) = (e/4) tr[(I − e^{−2eKt}) C]` (Liu et al. 2021, Eq. 19); a negative time counts as zero.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, continuous}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?;
/// let gained = continuous::escape_efficiency(&system, 1.0);
/// assert!((gained - 0.125 * (1.0 - (-1.0_f64).exp())).abs() < 1e-16);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn escape_efficiency(system: &System, time: f64) -> f64 {
    gain(system, time, |i| system.modes().noise()[(i, i)])
}

fn gain(system: &System, time: f64, noise: impl Fn(usize) -> f64) -> f64 {
    let (k, e) = (system.modes().curvatures(), system.step().effective_learning_rate());
    (0..k.len()).map(|i| -0.25 * e * noise(i) * libm::expm1(-2.0 * e * k[i] * time.max(0.0))).sum()
}

fn isotropic(system: &System, i: usize) -> f64 {
    let level = system.hessian_modes().noise().trace() / system.dimension() as f64;
    level * system.modes().directions().column(i).norm_squared()
}

/// Loss that the diffusion gains in `time` steps over what isotropic noise of the same trace would gain; dimensionless, NaN
/// without noise or time. Close to `D tr(KC)/(tr K tr C)` at first.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, continuous}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1e-6, momentum: 0.0 });
/// let hessian = dmatrix![3.0, 0.0; 0.0, 1.0];
/// let ratio = continuous::alignment_ratio(&System::new(&hessian, &hessian, &sgd)?, 1.0);
/// assert!((ratio - 1.25).abs() < 1e-5);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn alignment_ratio(system: &System, time: f64) -> f64 {
    escape_efficiency(system, time) / gain(system, time, |i| isotropic(system, i))
}

/// The same in the long run: 1 without a preconditioner, since the diffusion's training error `e tr C/4` knows the trace
/// alone.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, continuous}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.9, momentum: 0.0 });
/// let hessian = dmatrix![1.0, 0.0; 0.0, 0.1];
/// let ratio = continuous::alignment_ratio_long_run(&System::new(&hessian, &hessian, &sgd)?);
/// assert!((ratio - 1.0).abs() < 1e-14);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn alignment_ratio_long_run(system: &System) -> f64 {
    let isotropic: f64 = (0..system.dimension()).map(|i| isotropic(system, i)).sum();
    system.modes().noise().trace() / isotropic
}
