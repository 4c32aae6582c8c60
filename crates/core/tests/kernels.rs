//! Every optimizer, noise, law, start and dimension of the experiment against the exact theory.
//!
//! Seeds are fixed. Some 1500 numbers are compared; with `BOUND` 6.5 standard errors a correct program with other seeds would fail
//! once in eight million times (two-sided Gaussian tail 8e-11 each).

use noisy_descent::nalgebra::DMatrix;
use noisy_descent::simulate::{Ensemble, Measurement};
use noisy_descent::theory::Law;
use noisy_descent::{Scenario, predict};
use serde_json::{Value, json};

const BOUND: f64 = 6.5;

/// A standard error of variances from fourth moments means little under laws with a heavy tail: those of the tests have a
/// finite eighth moment, or few enough replicas that it shows.
const REPLICAS: u32 = 8192;

fn read(document: Value) -> Scenario {
    Scenario::read(document.clone()).unwrap_or_else(|problems| panic!("{document}: {}", problems[0]))
}

fn run(scenario: &Scenario) -> Measurement {
    let mut ensemble = Ensemble::new(scenario, 0).unwrap_or_else(|error| panic!("{error}"));
    ensemble.run();
    ensemble.measure()
}

/// A positive definite matrix with the largest eigenvalue near 1.
fn dense(dimension: usize, seed: f64) -> Value {
    let a =
        DMatrix::from_fn(dimension, dimension, |i, j| libm::sin(seed + 1.7 * i as f64 + 2.3 * (j * (i + 1)) as f64));
    let b = &a * a.transpose() / dimension as f64 + DMatrix::identity(dimension, dimension) * 0.2;
    let b = &b / b.trace() * (dimension as f64).sqrt();
    json!((0..dimension).map(|i| (0..dimension).map(|j| b[(i, j)]).collect::<Vec<_>>()).collect::<Vec<_>>())
}

fn largest_deviation(measured: &Measurement, theory: &Law) -> (f64, usize) {
    let (mut largest, mut compared) = (0.0_f64, 0);
    let mut compare = |value: f64, error: f64, want: f64| {
        let z = if error > 1e-9 * want.abs() { (value - want) / error } else { (value - want).abs().min(0.0) };
        largest = largest.max(z.abs());
        compared += 1;
        assert!(!z.is_nan(), "{value} ± {error} for {want}");
    };
    let n = theory.mean.len();
    compare(measured.training_error, measured.training_error_error, theory.training_error);
    for i in 0..n {
        compare(measured.mean[i], measured.mean_error[i], theory.mean[i]);
        for j in i..n.min(i + 3) {
            compare(measured.covariance[i][j], measured.covariance_error[i][j], theory.covariance[i][j]);
        }
    }
    (largest, compared)
}

fn scenarios() -> Vec<Value> {
    let mut all = Vec::new();
    let optimizers = |dimension: usize| {
        vec![
            json!({ "kind": "momentum", "learning_rate": 0.7 }),
            json!({ "kind": "momentum", "learning_rate": 0.4, "momentum": 0.8 }),
            json!({ "kind": "qhm", "learning_rate": 0.9, "momentum": 0.7, "mixing": 0.6 }),
            json!({ "kind": "preconditioned", "learning_rate": 0.3, "momentum": 0.4, "preconditioner": dense(dimension, 3.0) }),
            json!({ "kind": "newton", "learning_rate": 0.8, "momentum": 0.2 }),
        ]
    };
    let laws = [
        json!({ "kind": "gaussian" }),
        json!({ "kind": "student_t", "degrees": 10 }),
        json!({ "kind": "chi_squared", "degrees": 5 }),
        json!({ "kind": "chi_squared", "degrees": 4.5 }),
        json!({ "kind": "laplace" }),
        json!({ "kind": "uniform" }),
        json!({ "kind": "rademacher" }),
    ];
    for dimension in [1_usize, 2, 5, 20] {
        let noises = [
            json!({ "kind": "white", "variance": 2 }),
            json!({ "kind": "hessian", "scale": 0.5 }),
            json!({ "kind": "mixed", "variance": 0.3, "scale": 0.5 }),
            json!({ "kind": "matrix", "matrix": dense(dimension, 5.0) }),
        ];
        for (n, optimizer) in optimizers(dimension).into_iter().enumerate() {
            for (m, noise) in noises.iter().enumerate() {
                let law = &laws[(n * 4 + m + dimension) % laws.len()];
                let start = match (n + m) % 4 {
                    0 => json!({ "kind": "minimum" }),
                    1 => json!({ "kind": "point", "weights": vec![1.5; dimension] }),
                    2 => json!({ "kind": "gaussian", "covariance": dense(dimension, 7.0) }),
                    _ => json!({ "kind": "stationary" }),
                };
                // Few steps, so that starts and transients count.
                all.push(json!({ "version": 1, "loss": { "kind": "quadratic", "hessian": dense(dimension, 1.0) },
                    "noise": { "covariance": noise, "law": law }, "optimizer": optimizer,
                    "run": { "replicas": REPLICAS, "steps": 12, "seed": 100 + n as u32 * 10 + m as u32, "start": start } }));
            }
        }
    }
    all
}

