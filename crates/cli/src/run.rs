//! `run`: one scenario's ensemble.

use crate::crew::{Crew, Shard, threads_or_all};
use crate::input::{Failure, Source};
use crate::progress::{ProgressLine, listen_for_interrupts};
use clap::Args;
use noisy_descent::simulate::{Bins, EscapeMeasurement, Histogram, LaggedCovariance, Measurement, Tally};
use noisy_descent::theory::Prediction;
use noisy_descent::{Error, Scenario};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::str::FromStr;
use std::time::Instant;

/// Points of the survival curve.
const SURVIVAL: usize = 50;

/// A scenario to run.
#[derive(Args)]
pub struct RunArguments {
    /// A scenario document; `-` reads standard input.
    scenario: Source,
    /// Measures every so many steps too, from the start on.
    #[arg(long, value_name = "STEPS", value_parser = clap::value_parser!(u64).range(1..))]
    every: Option<u64>,
    /// Goes on after the last step, on one thread, and measures how the weights then go with those at these lags, for
    /// example 1,2,5,10.
    #[arg(long, value_delimiter = ',', conflicts_with = "shard")]
    lags: Vec<u64>,
    /// Threads that share the replicas; as many as the machine has if absent. The result does not depend on it.
    #[arg(long)]
    threads: Option<usize>,
    /// Only the i-th of n equal parts of the replicas, as `i/n` from `1/n`; `merge` puts the parts together.
    #[arg(long)]
    shard: Option<Shard>,
    /// Counts the replicas at each look in bins: `x:bins:low:high` for a coordinate (from 1), `x,y:bins:low:high` for the plane of two.
    #[arg(long, value_name = "X[,Y]:BINS:LOW:HIGH", allow_hyphen_values = true)]
    histogram: Option<Grid>,
    /// Takes the random numbers of this point of a sweep, from 0.
    #[arg(long, default_value_t = 0)]
    point: u32,
    /// Prints what was measured at each look, the last step last, as comma-separated values.
    #[arg(long, conflicts_with_all = ["shard", "lags"])]
    pub csv: bool,
}

/// The bins of a histogram as they are typed.
#[derive(Debug, Clone)]
struct Grid(Bins);

impl FromStr for Grid {
    type Err = String;

    fn from_str(text: &str) -> Result<Grid, String> {
        let (axes, bins, ends) = Grid::numbers(text)
            .ok_or_else(|| format!("it must be X[,Y]:BINS:LOW:HIGH with coordinates from 1, got {text}"))?;
        Bins::new(&axes, bins, ends).map(Grid).map_err(|error| error.to_string())
    }
}

impl Grid {
    /// Coordinates from 0, bins and ends.
    fn numbers(text: &str) -> Option<(Vec<usize>, usize, [f64; 2])> {
        let [axes, bins, low, high] = text.split(':').collect::<Vec<_>>()[..] else { return None };
        let axis = |text: &str| text.parse::<usize>().ok()?.checked_sub(1);
        let axes = axes.split(',').map(axis).collect::<Option<Vec<_>>>()?;
        Some((axes, bins.parse().ok()?, [low.parse().ok()?, high.parse().ok()?]))
    }
}

/// The first columns of comma-separated values.
const CSV_COUNTS: [&str; 6] = ["step", "replicas", "diverged", "left_before", "escaped", "steps_in_well"];

/// What was measured beside what was predicted.
#[derive(Serialize)]
pub struct RunAnswer {
    scenario: Scenario,
    /// The point of a sweep whose random numbers these are.
    #[serde(skip_serializing_if = "is_zero")]
    point: u32,
    /// Whether the run reached the scenario's number of steps.
    pub complete: bool,
    /// Steps of the burn-in that Ctrl-C cut off: what is measured is not the stationary start yet.
    #[serde(skip_serializing_if = "is_zero")]
    burn_in_left: u64,
    measurement: Measurement,
    /// On the way, where asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    over_time: Vec<Measurement>,
    /// At each look, the last step last, where asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    histograms: Vec<HistogramAt>,
    /// After the last step, where asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    autocovariance: Vec<LaggedCovariance>,
    /// For a loss with a barrier.
    escape: Option<EscapeMeasurement>,
    prediction: Prediction,
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
}

/// A shard of a run: sums from which the rest follows once all shards are there.
#[derive(Serialize, Deserialize)]
pub struct RunPart {
    scenario: Scenario,
    #[serde(default, skip_serializing_if = "is_zero")]
    point: u32,
    shard: Shard,
    complete: bool,
    #[serde(default, skip_serializing_if = "is_zero")]
    burn_in_left: u64,
    /// At each step that is looked at, the last one last: the tally's numbers, 16 hexadecimal digits of bits each.
    tallies: Vec<String>,
    seconds: f64,
}

