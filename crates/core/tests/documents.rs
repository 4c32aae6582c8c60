//! Raw documents: whatever a scenario holds, it is predicted or refused in words, and never panics.

use noisy_descent::simulate::Ensemble;
use noisy_descent::theory::{Prediction, table1};
use noisy_descent::{Scenario, Sweep, predict};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Numbers that a person, or a fuzzer, might write.
fn numbers() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => (0.0..2.0_f64).prop_map(Value::from),
        1 => prop_oneof![Just(0.0), Just(1.0), Just(-1.0), Just(1e-12), Just(1e12), Just(1e300), Just(5e-324), Just(0.999_999_999)].prop_map(Value::from),
        1 => prop_oneof![Just(json!(null)), Just(json!("1")), Just(json!([])), Just(json!(true))],
    ]
}

fn matrices() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (1e-3..2.0_f64, -0.5..0.5_f64, 1e-3..2.0_f64).prop_map(|(a, b, c)| json!([[a, b], [b, c]])),
        1 => (numbers(), numbers(), numbers(), numbers()).prop_map(|(a, b, c, d)| json!([[a, b], [c, d]])),
        1 => numbers().prop_map(|a| json!([[a]])),
        1 => prop_oneof![Just(json!([])), Just(json!([[]])), Just(json!([[1], [2, 3]])), Just(json!([[1, 2]])), Just(json!(null))],
    ]
}

fn words(known: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop_oneof![9 => prop::sample::select(known).prop_map(Value::from), 1 => Just(json!("unheard of"))]
}

/// Whole numbers, and what is none.
fn counts() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => (0_u32..12).prop_map(Value::from),
        1 => prop_oneof![Just(json!(1000)), Just(json!(10_000_000)), Just(json!(1e12)), Just(json!(-1)), Just(json!(0.5))],
        1 => prop_oneof![Just(json!(null)), Just(json!("1")), Just(json!([]))],
    ]
}

fn vectors() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => prop::collection::vec(1e-3..2.0_f64, 1..=3).prop_map(Value::from),
        1 => prop::collection::vec(numbers(), 0..=3).prop_map(Value::from),
        1 => numbers(),
    ]
}

/// Coefficients of a polynomial, most of them of one with a minimum at 0.
fn polynomials() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (1e-3..2.0_f64, prop::collection::vec(-1.0..1.0_f64, 0..=4)).prop_map(|(second, rest)| {
            json!([vec![0.0, 0.0, second], rest].concat())
        }),
        1 => (numbers(), prop::collection::vec(numbers(), 0..=4)).prop_map(|(second, rest)| {
            json!([vec![json!(0), json!(0), second], rest].concat())
        }),
        1 => vectors(),
    ]
}

fn tables() -> impl Strategy<Value = (Value, Value)> {
    prop_oneof![
        4 => prop::collection::vec((-2.0..2.0_f64, -2.0..2.0_f64, -2.0..2.0_f64), 1..=5).prop_map(|rows| {
            let inputs: Vec<[f64; 2]> = rows.iter().map(|row| [row.0, row.1]).collect();
            (json!(inputs), json!(rows.iter().map(|row| row.2).collect::<Vec<f64>>()))
        }),
        1 => prop::collection::vec((numbers(), numbers()), 0..=3).prop_map(|rows| {
            let (inputs, targets): (Vec<Value>, Vec<Value>) =
                rows.into_iter().map(|(x, y)| (Value::from(vec![x]), y)).unzip();
            (json!(inputs), json!(targets))
        }),
        1 => (matrices(), vectors()),
    ]
}

prop_compose! {
    fn losses()(
        kind in words(&["quadratic", "quadratic", "least_squares", "piecewise_quadratic", "polynomial"]),
        hessian in prop_oneof![3 => matrices(), 1 => (1e-3..2.0_f64, -1.0..1.0_f64).prop_map(|(a, b)| {
            json!([[a, a * b], [a * b, a * b * b]])
        })],
        data in words(&["synthetic", "diabetes", "table"]),
        (samples, seed) in (counts(), counts()),
        variances in vectors(),
        numbers in prop::collection::vec(numbers(), 6),
        columns in prop_oneof![Just(json!(["bmi"])), Just(json!(["bmi", "s5", "age"])), Just(json!(["bmi", "bmi"])), Just(json!([]))],
        (inputs, targets) in tables(),
        coefficients in polynomials(),
        given in prop::collection::vec(any::<bool>(), 4),
    ) -> Value {
        let mut loss = json!({ "kind": kind });
        match kind.as_str().unwrap_or("") {
            "quadratic" => loss["hessian"] = hessian,
            "least_squares" => {
                loss["data"] = match data.as_str().unwrap_or("") {
                    "synthetic" if given[0] => json!({ "kind": data, "samples": 20, "input_variances": variances }),
                    "synthetic" => json!({
                        "kind": data, "samples": samples, "input_variances": variances,
                        "residual_variance": numbers[0], "seed": seed,
                    }),
                    "diabetes" => json!({ "kind": data, "columns": columns }),
                    _ => json!({ "kind": data, "inputs": inputs, "targets": targets }),
                };
            }
            "piecewise_quadratic" => {
                let names = ["well_curvature", "barrier_curvature", "barrier", "exit"];
                for (i, name) in names.into_iter().enumerate().filter(|(i, _)| given[*i]) {
                    loss[name] = numbers[i].clone();
                }
            }
            _ => {
                loss["coefficients"] = coefficients;
                if given[0] {
                    loss["exit"] = numbers[4].clone();
                }
                if given[1] {
                    loss["lower_exit"] = numbers[5].as_f64().map_or(numbers[5].clone(), |number| json!(-number));
                }
            }
        }
        loss
    }
}

