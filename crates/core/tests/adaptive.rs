//! Optimizers whose preconditioner follows the ensemble, and the noise that does, at dimensions 1 to 20.

use crate::deviation::{dense, largest_deviation, read, run};
use noisy_descent::predict;
use serde_json::{Value, json};

/// Replicas, and a bound in standard errors. The weights are Gaussian or flatter, so a measured variance is `v = χ²/n` of the true one at most as
/// often low as that is, and is off by `(v − 1)/(v√(2/n))` measured errors; Chernoff has `exp(−n(v − 1 − ln v)/2)` for less than `v`. That is
/// 1.7e-9 for 7 errors and 4096 replicas, and 3e-10 for 9 errors and 512: 5e-7 for 270 numbers of the one kind and 3e-7 for 1000 of the other.
fn size(dimension: usize) -> (u32, f64) {
    if dimension <= 5 { (4096, 7.0) } else { (512, 9.0) }
}

/// One direction far sharper than the others, along no coordinate. Where the noise shrinks with the weights, only the directions that step to
/// the limit last; the others die out by the distance to it, which among twenty alike (`dense`) takes a hundred thousand steps.
fn ridge(dimension: usize) -> Value {
    let along: Vec<f64> = (0..dimension).map(|i| 1.0 + 0.5 * libm::sin(i as f64)).collect();
    let entry = |i: usize, j: usize| along[i] * along[j] / dimension as f64 + if i == j { 0.2 } else { 0.0 };
    json!((0..dimension).map(|i| (0..dimension).map(|j| entry(i, j)).collect::<Vec<_>>()).collect::<Vec<_>>())
}

/// The theory of these optimizers is the stationary state, with the averages slow. Blocks of 256 replicas estimate the preconditioner, over
/// the last hundred steps besides, or each replica its own over a thousand: the bias is far below these standard errors.
fn settle(dimension: usize) -> usize {
    let coloured = json!({ "kind": "matrix", "matrix": dense(dimension, 5.0) });
    let proportional = json!({ "kind": "proportional", "scale": 0.5 });
    let (replicas, bound) = size(dimension);
    let mut compared = 0;
    let cases = [
        (json!({ "kind": "natural_gradient", "learning_rate": 0.1 }), &coloured),
        (json!({ "kind": "natural_gradient", "learning_rate": 0.1, "momentum": 0.5 }), &coloured),
        (json!({ "kind": "natural_gradient", "learning_rate": 0.1 }), &proportional),
        (json!({ "kind": "adam", "learning_rate": 0.3, "form": "matrix", "beta2": 0.99 }), &coloured),
        (json!({ "kind": "adam", "learning_rate": 0.3, "form": "matrix", "beta1": 0.5, "beta2": 0.99 }), &coloured),
        (json!({ "kind": "adam", "learning_rate": 0.3, "form": "matrix", "beta2": 0.99 }), &proportional),
        (json!({ "kind": "adam", "learning_rate": 0.2, "form": "diagonal" }), &coloured),
        (json!({ "kind": "adam", "learning_rate": 0.2, "form": "diagonal", "beta1": 0.5 }), &coloured),
        (json!({ "kind": "adam", "learning_rate": 0.2, "form": "diagonal" }), &proportional),
    ];
    for (optimizer, noise) in cases {
        // Its averages forget within a thousand steps, the others' within a hundred.
        let steps = if optimizer["form"] == "diagonal" { 4000 } else { 800 };
        let alike = optimizer["form"] == "diagonal" && noise["kind"] == "proportional" && dimension > 5;
        let hessian = if alike { ridge(dimension) } else { dense(dimension, 1.0) };
        let document = json!({ "version": 1, "loss": { "kind": "quadratic", "hessian": hessian },
            "noise": { "covariance": noise }, "optimizer": optimizer,
            "run": { "replicas": replicas, "steps": steps, "seed": 8 } });
        let scenario = read(&document);
        let prediction = predict(&scenario).expect("a prediction");
        let theory = prediction.discrete.expect("stable").stationary.expect("a stationary state");
        let (largest, numbers) = largest_deviation(&run(&scenario), &theory);
        println!("D = {dimension}, {optimizer}, {}: {largest:.2}", noise["kind"]);
        assert!(largest < bound, "{document}: off by {largest} standard errors");
        compared += numbers;
    }
    compared
}

#[test]
fn adaptive_optimizers_settle_where_the_theory_says_in_low_dimensions() {
    let compared: usize = [1, 2, 5].map(settle).iter().sum();
    assert!(compared > 200 && compared <= 270, "{compared}");
}

#[test]
fn adaptive_optimizers_settle_where_the_theory_says_in_twenty_dimensions() {
    let compared = settle(20);
    assert!(compared > 800 && compared <= 1000, "{compared}");
}
