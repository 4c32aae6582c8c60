//! The price of the fluctuation (Liu et al. 2021, Theorem 5).

use super::{Modes, stationary_covariance};
use crate::optimizer::Optimizer;
use nalgebra::{DMatrix, DVector};

/// Expected loss `tr(K Cov)/2 + meanᵀ K mean/2` of weights with this mean and covariance (given coordinates).
#[must_use]
pub fn expected_loss(modes: &Modes, mean: &DVector<f64>, covariance: &DMatrix<f64>) -> f64 {
    let mean = modes.directions().transpose() * mean;
    let covariance = modes.to_eigenbasis(covariance);
    modes.curvatures().iter().enumerate().map(|(i, k)| 0.5 * k * (covariance[(i, i)] + mean[i] * mean[i])).sum()
}

/// Stationary training error `tr(K Σ)/2`, unit of the loss (Liu et al. 2021, Eq. 11); `None` when there is none.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{Modes, training_error}};
/// let modes = Modes::new(&dmatrix![1.0], &dmatrix![1.0])?;
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.0, momentum: 0.0 });
/// assert!((training_error(&modes, &sgd).unwrap() - 0.5).abs() < 1e-14); // λ/(2(2 − λk))
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn training_error(modes: &Modes, optimizer: &Optimizer) -> Option<f64> {
    let covariance = stationary_covariance(modes, optimizer)?;
    Some(expected_loss(modes, &DVector::zeros(modes.dimension()), &covariance))
}
