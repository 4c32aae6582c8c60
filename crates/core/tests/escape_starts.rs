//! The escape from other starts than the minimum: the chain's own time against an ensemble.

use noisy_descent::simulate::{Ensemble, EscapeMeasurement};
use noisy_descent::{Scenario, Sweep, predict, theory::EscapePrediction};
use serde_json::{Value, json};

fn scenario(loss: &Value, noise: &Value, learning_rate: f64, start: &Value) -> Scenario {
    let document = json!({ "version": 1, "loss": loss, "noise": { "covariance": noise },
        "optimizer": { "kind": "momentum", "learning_rate": learning_rate },
        "run": { "replicas": 4000, "steps": 100_000, "seed": 8, "start": start } });
    Scenario::read(document).unwrap_or_else(|problems| panic!("{}", problems[0]))
}

/// Every replica to its end.
fn measured(scenario: &Scenario) -> EscapeMeasurement {
    let mut ensemble = Ensemble::new(scenario, 0).expect("it runs");
    ensemble.run();
    ensemble.escape(20).expect("a barrier")
}

fn predicted(scenario: &Scenario) -> EscapePrediction {
    predict(scenario).expect("a prediction").escape.expect("a barrier")
}

fn settings() -> [(Value, Value, f64); 4] {
    let fig_6 = json!({ "kind": "piecewise_quadratic", "well_curvature": 6, "barrier_curvature": 6, "barrier": 1 });
    let cubic = json!({ "kind": "polynomial", "coefficients": [0, 0, 0.5, -0.333_333_333_333], "exit": 2 });
    // Left to the left alone.
    let mirrored = json!({ "kind": "polynomial", "coefficients": [0, 0, 0.5, 0.333_333_333_333], "lower_exit": -2 });
    let quartic = json!({ "kind": "polynomial", "coefficients": [0, 0, 0.5, 0, -0.25], "exit": 1.8, "lower_exit": -2 });
    let white = |variance: f64| json!({ "kind": "white", "variance": variance });
    [
        (fig_6, json!({ "kind": "curvature", "batch_size": 1 }), 0.15),
        (cubic, json!({ "kind": "curvature", "batch_size": 1, "variance": 0.2 }), 0.6),
        (mirrored, white(0.5), 0.5),
        (quartic, white(0.5), 0.5),
    ]
}

/// Walkers from any start leave as the exact chain says: a test for each setting, side by side.
fn walkers_leave_as_the_exact_chain_says(setting: usize) {
    let (loss, noise, learning_rate) = settings()[setting].clone();
    let minimum = predicted(&scenario(&loss, &noise, learning_rate, &json!({ "kind": "minimum" })));
    let mut apart = 0.0_f64;
    for start in [
        json!({ "kind": "point", "weights": [0.9] }),
        json!({ "kind": "point", "weights": [-1.1] }),
        json!({ "kind": "gaussian", "covariance": [[0.3]] }),
        json!({ "kind": "stationary" }),
        json!({ "kind": "stationary", "burn_in": 3 }),
    ] {
        let scenario = scenario(&loss, &noise, learning_rate, &start).with_number("replicas", 2000.0).unwrap();
        let (escape, want) = (measured(&scenario), predicted(&scenario));
        assert_eq!((escape.remaining, escape.escaped + escape.left_before), (0, 2000), "{start}");
        let (mean, error) = (escape.mean_first_passage_time, escape.mean_first_passage_time_error);
        let exact = want.exact.expect("without momentum").mean_first_passage;
        let z = (mean - exact) / error;
        assert!(z.abs() < 4.5, "{loss} from {start}: {mean} for {exact}: z = {z}");
        if start["kind"] == "point" {
            apart = apart.max(((mean - minimum.exact.unwrap().mean_first_passage) / error).abs());
        }
        // In three steps from the minimum hardly any leaves.
        assert!(start["burn_in"] == 3 || (escape.left_before > 0) == (start["kind"] == "stationary"), "{start}");
    }
    assert!(apart > 5.0, "{loss}: the time from the minimum would do: {apart}");
}

#[test]
fn walkers_leave_the_well_of_fig_6() {
    walkers_leave_as_the_exact_chain_says(0);
}

#[test]
fn walkers_leave_a_cubic() {
    walkers_leave_as_the_exact_chain_says(1);
}

#[test]
fn walkers_leave_to_the_left() {
    walkers_leave_as_the_exact_chain_says(2);
}

#[test]
fn walkers_leave_by_either_of_two_exits() {
    walkers_leave_as_the_exact_chain_says(3);
}

