//! Memory of the diffusion.

use crate::theory::System;
use nalgebra::DMatrix;

/// Stationary autocovariance of the diffusion at a lag `τ ≥ 0` in steps, `e^{−eKτ} Σ`, `D x D`; a negative lag counts as zero.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, continuous}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.0, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![2.0], &sgd)?;
/// assert!((continuous::autocovariance(&system, 3.0)[(0, 0)] - (-3.0_f64).exp()).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn autocovariance(system: &System, lag: f64) -> DMatrix<f64> {
    let (modes, e, lag) = (system.modes(), system.step().effective_learning_rate(), lag.max(0.0));
    let (k, n) = (modes.curvatures(), modes.dimension());
    let lagged = DMatrix::from_fn(n, n, |i, j| libm::exp(-e * k[i] * lag) * e * modes.noise()[(i, j)] / (k[i] + k[j]));
    modes.directions() * lagged * modes.directions().transpose()
}

/// Long-run covariance of the diffusion, the integral of its autocovariance: `K⁻¹ C K⁻¹`, `D x D`, the discrete one exactly.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, continuous}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.0, momentum: 0.0 });
/// let system = System::new(&dmatrix![2.0], &dmatrix![2.0], &sgd)?;
/// assert_eq!(continuous::long_run_covariance(&system)[(0, 0)], 0.5);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn long_run_covariance(system: &System) -> DMatrix<f64> {
    let modes = system.hessian_modes();
    let k = modes.curvatures();
    modes.assemble(|i, j| modes.noise()[(i, j)] / k[i] / k[j])
}

/// Integrated autocorrelation time of each coordinate of the weights under the diffusion, in steps, `D` numbers; NaN for a
/// coordinate that does not fluctuate.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, continuous}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![2.0], &sgd)?;
/// assert_eq!(continuous::integrated_autocorrelation_times(&system), [4.0]); // 2/(λk), the true one is 3
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn integrated_autocorrelation_times(system: &System) -> Vec<f64> {
    let (sigma, long_run) = (super::stationary_covariance(system), long_run_covariance(system));
    (0..system.dimension()).map(|i| long_run[(i, i)] / sigma[(i, i)]).collect()
}

/// The same along each direction of [`System::modes`]: `2/(e k)`, `D` numbers.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, continuous}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.5 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![2.0], &sgd)?;
/// assert_eq!(continuous::mode_autocorrelation_times(&system), [2.0]);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn mode_autocorrelation_times(system: &System) -> Vec<f64> {
    let e = system.step().effective_learning_rate();
    system.modes().curvatures().iter().map(|k| 2.0 / (e * k)).collect()
}
