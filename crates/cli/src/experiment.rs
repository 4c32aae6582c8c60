//! `run`, `sweep` and `merge`: the experiment from a terminal.

use crate::input::{Failure, Source};
use clap::Args;
use noisy_descent::simulate::{Ensemble, EscapeMeasurement, LaggedCovariance, Measurement};
use noisy_descent::sweep::{SweepPoint, Verdict, verdict};
use noisy_descent::theory::Prediction;
use noisy_descent::{Scenario, Sweep};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Updates between two looks at the progress and at Ctrl-C: a fraction of a second.
const STAGE: u64 = 20_000_000;

/// Set by Ctrl-C.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C ends the work between two portions, and what is done is printed.
fn listen_for_interrupts() -> Result<(), Failure> {
    let heard = || INTERRUPTED.store(true, Ordering::Relaxed);
    ctrlc::set_handler(heard).map_err(|error| Failure::Output(io::Error::other(error)))
}

/// A scenario to run.
#[derive(Args)]
pub struct RunArguments {
    /// A scenario document; `-` reads standard input.
    scenario: Source,
    /// Measures every so many steps too, from the start on.
    #[arg(long, value_name = "STEPS", value_parser = clap::value_parser!(u64).range(1..))]
    every: Option<u64>,
    /// Goes on after the last step and measures how the weights then go with those at these lags, for example 1,2,5,10.
    #[arg(long, value_delimiter = ',')]
    lags: Vec<u64>,
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
    seconds: f64,
}

impl RunArguments {
    /// Runs the scenario.
    pub fn answer(&self) -> Result<RunAnswer, Failure> {
        let scenario = self.scenario.scenario()?;
        let mut ensemble = Ensemble::new(&scenario, 0)?;
        let prediction = noisy_descent::predict(&scenario)?;
        listen_for_interrupts()?;
        let (start, mut line) = (Instant::now(), ProgressLine::new());
        let end = u64::from(scenario.run.steps);
        let mut over_time = Vec::new();
        if let Some(every) = self.every {
            over_time.push(ensemble.measure());
            for step in noisy_descent::series::every(every, end).skip(1) {
                if !advance(&mut ensemble, step, |share| line.show(share * step as f64 / end as f64)) {
                    break;
                }
                over_time.push(ensemble.measure());
            }
        }
        let complete = advance(&mut ensemble, end, |share| line.show(share));
        let (measurement, escape) = (ensemble.measure(), ensemble.escape(50));
        let checksum = format!("{:016x}", ensemble.checksum());
        let mut lags = self.lags.clone();
        lags.sort_unstable();
        let mut autocovariance = Vec::new();
        if complete && !lags.is_empty() {
            ensemble.mark();
            for lag in lags {
                if !advance(&mut ensemble, end.saturating_add(lag), |share| line.show(share)) {
                    break;
                }
                autocovariance.extend(ensemble.lagged_covariance());
            }
        }
        line.clear();
        Ok(RunAnswer {
            complete,
            measurement,
            over_time,
            autocovariance,
            escape,
            prediction,
            checksum,
            seconds: start.elapsed().as_secs_f64(),
            scenario,
        })
    }
}

/// Advances to the end, in stages after which all replicas stand at the same step; whether it was the end, or Ctrl-C.
fn advance(ensemble: &mut Ensemble, steps: u64, mut progress: impl FnMut(f64)) -> bool {
    let stage = (STAGE / (ensemble.replicas() * ensemble.dimension()) as u64).max(1);
    while ensemble.step() < steps {
        if INTERRUPTED.load(Ordering::Relaxed) {
            return false;
        }
        ensemble.set_target(ensemble.step().saturating_add(stage).min(steps));
        ensemble.run();
        progress(ensemble.step() as f64 / steps as f64);
    }
    true
}

