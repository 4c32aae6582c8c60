//! The stationary covariance of the weights (Liu et al. 2021, Theorems 1 and 2).

use super::Modes;
use super::stability::stability;
use crate::optimizer::{Momentum, Optimizer};
use nalgebra::{DMatrix, Matrix2, Matrix4, Vector4};

/// Stationary covariance `Σ = E[w wᵀ]`, `D x D`, for any `K` and `C`, commuting or not; `None` when there is none.
///
/// In K's eigenbasis each pair of directions is one division:
///
/// `Σ~_ij = λ C~_ij / { (1−μ)[k_i + k_j − λ k_i k_j/(1+μ)] + λμ(k_i − k_j)²/(1−μ²) }`,
///
/// which solves Liu et al. 2021, Eq. 7 (and Eq. 6 for `μ = 0`).
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{Modes, stationary_covariance}};
/// let modes = Modes::new(&dmatrix![1.0], &dmatrix![1.0])?;
/// let sgd = |learning_rate| Optimizer::Momentum(Momentum { learning_rate, momentum: 0.0 });
/// let sigma = stationary_covariance(&modes, &sgd(1.5)).unwrap();
/// assert!((sigma[(0, 0)] - 1.5 / (2.0 - 1.5)).abs() < 1e-12); // λ/(k(2 − λk))
/// assert!(stationary_covariance(&modes, &sgd(2.0)).is_none());
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn stationary_covariance(modes: &Modes, optimizer: &Optimizer) -> Option<DMatrix<f64>> {
    let Optimizer::Momentum(momentum) = optimizer;
    let k = modes.curvatures();
    stability(modes, optimizer)
        .stable
        .then(|| modes.assemble(|i, j| momentum_response(momentum, k[i], k[j]) * modes.noise()[(i, j)]))
}

/// `Σ~_ij / C~_ij` of SGD with momentum.
fn momentum_response(momentum: &Momentum, k: f64, l: f64) -> f64 {
    let (lambda, mu) = (momentum.learning_rate, momentum.momentum);
    let difference = k - l;
    // (k + l) − λkl/(1+μ), split so that nothing cancels near the limit: kl [(1/k − λ/2(1+μ)) + (1/l − λ/2(1+μ))].
    let half = 0.5 * lambda / (1.0 + mu);
    let decay = k * (1.0 - half * l) + l * (1.0 - half * k);
    lambda / ((1.0 - mu) * decay + lambda * mu * difference * difference / (1.0 - mu * mu))
}

/// Stationary covariance of `(w, m)` between two eigen-directions, per unit of `C~_ij`: the 2x2 matrix
/// `E[(w_i, m_i)(w_j, m_j)ᵀ]`, from `S = A_i S A_jᵀ + b_i b_jᵀ`.
///
/// The generic path: it needs only the [`Mode`](crate::optimizer::Mode) of an optimizer, four unknowns a pair.
/// `None` if the system is singular, which it is only at the limit of stability.
#[must_use]
pub fn stationary_block(optimizer: &Optimizer, curvature_i: f64, curvature_j: f64) -> Option<Matrix2<f64>> {
    let (i, j) = (optimizer.mode(curvature_i), optimizer.mode(curvature_j));
    let mut system = Matrix4::identity();
    let mut right = Vector4::zeros();
    for a in 0..2 {
        for b in 0..2 {
            right[2 * a + b] = i.input[a] * j.input[b];
            for c in 0..2 {
                for d in 0..2 {
                    system[(2 * a + b, 2 * c + d)] -= i.transition[(a, c)] * j.transition[(b, d)];
                }
            }
        }
    }
    let s = system.lu().solve(&right)?;
    Some(Matrix2::new(s[0], s[1], s[2], s[3]))
}

/// Stationary lag-one covariance `X = E[w_t w_{t−1}ᵀ]`, `D x D` and in general not symmetric; `None` when there is no
/// stationary state.
///
/// `X = [((1+μ)I − λK) Σ − μ Σ ((1+μ)I − λK)]/(1−μ²)` (Liu et al. 2021, Eq. 34).
#[must_use]
pub fn lag_one_covariance(modes: &Modes, optimizer: &Optimizer) -> Option<DMatrix<f64>> {
    if !stability(modes, optimizer).stable {
        return None;
    }
    let Optimizer::Momentum(momentum) = optimizer;
    let (lambda, mu) = (momentum.learning_rate, momentum.momentum);
    let k = modes.curvatures();
    let recursion = |k: f64| 1.0 + mu - lambda * k;
    let lagged = DMatrix::from_fn(modes.dimension(), modes.dimension(), |i, j| {
        let sigma = momentum_response(momentum, k[i], k[j]) * modes.noise()[(i, j)];
        (recursion(k[i]) - mu * recursion(k[j])) * sigma / (1.0 - mu * mu)
    });
    Some(modes.directions() * lagged * modes.directions().transpose())
}

/// Stationary covariance of the velocity, `E[m mᵀ]`, `D x D`; `None` when there is no stationary state.
///
/// From `w_t − w_{t−1} = −λ m_t`: `E[m mᵀ] = (2Σ − X − Xᵀ)/λ²` (Liu et al. 2021, Eq. 29), which is
/// `Σ~_ij (k_i + k_j)/(λ(1+μ))` in the eigenbasis.
#[must_use]
pub fn momentum_covariance(modes: &Modes, optimizer: &Optimizer) -> Option<DMatrix<f64>> {
    if !stability(modes, optimizer).stable {
        return None;
    }
    let Optimizer::Momentum(momentum) = optimizer;
    let scale = momentum.learning_rate * (1.0 + momentum.momentum);
    let k = modes.curvatures();
    Some(modes.assemble(|i, j| momentum_response(momentum, k[i], k[j]) * modes.noise()[(i, j)] * (k[i] + k[j]) / scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_forms_are_the_generic_block() {
        for (learning_rate, momentum) in [(0.3, 0.0), (1.9, 0.0), (0.5, 0.9), (3.4, 0.8)] {
            let optimizer = Momentum { learning_rate, momentum };
            for (k, l) in [(1.0, 1.0), (1.0, 0.1), (0.02, 0.7)] {
                let block = stationary_block(&Optimizer::Momentum(optimizer), k, l).unwrap();
                let sigma = momentum_response(&optimizer, k, l);
                assert!((sigma / block[(0, 0)] - 1.0).abs() < 1e-12);
                let velocity = sigma * (k + l) / (learning_rate * (1.0 + momentum));
                assert!((velocity / block[(1, 1)] - 1.0).abs() < 1e-12);
            }
        }
    }
}
