//! A scenario that changes under a running ensemble.

use noisy_descent::simulate::Ensemble;
use noisy_descent::{Scenario, predict};
use serde_json::{Value, json};

fn scenario(parts: Value, run: Value) -> Scenario {
    let mut document = json!({ "version": 1, "run": run });
    for (key, value) in parts.as_object().expect("an object") {
        document[key] = value.clone();
    }
    Scenario::read(document).unwrap_or_else(|problems| panic!("{}", problems[0]))
}

fn dense() -> Value {
    json!({ "loss": { "kind": "quadratic", "hessian": [[1, 0.3], [0.3, 0.5]] },
        "noise": { "covariance": { "kind": "matrix", "matrix": [[2, 0.5], [0.5, 1]] } } })
}

fn epochs(samples: u32) -> Value {
    json!({ "loss": { "kind": "least_squares", "data": { "kind": "synthetic", "samples": samples } },
        "noise": { "covariance": { "kind": "minibatch", "batch_size": 8, "sampling": "epoch" } } })
}

fn well() -> Value {
    json!({ "loss": { "kind": "piecewise_quadratic" }, "noise": { "covariance": { "kind": "curvature" } } })
}

fn under(mut parts: Value, optimizer: Value) -> Value {
    parts["optimizer"] = optimizer;
    parts
}

/// One of every kernel and rule.
fn all() -> Vec<Value> {
    let adam = |form: &str| json!({ "kind": "adam", "learning_rate": 0.1, "beta1": 0.5, "beta2": 0.99, "form": form });
    let sgd = |momentum: f64| json!({ "kind": "momentum", "learning_rate": 0.4, "momentum": momentum });
    vec![
        under(dense(), sgd(0.0)),
        under(dense(), json!({ "kind": "momentum", "learning_rate": 1.75, "momentum": 0 })),
        under(dense(), json!({ "kind": "qhm", "learning_rate": 0.8, "momentum": 0.6, "mixing": 0.7 })),
        under(dense(), json!({ "kind": "newton", "learning_rate": 0.8, "momentum": 0.6 })),
        under(dense(), adam("diagonal")),
        under(dense(), adam("matrix")),
        under(dense(), json!({ "kind": "natural_gradient", "learning_rate": 0.1, "momentum": 0.3 })),
        under(epochs(40), sgd(0.5)),
        under(well(), sgd(0.0)),
    ]
}

fn run_to(ensemble: &mut Ensemble, step: u64) {
    ensemble.set_target(step);
    ensemble.run();
}

#[test]
fn the_same_scenario_changes_no_bit() {
    for parts in all() {
        let scenario = scenario(parts.clone(), json!({ "replicas": 600, "steps": 37 }));
        let mut alone = Ensemble::new(&scenario, 2).expect("it runs");
        alone.run();
        let mut tuned = Ensemble::new(&scenario, 2).expect("it runs");
        for step in [0, 7, 20] {
            run_to(&mut tuned, step);
            tuned.retune(&scenario).expect("it fits");
        }
        run_to(&mut tuned, 37);
        assert_eq!(tuned.checksum(), alone.checksum(), "{parts}");
        assert_eq!(format!("{:?}", tuned.measure()), format!("{:?}", alone.measure()));
    }
}

/// A change and back again between two steps: nothing that an optimizer remembers is lost, up to rounding.
#[test]
fn what_is_remembered_survives_a_change_of_numbers() {
    for parts in all() {
        let scenario = scenario(parts.clone(), json!({ "replicas": 600, "steps": 37 }));
        let other = scenario.with_number("learning_rate", 0.3).expect("a number");
        let mut alone = Ensemble::new(&scenario, 0).expect("it runs");
        let mut tuned = Ensemble::new(&scenario, 0).expect("it runs");
        for step in [3, 16] {
            run_to(&mut alone, step);
            run_to(&mut tuned, step);
            tuned.retune(&other).expect("it fits");
            tuned.retune(&scenario).expect("it fits");
        }
        run_to(&mut alone, 37);
        run_to(&mut tuned, 37);
        // Single precision between two units, and rotations there and back.
        for (a, b) in tuned.positions(600).into_iter().zip(alone.positions(600)) {
            assert!((a - b).abs() < 1e-5 * (1.0 + b.abs()) || (a.is_nan() && b.is_nan()), "{parts}: {a} for {b}");
        }
        let (tuned, alone) = (tuned.escape(9), alone.escape(9));
        assert_eq!(format!("{tuned:?}"), format!("{alone:?}"), "who left stays out, with its time");
    }
}

