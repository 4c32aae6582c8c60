//! How long the replicas remember: autocovariance along given directions, and its sum, each with a standard error.

use super::along::project;
use super::ensemble::{DIVERGED, Ensemble, REPLICAS_PER_BLOCK};
use super::joint::Joint;
use super::numbers::Numbers;
use super::sectioned::{Sectioned, Sums};
use crate::error::Result;
use nalgebra::DMatrix;
use serde::Serialize;

/// Most numbers of one time that are kept: replicas beyond this many over the directions are not followed.
const MOST: usize = 1_000_000;

/// Components of the weights at one step, remembered while the ensemble goes on, step by step.
///
/// ```
/// use noisy_descent::{Scenario, nalgebra::dmatrix, simulate::{Ensemble, Lagged, LaggedComponent, Recollection}};
/// // SGD on k = 1 with λ = 1.5: what is remembered after a step is 1 − λk = −1/2 of the variance 3, and the times add up to
/// // (2 − λk)/(λk) = 1/3.
/// let scenario = Scenario::default().with_number("steps", 200.0)?;
/// let mut ensemble = Ensemble::new(&scenario, 0)?;
/// ensemble.run();
/// let mut recollection = Recollection::new(&ensemble, &dmatrix![1.0; 0.0]);
/// let mut last = recollection.recall(&ensemble);
/// assert_eq!((last.lag, last.replicas, last.components[0].time), (0, 10_000, 1.0));
/// for lag in 1..=20 {
///     ensemble.set_target(200 + lag);
///     ensemble.run();
///     last = recollection.recall(&ensemble);
///     let LaggedComponent { covariance, error, .. } = last.components[0];
///     let left = 3.0 * (-0.5_f64).powi(lag as i32);
///     assert!((covariance - left).abs() < 5.0 * error, "{lag}: {covariance} ± {error} for {left}");
/// }
/// let Lagged { components, .. } = last;
/// assert!((components[0].time - 1.0 / 3.0).abs() < 5.0 * components[0].time_error);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Recollection {
    step: u64,
    /// Steps after it that have been added up.
    heard: u64,
    directions: DMatrix<f64>,
    /// Replicas of each block that are followed.
    followed: Vec<Vec<usize>>,
    /// `[block][direction][replica]` then, and the sum over all later steps that were heard.
    then: Vec<Vec<Vec<f64>>>,
    sums: Vec<Vec<Vec<f64>>>,
}

/// What is left of one step at a later one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Lagged {
    /// Steps in between.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub lag: u64,
    /// Replicas that are averaged over: those followed that have diverged at neither step.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub replicas: u64,
    /// One for each direction.
    pub components: Vec<LaggedComponent>,
}

/// The same of one component; NaN where there are too few replicas.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct LaggedComponent {
    /// Covariance of the component now with itself then, unbiased.
    pub covariance: f64,
    /// Its standard error, from the mean squares of the products.
    pub error: f64,
    /// Autocorrelation time over the lags so far, `1 + 2 Σ_τ ρ_τ`; NaN where a step was left out.
    pub time: f64,
    /// Its standard error, replica by replica, so that what neighbouring lags share is counted.
    pub time_error: f64,
}

impl Recollection {
    /// Remembers the components along the columns of `directions`, `D x M`, of the weights of now.
    #[must_use]
    pub fn new(ensemble: &Ensemble, directions: &DMatrix<f64>) -> Recollection {
        // The first replicas of the whole, whoever runs them.
        let most = MOST / directions.ncols().max(1);
        let before = ensemble.whose().blocks.start;
        let mut followed = Vec::with_capacity(ensemble.blocks());
        let mut then = Vec::with_capacity(ensemble.blocks());
        for block in 0..ensemble.blocks() {
            let first = (before + block) * REPLICAS_PER_BLOCK;
            let kept: Vec<usize> = ensemble.kept(block).into_iter().filter(|replica| first + replica < most).collect();
            then.push(components(&ensemble.block(block), directions, &kept));
            followed.push(kept);
        }
        let sums = then.iter().map(|block| block.iter().map(|row| vec![0.0; row.len()]).collect()).collect();
        Recollection { step: ensemble.step(), heard: 0, directions: directions.clone(), followed, then, sums }
    }

