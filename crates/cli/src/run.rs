//! `run`: one scenario's ensemble.

use crate::crew::{Crew, Shard, threads_or_all};
use crate::input::{Failure, Source};
use crate::progress::{ProgressLine, listen_for_interrupts};
use clap::Args;
use noisy_descent::simulate::{EscapeMeasurement, LaggedCovariance, Measurement, Tally};
use noisy_descent::theory::Prediction;
use noisy_descent::{Error, Scenario};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
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
}

/// What was measured beside what was predicted.
#[derive(Serialize)]
pub struct RunAnswer {
    scenario: Scenario,
    /// Whether the run reached the scenario's number of steps.
    pub complete: bool,
    measurement: Measurement,
    /// On the way, where asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    over_time: Vec<Measurement>,
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

/// A shard of a run: sums from which the rest follows once all shards are there.
#[derive(Serialize, Deserialize)]
pub struct RunPart {
    scenario: Scenario,
    shard: Shard,
    complete: bool,
    /// At each step that is looked at, the last one last: the tally's numbers, 16 hexadecimal digits of bits each.
    tallies: Vec<String>,
    seconds: f64,
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
        let mut crew = Crew::new(&scenario, 0, self.shard.unwrap_or(Shard::WHOLE), threads)?;
        listen_for_interrupts()?;
        let (start, mut line) = (Instant::now(), ProgressLine::new());
        let end = u64::from(scenario.run.steps);
        let mut looks = Vec::new();
        if let Some(every) = self.every {
            looks.push(crew.tallies());
            for step in noisy_descent::series::every(every, end).skip(1) {
                if !crew.advance(step, |share| line.show(share * step as f64 / end as f64)) {
                    break;
                }
                looks.push(crew.tallies());
            }
        }
        let complete = crew.advance(end, |share| line.show(share));
        looks.push(crew.tallies());
        let autocovariance = if complete { self.autocovariance(&mut crew, end, &mut line) } else { Vec::new() };
        line.clear();
        let seconds = start.elapsed().as_secs_f64();
        if let Some(shard) = self.shard {
            let tallies = looks.iter().map(|numbers| written(numbers)).collect();
            return Ok(RunOutput::Part(Box::new(RunPart { scenario, shard, complete, tallies, seconds })));
        }
        let mut answer = RunAnswer::new(scenario, complete, &looks, seconds)?;
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
        let Some(last) = tallies.pop() else {
            return Err(malformed("it holds no step").into());
        };
        Ok(RunAnswer {
            complete,
            measurement: last.measurement(),
            over_time: tallies.iter().map(Tally::measurement).collect(),
            autocovariance: Vec::new(),
            escape: last.escape(SURVIVAL),
            prediction: noisy_descent::predict(&scenario)?,
            checksum: format!("{:016x}", last.checksum()),
            seconds,
            scenario,
        })
    }
}

/// The run of which these are the parts.
pub fn merge_runs(parts: Vec<(Source, RunPart)>) -> Result<RunAnswer, Failure> {
    let mut parts = parts.into_iter();
    let Some((_, first)) = parts.next() else { return Err(malformed("there is none").into()) };
    let mut looks = first.read()?;
    let (mut complete, mut seconds) = (first.complete, first.seconds);
    for (source, part) in parts {
        let wrong = |words: &str| Failure::Part(source.clone(), words.into());
        if part.scenario != first.scenario || part.shard.of != first.shard.of {
            return Err(wrong("it belongs to another run than the first"));
        }
        if part.tallies.len() != looks.len() {
            return Err(wrong("it looked at other steps than the first"));
        }
        for (numbers, more) in looks.iter_mut().zip(part.read()?) {
            numbers.extend(more);
        }
        (complete, seconds) = (complete && part.complete, seconds + part.seconds);
    }
    RunAnswer::new(first.scenario, complete, &looks, seconds)
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
