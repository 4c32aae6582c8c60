//! The lags after the last step: what is remembered, measured beside what each theory says.

use super::Series;
use crate::error::Result;
use crate::simulate::{Ensemble, Lagged, Recollection};
use crate::tails::Lacking;
use crate::theory::Memories;
use serde::Serialize;

/// The last step of a run, while the run goes on: asked at every step after it, in order.
///
/// ```
/// use noisy_descent::{Scenario, series::{Along, Recall, Remembered, Series}, simulate::Ensemble};
/// // λk = 1.5 and 0.15: the first weight alternates, the second remembers 85 % a step.
/// let scenario = Scenario::default().with_number("steps", 300.0)?;
/// let series = Series::new(&scenario)?;
/// let mut ensemble = Ensemble::new(&scenario, 0)?;
/// ensemble.run();
/// let mut remembered = Remembered::new(&series, &ensemble)?;
/// assert_eq!(remembered.recall(&series, &ensemble).measured.lag, 0);
/// ensemble.set_target(301);
/// ensemble.run();
/// let Recall { measured, discrete, continuous, .. } = remembered.recall(&series, &ensemble);
/// let Along { covariance, time } = discrete;
/// assert!((covariance[0] + 1.5).abs() < 1e-12); // (1 − λk) λ/(2 − λ)
/// assert!((continuous.covariance[0] - 0.75 * (-1.5_f64).exp()).abs() < 1e-12);
/// assert!((time[0] - (1.0 - 2.0 * 0.5)).abs() < 1e-12); // over one lag
/// assert!((continuous.time[0] - 2.0 * (1.0 - (-1.5_f64).exp()) / 1.5).abs() < 1e-12);
/// let first = measured.components[0];
/// assert!((first.covariance - covariance[0]).abs() < 5.0 * first.error);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Remembered {
    recollection: Recollection,
    theory: LagTheory,
}

/// What the theories remember of a step, to be held against what was measured, by whoever it was.
///
/// ```
/// use noisy_descent::{Scenario, series::{LagTheory, Remembered, Series}, simulate::{Ensemble, Recollection}};
/// let scenario = Scenario::default().with_number("steps", 30.0)?;
/// let series = Series::new(&scenario)?;
/// let mut ensemble = Ensemble::new(&scenario, 0)?;
/// ensemble.run();
/// let mut recollection = Recollection::new(&ensemble, series.components());
/// let mut remembered = Remembered::new(&series, &ensemble)?;
/// let mut theory = LagTheory::new(&series, 30)?;
/// for lag in 0..3 {
///     ensemble.set_target(30 + lag);
///     ensemble.run();
///     let together = remembered.recall(&series, &ensemble);
///     assert_eq!(theory.beside(&series, recollection.recall(&ensemble)).discrete, together.discrete);
/// }
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct LagTheory {
    memories: Memories,
    lacking: Lacking,
    /// The lag up to which its sums are.
    heard: Option<u64>,
    /// Of the discrete and of the exact theory: variances, and the sums over the lags so far.
    sums: [Option<(Vec<f64>, Vec<f64>)>; 2],
}

/// One lag.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Recall {
    /// What is measured, along [`Series::components`].
    pub measured: Lagged,
    /// The diffusion.
    pub continuous: Along,
    /// The discrete theory; NaN where it has no value.
    pub discrete: Along,
    /// The exact theory; `null` where there is none, or where it would take too long.
    pub exact: Option<Along>,
}

/// One theory at one lag, for each component.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Along {
    /// Covariance with the last step.
    pub covariance: Vec<f64>,
    /// Autocorrelation time over the lags so far: `1 + 2 Σ_τ ρ_τ` as the measured one, of the diffusion `2 ∫ρ dτ`.
    pub time: Vec<f64>,
}

impl Remembered {
    /// Remembers the step at which the ensemble stands.
    ///
    /// # Errors
    /// What goes wrong with a theory.
    pub fn new(series: &Series, ensemble: &Ensemble) -> Result<Remembered> {
        Ok(Remembered {
            recollection: Recollection::new(ensemble, series.components()),
            theory: LagTheory::new(series, ensemble.step())?,
        })
    }

    /// What is left of it at the step at which the ensemble stands now: the next one, or the same the first time.
    pub fn recall(&mut self, series: &Series, ensemble: &Ensemble) -> Recall {
        self.theory.beside(series, self.recollection.recall(ensemble))
    }
}

impl LagTheory {
    /// What is remembered of a step of a series' run.
    ///
    /// # Errors
    /// What goes wrong with a theory.
    pub fn new(series: &Series, step: u64) -> Result<LagTheory> {
        let (memories, lacking) = (series.predictor.memories(step)?, series.tails.lacking(step));
        Ok(LagTheory { memories, lacking, heard: None, sums: [None, None] })
    }

