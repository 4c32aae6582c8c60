//! Natural gradient: the fluctuation that its own preconditioner sustains (Liu et al. 2021, Eq. 26 and 104-112).

use super::Modes;
use super::system::Problem;
use crate::error::Result;
use crate::matrix::symmetric_eigen;
use crate::noise::NoiseCovariance;
use crate::optimizer::{NaturalGradient, Optimizer};
use nalgebra::DMatrix;

/// An eigenvalue of the noise below this, relative to the largest, is the rounding of a zero.
const NEGLIGIBLE_NOISE: f64 = 1e-14;

/// Stationary covariance `Σ` of natural gradient with `J = K Σ K`, `D x D`, for any constant noise covariance, commuting
/// with `K` or not.
///
/// With `V = K^{1/2} Σ K^{1/2}` the condition that the preconditioner `λ J⁻¹` sustains the `Σ` of which it is made is
/// `V² − bV = λ/(2(1−μ)) K^{-1/2} C K^{-1/2}` with `b = λ/(2(1+μ))`, a square root (Liu et al. 2021, Eq. 107). Without
/// any noise `V = bI` is left: an orbit of period two on the limit of stability, no stationary law.
///
/// # Errors
/// Names what is not square, finite, symmetric, positive, of the same size or in its range.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::NaturalGradient, theory::natural_gradient_covariance};
/// let natural = NaturalGradient { learning_rate: 0.5, ..NaturalGradient::default() };
/// let sigma = natural_gradient_covariance(&dmatrix![1.0], &dmatrix![1.0], &natural)?;
/// assert!((sigma[(0, 0)] - 0.640_388_203_202_208).abs() < 1e-14); // (1/4 + √(1/16 + 1))/2
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn natural_gradient_covariance(
    hessian: &DMatrix<f64>,
    noise_covariance: &DMatrix<f64>,
    optimizer: &NaturalGradient,
) -> Result<DMatrix<f64>> {
    optimizer.check()?;
    let (modes, levels) = levels(&Modes::new(hessian, noise_covariance)?, optimizer)?;
    Ok(modes.assemble(|i, j| if i == j { levels[i] } else { 0.0 }))
}

/// Stationary covariance for the noise `C = κ K Σ K` (a minibatch of natural gradient, `κ = (N−S)/(NS)`):
/// `Σ = (λ/2) [1/(1+μ) + κ/(1−μ)] K⁻¹` (Liu et al. 2021, Eq. 26).
///
/// # Errors
/// Names what is not square, finite, symmetric, positive or in its range.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::NaturalGradient, theory::natural_gradient_minibatch_covariance};
/// let natural = NaturalGradient { learning_rate: 0.2, ..NaturalGradient::default() };
/// let sigma = natural_gradient_minibatch_covariance(&dmatrix![2.0], 0.5, &natural)?;
/// assert!((sigma[(0, 0)] - 0.1 * 1.5 / 2.0).abs() < 1e-16);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn natural_gradient_minibatch_covariance(
    hessian: &DMatrix<f64>,
    scale: f64,
    optimizer: &NaturalGradient,
) -> Result<DMatrix<f64>> {
    optimizer.check()?;
    NoiseCovariance::Proportional { scale }.check(&Optimizer::NaturalGradient(*optimizer))?;
    let modes = Modes::new(hessian, &DMatrix::zeros(hessian.nrows(), hessian.nrows()))?;
    let level = minibatch_level(scale, optimizer);
    Ok(modes.assemble(|i, j| if i == j { level / modes.curvatures()[i] } else { 0.0 }))
}

/// The common eigenvalue of `V` under the noise `C = κ K Σ K`.
fn minibatch_level(scale: f64, optimizer: &NaturalGradient) -> f64 {
    let (lambda, mu) = (optimizer.learning_rate, optimizer.momentum);
    0.5 * lambda * (1.0 / (1.0 + mu) + scale / (1.0 - mu))
}

/// The eigenvectors of `V` as directions in which the Hessian is the identity, with the eigenvalues of `V`, smallest first.
fn levels(plain: &Modes, optimizer: &NaturalGradient) -> Result<(Modes, Vec<f64>)> {
    let (lambda, mu) = (optimizer.learning_rate, optimizer.momentum);
    let whitened = plain.stretched(|i| 1.0 / plain.curvatures()[i].sqrt());
    let eigen = symmetric_eigen("the noise in units of the hessian", whitened.noise())?;
    let n = plain.dimension();
    let ascending = DMatrix::from_fn(n, n, |i, j| eigen.vectors[(i, n - 1 - j)]);
    let b = lambda / (2.0 * (1.0 + mu));
    let negligible = NEGLIGIBLE_NOISE * n as f64 * eigen.values[0];
    let level = |noise: f64| {
        let noise = if noise <= negligible { 0.0 } else { noise };
        0.5 * (b + b.hypot((2.0 * lambda / (1.0 - mu) * noise).sqrt()))
    };
    let levels: Vec<f64> = eigen.values.iter().rev().map(|&noise| level(noise)).collect();
    let noise = DMatrix::from_diagonal(&nalgebra::DVector::from_fn(n, |i, _| {
        let noise = eigen.values[n - 1 - i];
        if noise <= negligible { 0.0 } else { noise }
    }));
    Ok((whitened.turned(&ascending).with_noise(noise), levels))
}

/// The Hessian's eigenbasis, if the noise in it is not the constant one, and the directions behind `J⁻¹ = K⁻¹ Σ⁻¹ K⁻¹`.
pub(super) fn self_consistent(problem: &Problem, optimizer: &NaturalGradient) -> Result<(Option<Modes>, Modes)> {
    let plain = (problem.proportional > 0.0).then(|| {
        let level = minibatch_level(problem.proportional, optimizer) * problem.proportional;
        let k = problem.modes.curvatures();
        problem.modes.with_noise(DMatrix::from_fn(k.len(), k.len(), |i, j| if i == j { level * k[i] } else { 0.0 }))
    });
    let (modes, levels) = levels(plain.as_ref().unwrap_or(&problem.modes), optimizer)?;
    // V = Q diag(v) Qᵀ gives J⁻¹ = T Tᵀ with T = K^{-1/2} Q diag(v)^{-1/2}.
    let modes = modes.stretched(|i| 1.0 / levels[i].sqrt());
    Ok((plain, modes))
}
