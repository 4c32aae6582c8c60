//! The stationary covariance of the weights (Liu et al. 2021, Theorems 1, 2, 3 and 11), of their velocity, and one step
//! apart.

use super::System;
use super::congruence::congruent;
use super::response::{momentum_response, respond, respond_into, response};
use super::stability::is_stable;
use crate::optimizer::Step;
use nalgebra::{DMatrix, Matrix2};

/// Stationary covariance `Σ = E[w wᵀ]`, `D x D`, for any `K` and `C`, commuting or not; `None` when there is none.
///
/// Each pair of directions is one division. For momentum
///
/// `Σ~_ij = λ C~_ij / { (1−μ)[k_i + k_j − λ k_i k_j/(1+μ)] + λμ(k_i − k_j)²/(1−μ²) }`,
///
/// which solves Liu et al. 2021, Eq. 7 (Eq. 6 for `μ = 0`, Eq. 9 behind a preconditioner). QHM has a similar fraction,
/// from the corrected Theorem 11. Natural gradient and Adam are momentum behind the preconditioner that they sustain.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, stationary_covariance}};
/// let sgd = |learning_rate| Optimizer::Momentum(Momentum { learning_rate, momentum: 0.0 });
/// let sigma = stationary_covariance(&System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd(1.5))?).unwrap();
/// assert!((sigma[(0, 0)] - 1.5 / (2.0 - 1.5)).abs() < 1e-12); // λ/(k(2 − λk))
/// assert!(stationary_covariance(&System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd(2.0))?).is_none());
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn stationary_covariance(system: &System) -> Option<DMatrix<f64>> {
    is_stable(system).then(|| congruent(system.modes().directions(), &respond(system)))
}

/// The same in the basis of [`System::modes`], `Σ~ = T⁻¹ Σ T⁻ᵀ`: only the divisions, `O(D²)`, for a sweep over learning rates
/// with the decomposition at hand.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, mode_covariance}};
/// let sgd = |learning_rate| Optimizer::Momentum(Momentum { learning_rate, momentum: 0.0 });
/// let system = System::new(&dmatrix![2.0, 1.0; 1.0, 2.0], &dmatrix![1.0, 0.0; 0.0, 1.0], &sgd(0.1))?;
/// let sharpest = mode_covariance(&system.with_optimizer(&sgd(0.5))?).unwrap()[(0, 0)]; // k = 3
/// assert!((sharpest - 0.5 / (3.0 * (2.0 - 1.5))).abs() < 1e-14);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn mode_covariance(system: &System) -> Option<DMatrix<f64>> {
    is_stable(system).then(|| respond(system))
}

/// [`mode_covariance`] a few whole columns at a time, from the first to the last, for a caller with memory of its own: what is
/// handed over is still in the cache. Whether there is any covariance; if not, nothing is handed over.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}};
/// use noisy_descent::theory::{System, mode_covariance, mode_covariance_by_columns};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.1, momentum: 0.0 });
/// let system = System::new(&dmatrix![2.0, 1.0; 1.0, 2.0], &dmatrix![1.0, 0.0; 0.0, 1.0], &sgd)?;
/// let mut entries = Vec::new();
/// assert!(mode_covariance_by_columns(&system, |columns| entries.extend_from_slice(columns)));
/// assert_eq!(entries, mode_covariance(&system).unwrap().as_slice());
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn mode_covariance_by_columns(system: &System, mut take: impl FnMut(&[f64])) -> bool {
    let n = system.dimension();
    let width = (PORTION / n).clamp(1, n);
    let mut portion = vec![0.0; width * n];
    let stable = is_stable(system);
    for first in (0..if stable { n } else { 0 }).step_by(width) {
        let columns = &mut portion[..width.min(n - first) * n];
        respond_into(system, first, columns);
        take(columns);
    }
    stable
}

/// Numbers that are handed over together: 32 kB, which the nearest cache holds.
const PORTION: usize = 4096;

/// Stationary variance along each direction of [`System::modes`], `D` numbers in `O(D)`; `None` when there is none.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, mode_variances}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.0, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0, 0.0; 0.0, 0.1], &dmatrix![1.0, 0.0; 0.0, 1.0], &sgd)?;
/// assert!((mode_variances(&system).unwrap()[0] - 1.0).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn mode_variances(system: &System) -> Option<Vec<f64>> {
    let (modes, step) = (system.modes(), system.step());
    let variance = |(i, &k): (usize, &f64)| response(step, k, k) * modes.noise()[(i, i)];
    is_stable(system).then(|| modes.curvatures().iter().enumerate().map(variance).collect())
}

