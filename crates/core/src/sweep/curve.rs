//! The theories along a sweep, and where they lose their stationary state.

use super::Sweep;
use crate::error::Result;
use crate::theory::Predictor;
use serde::Serialize;

/// Work of the exact theory of minibatches at one value of a curve, in multiplications: some ten milliseconds.
const WORK: f64 = 6e7;

/// Theory along a sweep, on a finer grid than the measurement.
///
/// ```
/// use noisy_descent::{Sweep, sweep::{Curve, Limit}};
/// // K = diag(1, 0.1), white noise: the variance along the first direction is λ/(2 − λ), the diffusion's λ/2.
/// let sweep = Sweep { to: 3.0, ..Sweep::default() };
/// let curve: Curve = sweep.curve(5)?; // λ = 0.5, 1, 1.5, 2, 2.5
/// for (n, x) in [0.5, 1.0, 1.5].into_iter().enumerate() {
///     assert!((curve.x[n] - x).abs() < 1e-15);
///     assert!((curve.discrete[n] - x / (2.0 - x)).abs() < 1e-9 && curve.exact[n] == curve.discrete[n]);
///     assert!((curve.continuous[n] - 0.5 * x).abs() < 1e-9);
/// }
/// assert!(curve.discrete[3].is_nan() && (curve.continuous[4] - 1.25).abs() < 1e-9);
/// let Limit { at, stable_above } = curve.limits[0];
/// assert!((at - 2.0).abs() < 1e-12 && !stable_above);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Curve {
    /// Values of the parameter.
    pub x: Vec<f64>,
    /// The continuous theory after the scenario's steps; NaN, like the others, where the scenario is refused.
    pub continuous: Vec<f64>,
    /// The discrete theory after the scenario's steps; NaN where there is no stationary state.
    pub discrete: Vec<f64>,
    /// The exact theory after the scenario's steps; NaN where there is no stationary state, no such theory, or too much work.
    pub exact: Vec<f64>,
    /// The sweep's own formula; NaN where it has no value, empty without one.
    pub formula: Vec<f64>,
    /// Values of the parameter at which stability is gained or lost by the discrete theory.
    pub limits: Vec<Limit>,
    /// The same by the exact theory.
    pub exact_limits: Vec<Limit>,
    /// The same for the moment that a standard error is made of, where it is known to be without a bound
    /// ([`SweepPoint::lacking_moment`](super::SweepPoint)).
    pub moment_limits: Vec<Limit>,
}

/// A value of the swept parameter at which stability is gained or lost, or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Limit {
    /// The value.
    pub at: f64,
    /// Whether the side above it is the stable one, or has the moment.
    pub stable_above: bool,
}

impl Sweep {
    /// The theories on `samples` values between the ends, and where stability is gained or lost.
    ///
    /// # Errors
    /// The first problem of the sweep.
    pub fn curve(&self, samples: u32) -> Result<Curve> {
        if let Some(problem) = self.check().into_iter().next() {
            return Err(problem);
        }
        let formula = self.parsed_formula()?;
        let mut walk = Walk { sweep: self, last: None };
        let x = self.spaced(self.affordable(samples.max(2)));
        let mut curve = Curve {
            x: x.clone(),
            continuous: Vec::new(),
            discrete: Vec::new(),
            exact: Vec::new(),
            formula: Vec::new(),
            limits: Vec::new(),
            exact_limits: Vec::new(),
            moment_limits: self.moment_limits()?,
        };
        let mut stable = Vec::with_capacity(x.len());
        let mut refused = None;
        for &value in &x {
            let predictor = match walk.predictor(value) {
                Ok(predictor) => predictor,
                // Between the ends and the outermost points there may be values that go with nothing, as a momentum too near to 1.
                Err(error) => {
                    for theory in [&mut curve.continuous, &mut curve.discrete, &mut curve.exact] {
                        theory.push(f64::NAN);
                    }
                    curve.formula.extend(formula.as_ref().map(|_| f64::NAN));
                    stable.push([None, None]);
                    refused = Some(error);
                    continue;
                }
            };
            let steps = u64::from(predictor.scenario().run.steps);
            let readings = self.read_off(predictor, &predictor.laws(steps, WORK)?, steps)?;
            curve.continuous.push(readings.continuous);
            curve.discrete.push(readings.discrete.unwrap_or(f64::NAN));
            curve.exact.push(readings.exact.unwrap_or(f64::NAN));
            if let Some(formula) = &formula {
                curve.formula.push(self.value_of(formula, predictor));
            }
            stable.push(stability_of(predictor));
        }
        if let (Some(error), true) = (refused, stable.iter().all(|known| *known == [None, None])) {
            return Err(error);
        }
        // The end itself is often the limit: 2/k for the learning rate.
        let mut places = x;
        if self.at(self.to).is_ok() {
            places.push(self.to);
            stable.push(stability_of(walk.predictor(self.to)?));
        }
        curve.limits = walk.limits(&places, &stable, 0)?;
        curve.exact_limits = walk.limits(&places, &stable, 1)?;
        Ok(curve)
    }
}