fn is_zero<T: PartialEq + Default>(number: &T) -> bool {
    *number == T::default()
}

/// A whole run or a shard of one.
#[derive(Serialize)]
#[serde(untagged)]
pub enum RunOutput {
    Whole(Box<RunAnswer>),
    Part(Box<RunPart>),
}

impl RunArguments {
    /// Runs the scenario. An answer that Ctrl-C broke off holds what was measured where it stood.
    pub fn answer(&self) -> Result<RunOutput, Failure> {
        let scenario = self.scenario.scenario()?;
        noisy_descent::simulate::Ensemble::runs(&scenario)?;
        let threads = if self.lags.is_empty() { threads_or_all(self.threads) } else { 1 };
        let mut crew = Crew::new(&scenario, self.point, self.shard.unwrap_or(Shard::WHOLE), threads)?;
        listen_for_interrupts()?;
        let bins = self.histogram.as_ref().map(|grid| &grid.0);
        // A coordinate that there is not is said before the work.
        crew.tallies(bins)?;
        let (start, mut line) = (Instant::now(), ProgressLine::new());
        let end = u64::from(scenario.run.steps);
        let mut looks = Vec::new();
        let before = crew.burn_in_left();
        let way = |step: u64| (before + step) as f64 / (before + end) as f64;
        // The first look comes after the burn-in of a stationary start.
        for step in self.every.into_iter().flat_map(|every| noisy_descent::series::every(every, end)) {
            if !crew.advance(step, |share| line.show(share * way(step))) {
                break;
            }
            looks.push(crew.tallies(bins)?);
        }
        let complete = crew.advance(end, |share| line.show(share));
        let burn_in_left = crew.burn_in_left();
        looks.push(crew.tallies(bins)?);
        let autocovariance = if complete { self.autocovariance(&mut crew, end, &mut line) } else { Vec::new() };
        line.clear();
        let seconds = start.elapsed().as_secs_f64();
        if let Some(shard) = self.shard {
            let tallies = looks.iter().map(|numbers| written(numbers)).collect();
            let point = self.point;
            let part = RunPart { scenario, point, shard, complete, burn_in_left, tallies, seconds };
            return Ok(RunOutput::Part(Box::new(part)));
        }
        let mut answer = RunAnswer::new(scenario, complete, &looks, seconds)?;
        (answer.point, answer.burn_in_left) = (self.point, burn_in_left);
        answer.autocovariance = autocovariance;
        Ok(RunOutput::Whole(Box::new(answer)))
    }

    fn autocovariance(&self, crew: &mut Crew, end: u64, line: &mut ProgressLine) -> Vec<LaggedCovariance> {
        let mut lags = self.lags.clone();
        lags.sort_unstable();
        if let (Some(ensemble), false) = (crew.alone(), lags.is_empty()) {
            ensemble.mark();
        }
        let mut autocovariance = Vec::new();
        for lag in lags {
            if !crew.advance(end.saturating_add(lag), |share| line.show(share)) {
                break;
            }
            autocovariance.extend(crew.alone().and_then(|ensemble| ensemble.lagged_covariance()));
        }
        autocovariance
    }
}

impl RunAnswer {
    /// From the tallies of all parts at each step that was looked at.
    fn new(scenario: Scenario, complete: bool, looks: &[Vec<f64>], seconds: f64) -> Result<RunAnswer, Failure> {
        let mut tallies = looks.iter().map(|numbers| Tally::join(numbers)).collect::<Result<Vec<_>, _>>()?;
        let histograms = tallies.iter().filter_map(|tally| {
            Some(HistogramAt { step: tally.measurement().step, histogram: tally.histogram()?.clone() })
        });
        let histograms = histograms.collect();
        let Some(last) = tallies.pop() else {
            return Err(malformed("it holds no step").into());
        };
        Ok(RunAnswer {
            point: 0,
            complete,
            burn_in_left: 0,
            measurement: last.measurement(),
            over_time: tallies.iter().map(Tally::measurement).collect(),
            histograms,
            autocovariance: Vec::new(),
            escape: last.escape(SURVIVAL),
            prediction: noisy_descent::predict(&scenario)?,
            checksum: format!("{:016x}", last.checksum()),
            seconds,
            scenario,
        })
    }

