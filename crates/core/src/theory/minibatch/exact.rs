//! The exact second moments of minibatch SGD on a data set, and the learning rate at which they diverge.

use super::features::SymmetricBasis;
use super::{independent, pair_offset};
use crate::check::{momentum as checked_momentum, out_of_range, positive};
use crate::error::Result;
use crate::loss::LinearRegression;
use crate::matrix::{rows, symmetric_eigen};
use crate::noise::Sampling;
use nalgebra::{DMatrix, DVector};
use serde::Serialize;

/// Largest number of coordinates `D`: the linear system has `D(D+1)/2` unknowns, 496 of them at this size, 2 MB.
///
/// ```
/// use noisy_descent::theory::minibatch::{LARGEST_MINIBATCH_DIMENSION, MinibatchTheory};
/// use noisy_descent::{loss::LinearRegression, nalgebra::{DMatrix, DVector}, noise::Sampling};
/// let d = LARGEST_MINIBATCH_DIMENSION + 1;
/// let data = LinearRegression::new(DMatrix::identity(d, d), DVector::zeros(d))?;
/// let error = MinibatchTheory::new(&data, Sampling::WithReplacement, 1, 0.0).unwrap_err();
/// assert_eq!(error.to_string(), "dimension must lie in [1, 31], got 32");
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub const LARGEST_MINIBATCH_DIMENSION: usize = 31;

/// The exact stationary covariance of true minibatch SGD with momentum on a least-squares data set, for every learning
/// rate.
///
/// Given the past, a batch's noise has mean zero, and its covariance is linear in `u uᵀ`; so the stationary `Σ = E[u uᵀ]`
/// obeys Liu et al. 2021, Eq. 7, with `C = κ { mean[x xᵀ Σ x xᵀ] − K Σ K + R }`. In K's eigenbasis, where Eq. 7 is
/// diagonal, this is
///
/// `[ (1−μ)/λ A − B ] Σ = κ R`, `A_ij = k_i + k_j`, `B = (1−μ)/(1+μ) k_i k_j − μ(k_i−k_j)²/(1−μ²) + κ(mean[φ φᵀ] − k_i k_j)`,
///
/// symmetric in `D(D+1)/2` unknowns whatever the momentum. All moments stay finite if and only if the bracket is positive
/// definite, that is for `λ < (1−μ)/β` with the largest eigenvalue `β` of `A^{-1/2} B A^{-1/2}`: the limit is an
/// eigenvalue, not a search. One decomposition serves every learning rate.
///
/// ```
/// use noisy_descent::{loss::LinearRegression, noise::Sampling, theory::minibatch::MinibatchTheory};
/// use noisy_descent::nalgebra::{dmatrix, dvector};
/// let data = LinearRegression::new(dmatrix![1.0; 2.0], dvector![1.0, 0.0])?;
/// let theory = MinibatchTheory::new(&data, Sampling::WithReplacement, 1, 0.0)?;
/// // D = 1, S = 1: the limit is 2 mean x² / mean x⁴
/// assert!((theory.learning_rate_limit() - 2.0 * 2.5 / 8.5).abs() < 1e-14);
/// assert!(theory.stationary(0.58)?.is_some());
/// assert!(theory.stationary(0.59)?.is_none());
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MinibatchTheory {
    pub(super) momentum: f64,
    noise_factor: f64,
    /// Largest curvature `k*`; everything below is in units in which it is 1, so that no fourth power over- or underflows.
    pub(super) sharpest: f64,
    pub(super) curvatures: Vec<f64>,
    directions: DMatrix<f64>,
    /// Square roots of `A`, one a pair.
    pub(super) root: DVector<f64>,
    /// Eigenvalues `β` of `A^{-1/2} B A^{-1/2}`, largest first.
    rates: Vec<f64>,
    pub(super) shapes: DMatrix<f64>,
    /// Coordinates of `A^{-1/2} κ R` along the shapes.
    drive: DVector<f64>,
}