/// A sweep to run, or a part of it.
#[derive(Args)]
pub struct SweepArguments {
    /// A sweep document; `-` reads standard input.
    sweep: Source,
    /// Threads that share the points; as many as the machine has if absent. The result does not depend on it.
    #[arg(long)]
    threads: Option<usize>,
    /// Only every n-th point from the i-th on, as `i/n` from `1/n`; `merge` puts the parts together.
    #[arg(long)]
    shard: Option<Shard>,
    /// Prints the points as comma-separated values.
    #[arg(long)]
    pub csv: bool,
}

/// One of `of` equal parts, from 1.
#[derive(Debug, Clone, Copy)]
pub struct Shard {
    part: usize,
    of: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((part, of)) if 1 <= part && part <= of => Ok(Shard { part, of }),
            _ => Err(format!("it must be i/n with 1 ≤ i ≤ n, got {text}")),
        }
    }
}

/// Points of a sweep with the verdict on the theories.
#[derive(Serialize)]
pub struct SweepAnswer {
    sweep: Sweep,
    /// Whether every point of the sweep is there.
    pub complete: bool,
    points: Vec<SweepPoint>,
    verdict: Verdict,
}

/// The same as it is read again.
#[derive(Deserialize)]
struct SweepPart {
    sweep: Sweep,
    points: Vec<SweepPoint>,
}

impl SweepAnswer {
    fn new(sweep: Sweep, mut points: Vec<SweepPoint>) -> SweepAnswer {
        points.sort_by_key(|point| point.index);
        SweepAnswer { complete: points.len() == sweep.points as usize, verdict: verdict(&points), sweep, points }
    }

    /// The points as comma-separated values, with a line of names, and a last column for a sweep with a formula; an empty field where there is no number.
    pub fn csv(&self) -> String {
        let formula = !self.sweep.formula.trim().is_empty();
        let mut text = String::from("index,x,measured,error,replicas,diverged,continuous,discrete,exact");
        text.push_str(if formula { ",formula\n" } else { "\n" });
        let or_empty = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        for point in &self.points {
            let _ = write!(
                text,
                "{},{},{},{},{},{},{},{},{}",
                point.index,
                point.x,
                or_empty(point.measured),
                or_empty(point.error),
                point.replicas,
                point.diverged,
                point.continuous,
                or_empty(point.discrete),
                or_empty(point.exact)
            );
            let _ = if formula { writeln!(text, ",{}", or_empty(point.formula)) } else { writeln!(text) };
        }
        text
    }
}

impl SweepArguments {
    /// Runs the points. An answer that Ctrl-C broke off holds the points that were done.
    pub fn answer(&self) -> Result<SweepAnswer, Failure> {
        let document = serde_json::from_str(&self.sweep.text()?).map_err(|error| noisy_descent::Error::Malformed {
            parameter: "sweep".into(),
            message: error.to_string(),
        })?;
        let sweep = Sweep::read(document).map_err(|mut problems| Failure::Document(problems.swap_remove(0)))?;
        Ensemble::runs(&sweep.scenario)?;
        listen_for_interrupts()?;
        let shard = self.shard.unwrap_or(Shard { part: 1, of: 1 });
        let indices: Vec<u32> = (0..sweep.points).skip(shard.part - 1).step_by(shard.of).collect();
        let threads = self.threads.or(std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1);
        let (next, finished) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let (points, failure) = (Mutex::new(Vec::new()), Mutex::new(None));
        let line = Mutex::new(ProgressLine::new());
        std::thread::scope(|scope| {
            for _ in 0..threads.clamp(1, indices.len().max(1)) {
                scope.spawn(|| {
                    while let Some(&index) = indices.get(next.fetch_add(1, Ordering::Relaxed)) {
                        match point(&sweep, index) {
                            Ok(Some(point)) => {
                                let done = finished.fetch_add(1, Ordering::Relaxed) + 1;
                                with(&points, |points| points.push(point));
                                with(&line, |line| line.show(done as f64 / indices.len() as f64));
                            }
                            Ok(None) => return,
                            Err(error) => {
                                with(&failure, |failure| *failure = Some(error));
                                next.store(indices.len(), Ordering::Relaxed);
                                return;
                            }
                        }
                    }
                });
            }
        });
        with(&line, ProgressLine::clear);
        if let Some(failure) = with(&failure, Option::take) {
            return Err(failure);
        }
        let points = with(&points, std::mem::take);
        Ok(SweepAnswer::new(sweep, points))
    }
}

