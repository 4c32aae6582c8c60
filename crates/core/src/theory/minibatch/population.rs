//! Infinitely many Gaussian samples: the closed form.

use super::pair_offset;
use crate::check::{momentum as checked_momentum, not_negative, out_of_range, positive};
use crate::error::Result;
use crate::matrix::LARGEST_DIMENSION;
use serde::Serialize;

/// Halvings of a bracket until it is as narrow as double precision allows, whatever its width.
const BISECTIONS: usize = 200;

/// Minibatch SGD with momentum on the population `x ~ N(0, diag a)`, `y = w*·x + ε`, `Var ε = s²`.
///
/// Here `mean[x xᵀ Σ x xᵀ] = 2 K Σ K + K tr(KΣ)`, so the directions couple through one number. With
/// `g_i = (1−μ)[2a_i/λ − a_i²/(1+μ)] − κ a_i²` and `Q = Σ κ a_i²/g_i`: `Σ_ii = κ a_i s² / [(1−Q) g_i]`, finite if and only if
/// every `g_i > 0` and `Q < 1`. Without momentum `g_i = a_i(2 − λ(1+κ)a_i)/λ`.
///
/// ```
/// use noisy_descent::theory::minibatch::GaussianPopulation;
/// let population = GaussianPopulation::new(&[1.0, 0.1], 1.0, 1, 0.0)?;
/// let state = population.stationary(0.3)?.expect("stable");
/// assert!((state.variances[0] - 0.278).abs() < 5e-4); // C = K/S would give 0.176
/// assert!((state.variances[1] - 0.201).abs() < 5e-4); // and 0.152
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GaussianPopulation {
    variances: Vec<f64>,
    residual_variance: f64,
    noise_factor: f64,
    momentum: f64,
}

/// Second moments of minibatch SGD on a Gaussian population in its stationary state.
///
/// ```
/// use noisy_descent::theory::minibatch::{GaussianPopulation, PopulationState};
/// // a = s² = κ = 1 and λ = 1/2: g = (2 − 2λ)/λ = 2, Q = κ/g = 1/2, Σ = 1/[(1 − Q)g] = 1. C = K/S would give 1/3.
/// let population = GaussianPopulation::new(&[1.0], 1.0, 1, 0.0)?;
/// let PopulationState { variances, excess_loss, feedback } = population.stationary(0.5)?.unwrap();
/// assert!((variances[0] - 1.0).abs() < 1e-14 && (excess_loss - 0.5).abs() < 1e-14);
/// assert!((feedback - 0.5).abs() < 1e-14);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct PopulationState {
    /// Variances `Σ_ii` of the weights, in the order of the input variances; the weights are uncorrelated.
    pub variances: Vec<f64>,
    /// Expected loss above the minimum, `Σ a_i Σ_ii/2`.
    pub excess_loss: f64,
    /// How much of the noise the fluctuation itself makes: `Q` in `[0, 1)`.
    pub feedback: f64,
}

impl GaussianPopulation {
    /// A population with input variances `a_i > 0`, the residual variance `s² ≥ 0`, batches of `batch_size ≥ 1` samples
    /// (`κ = 1/S`) and a momentum `μ` in `[0, 1)`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) names the number that is outside its range, or `dimension` for none or too many variances.
    ///
    /// ```
    /// use noisy_descent::theory::minibatch::GaussianPopulation;
    /// assert!(GaussianPopulation::new(&[1.0, 0.1], 1.0, 10, 0.9).is_ok());
    /// assert_eq!(GaussianPopulation::new(&[], 1.0, 10, 0.9).unwrap_err().parameter(), "dimension");
    /// ```
    pub fn new(
        input_variances: &[f64],
        residual_variance: f64,
        batch_size: usize,
        momentum: f64,
    ) -> Result<GaussianPopulation> {
        let dimension = input_variances.len();
        if dimension == 0 || dimension > LARGEST_DIMENSION {
            return Err(out_of_range("dimension", dimension as f64, format!("[1, {LARGEST_DIMENSION}]")));
        }
        for &variance in input_variances {
            positive("input_variance", variance)?;
        }
        if batch_size == 0 {
            return Err(out_of_range("batch_size", 0.0, "[1, ∞)"));
        }
        Ok(GaussianPopulation {
            variances: input_variances.to_vec(),
            residual_variance: not_negative("residual_variance", residual_variance)?,
            noise_factor: 1.0 / batch_size as f64,
            momentum: checked_momentum(momentum)?,
        })
    }

    /// `g` of a direction, divided by `a²`: how far its own noise is from outrunning its decay.
    fn gap(&self, learning_rate: f64, variance: f64) -> f64 {
        2.0 * (1.0 - self.momentum) / (learning_rate * variance)
            - pair_offset(self.momentum, 1.0, 1.0)
            - self.noise_factor
    }