/// Second moments of minibatch SGD in its stationary state.
///
/// ```
/// use noisy_descent::theory::minibatch::{MinibatchState, MinibatchTheory};
/// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}, noise::Sampling};
/// // K = 2.5, w* = 0.2, residuals −0.8 and 0.4: R = (0.64 + 0.16·4)/2 and C = (8.5 − 2.5²)Σ + R = 2.25 Σ + 0.64.
/// let data = LinearRegression::new(dmatrix![1.0; 2.0], dvector![1.0, 0.0])?;
/// let theory = MinibatchTheory::new(&data, Sampling::WithReplacement, 1, 0.0)?;
/// // λK = 1, so that Σ = λ²C = 0.16 C: both equations hold at Σ = 0.16, C = 1.
/// let MinibatchState { covariance, noise_covariance, excess_loss } = theory.stationary(0.4)?.unwrap();
/// assert!((covariance[(0, 0)] - 0.16).abs() < 1e-14 && (noise_covariance[(0, 0)] - 1.0).abs() < 1e-14);
/// assert!((excess_loss - 0.2).abs() < 1e-14); // KΣ/2
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct MinibatchState {
    /// Covariance `Σ` of the weights about the minimum `w*`, `D x D`.
    #[serde(serialize_with = "rows::serialize")]
    #[cfg_attr(feature = "typescript", tsify(type = "number[][]"))]
    pub covariance: DMatrix<f64>,
    /// Covariance `C` of the gradient noise averaged over the stationary state, `D x D`. With it as a constant noise, the
    /// theory of SGD with momentum gives this `Σ`, and the lag-one and velocity covariances too.
    #[serde(serialize_with = "rows::serialize")]
    #[cfg_attr(feature = "typescript", tsify(type = "number[][]"))]
    pub noise_covariance: DMatrix<f64>,
    /// Expected loss above the minimum, `tr(K Σ)/2`.
    pub excess_loss: f64,
}

impl MinibatchTheory {
    /// Prepares a data set, a way to draw batches of `batch_size` samples and a momentum `μ` in `[0, 1)`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) for a dimension above [`LARGEST_MINIBATCH_DIMENSION`] (before
    /// anything of that size is allocated), a batch size or a momentum outside its range;
    /// [`Error::NoTheory`](crate::Error::NoTheory) for the sampling by epochs, whose batches depend on each other;
    /// [`Error::NotFinite`](crate::Error::NotFinite) when fourth powers of the inputs overflow.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}, noise::Sampling, theory::minibatch::MinibatchTheory};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
    /// assert!(MinibatchTheory::new(&data, Sampling::WithoutReplacement, 2, 0.9).is_ok());
    /// let error = MinibatchTheory::new(&data, Sampling::WithoutReplacement, 3, 0.9).unwrap_err();
    /// assert_eq!(error.to_string(), "batch_size must lie in [1, 2], got 3");
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn new(
        data: &LinearRegression,
        sampling: Sampling,
        batch_size: usize,
        momentum: f64,
    ) -> Result<MinibatchTheory> {
        let dimension = data.dimension();
        if dimension > LARGEST_MINIBATCH_DIMENSION {
            let allowed = format!("[1, {LARGEST_MINIBATCH_DIMENSION}]");
            return Err(out_of_range("dimension", dimension as f64, allowed));
        }
        let momentum = checked_momentum(momentum)?;
        independent(sampling)?;
        let noise_factor = sampling.variance_factor(data.data_size(), batch_size)?;
        let directions = &data.eigen().vectors;
        let sharpest = data.eigen().values[0];
        let k: Vec<f64> = data.eigen().values.iter().map(|k| k / sharpest).collect();
        let basis = SymmetricBasis::new(dimension);
        let root = DVector::from_iterator(basis.len(), basis.pairs().map(|(i, j)| (k[i] + k[j]).sqrt()));

        let mut scaled = basis.fourth_moments(&(data.inputs() * directions / sharpest.sqrt())) * noise_factor;
        for (n, (i, j)) in basis.pairs().enumerate() {
            scaled[(n, n)] += pair_offset(momentum, k[i], k[j]) - noise_factor * k[i] * k[j];
        }
        for n in 0..basis.len() {
            for m in 0..basis.len() {
                scaled[(n, m)] /= root[n] * root[m];
            }
        }
        let eigen = symmetric_eigen("fourth_moments", &scaled)?;
        let residual = directions.tr_mul(&data.residual_covariance()) * directions * (noise_factor / sharpest);
        let drive = eigen.vectors.tr_mul(&basis.coordinates(&residual).component_div(&root));
        Ok(MinibatchTheory {
            momentum,
            noise_factor,
            sharpest,
            curvatures: k,
            directions: directions.clone(),
            root,
            rates: eigen.values,
            shapes: eigen.vectors,
            drive,
        })
    }