prop_compose! {
    fn documents()(
        loss in losses(),
        matrix in matrices(),
        preconditioner in matrices(),
        numbers in prop::collection::vec(numbers(), 9),
        optimizer in words(&["momentum", "momentum", "qhm", "preconditioned", "newton", "natural_gradient", "adam"]),
        covariance in words(&["white", "white", "hessian", "mixed", "proportional", "matrix", "minibatch", "curvature"]),
        law in words(&["gaussian", "gaussian", "student_t", "chi_squared", "laplace", "uniform", "rademacher"]),
        form in words(&["matrix", "diagonal"]),
        (batch_size, sampling) in (counts(), words(&["with_replacement", "without_replacement", "epoch"])),
        start in words(&["minimum", "minimum", "point", "gaussian", "stationary"]),
        (weights, start_covariance, burn_in) in (vectors(), matrices(), prop::option::of(counts())),
        companion in any::<bool>(),
    ) -> Value {
        // Half of the time a noise that goes with the loss.
        let covariance = match loss["kind"].as_str() {
            Some("least_squares") if companion => json!("minibatch"),
            Some("piecewise_quadratic" | "polynomial") if companion => json!("curvature"),
            _ => covariance,
        };
        let mut step = json!({ "kind": optimizer, "learning_rate": numbers[0] });
        let names: &[(&str, &Value)] = match optimizer.as_str().unwrap_or("") {
            "qhm" => &[("momentum", &numbers[1]), ("mixing", &numbers[2])],
            "preconditioned" => &[("momentum", &numbers[1]), ("preconditioner", &preconditioner)],
            "adam" => &[("beta1", &numbers[1]), ("epsilon", &numbers[2]), ("form", &form)],
            "natural_gradient" => &[("momentum", &numbers[1]), ("averaging", &numbers[2])],
            "momentum" if companion => &[],
            _ => &[("momentum", &numbers[1])],
        };
        for (name, value) in names {
            step[*name] = (*value).clone();
        }
        let mut noise = json!({ "kind": covariance });
        let names: &[(&str, &Value)] = match covariance.as_str().unwrap_or("") {
            "white" => &[("variance", &numbers[3])],
            "mixed" => &[("variance", &numbers[3]), ("scale", &numbers[4])],
            "matrix" => &[("matrix", &matrix)],
            "minibatch" => &[("batch_size", &batch_size), ("sampling", &sampling)],
            "curvature" => &[("batch_size", &batch_size), ("variance", &numbers[3])],
            _ => &[("scale", &numbers[4])],
        };
        for (name, value) in names {
            noise[*name] = (*value).clone();
        }
        let law = if companion { json!("gaussian") } else { law };
        let mut shape = json!({ "kind": law });
        if matches!(law.as_str(), Some("student_t" | "chi_squared")) {
            shape["degrees"] = numbers[5].clone();
        }
        let mut from = json!({ "kind": start });
        match start.as_str().unwrap_or("") {
            "point" => from["weights"] = weights,
            "gaussian" => from["covariance"] = start_covariance,
            "stationary" => {
                if let Some(burn_in) = burn_in {
                    from["burn_in"] = burn_in;
                }
            }
            _ => {}
        }
        json!({
            "version": 1,
            "loss": loss,
            "noise": { "covariance": noise, "law": shape },
            "optimizer": step,
            "run": { "steps": 1000, "start": from },
        })
    }
}

/// Whether every number of a document is there: a NaN or an infinity has no JSON and becomes null.
fn holes(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Null => found.push(path.to_string()),
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                holes(item, &format!("{path}/{i}"), found);
            }
        }
        Value::Object(fields) => {
            for (key, item) in fields {
                holes(item, &format!("{path}/{key}"), found);
            }
        }
        _ => {}
    }
}

thread_local! {
    /// How often each kind of prediction was made, so that a fuzz which only meets refusals does not pass.
    static PREDICTED: RefCell<BTreeMap<String, usize>> = const { RefCell::new(BTreeMap::new()) };
}

fn predicted(prediction: &Prediction, scenario: &Scenario) {
    let count = |what: String| PREDICTED.with_borrow_mut(|seen| *seen.entry(what).or_default() += 1);
    count(format!("loss {}", scenario.loss.kind()));
    count(format!("covariance {}", scenario.noise.covariance.kind()));
    count(format!("start {}", scenario.run.start.kind()));
    if prediction.exact_stability.is_some() && prediction.exact.is_some() {
        count("exact minibatches".into());
    }
    if prediction.escape.as_ref().is_some_and(|escape| escape.exact.is_some()) {
        count("exact escape".into());
    }
    if !prediction.stability.diffusion.is_empty() {
        count("flat".into());
    }
}

