//! The verdict of the measured points on each theory.

use super::SweepPoint;
use crate::agreement::{Agreement, Comparison, agreement};
use serde::Serialize;

/// The verdict on each theory.
///
/// ```
/// use noisy_descent::sweep::{SweepPoint, Verdict, verdict};
/// let at = |x: f64, measured: f64| SweepPoint {
///     index: 0,
///     x,
///     measured: Some(measured),
///     error: Some(0.01),
///     lacking_moment: None,
///     replicas: 10_000,
///     degrees: None,
///     diverged: 0,
///     continuous: 0.5 * x,
///     discrete: (x < 2.0).then(|| x / (2.0 - x)),
///     exact: None,
///     formula: Some(x / (2.0 - x)), // what somebody thinks
/// };
/// let broken = SweepPoint { diverged: 7, ..at(2.5, 0.0) };
/// let found: Verdict = verdict(&[at(0.5, 0.33), at(1.0, 1.01), broken]);
/// assert!(found.discrete.unwrap().accepted); // 0.333 and 1
/// assert!(!found.continuous.unwrap().accepted); // 0.25 and 0.5
/// assert!(found.formula.unwrap().accepted);
/// assert_eq!((found.exact, found.unstable, found.diverged), (None, 1, 1));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Verdict {
    /// On the continuous theory, over the same points as the discrete one: beyond them its finite prediction is wrong by any
    /// factor.
    pub continuous: Option<Agreement>,
    /// On the discrete theory, over the points where it has a stationary state.
    pub discrete: Option<Agreement>,
    /// On the exact theory, over the points where it has one.
    pub exact: Option<Agreement>,
    /// On the sweep's own formula, over the points where it has a value.
    pub formula: Option<Agreement>,
    /// Points where the discrete theory has none.
    pub unstable: usize,
    /// Points where replicas diverged.
    pub diverged: usize,
}

/// The verdict of the points so far. A point where replicas diverged has no variance to compare; it is counted.
#[must_use]
pub fn verdict(points: &[SweepPoint]) -> Verdict {
    let compare = |theory: &dyn Fn(&SweepPoint) -> Option<f64>| {
        let comparisons: Vec<Comparison> = points
            .iter()
            .filter(|point| point.diverged == 0)
            .filter_map(|point| {
                let (measured, error, theory) = (point.measured?, point.error?, theory(point)?);
                Some(Comparison { at: point.x, measured, error, theory, degrees: point.degrees })
            })
            .collect();
        agreement(&comparisons)
    };
    Verdict {
        continuous: compare(&|point| point.discrete.map(|_| point.continuous)),
        discrete: compare(&|point| point.discrete),
        exact: compare(&|point| point.exact),
        formula: compare(&|point| point.formula),
        // Where a moment is infinite, there may be a stationary state without it.
        unstable: points.iter().filter(|point| point.discrete.is_none() && point.lacking_moment.is_none()).count(),
        diverged: points.iter().filter(|point| point.diverged > 0).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_theory_is_judged_where_it_has_something_to_say() {
        let point = |index: u32, measured: f64, discrete: Option<f64>, exact: Option<f64>| SweepPoint {
            index,
            x: f64::from(index),
            measured: Some(measured),
            error: Some(0.1),
            lacking_moment: None,
            replicas: 100,
            degrees: None,
            diverged: 0,
            continuous: 1.0,
            discrete,
            exact,
            formula: exact,
        };
        let points = [
            point(0, 1.0, Some(1.0), Some(1.0)),
            point(1, 5.0, Some(3.0), Some(5.0)),
            point(2, 9.0, Some(4.0), None),
            point(3, 99.0, None, None),
            SweepPoint { diverged: 7, ..point(4, 5.0, Some(1.0), Some(1.0)) },
        ];
        let verdict = verdict(&points);
        let (continuous, discrete, exact) =
            (verdict.continuous.unwrap(), verdict.discrete.unwrap(), verdict.exact.unwrap());
        assert_eq!((continuous.points, discrete.points, exact.points), (3, 3, 2));
        assert!(exact.accepted && !discrete.accepted && !continuous.accepted);
        assert_eq!(verdict.formula.unwrap(), exact);
        assert_eq!((verdict.unstable, verdict.diverged), (1, 1));
    }
}