    /// What was measured at a lag, along [`Series::components`], beside the theories. Lag after lag takes the least work.
    pub fn beside(&mut self, series: &Series, mut measured: Lagged) -> Recall {
        self.lacking.blank_lagged(&mut measured);
        let lag = measured.lag;
        if self.heard.is_some_and(|heard| heard >= lag) {
            (self.heard, self.sums) = (None, [None, None]);
        }
        let first = self.heard.map_or(0, |heard| heard + 1);
        (first..lag).for_each(|lag| drop(self.theories(series, lag)));
        let (discrete, exact) = self.theories(series, lag);
        self.heard = Some(lag);
        let predictor = &series.predictor;
        let spread = series.along(&predictor.diffused(&self.memories, 0));
        let so_far = series.along(&predictor.diffused_so_far(&self.memories, lag));
        // Of the diffusion the integral over the same lags; at none it has no time at all.
        let time = so_far.iter().zip(&spread).map(|(integral, variance)| 2.0 * integral / variance).collect();
        let continuous = Along { covariance: series.along(&predictor.diffused(&self.memories, lag)), time };
        Recall { measured, continuous, discrete, exact }
    }

    /// The discrete and the exact theory at the next lag.
    fn theories(&mut self, series: &Series, lag: u64) -> (Along, Option<Along>) {
        let discrete = match &self.memories.discrete {
            Some(memory) => series.along(&memory.autocovariance(lag)),
            None => vec![f64::NAN; series.components.ncols()],
        };
        let exact = self.memories.exact.as_ref().map(|memory| series.along(&memory.autocovariance(lag)));
        let [first, second] = &mut self.sums;
        (add(first, discrete), exact.map(|covariance| add(second, covariance)))
    }
}

fn add(sums: &mut Option<(Vec<f64>, Vec<f64>)>, covariance: Vec<f64>) -> Along {
    match sums {
        None => *sums = Some((covariance.clone(), vec![0.0; covariance.len()])),
        Some((_, sum)) => sum.iter_mut().zip(&covariance).for_each(|(sum, covariance)| *sum += covariance),
    }
    let time = sums.iter().flat_map(|(variances, sum)| sum.iter().zip(variances)).map(|(sum, v)| 1.0 + 2.0 * sum / v);
    Along { time: time.collect(), covariance }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scenario;

    /// A worker that takes another's place has not heard the lags before.
    #[test]
    fn theories_are_the_same_whatever_was_asked_before() {
        let scenario = Scenario::default().with_number("steps", 30.0).unwrap();
        let (series, mut ensemble) = (Series::new(&scenario).unwrap(), Ensemble::new(&scenario, 0).unwrap());
        ensemble.run();
        let mut recollection = Recollection::new(&ensemble, series.components());
        let mut theory = LagTheory::new(&series, 30).unwrap();
        for lag in 0..5 {
            ensemble.set_target(30 + lag);
            ensemble.run();
            let measured = recollection.recall(&ensemble);
            let want = theory.beside(&series, measured.clone());
            assert_eq!(LagTheory::new(&series, 30).unwrap().beside(&series, measured.clone()), want);
            assert_eq!(theory.clone().beside(&series, measured), want, "the same again");
        }
    }

    /// The experiment is the other way to what true minibatches remember, velocity and all, long before anything settles.
    #[test]
    fn minibatches_remember_what_the_exact_theory_says() {
        let document = serde_json::json!({ "version": 1,
            "loss": { "kind": "least_squares", "data": { "kind": "synthetic", "samples": 20, "input_variances": [1, 0.5] } }, "noise": { "covariance": { "kind": "minibatch", "batch_size": 2 } },
            "optimizer": { "kind": "momentum", "learning_rate": 0.15, "momentum": 0.5 },
            "run": { "replicas": 6000, "steps": 4, "start": { "kind": "gaussian", "covariance": [[1, 0.2], [0.2, 2]] } } });
        let scenario = Scenario::read(document).unwrap_or_else(|problems| panic!("{}", problems[0]));
        let (series, mut ensemble) = (Series::new(&scenario).unwrap(), Ensemble::new(&scenario, 0).unwrap());
        ensemble.run();
        let mut remembered = Remembered::new(&series, &ensemble).unwrap();
        let mut apart = 0.0_f64;
        for lag in 0..6 {
            ensemble.set_target(4 + lag);
            ensemble.run();
            let recall = remembered.recall(&series, &ensemble);
            let exact = recall.exact.unwrap();
            for (i, component) in recall.measured.components.iter().enumerate() {
                let z = (component.covariance - exact.covariance[i]) / component.error;
                assert!(
                    z.abs() < 4.5,
                    "{lag}, {i}: {} ± {} for {}",
                    component.covariance,
                    component.error,
                    exact.covariance[i]
                );
                apart = apart.max((exact.covariance[i] - recall.discrete.covariance[i]).abs() / component.error);
            }
        }
        assert!(apart > 5.0, "a constant noise would not do: {apart}");
    }
}
