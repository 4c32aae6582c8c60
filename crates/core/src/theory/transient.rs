//! Mean and covariance of the weights after any number of steps, from any start, stable or not.

use super::Modes;
use crate::optimizer::{Mode, Optimizer};
use nalgebra::{DMatrix, DVector, Matrix2};

/// Mean and covariance of the weights at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Moments {
    /// Mean, `D` numbers.
    pub mean: DVector<f64>,
    /// Covariance, `D x D`.
    pub covariance: DMatrix<f64>,
}

impl Moments {
    /// Weights that are all at the minimum.
    #[must_use]
    pub fn at_minimum(dimension: usize) -> Moments {
        Moments { mean: DVector::zeros(dimension), covariance: DMatrix::zeros(dimension, dimension) }
    }
}

/// Mean and covariance after `steps` updates from a start with zero velocity.
///
/// `mean_t = [A^t]_ww mean_0` and `P_t = A_i^t P_0 (A_j^t)ᵀ + Σ_{s<t} A_i^s b_i C~_ij b_jᵀ (A_j^s)ᵀ` for every pair of
/// directions. The sum is doubled, `P_2n = P_n + A^n P_n (A^n)ᵀ`, so it costs `O(log t)` and holds past the limit of
/// stability too, where no stationary state exists; there it may overflow to infinity.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{Modes, Moments, transient}};
/// let modes = Modes::new(&dmatrix![1.0], &dmatrix![1.0])?;
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let after_two = transient(&modes, &sgd, &Moments::at_minimum(1), 2);
/// assert!((after_two.covariance[(0, 0)] - 0.25 * (1.0 + 0.25)).abs() < 1e-15); // λ²C(1 + (1 − λk)²)
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn transient(modes: &Modes, optimizer: &Optimizer, start: &Moments, steps: u64) -> Moments {
    let n = modes.dimension();
    let each: Vec<Mode> = modes.curvatures().iter().map(|&k| optimizer.mode(k)).collect();
    let powers: Vec<Matrix2<f64>> = each.iter().map(|mode| power(mode.transition, steps)).collect();
    let start_mean = modes.directions().transpose() * &start.mean;
    let mean = DVector::from_fn(n, |i, _| powers[i][(0, 0)] * start_mean[i]);
    let start_covariance = modes.to_eigenbasis(&start.covariance);
    let covariance = modes.assemble(|i, j| {
        let noise = modes.noise()[(i, j)];
        let inherited = powers[i][(0, 0)] * powers[j][(0, 0)] * start_covariance[(i, j)];
        if noise == 0.0 { inherited } else { inherited + accumulated(&each[i], &each[j], steps)[(0, 0)] * noise }
    });
    Moments { mean: modes.directions() * mean, covariance }
}

/// `A^n` by squaring.
fn power(mut base: Matrix2<f64>, mut exponent: u64) -> Matrix2<f64> {
    let mut result = Matrix2::identity();
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = base * result;
        }
        exponent >>= 1;
        if exponent > 0 {
            base *= base;
        }
    }
    result
}

/// `Σ_{s<n} A_i^s b_i b_jᵀ (A_j^s)ᵀ`, by doubling over the binary digits of `n`.
fn accumulated(i: &Mode, j: &Mode, n: u64) -> Matrix2<f64> {
    let mut total = Matrix2::zeros();
    // Sum over the next 2^bit steps and the transition across them.
    let mut chunk = i.input * j.input.transpose();
    let (mut across_i, mut across_j) = (i.transition, j.transition);
    let mut rest = n;
    while rest > 0 {
        if rest & 1 == 1 {
            total = chunk + across_i * total * across_j.transpose();
        }
        rest >>= 1;
        if rest > 0 {
            chunk += across_i * chunk * across_j.transpose();
            across_i *= across_i;
            across_j *= across_j;
        }
    }
    total
}
