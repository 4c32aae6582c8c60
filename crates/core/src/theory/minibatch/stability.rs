//! Whether the second moments of minibatch SGD stay finite, and where they grow if not.

use super::exact::MinibatchTheory;
use super::features::SymmetricBasis;
use crate::check::positive;
use crate::error::Result;
use crate::matrix::symmetric_eigen;
use crate::theory::stability::short;
use serde::Serialize;

/// Whether minibatch SGD has a stationary state at a learning rate, and if not, along which direction it breaks.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct MinibatchStability {
    /// Whether all second moments stay finite.
    pub stable: bool,
    /// The learning rate at which they diverge.
    pub learning_rate_limit: f64,
    /// The learning rate at which the mean diverges too, `2(1+μ)/k*`; never below the other.
    pub mean_limit: f64,
    /// Unit vector along which the fluctuation grows most at the limit, `D` numbers.
    pub direction: Vec<f64>,
    /// The same in words with the numbers.
    pub summary: String,
}

impl MinibatchTheory {
    /// Whether there is a stationary state at a learning rate `λ > 0`. That there is none is a result, not an error.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) for a learning rate that is not a positive number.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, noise::Sampling, theory::minibatch::MinibatchTheory};
    /// use noisy_descent::nalgebra::{dmatrix, dvector};
    /// // The noise of the first coordinate's rare large input breaks first.
    /// let data = LinearRegression::new(dmatrix![3.0, 0.0; 0.0, 1.0; 0.0, 1.0], dvector![1.0, 0.0, 2.0])?;
    /// let stability = MinibatchTheory::new(&data, Sampling::WithReplacement, 1, 0.0)?.stability(0.3)?;
    /// assert!(!stability.stable && (stability.learning_rate_limit - 2.0 / 9.0).abs() < 1e-14);
    /// assert!((stability.direction[0] - 1.0).abs() < 1e-14);
    /// assert!(stability.summary.starts_with("unstable: λ = 0.3 is above 0.2222"));
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn stability(&self, learning_rate: f64) -> Result<MinibatchStability> {
        let stable = positive("learning_rate", learning_rate)? < self.learning_rate_limit();
        // The eigenmatrix of the largest rate is, up to its sign, the covariance that a step reproduces at the limit.
        let basis = SymmetricBasis::new(self.curvatures.len());
        let growth = self.given_coordinates(&basis.matrix(&self.shapes.column(0).component_div(&self.root)));
        let eigen = symmetric_eigen("growth", &(&growth * growth.trace().signum()))?;
        let (limit, mean_limit) = (self.learning_rate_limit(), 2.0 * (1.0 + self.momentum) / self.sharpest);
        let numbers = (short(learning_rate), short(limit), short(mean_limit));
        let summary = match (stable, learning_rate < mean_limit) {
            (true, _) => format!("stable: λ = {} is below {}, where the fluctuation diverges", numbers.0, numbers.1),
            (false, true) => format!(
                "unstable: λ = {} is above {}; the mean converges up to {}, the fluctuation grows without bound",
                numbers.0, numbers.1, numbers.2
            ),
            (false, false) => format!("unstable: λ = {} is above {}; the mean diverges too", numbers.0, numbers.2),
        };
        let direction = eigen.vectors.column(0).iter().copied().collect();
        Ok(MinibatchStability { stable, learning_rate_limit: limit, mean_limit, direction, summary })
    }
}