    /// How the weights of now go with those remembered, which are added to the sum over the lags if this is the next step.
    pub fn recall(&mut self, ensemble: &Ensemble) -> Lagged {
        self.tally(ensemble).lagged()
    }

    /// What the ensemble, or a part of it, adds to that.
    pub fn tally(&mut self, ensemble: &Ensemble) -> LaggedTally {
        let lag = ensemble.step() - self.step;
        let now: Vec<Vec<Vec<f64>>> = (0..ensemble.blocks())
            .map(|block| components(&ensemble.block(block), &self.directions, &self.followed[block]))
            .collect();
        if lag == self.heard + 1 {
            self.heard = lag;
            for (sum, now) in self.sums.iter_mut().flatten().flatten().zip(now.iter().flatten().flatten()) {
                *sum += now;
            }
        }
        let whole = lag == self.heard;
        let count = self.directions.ncols();
        let sections = ensemble.whose().each().map(|(index, blocks)| {
            let mut section = LaggedSums { whole, components: vec![Default::default(); count] };
            for block in blocks {
                for (m, [product, summed]) in section.components.iter_mut().enumerate() {
                    let (then, now, sum) = (&self.then[block][m], &now[block][m], &self.sums[block][m]);
                    let there = |n: &usize| now[*n].abs() <= DIVERGED;
                    let with = |other: &[f64]| -> Vec<[f64; 2]> {
                        (0..then.len()).filter(there).map(|n| [other[n], then[n]]).collect()
                    };
                    product.merge(&Joint::of(&with(now)));
                    summed.merge(&Joint::of(&with(sum)));
                }
            }
            (index, section)
        });
        let sections = sections.collect();
        LaggedTally(Sectioned { at: lag, of: ensemble.whose().sections, components: count, sections })
    }
}

/// Sums over what is remembered, section by section; those of parts that were run anywhere join to those of the whole, with the same bits as in one run.
///
/// ```
/// use noisy_descent::{Scenario, nalgebra::DMatrix, simulate::{Ensemble, LaggedTally, Recollection}};
/// let scenario = Scenario::default().with_number("replicas", 600.0)?.with_number("steps", 10.0)?;
/// let numbers = |index, of| -> noisy_descent::Result<Vec<f64>> {
///     let mut part = Ensemble::part(&scenario, 0, index, of)?;
///     part.run();
///     let mut recollection = Recollection::new(&part, &DMatrix::identity(2, 2));
///     part.set_target(11);
///     part.run();
///     Ok(recollection.tally(&part).to_numbers())
/// };
/// let joined = LaggedTally::join(&[numbers(1, 2)?, numbers(0, 2)?].concat())?;
/// assert_eq!(joined, LaggedTally::join(&numbers(0, 1)?)?);
/// assert_eq!((joined.lagged().lag, joined.lagged().replicas), (1, 600));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LaggedTally(Sectioned<LaggedSums>);

/// The sums of one section.
#[derive(Debug, Clone, PartialEq)]
struct LaggedSums {
    /// Whether the sums over the lags have all of them.
    whole: bool,
    /// Of each component, the second of each pair being the component then: the component now, and the sum over the lags.
    components: Vec<[Joint; 2]>,
}

impl Sums for LaggedSums {
    fn write(&self, numbers: &mut Vec<f64>) {
        numbers.push(f64::from(u8::from(self.whole)));
        self.components.iter().flatten().for_each(|joint| joint.write(numbers));
    }

    fn read(components: usize, numbers: &mut Numbers<'_>) -> Option<LaggedSums> {
        let whole = numbers.next()? == 1.0;
        let read = (0..components).map(|_| Some([Joint::read(numbers)?, Joint::read(numbers)?]));
        Some(LaggedSums { whole, components: read.collect::<Option<_>>()? })
    }
}

