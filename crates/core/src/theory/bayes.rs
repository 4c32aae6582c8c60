//! The learning rate that makes minibatch SGD sample the Bayesian posterior best (Liu et al. 2021, Theorem 6).

use crate::check::{out_of_range, positive};
use crate::error::Result;
use crate::matrix::{LARGEST_DIMENSION, symmetric_eigen};
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// Halvings of a bracket until it is as narrow as double precision allows, whatever its width.
const BISECTIONS: usize = 200;

/// Largest number of samples: beyond it neighbouring whole numbers are one in double precision.
const LARGEST_DATA_SIZE: u64 = 1 << 53;

/// The variance of a batch mean relative to one sample, without replacement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum BatchFactor {
    /// `(N−S)/(NS)`, as Theorem 6 is printed.
    #[default]
    Paper,
    /// `(N−S)/(S(N−1))`, exact (erratum 28).
    Exact,
}

/// How far the stationary law of SGD is from the posterior, for every learning rate.
///
/// The posterior of `N` samples around the minimum is the Gaussian of covariance `(NK)^{-1}`; SGD with batches of `S`
/// has `Σ = λ g (2I − λK)^{-1}`, `g = (N−S)/(NS)`. With `u_i = λk_i/(2 − λk_i)` and `ρ = N g` their divergence is
/// `KL = ½ Σ [ρu_i − 1 − ln(ρu_i)]` (Liu et al. 2021, Eq. 53), least at the one root of `Σ (ρu_i − 1)(1 + u_i) = 0`
/// (Eq. 16), for every `0 < S < N`.
///
/// ```
/// use noisy_descent::theory::bayes::{BatchFactor, PosteriorMatch};
/// // One direction: the optimum is 2S/(Nk) and the match is perfect.
/// let one = PosteriorMatch::new(&[0.5], 1000, 100, BatchFactor::Paper)?;
/// assert!((one.optimum().learning_rate - 0.4).abs() < 1e-15);
/// assert!(one.optimum().divergence < 1e-30);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PosteriorMatch {
    /// Largest first.
    curvatures: Vec<f64>,
    data_size: f64,
    batch_size: f64,
    /// `ρ`, dimensionless.
    noise: f64,
}

/// The best learning rate and what is left of the divergence there.
///
/// ```
/// use noisy_descent::theory::bayes::{BatchFactor, BayesOptimum, PosteriorMatch};
/// // Equal curvatures: λ* = 2S/(Nk), where every direction has the posterior's variance.
/// let sgd = PosteriorMatch::new(&[0.5, 0.5], 10, 2, BatchFactor::Paper)?;
/// let BayesOptimum { learning_rate, divergence } = sgd.optimum();
/// assert!((learning_rate - 0.8).abs() < 1e-15 && divergence.abs() < 1e-15);
/// assert!((sgd.variances(learning_rate)?[0] - 1.0 / (10.0 * 0.5)).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct BayesOptimum {
    /// The learning rate `λ*`.
    pub learning_rate: f64,
    /// The divergence there, in nats.
    pub divergence: f64,
}

/// The best learning rate that the diffusion approximation gives.
///
/// ```
/// use noisy_descent::theory::bayes::{BatchFactor, ContinuousGuess, PosteriorMatch};
/// let sgd = PosteriorMatch::new(&[1.0, 0.2], 100, 30, BatchFactor::Paper)?;
/// let ContinuousGuess { learning_rate, largest, stable } = sgd.continuous_guess();
/// assert!((learning_rate - 1.0).abs() < 1e-15); // 2·30·2/(100·1.2)
/// assert!((largest - 1.0).abs() < 1e-15 && stable);
/// assert!(learning_rate > sgd.optimum().learning_rate);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct ContinuousGuess {
    /// The learning rate `λ_c = 2SD/(N tr K)`.
    pub learning_rate: f64,
    /// `λ_c k*`, which has to stay below 2.
    pub largest: f64,
    /// Whether SGD has a stationary state at that learning rate.
    pub stable: bool,
}

