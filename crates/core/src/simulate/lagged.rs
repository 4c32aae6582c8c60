//! How the weights of now go with those of an earlier step.

use super::ensemble::{DIVERGED, Ensemble, REPLICAS_PER_BLOCK};
use super::joint::Joint;
use super::numbers::Numbers;
use super::sectioned::{Sectioned, Sums};
use crate::error::Result;
use serde::Serialize;

/// Covariance between the weights at a step and those at a marked one, over the replicas that have diverged at neither.
///
/// ```
/// use noisy_descent::{Scenario, simulate::{Ensemble, LaggedCovariance}};
/// // SGD on k = 1 with λ = 1/2: the autocovariance falls as (1 − λk)^τ.
/// let scenario = Scenario::default().with_number("learning_rate", 0.5)?.with_number("steps", 60.0)?;
/// let mut ensemble = Ensemble::new(&scenario, 0)?;
/// ensemble.run();
/// ensemble.mark();
/// ensemble.set_target(61);
/// ensemble.run();
/// let lagged: LaggedCovariance = ensemble.lagged_covariance().unwrap();
/// assert_eq!((lagged.lag, lagged.replicas), (1, 10_000));
/// let variance = 0.5 / (2.0 - 0.5);
/// assert!((lagged.covariance[0][0] - 0.5 * variance).abs() < 5.0 * lagged.error[0][0]);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct LaggedCovariance {
    /// Steps since the mark.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub lag: u64,
    /// Replicas that are averaged over.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub replicas: u64,
    /// Covariance of coordinate `i` now (row) with coordinate `j` at the mark, unbiased; NaN with fewer than two replicas.
    pub covariance: Vec<Vec<f64>>,
    /// Standard error of each, from the mean squares of the products: no law is assumed.
    pub error: Vec<Vec<f64>>,
}

/// Weights of all blocks at an earlier step.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    step: u64,
    /// `[block][coordinate][replica]`.
    weights: Vec<Vec<f64>>,
}

impl Ensemble {
    /// Remembers the weights of this step, in the place of those that were remembered before: 8 bytes a coordinate of a
    /// replica, until another mark or [`Ensemble::forget_mark`].
    pub fn mark(&mut self) {
        self.mark = None; // frees the room of the old one first
        let weights = (0..self.blocks()).map(|block| self.block(block)).collect();
        self.mark = Some(Mark { step: self.step(), weights });
    }

    /// Frees what [`Ensemble::mark`] remembers.
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::Ensemble};
    /// let mut ensemble = Ensemble::new(&Scenario::default(), 0)?;
    /// ensemble.mark();
    /// ensemble.forget_mark();
    /// assert!(ensemble.lagged_covariance().is_none());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn forget_mark(&mut self) {
        self.mark = None;
    }

    /// How the weights of now go with those of the mark; `None` without a mark.
    #[must_use]
    pub fn lagged_covariance(&self) -> Option<LaggedCovariance> {
        Some(self.marked_tally()?.lagged())
    }

    /// What the ensemble, or a part of it, adds to that; `None` without a mark.
    #[must_use]
    pub fn marked_tally(&self) -> Option<MarkedTally> {
        let mark = self.mark.as_ref()?;
        let sections = self.whose().each().map(|(index, blocks)| {
            let mut products = Products::none(self.dimension());
            for block in blocks {
                products.add(&self.block(block), &mark.weights[block], self.counted(block));
            }
            (index, products)
        });
        let sections = sections.collect();
        let (at, of) = (self.step() - mark.step, self.whose().sections);
        Some(MarkedTally(Sectioned { at, of, components: self.dimension(), sections }))
    }
}

/// Sums over the weights of now and of a mark, section by section; those of parts that were run anywhere join to those of the whole, with the same bits
/// as in one run.
///
/// ```
/// use noisy_descent::{Scenario, simulate::{Ensemble, MarkedTally}};
/// let scenario = Scenario::default().with_number("replicas", 600.0)?.with_number("steps", 10.0)?;
/// let numbers = |index, of| -> noisy_descent::Result<Vec<f64>> {
///     let mut part = Ensemble::part(&scenario, 0, index, of)?;
///     part.run();
///     part.mark();
///     part.set_target(13);
///     part.run();
///     Ok(part.marked_tally().expect("marked").to_numbers())
/// };
/// let joined = MarkedTally::join(&[numbers(1, 2)?, numbers(0, 2)?].concat())?;
/// assert_eq!(joined, MarkedTally::join(&numbers(0, 1)?)?);
/// assert_eq!((joined.lagged().lag, joined.lagged().replicas), (3, 600));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MarkedTally(Sectioned<Products>);

/// Of each coordinate now with each at the mark, row by row.
#[derive(Debug, Clone, PartialEq)]
struct Products(Vec<Joint>);

impl Products {
    fn none(dimension: usize) -> Products {
        Products(vec![Joint::default(); dimension * dimension])
    }

