//! What is measured along given directions instead of coordinates.

use super::ensemble::{DIVERGED, Ensemble, REPLICAS_PER_BLOCK};
use super::moments::Moments;
use nalgebra::DMatrix;
use serde::Serialize;

/// Averages over the replicas of components `uᵀw` of the weights at one step, each with its standard error. Replicas that have
/// diverged are counted and left out.
///
/// ```
/// use noisy_descent::{Scenario, nalgebra::dmatrix, simulate::{Component, Components, Ensemble}};
/// let mut ensemble = Ensemble::new(&Scenario::default().with_number("steps", 20.0)?, 0)?;
/// ensemble.run();
/// // Along the axes it is what is measured of the coordinates; along the diagonal half of all covariances.
/// let half = 0.5_f64.sqrt();
/// let Components { components, replicas, .. } = ensemble.measure_along(&dmatrix![1.0, half; 0.0, half]);
/// let [first, diagonal]: [Component; 2] = [components[0], components[1]];
/// let measured = ensemble.measure();
/// assert_eq!((replicas, first.mean, first.variance), (10_000, measured.mean[0], measured.covariance[0][0]));
/// let sum: f64 = measured.covariance.iter().flatten().sum();
/// assert!((diagonal.variance - 0.5 * sum).abs() < 1e-9);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Components {
    /// Steps done.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub step: u64,
    /// Replicas, diverged ones included.
    pub replicas: usize,
    /// Replicas that have diverged.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub diverged: u64,
    /// Replicas that have left the well of a potential; the averages are over those still in it.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub escaped: u64,
    /// Mean loss above the minimum.
    pub training_error: f64,
    /// Standard error of the training error.
    pub training_error_error: f64,
    /// One for each direction.
    pub components: Vec<Component>,
}

/// Averages of one component; NaN where there are too few replicas, or nothing varies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Component {
    /// Mean.
    pub mean: f64,
    /// Standard error of the mean.
    pub mean_error: f64,
    /// Unbiased variance.
    pub variance: f64,
    /// Standard error of the variance, from fourth moments.
    pub variance_error: f64,
    /// Third central moment at unit variance.
    pub skewness: f64,
    /// Standard error of the skewness, from sixth moments.
    pub skewness_error: f64,
    /// Fourth central moment at unit variance, less 3.
    pub excess_kurtosis: f64,
    /// Standard error of the excess kurtosis, from eighth moments.
    pub excess_kurtosis_error: f64,
}

impl From<&Moments> for Component {
    fn from(moments: &Moments) -> Component {
        Component {
            mean: if moments.count == 0 { f64::NAN } else { moments.mean[0] },
            mean_error: moments.mean_error(0),
            variance: moments.covariance(0, 0),
            variance_error: moments.covariance_error(0, 0),
            skewness: moments.skewness(0),
            skewness_error: moments.skewness_error(0),
            excess_kurtosis: moments.excess_kurtosis(0),
            excess_kurtosis_error: moments.excess_kurtosis_error(0),
        }
    }
}

impl Ensemble {
    /// Measures along the columns of `directions`, `D x M`.
    #[must_use]
    pub fn measure_along(&self, directions: &DMatrix<f64>) -> Components {
        let mut totals = vec![Moments::empty(1); directions.ncols()];
        let mut lost = 0;
        // In the order in which tallies are merged, so that a coordinate has the bits that it has there.
        for (_, blocks) in self.whose().each() {
            let mut section = vec![Moments::empty(1); directions.ncols()];
            for block in blocks {
                let (weights, kept) = (self.block(block), self.kept(block));
                lost += (self.counted(block) - kept.len()) as u64;
                for (sum, direction) in section.iter_mut().zip(directions.column_iter()) {
                    let along = project(&weights, direction.iter().copied(), &kept);
                    sum.merge(&Moments::of(&along, 1, along.len(), along.len()));
                }
            }
            for (total, section) in totals.iter_mut().zip(&section) {
                total.merge(section);
            }
        }
        let sums = self.sums();
        let (loss, escaped) = (sums.loss(), sums.gone());
        Components {
            step: self.step(),
            replicas: self.replicas(),
            diverged: lost - escaped,
            escaped,
            training_error: if loss.count == 0 { f64::NAN } else { loss.mean },
            training_error_error: loss.error(),
            components: totals.iter().map(Component::from).collect(),
        }
    }

    /// Replicas of a block that are counted and have not diverged.
    pub(super) fn kept(&self, block: usize) -> Vec<usize> {
        let weights = self.block(block);
        let fine = |replica: &usize| {
            (0..self.dimension()).all(|i| weights[i * REPLICAS_PER_BLOCK + replica].abs() <= DIVERGED)
        };
        (0..self.counted(block)).filter(fine).collect()
    }
}

/// `uᵀw` of some replicas of a block.
pub(super) fn project(weights: &[f64], direction: impl Iterator<Item = f64>, replicas: &[usize]) -> Vec<f64> {
    let mut along = vec![0.0; replicas.len()];
    for (i, share) in direction.enumerate().filter(|&(_, share)| share != 0.0) {
        for (sum, replica) in along.iter_mut().zip(replicas) {
            *sum += share * weights[i * REPLICAS_PER_BLOCK + replica];
        }
    }
    along
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scenario;
    use nalgebra::dmatrix;

    #[test]
    fn what_diverged_is_counted_and_left_out() {
        let scenario = [("learning_rate", 2.6), ("steps", 340.0), ("replicas", 400.0)]
            .into_iter()
            .fold(Scenario::default(), |scenario, (name, value)| scenario.with_number(name, value).unwrap());
        let mut ensemble = Ensemble::new(&scenario, 0).unwrap();
        ensemble.run();
        let (along, measured) = (ensemble.measure_along(&DMatrix::identity(2, 2)), ensemble.measure());
        assert_eq!(along.diverged, measured.diverged);
        assert_eq!(along.diverged, 400, "1.6^340 is 10^69, beyond the bound");
        assert!(along.components[1].variance.is_nan() && along.training_error.is_nan());
    }

    #[test]
    fn the_axes_give_the_measurement_of_the_coordinates() {
        let scenario = Scenario::default().with_number("replicas", 700.0).unwrap().with_number("steps", 30.0).unwrap();
        let mut ensemble = Ensemble::new(&scenario, 0).unwrap();
        ensemble.run();
        let (along, measured) = (ensemble.measure_along(&dmatrix![1.0, 0.0; 0.0, 1.0]), ensemble.measure());
        assert_eq!(
            (along.training_error, along.training_error_error),
            (measured.training_error, measured.training_error_error)
        );
        for (i, component) in along.components.iter().enumerate() {
            assert_eq!((component.mean, component.mean_error), (measured.mean[i], measured.mean_error[i]));
            assert_eq!(component.variance_error, measured.covariance_error[i][i]);
            assert_eq!(
                (component.skewness, component.skewness_error),
                (measured.skewness[i], measured.skewness_error[i])
            );
            assert_eq!(component.excess_kurtosis_error, measured.excess_kurtosis_error[i]);
        }
    }
}