impl PosteriorMatch {
    /// The eigenvalues `k_i > 0` of the Hessian of one sample's mean loss (in any order), the number of samples `N` and the
    /// batch size `S`, `0 < S < N`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) names `dimension` (no eigenvalue, or too many), `curvature`,
    /// `data_size` or `batch_size`. A full batch, `S = N`, has no noise, an infinite divergence and no optimum.
    ///
    /// ```
    /// use noisy_descent::theory::bayes::{BatchFactor, PosteriorMatch};
    /// let error = PosteriorMatch::new(&[1.0], 50, 50, BatchFactor::Paper).unwrap_err();
    /// assert_eq!(error.to_string(), "batch_size must lie in [1, 49], got 50");
    /// ```
    pub fn new(curvatures: &[f64], data_size: u64, batch_size: u64, factor: BatchFactor) -> Result<PosteriorMatch> {
        let dimension = curvatures.len();
        if dimension == 0 || dimension > LARGEST_DIMENSION {
            return Err(out_of_range("dimension", dimension as f64, format!("[1, {LARGEST_DIMENSION}]")));
        }
        for &curvature in curvatures {
            positive("curvature", curvature)?;
        }
        if !(2..=LARGEST_DATA_SIZE).contains(&data_size) {
            return Err(out_of_range("data_size", data_size as f64, format!("[2, {LARGEST_DATA_SIZE}]")));
        }
        if batch_size == 0 || batch_size >= data_size {
            return Err(out_of_range("batch_size", batch_size as f64, format!("[1, {}]", data_size - 1)));
        }
        let mut curvatures = curvatures.to_vec();
        curvatures.sort_by(|a, b| b.total_cmp(a));
        let rest = (data_size - batch_size) as f64;
        let (n, s) = (data_size as f64, batch_size as f64);
        let noise = match factor {
            BatchFactor::Paper => rest / s,
            BatchFactor::Exact => rest / s * (n / (n - 1.0)),
        };
        Ok(PosteriorMatch { curvatures, data_size: n, batch_size: s, noise })
    }

