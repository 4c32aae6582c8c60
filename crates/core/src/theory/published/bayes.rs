//! Minibatch noise and Bayesian learning rates as printed (errata 21, 26, 27, 28).

use crate::check::out_of_range;
use crate::error::Result;
use crate::loss::LinearRegression;
use nalgebra::DMatrix;

/// The variance of a batch mean relative to one sample as Theorem 6 and Corollaries 5 and 6 print it, `(N−S)/(NS)`; without
/// replacement it is `(N−S)/(S(N−1))` (erratum 28), see
/// [`Sampling::variance_factor`](crate::noise::Sampling::variance_factor).
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) unless `1 ≤ S ≤ N`.
///
/// ```
/// use noisy_descent::{noise::Sampling, theory::published::bayes::variance_factor};
/// let exact = Sampling::WithoutReplacement.variance_factor(10, 5)?;
/// assert!((variance_factor(10, 5)? / exact - 0.9).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn variance_factor(data_size: usize, batch_size: usize) -> Result<f64> {
    if batch_size == 0 || batch_size > data_size {
        return Err(out_of_range("batch_size", batch_size as f64, format!("[1, {data_size}]")));
    }
    let (n, s) = (data_size as f64, batch_size as f64);
    Ok((n - s) / (n * s))
}

/// The continuous learning rate `λ_c = 2SD/(N tr K)`, given without a condition; it can lie beyond the limit of stability
/// `2/k*` (erratum 21). [`ContinuousGuess`](crate::theory::bayes::ContinuousGuess) says whether it does.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) unless there is a positive curvature, and `1 ≤ S ≤ N`.
///
/// ```
/// use noisy_descent::theory::published::bayes::continuous_learning_rate;
/// let unstable = continuous_learning_rate(&[1.0, 0.05, 0.05], 1000, 500)?;
/// assert!((unstable - 2.73).abs() < 5e-3); // with k* = 1 the limit is 2
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn continuous_learning_rate(curvatures: &[f64], data_size: usize, batch_size: usize) -> Result<f64> {
    variance_factor(data_size, batch_size)?;
    for &curvature in curvatures {
        crate::check::positive("curvature", curvature)?;
    }
    if curvatures.is_empty() {
        return Err(out_of_range("dimension", 0.0, "[1, ∞)"));
    }
    let mean = curvatures.iter().map(|k| k / curvatures.len() as f64).sum::<f64>();
    Ok(2.0 * batch_size as f64 / (data_size as f64 * mean))
}

/// Hessian of the loss as Sec. 5 prints it, `(1/N) Σ (w·x − y)²`: `2 mean[x xᵀ]`, twice the `diag(1, 0.1)` that the section
/// states (erratum 26). The loss needs the factor 1/2 of [`LinearRegression`].
///
/// ```
/// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}, theory::published::bayes};
/// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
/// assert_eq!(bayes::regression_hessian(&data)[(0, 0)], 2.0);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn regression_hessian(data: &LinearRegression) -> DMatrix<f64> {
    data.hessian() * 2.0
}

/// Noise covariance of the loss as Sec. 5 prints it, for batches of `S`: `4 mean[r² x xᵀ]/S`, which for unit residuals is
/// `2 K/S` of its own Hessian and not the stated `K/S` (erratum 26).
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) for `S = 0`.
///
/// ```
/// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}, theory::published::bayes};
/// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
/// let (noise, hessian) = (bayes::regression_noise(&data, 1)?, bayes::regression_hessian(&data));
/// assert_eq!(noise, hessian * 2.0); // unit residuals
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn regression_noise(data: &LinearRegression, batch_size: usize) -> Result<DMatrix<f64>> {
    if batch_size == 0 {
        return Err(out_of_range("batch_size", 0.0, "[1, ∞)"));
    }
    Ok(data.residual_covariance() * (4.0 / batch_size as f64))
}

/// Stationary variance of minibatch SGD in one direction as Sec. 5 has it, Theorem 1 with `C = k/S`: `λ/(S(2 − λk))`, said to
/// overestimate because `C = K/S` is an approximation (erratum 27). Without replacement and on the residuals of the data set
/// it overestimates for small learning rates; near the limit, where the noise grows with the weights, it is too small. See
/// [`MinibatchTheory`](crate::theory::minibatch::MinibatchTheory).
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) for `S = 0`, a curvature that is not positive, or a learning rate outside
/// `(0, 2/k)`.
///
/// ```
/// let variance = noisy_descent::theory::published::bayes::minibatch_variance(1.0, 100, 1.5)?;
/// assert!((variance - 0.03).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn minibatch_variance(curvature: f64, batch_size: usize, learning_rate: f64) -> Result<f64> {
    let k = crate::check::positive("curvature", curvature)?;
    if batch_size == 0 {
        return Err(out_of_range("batch_size", 0.0, "[1, ∞)"));
    }
    if !(learning_rate > 0.0 && learning_rate * k < 2.0) {
        return Err(out_of_range("learning_rate", learning_rate, format!("(0, {})", 2.0 / k)));
    }
    Ok(learning_rate / (batch_size as f64 * (2.0 - learning_rate * k)))
}
