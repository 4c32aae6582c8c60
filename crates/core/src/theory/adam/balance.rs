//! Diagonal Adam under a noise that shrinks with the weights: nothing sets the fluctuation but itself.
//!
//! Without a constant noise, `M = (1+c) K Σ K`, a pair of directions behind the preconditioner `diag(q)⁻¹`, `q_i = √M_ii + ε`, is
//! stationary where both step to the limit `1/a` at which the noise sustains them, `a = λ(c + (1−μ)/(1+μ))/2`, or where it has died
//! out. So `S = diag(q) − aK` is positive semidefinite, the weights live where it vanishes, `S Σ = 0`, and
//! `Σ_ii = a²/(1+c) (1 − ε/q_i)²`. These are the conditions on the minimum of
//!
//! `f(q) = Σ_i a²/(1+c) (q_i − 2ε ln q_i − ε²/q_i)`  over all `q ≥ ε` with `diag(q) − aK ⪰ 0`,
//!
//! a convex problem (for `ε = 0` that which bounds the largest cut of a graph), with `Σ` the multiplier. Iterating `Σ → M → Σ` approaches
//! it ever more slowly in many dimensions; a logarithmic barrier takes a few dozen Newton steps in any.

use super::super::modes::symmetrised;
use crate::optimizer::Adam;
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

/// The barrier's last weight, in units of the sharpest curvature: the covariance is right to about eight digits. Below it rounding grows.
const LAST_WEIGHT: f64 = 1e-8;

/// Factor on the weight after each stage.
const SHRINK: f64 = 0.1;

/// Newton's decrement, over the weight, at which a stage ends, and at which the last does.
const STAGE: f64 = 1e-2;
const LAST: f64 = 1e-10;

/// Cap on the Newton steps of a stage; there are about five.
const STEPS: usize = 60;

/// The covariance of the weights and `q`; `None` if it was not found. `sharpest` is the Hessian's largest eigenvalue.
pub(super) fn sustained(
    hessian: &DMatrix<f64>,
    sharpest: f64,
    proportional: f64,
    optimizer: &Adam,
) -> Option<(DMatrix<f64>, DVector<f64>)> {
    let mu = optimizer.beta1;
    let a = 0.5 * optimizer.learning_rate * (proportional + (1.0 - mu) / (1.0 + mu));
    let unit = a * sharpest;
    let n = hessian.nrows();
    let epsilon = optimizer.epsilon / unit;
    if epsilon >= 1.0 {
        // Every direction dies out.
        return Some((DMatrix::zeros(n, n), DVector::from_element(n, optimizer.epsilon)));
    }
    let program = Program { matrix: hessian / sharpest, epsilon };
    let (sigma, q) = program.solve()?;
    let level = a * a / (1.0 + proportional);
    (level.is_finite() && unit.is_finite()).then(|| (sigma * level, q * unit))
}

/// The problem in units in which the sharpest curvature and the largest variance are one.
struct Program {
    matrix: DMatrix<f64>,
    epsilon: f64,
}

impl Program {
    fn solve(&self) -> Option<(DMatrix<f64>, DVector<f64>)> {
        // Larger than the sum of its row makes the diagonal dominate.
        let mut q =
            DVector::from_fn(self.matrix.nrows(), |i, _| 0.5 + self.matrix.row(i).abs().sum().max(self.epsilon));
        let mut weight = 1.0;
        while weight > LAST_WEIGHT {
            q = self.centred(q, weight, STAGE)?;
            weight *= SHRINK;
        }
        q = self.centred(q, LAST_WEIGHT, LAST)?;
        let sigma = symmetrised(self.slack(&q)?.inverse()) * LAST_WEIGHT;
        // On the edge itself: as sharp as the noise sustains, not a little below.
        let root = q.map(|q| 1.0 / q.sqrt());
        let behind = DMatrix::from_fn(q.len(), q.len(), |i, j| root[i] * self.matrix[(i, j)] * root[j]);
        let sharpest =
            crate::matrix::symmetric_eigen("the preconditioned hessian", &symmetrised(behind)).ok()?.values[0];
        Some((sigma, q * sharpest))
    }

    /// The minimum of `f(q) − weight · ln det(diag(q) − A)`, from a point inside.
    fn centred(&self, mut q: DVector<f64>, weight: f64, tolerance: f64) -> Option<DVector<f64>> {
        for _ in 0..STEPS {
            let inverse = symmetrised(self.slack(&q)?.inverse());
            let (first, second) = self.derivatives(&q);
            let gradient = first - inverse.diagonal() * weight;
            let curvature = inverse.map(|entry| weight * entry * entry) + DMatrix::from_diagonal(&second);
            let step = Cholesky::new(curvature)?.solve(&gradient);
            let decrement = gradient.dot(&step) / weight;
            // The damped step stays inside whatever the distance; near the centre the whole one does.
            let mut share = if decrement > 0.25 { 1.0 / (1.0 + decrement.sqrt()) } else { 1.0 };
            let next = loop {
                let next = &q - &step * share;
                if self.slack(&next).is_some() {
                    break next;
                }
                share *= 0.5;
                if share < f64::EPSILON {
                    return None;
                }
            };
            q = next;
            if decrement <= tolerance {
                return Some(q);
            }
        }
        // As near as rounding lets it come.
        Some(q)
    }

    /// First and second derivatives of `f`; below `ε` it is constant.
    fn derivatives(&self, q: &DVector<f64>) -> (DVector<f64>, DVector<f64>) {
        let share = q.map(|q| (1.0 - self.epsilon / q).max(0.0));
        let second = q.zip_map(&share, |q, share| 2.0 * share * self.epsilon / (q * q));
        (share.map(|share| share * share), second)
    }

    /// `diag(q) − A`, decomposed; `None` outside.
    fn slack(&self, q: &DVector<f64>) -> Option<Cholesky<f64, Dyn>> {
        Cholesky::new(DMatrix::from_diagonal(q) - &self.matrix)
    }
}