#[test]
fn linear_optimizers_agree_in_every_dimension_law_and_start() {
    let (mut worst, mut compared, all) = (0.0_f64, 0, scenarios());
    assert!(all.len() >= 60);
    for document in all {
        let scenario = read(document.clone());
        let prediction = predict(&scenario).expect("a prediction");
        let (largest, numbers) = largest_deviation(&run(&scenario), &prediction.exact.expect("stable").at_end);
        assert!(largest < BOUND, "{document}: off by {largest} standard errors");
        worst = worst.max(largest);
        compared += numbers;
    }
    println!("{compared} numbers, the largest deviation {worst:.2} standard errors");
}

#[test]
fn minibatches_agree_with_their_exact_theory() {
    for (columns, sampling, optimizer) in [
        (json!(["bmi", "s5"]), "with_replacement", json!({ "kind": "momentum", "learning_rate": 0.9 })),
        (json!(["bmi", "s5"]), "without_replacement", json!({ "kind": "momentum", "learning_rate": 0.9 })),
        (
            json!(["bmi", "s5"]),
            "with_replacement",
            json!({ "kind": "momentum", "learning_rate": 0.4, "momentum": 0.6 }),
        ),
        (json!(["bmi"]), "without_replacement", json!({ "kind": "momentum", "learning_rate": 0.7, "momentum": 0.3 })),
        (
            json!(["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]),
            "with_replacement",
            json!({ "kind": "momentum", "learning_rate": 0.1 }),
        ),
        (
            json!(["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]),
            "without_replacement",
            json!({ "kind": "momentum", "learning_rate": 0.05, "momentum": 0.5 }),
        ),
    ] {
        let document = json!({ "version": 1,
            "loss": { "kind": "least_squares", "data": { "kind": "diabetes", "columns": columns } },
            "noise": { "covariance": { "kind": "minibatch", "batch_size": 20, "sampling": sampling } },
            "optimizer": optimizer, "run": { "replicas": REPLICAS, "steps": 60, "seed": 8 } });
        let scenario = read(document.clone());
        let prediction = predict(&scenario).expect("a prediction");
        let (largest, _) = largest_deviation(&run(&scenario), &prediction.exact.expect("stable").at_end);
        assert!(largest < BOUND, "{document}: off by {largest} standard errors");
    }
}

/// Near the limit of stability the paper's `C = K/S` is refused on true minibatches, as is the diffusion.
#[test]
fn approximate_theories_are_refused_near_the_limit() {
    let document = json!({ "version": 1,
        "loss": { "kind": "least_squares", "data": { "kind": "synthetic", "samples": 200, "input_variances": [1.0] } },
        "noise": { "covariance": { "kind": "minibatch", "batch_size": 10, "sampling": "with_replacement" } },
        "optimizer": { "kind": "momentum", "learning_rate": 1.2 },
        "run": { "replicas": 20_000, "steps": 100, "seed": 8 } });
    let scenario = read(document);
    let (prediction, measured) = (predict(&scenario).expect("a prediction"), run(&scenario));
    let off = |law: &Law| (measured.covariance[0][0] - law.covariance[0][0]) / measured.covariance_error[0][0];
    assert!(off(&prediction.exact.expect("stable").at_end).abs() < BOUND);
    assert!(off(&prediction.discrete.expect("stable").at_end).abs() > 10.0);
    assert!(off(&prediction.continuous.at_end).abs() > 10.0);
}

/// Optimizers whose preconditioner follows the ensemble: their theory is the stationary state, with the averages slow.
/// Blocks of 256 replicas estimate the preconditioner, with a bias far below these standard errors.
#[test]
fn adaptive_optimizers_settle_where_the_theory_says() {
    let hessian = dense(2, 1.0);
    let coloured = json!({ "kind": "matrix", "matrix": dense(2, 5.0) });
    let proportional = json!({ "kind": "proportional", "scale": 0.5 });
    for (optimizer, noise) in [
        (json!({ "kind": "natural_gradient", "learning_rate": 0.1 }), &coloured),
        (json!({ "kind": "natural_gradient", "learning_rate": 0.1, "momentum": 0.5 }), &coloured),
        (json!({ "kind": "natural_gradient", "learning_rate": 0.1 }), &proportional),
        (json!({ "kind": "adam", "learning_rate": 0.3 }), &coloured),
        (json!({ "kind": "adam", "learning_rate": 0.3, "beta1": 0.5 }), &coloured),
        (json!({ "kind": "adam", "learning_rate": 0.3 }), &proportional),
        (json!({ "kind": "adam", "learning_rate": 0.2, "form": "diagonal" }), &coloured),
    ] {
        let document = json!({ "version": 1, "loss": { "kind": "quadratic", "hessian": hessian },
            "noise": { "covariance": noise }, "optimizer": optimizer,
            "run": { "replicas": REPLICAS, "steps": 6000, "seed": 8 } });
        let scenario = read(document.clone());
        let prediction = predict(&scenario).expect("a prediction");
        let theory = prediction.discrete.expect("stable").stationary.expect("a stationary state");
        let (largest, _) = largest_deviation(&run(&scenario), &theory);
        println!("{document}: {largest}");
        assert!(largest < BOUND, "{document}: off by {largest} standard errors");
    }
}

/// Mean first-passage times against the exact chain: the settings of Fig. 6(b) and others, every replica to its end.
#[test]
fn walkers_leave_the_well_as_the_exact_chain_says() {
    let piecewise = |a: f64, b: f64| json!({ "kind": "piecewise_quadratic", "well_curvature": a, "barrier_curvature": b, "barrier": 1 });
    let curvature = |size: u32, white: f64| json!({ "kind": "curvature", "batch_size": size, "variance": white });
    let cubic = json!({ "kind": "polynomial", "coefficients": [0, 0, 0.5, -0.333_333_333_333], "exit": 2 });
    let quartic = json!({ "kind": "polynomial", "coefficients": [0, 0, 0.5, 0, -0.25], "exit": 1.8, "lower_exit": -2 });
    for (loss, noise, learning_rate) in [
        (piecewise(1.0, 1.0), curvature(1, 0.0), 0.9),
        (piecewise(6.0, 6.0), curvature(1, 0.0), 0.15),
        (piecewise(10.0, 10.0), curvature(1, 0.0), 0.15),
        (piecewise(1.0, 4.0), curvature(1, 0.0), 0.5),
        (piecewise(1.0, 1.0), json!({ "kind": "white", "variance": 0.8 }), 0.5),
        (cubic, curvature(1, 0.2), 0.6),
        (quartic, json!({ "kind": "white", "variance": 0.5 }), 0.5),
    ] {
        let document = json!({ "version": 1, "loss": loss, "noise": { "covariance": noise },
            "optimizer": { "kind": "momentum", "learning_rate": learning_rate },
            "run": { "replicas": 1024, "steps": 100_000, "seed": 3 } });
        let scenario = read(document.clone());
        let want = predict(&scenario).expect("a prediction").escape.expect("a barrier");
        let mut ensemble = Ensemble::new(&scenario, 0).expect("it runs");
        ensemble.run();
        let escape = ensemble.escape(20).expect("a barrier");
        assert_eq!(escape.remaining, 0, "{document}");
        let want = want.exact.expect("without momentum").mean_first_passage;
        let z = (escape.mean_first_passage_time - want) / escape.mean_first_passage_time_error;
        assert!(z.abs() < 4.5, "{document}: {} for {want}: z = {z}", escape.mean_first_passage_time);
    }
}
