//! What is measured on an ensemble.

use super::ensemble::{Ensemble, REPLICAS_PER_BLOCK};
use super::moments::Moments;
use super::scalar::Scalar;
use crate::error::{Error, Result};
use serde::Serialize;

/// Averages over the replicas at one step, each with its standard error.
///
/// Replicas that have diverged are counted and left out; with fewer than two others every spread is NaN, with none every average.
///
/// ```
/// use noisy_descent::{Scenario, simulate::{Ensemble, Measurement}};
/// // One step from the minimum is w = −λη: every variance is λ² = 1/4 under white noise of variance 1.
/// let scenario = Scenario::default().with_number("learning_rate", 0.5)?.with_number("steps", 1.0)?;
/// let mut ensemble = Ensemble::new(&scenario, 0)?;
/// ensemble.run();
/// let measured: Measurement = ensemble.measure();
/// assert_eq!((measured.step, measured.replicas, measured.diverged, measured.escaped), (1, 10_000, 0, 0));
/// let (variance, error) = (measured.covariance[1][1], measured.covariance_error[1][1]);
/// assert!((error / (0.25 * (2.0 / 10_000_f64).sqrt()) - 1.0).abs() < 0.1); // a Gaussian's: Σ√(2/n)
/// assert!((variance - 0.25).abs() < 5.0 * error);
/// // The loss is tr(KΣ)/2 = (1 + 0.1)/8.
/// assert!((measured.training_error - 0.1375).abs() < 5.0 * measured.training_error_error);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Measurement {
    /// Steps done.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub step: u64,
    /// Replicas, diverged ones included.
    pub replicas: usize,
    /// Replicas that have diverged: a coordinate is beyond [`DIVERGED`](super::DIVERGED), infinite or NaN.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub diverged: u64,
    /// Replicas that left the well of a potential during the burn-in of a stationary start: they take no part in the run.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub left_before: u64,
    /// Replicas that have left the well since; the averages are over those still in it.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub escaped: u64,
    /// Steps that all replicas together have spent in the well of a potential; 0 for a loss without an exit.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub steps_in_well: u64,
    /// Sum over the replicas of the square of these steps: the spread of the times, once all have left.
    pub squared_steps_in_well: f64,
    /// Mean of each coordinate.
    pub mean: Vec<f64>,
    /// Standard error of the mean.
    pub mean_error: Vec<f64>,
    /// Unbiased covariance, `D` rows of `D` numbers.
    pub covariance: Vec<Vec<f64>>,
    /// Standard error of each covariance, from fourth moments.
    pub covariance_error: Vec<Vec<f64>>,
    /// Skewness of each coordinate: its third central moment at unit variance; NaN where nothing varies.
    pub skewness: Vec<f64>,
    /// Standard error of each skewness, from sixth moments.
    pub skewness_error: Vec<f64>,
    /// Excess kurtosis of each coordinate: its fourth central moment at unit variance, less 3.
    pub excess_kurtosis: Vec<f64>,
    /// Standard error of each excess kurtosis, from eighth moments: it means nothing for a noise that has none, and under heavy
    /// tails a sample that lacks the rare large ones has too small a kurtosis and too small an error (for 20 000 Laplace samples, one in 200 is more
    /// than 3.5 errors too low).
    pub excess_kurtosis_error: Vec<f64>,
    /// Mean loss above the minimum.
    pub training_error: f64,
    /// Standard error of the training error.
    pub training_error_error: f64,
}

/// Numbers of replicas over a grid in the plane of two coordinates.
///
/// ```
/// use noisy_descent::{Scenario, simulate::{Density, Ensemble}};
/// // Before the first step all 10 000 replicas are at the minimum: in the upper right of 2 x 2 cells that meet there.
/// let ensemble = Ensemble::new(&Scenario::default(), 0)?;
/// let density: Density = ensemble.density(0, Some(1), (2, 2), [-1.0, -1.0], [1.0, 1.0])?;
/// assert_eq!((density.columns, density.rows, density.outside), (2, 2, 0));
/// assert_eq!(density.counts, [0, 0, 0, 10_000]);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Density {
    /// Counts, row by row from the smallest second coordinate, `columns` numbers a row.
    pub counts: Vec<u32>,
    /// Cells along the first coordinate.
    pub columns: usize,
    /// Cells along the second coordinate; 1 for a histogram of the first.
    pub rows: usize,
    /// Replicas outside the grid, diverged ones included.
    pub outside: u32,
}