    /// The interval `[2/((1+ρ)k*), min(2/k*, 2/((1+ρ)k_min))]` that holds the optimum; with the printed factor
    /// `2/(1+ρ) = 2S/N`.
    ///
    /// ```
    /// use noisy_descent::theory::bayes::{BatchFactor, PosteriorMatch};
    /// let (low, high) = PosteriorMatch::new(&[0.1, 1.0], 10, 2, BatchFactor::Paper)?.bracket();
    /// assert!((low - 0.4).abs() < 1e-15 && high == 2.0);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn bracket(&self) -> (f64, f64) {
        let perfect = |k: f64| 2.0 / ((1.0 + self.noise) * k);
        let (sharpest, flattest) = (self.curvatures[0], self.curvatures[self.curvatures.len() - 1]);
        (perfect(sharpest), perfect(flattest).min(2.0 / sharpest))
    }

    /// The divergence of the stationary law of SGD from the posterior, in nats, at a learning rate in `(0, 2/k*)`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) for a learning rate outside that interval, where SGD has no
    /// stationary state.
    ///
    /// ```
    /// use noisy_descent::theory::bayes::{BatchFactor, PosteriorMatch};
    /// let one = PosteriorMatch::new(&[1.0], 10, 5, BatchFactor::Paper)?;
    /// // λ = 0.5: u = 1/3, ρ = 1
    /// assert!((one.divergence(0.5)? - 0.5 * (1.0 / 3.0 - 1.0 + 3f64.ln())).abs() < 1e-15);
    /// assert!(one.divergence(2.0).is_err());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn divergence(&self, learning_rate: f64) -> Result<f64> {
        let limit = 2.0 / self.curvatures[0];
        let remaining = 2.0 - learning_rate * self.curvatures[0];
        if !(learning_rate > 0.0 && learning_rate < limit && remaining > 0.0) {
            return Err(out_of_range("learning_rate", learning_rate, format!("(0, {limit})")));
        }
        Ok(self.divergence_of(|k| learning_rate * k / (2.0 - learning_rate * k)))
    }

    /// The divergence for a function `u(k)`.
    fn divergence_of(&self, amplification: impl Fn(f64) -> f64) -> f64 {
        let term = |ratio: f64| {
            let excess = ratio - 1.0;
            excess - if ratio > 0.5 { libm::log1p(excess) } else { libm::log(ratio) }
        };
        0.5 * self.curvatures.iter().map(|&k| term(self.noise * amplification(k))).sum::<f64>()
    }

    /// The learning rate with the least divergence.
    ///
    /// Solved for `v = u(k*)` instead of `λ`, by bisection: `u_i = c v/(1 + (1−c) v)`, `c = k_i/k*`, has no
    /// difference of nearly equal numbers, not even at `S = N − 1`, where `λ*` is all but at the limit of stability.
    ///
    /// ```
    /// use noisy_descent::theory::bayes::{BatchFactor, PosteriorMatch};
    /// let many = PosteriorMatch::new(&[1.0, 0.05, 0.05], 1000, 999, BatchFactor::Paper)?;
    /// let best = many.optimum();
    /// assert!(best.learning_rate < 2.0);
    /// assert!(best.divergence < many.divergence(0.999 * best.learning_rate)?);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn optimum(&self) -> BayesOptimum {
        let sharpest = self.curvatures[0];
        let amplification = |v: f64, k: f64| {
            let c = k / sharpest;
            c * v / (1.0 + (1.0 - c) * v)
        };
        let slope = |v: f64| -> f64 {
            let all = self.curvatures.iter().map(|&k| amplification(v, k));
            all.map(|u| (self.noise * u - 1.0) * (1.0 + u)).sum()
        };
        // One term is at least −M, and the sharpest one outweighs D such terms from `high` on.
        let least = if self.noise < 1.0 { (1.0 + self.noise) * (1.0 + self.noise) / (4.0 * self.noise) } else { 1.0 };
        let mut low = 1.0 / self.noise;
        let mut high = low + (self.curvatures.len() as f64 * least / self.noise).sqrt();
        let equal = sharpest == self.curvatures[self.curvatures.len() - 1];
        for _ in 0..if equal { 0 } else { BISECTIONS } {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if slope(middle) < 0.0 { low = middle } else { high = middle }
        }
        BayesOptimum {
            learning_rate: 2.0 / sharpest * (low / (1.0 + low)),
            divergence: self.divergence_of(|k| amplification(low, k)),
        }
    }

    /// What the diffusion approximation takes for the optimum, `λ_c = 2SD/(N tr K)`: exact in one direction, too large in
    /// more, and sometimes beyond the limit of stability (erratum 21).
    ///
    /// ```
    /// use noisy_descent::theory::bayes::{BatchFactor, PosteriorMatch};
    /// let guess = PosteriorMatch::new(&[1.0, 0.05, 0.05], 1000, 500, BatchFactor::Paper)?.continuous_guess();
    /// assert!(!guess.stable && (guess.largest - 2.73).abs() < 5e-3);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn continuous_guess(&self) -> ContinuousGuess {
        let mean = self.curvatures.iter().map(|k| k / self.curvatures.len() as f64).sum::<f64>();
        let learning_rate = 2.0 * self.batch_size / (self.data_size * mean);
        let largest = learning_rate * self.curvatures[0];
        ContinuousGuess { learning_rate, largest, stable: largest < 2.0 }
    }

    /// Stationary variances of SGD along the eigenvectors, `λ g/(2 − λk_i)`, largest curvature first.
    ///
    /// # Errors
    /// As for [`PosteriorMatch::divergence`].
    ///
    /// ```
    /// use noisy_descent::theory::bayes::{BatchFactor, PosteriorMatch};
    /// let sgd = PosteriorMatch::new(&[1.0], 10, 5, BatchFactor::Paper)?.variances(1.0)?;
    /// assert!((sgd[0] - 0.1).abs() < 1e-16);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn variances(&self, learning_rate: f64) -> Result<Vec<f64>> {
        self.divergence(learning_rate)?;
        let factor = self.noise / self.data_size;
        Ok(self.curvatures.iter().map(|k| learning_rate * factor / (2.0 - learning_rate * k)).collect())
    }
}

