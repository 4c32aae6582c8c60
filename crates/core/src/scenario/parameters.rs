//! The parameter table: one row per parameter of a document, from which validation, TypeScript types, the page's controls
//! and its URL all come.

use super::parameter::{Group, Interval, Parameter, Values, integer, linear, log, number};

/// The row of the table with this name.
///
/// ```
/// use noisy_descent::scenario::parameter;
/// assert_eq!(parameter("momentum").unwrap().interval().unwrap().to_string(), "[0, 1)");
/// ```
#[must_use]
pub fn parameter(name: &str) -> Option<&'static Parameter> {
    PARAMETERS.iter().find(|parameter| parameter.name == name)
}

/// Largest whole number that is exact in JSON and JavaScript.
pub(super) const LARGEST_SEED: f64 = 9_007_199_254_740_991.0;

/// Every parameter, in the order in which a page shows them.
pub static PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "optimizer",
        path: "/optimizer/kind",
        group: Group::Optimizer,
        label: "Optimizer",
        symbol: "",
        unit: "",
        values: Values::Choice {
            options: &[
                ("momentum", "SGD with momentum"),
                ("qhm", "quasi-hyperbolic momentum"),
                ("preconditioned", "preconditioned by a matrix"),
                ("newton", "damped Newton"),
                ("natural_gradient", "natural gradient"),
                ("adam", "Adam"),
            ],
        },
        default: "\"momentum\"",
        only_if: None,
        doc: "How a step follows from the gradients.",
    },
    Parameter {
        name: "learning_rate",
        path: "/optimizer/learning_rate",
        group: Group::Optimizer,
        label: "Learning rate",
        symbol: "λ",
        unit: "",
        values: number(Interval::open_below(0.0, 1e6), linear(0.01, 4.0, 0.01)),
        default: "1.5",
        only_if: None,
        doc: "Length of a step per unit of gradient, or factor on the preconditioner. With momentum stable while λk < 2(1 + μ) for every curvature k of K.",
    },
    Parameter {
        name: "momentum",
        path: "/optimizer/momentum",
        group: Group::Optimizer,
        label: "Momentum",
        symbol: "μ",
        unit: "",
        values: number(Interval::open_above(0.0, 1.0), linear(0.0, 0.99, 0.01)),
        default: "0.0",
        only_if: Some(("optimizer", &["momentum", "qhm", "preconditioned", "newton", "natural_gradient"])),
        doc: "Share of the last velocity that each step keeps; 0 is plain SGD.",
    },
    Parameter {
        name: "mixing",
        path: "/optimizer/mixing",
        group: Group::Optimizer,
        label: "Mixing",
        symbol: "ν",
        unit: "",
        values: number(Interval::closed(0.0, 1.0), linear(0.0, 1.0, 0.01)),
        default: "0.7",
        only_if: Some(("optimizer", &["qhm"])),
        doc: "Share of the velocity in a step; the rest is the fresh gradient. 0 is plain SGD.",
    },
    Parameter {
        name: "preconditioner",
        path: "/optimizer/preconditioner",
        group: Group::Optimizer,
        label: "Preconditioner",
        symbol: "Λ",
        unit: "",
        values: Values::Matrix { definite: true },
        default: "[[1.0,0.0],[0.0,1.0]]",
        only_if: Some(("optimizer", &["preconditioned"])),
        doc: "Matrix that multiplies each step: symmetric, positive definite, as large as K.",
    },
    Parameter {
        name: "adam_form",
        path: "/optimizer/form",
        group: Group::Optimizer,
        label: "Second moments",
        symbol: "",
        unit: "",
        values: Values::Choice { options: &[("matrix", "the whole matrix"), ("diagonal", "the diagonal")] },
        default: "\"matrix\"",
        only_if: Some(("optimizer", &["adam"])),
        doc: "Which second moments of the gradient precondition the step.",
    },
    Parameter {
        name: "beta1",
        path: "/optimizer/beta1",
        group: Group::Optimizer,
        label: "Decay of the mean",
        symbol: "β₁",
        unit: "",
        values: number(Interval::open_above(0.0, 1.0), linear(0.0, 0.99, 0.01)),
        default: "0.0",
        only_if: Some(("optimizer", &["adam"])),
        doc: "Share of the averaged gradient that each step keeps; 0 uses the fresh gradient.",
    },
    Parameter {
        name: "beta2",
        path: "/optimizer/beta2",
        group: Group::Optimizer,
        label: "Decay of the square",
        symbol: "β₂",
        unit: "",
        values: number(Interval::open_above(0.0, 1.0), linear(0.9, 0.9999, 0.0001)),
        default: "0.999",
        only_if: Some(("optimizer", &["adam"])),
        doc: "Share of the averaged squared gradient that each step keeps; the theory takes it as near 1.",
    },
    Parameter {
        name: "epsilon",
        path: "/optimizer/epsilon",
        group: Group::Optimizer,
        label: "Regulariser",
        symbol: "ε",
        unit: "",
        values: number(Interval::closed(0.0, 1e6), log(1e-10, 1.0, 5.0)),
        default: "1e-8",
        only_if: Some(("optimizer", &["adam"])),
        doc: "Added to the root of the second moment, so that a step stays finite.",
    },
    Parameter {
        name: "hessian",
        path: "/loss/hessian",
        group: Group::Loss,
        label: "Hessian",
        symbol: "K",
        unit: "",
        values: Values::Matrix { definite: true },
        default: "[[1.0,0.0],[0.0,0.1]]",
        only_if: None,
        doc: "Curvature of the loss L = wᵀKw/2: symmetric, positive definite.",
    },
    Parameter {
        name: "covariance",
        path: "/noise/covariance/kind",
        group: Group::Noise,
        label: "Noise covariance",
        symbol: "C",
        unit: "",
        values: Values::Choice {
            options: &[
                ("white", "white, σ²I"),
                ("hessian", "as the Hessian, aK"),
                ("mixed", "white and as the Hessian, σ²I + aK"),
                ("proportional", "as the gradient, cKΣK"),
                ("matrix", "a matrix"),
            ],
        },
        default: "\"white\"",
        only_if: None,
        doc: "Covariance of the noise that each gradient carries.",
    },
    Parameter {
        name: "noise_variance",
        path: "/noise/covariance/variance",
        group: Group::Noise,
        label: "Noise variance",
        symbol: "σ²",
        unit: "",
        values: number(Interval::closed(0.0, 1e12), log(0.01, 100.0, 20.0)),
        default: "1.0",
        only_if: Some(("covariance", &["white", "mixed"])),
        doc: "Variance of the noise that is the same in every direction, σ²I.",
    },
    Parameter {
        name: "noise_scale",
        path: "/noise/covariance/scale",
        group: Group::Noise,
        label: "Noise scale",
        symbol: "a",
        unit: "",
        values: number(Interval::closed(0.0, 1e12), log(0.01, 100.0, 20.0)),
        default: "1.0",
        only_if: Some(("covariance", &["hessian", "mixed", "proportional"])),
        doc: "Factor on K, or on KΣK, in the covariance of the noise.",
    },
    Parameter {
        name: "noise_covariance",
        path: "/noise/covariance/matrix",
        group: Group::Noise,
        label: "Noise covariance",
        symbol: "C",
        unit: "",
        values: Values::Matrix { definite: false },
        default: "[[1.0,0.0],[0.0,1.0]]",
        only_if: Some(("covariance", &["matrix"])),
        doc: "Covariance of the noise: symmetric, positive semidefinite, as large as K.",
    },
    Parameter {
        name: "law",
        path: "/noise/law/kind",
        group: Group::Noise,
        label: "Noise law",
        symbol: "",
        unit: "",
        values: Values::Choice {
            options: &[
                ("gaussian", "Gaussian"),
                ("student_t", "Student's t"),
                ("chi_squared", "χ² less its mean"),
                ("laplace", "Laplace"),
                ("uniform", "uniform"),
                ("rademacher", "a fair coin, ±1"),
            ],
        },
        default: "\"gaussian\"",
        only_if: None,
        doc: "Shape of the noise before it is given its covariance.",
    },
    Parameter {
        name: "degrees",
        path: "/noise/law/degrees",
        group: Group::Noise,
        label: "Degrees of freedom",
        symbol: "",
        unit: "",
        values: number(Interval::open_below(0.0, 1e6), linear(2.5, 30.0, 0.5)),
        default: "5.0",
        only_if: Some(("law", &["student_t", "chi_squared"])),
        doc: "Few make heavy tails (Student's t, above 2) or a skewed law (χ²).",
    },
    Parameter {
        name: "replicas",
        path: "/run/replicas",
        group: Group::Run,
        label: "Replicas",
        symbol: "",
        unit: "runs",
        values: integer(2.0, 1e6, log(100.0, 1e5, 10.0)),
        default: "10000",
        only_if: None,
        doc: "Independent runs over which every average is taken.",
    },
    Parameter {
        name: "steps",
        path: "/run/steps",
        group: Group::Run,
        label: "Steps",
        symbol: "t",
        unit: "updates",
        values: integer(1.0, 1e7, log(1.0, 1e4, 10.0)),
        default: "1000",
        only_if: None,
        doc: "Updates of each run, from the minimum on, before the sweep measures.",
    },
    Parameter {
        name: "seed",
        path: "/run/seed",
        group: Group::Run,
        label: "Seed",
        symbol: "",
        unit: "",
        values: integer(0.0, LARGEST_SEED, None),
        default: "1",
        only_if: None,
        doc: "The same seed gives the same numbers, bit for bit.",
    },
    Parameter {
        name: "parameter",
        path: "/parameter",
        group: Group::Sweep,
        label: "Along",
        symbol: "",
        unit: "",
        values: Values::Choice { options: &[("learning_rate", "learning rate λ"), ("momentum", "momentum μ")] },
        default: "\"learning_rate\"",
        only_if: None,
        doc: "The parameter that the sweep varies; all others keep their value.",
    },
    Parameter {
        name: "from",
        path: "/from",
        group: Group::Sweep,
        label: "From",
        symbol: "",
        unit: "",
        values: number(Interval::closed(0.0, 1e6), None),
        default: "0.0",
        only_if: None,
        doc: "Lower end of the sweep; the points lie strictly inside.",
    },
    Parameter {
        name: "to",
        path: "/to",
        group: Group::Sweep,
        label: "To",
        symbol: "",
        unit: "",
        values: number(Interval::open_below(0.0, 1e6), None),
        default: "2.0",
        only_if: None,
        doc: "Upper end of the sweep; the points lie strictly inside.",
    },
    Parameter {
        name: "points",
        path: "/points",
        group: Group::Sweep,
        label: "Points",
        symbol: "",
        unit: "",
        values: integer(1.0, 200.0, None),
        default: "30",
        only_if: None,
        doc: "Number of values, evenly spaced.",
    },
    Parameter {
        name: "quantity",
        path: "/quantity",
        group: Group::Sweep,
        label: "Show",
        symbol: "",
        unit: "",
        values: Values::Choice { options: &[("variance", "variance of wᵢ"), ("training_error", "training error")] },
        default: "\"variance\"",
        only_if: None,
        doc: "What is measured and predicted at each point.",
    },
    Parameter {
        name: "coordinate",
        path: "/coordinate",
        group: Group::Sweep,
        label: "Coordinate",
        symbol: "i",
        unit: "",
        values: integer(1.0, 512.0, None),
        default: "1",
        only_if: Some(("quantity", &["variance"])),
        doc: "The coordinate wᵢ whose variance is shown.",
    },
    Parameter {
        name: "y_scale",
        path: "/view/y_scale",
        group: Group::View,
        label: "Scale",
        symbol: "",
        unit: "",
        values: Values::Choice { options: &[("linear", "linear"), ("log", "logarithmic")] },
        default: "\"linear\"",
        only_if: None,
        doc: "Scale of the upward axis.",
    },
    Parameter {
        name: "speed",
        path: "/view/speed",
        group: Group::View,
        label: "Speed",
        symbol: "",
        unit: "steps a second",
        values: Values::Choice {
            options: &[
                ("1", "1 step/s"),
                ("5", "5 steps/s"),
                ("20", "20 steps/s"),
                ("60", "60 steps/s"),
                ("max", "fastest"),
            ],
        },
        default: "\"60\"",
        only_if: None,
        doc: "How fast the cloud moves.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use serde_json::{Value, json};

    fn in_scenario(row: &Parameter) -> bool {
        !matches!(row.group, Group::Sweep | Group::View)
    }

    /// The document in which every choice has its default but one, with the defaults of what these choices bring.
    fn document(choice: &str, chosen: &str) -> Value {
        let mut document =
            json!({ "version": 1, "loss": { "kind": "quadratic" }, "noise": {}, "optimizer": {}, "run": {} });
        let mut set = |path: &str, value: Value| {
            let mut place = &mut document;
            for key in path.trim_start_matches('/').split('/') {
                place = &mut place[key];
            }
            *place = value;
        };
        let value_of = |row: &Parameter| match row.name == choice {
            true => json!(chosen),
            false if row.name == "optimizer" && chosen == "proportional" => json!("adam"),
            false => serde_json::from_str(row.default).expect("a default is JSON"),
        };
        let rows: Vec<&Parameter> = PARAMETERS.iter().filter(|row| in_scenario(row)).collect();
        for row in &rows {
            let there = row.only_if.is_none_or(|(name, values)| {
                let of = rows.iter().find(|row| row.name == name).expect("a choice of the table");
                values.iter().any(|&value| value_of(of) == value)
            });
            if there {
                set(row.path, value_of(row));
            }
        }
        document
    }

    #[test]
    fn every_choice_with_its_defaults_is_a_scenario() {
        for row in PARAMETERS.iter().filter(|row| in_scenario(row)) {
            let Values::Choice { options } = row.values else { continue };
            for (option, _) in options {
                let document = document(row.name, option);
                let scenario =
                    Scenario::read(document.clone()).unwrap_or_else(|errors| panic!("{document}: {errors:?}"));
                let again = serde_json::to_value(&scenario).unwrap();
                for row in PARAMETERS.iter().filter(|row| in_scenario(row)) {
                    assert!(
                        document.pointer(row.path).is_none_or(|value| Some(value) == again.pointer(row.path)),
                        "{}",
                        row.name
                    );
                }
                crate::predict(&scenario).unwrap_or_else(|error| panic!("{document}: {error}"));
            }
        }
    }

    #[test]
    fn the_defaults_are_the_default_scenario() {
        let default = serde_json::to_value(Scenario::default()).unwrap();
        for row in PARAMETERS {
            if let Some(value) = default.pointer(row.path) {
                assert_eq!(*value, serde_json::from_str::<Value>(row.default).unwrap(), "{}", row.name);
            }
            if let Some((name, values)) = row.only_if {
                let Some(Values::Choice { options }) = parameter(name).map(|row| row.values) else {
                    panic!("{name} is no choice")
                };
                assert!(values.iter().all(|value| options.iter().any(|(option, _)| option == value)), "{}", row.name);
            }
        }
    }
}