/// How many replicas left the well, and the steps that all of them spent in it.
pub(super) struct Exits {
    pub(super) left_before: u64,
    pub(super) escaped: u64,
    pub(super) steps_in_well: u64,
    pub(super) squared_steps_in_well: f64,
}

impl Measurement {
    /// From the moments of the weights and the losses of the replicas that are in the well and have not diverged.
    pub(super) fn of(step: u64, exits: Exits, replicas: usize, moments: &Moments, loss: Scalar) -> Measurement {
        let n = moments.mean.len();
        let rows = |entry: &dyn Fn(usize, usize) -> f64| -> Vec<Vec<f64>> {
            (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect()
        };
        let each = |number: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..n).map(number).collect() };
        Measurement {
            step,
            replicas,
            diverged: moments.diverged - exits.left_before - exits.escaped,
            left_before: exits.left_before,
            escaped: exits.escaped,
            steps_in_well: exits.steps_in_well,
            squared_steps_in_well: exits.squared_steps_in_well,
            mean: if moments.count == 0 { vec![f64::NAN; n] } else { moments.mean.clone() },
            mean_error: each(&|i| moments.mean_error(i)),
            covariance: rows(&|i, j| moments.covariance(i, j)),
            covariance_error: rows(&|i, j| moments.covariance_error(i, j)),
            skewness: each(&|i| moments.skewness(i)),
            skewness_error: each(&|i| moments.skewness_error(i)),
            excess_kurtosis: each(&|i| moments.excess_kurtosis(i)),
            excess_kurtosis_error: each(&|i| moments.excess_kurtosis_error(i)),
            training_error: if loss.count == 0 { f64::NAN } else { loss.mean },
            training_error_error: loss.error(),
        }
    }
}

impl Ensemble {
    /// Measures the ensemble where it stands.
    #[must_use]
    pub fn measure(&self) -> Measurement {
        self.sums().measurement()
    }

