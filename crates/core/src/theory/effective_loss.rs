//! The loss whose thermal equilibrium the fluctuation is (Liu et al. 2021, Sec. 4.6, with its sign corrected).

use super::System;
use super::response::response;
use nalgebra::DMatrix;

/// Effective Hessian `K_eff`, `D x D`: with the temperature `T = λ_eff σ²/2` of the diffusion, weights under white noise of
/// variance `σ²` have the density `exp(−wᵀ K_eff w/2T)` if their law is Gaussian, `Σ⁻¹ = K_eff/T`. `None` when there is no
/// stationary state.
///
/// For momentum `K_eff = K − λ/(2(1+μ)) K²`, exactly. A finite learning rate *weakens* the confinement, the more the sharper
/// a direction is; the paper prints the opposite sign, see [`super::published::effective_hessian`].
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, effective_hessian}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0, 0.0; 0.0, 0.1], &dmatrix![1.0, 0.0; 0.0, 1.0], &sgd)?;
/// let effective = effective_hessian(&system).unwrap();
/// assert!((effective[(0, 0)] - 0.75).abs() < 1e-15 && (effective[(1, 1)] - 0.0975).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn effective_hessian(system: &System) -> Option<DMatrix<f64>> {
    let effective = effective_curvatures(system)?;
    Some(system.modes().assemble_dual(|i, j| if i == j { effective[i] } else { 0.0 }))
}

/// Effective curvature of each direction of [`System::modes`], `D` numbers: the curvature times the diffusion's variance over
/// the true one, for any noise. For momentum `k − λk²/(2(1+μ))`. `None` when there is no stationary state.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, effective_curvatures}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.0, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![0.0], &sgd)?;
/// assert!((effective_curvatures(&system).unwrap()[0] - 0.5).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn effective_curvatures(system: &System) -> Option<Vec<f64>> {
    if !super::stability::is_stable(system) {
        return None;
    }
    let step = system.step();
    let half = 0.5 * step.effective_learning_rate();
    Some(system.modes().curvatures().iter().map(|&k| half / response(step, k, k)).collect())
}

/// Temperature `T = λ_eff σ²/2` of white noise of variance `σ²`, unit of the loss, so that `Σ → T K⁻¹` for small learning
/// rates; `λ_eff = λ/(1−μ)` for momentum and `λ` for QHM.
///
/// The paper's Eq. 13 mixes two conventions: `exp(−wᵀKw/T)` needs `C = (T/λ) I`, `exp(−L/T)` needs `C = (2T/λ) I`. This is
/// the second.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, temperature}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.1, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?;
/// assert!((temperature(&system, 2.0) - 0.1).abs() < 1e-16);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn temperature(system: &System, noise_variance: f64) -> f64 {
    0.5 * system.step().effective_learning_rate() * noise_variance
}
