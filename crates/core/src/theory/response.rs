//! How much of the noise of a pair of directions stands in the stationary covariance: a closed form, `O(D²)` for all pairs.

use super::{Modes, System};
use crate::optimizer::{Momentum, Qhm, Step};
use nalgebra::DMatrix;

/// The noise of every pair of modes times its response, whether stable or not.
pub(crate) fn respond(system: &System) -> DMatrix<f64> {
    let n = system.dimension();
    let mut pairs = DMatrix::zeros(n, n);
    respond_into(system, 0, pairs.as_mut_slice());
    pairs
}

/// The same for as many whole columns as there is room for, from column `first` on. Without a choice in the inner loop, so that
/// it runs at the speed of the divisions.
pub(crate) fn respond_into(system: &System, first: usize, columns: &mut [f64]) {
    fn fill(modes: &Modes, first: usize, columns: &mut [f64], response: impl Fn(f64, f64) -> f64) {
        let (n, curvatures) = (modes.dimension(), modes.curvatures());
        let noise = modes.noise().as_slice().chunks_exact(n).zip(curvatures).skip(first);
        for (column, (noise, &l)) in columns.chunks_exact_mut(n).zip(noise) {
            for ((pair, &noise), &k) in column.iter_mut().zip(noise).zip(curvatures) {
                *pair = noise * response(k, l);
            }
        }
    }
    match *system.step() {
        Step::Momentum(momentum) => fill(system.modes(), first, columns, |k, l| momentum_response(&momentum, k, l)),
        Step::Qhm(qhm) => fill(system.modes(), first, columns, |k, l| qhm_response(&qhm, k, l)),
    }
}

/// `Σ~_ij / C~_ij`, the closed form of the step.
pub(crate) fn response(step: &Step, k: f64, l: f64) -> f64 {
    match step {
        Step::Momentum(momentum) => momentum_response(momentum, k, l),
        Step::Qhm(qhm) => qhm_response(qhm, k, l),
    }
}

pub(crate) fn momentum_response(momentum: &Momentum, k: f64, l: f64) -> f64 {
    let (lambda, mu) = (momentum.learning_rate, momentum.momentum);
    let difference = k - l;
    // (k + l) − λkl/(1+μ), split so that nothing cancels near the limit: kl [(1/k − λ/2(1+μ)) + (1/l − λ/2(1+μ))].
    let half = 0.5 * lambda / (1.0 + mu);
    let decay = k * (1.0 - half * l) + l * (1.0 - half * k);
    // The factors that do not depend on the pair stand together: one division a pair.
    lambda / ((1.0 - mu) * decay + lambda * mu / (1.0 - mu * mu) * (difference * difference))
}

/// With `x = λk`, `y = λl`, their mean `m` and half difference `d`, `q = 1+μ−2μν` and `b = μ(1−ν)`.
fn qhm_response(qhm: &Qhm, k: f64, l: f64) -> f64 {
    let (lambda, mu, nu) = (qhm.learning_rate, qhm.momentum, qhm.mixing);
    let (x, y) = (lambda * k, lambda * l);
    let (m, d) = (0.5 * (x + y), 0.5 * (x - y));
    let (q, b) = (1.0 + mu - 2.0 * mu * nu, mu * (1.0 - nu));
    let rest = 1.0 - mu;
    let numerator = rest * rest * (1.0 + mu) + 2.0 * b * rest * (1.0 + b) * m + b * b * q * x * y;
    // The equal pair's denominator, which vanishes at the limit, and what the difference adds: no cancellation between them.
    let equal = m * (rest + b * m) * (rest + b * m) * (2.0 * (1.0 + mu) - q * m);
    let apart = rest * (1.0 + mu) * (rest + 2.0 * mu * nu)
        + 2.0 * b * (1.0 - mu * (1.0 + nu) + mu * mu * (3.0 * nu - 2.0)) * m
        + b * b * q * (2.0 * m * m - d * d);
    lambda * lambda * numerator / (equal + d * d * apart)
}