/// From any kind to any other: the ensemble forgets what it was.
#[test]
fn it_settles_to_the_new_law() {
    let run = json!({ "replicas": 10_000, "steps": 1 });
    let linear: Vec<Value> = all().into_iter().filter(|parts| parts["loss"]["kind"] == "quadratic").collect();
    for (n, from) in linear.iter().enumerate() {
        let mut ensemble = Ensemble::new(&scenario(from.clone(), run.clone()), 0).expect("it runs");
        run_to(&mut ensemble, 20);
        // The next one, on another loss and noise of the same kind.
        let mut to = linear[(n + 1) % linear.len()].clone();
        to["loss"] = json!({ "kind": "quadratic", "hessian": [[0.8, -0.2], [-0.2, 0.6]] });
        to["noise"] = json!({ "covariance": { "kind": "matrix", "matrix": [[1, -0.2], [-0.2, 2]] } });
        let to = scenario(to, run.clone());
        ensemble.retune(&to).expect("it fits");
        run_to(&mut ensemble, 2500);
        let (measured, law) = (ensemble.measure(), predict(&to).expect("a prediction").discrete.expect("a law"));
        let law = law.stationary.expect("a law in the long run");
        assert_eq!((measured.step, measured.diverged), (2500, 0));
        // Matrix Adam and natural gradient average over 256 replicas and finitely many steps, which the theory does not, and their sizes are
        // small numbers: some parts in a hundred; of Adam's diagonal form there is no law here.
        let kind = to.optimizer.kind();
        if serde_json::to_value(&to.optimizer).expect("JSON")["form"] == "diagonal" {
            continue;
        }
        let allowed = if matches!(kind, "adam" | "natural_gradient") { 0.05 } else { 0.0 };
        for i in 0..2 {
            let (got, error) = (measured.covariance[i][i], measured.covariance_error[i][i]);
            let off = (got - law.covariance[i][i]).abs();
            assert!(
                off < 4.5 * error + allowed * got,
                "{from} to {to:?}: {got} ± {error} for {}",
                law.covariance[i][i]
            );
        }
    }
}

#[test]
fn a_hotter_well_is_left_at_its_own_rate() {
    let quiet = json!({ "kind": "momentum", "learning_rate": 0.05 });
    let mut ensemble =
        Ensemble::new(&scenario(under(well(), quiet), json!({ "replicas": 4000, "steps": 100 })), 0).expect("it runs");
    ensemble.run();
    let before = ensemble.escape(1).expect("a well").escaped;
    let hot = scenario(under(well(), json!({ "kind": "momentum", "learning_rate": 0.6 })), json!({ "replicas": 4000 }));
    ensemble.retune(&hot).expect("it fits");
    run_to(&mut ensemble, 110); // and has settled
    let at_first = ensemble.measure();
    assert!(at_first.escaped >= before);
    run_to(&mut ensemble, 130);
    let later = ensemble.measure();
    assert_eq!(later.diverged, 0, "an escape is none");
    let escaped = (later.escaped - at_first.escaped) as f64;
    let rate = escaped / (later.steps_in_well - at_first.steps_in_well) as f64;
    let want =
        predict(&hot).expect("a prediction").escape.expect("a well").exact.expect("a chain").rate_per_step.unwrap();
    // Of those inside, a share 1 − e^−rate leaves a step.
    let z = (rate - (1.0 - (-want).exp())) / (rate / escaped.sqrt());
    assert!(z.abs() < 4.5, "{rate} for {want}: z = {z}");
}

/// An epoch that begins in the middle of a run is one: after it every sample has been seen once, so that with one batch of all but nothing left over
/// the sum of the noise over it vanishes to first order in λ.
#[test]
fn epochs_begin_with_their_change_and_go_on_through_others() {
    let sgd = |learning_rate: f64| json!({ "kind": "momentum", "learning_rate": learning_rate });
    let run = json!({ "replicas": 2000, "steps": 1 });
    let spread = |before: &str, steps: u64| {
        let mut first = under(epochs(40), sgd(1e-4));
        first["noise"]["covariance"]["sampling"] = json!(before);
        let mut ensemble = Ensemble::new(&scenario(first, run.clone()), 0).expect("it runs");
        run_to(&mut ensemble, 2); // not a whole number of epochs of 5
        ensemble.retune(&scenario(under(epochs(40), sgd(1e-4)), run.clone())).expect("it fits");
        let begun = ensemble.positions(2000);
        // In the middle of the epoch the learning rate moves a little.
        run_to(&mut ensemble, 2 + steps - 2);
        ensemble.retune(&scenario(under(epochs(40), sgd(1.000_001e-4)), run.clone())).expect("it fits");
        run_to(&mut ensemble, 2 + steps);
        let moved = ensemble.positions(2000).into_iter().zip(begun).map(|(to, from)| (to - from) * (to - from));
        (moved.sum::<f64>() / 2000.0).sqrt() / 1e-4
    };
    let (in_the_middle, at_the_end) = (spread("with_replacement", 3), spread("with_replacement", 5));
    assert!(in_the_middle > 0.1, "every replica has batches of its own: {in_the_middle}");
    assert!(at_the_end < 0.01 * in_the_middle, "{at_the_end} after an epoch, {in_the_middle} within");
    // An epoch under way goes on: after two more of its five batches and three of the next, not zero; after three, zero since its beginning.
    assert!(spread("epoch", 5) > 0.1);
}

