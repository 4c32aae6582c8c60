//! `sweep`: a scenario along one parameter.

use crate::crew::{Crew, Shard, number_of_threads, threads_or_all};
use crate::input::{Failure, Source};
use crate::progress::{ProgressLine, listen_for_interrupts};
use clap::Args;
use noisy_descent::Sweep;
use noisy_descent::simulate::Ensemble;
use noisy_descent::sweep::{SweepPoint, Verdict, verdict};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A sweep to run, or a part of it.
#[derive(Args)]
pub struct SweepArguments {
    /// A sweep document; `-` reads standard input.
    sweep: Source,
    /// Threads that share the points, and the replicas where there are few points; as many as the machine has if absent. The
    /// result does not depend on it.
    #[arg(long, value_parser = number_of_threads())]
    threads: Option<usize>,
    /// Only every n-th point from the i-th on, as `i/n` from `1/n`; `merge` puts the parts together.
    #[arg(long)]
    shard: Option<Shard>,
    /// Prints the points as comma-separated values.
    #[arg(long)]
    pub csv: bool,
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
pub struct SweepPart {
    sweep: Sweep,
    points: Vec<SweepPoint>,
}

impl SweepAnswer {
    fn new(sweep: Sweep, mut points: Vec<SweepPoint>) -> SweepAnswer {
        points.sort_by_key(|point| point.index);
        SweepAnswer { complete: points.len() == sweep.points as usize, verdict: verdict(&points), sweep, points }
    }

    /// The points as comma-separated values, with a line of names, and a last column for a sweep with a formula; an empty
    /// field where there is no number.
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
        let shard = self.shard.unwrap_or(Shard::WHOLE);
        let indices: Vec<u32> = (0..sweep.points).skip(shard.part - 1).step_by(shard.of).collect();
        let threads = threads_or_all(self.threads);
        // Where there are more threads than points, several share a point.
        let each = threads.div_ceil(indices.len().max(1));
        let next = AtomicUsize::new(0);
        let (points, failure) = (Mutex::new(Vec::new()), Mutex::new(None));
        // How far each point is.
        let line = Mutex::new((ProgressLine::new(), vec![0.0; indices.len()]));
        let show = |at: usize, share: f64| {
            with(&line, |(line, shares)| {
                shares[at] = share;
                line.show(shares.iter().sum::<f64>() / shares.len() as f64);
            });
        };
        std::thread::scope(|scope| {
            for _ in 0..threads.clamp(1, indices.len().max(1)) {
                scope.spawn(|| {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(&index) = indices.get(at) else { return };
                        match point(&sweep, index, each, |share| show(at, share)) {
                            Ok(Some(point)) => with(&points, |points| points.push(point)),
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
        with(&line, |(line, _)| line.clear());
        if let Some(failure) = with(&failure, Option::take) {
            return Err(failure);
        }
        let points = with(&points, std::mem::take);
        Ok(SweepAnswer::new(sweep, points))
    }
}

/// One point on so many threads; `None` after Ctrl-C.
fn point(sweep: &Sweep, index: u32, threads: usize, progress: impl FnMut(f64)) -> Result<Option<SweepPoint>, Failure> {
    let scenario = sweep.scenario_at(index)?;
    let mut crew = Crew::new(&scenario, index, Shard::WHOLE, threads)?;
    if !crew.advance(scenario.run.steps.into(), progress) {
        return Ok(None);
    }
    Ok(Some(sweep.point(index, &crew.tally()?.measurement())?))
}

/// Works on what a lock holds. A thread that panicked has left it whole: every change is one assignment.
fn with<T, R>(lock: &Mutex<T>, work: impl FnOnce(&mut T) -> R) -> R {
    work(&mut lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}

/// The sweep of which these are the parts: the same as if it had been run in one go.
pub fn merge_sweeps(parts: Vec<(Source, SweepPart)>) -> Result<SweepAnswer, Failure> {
    let Some(last) = parts.last().map(|(source, _)| source.clone()) else {
        let message = "there is none".into();
        return Err(noisy_descent::Error::Malformed { parameter: "sweep".into(), message }.into());
    };
    let mut whole: Option<SweepPart> = None;
    for (source, part) in parts {
        let wrong = |words: String| Failure::Part(source.clone(), words);
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
    let there = |index: u32| whole.iter().flat_map(|whole| &whole.points).any(|point| point.index == index);
    let count = whole.as_ref().map_or(0, |whole| whole.sweep.points);
    let missing: Vec<String> = (0..count).filter(|&index| !there(index)).map(|index| index.to_string()).collect();
    match whole {
        Some(whole) if missing.is_empty() => Ok(SweepAnswer::new(whole.sweep, whole.points)),
        _ => Err(Failure::Part(last, format!("points {} are in no part", missing.join(", ")))),
    }
}