/// What left during the burn-in is no escape, in any of the numbers.
#[test]
fn who_left_before_counts_nowhere_else() {
    let (loss, noise, learning_rate) = settings()[0].clone();
    let scenario = scenario(&loss, &noise, learning_rate, &json!({ "kind": "stationary", "burn_in": 100 }))
        .with_number("steps", 50.0);
    let mut ensemble = Ensemble::new(&scenario.unwrap(), 0).expect("it runs");
    ensemble.run();
    let (escape, measured) = (ensemble.escape(10).expect("a barrier"), ensemble.measure());
    assert!(escape.left_before > 1000 && escape.escaped > 100 && escape.remaining > 100);
    assert_eq!(escape.left_before + escape.escaped + escape.remaining, 4000);
    assert_eq!((measured.left_before, measured.escaped), (escape.left_before, escape.escaped));
    assert_eq!((measured.replicas, measured.diverged), (4000, 0));
    assert_eq!((escape.survival[0], escape.times[10]), (1.0, 50.0));
    let there = (escape.escaped + escape.remaining) as f64;
    assert_eq!(escape.survival[10], 1.0 - escape.escaped as f64 / there);
    let mean = measured.steps_in_well as f64 / escape.escaped as f64;
    assert_eq!(mean, escape.mean_first_passage_time);
}

#[test]
fn a_sweep_from_a_stationary_start_accepts_the_chain() {
    let (loss, noise, learning_rate) = settings()[0].clone();
    let base = scenario(&loss, &noise, learning_rate, &json!({ "kind": "stationary", "burn_in": 60 }));
    let sweep = json!({ "scenario": base, "parameter": "steepness", "from": 0, "to": 2, "points": 1, "quantity": "escape_rate" });
    let mut sweep = Sweep::read(sweep).unwrap_or_else(|problems| panic!("{}", problems[0]));
    sweep.scenario.run.steps = 40; // Most are still inside: at a constant rate that does not matter.
    let mut ensemble = Ensemble::new(&sweep.scenario_at(0).unwrap(), 0).expect("it runs");
    ensemble.run();
    let point = sweep.point(0, &ensemble.measure()).expect("a point");
    let z = (point.measured.unwrap() - point.exact.unwrap()) / point.error.unwrap();
    assert!(z.abs() < 4.5, "{point:?}: z = {z}");
}

/// Near the top many leave at once and the others not for long: before the last has left that is no rate.
#[test]
fn a_sweep_from_a_point_is_judged_once_all_have_left() {
    let (loss, noise, learning_rate) = settings()[0].clone();
    let base = scenario(&loss, &noise, learning_rate, &json!({ "kind": "point", "weights": [0.9] }));
    let sweep = json!({ "scenario": base, "parameter": "steepness", "from": 0, "to": 2, "points": 1, "quantity": "escape_rate" });
    let mut sweep = Sweep::read(sweep).unwrap_or_else(|problems| panic!("{}", problems[0]));
    for (steps, all) in [(40, false), (100_000, true)] {
        sweep.scenario.run.steps = steps;
        let mut ensemble = Ensemble::new(&sweep.scenario_at(0).unwrap(), 0).expect("it runs");
        ensemble.run();
        let point = sweep.point(0, &ensemble.measure()).expect("a point");
        assert!(point.measured.is_some() && point.error.is_some() == all);
        let z = |error: f64| (point.measured.unwrap() - point.exact.unwrap()) / error;
        assert!(point.error.is_none_or(|error| z(error).abs() < 4.5), "{point:?}");
        // The times spread wider than those of one rate would.
        let of_one_rate = point.measured.unwrap() / 4000_f64.sqrt();
        assert!(point.error.is_none_or(|error| error > 1.15 * of_one_rate), "{point:?}");
    }
}

#[test]
fn where_no_theory_is_from_there_the_note_says_so() {
    let (loss, noise, learning_rate) = settings()[0].clone();
    let from = |start: Value| predicted(&scenario(&loss, &noise, learning_rate, &start));
    let point = from(json!({ "kind": "point", "weights": [0.9] }));
    assert!(point.exact.is_some() && point.continuous.is_some());
    assert!(point.printed.is_none() && point.self_consistent.is_none());
    assert!(point.note.contains("Eq. 23 is a rate out of the well"), "{}", point.note);
    let minimum = from(json!({ "kind": "minimum" }));
    assert_eq!(from(json!({ "kind": "point", "weights": [0] })), minimum);
    assert_eq!(from(json!({ "kind": "stationary", "burn_in": 0 })), minimum);
    // After a burn-in the diffusion leaves by Kramers's rate, and the paper's rates hold.
    let settled = from(json!({ "kind": "stationary" }));
    assert_eq!((settled.printed, settled.self_consistent), (minimum.printed, minimum.self_consistent));
    let continuous = settled.continuous.unwrap();
    assert_eq!(continuous.rate, minimum.continuous.unwrap().rate);
    assert_eq!(continuous.mean_first_passage, 1.0 / (continuous.rate.unwrap() * learning_rate));
    let (loss, noise, learning_rate) = settings()[3].clone();
    let both = predicted(&scenario(&loss, &noise, learning_rate, &json!({ "kind": "stationary" })));
    assert!(both.continuous.is_none() && both.exact.is_some() && both.note.contains("Kramers's rate is all there is"));
}