#[test]
fn what_does_not_fit_is_named_and_changes_nothing() {
    let run = json!({ "replicas": 600, "steps": 10 });
    let sgd = json!({ "kind": "momentum", "learning_rate": 0.4 });
    let mut ensemble = Ensemble::new(&scenario(under(dense(), sgd.clone()), run.clone()), 0).expect("it runs");
    ensemble.run();
    let before = ensemble.checksum();
    let mut words = |parts: Value, run: &Value| ensemble.retune(&scenario(parts, run.clone())).unwrap_err().to_string();
    assert_eq!(
        words(under(epochs(40), sgd.clone()), &run),
        "loss least_squares goes only with an ensemble that began with it, got one that began with quadratic"
    );
    let one = json!({ "loss": { "kind": "quadratic", "hessian": [[1]] }, "optimizer": sgd });
    assert_eq!(words(one, &run), "hessian must have the size of ensemble, 2, got 1");
    let more = json!({ "replicas": 601, "steps": 10 });
    assert_eq!(words(under(dense(), sgd.clone()), &more), "replicas must have the size of ensemble, 600, got 601");
    let bad = scenario(under(dense(), sgd), run).with_number("learning_rate", 1.0).expect("a number");
    let mut bad = bad;
    bad.optimizer =
        noisy_descent::optimizer::Optimizer::read(json!({ "kind": "momentum", "learning_rate": -1 })).expect("JSON");
    assert!(ensemble.retune(&bad).unwrap_err().to_string().starts_with("learning_rate must lie in"));
    assert_eq!(ensemble.checksum(), before);
}

/// Blocks that stand at different steps change at the same one, and parts as the whole does.
#[test]
fn blocks_change_together() {
    let parts = under(dense(), json!({ "kind": "momentum", "learning_rate": 0.4, "momentum": 0.5 }));
    let first = scenario(parts, json!({ "replicas": 2000, "steps": 30 }));
    let second = first.with_number("learning_rate", 0.9).expect("a number");
    let mut whole = Ensemble::new(&first, 0).expect("it runs");
    while whole.progress() < 0.3 {
        assert!(!whole.advance(10_000));
    }
    assert_eq!(whole.step(), 0, "the first blocks are at 30, the last at 0");
    whole.retune(&second).expect("it fits");
    assert_eq!(whole.step(), 30);
    run_to(&mut whole, 50);
    let mut numbers = Vec::new();
    for index in 0..3 {
        let mut part = Ensemble::part(&first, 0, index, 3).expect("it runs");
        part.run();
        part.retune(&second).expect("it fits");
        run_to(&mut part, 50);
        numbers.extend(part.tally().to_numbers());
    }
    let joined = noisy_descent::simulate::Tally::join(&numbers).expect("parts");
    assert_eq!(joined.checksum(), whole.checksum());
}

/// Adam's corrected averages do not jump with their decay.
#[test]
fn the_averages_of_adam_go_on_under_another_decay() {
    let adam = |beta2: f64| json!({ "kind": "adam", "learning_rate": 1e-3, "beta2": beta2, "form": "diagonal" });
    let run = json!({ "replicas": 2000, "steps": 1, "start": { "kind": "point", "weights": [50, -50] } });
    let mut ensemble = Ensemble::new(&scenario(under(dense(), adam(0.99)), run.clone()), 0).expect("it runs");
    run_to(&mut ensemble, 300);
    let moved = |ensemble: &mut Ensemble| {
        let before = ensemble.measure().mean[0];
        run_to(ensemble, ensemble.step() + 1);
        (ensemble.measure().mean[0] - before) / 1e-3
    };
    // The gradient hardly changes on the way, so every step is one λ long.
    let before = moved(&mut ensemble);
    ensemble.retune(&scenario(under(dense(), adam(0.9999)), run)).expect("it fits");
    let after = moved(&mut ensemble);
    assert!((before + 1.0).abs() < 0.02 && (after + 1.0).abs() < 0.02, "{before}, then {after}");
}
