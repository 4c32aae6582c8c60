//! Raw documents: whatever a scenario holds, it is predicted or refused in words, and never panics.

use noisy_descent::simulate::Ensemble;
use noisy_descent::theory::table1;
use noisy_descent::{Scenario, predict};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::{Value, json};
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

prop_compose! {
    fn documents()(
        hessian in matrices(),
        matrix in matrices(),
        preconditioner in matrices(),
        numbers in prop::collection::vec(numbers(), 9),
        optimizer in words(&["momentum", "qhm", "preconditioned", "newton", "natural_gradient", "adam"]),
        covariance in words(&["white", "hessian", "mixed", "proportional", "matrix"]),
        law in words(&["gaussian", "student_t", "chi_squared", "laplace", "uniform", "rademacher"]),
        form in words(&["matrix", "diagonal"]),
    ) -> Value {
        let mut step = json!({ "kind": optimizer, "learning_rate": numbers[0] });
        let names: &[(&str, &Value)] = match optimizer.as_str().unwrap_or("") {
            "qhm" => &[("momentum", &numbers[1]), ("mixing", &numbers[2])],
            "preconditioned" => &[("momentum", &numbers[1]), ("preconditioner", &preconditioner)],
            "adam" => &[("beta1", &numbers[1]), ("epsilon", &numbers[2]), ("form", &form)],
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
            _ => &[("scale", &numbers[4])],
        };
        for (name, value) in names {
            noise[*name] = (*value).clone();
        }
        let mut shape = json!({ "kind": law });
        if matches!(law.as_str(), Some("student_t" | "chi_squared")) {
            shape["degrees"] = numbers[5].clone();
        }
        json!({
            "version": 1,
            "loss": { "kind": "quadratic", "hessian": hessian },
            "noise": { "covariance": noise, "law": shape },
            "optimizer": step,
            "run": { "steps": 1000 },
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
                let written = serde_json::to_value(&prediction).unwrap();
                let mut found = Vec::new();
                holes(&written["stability"], "stability", &mut found);
                holes(&written["continuous"], "continuous", &mut found);
                if prediction.discrete.is_some() {
                    holes(&written["discrete"], "discrete", &mut found);
                }
                prop_assert!(found.is_empty(), "no number at {:?} of {}", found, document);
            }
            let _ = table1(&scenario);
        }
    }
    Ok(())
}

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
        if Instant::now() >= end {
            break;
        }
    }
    println!("fuzz: {documents_seen} documents");
}

#[test]
fn what_has_no_experiment_is_said_so() {
    let read = |document: Value| Scenario::read(document).expect("a scenario");
    for (document, parameter, words) in [
        (
            json!({ "version": 1, "optimizer": { "kind": "newton", "learning_rate": 0.5 } }),
            "optimizer",
            "optimizer newton has a theory but no experiment",
        ),
        (
            json!({ "version": 1, "noise": { "law": { "kind": "laplace" } } }),
            "law",
            "law laplace has a theory but no experiment",
        ),
    ] {
        let scenario = read(document);
        assert!(predict(&scenario).is_ok());
        let problem = Ensemble::new(&scenario, 0).expect_err("no experiment");
        assert_eq!((problem.kind(), problem.parameter()), ("not_simulated", parameter));
        assert_eq!(problem.to_string(), words);
    }
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
