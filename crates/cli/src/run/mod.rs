//! `run`: one scenario's ensemble.

mod answer;
mod csv;
mod grid;
mod part;

use crate::crew::{Crew, Shard, number_of_threads, threads_or_all};
use crate::input::{Failure, Source};
use crate::progress::{ProgressLine, listen_for_interrupts};
use answer::Sums;
use clap::Args;
use grid::Grid;
use noisy_descent::Error;
use std::time::Instant;

pub use answer::RunAnswer;
pub use part::{RunPart, merge_runs};

/// Most numbers that are kept of all looks: a gigabyte.
const MOST_NUMBERS: u64 = 1 << 27;

/// A scenario to run.
#[derive(Args)]
pub struct RunArguments {
    /// A scenario document; `-` reads standard input.
    scenario: Source,
    /// Measures every so many steps too, from the start on.
    #[arg(long, value_name = "STEPS", value_parser = clap::value_parser!(u64).range(1..))]
    every: Option<u64>,
    /// Goes on after the last step, and measures how the weights then go with those at these lags, for example 1,2,5,10.
    #[arg(long, value_delimiter = ',', value_name = "STEPS,...")]
    lags: Vec<u32>,
    /// Threads that share the replicas; as many as the machine has if absent. The result does not depend on it.
    #[arg(long, value_parser = number_of_threads())]
    threads: Option<usize>,
    /// Only the i-th of n equal parts of the replicas, as `i/n` from `1/n`; `merge` puts the parts together. Beyond 32 parts, or one for 256
    /// replicas, some have nothing to do.
    #[arg(long)]
    shard: Option<Shard>,
    /// Counts the replicas at each look in bins: `x:bins:low:high` for a coordinate (from 1), `x,y:bins:low:high` for the plane of two.
    #[arg(long, value_name = "X[,Y]:BINS:LOW:HIGH", allow_hyphen_values = true)]
    histogram: Option<Grid>,
    /// Takes the random numbers of this point of a sweep, from 0.
    #[arg(long, default_value_t = 0)]
    point: u32,
    /// Prints what was measured at each look, the last step last, as comma-separated values.
    #[arg(long, conflicts_with_all = ["shard", "lags", "histogram"])]
    pub csv: bool,
}

/// A whole run or a shard of one.
pub enum RunOutput {
    Whole(Box<RunAnswer>),
    Part(Box<RunPart>),
}

impl RunArguments {
    /// Runs the scenario. An answer that Ctrl-C broke off holds what was measured where it stood.
    pub fn answer(&self) -> Result<RunOutput, Failure> {
        let scenario = self.scenario.scenario()?;
        noisy_descent::simulate::Ensemble::runs(&scenario)?;
        let shard = self.shard.unwrap_or(Shard::WHOLE);
        let mut crew = Crew::new(&scenario, self.point, shard, threads_or_all(self.threads))?;
        listen_for_interrupts()?;
        let end = u64::from(scenario.run.steps);
        let bins = self.histogram.as_ref().map(Grid::bins);
        // A coordinate that there is not, and looks that there is no room for, are said before the work.
        self.require_room(crew.tallies(bins)?.len() as u64, end)?;
        let (start, mut line) = (Instant::now(), ProgressLine::new());
        let mut looks = Vec::new();
        let before = crew.burn_in_left();
        let way = |step: u64| (before + step) as f64 / (before + end).max(1) as f64;
        // The first look comes after the burn-in of a stationary start.
        for step in self.every.into_iter().flat_map(|every| noisy_descent::series::every(every, end)) {
            if !crew.advance(step, |share| line.show(share * way(step))) {
                break;
            }
            looks.push(crew.tallies(bins)?);
        }
        let arrived = crew.advance(end, |share| line.show(share));
        let burn_in_left = crew.burn_in_left();
        looks.push(crew.tallies(bins)?);
        let lags = if arrived { self.remembered(&mut crew, end, &mut line) } else { Vec::new() };
        line.clear();
        let sums = Sums {
            complete: arrived && lags.len() == self.lags.len(),
            point: self.point,
            burn_in_left,
            seconds: start.elapsed().as_secs_f64(),
            looks,
            lags,
        };
        Ok(match self.shard {
            Some(shard) => RunOutput::Part(Box::new(RunPart::new(scenario, shard, &sums))),
            None => RunOutput::Whole(Box::new(RunAnswer::new(scenario, &sums)?)),
        })
    }

    /// Whether the numbers of all looks have room, so many each.
    fn require_room(&self, each: u64, end: u64) -> Result<(), Error> {
        let looks = 1 + self.every.map_or(0, |every| end / every + 1);
        if looks.saturating_mul(each) <= MOST_NUMBERS {
            return Ok(());
        }
        let allowed = format!("[1, {}] where each keeps {each} numbers ({MOST_NUMBERS} in all)", MOST_NUMBERS / each);
        Err(Error::OutOfRange { parameter: "the number of looks".into(), value: looks as f64, allowed })
    }

    /// Goes on from the last step, and gives the sums at each lag that it comes to.
    fn remembered(&self, crew: &mut Crew, end: u64, line: &mut ProgressLine) -> Vec<Vec<f64>> {
        let mut lags = self.lags.clone();
        lags.sort_unstable();
        let Some(&last) = lags.last() else { return Vec::new() };
        crew.mark();
        let (mut sums, before) = (Vec::new(), crew.burn_in() + end);
        for lag in lags.into_iter().map(u64::from) {
            let share = |way: f64| (way * (before + lag) as f64 - before as f64).max(0.0) / f64::from(last.max(1));
            if !crew.advance(end + lag, |way| line.show(share(way))) {
                break;
            }
            sums.push(crew.marked_tallies());
        }
        sums
    }
}
