//! The experiment against the theory: it accepts the discrete one and rejects the continuous one.
//!
//! Seeds are fixed, so a test either always passes or always fails. With other seeds a correct program would fail less than once
//! in a million times, all numbers of this file together; the arithmetic is beside each bound, and what makes measured errors
//! less than exact in tests/deviation.

use crate::deviation::numbers;
use noisy_descent::simulate::Ensemble;
use noisy_descent::theory::{Law, Moments, autocovariance, expected_loss, transient};
use noisy_descent::{Scenario, Sweep};
use serde_json::json;

/// Of 220 moments and autocovariances, 8e-11 each: 1.8e-8; errors measured on 20 000 replicas make that at most `exp(1.9)/2` times as much
/// for squares of Gaussians: 6e-8.
const BOUND: f64 = 6.5;

fn scenario(hessian: serde_json::Value, noise: serde_json::Value, lambda: f64, mu: f64, steps: u32) -> Scenario {
    Scenario::read(json!({
        "version": 1,
        "loss": { "kind": "quadratic", "hessian": hessian },
        "noise": { "covariance": noise },
        "optimizer": { "kind": "momentum", "learning_rate": lambda, "momentum": mu },
        "run": { "replicas": 20_000, "steps": steps, "seed": 42 },
    }))
    .unwrap_or_else(|problems| panic!("{}", problems[0]))
}

fn scenarios() -> Vec<Scenario> {
    let white = json!({ "kind": "white", "variance": 1.0 });
    let one = json!([[1.0]]);
    let diagonal = json!([[1.0, 0.0], [0.0, 0.1]]);
    let dense = json!([[1.0, 0.3, 0.1], [0.3, 0.6, -0.2], [0.1, -0.2, 0.4]]);
    let coloured = json!({ "kind": "matrix", "matrix": [[2.0, 0.5, 0.0], [0.5, 1.0, 0.3], [0.0, 0.3, 0.2]] });
    let rank_one = json!({ "kind": "matrix", "matrix": [[1.0, 0.5, -1.0], [0.5, 0.25, -0.5], [-1.0, -0.5, 1.0]] });
    let five: Vec<Vec<f64>> =
        (0..5).map(|i| (0..5).map(|j| if i == j { 1.0 - 0.15 * f64::from(i) } else { 0.05 }).collect()).collect();
    vec![
        scenario(one.clone(), white.clone(), 0.1, 0.0, 300),
        scenario(one.clone(), white.clone(), 1.0, 0.0, 50),
        scenario(one.clone(), white.clone(), 1.9, 0.0, 300),
        scenario(one.clone(), white.clone(), 2.75, 0.5, 300),
        scenario(one.clone(), white.clone(), 0.5, 0.9, 400),
        scenario(one, white.clone(), 2.1, 0.0, 30), // unstable, followed by the transient
        scenario(diagonal.clone(), white.clone(), 1.5, 0.0, 200),
        scenario(diagonal, white.clone(), 3.2, 0.7, 7), // far from settled
        scenario(dense.clone(), coloured.clone(), 1.2, 0.0, 100),
        scenario(dense.clone(), coloured, 0.8, 0.6, 100),
        scenario(dense, rank_one, 1.4, 0.3, 100),
        scenario(json!(five), white, 1.5, 0.2, 80),
    ]
}

/// The law after the scenario's steps, stable or not.
fn exact_law(scenario: &Scenario) -> Law {
    let system = scenario.system().expect("valid");
    let start = Moments::at_minimum(scenario.dimension());
    let moments = transient(&system, &start, u64::from(scenario.run.steps)).expect("valid");
    Law {
        training_error: expected_loss(system.hessian_modes(), &moments.mean, &moments.covariance).expect("valid"),
        mean: moments.mean.iter().copied().collect(),
        covariance: noisy_descent::matrix::to_rows(&moments.covariance),
    }
}

#[test]
fn measurements_accept_the_discrete_theory() {
    let mut compared = 0;
    for (n, scenario) in scenarios().iter().enumerate() {
        let mut ensemble = Ensemble::new(scenario, 0).expect("valid");
        ensemble.run();
        for (number, want) in numbers(&ensemble.measure(), &exact_law(scenario)) {
            // A direction without noise has no spread: then the numbers agree to rounding.
            let z = number.z(want);
            assert!(z.abs() < BOUND, "scenario {n}: {number:?}, theory {want}: z = {z}");
            compared += 1;
        }
    }
    assert!(compared > 80 && compared < 150, "{compared}");
}