impl LaggedTally {
    /// Averages with standard errors. The sections are merged in their order.
    #[must_use]
    pub fn lagged(&self) -> Lagged {
        let mut components = vec![<[Joint; 2]>::default(); self.0.components];
        for section in self.0.sums() {
            for (whole, part) in components.iter_mut().flatten().zip(section.components.iter().flatten()) {
                whole.merge(part);
            }
        }
        let whole = self.0.sums().all(|section| section.whole);
        Lagged {
            lag: self.0.at,
            replicas: components.last().map_or(0, |[product, _]| product.count),
            components: components.iter().map(|[product, summed]| lagged(product, summed, whole)).collect(),
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
    pub fn join(numbers: &[f64]) -> Result<LaggedTally> {
        Sectioned::join(numbers).map(LaggedTally)
    }
}

fn components(weights: &[f64], directions: &DMatrix<f64>, replicas: &[usize]) -> Vec<Vec<f64>> {
    debug_assert_eq!(weights.len(), directions.nrows() * REPLICAS_PER_BLOCK);
    directions.column_iter().map(|direction| project(weights, direction.iter().copied(), replicas)).collect()
}

/// From the component now and summed over the lags, each with the component then.
fn lagged(product: &Joint, summed: &Joint, whole: bool) -> LaggedComponent {
    if product.count < 2 {
        return LaggedComponent { covariance: f64::NAN, error: f64::NAN, time: f64::NAN, time_error: f64::NAN };
    }
    let n = product.count as f64;
    let covariance = product.central(1, 1);
    let error = ((product.central(2, 2) - covariance * covariance).max(0.0) / n).sqrt();
    let covariance = covariance * n / (n - 1.0);
    if !whole {
        return LaggedComponent { covariance, error, time: f64::NAN, time_error: f64::NAN };
    }
    let variance = summed.central(0, 2);
    let quotient = summed.central(1, 1) / variance;
    // What each replica adds to the quotient is (sum·then − quotient·then²)/variance; the mean of its square:
    let square =
        summed.central(2, 2) - 2.0 * quotient * summed.central(1, 3) + quotient * quotient * summed.central(0, 4);
    // Of a sum that is nothing there is rounding left.
    let square = if square < 0.0 { 0.0 } else { square };
    LaggedComponent { covariance, error, time: 1.0 + 2.0 * quotient, time_error: 2.0 * (square / n).sqrt() / variance }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scenario;
    use crate::simulate::AlongTally;

    #[test]
    fn along_the_axes_it_is_the_covariance_with_a_mark() {
        let scenario = Scenario::default().with_number("replicas", 600.0).unwrap().with_number("steps", 20.0).unwrap();
        let mut ensemble = Ensemble::new(&scenario, 0).unwrap();
        ensemble.run();
        ensemble.mark();
        let mut recollection = Recollection::new(&ensemble, &DMatrix::identity(2, 2));
        for lag in [0, 1, 2, 5] {
            ensemble.set_target(20 + lag);
            ensemble.run();
            let (got, want) = (recollection.recall(&ensemble), ensemble.lagged_covariance().unwrap());
            assert_eq!((got.lag, got.replicas), (lag, 600));
            for (i, component) in got.components.iter().enumerate() {
                assert!((component.covariance - want.covariance[i][i]).abs() < 1e-12);
                assert!((component.error - want.error[i][i]).abs() < 1e-12);
                assert_eq!(component.time.is_nan(), lag > 2, "a sum with a step left out is none");
            }
        }
    }

    /// The numbers that one run and parts of it give, to the last bit, when some replicas have diverged too.
    #[test]
    fn parts_give_the_bits_of_the_whole() {
        for (learning_rate, steps) in [(0.5, 20), (2.35, 1000)] {
            let scenario = [("learning_rate", learning_rate), ("steps", f64::from(steps)), ("replicas", 9000.0)]
                .into_iter()
                .fold(Scenario::default(), |scenario, (name, value)| scenario.with_number(name, value).unwrap());
            let run = |index: usize, of: usize| {
                let mut part = Ensemble::part(&scenario, 0, index, of).unwrap();
                part.run();
                let mut recollection = Recollection::new(&part, &DMatrix::identity(2, 2));
                let along = part.tally_along(&DMatrix::identity(2, 2)).to_numbers();
                let tallies: Vec<Vec<f64>> = (0..4)
                    .map(|lag| {
                        part.set_target(u64::from(steps as u32) + lag);
                        part.run();
                        recollection.tally(&part).to_numbers()
                    })
                    .collect();
                (along, tallies)
            };
            let (whole_along, whole) = run(0, 1);
            for of in [2, 3, 40] {
                let parts: Vec<_> = (0..of).rev().map(|index| run(index, of)).collect();
                let along: Vec<f64> = parts.iter().flat_map(|(along, _)| along.clone()).collect();
                let text = |numbers: &[f64]| format!("{:?}", AlongTally::join(numbers).unwrap().components());
                assert_eq!(text(&along), text(&whole_along));
                for (lag, whole) in whole.iter().enumerate() {
                    let joined: Vec<f64> = parts.iter().flat_map(|(_, tallies)| tallies[lag].clone()).collect();
                    let text = |numbers: &[f64]| format!("{:?}", LaggedTally::join(numbers).unwrap().lagged());
                    assert_eq!(text(&joined), text(whole), "lag {lag} of {of} parts");
                }
            }
            let words = |numbers: &[f64]| LaggedTally::join(numbers).unwrap_err().to_string();
            assert!(words(&run(1, 3).1[0]).ends_with("a section is missing, or there twice"));
            assert!(words(&whole[0].repeat(2)).ends_with("a section is missing, or there twice"));
            assert!(words(&[&whole[0][..], &whole[1][..]].concat()).contains("different ensembles"));
            assert!(words(&whole[0][..7]).contains("not the numbers") && words(&[]).contains("there is none"));
        }
    }

    /// The two-pass formulas over all replicas at once.
    #[test]
    fn the_errors_are_those_of_the_spread_of_replicas() {
        let scenario = Scenario::default().with_number("replicas", 700.0).unwrap().with_number("steps", 20.0).unwrap();
        let mut ensemble = Ensemble::new(&scenario, 0).unwrap();
        ensemble.run();
        let mut recollection = Recollection::new(&ensemble, &DMatrix::identity(2, 2));
        let at =
            |ensemble: &Ensemble| -> Vec<f64> { ensemble.positions(700).iter().skip(1).step_by(2).copied().collect() };
        let (then, mut sum) = (at(&ensemble), vec![0.0; 700]);
        let mut found = recollection.recall(&ensemble);
        for lag in 1..=3 {
            ensemble.set_target(20 + lag);
            ensemble.run();
            sum.iter_mut().zip(at(&ensemble)).for_each(|(sum, now)| *sum += now);
            found = recollection.recall(&ensemble);
        }
        let mean = |values: &[f64]| values.iter().sum::<f64>() / 700.0;
        let centred = |values: &[f64]| -> Vec<f64> { values.iter().map(|value| value - mean(values)).collect() };
        let (t, s, now) = (centred(&then), centred(&sum), centred(&at(&ensemble)));
        let over = |of: &dyn Fn(usize) -> f64| (0..700).map(of).sum::<f64>() / 700.0;
        let (variance, both) = (over(&|n| t[n] * t[n]), over(&|n| s[n] * t[n]));
        let added = over(&|n| (2.0 * (s[n] * t[n] - both / variance * t[n] * t[n]) / variance).powi(2));
        let product = over(&|n| now[n] * t[n]);
        let spread = over(&|n| (now[n] * t[n] - product).powi(2));
        let close = |got: f64, want: f64| assert!((got / want - 1.0).abs() < 1e-10, "{got} is not {want}");
        let component = found.components[1];
        close(component.time, 1.0 + 2.0 * both / variance);
        close(component.time_error, (added / 700.0).sqrt());
        close(component.covariance, product * 700.0 / 699.0);
        close(component.error, (spread / 700.0).sqrt());
    }

    #[test]
    fn the_time_is_the_sum_of_the_correlations() {
        let scenario = Scenario::default().with_number("replicas", 500.0).unwrap().with_number("steps", 30.0).unwrap();
        let mut ensemble = Ensemble::new(&scenario, 0).unwrap();
        ensemble.run();
        let mut recollection = Recollection::new(&ensemble, &DMatrix::identity(2, 2));
        let variance = recollection.recall(&ensemble).components[1].covariance;
        let mut sum = 1.0;
        for lag in 1..=10 {
            ensemble.set_target(30 + lag);
            ensemble.run();
            let component = recollection.recall(&ensemble).components[1];
            sum += 2.0 * component.covariance / variance;
            assert!((component.time - sum).abs() < 1e-10);
        }
    }
}
