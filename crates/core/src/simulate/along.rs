//! What is measured along given directions instead of coordinates.

use super::ensemble::{DIVERGED, Ensemble, REPLICAS_PER_BLOCK};
use super::moments::Moments;
use super::numbers::Numbers;
use super::scalar::Scalar;
use super::sectioned::{Sectioned, Sums};
use crate::error::Result;
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

/// Sums along directions, section by section; those of parts that were run anywhere join to those of the whole, with the same bits as in one run.
///
/// ```
/// use noisy_descent::{Scenario, nalgebra::DMatrix, simulate::{AlongTally, Ensemble}};
/// let scenario = Scenario::default().with_number("replicas", 600.0)?.with_number("steps", 10.0)?;
/// let axes = DMatrix::identity(2, 2);
/// let numbers = |index, of| -> noisy_descent::Result<Vec<f64>> {
///     let mut part = Ensemble::part(&scenario, 0, index, of)?;
///     part.run();
///     Ok(part.tally_along(&axes).to_numbers())
/// };
/// let joined = AlongTally::join(&[numbers(1, 2)?, numbers(0, 2)?].concat())?;
/// assert_eq!(joined, AlongTally::join(&numbers(0, 1)?)?);
/// assert_eq!((joined.components().step, joined.components().replicas), (10, 600));
/// assert!(AlongTally::join(&numbers(1, 2)?).is_err()); // half of it
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct AlongTally(Sectioned<AlongSums>);

/// The sums of one section.
#[derive(Debug, Clone, PartialEq)]
struct AlongSums {
    replicas: usize,
    /// Those that have diverged or left the well, and those that have left it.
    lost: usize,
    gone: usize,
    loss: Scalar,
    /// Of one coordinate each.
    moments: Vec<Moments>,
}

impl AlongSums {
    fn empty(components: usize) -> AlongSums {
        let moments = vec![Moments::empty(1); components];
        AlongSums { replicas: 0, lost: 0, gone: 0, loss: Scalar::default(), moments }
    }

    fn merge(&mut self, other: &AlongSums) {
        self.replicas += other.replicas;
        self.lost += other.lost;
        self.gone += other.gone;
        self.loss.merge(&other.loss);
        for (sum, more) in self.moments.iter_mut().zip(&other.moments) {
            sum.merge(more);
        }
    }
}

impl Sums for AlongSums {
    fn write(&self, numbers: &mut Vec<f64>) {
        numbers.extend([self.replicas, self.lost, self.gone].map(|count| count as f64));
        self.loss.write(numbers);
        self.moments.iter().for_each(|moments| moments.write(numbers));
    }

    fn read(components: usize, numbers: &mut Numbers<'_>) -> Option<AlongSums> {
        let (replicas, lost, gone) = (numbers.count()?, numbers.count()?, numbers.count()?);
        let loss = Scalar::read(numbers)?;
        let moments = (0..components).map(|_| Moments::read(1, numbers)).collect::<Option<_>>()?;
        Some(AlongSums { replicas, lost, gone, loss, moments })
    }
}

impl AlongTally {
    /// Averages with standard errors. The sections are merged in their order.
    #[must_use]
    pub fn components(&self) -> Components {
        let mut whole = AlongSums::empty(self.0.components);
        self.0.sums().for_each(|section| whole.merge(section));
        let AlongSums { replicas, lost, gone, loss, moments } = whole;
        Components {
            step: self.0.at,
            replicas,
            diverged: (lost - gone) as u64,
            escaped: gone as u64,
            training_error: if loss.count == 0 { f64::NAN } else { loss.mean },
            training_error_error: loss.error(),
            components: moments.iter().map(Component::from).collect(),
        }
    }

    /// It as numbers, for a part to send.
    #[must_use]
    pub fn to_numbers(&self) -> Vec<f64> {
        self.0.to_numbers()
    }

    /// The tally of the whole, from the numbers of its parts one after the other, in any order.
    ///
    /// # Errors
    /// [`Error::Malformed`](crate::Error::Malformed) for what is no tally, or not all of one.
    pub fn join(numbers: &[f64]) -> Result<AlongTally> {
        Sectioned::join(numbers).map(AlongTally)
    }
}

impl Ensemble {
    /// Measures along the columns of `directions`, `D x M`.
    #[must_use]
    pub fn measure_along(&self, directions: &DMatrix<f64>) -> Components {
        self.tally_along(directions).components()
    }

    /// What the ensemble, or a part of it, adds to that.
    #[must_use]
    pub fn tally_along(&self, directions: &DMatrix<f64>) -> AlongTally {
        let components = directions.ncols();
        let sections = self.whose().each().map(|(index, blocks)| {
            let mut section = AlongSums::empty(components);
            for block in blocks {
                let (weights, kept, counted) = (self.block(block), self.kept(block), self.counted(block));
                section.replicas += counted;
                section.lost += counted - kept.len();
                section.gone += self.exits(block).flatten().count();
                section.loss.merge(&self.loss_in(&weights, counted));
                for (sum, direction) in section.moments.iter_mut().zip(directions.column_iter()) {
                    let along = project(&weights, direction.iter().copied(), &kept);
                    sum.merge(&Moments::of(&along, 1, along.len(), along.len()));
                }
            }
            (index, section)
        });
        let sections = sections.collect();
        AlongTally(Sectioned { at: self.step(), of: self.whose().sections, components, sections })
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