    /// `Q`, infinite where a direction diverges by itself.
    fn feedback(&self, learning_rate: f64) -> f64 {
        let gaps = self.variances.iter().map(|&a| self.gap(learning_rate, a));
        gaps.map(|gap| if gap > 0.0 { self.noise_factor / gap } else { f64::INFINITY }).sum()
    }

    /// The learning rate below which, and only below which, the second moments stay finite: where `Q`, which grows from 0
    /// to infinity, is 1.
    ///
    /// ```
    /// use noisy_descent::theory::minibatch::GaussianPopulation;
    /// let limit = GaussianPopulation::new(&[2.0], 1.0, 1, 0.0)?.learning_rate_limit();
    /// assert!((limit - 2.0 / (3.0 * 2.0)).abs() < 1e-15); // 2/((1 + 2κ)a)
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn learning_rate_limit(&self) -> f64 {
        let sharpest = self.variances.iter().copied().fold(0.0, f64::max);
        let offset = pair_offset(self.momentum, 1.0, 1.0) + self.noise_factor;
        let (mut low, mut high) = (0.0, 2.0 * (1.0 - self.momentum) / (offset * sharpest));
        for _ in 0..BISECTIONS {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if self.feedback(middle) < 1.0 { low = middle } else { high = middle }
        }
        low
    }

    /// The stationary state at a learning rate `λ > 0`; `None` from [`GaussianPopulation::learning_rate_limit`] on.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) for a learning rate that is not a positive number.
    ///
    /// ```
    /// use noisy_descent::theory::minibatch::GaussianPopulation;
    /// let population = GaussianPopulation::new(&[1.0], 1.0, 1, 0.0)?;
    /// assert!(population.stationary(0.66)?.is_some());
    /// assert!(population.stationary(0.67)?.is_none()); // beyond 2/3
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn stationary(&self, learning_rate: f64) -> Result<Option<PopulationState>> {
        let feedback = self.feedback(positive("learning_rate", learning_rate)?);
        if feedback.is_nan() || feedback >= 1.0 {
            return Ok(None);
        }
        let drive = self.noise_factor * self.residual_variance / (1.0 - feedback);
        let variances: Vec<f64> = self.variances.iter().map(|&a| drive / (a * self.gap(learning_rate, a))).collect();
        let excess_loss = self.variances.iter().zip(&variances).map(|(a, sigma)| 0.5 * a * sigma).sum();
        Ok(Some(PopulationState { variances, excess_loss, feedback }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_momentum_it_is_the_formula_of_the_paper_corrected() {
        let (a, s2, lambda, kappa) = ([1.0, 0.4, 0.1], 0.7, 0.3, 0.5);
        let population = GaussianPopulation::new(&a, s2, 2, 0.0).unwrap();
        let state = population.stationary(lambda).unwrap().unwrap();
        let q: f64 = a.iter().map(|a| lambda * kappa * a / (2.0 - lambda * (1.0 + kappa) * a)).sum();
        assert!((state.feedback - q).abs() < 1e-15);
        for (a, sigma) in a.iter().zip(&state.variances) {
            let want = lambda * kappa * s2 / ((1.0 - q) * (2.0 - lambda * (1.0 + kappa) * a));
            assert!((sigma - want).abs() < 1e-15);
        }
    }

    #[test]
    fn the_limit_divides_finite_from_infinite() {
        for momentum in [0.0, 0.5, 0.95] {
            for batch_size in [1, 10] {
                let population = GaussianPopulation::new(&[3.0, 1.0, 1e-3], 1.0, batch_size, momentum).unwrap();
                let limit = population.learning_rate_limit();
                assert!(population.stationary(limit * (1.0 - 1e-9)).unwrap().is_some());
                assert!(population.stationary(limit * (1.0 + 1e-9)).unwrap().is_none());
                assert!(limit < 2.0 * (1.0 + momentum) / 3.0);
            }
        }
    }

    #[test]
    fn bad_input_is_named() {
        assert_eq!(GaussianPopulation::new(&[], 1.0, 1, 0.0).unwrap_err().parameter(), "dimension");
        assert_eq!(GaussianPopulation::new(&[f64::NAN], 1.0, 1, 0.0).unwrap_err().parameter(), "input_variance");
        assert_eq!(GaussianPopulation::new(&[1.0], -1.0, 1, 0.0).unwrap_err().parameter(), "residual_variance");
        assert_eq!(GaussianPopulation::new(&[1.0], 1.0, 0, 0.0).unwrap_err().parameter(), "batch_size");
        assert_eq!(GaussianPopulation::new(&[1.0], 1.0, 1, 1.0).unwrap_err().parameter(), "momentum");
    }
}
