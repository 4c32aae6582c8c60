//! The paper's closed forms for noise that commutes with the Hessian (Liu et al. 2021, Theorem 4, Corollaries 1 to 3).

use super::Modes;
use crate::error::{Error, Result};
use crate::optimizer::Momentum;
use nalgebra::DMatrix;

/// Stationary covariance for white noise `C = σ² I`: `Σ = σ²λ (1+μ)/(1−μ) [K (2(1+μ) I − λK)]⁻¹`, for SGD
/// `σ²λ [K(2I − λK)]⁻¹` (Liu et al. 2021, Eq. 10). `None` from the limit of stability on.
///
/// # Errors
/// Names what is not square, finite, symmetric, positive or in its range.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::Momentum, theory::white_noise_covariance};
/// let sgd = Momentum { learning_rate: 1.0, momentum: 0.0 };
/// let sigma = white_noise_covariance(&dmatrix![1.0, 0.0; 0.0, 0.5], 2.0, &sgd)?.unwrap();
/// assert!((sigma[(0, 0)] - 2.0).abs() < 1e-15 && (sigma[(1, 1)] - 2.0 / 0.75).abs() < 1e-14);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn white_noise_covariance(
    hessian: &DMatrix<f64>,
    variance: f64,
    optimizer: &Momentum,
) -> Result<Option<DMatrix<f64>>> {
    mixed_noise_covariance(hessian, variance, 0.0, optimizer)
}

/// Stationary covariance for noise proportional to the Hessian, `C = aK`: `Σ = aλ (1+μ)/(1−μ) (2(1+μ) I − λK)⁻¹`, for SGD
/// `aλ (2I − λK)⁻¹` (Liu et al. 2021, Corollary 2). `None` from the limit of stability on.
///
/// # Errors
/// Names what is not square, finite, symmetric, positive or in its range.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::Momentum, theory::hessian_noise_covariance};
/// let sgd = Momentum { learning_rate: 1.0, momentum: 0.0 };
/// let sigma = hessian_noise_covariance(&dmatrix![1.0, 0.0; 0.0, 0.5], 3.0, &sgd)?.unwrap();
/// assert!((sigma[(0, 0)] - 3.0).abs() < 1e-14 && (sigma[(1, 1)] - 2.0).abs() < 1e-14);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn hessian_noise_covariance(
    hessian: &DMatrix<f64>,
    scale: f64,
    optimizer: &Momentum,
) -> Result<Option<DMatrix<f64>>> {
    mixed_noise_covariance(hessian, 0.0, scale, optimizer)
}

/// Stationary covariance for mixed noise `C = σ² I + aK`, the sum of the two (Liu et al. 2021, Corollary 3). `None` from the
/// limit of stability on.
///
/// # Errors
/// Names what is not square, finite, symmetric, positive or in its range.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::Momentum, theory::mixed_noise_covariance};
/// let sgd = Momentum { learning_rate: 1.0, momentum: 0.0 };
/// let sigma = mixed_noise_covariance(&dmatrix![1.0], 2.0, 3.0, &sgd)?.unwrap();
/// assert!((sigma[(0, 0)] - 5.0).abs() < 1e-14);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn mixed_noise_covariance(
    hessian: &DMatrix<f64>,
    variance: f64,
    scale: f64,
    optimizer: &Momentum,
) -> Result<Option<DMatrix<f64>>> {
    optimizer.check()?;
    for (name, value) in [("noise_variance", variance), ("noise_scale", scale)] {
        if !(value >= 0.0 && value.is_finite()) {
            return Err(Error::OutOfRange { parameter: name.into(), value, allowed: "[0, ∞)".into() });
        }
    }
    let modes = Modes::new(hessian, &(hessian * 0.0))?;
    let (lambda, mu, k) = (optimizer.learning_rate, optimizer.momentum, modes.curvatures());
    let limit = optimizer.stability_limit();
    if lambda * k[0] >= limit {
        return Ok(None);
    }
    let factor = lambda * (1.0 + mu) / (1.0 - mu);
    let along = |k: f64| factor * (variance / k + scale) / (limit - lambda * k);
    Ok(Some(modes.assemble(|i, j| if i == j { along(k[i]) } else { 0.0 })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::NoiseCovariance;
    use crate::optimizer::Optimizer;
    use crate::theory::{System, stationary_covariance};
    use nalgebra::dmatrix;

    #[test]
    fn they_are_the_pair_formula_for_that_noise() {
        let hessian = dmatrix![1.0, 0.3, 0.0; 0.3, 0.8, -0.1; 0.0, -0.1, 0.2];
        for (learning_rate, momentum) in [(0.7, 0.0), (1.9, 0.6)] {
            let optimizer = Momentum { learning_rate, momentum };
            for (variance, scale) in [(1.3, 0.0), (0.0, 0.4), (0.5, 2.0)] {
                let noise = NoiseCovariance::Mixed { variance, scale };
                let system = System::with_noise(&hessian, &noise, &Optimizer::Momentum(optimizer)).unwrap();
                let general = stationary_covariance(&system).unwrap();
                let closed = mixed_noise_covariance(&hessian, variance, scale, &optimizer).unwrap().unwrap();
                assert!((general - &closed).amax() < 1e-13 * closed.amax());
            }
        }
    }
}