    /// Moments of the weights over all replicas.
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::Ensemble};
    /// let mut ensemble = Ensemble::new(&Scenario::default().with_number("steps", 5.0)?, 0)?;
    /// ensemble.run();
    /// let (moments, measured) = (ensemble.moments(), ensemble.measure());
    /// assert_eq!(moments.count, 10_000);
    /// assert_eq!(moments.covariance(0, 1), measured.covariance[0][1]);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn moments(&self) -> Moments {
        self.sums().moments()
    }

    /// Counts the replicas on a grid: coordinates `x` and `y` (from 0), `columns x rows` cells over `[low, high)` in each;
    /// `y = None` makes a histogram of `x` with one row.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a coordinate that the ensemble does not have.
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::Ensemble};
    /// let mut ensemble = Ensemble::new(&Scenario::default().with_number("steps", 5.0)?, 0)?;
    /// ensemble.run();
    /// let histogram = ensemble.density(0, None, (40, 1), [-4.0, 0.0], [4.0, 0.0])?;
    /// assert_eq!(histogram.counts.iter().sum::<u32>() + histogram.outside, 10_000);
    /// let error = ensemble.density(2, None, (40, 1), [-4.0, 0.0], [4.0, 0.0]).unwrap_err();
    /// assert_eq!(error.to_string(), "coordinate must lie in [1, 2], got 3");
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn density(
        &self,
        x: usize,
        y: Option<usize>,
        size: (usize, usize),
        low: [f64; 2],
        high: [f64; 2],
    ) -> Result<Density> {
        let largest = x.max(y.unwrap_or(x));
        if largest >= self.dimension() {
            let (value, allowed) = (largest as f64 + 1.0, format!("[1, {}]", self.dimension()));
            return Err(Error::OutOfRange { parameter: "coordinate".into(), value, allowed });
        }
        let place = |axis: usize, at: &dyn Fn(usize) -> f64| at(if axis == 0 { x } else { y.unwrap_or(x) });
        Ok(self.count(place, (size.0, if y.is_some() { size.1 } else { 1 }), low, high))
    }

    /// The same over the plane of two directions, given by `D` numbers each.
    ///
    /// # Errors
    /// [`Error::SizeMismatch`] for a direction of another size than the ensemble's.
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::Ensemble};
    /// let mut ensemble = Ensemble::new(&Scenario::default().with_number("steps", 5.0)?, 0)?;
    /// ensemble.run();
    /// let (low, high) = ([-4.0, -4.0], [4.0, 4.0]);
    /// let along = ensemble.density_along([&[1.0, 0.0], &[0.0, 1.0]], (8, 8), low, high)?;
    /// assert_eq!(along, ensemble.density(0, Some(1), (8, 8), low, high)?); // the axes themselves
    /// assert!(ensemble.density_along([&[1.0], &[1.0]], (8, 8), low, high).is_err());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn density_along(
        &self,
        directions: [&[f64]; 2],
        size: (usize, usize),
        low: [f64; 2],
        high: [f64; 2],
    ) -> Result<Density> {
        self.check_directions(directions)?;
        let place = |axis: usize, at: &dyn Fn(usize) -> f64| dot(directions[axis], at);
        Ok(self.count(place, size, low, high))
    }

    /// Moments of the weights along two directions, given by `D` numbers each: two coordinates.
    ///
    /// # Errors
    /// As for [`Ensemble::density_along`].
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::Ensemble};
    /// let mut ensemble = Ensemble::new(&Scenario::default().with_number("steps", 5.0)?, 0)?;
    /// ensemble.run();
    /// let half = 0.5f64.sqrt();
    /// let along = ensemble.moments_along([&[half, half], &[half, -half]])?;
    /// let measured = ensemble.measure().covariance;
    /// let sum = 0.5 * (measured[0][0] + 2.0 * measured[0][1] + measured[1][1]);
    /// assert!((along.covariance(0, 0) / sum - 1.0).abs() < 1e-12 && along.covariance_error(0, 0) > 0.0);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn moments_along(&self, directions: [&[f64]; 2]) -> Result<Moments> {
        self.check_directions(directions)?;
        let mut total = Moments::empty(2);
        let mut projected = vec![0.0; 2 * REPLICAS_PER_BLOCK];
        for block in 0..self.blocks() {
            let weights = self.block(block);
            for replica in 0..REPLICAS_PER_BLOCK {
                let at = |i: usize| weights[i * REPLICAS_PER_BLOCK + replica];
                projected[replica] = dot(directions[0], &at);
                projected[REPLICAS_PER_BLOCK + replica] = dot(directions[1], &at);
            }
            total.merge(&Moments::of(&projected, 2, REPLICAS_PER_BLOCK, self.counted(block)));
        }
        Ok(total)
    }

    fn check_directions(&self, directions: [&[f64]; 2]) -> Result<()> {
        match directions.iter().find(|direction| direction.len() != self.dimension()) {
            None => Ok(()),
            Some(direction) => Err(Error::SizeMismatch {
                parameter: "direction".into(),
                size: direction.len(),
                of: "ensemble".into(),
                expected: self.dimension(),
            }),
        }
    }

    /// Counts the replicas on a grid over two numbers of each, which `place` finds; of one row only the first matters.
    fn count(
        &self,
        place: impl Fn(usize, &dyn Fn(usize) -> f64) -> f64,
        (columns, rows): (usize, usize),
        low: [f64; 2],
        high: [f64; 2],
    ) -> Density {
        let mut density = Density { counts: vec![0; columns * rows], columns, rows, outside: 0 };
        let cell = |value: f64, axis: usize, cells: usize| {
            let place = (value - low[axis]) / (high[axis] - low[axis]) * cells as f64;
            (place >= 0.0 && place < cells as f64).then_some(place as usize)
        };
        for block in 0..self.blocks() {
            let weights = self.block(block);
            for replica in 0..self.counted(block) {
                let at = |i: usize| weights[i * REPLICAS_PER_BLOCK + replica];
                let column = cell(place(0, &at), 0, columns);
                let row = if rows == 1 { Some(0) } else { cell(place(1, &at), 1, rows) };
                match (column, row) {
                    (Some(column), Some(row)) => density.counts[row * columns + column] += 1,
                    _ => density.outside += 1,
                }
            }
        }
        density
    }
}

/// A replica's weights along a direction.
fn dot(direction: &[f64], at: &dyn Fn(usize) -> f64) -> f64 {
    direction.iter().enumerate().map(|(i, share)| share * at(i)).sum()
}
