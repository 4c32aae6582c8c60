//! Errata 23 to 25: natural gradient and Adam (Liu et al. 2021, Corollary 6, Theorems 10 and 13, Eq. 115).

use super::positive;
use crate::error::{Error, Result};
use crate::matrix::{require_positive, symmetric_eigen};
use crate::optimizer::NaturalGradient;
use crate::theory::natural_gradient_covariance;
use nalgebra::{DMatrix, dmatrix};

/// Erratum 23. The left side of Eq. 115 as printed, read with the `Σ` that it has lost on both sides: `Λ⁻¹K⁻¹ + K⁻¹Λ⁻¹`, said to
/// be `(1+c) I` for the noise `C = c K Σ K`. In general `ΣΛ⁻¹K⁻¹ + K⁻¹Λ⁻¹Σ = (1+c) Σ`; the printed form needs matrices that
/// all commute.
///
/// # Errors
/// Names what is not square, finite, symmetric and positive definite, or not as large as the Hessian.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, theory::published::eq_115};
/// assert_eq!(eq_115(&dmatrix![2.0], &dmatrix![0.5])?[(0, 0)], 2.0);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn eq_115(hessian: &DMatrix<f64>, preconditioner: &DMatrix<f64>) -> Result<DMatrix<f64>> {
    require_positive("hessian", hessian, true)?;
    require_positive("preconditioner", preconditioner, true)?;
    let (size, expected) = (preconditioner.nrows(), hessian.nrows());
    if size != expected {
        let (parameter, of) = ("preconditioner".into(), "hessian".into());
        return Err(Error::SizeMismatch { parameter, size, of, expected });
    }
    let inverse = |name, matrix| Ok::<_, Error>(symmetric_eigen(name, matrix)?.function(|value| 1.0 / value));
    let product = inverse("preconditioner", preconditioner)? * inverse("hessian", hessian)?;
    let transpose = product.transpose();
    Ok(product + transpose)
}

/// Erratum 24. The variance that natural gradient is said to fluctuate with although there is no noise, `λ/(2(1+μ)k)`, as a
/// stationary law: half the mean square of the distance between two weights that are far apart in time. In truth the weights
/// jump between two fixed points, on the limit of stability.
///
/// # Errors
/// Names a learning rate, momentum or curvature that is out of its range.
///
/// ```
/// use noisy_descent::{optimizer::NaturalGradient, theory::published::natural_gradient_without_noise};
/// let natural = NaturalGradient { learning_rate: 0.5, momentum: 0.0, ..NaturalGradient::default() };
/// assert_eq!(natural_gradient_without_noise(&natural, 1.0)?, 0.25);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn natural_gradient_without_noise(optimizer: &NaturalGradient, curvature: f64) -> Result<f64> {
    Ok(natural_gradient_covariance(&dmatrix![curvature], &dmatrix![0.0], optimizer)?[(0, 0)])
}

/// Erratum 25. The factor by which the variance of Adam is said to grow with a factor on the learning rate, its square. This holds
/// for the noise `C = c K Σ K`, which shrinks with the weights; for a constant noise it is the first power, see
/// [`adam_variance`](crate::theory::adam_variance).
///
/// # Errors
/// [`Error::OutOfRange`] for a factor that is not positive and finite.
///
/// ```
/// assert_eq!(noisy_descent::theory::published::adam_growth(2.0)?, 4.0); // for a small learning rate it is 2
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn adam_growth(factor: f64) -> Result<f64> {
    positive("factor", factor)?;
    Ok(factor * factor)
}