    /// The factor `κ` of the sampling, dimensionless; 0 for the full batch.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}, noise::Sampling, theory::minibatch::MinibatchTheory};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
    /// assert_eq!(MinibatchTheory::new(&data, Sampling::WithReplacement, 4, 0.0)?.noise_factor(), 0.25);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn noise_factor(&self) -> f64 {
        self.noise_factor
    }

    /// The learning rate `λ_max` below which, and only below which, the second moments stay finite. It is at most
    /// `2(1+μ)/k*`, the limit of the mean.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, noise::Sampling, theory::minibatch::MinibatchTheory};
    /// use noisy_descent::nalgebra::{dmatrix, dvector};
    /// let data = LinearRegression::new(dmatrix![1.0; 2.0], dvector![1.0, 0.0])?;
    /// let full = MinibatchTheory::new(&data, Sampling::WithoutReplacement, 2, 0.5)?;
    /// assert!((full.learning_rate_limit() - 2.0 * 1.5 / 2.5).abs() < 1e-14); // no noise: 2(1 + μ)/k
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn learning_rate_limit(&self) -> f64 {
        (1.0 - self.momentum) / (self.rates[0] * self.sharpest)
    }

    /// The stationary state at a learning rate `λ > 0`; `None` from [`MinibatchTheory::learning_rate_limit`] on, where
    /// there is none.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) for a learning rate that is not a positive number, or so small that
    /// its inverse overflows.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, noise::Sampling, theory::minibatch::MinibatchTheory};
    /// use noisy_descent::nalgebra::{dmatrix, dvector};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![1.0, -1.0])?;
    /// let theory = MinibatchTheory::new(&data, Sampling::WithReplacement, 1, 0.0)?;
    /// let state = theory.stationary(0.5)?.expect("below the limit of 2");
    /// assert!((state.covariance[(0, 0)] - 0.5 / (2.0 - 0.5)).abs() < 1e-14); // x = ±1: the noise is constant
    /// assert!(theory.stationary(f64::NAN).is_err());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn stationary(&self, learning_rate: f64) -> Result<Option<MinibatchState>> {
        let decay = (1.0 - self.momentum) / (positive("learning_rate", learning_rate)? * self.sharpest);
        if !decay.is_finite() {
            let allowed = format!("(1e-300/k*, ∞) for the largest curvature k* = {}", self.sharpest);
            return Err(out_of_range("learning_rate", learning_rate, allowed));
        }
        if decay <= self.rates[0] {
            return Ok(None);
        }
        let k = &self.curvatures;
        let basis = SymmetricBasis::new(k.len());
        let along = DVector::from_fn(basis.len(), |n, _| self.drive[n] / (decay - self.rates[n]));
        let sigma = basis.matrix(&(&self.shapes * along).component_div(&self.root));
        let noise = DMatrix::from_fn(k.len(), k.len(), |i, j| {
            (decay * (k[i] + k[j]) - pair_offset(self.momentum, k[i], k[j])) * sigma[(i, j)]
        });
        // Σ in units of 1/k*, C in units of k*.
        Ok(Some(MinibatchState {
            covariance: self.given_coordinates(&sigma) / self.sharpest,
            noise_covariance: self.given_coordinates(&noise) * self.sharpest,
            excess_loss: (0..k.len()).map(|i| 0.5 * k[i] * sigma[(i, i)]).sum(),
        }))
    }

    /// From K's eigenbasis to the coordinates of the data, exactly symmetric.
    pub(super) fn given_coordinates(&self, matrix: &DMatrix<f64>) -> DMatrix<f64> {
        let rotated = &self.directions * matrix * self.directions.transpose();
        let transpose = rotated.transpose();
        (rotated + transpose) * 0.5
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regular(dimension: usize) -> LinearRegression {
        let samples = 2 * dimension;
        let inputs = DMatrix::from_fn(samples, dimension, |i, j| f64::from(u8::from(i % dimension == j)));
        LinearRegression::new(inputs, DVector::from_fn(samples, |i, _| i as f64)).unwrap()
    }

    #[test]
    fn bad_input_is_named() {
        let named = |dimension, batch_size, momentum| {
            let theory = MinibatchTheory::new(&regular(dimension), Sampling::WithoutReplacement, batch_size, momentum);
            theory.unwrap_err().parameter().to_string()
        };
        assert_eq!(named(LARGEST_MINIBATCH_DIMENSION + 1, 1, 0.0), "dimension");
        assert_eq!(named(2, 0, 0.0), "batch_size");
        assert_eq!(named(2, 5, 0.0), "batch_size");
        for momentum in [1.0, -0.1, f64::NAN, f64::INFINITY] {
            assert_eq!(named(2, 1, momentum), "momentum");
        }
        let theory = MinibatchTheory::new(&regular(2), Sampling::WithReplacement, 1, 0.5).unwrap();
        for learning_rate in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE * 1e-3] {
            assert_eq!(theory.stationary(learning_rate).unwrap_err().parameter(), "learning_rate");
        }
        assert_eq!(theory.stability(f64::NAN).unwrap_err().parameter(), "learning_rate");
    }

    #[test]
    fn samples_along_the_axes_break_one_axis_at_a_time() {
        // x = e_j for one sample in D: mean x⁴ = mean x² = 1/D, so the limit is 2 m₂/m₄ = 2 for every D.
        for dimension in [1, 2, 7, LARGEST_MINIBATCH_DIMENSION] {
            let theory = MinibatchTheory::new(&regular(dimension), Sampling::WithReplacement, 1, 0.0).unwrap();
            assert!((theory.learning_rate_limit() - 2.0).abs() < 1e-12, "D = {dimension}");
        }
    }
}