    /// What was measured at each look as comma-separated values, with a line of names; an empty field where there is no number. Coordinates count
    /// from 1, and of the covariance there is one half.
    pub fn csv(&self) -> String {
        let n = self.measurement.mean.len();
        let pairs: Vec<(usize, usize)> = (0..n).flat_map(|i| (i..n).map(move |j| (i, j))).collect();
        let mut names: Vec<String> = CSV_COUNTS.map(String::from).to_vec();
        let mut with_error = |name: String| {
            let error = format!("{name}_error");
            names.extend([name, error]);
        };
        (1..=n).for_each(|i| with_error(format!("mean_{i}")));
        pairs.iter().for_each(|(i, j)| with_error(format!("covariance_{}_{}", i + 1, j + 1)));
        for name in ["skewness", "excess_kurtosis"] {
            (1..=n).for_each(|i| with_error(format!("{name}_{i}")));
        }
        with_error("training_error".into());
        let mut text = names.join(",");
        text.push('\n');
        for look in self.over_time.iter().chain(self.last_look()) {
            let counts =
                [look.step, look.replicas as u64, look.diverged, look.left_before, look.escaped, look.steps_in_well];
            let mut fields: Vec<String> = counts.map(|count| count.to_string()).to_vec();
            let mut with_error = |value: f64, error: f64| {
                fields.extend([value, error].map(|x| if x.is_finite() { x.to_string() } else { String::new() }));
            };
            (0..n).for_each(|i| with_error(look.mean[i], look.mean_error[i]));
            pairs.iter().for_each(|&(i, j)| with_error(look.covariance[i][j], look.covariance_error[i][j]));
            (0..n).for_each(|i| with_error(look.skewness[i], look.skewness_error[i]));
            (0..n).for_each(|i| with_error(look.excess_kurtosis[i], look.excess_kurtosis_error[i]));
            with_error(look.training_error, look.training_error_error);
            text.push_str(&fields.join(","));
            text.push('\n');
        }
        text
    }

    /// The last step, if it is not among those that were looked at on the way.
    fn last_look(&self) -> Option<&Measurement> {
        Some(&self.measurement).filter(|last| self.over_time.last().is_none_or(|look| look.step != last.step))
    }
}

/// The run of which these are the parts.
pub fn merge_runs(parts: Vec<(Source, RunPart)>) -> Result<RunAnswer, Failure> {
    let mut parts = parts.into_iter();
    let Some((_, first)) = parts.next() else { return Err(malformed("there is none").into()) };
    let mut looks = first.read()?;
    let (mut complete, mut seconds, mut burn_in_left) = (first.complete, first.seconds, first.burn_in_left);
    for (source, part) in parts {
        let wrong = |words: &str| Failure::Part(source.clone(), words.into());
        if (&part.scenario, part.point, part.shard.of) != (&first.scenario, first.point, first.shard.of) {
            return Err(wrong("it belongs to another run than the first"));
        }
        if part.tallies.len() != looks.len() {
            return Err(wrong("it looked at other steps than the first"));
        }
        for (numbers, more) in looks.iter_mut().zip(part.read()?) {
            numbers.extend(more);
        }
        (complete, seconds) = (complete && part.complete, seconds + part.seconds);
        burn_in_left = burn_in_left.max(part.burn_in_left);
    }
    let answer = RunAnswer::new(first.scenario, complete, &looks, seconds)?;
    Ok(RunAnswer { point: first.point, burn_in_left, ..answer })
}

impl RunPart {
    fn read(&self) -> Result<Vec<Vec<f64>>, Error> {
        self.tallies.iter().map(|text| read(text).ok_or_else(|| malformed("it is not hexadecimal"))).collect()
    }
}

fn malformed(message: &str) -> Error {
    Error::Malformed { parameter: "tally".into(), message: message.into() }
}

/// The bits of numbers in hexadecimal: JSON has no infinities, and a tally may.
fn written(numbers: &[f64]) -> String {
    numbers.iter().fold(String::with_capacity(16 * numbers.len()), |mut text, number| {
        let _ = write!(text, "{:016x}", number.to_bits());
        text
    })
}

fn read(text: &str) -> Option<Vec<f64>> {
    let (digits, rest) = text.as_bytes().as_chunks::<16>();
    let number = |digits: &[u8; 16]| {
        let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|c| c.is_ascii_hexdigit()))?;
        u64::from_str_radix(text, 16).ok().map(f64::from_bits)
    };
    rest.is_empty().then(|| digits.iter().map(number).collect()).flatten()
}
