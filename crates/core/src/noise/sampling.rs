//! How a minibatch is drawn from a data set.

use crate::check::out_of_range;
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// How the `S` samples of a minibatch are drawn from the `N` of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Sampling {
    /// Afresh for every step, every draw from the whole set; a sample may come up twice.
    #[default]
    WithReplacement,
    /// Afresh for every step, `S` different samples.
    WithoutReplacement,
    /// The set in a random order, `S` samples at a time, then in a new one: as in practice. An epoch has `⌊N/S⌋` steps; the
    /// samples left over are not used in it. Successive batches are not independent.
    Epoch,
}

impl Sampling {
    /// The factor `κ` by which the mean of a minibatch has less variance than one sample, dimensionless: `1/S` with
    /// replacement, `(N−S)/(S(N−1))` without, which is zero for the full batch. An epoch's batches have the second one each,
    /// taken by itself.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) unless `N ≥ 1` and `S ≥ 1`, and `S ≤ N` but with replacement.
    ///
    /// ```
    /// use noisy_descent::noise::Sampling;
    /// assert_eq!(Sampling::WithReplacement.variance_factor(1000, 100)?, 0.01);
    /// assert_eq!(Sampling::WithoutReplacement.variance_factor(1000, 100)?, 900.0 / (100.0 * 999.0));
    /// assert_eq!(Sampling::WithoutReplacement.variance_factor(7, 7)?, 0.0);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn variance_factor(self, data_size: usize, batch_size: usize) -> Result<f64> {
        if data_size == 0 {
            return Err(out_of_range("data_size", 0.0, "[1, ∞)"));
        }
        let (n, s) = (data_size as f64, batch_size as f64);
        match self {
            _ if batch_size == 0 => Err(out_of_range("batch_size", s, "[1, ∞)")),
            Sampling::WithReplacement => Ok(1.0 / s),
            _ if batch_size > data_size => Err(out_of_range("batch_size", s, format!("[1, {data_size}]"))),
            _ if batch_size == data_size => Ok(0.0),
            Sampling::WithoutReplacement | Sampling::Epoch => Ok((n - s) / (s * (n - 1.0))),
        }
    }

    /// The word of a document.
    ///
    /// ```
    /// use noisy_descent::noise::Sampling;
    /// assert_eq!(Sampling::default().kind(), "with_replacement");
    /// assert_eq!(serde_json::to_value(Sampling::Epoch).unwrap(), Sampling::Epoch.kind());
    /// ```
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Sampling::WithReplacement => "with_replacement",
            Sampling::WithoutReplacement => "without_replacement",
            Sampling::Epoch => "epoch",
        }
    }
}
