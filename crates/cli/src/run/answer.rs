//! What a run answers, from the sums of all of its parts.

use super::part::malformed;
use crate::input::Failure;
use noisy_descent::Scenario;
use noisy_descent::simulate::{EscapeMeasurement, Histogram, LaggedCovariance, MarkedTally, Measurement, Tally};
use noisy_descent::tails::{Lacking, Tails};
use noisy_descent::theory::Prediction;
use serde::Serialize;

/// Points of the survival curve.
const SURVIVAL: usize = 50;

/// What a run, or a shard of it, has summed up.
pub struct Sums {
    /// Whether it came to its last step, and to the last lag.
    pub complete: bool,
    pub point: u32,
    pub burn_in_left: u64,
    pub seconds: f64,
    /// Numbers of tallies at each look, the last step last.
    pub looks: Vec<Vec<f64>>,
    /// The same of what is remembered of the last step, at each lag.
    pub lags: Vec<Vec<f64>>,
}

/// What was measured beside what was predicted.
#[derive(Serialize)]
pub struct RunAnswer {
    scenario: Scenario,
    /// The point of a sweep whose random numbers these are.
    #[serde(skip_serializing_if = "is_zero")]
    point: u32,
    /// Whether the run reached the scenario's number of steps, and the last lag.
    complete: bool,
    /// Steps of the burn-in that Ctrl-C cut off: what is measured is not the stationary start yet.
    #[serde(skip_serializing_if = "is_zero")]
    burn_in_left: u64,
    pub(super) measurement: Measurement,
    /// What the measurement has no standard error of, for want of a moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    lacking_moments: Option<Lacking>,
    /// On the way, where asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) over_time: Vec<Measurement>,
    /// At each look, the last step last, where asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    histograms: Vec<HistogramAt>,
    /// After the last step, where asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    autocovariance: Vec<LaggedCovariance>,
    /// For a loss with a barrier.
    escape: Option<EscapeMeasurement>,
    /// The escape at each look of `over_time`; of no use but in comma-separated values.
    #[serde(skip)]
    pub(super) escapes: Vec<EscapeMeasurement>,
    /// `null` where there is none; the problem says why.
    prediction: Option<Prediction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prediction_problem: Option<String>,
    /// Fingerprint of every bit of the weights and moments.
    checksum: String,
    /// Time that it took, all shards together.
    seconds: f64,
}

/// The replicas in bins at a step.
#[derive(Serialize)]
struct HistogramAt {
    step: u64,
    #[serde(flatten)]
    histogram: Histogram,
    /// Standard error of each count.
    errors: Vec<f64>,
}

impl HistogramAt {
    fn of(tally: &Tally) -> Option<HistogramAt> {
        let histogram = tally.histogram()?.clone();
        Some(HistogramAt { step: tally.measurement().step, errors: histogram.errors(), histogram })
    }
}

impl RunAnswer {
    /// From the sums of all parts.
    pub fn new(scenario: Scenario, sums: &Sums) -> Result<RunAnswer, Failure> {
        let mut tallies = sums.looks.iter().map(|numbers| Tally::join(numbers)).collect::<Result<Vec<_>, _>>()?;
        let histograms = tallies.iter().filter_map(HistogramAt::of).collect();
        let Some(last) = tallies.pop() else {
            return Err(malformed("it holds no step").into());
        };
        // A standard error without its moment is a number of this sample alone.
        let tails = Tails::new(&scenario)?;
        let measured = |tally: &Tally| {
            let mut measurement = tally.measurement();
            tails.lacking(measurement.step).blank(&mut measurement);
            measurement
        };
        let lacking = tails.lacking(last.measurement().step);
        let lagged = |numbers: &Vec<f64>| {
            let mut lagged = MarkedTally::join(numbers)?.lagged();
            lacking.blank_autocovariance(&mut lagged);
            Ok(lagged)
        };
        let autocovariance = sums.lags.iter().map(lagged).collect::<Result<_, Failure>>()?;
        // What was measured is worth having without a theory.
        let (prediction, prediction_problem) = match noisy_descent::predict(&scenario) {
            Ok(prediction) => (Some(prediction), None),
            Err(error) => (None, Some(error.to_string())),
        };
        Ok(RunAnswer {
            point: sums.point,
            complete: sums.complete,
            burn_in_left: sums.burn_in_left,
            measurement: measured(&last),
            lacking_moments: Some(lacking).filter(Lacking::any),
            over_time: tallies.iter().map(measured).collect(),
            histograms,
            autocovariance,
            escape: last.escape(SURVIVAL),
            escapes: tallies.iter().chain([&last]).filter_map(|tally| tally.escape(1)).collect(),
            prediction,
            prediction_problem,
            checksum: format!("{:016x}", last.checksum()),
            seconds: sums.seconds,
            scenario,
        })
    }
}

pub(super) fn is_zero<T: PartialEq + Default>(number: &T) -> bool {
    *number == T::default()
}