    /// Adds the replicas of a block that have diverged neither now nor then.
    fn add(&mut self, now: &[f64], then: &[f64], counted: usize) {
        let coordinates = |weights| <[f64]>::chunks_exact(weights, REPLICAS_PER_BLOCK);
        let there = |replica: &usize| {
            coordinates(now).chain(coordinates(then)).all(|coordinate| coordinate[*replica].abs() <= DIVERGED)
        };
        let kept: Vec<usize> = (0..counted).filter(there).collect();
        let pairs = coordinates(now).flat_map(|now| coordinates(then).map(move |then| (now, then)));
        for (joint, (now, then)) in self.0.iter_mut().zip(pairs) {
            let pairs: Vec<[f64; 2]> = kept.iter().map(|&replica| [now[replica], then[replica]]).collect();
            joint.merge(&Joint::of(&pairs));
        }
    }
}

impl Sums for Products {
    fn write(&self, numbers: &mut Vec<f64>) {
        self.0.iter().for_each(|joint| joint.write(numbers));
    }

    fn read(components: usize, numbers: &mut Numbers<'_>) -> Option<Products> {
        let count = components.checked_mul(components)?;
        (0..count).map(|_| Joint::read(numbers)).collect::<Option<_>>().map(Products)
    }
}

impl MarkedTally {
    /// The covariance with its standard errors. The sections are merged in their order.
    #[must_use]
    pub fn lagged(&self) -> LaggedCovariance {
        let n = self.0.components;
        let mut whole = Products::none(n);
        for section in self.0.sums() {
            for (whole, part) in whole.0.iter_mut().zip(&section.0) {
                whole.merge(part);
            }
        }
        let rows = |entry: &dyn Fn(&Joint, f64) -> f64| -> Vec<Vec<f64>> {
            whole
                .0
                .chunks_exact(n)
                .map(|row| row.iter().map(|joint| entry(joint, joint.count as f64)).collect())
                .collect()
        };
        LaggedCovariance {
            lag: self.0.at,
            replicas: whole.0.first().map_or(0, |joint| joint.count),
            covariance: rows(&|joint, n| if n < 2.0 { f64::NAN } else { joint.central(1, 1) * n / (n - 1.0) }),
            error: rows(&|joint, n| {
                if n < 2.0 {
                    return f64::NAN;
                }
                let mean = joint.central(1, 1);
                ((joint.central(2, 2) - mean * mean).max(0.0) / n).sqrt()
            }),
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
    pub fn join(numbers: &[f64]) -> Result<MarkedTally> {
        Sectioned::join(numbers).map(MarkedTally)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scenario;

    fn run(scenario: &Scenario, index: usize, of: usize) -> Ensemble {
        let mut part = Ensemble::part(scenario, 0, index, of).unwrap();
        part.run();
        part.mark();
        part.set_target(u64::from(scenario.run.steps) + 2);
        part.run();
        part
    }

    /// The numbers that one run and parts of it give, to the last bit, when some replicas have diverged too.
    #[test]
    fn parts_give_the_bits_of_the_whole() {
        for (learning_rate, steps) in [(0.5, 20.0), (2.35, 1000.0)] {
            let scenario = [("learning_rate", learning_rate), ("steps", steps), ("replicas", 9000.0)]
                .into_iter()
                .fold(Scenario::default(), |scenario, (name, value)| scenario.with_number(name, value).unwrap());
            let whole = run(&scenario, 0, 1).lagged_covariance().unwrap();
            assert_eq!(whole.replicas < 9000, learning_rate > 2.0);
            for of in [2, 3, 40] {
                let numbers = |index| run(&scenario, index, of).marked_tally().unwrap().to_numbers();
                let parts: Vec<f64> = (0..of).rev().flat_map(numbers).collect();
                assert_eq!(format!("{:?}", MarkedTally::join(&parts).unwrap().lagged()), format!("{whole:?}"), "{of}");
            }
        }
    }

    /// The two-pass formulas over all replicas at once, of now (row) with the mark (column).
    #[test]
    fn it_is_the_covariance_of_the_replicas() {
        let scenario = Scenario::default().with_number("replicas", 700.0).unwrap().with_number("steps", 20.0).unwrap();
        let mut ensemble = Ensemble::new(&scenario, 0).unwrap();
        ensemble.run();
        ensemble.mark();
        let then = ensemble.positions(700);
        ensemble.set_target(21);
        ensemble.run();
        let (now, found) = (ensemble.positions(700), ensemble.lagged_covariance().unwrap());
        let of = |weights: &[f64], i: usize| -> Vec<f64> { weights.iter().skip(i).step_by(2).copied().collect() };
        let mean = |values: &[f64]| values.iter().sum::<f64>() / 700.0;
        for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let (x, y) = (of(&now, i), of(&then, j));
            let products: Vec<f64> = x.iter().zip(&y).map(|(x0, y0)| (x0 - mean(&x)) * (y0 - mean(&y))).collect();
            let spread = mean(&products.iter().map(|product| (product - mean(&products)).powi(2)).collect::<Vec<_>>());
            assert!((found.covariance[i][j] - mean(&products) * 700.0 / 699.0).abs() < 1e-12);
            assert!((found.error[i][j] - (spread / 700.0).sqrt()).abs() < 1e-12);
        }
    }
}
