//! The stationary law of the diffusion (Mandt et al. 2017): a Gaussian at the temperature `T = e σ²/2` on the loss itself.

use crate::error::Result;
use crate::noise::NoiseLaw;
use crate::theory::modes::symmetrised;
use crate::theory::{Shape, System};
use nalgebra::DMatrix;

/// Stationary covariance of the diffusion, `Σ K + K Σ = λ/(1−μ) C` (Liu et al. 2021, Eq. 1), `D x D`.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, continuous}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.5, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?;
/// assert!((continuous::stationary_covariance(&system)[(0, 0)] - 0.75).abs() < 1e-15); // λ/2k
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn stationary_covariance(system: &System) -> DMatrix<f64> {
    let (modes, e) = (system.modes(), system.step().effective_learning_rate());
    let k = modes.curvatures();
    modes.assemble(|i, j| e * modes.noise()[(i, j)] / (k[i] + k[j]))
}

/// Stationary variance of the diffusion along each direction of [`System::modes`], `e C~_ii/(2k_i)`, `D` numbers.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, continuous}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.0, momentum: 0.5 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?;
/// assert_eq!(continuous::mode_variances(&system), [1.0]);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn mode_variances(system: &System) -> Vec<f64> {
    let (modes, e) = (system.modes(), system.step().effective_learning_rate());
    modes.curvatures().iter().enumerate().map(|(i, k)| e * modes.noise()[(i, i)] / (2.0 * k)).collect()
}

/// Stationary training error of the diffusion, `e tr C/4`, unit of the loss: the first order of the true one.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, continuous}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.0, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?;
/// assert_eq!(continuous::training_error(&system), 0.25);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn training_error(system: &System) -> f64 {
    0.25 * system.step().effective_learning_rate() * system.modes().noise().trace()
}

/// Covariance of the diffusion one step apart, `e^{−eK} Σ`, `D x D`.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, continuous}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.0, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![2.0], &sgd)?;
/// assert!((continuous::lag_one_covariance(&system)[(0, 0)] - (-1.0_f64).exp()).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn lag_one_covariance(system: &System) -> DMatrix<f64> {
    super::autocovariance(system, 1.0)
}

/// The Hessian that the diffusion confines with: the loss's own, `D x D`. The discrete one is
/// [`effective_hessian`](crate::theory::effective_hessian).
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, continuous}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.0, momentum: 0.0 });
/// let system = System::new(&dmatrix![2.0], &dmatrix![1.0], &sgd)?;
/// assert!((continuous::effective_hessian(&system)[(0, 0)] - 2.0).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn effective_hessian(system: &System) -> DMatrix<f64> {
    symmetrised(system.hessian().clone())
}

/// Shape of the diffusion's stationary law along a direction: Gaussian, whatever the law of the noise, with the variance given.
///
/// # Errors
/// What is wrong with the law.
///
/// ```
/// use noisy_descent::{noise::NoiseLaw, theory::continuous};
/// assert_eq!(continuous::shape(1.0, &NoiseLaw::Laplace)?.excess_kurtosis, Some(0.0));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn shape(variance: f64, law: &NoiseLaw) -> Result<Shape> {
    law.check()?;
    Ok(Shape { variance, skewness: Some(0.0), excess_kurtosis: Some(0.0) })
}
