//! The continuous-time (diffusion) approximation of earlier work (Mandt et al. 2017), which the discrete theory replaces.
//!
//! `dw = −e K w dt + e C^{1/2} dW` with `e = λ/(1−μ)`, time in update steps. It never sees the limit of stability.

use super::{Modes, Moments};
use crate::optimizer::Optimizer;
use nalgebra::{DMatrix, DVector};

/// `e = λ/(1−μ)`, the effective learning rate of the diffusion.
fn effective_learning_rate(optimizer: &Optimizer) -> f64 {
    let Optimizer::Momentum(momentum) = optimizer;
    momentum.learning_rate / (1.0 - momentum.momentum)
}

/// Stationary covariance of the diffusion, `Σ K + K Σ = λ/(1−μ) C` (Liu et al. 2021, Eq. 1), `D x D`.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{Modes, continuous}};
/// let modes = Modes::new(&dmatrix![1.0], &dmatrix![1.0])?;
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.5, momentum: 0.0 });
/// assert!((continuous::stationary_covariance(&modes, &sgd)[(0, 0)] - 0.75).abs() < 1e-15); // λ/2k
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn stationary_covariance(modes: &Modes, optimizer: &Optimizer) -> DMatrix<f64> {
    let (k, e) = (modes.curvatures(), effective_learning_rate(optimizer));
    modes.assemble(|i, j| e * modes.noise()[(i, j)] / (k[i] + k[j]))
}

/// Mean and covariance of the diffusion after a time of `steps` updates (an Ornstein-Uhlenbeck process).
#[must_use]
pub fn transient(modes: &Modes, optimizer: &Optimizer, start: &Moments, steps: f64) -> Moments {
    let (k, e) = (modes.curvatures(), effective_learning_rate(optimizer));
    let start_mean = modes.directions().transpose() * &start.mean;
    let mean = DVector::from_fn(modes.dimension(), |i, _| libm::exp(-e * k[i] * steps) * start_mean[i]);
    let start_covariance = modes.to_eigenbasis(&start.covariance);
    let covariance = modes.assemble(|i, j| {
        let rate = e * (k[i] + k[j]);
        let inherited = libm::exp(-rate * steps) * start_covariance[(i, j)];
        inherited - e * modes.noise()[(i, j)] / (k[i] + k[j]) * libm::expm1(-rate * steps)
    });
    Moments { mean: modes.directions() * mean, covariance }
}