/// Covariance `(N K)^{-1}` of the Gaussian posterior of `N` samples, `D x D`, from the Hessian `K` of the mean loss.
///
/// # Errors
/// Names what is not square, finite, symmetric or positive definite in `hessian`, or `data_size = 0`.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, theory::bayes::posterior_covariance};
/// let posterior = posterior_covariance(&dmatrix![2.0, 0.0; 0.0, 0.5], 10)?;
/// assert!((posterior[(0, 0)] - 0.05).abs() < 1e-16 && (posterior[(1, 1)] - 0.2).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn posterior_covariance(hessian: &DMatrix<f64>, data_size: u64) -> Result<DMatrix<f64>> {
    if data_size == 0 {
        return Err(out_of_range("data_size", 0.0, "[1, ∞)"));
    }
    let eigen = symmetric_eigen("hessian", hessian)?;
    eigen.require_positive("hessian", true)?;
    let mut scaled = eigen.vectors.clone();
    for (mut column, curvature) in scaled.column_iter_mut().zip(&eigen.values) {
        column /= curvature * data_size as f64;
    }
    let covariance = scaled * eigen.vectors.transpose();
    let transpose = covariance.transpose();
    Ok((covariance + transpose) * 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_batch_short_of_everything_and_huge_data_sets_have_their_optimum() {
        for data_size in [2, 3, 1000, 1 << 40] {
            for batch_size in [1, data_size / 2, data_size - 1] {
                for factor in [BatchFactor::Paper, BatchFactor::Exact] {
                    let many = PosteriorMatch::new(&[1e-6, 1.0, 1.0, 0.999999], data_size, batch_size, factor).unwrap();
                    let (best, (low, high)) = (many.optimum(), many.bracket());
                    assert!(low <= best.learning_rate && best.learning_rate <= high, "{data_size} {batch_size}");
                    assert!(best.divergence.is_finite() && best.divergence > 0.0);
                }
            }
        }
    }

    #[test]
    fn bad_input_is_named() {
        let named =
            |k: &[f64], n, s| PosteriorMatch::new(k, n, s, BatchFactor::Paper).unwrap_err().parameter().to_string();
        assert_eq!(named(&[], 10, 1), "dimension");
        assert_eq!(named(&[1.0, f64::NAN], 10, 1), "curvature");
        assert_eq!(named(&[0.0], 10, 1), "curvature");
        assert_eq!(named(&[1.0], 1, 1), "data_size");
        assert_eq!(named(&[1.0], u64::MAX, 1), "data_size");
        assert_eq!(named(&[1.0], 10, 0), "batch_size");
        assert_eq!(named(&[1.0], 10, 10), "batch_size");
        assert_eq!(named(&[1.0], 10, 11), "batch_size");
        let one = PosteriorMatch::new(&[1.0], 10, 1, BatchFactor::Paper).unwrap();
        for learning_rate in [f64::NAN, 0.0, -1.0, 2.0, f64::INFINITY] {
            assert_eq!(one.divergence(learning_rate).unwrap_err().parameter(), "learning_rate");
        }
        assert!(posterior_covariance(&DMatrix::zeros(0, 0), 1).is_err());
        assert!(posterior_covariance(&DMatrix::identity(2, 2), 0).is_err());
    }
}