/// Whether the discrete theory is stable, and the exact one, each where there is one.
fn stability_of(predictor: &Predictor) -> [Option<bool>; 2] {
    [predictor.discrete_is_stable(), predictor.exact_is_stable()]
}

/// Goes from value to value; each prediction uses what the last one has decomposed.
struct Walk<'a> {
    sweep: &'a Sweep,
    last: Option<Predictor>,
}

impl Walk<'_> {
    fn predictor(&mut self, value: f64) -> Result<&Predictor> {
        let scenario = self.sweep.moved(value)?;
        let next = match &self.last {
            Some(last) => last.with_scenario(&scenario)?,
            None => Predictor::new(&scenario)?,
        };
        Ok(self.last.insert(next))
    }

    /// Where the stability by one theory changes between neighbouring places.
    fn limits(&mut self, places: &[f64], stable: &[[Option<bool>; 2]], theory: usize) -> Result<Vec<Limit>> {
        let mut limits = Vec::new();
        for n in 1..places.len() {
            let (Some(before), Some(after)) = (stable[n - 1][theory], stable[n][theory]) else { continue };
            // Beyond the end stability is not looked for.
            let at_end = places[n] >= self.sweep.to;
            if before != after && (before || !at_end) {
                let at = self.bisect(places[n - 1], places[n], before, theory)?;
                limits.push(Limit { at, stable_above: after });
            }
        }
        Ok(limits)
    }

    /// Where stability changes between two values, to the last bits; of whole numbers the first beyond the change.
    fn bisect(&mut self, mut low: f64, mut high: f64, stable_below: bool, theory: usize) -> Result<f64> {
        for _ in 0..60 {
            let mut middle = 0.5 * (low + high);
            if self.sweep.is_whole() {
                middle = middle.floor();
            }
            if middle <= low || middle >= high {
                break;
            }
            if stability_of(self.predictor(middle)?)[theory] == Some(stable_below) {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scenario;
    use crate::theory::minibatch::MinibatchTheory;
    use serde_json::json;

    #[test]
    fn limits_of_the_figures() {
        // Fig. 2(a): the end of the sweep is the limit of stability, λ = 2/k.
        let curve = Sweep::default().curve(50).unwrap();
        assert_eq!(curve.limits.len(), 1);
        assert!((curve.limits[0].at - 2.0).abs() < 1e-12 && !curve.limits[0].stable_above);
        assert_eq!((&curve.exact, &curve.exact_limits), (&curve.discrete, &curve.limits));
        // Fig. 4(a): λk = 2.75 diverges below μ = (λk − 2)/2 = 0.375.
        let scenario = Scenario::default().with_number("learning_rate", 2.75).unwrap();
        let sweep = Sweep { scenario, parameter: "momentum".into(), to: 1.0, ..Sweep::default() };
        let curve = sweep.curve(50).unwrap();
        assert_eq!(curve.limits.len(), 1);
        assert!((curve.limits[0].at - 0.375).abs() < 1e-12 && curve.limits[0].stable_above);
        assert!(curve.discrete[0].is_nan() && curve.discrete[49].is_finite());
    }

    fn on_data(parameter: &str, from: f64, to: f64) -> Sweep {
        Sweep::read(json!({ "parameter": parameter, "from": from, "to": to, "points": 5, "scenario": {
            "version": 1,
            "loss": { "kind": "least_squares", "data": { "kind": "diabetes", "columns": ["bmi", "s5"] } },
            "noise": { "covariance": { "kind": "minibatch", "batch_size": 4 } },
            "optimizer": { "kind": "momentum", "learning_rate": 0.4 },
        } }))
        .unwrap_or_else(|problems| panic!("{}", problems[0]))
    }

    #[test]
    fn true_minibatches_have_their_own_curve_and_their_own_limit() {
        let sweep = on_data("learning_rate", 0.0, 1.5);
        let curve = sweep.curve(30).unwrap();
        let crate::loss::Loss::LeastSquares(loss) = &sweep.scenario.loss else { panic!("least squares") };
        let theory = MinibatchTheory::new(loss.regression().unwrap(), Default::default(), 4, 0.0).unwrap();
        let limit = theory.learning_rate_limit();
        assert_eq!((curve.limits.len(), curve.exact_limits.len()), (1, 1));
        assert!((curve.exact_limits[0].at / limit - 1.0).abs() < 1e-12 && !curve.exact_limits[0].stable_above);
        assert!(curve.limits[0].at > 1.1 * limit, "the mean goes further");
        for (n, x) in curve.x.iter().enumerate() {
            assert_eq!(curve.exact[n].is_finite(), *x < limit, "λ = {x}");
            // 1000 steps are enough at all but the first values.
            if *x > 0.1 && *x < 0.9 * limit {
                let settled = theory.stationary(*x).unwrap().unwrap().covariance[(0, 0)];
                assert!((curve.exact[n] / settled - 1.0).abs() < 1e-9, "λ = {x}");
            }
        }
    }

    #[test]
    fn along_the_batch_size_stability_is_gained_at_a_whole_number() {
        let mut sweep = on_data("batch_size", 0.0, 40.0);
        sweep.scenario = sweep.scenario.with_number("learning_rate", 0.9).unwrap();
        let curve = sweep.curve(400).unwrap();
        assert_eq!(curve.x, (1..40).map(f64::from).collect::<Vec<_>>());
        let [limit] = curve.exact_limits[..] else { panic!("{:?}", curve.exact_limits) };
        let finite = curve.exact.iter().position(|value| value.is_finite()).unwrap();
        assert!(limit.stable_above && finite > 0 && curve.x[finite] == limit.at, "{limit:?} {finite}");
    }

    /// Along a curve each prediction uses what the last one has decomposed.
    #[test]
    fn what_is_used_again_is_as_if_it_were_made_anew() {
        let data = json!({ "kind": "least_squares", "data": { "kind": "synthetic", "samples": 40, "input_variances": [1, 0.4] } });
        let minibatch = json!({ "covariance": { "kind": "minibatch", "batch_size": 3 } });
        let behind =
            json!({ "kind": "preconditioned", "learning_rate": 0.2, "preconditioner": [[1.5, 0.3], [0.3, 0.6]] });
        let newton = json!({ "kind": "newton", "learning_rate": 0.3 });
        let adam = json!({ "kind": "adam", "learning_rate": 0.3, "beta2": 0.99 });
        let scenario = |optimizer: &serde_json::Value, noise: &serde_json::Value| json!({ "version": 1, "loss": data, "noise": noise, "optimizer": optimizer, "run": { "steps": 30 } });
        let white = json!({});
        let mut settled = scenario(&adam, &white);
        settled["run"]["steps"] = json!(2000);
        for (parameter, to, scenario) in [
            ("learning_rate", 0.6, scenario(&behind, &minibatch)),
            ("momentum", 0.9, scenario(&newton, &minibatch)),
            ("batch_size", 30.0, scenario(&behind, &minibatch)),
            ("samples", 90.0, scenario(&newton, &minibatch)),
            ("steps", 20.0, scenario(&behind, &minibatch)),
            ("noise_variance", 3.0, scenario(&behind, &white)),
            ("learning_rate", 0.6, settled),
        ] {
            let from = if parameter == "samples" { 5 } else { 0 };
            let sweep = json!({ "parameter": parameter, "from": from, "to": to, "points": 3, "scenario": scenario });
            let sweep = Sweep::read(sweep).unwrap_or_else(|problems| panic!("{parameter}: {}", problems[0]));
            let curve = sweep.curve(6).unwrap();
            for (n, x) in curve.x.iter().enumerate() {
                let fresh = Predictor::new(&sweep.at(*x).unwrap()).unwrap().predict().unwrap();
                let variance = fresh.exact.map(|theory| theory.at_end.covariance[0][0]);
                assert_eq!(variance.is_some(), curve.exact[n].is_finite(), "{parameter} = {x}");
                assert!(variance.is_none_or(|v| (curve.exact[n] / v - 1.0).abs() < 1e-12), "{parameter} = {x}");
                assert!((curve.continuous[n] / fresh.continuous.at_end.covariance[0][0] - 1.0).abs() < 1e-12);
            }
            assert!(curve.exact.iter().any(|value| value.is_finite()), "{parameter}");
        }
    }
}
