//! Choices that go together, and those that do not, each in words.

use noisy_descent::simulate::Ensemble;
use noisy_descent::{Error, Scenario, Sweep, predict};
use serde_json::{Value, json};

/// The scenario with some parts of its document.
fn document(parts: Value) -> Value {
    let mut document = json!({ "version": 1 });
    for (key, value) in parts.as_object().expect("parts") {
        document[key] = value.clone();
    }
    document
}

#[track_caller]
fn refused(parts: Value, parameter: &str, words: &str) {
    let problems = Scenario::read(document(parts)).expect_err("a problem");
    assert_eq!((problems[0].parameter(), problems[0].to_string().as_str()), (parameter, words));
}

#[track_caller]
fn read(parts: Value) -> Scenario {
    Scenario::read(document(parts)).unwrap_or_else(|problems| panic!("{}", problems[0]))
}

fn noise(covariance: Value) -> Value {
    json!({ "covariance": covariance })
}

#[test]
fn noise_goes_with_its_loss() {
    let well = json!({ "kind": "piecewise_quadratic" });
    let data = json!({ "kind": "least_squares", "data": { "kind": "synthetic", "samples": 50 } });
    let minibatch = json!({ "kind": "minibatch", "batch_size": 5 });
    let curvature = json!({ "kind": "curvature", "batch_size": 5 });
    refused(
        json!({ "noise": noise(minibatch.clone()) }),
        "covariance",
        "covariance minibatch goes only with the loss least_squares, got quadratic",
    );
    refused(
        json!({ "loss": data, "noise": noise(curvature.clone()) }),
        "covariance",
        "covariance curvature goes only with the losses piecewise_quadratic and polynomial, got least_squares",
    );
    for (kind, covariance) in [
        ("hessian", json!({ "kind": "hessian", "scale": 1 })),
        ("mixed", json!({ "kind": "mixed", "variance": 1, "scale": 1 })),
        ("matrix", json!({ "kind": "matrix", "matrix": [[1]] })),
    ] {
        refused(
            json!({ "loss": well, "noise": noise(covariance.clone()) }),
            "covariance",
            &format!(
                "covariance {kind} goes only with the losses quadratic and least_squares, got piecewise_quadratic"
            ),
        );
        read(json!({ "loss": data, "noise": noise(covariance) }));
    }
    read(json!({ "loss": well, "noise": noise(json!({ "kind": "white", "variance": 1 })) }));
    read(json!({ "loss": well, "noise": noise(curvature) }));
    read(json!({ "loss": data, "noise": noise(minibatch.clone()) }));
    refused(
        json!({ "loss": data, "noise": { "covariance": minibatch, "law": { "kind": "laplace" } } }),
        "law",
        "law laplace goes only with a covariance that is not minibatch, whose law is that of the data, got minibatch",
    );
}

#[test]
fn a_batch_is_no_larger_than_the_data_unless_samples_come_twice() {
    let parts = |sampling: &str, batch_size: u32| {
        let covariance = json!({ "kind": "minibatch", "batch_size": batch_size, "sampling": sampling });
        json!({ "loss": { "kind": "least_squares", "data": { "kind": "diabetes" } }, "noise": noise(covariance) })
    };
    for sampling in ["without_replacement", "epoch"] {
        read(parts(sampling, 442));
        refused(parts(sampling, 443), "batch_size", "batch_size must lie in [1, 442], got 443");
    }
    read(parts("with_replacement", 1000));
    refused(parts("with_replacement", 0), "batch_size", "batch_size must lie in [1, 1000000], got 0");
    let mut sweep = json!({ "scenario": document(parts("epoch", 1)), "parameter": "batch_size", "to": 1000 });
    let problems = Sweep::read(sweep.clone()).expect_err("too large");
    assert_eq!(problems[0].to_string(), "to must lie in [1, 442], the range of batch_size, got 1000");
    sweep["to"] = json!(442);
    assert!(Sweep::read(sweep).is_ok());
}

#[test]
fn a_flat_loss_has_no_inverse() {
    let flat = json!({ "kind": "quadratic", "hessian": [[1, 1], [1, 1]] });
    for kind in ["newton", "natural_gradient", "adam"] {
        refused(
            json!({ "loss": flat, "optimizer": { "kind": kind, "learning_rate": 0.1 } }),
            "optimizer",
            &format!(
                "optimizer {kind} goes only with a positive definite hessian, got one that is flat in some direction"
            ),
        );
    }
    for optimizer in [
        json!({ "kind": "momentum", "learning_rate": 0.1 }),
        json!({ "kind": "qhm", "learning_rate": 0.1 }),
        json!({ "kind": "preconditioned", "learning_rate": 0.1, "preconditioner": [[2, 0.5], [0.5, 1]] }),
    ] {
        assert!(predict(&read(json!({ "loss": flat, "optimizer": optimizer }))).is_ok());
    }
}