/// One point; `None` after Ctrl-C.
fn point(sweep: &Sweep, index: u32) -> Result<Option<SweepPoint>, Failure> {
    let scenario = sweep.scenario_at(index)?;
    let mut ensemble = Ensemble::new(&scenario, index)?;
    if !advance(&mut ensemble, scenario.run.steps.into(), |_| ()) {
        return Ok(None);
    }
    Ok(Some(sweep.point(index, &ensemble.measure())?))
}

/// Works on what a lock holds. A thread that panicked has left it whole: every change is one assignment.
fn with<T, R>(lock: &Mutex<T>, work: impl FnOnce(&mut T) -> R) -> R {
    work(&mut lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}

/// Whether Ctrl-C was pressed.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Parts of one sweep to put together.
#[derive(Args)]
pub struct MergeArguments {
    /// Outputs of `sweep --shard`, in any order.
    #[arg(required = true)]
    parts: Vec<Source>,
    /// Prints the points as comma-separated values.
    #[arg(long)]
    pub csv: bool,
}

impl MergeArguments {
    /// The sweep of which these are the parts: the same as if it had been run in one go.
    pub fn answer(&self) -> Result<SweepAnswer, Failure> {
        let mut whole: Option<SweepPart> = None;
        for source in &self.parts {
            let wrong = |words: String| Failure::Part(source.clone(), words);
            let part: SweepPart =
                serde_json::from_str(&source.text()?).map_err(|error| wrong(format!("no output of sweep: {error}")))?;
            let whole = whole.get_or_insert_with(|| SweepPart { sweep: part.sweep.clone(), points: Vec::new() });
            if part.sweep != whole.sweep {
                return Err(wrong("it belongs to another sweep than the first".into()));
            }
            for point in part.points {
                if whole.points.iter().any(|there| there.index == point.index) {
                    return Err(wrong(format!("point {} is in another part too", point.index)));
                }
                whole.points.push(point);
            }
        }
        let Some(whole) = whole else { return Err(Failure::Output(io::Error::other("no part"))) };
        let missing: Vec<String> = (0..whole.sweep.points)
            .filter(|index| whole.points.iter().all(|point| point.index != *index))
            .map(|index| index.to_string())
            .collect();
        match (missing.is_empty(), self.parts.last()) {
            (false, Some(last)) => {
                Err(Failure::Part(last.clone(), format!("points {} are in no part", missing.join(", "))))
            }
            _ => Ok(SweepAnswer::new(whole.sweep, whole.points)),
        }
    }
}

/// A line on standard error that says how far the work is; nothing where that is no terminal.
struct ProgressLine {
    shown: bool,
    last: Option<Instant>,
}

impl ProgressLine {
    fn new() -> ProgressLine {
        ProgressLine { shown: io::stderr().is_terminal(), last: None }
    }

    fn show(&mut self, share: f64) {
        if !self.shown || self.last.is_some_and(|last| last.elapsed() < Duration::from_millis(100)) {
            return;
        }
        self.last = Some(Instant::now());
        let filled = (share * 40.0) as usize;
        let _ = write!(io::stderr(), "\r[{:<40}] {:3.0} %", "#".repeat(filled), share * 100.0);
    }

    fn clear(&mut self) {
        if self.last.is_some() {
            let _ = write!(io::stderr(), "\r{:50}\r", "");
        }
    }
}
