//! Adam: the fluctuation that its own preconditioner sustains (Liu et al. 2021, Eq. 27 and 113-117).

mod balance;
mod direction;

use super::modes::symmetrised;
use super::system::{Problem, overflow};
use super::{Modes, System, stationary_covariance};
use crate::error::{Error, Result};
use crate::matrix::{Eigen, symmetric_eigen};
use crate::noise::NoiseCovariance;
use crate::optimizer::{Adam, AdamForm, Optimizer};
use nalgebra::{DMatrix, DVector};

/// An entry of the noise beside the diagonal below this, relative to the largest, is the rounding of a zero.
const NEGLIGIBLE_NOISE: f64 = 1e-14;

/// Cap on the rounds of the self-consistent iteration. Each at least halves the error but for a large `β₁`, and for a noise that
/// leaves out most directions.
pub(super) const ROUNDS: usize = 2000;

/// Relative change at which the iteration stands still.
const STANDSTILL: f64 = 1e-15;

/// A covariance that has shrunk by this factor is on its way to zero: without noise, an `ε` that is large against the step
/// stops the weights.
const VANISHED: f64 = 1e-100;

/// Relative change below which it may also end because it does not shrink any more: rounding.
const ROUNDING: f64 = 1e-11;

/// Stationary covariance `Σ` of Adam, `D x D`, for any constant noise covariance, whole or diagonal preconditioner,
/// with or without averaged gradient. The second moment `M = K Σ K + C` stands at its stationary value (`β₂ → 1`).
///
/// For `β₁ = 0` it solves `Λ K Σ + Σ K Λ = Λ M Λ` with `Λ = λ M^{-1/2}`. This has no closed form where `C` does not commute with `K`
/// and is found by iteration; where it does see [`adam_variance`].
///
/// # Errors
/// Names what is not square, finite, symmetric, positive, of the same size or in its range; [`Error::NotConverged`].
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::Adam, theory::{adam_covariance, adam_variance}};
/// let adam = Adam { learning_rate: 0.5, epsilon: 0.0, ..Adam::default() };
/// let sigma = adam_covariance(&dmatrix![1.0], &dmatrix![1.0], &adam)?;
/// assert!((sigma[(0, 0)] - adam_variance(1.0, 1.0, 0.5)?).abs() < 1e-14);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn adam_covariance(
    hessian: &DMatrix<f64>,
    noise_covariance: &DMatrix<f64>,
    optimizer: &Adam,
) -> Result<DMatrix<f64>> {
    let system = System::new(hessian, noise_covariance, &Optimizer::Adam(*optimizer))?;
    stationary_covariance(&system).ok_or_else(not_converged)
}

/// The same for the noise `C = c K Σ K`. Without `ε` and `β₁` it is `Σ = λ²(1+c)/4 I` (Liu et al. 2021, Eq. 27).
///
/// # Errors
/// Names what is not square, finite, symmetric, positive or in its range; [`Error::NotConverged`].
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::Adam, theory::adam_minibatch_covariance};
/// let adam = Adam { learning_rate: 0.5, epsilon: 0.0, ..Adam::default() };
/// let sigma = adam_minibatch_covariance(&dmatrix![2.0, 1.0; 1.0, 3.0], 1.0, &adam)?;
/// assert!((sigma[(0, 0)] - 0.125).abs() < 1e-13 && sigma[(0, 1)].abs() < 1e-13);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn adam_minibatch_covariance(hessian: &DMatrix<f64>, scale: f64, optimizer: &Adam) -> Result<DMatrix<f64>> {
    let noise = NoiseCovariance::Proportional { scale };
    let system = System::with_noise(hessian, &noise, &Optimizer::Adam(*optimizer))?;
    stationary_covariance(&system).ok_or_else(not_converged)
}

/// Stationary variance of one direction of curvature `k > 0` with the constant noise variance `c ≥ 0`, where Hessian and
/// noise commute, for `β₁ = 0` and `ε = 0`: `λ²/8 + √(λ⁴/64 + λ²c/(4k²))`.
///
/// For small `λ` this is `λ√c/(2k)`, of first order: the `λ²` of Eq. 27 belongs to a noise that shrinks with the weights.
///
/// # Errors
/// [`Error::OutOfRange`] for a curvature or learning rate that is not positive, or a negative variance.
///
/// ```
/// let variance = noisy_descent::theory::adam_variance(1.0, 1.0, 0.5)?;
/// assert!((variance - 0.283195554634330).abs() < 1e-12);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn adam_variance(curvature: f64, noise_variance: f64, learning_rate: f64) -> Result<f64> {
    for (name, value, least) in [
        ("curvature", curvature, f64::MIN_POSITIVE),
        ("noise_variance", noise_variance, 0.0),
        ("learning_rate", learning_rate, f64::MIN_POSITIVE),
    ] {
        if !(value >= least && value.is_finite()) {
            let allowed = if least > 0.0 { "(0, ∞)" } else { "[0, ∞)" };
            return Err(Error::OutOfRange { parameter: name.into(), value, allowed: allowed.into() });
        }
    }
    let half_square = learning_rate * learning_rate / 8.0;
    Ok(half_square + half_square.hypot(0.5 * learning_rate * noise_variance.sqrt() / curvature))
}

