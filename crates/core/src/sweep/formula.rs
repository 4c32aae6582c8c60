//! The sweep's own formula: what its names stand for in a scenario.

use super::Sweep;
use crate::error::Result;
use crate::formula::{Bindings, Formula, Name};
use crate::loss::Loss;
use crate::noise::NoiseCovariance;
use crate::scenario::Scenario;
use crate::theory::Predictor;
use nalgebra::DMatrix;

/// Names that are numbers of the parameter table.
const NUMBERS: [(Name, &str); 6] = [
    (Name::LearningRate, "learning_rate"),
    (Name::Momentum, "momentum"),
    (Name::Mixing, "mixing"),
    (Name::Scale, "noise_scale"),
    (Name::BatchSize, "batch_size"),
    (Name::Steps, "steps"),
];

impl Sweep {
    /// The formula, if there is one.
    pub(super) fn parsed_formula(&self) -> Result<Option<Formula>> {
        if self.formula.trim().is_empty() { Ok(None) } else { Formula::parse(&self.formula).map(Some) }
    }

    /// It can be read, and the scenario has a number for each of its names.
    pub(super) fn check_formula(&self) -> Result<()> {
        let Some(formula) = self.parsed_formula()? else { return Ok(()) };
        let mut bindings = self.named(&self.scenario);
        if let Some(pair) = self.shown_pair() {
            let hessian = self.scenario.loss.hessian()?;
            // Where the dimension varies, the pair may be beyond the scenario's own.
            let there = pair.iter().all(|&n| n < hessian.nrows());
            let pair = if there { pair } else { [0, 0] };
            bind_pair(&mut bindings, pair, &self.scenario, &hessian);
        }
        formula.check(&bindings)
    }

    /// The coordinates, from 0, to which `k`, `c`, `i` and `j` belong: the training error has one if there is no other.
    fn shown_pair(&self) -> Option<[usize; 2]> {
        if self.quantity.has_coordinate() {
            Some(self.pair())
        } else {
            (self.scenario.dimension() == 1 && !self.grows()).then_some([0, 0])
        }
    }

    /// What a scenario says by itself, before anything is decomposed.
    fn named(&self, scenario: &Scenario) -> Bindings {
        let mut bindings = Bindings::new();
        for (name, number) in NUMBERS {
            if let Some(value) = scenario.number(number) {
                bindings.set(name, value);
            }
        }
        if let NoiseCovariance::White { variance } = scenario.noise.covariance {
            bindings.set(Name::Deviation, variance.sqrt());
        }
        if let Loss::LeastSquares(loss) = &scenario.loss
            && let Ok(regression) = loss.regression()
        {
            bindings.set(Name::Samples, regression.data_size() as f64);
        }
        bindings.set(Name::Dimension, scenario.dimension() as f64);
        bindings
    }

    /// The value of the formula in a scenario made ready.
    pub(super) fn value_of(&self, formula: &Formula, predictor: &Predictor) -> f64 {
        let (scenario, system) = (predictor.scenario(), predictor.system());
        let mut bindings = self.named(scenario);
        if let Some(pair) = self.shown_pair() {
            bind_pair(&mut bindings, pair, scenario, system.hessian());
        }
        let modes = system.hessian_modes();
        let directions = modes.curvatures().iter().enumerate().map(|(n, k)| (*k, modes.noise()[(n, n)]));
        bindings.set_directions(directions.collect());
        formula.evaluate(&bindings)
    }
}