/// Most doublings of the sum of a pair: a direction this close to the limit is beyond double precision.
const DOUBLINGS: usize = 64;

/// Steps of iterative refinement: the powers in the sum lose digits near the limit, the residual does not.
const REFINEMENTS: usize = 2;

/// Stationary covariance of `(w, m)` between two directions, per unit of `C~_ij`: the 2x2 matrix
/// `E[(w_i, m_i)(w_j, m_j)ᵀ] = Σ_t A_iᵗ b_i b_jᵀ (A_jᵗ)ᵀ`, summed by doubling.
///
/// The generic path: it needs only the [`Mode`](crate::optimizer::Mode) of a step. `None` if the sum does not converge,
/// which is the case from the limit of stability on.
///
/// ```
/// use noisy_descent::{optimizer::{Momentum, Step}, theory::stationary_block};
/// let sgd = Step::from(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let block = stationary_block(&sgd, 1.0, 1.0).unwrap();
/// assert!((block[(0, 0)] - 0.5 / 1.5).abs() < 1e-15);
/// ```
#[must_use]
pub fn stationary_block(step: &Step, curvature_i: f64, curvature_j: f64) -> Option<Matrix2<f64>> {
    let (i, j) = (step.mode(curvature_i), step.mode(curvature_j));
    let input = i.input * j.input.transpose();
    let mut sum = stein_sum(&i.transition, input, &j.transition)?;
    for _ in 0..REFINEMENTS {
        // What the equation S = A_i S A_jᵀ + b_i b_jᵀ still lacks, summed in the same way.
        let lacking = input + i.transition * sum * j.transition.transpose() - sum;
        sum += stein_sum(&i.transition, lacking, &j.transition)?;
    }
    Some(sum)
}

/// `Σ_t A_iᵗ Q (A_jᵗ)ᵀ` by doubling.
fn stein_sum(across_i: &Matrix2<f64>, input: Matrix2<f64>, across_j: &Matrix2<f64>) -> Option<Matrix2<f64>> {
    let (mut across_i, mut across_j, mut sum) = (*across_i, *across_j, input);
    for _ in 0..DOUBLINGS {
        let more = across_i * sum * across_j.transpose();
        sum += more;
        let (added, total) = (more.amax(), sum.amax());
        if !total.is_finite() {
            return None;
        }
        if added <= 0.01 * f64::EPSILON * total {
            return Some(sum);
        }
        across_i *= across_i;
        across_j *= across_j;
    }
    None
}

/// Stationary lag-one covariance `X = E[w_t w_{t−1}ᵀ]`, `D x D` and in general not symmetric; `None` when there is no
/// stationary state.
///
/// `X~_ij = { [a₁(k_i) − a₂(k_i) a₁(k_j)] Σ~_ij − αβ [1 − a₂(k_i)] C~_ij } / [1 − a₂(k_i) a₂(k_j)]` with the coefficients of
/// [`Recursion`](crate::optimizer::Recursion); for momentum it is Liu et al. 2021, Eq. 34.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, lag_one_covariance}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.5, momentum: 0.0 });
/// let lagged = lag_one_covariance(&System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?).unwrap();
/// assert!((lagged[(0, 0)] + 1.5).abs() < 1e-12); // (1 − λk) Σ: past λk = 1 successive weights alternate
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn lag_one_covariance(system: &System) -> Option<DMatrix<f64>> {
    if !is_stable(system) {
        return None;
    }
    let (modes, step) = (system.modes(), system.step());
    let k = modes.curvatures();
    let lagged = DMatrix::from_fn(modes.dimension(), modes.dimension(), |i, j| {
        lag_one_response(step, k[i], k[j]) * modes.noise()[(i, j)]
    });
    Some(modes.directions() * lagged * modes.directions().transpose())
}

/// `X~_ij / C~_ij`.
pub(crate) fn lag_one_response(step: &Step, k: f64, l: f64) -> f64 {
    let (i, j) = (step.recursion(k), step.recursion(l));
    let fluctuation = (i.first - i.second * j.first) * response(step, k, l);
    (fluctuation - i.alpha * i.beta * (1.0 - i.second)) / (1.0 - i.second * j.second)
}