fn not_converged() -> Error {
    Error::NotConverged { parameter: "the preconditioner of Adam".into(), iterations: ROUNDS }
}

/// The Hessian's eigenbasis, if the noise in it is not the constant one, and the directions behind `(M^{1/2} + ε)⁻¹`; with them,
/// where no such preconditioner was found, by how much the last round still changed the covariance, relatively.
pub(super) fn self_consistent(problem: &Problem, optimizer: &Adam) -> Result<(Option<Modes>, Modes, Option<f64>)> {
    let Sustained { covariance, preconditioner, change } = sustained(problem, optimizer)?;
    let proportional = &problem.hessian * &covariance * &problem.hessian * problem.proportional;
    let noise = symmetrised(&problem.noise + proportional);
    let modes = problem.modes.behind(&problem.hessian, &noise, &preconditioner)?;
    let plain = (problem.proportional > 0.0).then(|| {
        let along = problem.modes.directions().transpose() * noise * problem.modes.directions();
        problem.modes.with_noise(symmetrised(along))
    });
    Ok((plain, modes, change))
}

/// A covariance that sustains itself.
struct Sustained {
    covariance: DMatrix<f64>,
    /// The preconditioner that belongs to it, decomposed.
    preconditioner: Eigen,
    /// Relative change by the last round, where the rounds did not come to an end.
    change: Option<f64>,
}

/// The way that ends for certain, where there is one: direction by direction where these do not mix, a convex problem without
/// a constant noise; rounds otherwise.
fn sustained(problem: &Problem, optimizer: &Adam) -> Result<Sustained> {
    if commutes(problem, optimizer.form) {
        if let Some(found) = direction_by_direction(problem, optimizer) {
            return Ok(found);
        }
    } else if optimizer.form == AdamForm::Diagonal && problem.noise.amax() == 0.0 {
        let sharpest = problem.modes.curvatures()[0];
        if let Some((covariance, q)) = balance::sustained(&problem.hessian, sharpest, problem.proportional, optimizer) {
            let values = q.iter().map(|q| 1.0 / q).collect();
            let preconditioner = Eigen { values, vectors: DMatrix::identity(q.len(), q.len()) };
            return finite(Sustained { covariance, preconditioner, change: None }, optimizer);
        }
    }
    rounds(problem, optimizer)
}

/// Whether no two directions of the Hessian mix, in the noise or in the preconditioner.
fn commutes(problem: &Problem, form: AdamForm) -> bool {
    let apart = |matrix: &DMatrix<f64>, negligible: f64| {
        let n = matrix.nrows();
        (0..n).all(|j| (0..j).all(|i| matrix[(i, j)].abs() <= negligible))
    };
    match form {
        AdamForm::Matrix => {
            let noise = problem.modes.noise();
            apart(noise, NEGLIGIBLE_NOISE * noise.nrows() as f64 * noise.amax())
        }
        AdamForm::Diagonal => apart(&problem.hessian, 0.0) && apart(&problem.noise, 0.0),
    }
}

fn direction_by_direction(problem: &Problem, optimizer: &Adam) -> Option<Sustained> {
    let modes = &problem.modes;
    let each: Option<Vec<(f64, f64)>> = (0..modes.dimension())
        .map(|i| {
            direction::sustained(modes.curvatures()[i], modes.noise()[(i, i)], problem.proportional, optimizer)
                .filter(|(_, root)| (1.0 / (root + optimizer.epsilon)).is_finite())
        })
        .collect();
    let each = each?;
    Some(Sustained {
        covariance: modes.assemble(|i, j| if i == j { each[i].0 } else { 0.0 }),
        preconditioner: Eigen {
            values: each.iter().map(|(_, root)| 1.0 / (root + optimizer.epsilon)).collect(),
            vectors: modes.directions().clone(),
        },
        change: None,
    })
}

