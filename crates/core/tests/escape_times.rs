//! Mean first-passage times of the ensemble against the exact chain: every setting of tests/golden/kramers.json, and other potentials
//! and noises.

use crate::deviation::read;
use noisy_descent::predict;
use noisy_descent::simulate::{Ensemble, EscapeMeasurement};
use serde_json::{Value, json};

/// Of 30 mean times, 2e-9 each: 6e-8; times are skewed (`γ = 2` of an exponential law), which for 4096 of them with a measured error makes that
/// at most `exp(2.3)/2` times as much: 3e-7.
const BOUND: f64 = 6.0;

const REPLICAS: u32 = 4096;

/// Settings that take longer than this in the mean are cut off after three times as long.
const RARE: f64 = 2000.0;

/// Multiplications between two looks whether anyone is left.
const PORTION: u64 = 1 << 22;

fn escape(
    loss: &Value,
    noise: &Value,
    learning_rate: f64,
    (replicas, steps, seed): (u32, u64, usize),
) -> (Value, EscapeMeasurement) {
    let document = json!({ "version": 1, "loss": loss, "noise": { "covariance": noise },
        "optimizer": { "kind": "momentum", "learning_rate": learning_rate },
        "run": { "replicas": replicas, "steps": steps, "seed": seed } });
    let mut ensemble = Ensemble::new(&read(&document), 0).expect("it runs");
    while !ensemble.advance(PORTION) {}
    (document, ensemble.escape(20).expect("a barrier"))
}

fn standard_errors_off(measured: &EscapeMeasurement, want: f64) -> f64 {
    let (time, error) = (measured.mean_first_passage_time, measured.mean_first_passage_time_error);
    assert!(time.is_finite() && error.is_finite() && error > 0.0, "{time} ± {error}");
    (time - want) / error
}

/// The expected times are the oracle's, not the program's. A rare escape is cut off, with the error that the replicas still inside
/// are counted at the mean rate: their share, `e⁻³`, of the time to settle in the well, a hundredth of the mean time or less. That is
/// 5e-4 of the time, where 1024 replicas have a standard error of 3e-2.
#[test]
fn the_ensemble_escapes_when_the_oracle_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/kramers.json");
    let text = std::fs::read_to_string(path).expect("the golden cases");
    let golden: Value = serde_json::from_str(&text).expect("a document");
    let (mut compared, mut diffusions_rejected, mut worst) = (0, 0, 0.0_f64);
    for (seed, case) in golden["cases"].as_array().expect("cases").iter().enumerate() {
        let number = |name: &str| case[name].as_f64().expect("a number");
        let (want, diffusion) = (
            case["expected"]["mfpt_from_0"].as_f64().expect("a time"),
            case["expected"]["mfpt_continuous_steps"].as_f64().expect("a time"),
        );
        let loss = json!({ "kind": "piecewise_quadratic", "well_curvature": number("ka"), "barrier_curvature": number("kb"),
            "barrier": number("b"), "steepness": number("r"), "exit": number("end") });
        let noise = match case["noise"].as_f64() {
            Some(variance) => json!({ "kind": "white", "variance": variance }),
            None => json!({ "kind": "curvature", "batch_size": number("S") as u32, "variance": 0 }),
        };
        let rare = want > RARE;
        let length =
            if rare { (1024, (3.0 * want) as u64, seed) } else { (REPLICAS, (40.0 * want) as u64 + 100, seed) };
        let (_, measured) = escape(&loss, &noise, number("lambda"), length);
        let z = standard_errors_off(&measured, want);
        let id = &case["id"];
        println!(
            "{id}: {:.2} for {want:.2}, z = {z:.2}, {} left",
            measured.mean_first_passage_time, measured.remaining
        );
        assert!(z.abs() < BOUND, "{id}: {} for {want}: z = {z}", measured.mean_first_passage_time);
        // Of 1024 replicas `e⁻³` are left, 51 ± 7; of the others none.
        assert!(
            if rare { (8..=100).contains(&measured.remaining) } else { measured.remaining == 0 },
            "{id}: {measured:?}"
        );
        compared += 1;
        worst = worst.max(z.abs());
        diffusions_rejected += u32::from(standard_errors_off(&measured, diffusion).abs() > 10.0);
    }
    println!("{compared} times, at most {worst:.2} standard errors off; {diffusions_rejected} reject the diffusion's");
    assert!(compared >= 23, "{compared}");
    assert!(diffusions_rejected >= 12, "{diffusions_rejected}");
}

#[test]
fn walkers_leave_the_well_as_the_exact_chain_says() {
    let piecewise = |a: f64, b: f64| json!({ "kind": "piecewise_quadratic", "well_curvature": a, "barrier_curvature": b, "barrier": 1 });
    let curvature = |size: u32, white: f64| json!({ "kind": "curvature", "batch_size": size, "variance": white });
    let white = |variance: f64| json!({ "kind": "white", "variance": variance });
    let cubic = json!({ "kind": "polynomial", "coefficients": [0, 0, 0.5, -0.333_333_333_333], "exit": 2 });
    let quartic = json!({ "kind": "polynomial", "coefficients": [0, 0, 0.5, 0, -0.25], "exit": 1.8, "lower_exit": -2 });
    for (loss, noise, learning_rate) in [
        (piecewise(1.0, 1.0), curvature(1, 0.0), 0.9),
        (piecewise(6.0, 6.0), curvature(1, 0.0), 0.15),
        (piecewise(10.0, 10.0), curvature(1, 0.0), 0.15),
        (piecewise(1.0, 4.0), curvature(1, 0.0), 0.5),
        (piecewise(1.0, 1.0), white(0.8), 0.5),
        (cubic, curvature(1, 0.2), 0.6),
        (quartic, white(0.5), 0.5),
    ] {
        let (document, measured) = escape(&loss, &noise, learning_rate, (REPLICAS, 100_000, 3));
        assert_eq!(measured.remaining, 0, "{document}");
        let theory = predict(&read(&document)).expect("a prediction").escape.expect("a barrier");
        let want = theory.exact.expect("without momentum").mean_first_passage;
        let z = standard_errors_off(&measured, want);
        assert!(z.abs() < BOUND, "{document}: {} for {want}: z = {z}", measured.mean_first_passage_time);
    }
}