#[test]
fn measurements_reject_the_continuous_theory_where_it_is_off() {
    let mut rejected = 0;
    for scenario in scenarios() {
        let prediction = noisy_descent::predict(&scenario).expect("valid");
        let Some(discrete) = prediction.discrete else { continue };
        let mut ensemble = Ensemble::new(&scenario, 0).expect("valid");
        ensemble.run();
        let measured = ensemble.measure();
        let (value, error) = (measured.training_error, measured.training_error_error);
        let (right, wrong) = (discrete.at_end.training_error, prediction.continuous.at_end.training_error);
        if (right - wrong).abs() > 10.0 * error {
            assert!(((value - wrong) / error).abs() > 10.0 - BOUND);
            rejected += 1;
        }
    }
    assert!(rejected >= 8, "only {rejected} scenarios tell the theories apart");
}

/// For skewness and kurtosis, whose errors need moments up to the eighth: a sample that lacks the rare large weights has too small a kurtosis
/// and too small an error. Of 12 000 samples of 20 000 numbers each, Laplace and centred χ² with 3 degrees, the kurtosis was more than 6
/// errors too low in 1e-4 to 3e-4, and the next half error took a factor above 2.2 away each time: 6e-7 beyond 9, which is `e^29` of a
/// Gaussian's tail. Four times as many numbers halve that exponent: 3e-13 beyond 9, for the 40 compared here 1e-11.
const SHAPE_BOUND: f64 = 9.0;

/// Shapes of the weights under laws that are not Gaussian: the discrete theory is accepted, the diffusion's Gaussian is not.
#[test]
fn shapes_accept_the_discrete_theory_and_reject_the_gaussian() {
    let (mut compared, mut rejected) = (0, 0);
    for law in [
        json!({ "kind": "chi_squared", "degrees": 3.0 }),
        json!({ "kind": "laplace" }),
        json!({ "kind": "uniform" }),
        json!({ "kind": "rademacher" }),
        json!({ "kind": "student_t", "degrees": 20.0 }),
    ] {
        for (learning_rate, momentum) in [(0.3, 0.0), (1.0, 0.0), (1.6, 0.0), (0.5, 0.8)] {
            let sweep = |quantity: &str| {
                Sweep::read(json!({
                    "scenario": {
                        "version": 1,
                        "loss": { "kind": "quadratic", "hessian": [[1.0]] },
                        "noise": { "covariance": { "kind": "white", "variance": 1.0 }, "law": law },
                        "optimizer": { "kind": "momentum", "learning_rate": learning_rate, "momentum": momentum },
                        "run": { "replicas": 80_000, "steps": 120, "seed": 8 },
                    },
                    "parameter": "learning_rate", "from": learning_rate, "to": learning_rate + 0.1, "points": 1,
                    "quantity": quantity,
                }))
                .unwrap_or_else(|problems| panic!("{}", problems[0]))
            };
            let mut ensemble = Ensemble::new(&sweep("skewness").scenario_at(0).expect("valid"), 0).expect("valid");
            ensemble.run();
            for quantity in ["skewness", "kurtosis"] {
                let point = sweep(quantity).point(0, &ensemble.measure()).expect("valid");
                let (measured, error) = (point.measured.expect("a number"), point.error.expect("a number"));
                assert!(measured.is_finite() && error.is_finite() && error > 0.0, "{measured} ± {error}");
                let z = (measured - point.exact.expect("a theory")) / error;
                assert!(
                    z.abs() < SHAPE_BOUND,
                    "{law} {learning_rate} {momentum}: {quantity} {measured} ± {error}: z = {z}"
                );
                compared += 1;
                rejected += u32::from(((measured - point.continuous) / error).abs() > 10.0);
            }
        }
    }
    // The skewness of the four symmetric laws cannot be rejected, nor what adds up from many steps.
    assert!(compared == 40 && rejected >= 12, "{compared} compared, {rejected} rejected");
}

/// What the ensemble remembers of an earlier step, against the theory's autocovariance.
#[test]
fn autocovariances_accept_the_theory() {
    for (learning_rate, momentum) in [(0.4, 0.0), (1.7, 0.0), (0.5, 0.8)] {
        let matrix = json!({ "kind": "matrix", "matrix": [[1.0, 0.4], [0.4, 0.8]] });
        let scenario = scenario(json!([[1.0, 0.3], [0.3, 0.5]]), matrix, learning_rate, momentum, 200);
        let system = scenario.system().expect("valid");
        let mut ensemble = Ensemble::new(&scenario, 0).expect("valid");
        ensemble.run();
        ensemble.mark();
        for lag in [0, 1, 2, 3, 7, 12] {
            ensemble.set_target(200 + lag);
            ensemble.run();
            let lagged = ensemble.lagged_covariance().expect("marked");
            assert_eq!(lagged.lag, lag);
            let theory = autocovariance(&system, lag).expect("stationary");
            for i in 0..2 {
                for j in 0..2 {
                    let z = (lagged.covariance[i][j] - theory[(i, j)]) / lagged.error[i][j];
                    assert!(z.abs() < BOUND, "λ = {learning_rate}, μ = {momentum}, lag {lag}, ({i}, {j}): z = {z}");
                }
            }
        }
    }
}