fn finite(sustained: Sustained, optimizer: &Adam) -> Result<Sustained> {
    let all = sustained.preconditioner.values.iter().chain(sustained.covariance.iter());
    if all.into_iter().all(|value| value.is_finite()) {
        Ok(sustained)
    } else {
        Err(overflow(&Optimizer::Adam(*optimizer)))
    }
}

/// `M = (1+c) K Σ K + C` and the decomposed preconditioner `(M^{1/2} + ε)⁻¹`, of the whole matrix or of its diagonal.
fn preconditioner(problem: &Problem, optimizer: &Adam, covariance: &DMatrix<f64>) -> Result<(DMatrix<f64>, Eigen)> {
    let fluctuation = &problem.hessian * covariance * &problem.hessian * (1.0 + problem.proportional);
    let moment = symmetrised(fluctuation + &problem.noise);
    let mut eigen = match optimizer.form {
        AdamForm::Matrix => symmetric_eigen("the gradient's second moment", &moment)?,
        AdamForm::Diagonal => Eigen {
            values: moment.diagonal().iter().copied().collect(),
            vectors: DMatrix::identity(moment.nrows(), moment.ncols()),
        },
    };
    for value in &mut eigen.values {
        *value = 1.0 / (value.max(0.0).sqrt() + optimizer.epsilon);
    }
    let numbers = eigen.values.iter().all(|value| value.is_finite());
    if numbers { Ok((moment, eigen)) } else { Err(overflow(&Optimizer::Adam(*optimizer))) }
}

/// The covariance that sustains itself, by iteration.
///
/// Each round takes the second moment `M` of the last covariance for granted. With directions `T Tᵀ = (M^{1/2} + ε)⁻¹`,
/// the stationary equation of heavy-ball momentum with `C` replaced by `M − K Σ K` is one division per pair of directions,
/// whose denominator is positive whatever the learning rate, so that no round can leave the stable region:
/// `Σ~_ij = λ' M~_ij / { (1−μ)(k_i + k_j) + 2μλ' k_i k_j/(1+μ) + μλ'(k_i − k_j)²/(1−μ²) }`, `μ = β₁`, `λ' = λ(1−β₁)`.
fn rounds(problem: &Problem, optimizer: &Adam) -> Result<Sustained> {
    let (step, mu) = (optimizer.step(), optimizer.beta1);
    let lambda = step.learning_rate();
    // The weights' scale of the commuting closed form, direction by direction, is a good start and never zero.
    let n = problem.modes.dimension();
    let k = problem.modes.curvatures();
    let start = DVector::from_fn(n, |i, _| {
        let noise = problem.modes.noise()[(i, i)].max(0.0);
        let square = optimizer.learning_rate * optimizer.learning_rate * (1.0 + problem.proportional) / 8.0;
        square + square.hypot(0.5 * optimizer.learning_rate * noise.sqrt() / k[i])
    });
    let mut covariance = problem.modes.assemble(|i, j| if i == j { start[i] } else { 0.0 });
    let with = |covariance: DMatrix<f64>, change: Option<f64>| -> Result<Sustained> {
        let preconditioner = preconditioner(problem, optimizer, &covariance)?.1;
        finite(Sustained { covariance, preconditioner, change }, optimizer)
    };
    let mut smallest_change = f64::INFINITY;
    let mut without_progress = 0;
    let mut change = f64::INFINITY;
    for _ in 0..ROUNDS {
        let (moment, eigen) = preconditioner(problem, optimizer, &covariance)?;
        let modes = problem.modes.behind(&problem.hessian, &moment, &eigen)?;
        let (k, moment) = (modes.curvatures(), modes.noise());
        let next = modes.assemble(|i, j| {
            let difference = k[i] - k[j];
            let decay = (1.0 - mu) * (k[i] + k[j])
                + lambda * mu * (2.0 * k[i] * k[j] / (1.0 + mu) + difference * difference / (1.0 - mu * mu));
            lambda * moment[(i, j)] / decay
        });
        if next.amax() <= VANISHED * start.amax() {
            return with(next * 0.0, None);
        }
        change = (&next - &covariance).amax() / next.amax();
        covariance = next;
        if change < 0.9 * smallest_change {
            (smallest_change, without_progress) = (change, 0);
        } else {
            without_progress += 1;
        }
        if change <= STANDSTILL || (change < ROUNDING && without_progress > 5) {
            return with(covariance, None);
        }
        if !change.is_finite() {
            return Err(overflow(&Optimizer::Adam(*optimizer)));
        }
    }
    with(covariance, Some(change))
}

#[cfg(test)]
mod tests;
