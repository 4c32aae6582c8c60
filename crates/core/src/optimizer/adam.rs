//! Adam: the preconditioner is the inverse root of the gradient's second moment.

use super::{Momentum, Step, check_learning_rate, check_share, in_range};
use crate::error::Result;
use crate::matrix::symmetric_eigen;
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// Adam (Liu et al. 2021, Eq. 113): `Λ = λ (E[g gᵀ]^{1/2} + ε)⁻¹` in front of the averaged gradient
/// `m' = β₁ m + (1−β₁) g`.
///
/// The theory takes the second moment at its stationary value, the limit of `β₂ → 1`.
///
/// ```
/// use noisy_descent::optimizer::{Adam, AdamForm};
/// let adam: Adam = serde_json::from_str(r#"{ "learning_rate": 0.01, "form": "diagonal" }"#).unwrap();
/// assert_eq!((adam.beta1, adam.form), (0.0, AdamForm::Diagonal));
/// assert!(Adam { beta2: 1.0, ..adam }.check().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Adam {
    /// Learning rate `λ > 0`, here of the unit of a weight.
    pub learning_rate: f64,
    /// Decay `β₁` in `[0, 1)` of the average of the gradient; 0 uses the fresh gradient.
    #[serde(default)]
    pub beta1: f64,
    /// Decay `β₂` in `[0, 1)` of the average of the squared gradient.
    #[serde(default = "Adam::default_beta2")]
    pub beta2: f64,
    /// Number `ε ≥ 0` that keeps the preconditioner finite, of the unit of a gradient.
    #[serde(default = "Adam::default_epsilon")]
    pub epsilon: f64,
    /// The whole matrix of second moments, or its diagonal as in practice.
    #[serde(default)]
    pub form: AdamForm,
}

/// Which second moments Adam uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum AdamForm {
    /// The whole matrix, as in the paper's theory.
    #[default]
    Matrix,
    /// The diagonal, as in practice.
    Diagonal,
}

impl Adam {
    fn default_beta2() -> f64 {
        0.999
    }

    fn default_epsilon() -> f64 {
        1e-8
    }

    /// The scalar step in the coordinates that the preconditioner `(E[g gᵀ]^{1/2} + ε)⁻¹` sets: heavy-ball momentum `β₁`
    /// with the learning rate `λ(1 − β₁)`, since Adam averages.
    ///
    /// ```
    /// use noisy_descent::optimizer::{Adam, Momentum, Step};
    /// let adam = Adam { learning_rate: 0.1, beta1: 0.75, ..Adam::default() };
    /// assert_eq!(adam.step(), Step::Momentum(Momentum { learning_rate: 0.1 * 0.25, momentum: 0.75 }));
    /// assert_eq!(adam.step().effective_learning_rate(), 0.1); // an average keeps the length of the drift
    /// ```
    #[must_use]
    pub fn step(&self) -> Step {
        Step::Momentum(Momentum { learning_rate: self.learning_rate * (1.0 - self.beta1), momentum: self.beta1 })
    }

    /// One update of one coordinate, as Kingma and Ba give it: from the weight, the two averages `(m, v)` and the noisy
    /// gradient to the new weight and averages. `bias` are the corrections `1 − β₁ᵗ` and `1 − β₂ᵗ` of update `t`, from 1.
    ///
    /// ```
    /// use noisy_descent::optimizer::Adam;
    /// // The first corrected step has the length λ, whatever the gradient.
    /// let adam = Adam { learning_rate: 0.1, beta1: 0.9, epsilon: 0.0, ..Adam::default() };
    /// let (weight, _) = adam.diagonal_step(1.0, (0.0, 0.0), 7.0, adam.bias(1));
    /// assert!((weight - 0.9).abs() < 1e-15);
    /// ```
    #[inline]
    #[must_use]
    pub fn diagonal_step(
        &self,
        weight: f64,
        (mean, square): (f64, f64),
        gradient: f64,
        bias: (f64, f64),
    ) -> (f64, (f64, f64)) {
        let mean = self.beta1 * mean + (1.0 - self.beta1) * gradient;
        let square = self.beta2 * square + (1.0 - self.beta2) * (gradient * gradient);
        let root = square.sqrt() / bias.1.sqrt() + self.epsilon;
        // No gradient yet, no step: 0/0 where ε is 0.
        let along = if root > 0.0 { mean / root } else { 0.0 };
        (weight - self.learning_rate / bias.0 * along, (mean, square))
    }

    /// The averaged gradient of the matrix form.
    #[inline]
    pub(crate) fn mean(&self, mean: f64, gradient: f64) -> f64 {
        self.beta1 * mean + (1.0 - self.beta1) * gradient
    }

    /// The average of the gradient's second moment with the newest one.
    pub(crate) fn moment(&self, average: &DMatrix<f64>, newest: DMatrix<f64>) -> DMatrix<f64> {
        average * self.beta2 + newest * (1.0 - self.beta2)
    }

    /// The matrix before a step of the matrix form, `λ (M^{1/2} + ε)⁻¹` of the corrected average. Where there is no gradient yet there is no step.
    pub(crate) fn preconditioner(&self, moment: &DMatrix<f64>) -> DMatrix<f64> {
        symmetric_eigen("moment", moment).map_or_else(
            |_| DMatrix::zeros(moment.nrows(), moment.ncols()),
            |eigen| {
                eigen.function(|m| {
                    let root = m.max(0.0).sqrt() + self.epsilon;
                    if root > 0.0 { self.learning_rate / root } else { 0.0 }
                })
            },
        )
    }

    /// The corrections `1 − β₁ᵗ` and `1 − β₂ᵗ` of update `t`, from 1.
    ///
    /// ```
    /// use noisy_descent::optimizer::Adam;
    /// let adam = Adam { beta1: 0.5, beta2: 0.75, ..Adam::default() };
    /// assert_eq!(adam.bias(2), (0.75, 0.4375));
    /// ```
    #[must_use]
    pub fn bias(&self, update: u64) -> (f64, f64) {
        let less = |decay: f64| {
            // By squaring, with multiplications only: the same bits on every platform.
            let (mut power, mut base, mut left) = (1.0, decay, update);
            while left > 0 {
                if left & 1 == 1 {
                    power *= base;
                }
                base *= base;
                left >>= 1;
            }
            1.0 - power
        };
        (less(self.beta1), less(self.beta2))
    }

    /// Checks every number.
    ///
    /// # Errors
    /// The first that is out of its range.
    pub fn check(&self) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_share("beta1", self.beta1)?;
        check_share("beta2", self.beta2)?;
        in_range("epsilon", self.epsilon, self.epsilon >= 0.0 && self.epsilon.is_finite(), "[0, ∞)")
    }
}

impl Default for Adam {
    fn default() -> Self {
        Adam {
            learning_rate: 0.1,
            beta1: 0.0,
            beta2: Adam::default_beta2(),
            epsilon: Adam::default_epsilon(),
            form: AdamForm::Matrix,
        }
    }
}