#[test]
fn a_start_has_the_size_of_the_loss_and_lies_inside() {
    let run = |start: Value| json!({ "start": start });
    refused(
        json!({ "run": run(json!({ "kind": "gaussian", "covariance": [[1]] })) }),
        "start_covariance",
        "start_covariance must have the size of hessian, 2, got 1",
    );
    refused(
        json!({ "run": run(json!({ "kind": "gaussian", "covariance": [[1, 2], [2, 1]] })) }),
        "start_covariance",
        "start_covariance must be positive semidefinite (every eigenvalue at least 0), got the eigenvalue -1",
    );
    refused(
        json!({ "run": run(json!({ "kind": "stationary", "burn_in": -1 })) }),
        "burn_in",
        "burn_in must lie in [0, 10000000], got -1",
    );
    let well = json!({ "kind": "polynomial", "coefficients": [0, 0, 0.5, 0, -0.25] });
    refused(
        json!({ "loss": well, "run": run(json!({ "kind": "point", "weights": [2.5] })) }),
        "start_weights",
        "start_weights must lie in (-2, 2), between the exits, got 2.5",
    );
    read(json!({ "loss": well, "run": run(json!({ "kind": "point", "weights": [-1.5] })) }));
    refused(
        json!({ "loss": { "kind": "piecewise_quadratic" }, "run": run(json!({ "kind": "point", "weights": [3] })) }),
        "start_weights",
        "start_weights must lie in (-∞, 2), between the exits, got 3",
    );
    refused(
        json!({ "loss": { "kind": "polynomial", "coefficients": [0, 0, 0.5], "lower_exit": 1 } }),
        "lower_exit",
        "lower_exit must lie in [-1000000, 0), got 1",
    );
}

#[test]
fn unknown_fields_are_refused_everywhere() {
    for parts in [
        json!({ "loss": { "kind": "quadratic", "hessian": [[1]], "extra": 0 } }),
        json!({ "loss": { "kind": "least_squares", "extra": 0 } }),
        json!({ "loss": { "kind": "least_squares", "data": { "kind": "synthetic", "extra": 0 } } }),
        json!({ "loss": { "kind": "piecewise_quadratic", "extra": 0 } }),
        json!({ "loss": { "kind": "polynomial", "coefficients": [0, 0, 1], "extra": 0 } }),
        json!({ "noise": noise(json!({ "kind": "minibatch", "extra": 0 })) }),
        json!({ "noise": noise(json!({ "kind": "curvature", "extra": 0 })) }),
        json!({ "run": { "start": { "kind": "minimum", "extra": 0 } } }),
        json!({ "run": { "start": { "kind": "stationary", "extra": 0 } } }),
        json!({ "optimizer": { "kind": "natural_gradient", "learning_rate": 1, "extra": 0 } }),
    ] {
        let problems = Scenario::read(document(parts.clone())).expect_err("an unknown field");
        assert!(problems[0].to_string().contains("extra"), "{parts}: {}", problems[0]);
    }
}

#[test]
fn every_kind_of_document_has_an_experiment() {
    for parts in [
        json!({ "loss": { "kind": "least_squares" } }),
        json!({ "loss": { "kind": "polynomial", "coefficients": [0, 0, 1] } }),
        json!({ "run": { "start": { "kind": "stationary" } } }),
        json!({ "loss": { "kind": "quadratic", "hessian": [[1, 0], [0, 0]] } }), // flat in a direction
    ] {
        let scenario = read(parts);
        assert!(predict(&scenario).is_ok());
        assert!(Ensemble::runs(&scenario).is_ok());
    }
}

/// A list of the right length would do for serde.
#[test]
fn a_list_is_no_document() {
    let words = |problems: Vec<Error>| problems.iter().map(ToString::to_string).collect::<Vec<_>>();
    let scenario = |document| words(Scenario::read(document).unwrap_err());
    assert_eq!(scenario(json!([1])), ["scenario cannot be read: it must be an object, got a list"]);
    let run = scenario(json!({ "version": 1, "run": [100, 10], "noise": [] }));
    assert_eq!(run.len(), 2);
    assert_eq!(run[0], "scenario cannot be read: its run must be an object, got a list");
    let sweep = |document| words(Sweep::read(document).unwrap_err());
    assert_eq!(sweep(json!([])), ["sweep cannot be read: it must be an object, got a list"]);
    assert_eq!(sweep(json!({ "scenario": [1] })), ["scenario cannot be read: it must be an object, got a list"]);
}
