//! How fast the experiment is natively, on one core: the jobs of `scripts/bench`, in replica-coordinate updates a second.
//!
//!     cargo run --release -p noisy-descent --example rate [JOB]
//!
//! With `RUSTFLAGS='-C target-cpu=native'` the compiler may use all that this processor has; the samples stay the same.

use noisy_descent::{Scenario, simulate::Ensemble};
use serde_json::Value;
use std::error::Error;
use std::time::{Duration, Instant};

/// Where the jobs are listed.
const JOBS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/bench-peers/jobs.json");
/// A round repeats its job for at least so long.
const ROUND: Duration = Duration::from_millis(400);
/// Rounds after the first, which warms up.
const ROUNDS: usize = 7;

fn main() -> Result<(), Box<dyn Error>> {
    let only = std::env::args().nth(1);
    let jobs: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(JOBS)?)?;
    println!("| job | 10⁶ updates/s | lowest | highest |\n|---|---|---|---|");
    for job in &jobs {
        let name = job["name"].as_str().unwrap_or_default();
        // A job that repeats another one with more workers is none here.
        if job.get("scenario").is_none() || only.as_deref().is_some_and(|only| only != name) {
            continue;
        }
        match points(job) {
            Ok(points) => {
                let rates = measure(&points)?;
                println!("| {name} | {:.1} | {:.1} | {:.1} |", rates[ROUNDS / 2], rates[0], rates[ROUNDS - 1]);
            }
            Err(error) => println!("| {name} | {error} | | |"),
        }
    }
    Ok(())
}

/// The scenarios of a job, one for each learning rate.
fn points(job: &Value) -> Result<Vec<Scenario>, Box<dyn Error>> {
    let scenario = Scenario::read(job["scenario"].clone()).map_err(|mut problems| problems.swap_remove(0))?;
    Ensemble::runs(&scenario)?;
    let number = |name: &str| job["learning_rates"][name].as_f64().ok_or(format!("the job has no number {name}"));
    let (first, last, points) = (number("first")?, number("last")?, number("points")?);
    (0..points as u32)
        .map(|i| {
            let rate = first + (last - first) * f64::from(i) / (points - 1.0).max(1.0);
            Ok(scenario.with_number("learning_rate", rate)?)
        })
        .collect()
}

/// Millions of updates a second of each round but the first, in rising order.
fn measure(points: &[Scenario]) -> Result<Vec<f64>, noisy_descent::Error> {
    let each = |scenario: &Scenario| {
        scenario.dimension() as f64 * f64::from(scenario.run.replicas) * f64::from(scenario.run.steps)
    };
    let job: f64 = points.iter().map(each).sum();
    let mut rates = Vec::new();
    for round in 0..=ROUNDS {
        let start = Instant::now();
        let mut times = 0.0;
        while times == 0.0 || start.elapsed() < ROUND {
            for (point, scenario) in (0..).zip(points) {
                let mut ensemble = Ensemble::new(scenario, point)?;
                ensemble.run();
                std::hint::black_box(ensemble.measure());
            }
            times += 1.0;
        }
        if round > 0 {
            rates.push(times * job / start.elapsed().as_secs_f64() / 1e6);
        }
    }
    rates.sort_by(f64::total_cmp);
    Ok(rates)
}