/// Stationary covariance of the velocity, `E[m mᵀ]`, `D x D`; `None` when there is no stationary state.
///
/// For momentum, from `w_t − w_{t−1} = −λ m_t`: `E[m mᵀ] = (2Σ − X − Xᵀ)/λ²` (Liu et al. 2021, Eq. 29), which is
/// `Σ~_ij (k_i + k_j)/(λ(1+μ))` for a pair of directions. For QHM the generic [`stationary_block`].
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, momentum_covariance}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.0, momentum: 0.0 });
/// let velocity = momentum_covariance(&System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?).unwrap();
/// assert!((velocity[(0, 0)] - 2.0).abs() < 1e-14); // without momentum it is the noisy gradient: k²Σ + C
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn momentum_covariance(system: &System) -> Option<DMatrix<f64>> {
    if !is_stable(system) {
        return None;
    }
    let (modes, step) = (system.modes(), system.step());
    let k = modes.curvatures();
    Some(modes.assemble_dual(|i, j| velocity_response(step, k[i], k[j]) * modes.noise()[(i, j)]))
}

/// `E[m_i m_j] / C~_ij`.
fn velocity_response(step: &Step, k: f64, l: f64) -> f64 {
    match step {
        Step::Momentum(momentum) => {
            momentum_response(momentum, k, l) * (k + l) / (momentum.learning_rate * (1.0 + momentum.momentum))
        }
        Step::Qhm(_) => stationary_block(step, k, l).map_or(f64::INFINITY, |block| block[(1, 1)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizer::{Momentum, Optimizer, Qhm};

    /// The entries of a mode's matrix are rounded themselves; a ten-thousandth from the limit this is amplified.
    const TOLERANCE: f64 = 1e-9;

    #[test]
    fn closed_forms_are_the_generic_block() {
        for momentum in [0.0, 0.5, 0.9, 0.99] {
            for mixing in [None, Some(0.0), Some(0.3), Some(0.99), Some(1.0)] {
                for share in [1e-3, 0.1, 0.5, 0.9, 0.9999] {
                    let step = |learning_rate| match mixing {
                        None => Step::from(Momentum { learning_rate, momentum }),
                        Some(mixing) => Step::from(Qhm { learning_rate, momentum, mixing }),
                    };
                    let step = step(share * step(1.0).stability_limit());
                    for (k, l) in [(1.0, 1.0), (1.0, 0.1), (0.02, 0.7), (1.0, 1.0 - 1e-9)] {
                        let block = stationary_block(&step, k, l).unwrap();
                        let close = |closed: f64, generic: f64| {
                            assert!(
                                (closed - generic).abs() < TOLERANCE * generic.abs(),
                                "{step:?}, {k}, {l}: {closed} {generic}"
                            );
                        };
                        close(response(&step, k, l), block[(0, 0)]);
                        close(velocity_response(&step, k, l), block[(1, 1)]);
                        let lagged = (step.mode(k).transition * block)[(0, 0)];
                        let scale = (block[(0, 0)] * stationary_block(&step, k, k).unwrap()[(0, 0)]).sqrt();
                        assert!(
                            (lag_one_response(&step, k, l) - lagged).abs() < TOLERANCE * scale,
                            "{step:?}, {k}, {l}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn columns_are_handed_over_in_order() {
        // Two and a half portions, under the response of either step.
        let n = 101;
        let hessian = DMatrix::from_fn(n, n, |i, j| if i == j { 0.1 + i as f64 / n as f64 } else { 0.0 });
        let noise = DMatrix::from_fn(n, n, |i, j| if i == j { 2.0 } else { 1.0 / (1 + i + j) as f64 });
        for (mixing, learning_rate) in [(None, 1.5), (Some(0.7), 0.5), (None, 4.0)] {
            let step = |learning_rate| match mixing {
                None => Optimizer::Momentum(Momentum { learning_rate, momentum: 0.4 }),
                Some(mixing) => Optimizer::Qhm(Qhm { learning_rate, momentum: 0.4, mixing }),
            };
            let system = System::new(&hessian, &noise, &step(learning_rate)).unwrap();
            let (mut entries, mut portions) = (Vec::new(), 0);
            let stable = mode_covariance_by_columns(&system, |columns| {
                assert_eq!(columns.len() % n, 0);
                entries.extend_from_slice(columns);
                portions += 1;
            });
            let whole = mode_covariance(&system);
            assert_eq!((stable, portions), if whole.is_some() { (true, 3) } else { (false, 0) });
            assert_eq!(entries, whole.map_or(Vec::new(), |whole| whole.as_slice().to_vec()));
        }
    }

    #[test]
    fn past_the_limit_the_block_has_no_sum() {
        let step = Step::from(Momentum { learning_rate: 2.1, momentum: 0.0 });
        assert!(stationary_block(&step, 1.0, 1.0).is_none());
        assert!(stationary_block(&step, f64::NAN, 1.0).is_none());
    }
}
