//! How long the weights remember: autocovariance, its sum, and the integrated autocorrelation time.

use super::System;
use super::response::response;
use super::stability::is_stable;
use super::stationary::{lag_one_response, mode_variances};
use super::transient::power;
use nalgebra::{DMatrix, Matrix2};

/// Stationary autocovariance `G_τ = E[w_{t+τ} w_tᵀ]`, `D x D`, not symmetric for `τ > 0`; `None` when there is no stationary
/// state. `G_0 = Σ`, and a negative lag is the transpose.
///
/// From `G_0` and `G_1` on it follows the noise-free recursion `G_{τ+1} = a₁ G_τ − a₂ G_{τ−1}` of each direction, by
/// squaring: `O(log τ)`.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, autocovariance}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![3.0], &sgd)?;
/// assert!((autocovariance(&system, 2).unwrap()[(0, 0)] - 0.25).abs() < 1e-15); // (1 − λk)² Σ
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn autocovariance(system: &System, lag: u64) -> Option<DMatrix<f64>> {
    if !is_stable(system) {
        return None;
    }
    let (modes, step) = (system.modes(), system.step());
    let (k, n) = (modes.curvatures(), modes.dimension());
    let weights: Vec<Matrix2<f64>> = k
        .iter()
        .map(|&k| {
            let recursion = step.recursion(k);
            power(Matrix2::new(recursion.first, -recursion.second, 1.0, 0.0), lag)
        })
        .collect();
    let lagged = DMatrix::from_fn(n, n, |i, j| {
        let noise = modes.noise()[(i, j)];
        // The lower row of the companion matrix's power acts on (G_1, G_0).
        (weights[i][(1, 0)] * lag_one_response(step, k[i], k[j]) + weights[i][(1, 1)] * response(step, k[i], k[j]))
            * noise
    });
    Some(modes.directions() * lagged * modes.directions().transpose())
}

/// Long-run covariance: the sum of the autocovariance over all lags, positive and negative, `K⁻¹ C K⁻¹`, `D x D`. Divided by
/// the number of steps it is the covariance of the average of the weights over a long run. `None` when there is no
/// stationary state.
///
/// It is the same for SGD, momentum and QHM and behind any preconditioner: no optimizer averages the noise better.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, long_run_covariance}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.9 });
/// let system = System::new(&dmatrix![2.0], &dmatrix![3.0], &sgd)?;
/// assert!((long_run_covariance(&system).unwrap()[(0, 0)] - 0.75).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn long_run_covariance(system: &System) -> Option<DMatrix<f64>> {
    let modes = system.hessian_modes();
    let k = modes.curvatures();
    is_stable(system).then(|| modes.assemble(|i, j| modes.noise()[(i, j)] / k[i] / k[j]))
}

/// Integrated autocorrelation time `1 + 2 Σ_τ ρ_τ` of each coordinate of the weights, in steps, `D` numbers: a run of `T`
/// steps is worth `T` over this many independent samples. Below 1 where successive weights alternate. `None` when there is
/// no stationary state; NaN for a coordinate that does not fluctuate.
///
/// ```
/// use noisy_descent::nalgebra::dmatrix;
/// use noisy_descent::{optimizer::{Momentum, Optimizer}, theory::{System, integrated_autocorrelation_times}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?;
/// assert!((integrated_autocorrelation_times(&system).unwrap()[0] - 3.0).abs() < 1e-14); // (2 − λk)/λk
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn integrated_autocorrelation_times(system: &System) -> Option<Vec<f64>> {
    let sigma = super::stationary_covariance(system)?;
    let long_run = long_run_covariance(system)?;
    Some((0..system.dimension()).map(|i| long_run[(i, i)] / sigma[(i, i)]).collect())
}

/// The same along each direction of [`System::modes`], from the step alone: for momentum
/// `(1−μ)(2 − λk/(1+μ))/(λk)`. It does not depend on the noise.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, mode_autocorrelation_times}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.5, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![0.0], &sgd)?;
/// assert!((mode_autocorrelation_times(&system).unwrap()[0] - 1.0 / 3.0).abs() < 1e-14);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn mode_autocorrelation_times(system: &System) -> Option<Vec<f64>> {
    mode_variances(system)?;
    Some(system.modes().curvatures().iter().map(|&k| 1.0 / (k * k * response(system.step(), k, k))).collect())
}