/// What belongs to the coordinates that are shown, mostly one twice: the entries of `K` and `C`, and the curvature along each.
fn bind_pair(bindings: &mut Bindings, [i, j]: [usize; 2], scenario: &Scenario, hessian: &DMatrix<f64>) {
    bindings.set(Name::Curvature, hessian[(i, j)]);
    bindings.set(Name::FirstCurvature, hessian[(i, i)]);
    bindings.set(Name::SecondCurvature, hessian[(j, j)]);
    if let Some(noise) = scenario.noise.covariance.stand_in(hessian) {
        bindings.set(Name::Noise, noise[(i, j)]);
    }
    bindings.set(Name::First, i as f64 + 1.0);
    bindings.set(Name::Second, j as f64 + 1.0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(document: Value) -> Sweep {
        Sweep::read(document).unwrap_or_else(|problems| panic!("{}", problems[0]))
    }

    fn with(formula: &str, quantity: &str, scenario: Value) -> Sweep {
        read(json!({ "formula": formula, "quantity": quantity, "coordinate": 2, "points": 7, "scenario": scenario }))
    }

    /// The theory's own formula, typed, is the theory.
    #[test]
    fn a_formula_of_the_paper_is_the_theory_at_every_value() {
        let settled = json!({ "replicas": 100, "steps": 20000 });
        let momentum = json!({ "kind": "momentum", "learning_rate": 1, "momentum": 0.6 });
        for (formula, quantity, scenario) in [
            // Eq. 8 along the second coordinate, and Eq. 11: a sum over the directions.
            (
                "λ(1+μ)*c/((1-μ)*k*(2*(1+μ)-λ*k))".replace("λ(", "λ*("),
                "variance",
                json!({ "version": 1, "optimizer": momentum, "noise": { "covariance": { "kind": "white", "variance": 2 } }, "run": settled }),
            ),
            (
                "lambda/(2*(1-mu)) * sum(c/(2-lambda*k/(1+mu)))".into(),
                "training_error",
                json!({ "version": 1, "optimizer": momentum, "loss": { "kind": "quadratic", "hessian": [[1, 0.3], [0.3, 0.4]] },
                        "noise": { "covariance": { "kind": "matrix", "matrix": [[1, 0.2], [0.2, 0.5]] } }, "run": settled }),
            ),
            (
                "sigma^2*lambda/(k*(2-lambda*k)) + 0*(D-2) + 0*t + 0*(i-j)".into(),
                "variance",
                json!({ "version": 1, "run": settled }),
            ),
        ] {
            let sweep = with(&formula, quantity, scenario);
            let curve = sweep.curve(9).unwrap();
            for (n, x) in curve.x.iter().enumerate().skip(2) {
                let (formula, discrete) = (curve.formula[n], curve.discrete[n]);
                assert!((formula / discrete - 1.0).abs() < 1e-9, "{formula} is not {discrete} at {x}");
            }
        }
    }

    /// `K = diag(1, 0.4)`: `Σ_ij (k_i + k_j − λ k_i k_j) = λ C_ij`.
    #[test]
    fn a_formula_of_a_covariance_has_both_coordinates() {
        let matrix = json!({ "kind": "matrix", "matrix": [[1, 0.3], [0.3, 0.5]] });
        let scenario = json!({ "version": 1, "loss": { "kind": "quadratic", "hessian": [[1, 0], [0, 0.4]] },
            "noise": { "covariance": matrix }, "run": { "replicas": 100, "steps": 20000 } });
        for formula in ["λ*c/(k_i + k_j - λ*k_i*k_j)", "λ*c/(kᵢ + kⱼ - λ*kᵢ·kⱼ) + k*(i-2) + 0*(i-j)"] {
            let sweep =
                read(json!({ "formula": formula, "quantity": "covariance", "coordinate": 2, "other": 1, "points": 7,
                "scenario": scenario }));
            let curve = sweep.curve(9).unwrap();
            for n in 2..9 {
                assert!((curve.formula[n] / curve.discrete[n] - 1.0).abs() < 1e-9, "{formula} at {}", curve.x[n]);
            }
        }
        let places =
            json!({ "formula": "10*i + j", "quantity": "covariance", "coordinate": 2, "other": 1, "points": 1 });
        assert_eq!(read(places).curve(2).unwrap().formula, [21.0, 21.0]);
        // Of K itself the entry that is neither curvature.
        let tilted = json!({ "version": 1, "loss": { "kind": "quadratic", "hessian": [[1, 0.3], [0.3, 0.4]] } });
        let entry = json!({ "formula": "k", "quantity": "covariance", "points": 1, "to": 1, "scenario": tilted });
        assert_eq!(read(entry).curve(2).unwrap().formula, [0.3, 0.3]);
    }

    #[test]
    fn names_of_data_and_minibatches() {
        let sweep = with(
            "k/S + 0*N",
            "variance",
            json!({ "version": 1, "loss": { "kind": "least_squares", "data": { "kind": "synthetic", "samples": 50, "input_variances": [1, 0.1] } },
                    "noise": { "covariance": { "kind": "minibatch", "batch_size": 5 } } }),
        );
        let hessian = sweep.scenario.loss.hessian().unwrap();
        assert!((sweep.curve(3).unwrap().formula[1] - hessian[(1, 1)] / 5.0).abs() < 1e-12);
    }

    #[test]
    fn what_a_scenario_does_not_have_is_named_with_its_place() {
        let problem = |document: Value| Sweep::read(document).unwrap_err()[0].to_string();
        assert_eq!(
            problem(json!({ "formula": "λ*S" })),
            "formula cannot be read: this scenario has no S, which stands at 3"
        );
        assert_eq!(
            problem(json!({ "formula": "2*k", "quantity": "training_error" })),
            "formula cannot be read: k belongs to one direction, say sum(…k…) over all: it stands at 3"
        );
        assert_eq!(problem(json!({ "formula": "1)" })), "formula cannot be read: unexpected ')' at 2");
        assert!(problem(json!({ "formula": 7 })).contains("invalid type"));
        assert!(problem(json!({ "formula": "(".repeat(1000) })).contains("1000 characters"));
        // Of one coordinate the training error has its own.
        let one = json!({ "version": 1, "loss": { "kind": "quadratic", "hessian": [[2]] } });
        let sweep = read(json!({ "formula": "k", "quantity": "training_error", "scenario": one, "to": 1 }));
        assert_eq!(sweep.curve(2).unwrap().formula, [2.0, 2.0]);
    }

    #[test]
    fn without_a_formula_there_is_none() {
        let sweep = read(json!({ "formula": "  ", "points": 3 }));
        assert!(sweep.curve(4).unwrap().formula.is_empty());
        let nowhere = read(json!({ "formula": "sqrt(λ-1)", "points": 3 }));
        let formula = nowhere.curve(3).unwrap().formula;
        assert!(formula[0].is_nan() && formula[2] > 0.0);
    }
}