/// What must hold of any document.
fn predicted_or_refused(document: &Value) -> Result<(), TestCaseError> {
    match Scenario::read(document.clone()) {
        Err(problems) => {
            prop_assert!(!problems.is_empty());
            for problem in problems {
                prop_assert!(!problem.to_string().is_empty() && !problem.parameter().is_empty());
            }
        }
        Ok(scenario) => {
            prop_assert_eq!(&Scenario::read(serde_json::to_value(&scenario).unwrap()).unwrap(), &scenario);
            if let Ok(prediction) = predict(&scenario) {
                predicted(&prediction, &scenario);
                let written = serde_json::to_value(&prediction).unwrap();
                let mut found = Vec::new();
                holes(&written["stability"], "stability", &mut found);
                for theory in ["continuous", "discrete", "exact"] {
                    if written[theory].is_null() {
                        continue;
                    }
                    holes(&written[theory]["at_end"], theory, &mut found);
                    // Where noise accumulates along a flat direction there is no law in the long run.
                    if !written[theory]["stationary"].is_null() || prediction.stability.diffusion.is_empty() {
                        holes(&written[theory]["stationary"], theory, &mut found);
                    }
                }
                prop_assert!(found.is_empty(), "no number at {:?} of {}", found, document);
                let unstable = prediction.exact_stability.as_ref().is_some_and(|stability| !stability.stable);
                prop_assert_eq!(
                    prediction.exact.is_none(),
                    unstable || prediction.discrete.is_none() || !prediction.exact_note.is_empty(),
                    "{}",
                    document
                );
            }
            let sweep = Sweep { scenario: scenario.clone(), to: 0.5, points: 2, ..Sweep::default() };
            if sweep.check().is_empty() {
                let _ = sweep.curve(4);
            }
            let _ = table1(&scenario);
        }
    }
    Ok(())
}

/// Documents that are tried however slow the machine is: among them is every kind of prediction.
const FEWEST: usize = 8000;

/// Runs for as many seconds as the environment variable `FUZZ_SECONDS` says, 2 without it; always the same documents in the
/// same order, so that what fails once fails again.
#[test]
fn documents_are_predicted_or_refused() {
    let seconds = std::env::var("FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut documents_seen = 0;
    for batch in 0_u64.. {
        let config = ProptestConfig {
            cases: 500,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(batch),
            ..ProptestConfig::default()
        };
        let outcome = TestRunner::new(config).run(&documents(), |document| predicted_or_refused(&document));
        if let Err(error) = outcome {
            panic!("batch {batch}: {error}");
        }
        documents_seen += 500;
        if documents_seen >= FEWEST && Instant::now() >= end {
            break;
        }
    }
    PREDICTED.with_borrow(|seen| {
        println!("fuzz: {documents_seen} documents; predicted {seen:?}");
        assert_eq!(seen.len(), 18, "some kind was never predicted: {seen:?}");
    });
}

#[test]
fn every_optimizer_and_law_has_an_experiment() {
    let read = |document: Value| Scenario::read(document).expect("a scenario");
    for document in [
        json!({ "version": 1, "optimizer": { "kind": "newton", "learning_rate": 0.5 } }),
        json!({ "version": 1, "noise": { "law": { "kind": "laplace" } } }),
    ] {
        let scenario = read(document);
        assert!(predict(&scenario).is_ok());
        assert!(Ensemble::new(&scenario, 0).is_ok());
    }
    // What cannot be inverted is refused before.
    let flat = json!({ "version": 1, "loss": { "kind": "quadratic", "hessian": [[1, 0], [0, 0]] },
        "optimizer": { "kind": "newton", "learning_rate": 0.5 } });
    let problem = Scenario::read(flat).map_err(|mut problems| problems.remove(0)).and_then(|s| Ensemble::new(&s, 0));
    assert_eq!(problem.expect_err("flat").parameter(), "optimizer");
    let quiet =
        read(json!({ "version": 1, "noise": { "covariance": { "kind": "mixed", "variance": 1, "scale": 0.5 } } }));
    assert!(Ensemble::new(&quiet, 0).is_ok());
}

#[test]
fn choices_that_do_not_go_together_are_named() {
    let document = json!({ "version": 1, "noise": { "covariance": { "kind": "proportional", "scale": 0.5 } } });
    let problems = Scenario::read(document).expect_err("momentum with a noise that follows the weights");
    assert_eq!(problems[0].kind(), "not_combined");
    let document = json!({ "version": 1, "noise": { "law": { "kind": "student_t", "degrees": 2 } } });
    let problems = Scenario::read(document).expect_err("no variance");
    assert_eq!(problems[0].to_string(), "degrees must lie in (2, ∞) for the law student_t, got 2");
}
