//! How the replicas leave the well of a potential.

use super::ensemble::Ensemble;
use serde::Serialize;

/// The escape of an ensemble up to where it stands; times count in steps.
///
/// ```
/// use noisy_descent::{Scenario, simulate::{Ensemble, EscapeMeasurement}};
/// let document = r#"{ "version": 1, "loss": { "kind": "piecewise_quadratic" },
///     "noise": { "covariance": { "kind": "curvature" } }, "optimizer": { "kind": "momentum", "learning_rate": 0.5 },
///     "run": { "replicas": 1000, "steps": 300 } }"#;
/// let mut ensemble = Ensemble::new(&Scenario::from_json(document)?, 0)?;
/// ensemble.run();
/// let escape: EscapeMeasurement = ensemble.escape(10).expect("a loss with a barrier");
/// assert_eq!((escape.times[10], escape.survival[0]), (300.0, 1.0));
/// assert_eq!(escape.escaped + escape.remaining, 1000);
/// assert_eq!(escape.survival[10], escape.remaining as f64 / 1000.0);
/// assert!((escape.rate * escape.mean_first_passage_time - 1.0).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct EscapeMeasurement {
    /// Replicas that left the well during the burn-in of a stationary start. They were out before the first step that counts, and are in none of
    /// the other numbers.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub left_before: u64,
    /// Replicas that have left the well.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub escaped: u64,
    /// Replicas still in it: their times are known to be longer than the run, no more.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub remaining: u64,
    /// Mean first-passage time: all steps that replicas spent in the well, over the number of escapes. NaN without an escape.
    /// Exact for a run in which all escape; else as if those that remain went on to leave at the same rate: while few have left, and before
    /// the first can, it is longer than the truth by more than its error says.
    pub mean_first_passage_time: f64,
    /// Its standard error: from the spread of the times if all escaped, else by the number of escapes.
    pub mean_first_passage_time_error: f64,
    /// Escapes a step and replica: one over that time.
    pub rate: f64,
    /// Standard error of the rate.
    pub rate_error: f64,
    /// Where none has escaped: the rate at which one in twenty such runs would have none, `ln 20` over all steps in the well. NaN else.
    pub rate_bound: f64,
    /// Steps at which the survival is given, each once.
    pub times: Vec<f64>,
    /// Share of the replicas, of those that were in the well at the start, that are still in the well after these steps.
    pub survival: Vec<f64>,
    /// Binomial standard error of the survival; 0 where all are in the well, or none.
    pub survival_error: Vec<f64>,
}

impl Ensemble {
    /// The escape so far, with the survival at `points + 1` evenly spaced steps from the first to the present one (fewer where there are not so
    /// many steps); `None` for a loss without an exit.
    #[must_use]
    pub fn escape(&self, points: usize) -> Option<EscapeMeasurement> {
        self.sums().escape(points)
    }
}

impl EscapeMeasurement {
    /// From the step after which each replica left, 0 for one that left before, `None` for one that has not, at the step of now.
    pub(super) fn of(exits: &[Option<u64>], now: u64, points: usize) -> EscapeMeasurement {
        let left_before = exits.iter().filter(|exit| **exit == Some(0)).count() as u64;
        let there = exits.len() as u64 - left_before;
        let replicas = there as f64;
        let mut times: Vec<u64> = exits.iter().copied().flatten().filter(|&step| step > 0).collect();
        times.sort_unstable();
        let (escaped, remaining) = (times.len() as u64, there - times.len() as u64);
        let in_the_well: f64 = times.iter().map(|&time| time as f64).sum::<f64>() + remaining as f64 * now as f64;
        let mean = if escaped > 0 { in_the_well / escaped as f64 } else { f64::NAN };
        let error = if remaining == 0 && escaped > 1 {
            let squares: f64 = times.iter().map(|&time| (time as f64 - mean) * (time as f64 - mean)).sum();
            (squares / (replicas - 1.0) / replicas).sqrt()
        } else {
            mean / (escaped as f64).sqrt()
        };
        let points = points.max(1);
        let mut at: Vec<f64> = (0..=points).map(|n| (now as f64 * n as f64 / points as f64).round()).collect();
        at.dedup(); // where there are fewer steps than points
        let survival: Vec<f64> =
            at.iter().map(|&t| 1.0 - times.partition_point(|&time| time as f64 <= t) as f64 / replicas).collect();
        EscapeMeasurement {
            left_before,
            escaped,
            remaining,
            mean_first_passage_time: mean,
            mean_first_passage_time_error: error,
            rate: 1.0 / mean,
            rate_error: error / (mean * mean),
            rate_bound: if escaped == 0 { 20_f64.ln() / in_the_well } else { f64::NAN },
            survival_error: survival.iter().map(|s| (s * (1.0 - s) / replicas).sqrt()).collect(),
            times: at,
            survival,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_none_has_left_there_is_a_bound() {
        let none = EscapeMeasurement::of(&[None; 100], 50, 10);
        assert!(none.rate.is_nan() && none.rate_error.is_nan() && none.mean_first_passage_time.is_nan());
        // At that rate all hundred are still inside after 50 steps with a probability of 1/20.
        assert!(((-none.rate_bound * 5000.0).exp() - 0.05).abs() < 1e-15);
        assert!(EscapeMeasurement::of(&[None, Some(3)], 50, 10).rate_bound.is_nan());
    }

    #[test]
    fn each_time_is_there_once() {
        let few = EscapeMeasurement::of(&[None, Some(1), Some(2)], 2, 50);
        assert_eq!((few.times.as_slice(), few.survival.len()), (&[0.0, 1.0, 2.0][..], 3));
        assert!((few.survival[2] - 1.0 / 3.0).abs() < 1e-15 && few.survival_error.len() == 3);
        assert_eq!(EscapeMeasurement::of(&[None], 0, 50).times, [0.0]);
    }
}
