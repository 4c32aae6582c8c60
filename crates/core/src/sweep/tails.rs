//! Where along a sweep a standard error means something, and where it begins or ceases to; see [`crate::tails`].

use super::{Limit, Quantity, Sweep};
use crate::complete::Complete;
use crate::error::Result;
use crate::scenario::Scenario;
use crate::tails::{growth, has_moment};
use crate::theory::System;
use crate::theory::minibatch::MomentGrowth;

/// Places along a sweep at which a moment is looked for before its limits are.
const PLACES: u32 = 64;
/// The same where each place has batches of its own, whose moments may take milliseconds.
const FEW_PLACES: u32 = 16;

impl Quantity {
    /// The moments of the weights that the quantity's standard error is made of, where that is asked for.
    fn order_of_error(self) -> Option<u32> {
        match self {
            Quantity::Variance | Quantity::Covariance | Quantity::TrainingError => Some(4),
            Quantity::Skewness => Some(6),
            Quantity::Kurtosis => Some(8),
            // An average of the weights themselves has an error wherever there is a variance.
            Quantity::Mean | Quantity::EscapeRate => None,
        }
    }
}

impl Sweep {
    /// The order of the moment that a standard error at a point lacks after these steps: under a noise that has none, or under minibatches in one
    /// dimension, which multiply the weights. `None` where nothing is lacking, or nothing is known.
    pub(super) fn lacking(&self, scenario: &Scenario, system: &System, steps: u64) -> Result<Option<u32>> {
        let Some(order) = self.quantity.order_of_error() else { return Ok(None) };
        Ok((!has_moment(scenario, system, order, steps)?).then_some(order))
    }

    /// Where along the sweep that moment is gained or lost in the long run.
    pub(super) fn moment_limits(&self) -> Result<Vec<Limit>> {
        let (Some(order), Ok(_)) = (self.quantity.order_of_error(), Complete::needed("covariance")) else {
            return Ok(Vec::new());
        };
        let mut known: Option<(Scenario, MomentGrowth)> = None;
        let mut settles = |x: f64| -> Result<Option<bool>> {
            let scenario = self.moved(x)?;
            let same = |of: &Scenario| of.loss == scenario.loss && of.noise == scenario.noise;
            if !known.as_ref().is_some_and(|(of, _)| same(of)) {
                known = growth(&scenario, order)?.map(|growth| (scenario.clone(), growth));
            }
            let Some((_, growth)) = &known else { return Ok(None) };
            let system = scenario.system()?;
            Ok(Some(growth.of(*system.step(), system.modes().curvatures()[0]) < 1.0))
        };
        let mut limits = Vec::new();
        let places = self.spaced(if self.parameter == "batch_size" { FEW_PLACES } else { PLACES });
        for pair in places.windows(2) {
            let [mut low, mut high] = [pair[0], pair[1]];
            let (Some(before), Some(above)) = (settles(low)?, settles(high)?) else { return Ok(Vec::new()) };
            if before == above {
                continue;
            }
            for _ in 0..32 {
                let mut middle = 0.5 * (low + high);
                if self.is_whole() {
                    middle = middle.floor();
                }
                if middle <= low || middle >= high {
                    break;
                }
                if settles(middle)? == Some(above) {
                    high = middle;
                } else {
                    low = middle;
                }
            }
            limits.push(Limit { at: high, stable_above: above });
        }
        Ok(limits)
    }
}

#[cfg(test)]
mod tests {
    use super::super::SweepPoint;
    use super::*;
    use crate::simulate::Ensemble;
    use serde_json::{Value, json};

    /// One sample a step out of x = 1 and x = 2: E (1 − λx²)ⁿ = ((1 − λ)ⁿ + (1 − 4λ)ⁿ)/2.
    fn two_samples(changes: &[(&str, Value)]) -> Sweep {
        let mut document = json!({ "parameter": "learning_rate", "from": 0.05, "to": 1.0, "points": 9, "scenario": { "version": 1,
            "loss": { "kind": "least_squares", "data": { "kind": "table", "inputs": [[1], [2]], "targets": [1, 0] } },
            "noise": { "covariance": { "kind": "minibatch", "batch_size": 1 } },
            "optimizer": { "kind": "momentum", "learning_rate": 0.1 },
            "run": { "replicas": 1000, "steps": 200 } } });
        for (pointer, value) in changes {
            *document.pointer_mut(pointer).expect("a place") = value.clone();
        }
        Sweep::read(document).unwrap_or_else(|problems| panic!("{}", problems[0]))
    }

