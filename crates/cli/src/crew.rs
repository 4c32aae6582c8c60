//! One ensemble on several threads, or one machine's share of it.

use crate::input::Failure;
use crate::progress::interrupted;
use clap::builder::RangedU64ValueParser;
use noisy_descent::Scenario;
use noisy_descent::simulate::{Bins, Ensemble, MOST_PARTS, Tally};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use std::time::{Duration, Instant};

/// Time between two looks at the progress and at Ctrl-C.
const STAGE: Duration = Duration::from_millis(100);

/// How much longer a stage may be than the one before it.
const GROWTH: f64 = 4.0;

/// Most shards of a run.
const MOST_SHARDS: usize = 1_000_000;

/// One of `of` equal parts, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    pub part: usize,
    pub of: usize,
}

impl Shard {
    /// All there is.
    pub const WHOLE: Shard = Shard { part: 1, of: 1 };
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((part, of)) if 1 <= part && part <= of && of <= MOST_SHARDS => Ok(Shard { part, of }),
            _ => Err(format!("it must be i/n with 1 ≤ i ≤ n ≤ {MOST_SHARDS}, got {text}")),
        }
    }
}

/// Reads a number of threads.
pub fn number_of_threads() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=1024)
}

/// As many threads as are wished for, else as many as the machine has.
pub fn threads_or_all(threads: Option<usize>) -> usize {
    threads.or(std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1)
}

/// The parts of a run, one for each thread.
pub struct Crew {
    parts: Vec<Ensemble>,
    /// Steps of a stage; what takes longer is cut into shorter ones, and the result does not depend on it.
    stage: f64,
}

impl Crew {
    /// A shard of a scenario's replicas, cut further for the threads; `point` numbers it within a sweep.
    pub fn new(scenario: &Scenario, point: u32, shard: Shard, threads: usize) -> Result<Crew, Failure> {
        // More have nothing to do.
        let threads = threads.min(MOST_PARTS);
        let of = shard.of * threads;
        let parts = (0..threads).map(|thread| Ensemble::part(scenario, point, (shard.part - 1) * threads + thread, of));
        let mut parts: Vec<Ensemble> = parts.collect::<Result<_, _>>()?;
        // A thread without replicas is not needed, except to say so.
        if let Some(busy) = parts.iter().position(|part| part.replicas() > 0) {
            parts.swap(0, busy);
            parts.retain(|part| part.replicas() > 0);
        } else {
            parts.truncate(1);
        }
        Ok(Crew { parts, stage: 1.0 })
    }

    /// Steps of a stationary start that are still to be done before the first that counts.
    pub fn burn_in_left(&self) -> u64 {
        self.parts[0].burn_in().saturating_sub(self.parts[0].total_steps())
    }

    /// Steps of a stationary start before the first that counts.
    pub fn burn_in(&self) -> u64 {
        self.parts[0].burn_in()
    }

    /// Advances to a step, in stages after which all replicas stand at the same one; whether it got there, or Ctrl-C came before. A burn-in is part of
    /// the way.
    pub fn advance(&mut self, end: u64, mut progress: impl FnMut(f64)) -> bool {
        let end = self.parts[0].burn_in().saturating_add(end);
        let mut reached = self.parts[0].total_steps();
        while reached < end {
            if interrupted() {
                return false;
            }
            let begun = Instant::now();
            let before = reached;
            reached = reached.saturating_add(self.stage as u64).min(end);
            let run = |part: &mut Ensemble| {
                part.set_total_target(reached);
                part.run();
            };
            match &mut self.parts[..] {
                [one] => run(one),
                parts => std::thread::scope(|scope| {
                    for part in parts {
                        scope.spawn(|| run(part));
                    }
                }),
            }
            progress(reached as f64 / end as f64);
            let wanted = STAGE.as_secs_f64() / begun.elapsed().as_secs_f64().max(1e-6);
            // From what was done: the last stage of a way may have been short.
            self.stage = ((reached - before) as f64 * wanted.min(GROWTH)).max(1.0);
        }
        true
    }

    /// The numbers of the parts' tallies, one after the other, with a histogram if bins are given.
    pub fn tallies(&self, bins: Option<&Bins>) -> Result<Vec<f64>, Failure> {
        let tally = |part: &Ensemble| bins.map_or_else(|| Ok(part.tally()), |bins| part.tally_with(bins));
        let mut numbers = Vec::new();
        for part in &self.parts {
            numbers.extend(tally(part)?.to_numbers());
        }
        Ok(numbers)
    }

    /// The tally of the whole, if this is all of it.
    pub fn tally(&self) -> Result<Tally, Failure> {
        Ok(Tally::join(&self.tallies(None)?)?)
    }

    /// Remembers the weights of this step.
    pub fn mark(&mut self) {
        self.parts.iter_mut().for_each(Ensemble::mark);
    }

    /// The numbers of the parts' tallies of how the weights go with those remembered.
    pub fn marked_tallies(&self) -> Vec<f64> {
        self.parts.iter().filter_map(Ensemble::marked_tally).flat_map(|tally| tally.to_numbers()).collect()
    }
}
