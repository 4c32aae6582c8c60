//! Optimizers whose preconditioner follows the ensemble, and the noise that does, at dimensions 1 to 20.

use crate::deviation::{dense, largest_deviation, read, run};
use noisy_descent::predict;
use serde_json::json;

/// Replicas, and a bound in standard errors. The weights are Gaussian or flatter, so a measured variance is `v = χ²/n` of the true one at most as
/// often low as that is, and is off by `(v − 1)/(v√(2/n))` measured errors; Chernoff has `exp(−n(v − 1 − ln v)/2)` for less than `v`. That is
/// 1.7e-9 for 7 errors and 4096 replicas, and 3e-10 for 9 errors and 512: 5e-7 for 270 numbers of the one kind and 3e-7 for 1000 of the other.
fn size(dimension: usize) -> (u32, f64) {
    if dimension <= 5 { (4096, 7.0) } else { (512, 9.0) }
}

/// The theory of these optimizers is the stationary state, with the averages slow. Blocks of 256 replicas estimate the preconditioner, over
/// the last hundred steps besides, or each replica its own over a thousand: the bias is far below these standard errors.
fn settle(dimension: usize) -> usize {
    let coloured = json!({ "kind": "matrix", "matrix": dense(dimension, 5.0) });
    let proportional = json!({ "kind": "proportional", "scale": 0.5 });
    let (replicas, bound) = size(dimension);
    let mut compared = 0;
    let mut cases = vec![
        (json!({ "kind": "natural_gradient", "learning_rate": 0.1 }), &coloured),
        (json!({ "kind": "natural_gradient", "learning_rate": 0.1, "momentum": 0.5 }), &coloured),
        (json!({ "kind": "natural_gradient", "learning_rate": 0.1 }), &proportional),
        (json!({ "kind": "adam", "learning_rate": 0.3, "form": "matrix", "beta2": 0.99 }), &coloured),
        (json!({ "kind": "adam", "learning_rate": 0.3, "form": "matrix", "beta1": 0.5, "beta2": 0.99 }), &coloured),
        (json!({ "kind": "adam", "learning_rate": 0.3, "form": "matrix", "beta2": 0.99 }), &proportional),
        (json!({ "kind": "adam", "learning_rate": 0.2, "form": "diagonal" }), &coloured),
        (json!({ "kind": "adam", "learning_rate": 0.2, "form": "diagonal", "beta1": 0.5 }), &coloured),
    ];
    // In twenty dimensions the theory's iteration for these two ends in an error instead of a number: nothing to compare.
    if dimension <= 5 {
        cases.push((json!({ "kind": "adam", "learning_rate": 0.2, "form": "diagonal" }), &proportional));
    }
    for (optimizer, noise) in cases {
        // Its averages forget within a thousand steps, the others' within a hundred.
        let steps = if optimizer["form"] == "diagonal" { 4000 } else { 800 };
        let document = json!({ "version": 1, "loss": { "kind": "quadratic", "hessian": dense(dimension, 1.0) },
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
