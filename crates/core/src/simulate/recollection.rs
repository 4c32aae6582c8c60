//! How long the replicas remember: autocovariance along given directions, and its sum, each with a standard error.

use super::along::project;
use super::ensemble::{DIVERGED, Ensemble, REPLICAS_PER_BLOCK};
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
        let mut left = MOST / directions.ncols().max(1);
        let mut followed = Vec::with_capacity(ensemble.blocks());
        let mut then = Vec::with_capacity(ensemble.blocks());
        for block in 0..ensemble.blocks() {
            let mut kept = ensemble.kept(block);
            kept.truncate(left);
            left -= kept.len();
            then.push(components(&ensemble.block(block), directions, &kept));
            followed.push(kept);
        }
        let sums = then.iter().map(|block| block.iter().map(|row| vec![0.0; row.len()]).collect()).collect();
        Recollection { step: ensemble.step(), heard: 0, directions: directions.clone(), followed, then, sums }
    }

    /// How the weights of now go with those remembered, which are added to the sum over the lags if this is the next step.
    pub fn recall(&mut self, ensemble: &Ensemble) -> Lagged {
        let lag = ensemble.step() - self.step;
        let next = lag == self.heard + 1;
        let now: Vec<Vec<Vec<f64>>> = (0..ensemble.blocks())
            .map(|block| components(&ensemble.block(block), &self.directions, &self.followed[block]))
            .collect();
        if next {
            self.heard = lag;
            for (sum, now) in self.sums.iter_mut().flatten().flatten().zip(now.iter().flatten().flatten()) {
                *sum += now;
            }
        }
        let whole = lag == self.heard;
        let mut replicas = 0;
        let found = (0..self.directions.ncols()).map(|m| {
            let triples: Vec<[f64; 3]> = (0..now.len())
                .flat_map(|block| {
                    let (then, now, sum) = (&self.then[block][m], &now[block][m], &self.sums[block][m]);
                    then.iter().zip(now).zip(sum).map(|((then, now), sum)| [*then, *now, *sum])
                })
                .filter(|[_, now, _]| now.abs() <= DIVERGED)
                .collect();
            replicas = triples.len() as u64;
            lagged(&triples, whole)
        });
        let components = found.collect();
        Lagged { lag, replicas, components }
    }
}

fn components(weights: &[f64], directions: &DMatrix<f64>, replicas: &[usize]) -> Vec<Vec<f64>> {
    debug_assert_eq!(weights.len(), directions.nrows() * REPLICAS_PER_BLOCK);
    directions.column_iter().map(|direction| project(weights, direction.iter().copied(), replicas)).collect()
}

/// From the component then, now, and summed over the lags, of each replica.
fn lagged(triples: &[[f64; 3]], whole: bool) -> LaggedComponent {
    let n = triples.len() as f64;
    if triples.len() < 2 {
        return LaggedComponent { covariance: f64::NAN, error: f64::NAN, time: f64::NAN, time_error: f64::NAN };
    }
    let mut means = [0.0; 3];
    for triple in triples {
        for (mean, value) in means.iter_mut().zip(triple) {
            *mean += value / n;
        }
    }
    // Means of: then², now·then, its square, sum·then.
    let (mut variance, mut product, mut square, mut summed) = (0.0, 0.0, 0.0, 0.0);
    let deviations = |triple: &[f64; 3]| [triple[0] - means[0], triple[1] - means[1], triple[2] - means[2]];
    for triple in triples {
        let [then, now, sum] = deviations(triple);
        variance += then * then / n;
        product += now * then / n;
        square += (now * then) * (now * then) / n;
        summed += sum * then / n;
    }
    // What each replica adds to the quotient 2·summed/variance.
    let spread: f64 = triples
        .iter()
        .map(|triple| {
            let [then, _, sum] = deviations(triple);
            let added = 2.0 * (sum * then - summed * then * then / variance) / variance;
            added * added / n
        })
        .sum();
    LaggedComponent {
        covariance: product * n / (n - 1.0),
        error: ((square - product * product).max(0.0) / n).sqrt(),
        time: if whole { 1.0 + 2.0 * summed / variance } else { f64::NAN },
        time_error: if whole { (spread / n).sqrt() } else { f64::NAN },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scenario;

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
