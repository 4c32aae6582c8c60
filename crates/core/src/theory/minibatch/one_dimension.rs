//! One coordinate: everything in closed form.

use super::{independent, pair_offset};
use crate::check::{momentum as checked_momentum, out_of_range, positive};
use crate::error::Result;
use crate::loss::LinearRegression;
use crate::noise::Sampling;

/// Minibatch SGD with momentum on one coordinate, in four moments of the data.
///
/// With `m₂ = mean x²`, `m₄ = mean x⁴`: `Σ = κ mean[r²x²] / { (1−μ)[2m₂/λ − m₂²/(1+μ)] − κ(m₄ − m₂²) }`, finite for
/// `λ < 2(1−μ) m₂ / [ (1−μ)/(1+μ) m₂² + κ(m₄ − m₂²) ]`. Without momentum the limit is `2m₂/[(1−κ)m₂² + κm₄]`.
///
/// ```
/// use noisy_descent::{loss::LinearRegression, noise::Sampling, theory::minibatch::OneDimension};
/// use noisy_descent::nalgebra::{dmatrix, dvector};
/// let data = LinearRegression::new(dmatrix![1.0; 2.0], dvector![1.0, 0.0])?;
/// let theory = OneDimension::new(&data, Sampling::WithReplacement, 1, 0.0)?;
/// assert!((theory.learning_rate_limit() - 2.0 * 2.5 / 8.5).abs() < 1e-15);
/// assert_eq!(theory.variance(0.6)?, None);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneDimension {
    momentum: f64,
    curvature: f64,
    /// `B/m₂²`: what the learning rate has to stay ahead of.
    offset: f64,
    /// `κ mean[r² x²]/m₂²`.
    noise: f64,
}

impl OneDimension {
    /// The moments of a data set with one column.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) for more than one column, a batch size or a momentum outside its
    /// range; [`Error::NoTheory`](crate::Error::NoTheory) for the sampling by epochs.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, noise::Sampling, theory::minibatch::OneDimension};
    /// use noisy_descent::nalgebra::{dmatrix, dvector};
    /// let two = LinearRegression::new(dmatrix![1.0, 0.0; 0.0, 1.0], dvector![1.0, 1.0])?;
    /// assert_eq!(OneDimension::new(&two, Sampling::WithReplacement, 1, 0.0).unwrap_err().parameter(), "dimension");
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn new(data: &LinearRegression, sampling: Sampling, batch_size: usize, momentum: f64) -> Result<OneDimension> {
        if data.dimension() != 1 {
            return Err(out_of_range("dimension", data.dimension() as f64, "[1, 1]"));
        }
        let momentum = checked_momentum(momentum)?;
        independent(sampling)?;
        let factor = sampling.variance_factor(data.data_size(), batch_size)?;
        let curvature = data.hessian()[(0, 0)];
        // Relative to m₂ first, so that no power over- or underflows.
        let relative = data.inputs().iter().map(|x| x * x / curvature);
        let fourth = relative.map(|x2| x2 * x2).sum::<f64>() / data.data_size() as f64;
        let offset = pair_offset(momentum, 1.0, 1.0) + factor * (fourth - 1.0);
        let noise = factor * data.residual_covariance()[(0, 0)] / curvature / curvature;
        Ok(OneDimension { momentum, curvature, offset, noise })
    }

    /// The learning rate below which the variance is finite.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}, noise::Sampling, theory::minibatch::OneDimension};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
    /// let theory = OneDimension::new(&data, Sampling::WithReplacement, 1, 0.5)?;
    /// assert!((theory.learning_rate_limit() - 3.0).abs() < 1e-15); // x = 1: the noise is constant, 2(1 + μ)/k
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn learning_rate_limit(&self) -> f64 {
        2.0 * (1.0 - self.momentum) / (self.offset * self.curvature)
    }

    /// The stationary variance about the minimum at a learning rate `λ > 0`; `None` where there is none.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) for a learning rate that is not a positive number.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, noise::Sampling, theory::minibatch::OneDimension};
    /// use noisy_descent::nalgebra::{dmatrix, dvector};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![1.0, -1.0])?;
    /// let theory = OneDimension::new(&data, Sampling::WithReplacement, 1, 0.0)?;
    /// assert_eq!(theory.variance(1.0)?, Some(1.0));
    /// assert!(theory.variance(-1.0).is_err());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn variance(&self, learning_rate: f64) -> Result<Option<f64>> {
        let gap =
            2.0 * (1.0 - self.momentum) / (positive("learning_rate", learning_rate)? * self.curvature) - self.offset;
        Ok((gap > 0.0).then(|| self.noise / gap))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::minibatch::MinibatchTheory;
    use nalgebra::{DMatrix, DVector};

    #[test]
    fn the_closed_form_is_the_generic_solution() {
        let inputs = DMatrix::from_fn(11, 1, |i, _| ((i + 1) as f64).sin() + 0.2);
        let targets = DVector::from_fn(11, |i, _| ((i * i) as f64).cos());
        let data = LinearRegression::new(inputs, targets).unwrap();
        for sampling in [Sampling::WithReplacement, Sampling::WithoutReplacement] {
            for (batch_size, momentum) in [(1, 0.0), (3, 0.6), (11, 0.9), (10, 0.0)] {
                let closed = OneDimension::new(&data, sampling, batch_size, momentum).unwrap();
                let generic = MinibatchTheory::new(&data, sampling, batch_size, momentum).unwrap();
                let limit = closed.learning_rate_limit();
                assert!((generic.learning_rate_limit() / limit - 1.0).abs() < 1e-13);
                for fraction in [0.01, 0.5, 0.99] {
                    let sigma = closed.variance(fraction * limit).unwrap().unwrap();
                    let state = generic.stationary(fraction * limit).unwrap().unwrap();
                    assert!((state.covariance[(0, 0)] - sigma).abs() <= 1e-12 * sigma);
                }
                assert_eq!(closed.variance(1.01 * limit).unwrap(), None);
                assert_eq!(generic.stationary(1.01 * limit).unwrap(), None);
            }
        }
    }
}