    fn only(limits: &[Limit]) -> f64 {
        let [Limit { at, stable_above: false }] = *limits else { panic!("{limits:?}") };
        at
    }

    #[test]
    fn a_moment_is_lost_where_it_stays_as_it_is() {
        let sweep = two_samples(&[]);
        for (quantity, order) in [(Quantity::Variance, 4), (Quantity::Skewness, 6), (Quantity::Kurtosis, 8)] {
            let at = only(&Sweep { quantity, ..sweep.clone() }.moment_limits().unwrap());
            assert!((((1.0 - at).powi(order) + (1.0 - 4.0 * at).powi(order)) / 2.0 - 1.0).abs() < 1e-7, "{at}");
            assert_eq!(sweep.curve(20).unwrap().moment_limits, sweep.moment_limits().unwrap());
        }
        assert_eq!(Sweep { quantity: Quantity::Mean, ..sweep }.moment_limits().unwrap(), []);
    }

    #[test]
    fn newtons_step_is_measured_in_the_curvature_and_a_preconditioner_multiplies_it() {
        let limit = |optimizer: Value, to: f64| {
            only(&two_samples(&[("/scenario/optimizer", optimizer), ("/to", json!(to))]).moment_limits().unwrap())
        };
        let usual = only(&two_samples(&[]).moment_limits().unwrap());
        let newton = limit(json!({ "kind": "newton", "learning_rate": 0.1 }), 2.0);
        assert!((newton / (usual * 2.5) - 1.0).abs() < 1e-7);
        let twice = json!({ "kind": "preconditioned", "learning_rate": 0.1, "preconditioner": [[2]] });
        assert!((limit(twice, 1.0) / (usual / 2.0) - 1.0).abs() < 1e-7);
    }

    fn points(sweep: &Sweep) -> Vec<SweepPoint> {
        let point = |index: u32| {
            let mut ensemble = Ensemble::new(&sweep.scenario_at(index).unwrap(), index).unwrap();
            ensemble.run();
            sweep.point(index, &ensemble.measure()).unwrap()
        };
        (0..sweep.points).map(point).collect()
    }

    #[test]
    fn a_point_without_the_moment_has_no_error_and_is_not_judged() {
        let sweep = two_samples(&[("/from", json!(0.4)), ("/to", json!(0.588))]);
        let at = only(&sweep.moment_limits().unwrap());
        let points = points(&sweep);
        let lacking: Vec<&SweepPoint> = points.iter().filter(|point| point.lacking_moment.is_some()).collect();
        assert!(!lacking.is_empty() && lacking.len() < points.len());
        for point in &points {
            assert_eq!(point.lacking_moment, (point.x > at).then_some(4), "{}", point.x);
            assert_eq!((point.error.is_none(), point.measured.is_some()), (point.x > at, true));
        }
        let judged = super::super::verdict(&points).exact.expect("a theory").points;
        assert_eq!(judged, points.len() - lacking.len());
    }

    #[test]
    fn a_noise_without_a_fourth_moment_gives_variances_no_error() {
        let of = |degrees: f64, quantity: &str| {
            let scenario = json!({ "version": 1, "noise": { "law": { "kind": "student_t", "degrees": degrees } },
                "loss": { "kind": "quadratic", "hessian": [[1]] }, "run": { "replicas": 500, "steps": 50 } });
            let sweep = json!({ "scenario": scenario, "points": 1, "to": 1, "quantity": quantity });
            points(&Sweep::read(sweep).unwrap_or_else(|problems| panic!("{}", problems[0]))).swap_remove(0)
        };
        for (degrees, quantity, lacking) in [
            (3.9, "variance", Some(4)),
            (3.0, "training_error", Some(4)),
            (4.0, "variance", None),
            (4.0, "skewness", Some(6)),
            (5.0, "variance", None),
            (5.0, "kurtosis", Some(8)),
            (3.0, "mean", None),
        ] {
            let point = of(degrees, quantity);
            assert_eq!(
                (point.lacking_moment, point.error.is_none()),
                (lacking, lacking.is_some()),
                "{degrees}, {quantity}"
            );
            assert!(point.measured.is_some());
        }
    }
}
