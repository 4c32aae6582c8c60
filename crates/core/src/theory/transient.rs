//! Mean and covariance of the weights after any number of steps, from any start, stable or not.

use super::System;
use super::training_error::mean_along;
use crate::error::{Error, Result};
use crate::matrix::require_positive;
use crate::optimizer::Mode;
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

    /// Checks moments that are not the theory's own.
    ///
    /// # Errors
    /// Names a mean of another size than `dimension` or that is not finite; a covariance that is not square, finite,
    /// symmetric, positive semidefinite and of that size.
    ///
    /// ```
    /// use noisy_descent::{nalgebra::{dmatrix, dvector}, theory::Moments};
    /// assert!(Moments::at_minimum(3).check(3).is_ok());
    /// let problem = Moments::at_minimum(2).check(1).unwrap_err();
    /// assert_eq!(problem.to_string(), "mean must have the size of hessian, 1, got 2");
    /// let problem = Moments { mean: dvector![0.0], covariance: dmatrix![-1.0] }.check(1).unwrap_err();
    /// assert_eq!((problem.parameter(), problem.kind()), ("start_covariance", "not_positive"));
    /// ```
    pub fn check(&self, dimension: usize) -> Result<()> {
        if self.mean.len() != dimension {
            let (parameter, of) = ("mean".into(), "hessian".into());
            return Err(Error::SizeMismatch { parameter, size: self.mean.len(), of, expected: dimension });
        }
        if let Some(row) = self.mean.iter().position(|value| !value.is_finite()) {
            return Err(Error::NotFinite { parameter: "mean".into(), row: row + 1, column: 1, value: self.mean[row] });
        }
        super::modes::same_size("start_covariance", &self.covariance, dimension)?;
        require_positive("start_covariance", &self.covariance, false)
    }
}

/// Mean and covariance after `steps` updates from a start with zero velocity.
///
/// `mean_t = [A^t]_ww mean_0` and `P_t = A_i^t P_0 (A_j^t)ᵀ + Σ_{s<t} A_i^s b_i C~_ij b_jᵀ (A_j^s)ᵀ` for every pair of
/// directions. The sum is doubled, `P_2n = P_n + A^n P_n (A^n)ᵀ`, so it costs `O(log t)` and holds past the limit of
/// stability too, where no stationary state exists; there it may overflow to infinity.
///
/// # Errors
/// What [`Moments::check`] finds wrong with the start.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{Moments, System, transient}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?;
/// let after_two = transient(&system, &Moments::at_minimum(1), 2)?;
/// assert!((after_two.covariance[(0, 0)] - 0.25 * (1.0 + 0.25)).abs() < 1e-15); // λ²C(1 + (1 − λk)²)
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn transient(system: &System, start: &Moments, steps: u64) -> Result<Moments> {
    start.check(system.dimension())?;
    let (modes, n) = (system.modes(), system.dimension());
    let each: Vec<Mode> = (0..n).map(|i| system.mode(i)).collect();
    let powers: Vec<Matrix2<f64>> = each.iter().map(|mode| power(mode.transition, steps)).collect();
    let start_mean = mean_along(modes, &start.mean)?;
    let mean = DVector::from_fn(n, |i, _| powers[i][(0, 0)] * start_mean[i]);
    let start_covariance = modes.to_eigenbasis(&start.covariance)?;
    let covariance = modes.assemble(|i, j| {
        let noise = modes.noise()[(i, j)];
        let inherited = powers[i][(0, 0)] * powers[j][(0, 0)] * start_covariance[(i, j)];
        if noise == 0.0 { inherited } else { inherited + accumulated(&each[i], &each[j], steps)[(0, 0)] * noise }
    });
    Ok(Moments { mean: modes.directions() * mean, covariance })
}

/// `A^n` by squaring.
pub(crate) fn power(mut base: Matrix2<f64>, mut exponent: u64) -> Matrix2<f64> {
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
pub(crate) fn accumulated(i: &Mode, j: &Mode, n: u64) -> Matrix2<f64> {
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
