//! Every way to the covariance that sustains itself is held against the condition that it does, and against the rounds.

use super::*;
use crate::matrix::to_rows;
use crate::theory::predict_after;
use crate::{Scenario, Sweep};
use serde_json::{Value, json};
use std::sync::Arc;

fn dense(n: usize, seed: f64) -> DMatrix<f64> {
    let a = DMatrix::from_fn(n, n, |i, j| libm::sin(seed + 1.7 * i as f64 + 2.3 * (j * (i + 1)) as f64));
    &a * a.transpose() / n as f64 + DMatrix::identity(n, n) * 0.2
}

fn problem(hessian: DMatrix<f64>, noise: DMatrix<f64>, proportional: f64) -> Problem {
    let modes = Arc::new(Modes::new(&hessian, &noise).unwrap());
    Problem { hessian, noise, proportional, modes }
}

fn adam(form: AdamForm, learning_rate: f64, beta1: f64, epsilon: f64) -> Adam {
    Adam { learning_rate, beta1, epsilon, form, ..Adam::default() }
}

/// How far, of its own size, a covariance is from the one that its preconditioner sustains, by the stationary equation with the noise
/// that there is, as every constant preconditioner has it.
fn off(problem: &Problem, optimizer: &Adam, found: &Sustained) -> f64 {
    let of_moment = preconditioner(problem, optimizer, &found.covariance).unwrap().1.function(|value| value);
    let preconditioner = found.preconditioner.function(|value| value);
    let moment = (&of_moment - &preconditioner).amax() / preconditioner.amax();
    let modes = problem.modes.behind(&problem.hessian, &problem.noise, &found.preconditioner).unwrap();
    let along = modes.to_eigenbasis(&found.covariance).unwrap();
    let (k, mu, lambda) = (modes.curvatures(), optimizer.beta1, optimizer.step().learning_rate());
    let mut worst = moment;
    for i in 0..k.len() {
        for j in 0..k.len() {
            let noise = modes.noise()[(i, j)] + problem.proportional * k[i] * k[j] * along[(i, j)];
            let decay = (1.0 - mu) * (k[i] + k[j] - lambda * k[i] * k[j] / (1.0 + mu))
                + lambda * mu * (k[i] - k[j]).powi(2) / (1.0 - mu * mu);
            worst = worst.max((decay * along[(i, j)] - lambda * noise).abs() / (k[0] * (1.0 - mu) * along.amax()));
        }
    }
    worst
}

#[test]
fn a_noise_that_shrinks_with_the_weights_is_balanced_in_any_dimension() {
    for n in [2, 3, 5, 10, 20, 40] {
        for (seed, c, beta1, epsilon) in
            [(1.0, 0.5, 0.0, 1e-8), (2.0, 0.5, 0.5, 1e-3), (3.0, 2.0, 0.9, 0.0), (1.0, 0.0, 0.0, 1e-8)]
        {
            let problem = problem(dense(n, seed), DMatrix::zeros(n, n), c);
            let optimizer = adam(AdamForm::Diagonal, 0.2, beta1, epsilon);
            let found = sustained(&problem, &optimizer).unwrap();
            assert!(found.change.is_none());
            let off = off(&problem, &optimizer, &found);
            assert!(off < 3e-7, "D = {n}, c = {c}, {optimizer:?}: {off}");
            if epsilon == 0.0 {
                // Every coordinate has the variance of the matrix form.
                let alone = direction::sustained(1.0, 0.0, c, &optimizer).unwrap().0;
                assert!(found.covariance.diagonal().iter().all(|variance| (variance / alone - 1.0).abs() < 1e-6));
            }
        }
    }
}

#[test]
fn the_rounds_come_to_the_same_where_they_come_to_an_end() {
    let white = |n: usize| DMatrix::identity(n, n) * 0.7;
    let cases = [
        (problem(dense(2, 1.0), DMatrix::zeros(2, 2), 0.5), adam(AdamForm::Diagonal, 0.2, 0.0, 1e-8)),
        (problem(dense(5, 2.0), DMatrix::zeros(5, 5), 0.5), adam(AdamForm::Diagonal, 0.2, 0.3, 1e-2)),
        (problem(dense(3, 1.0), white(3), 0.0), adam(AdamForm::Matrix, 0.5, 0.0, 1e-8)),
        (problem(dense(3, 1.0), white(3), 0.0), adam(AdamForm::Matrix, 0.5, 0.8, 0.1)),
        (problem(DMatrix::identity(1, 1), white(1), 0.0), adam(AdamForm::Diagonal, 0.1, 0.5, 1e-8)),
    ];
    for (problem, optimizer) in &cases {
        let (found, by_rounds) = (sustained(problem, optimizer).unwrap(), rounds(problem, optimizer).unwrap());
        assert!(by_rounds.change.is_none());
        let off = (&found.covariance - &by_rounds.covariance).amax() / by_rounds.covariance.amax();
        assert!(off < 1e-7, "{optimizer:?}: {off}");
    }
}

fn document(n: usize, noise: &Value, optimizer: &Value) -> Value {
    json!({ "version": 1, "loss": { "kind": "quadratic", "hessian": to_rows(&dense(n, 1.0)) }, "noise": { "covariance": noise },
        "optimizer": optimizer, "run": { "steps": 50, "start": { "kind": "point", "weights": vec![1.0; n] } } })
}

fn read(document: Value) -> Scenario {
    Scenario::read(document).unwrap_or_else(|problems| panic!("{}", problems[0]))
}

/// Without any noise the weights jump to and fro on the limit of stability, or stop: that is said, whatever the numbers.
#[test]
fn without_noise_there_is_an_answer_for_every_epsilon() {
    for n in [1, 5, 20] {
        for form in ["matrix", "diagonal"] {
            for epsilon in [0.0, 1e-8, 0.01, 0.1, 10.0] {
                for beta1 in [0.0, 0.9, 0.999] {
                    let adam = json!({ "kind": "adam", "learning_rate": 0.1, "epsilon": epsilon, "beta1": beta1, "form": form });
                    let scenario = read(document(n, &json!({ "kind": "white", "variance": 0 }), &adam));
                    let prediction = predict_after(&scenario, 50).unwrap();
                    let note = &prediction.exact_note;
                    assert!(!note.contains("not found"), "D = {n}, {adam}: {note}");
                    // Every direction dies out behind an ε above λk(1 − μ)/(2(1 + μ)).
                    let sharpest = symmetric_eigen("hessian", &dense(n, 1.0)).unwrap().values[0];
                    let dies = epsilon >= 0.05 * sharpest * (1.0 - beta1) / (1.0 + beta1);
                    let said = &prediction.stability.summary;
                    assert_eq!(prediction.stability.stable, dies, "D = {n}, {adam}: {said}");
                }
            }
        }
    }
}

/// Noise along one direction of five, gradients averaged over a hundred steps: the rounds circle.
#[test]
fn what_is_not_found_is_left_out_and_said() {
    let along = DVector::from_fn(5, |i, _| dense(5, 5.0)[(0, i)]);
    let noise = json!({ "kind": "matrix", "matrix": to_rows(&(&along * along.transpose())) });
    let adam = json!({ "kind": "adam", "learning_rate": 0.2, "beta1": 0.99 });
    let scenario = read(document(5, &noise, &adam));
    let prediction = predict_after(&scenario, 50).unwrap();
    assert!(prediction.discrete.is_none() && prediction.exact.is_none() && !prediction.stability.stable);
    assert!(prediction.exact_note.starts_with("the preconditioner of Adam was not found"), "{}", prediction.exact_note);
    assert_eq!(prediction.stability.summary, format!("not known: {}", prediction.exact_note));
    assert!(prediction.modes.iter().all(|mode| mode.discrete.is_none() && mode.autocorrelation_time.is_none()));
    assert!(prediction.continuous.at_end.training_error.is_finite());
    assert!(adam_covariance(&dense(5, 1.0), &(&along * along.transpose()), &adam_of(&scenario)).is_err());

    // Along a sweep the other values keep theirs.
    let sweep = json!({ "scenario": document(5, &noise, &adam), "parameter": "epsilon", "from": 1e-8, "to": 0.5, "scale": "log", "points": 3 });
    let sweep = Sweep::read(sweep).unwrap_or_else(|problems| panic!("{}", problems[0]));
    let curve = sweep.curve(12).unwrap();
    assert!(
        curve.discrete[0].is_nan() && curve.discrete[11].is_finite() && curve.continuous[0].is_finite(),
        "{curve:?}"
    );
}

fn adam_of(scenario: &Scenario) -> Adam {
    let Optimizer::Adam(adam) = scenario.optimizer else { panic!("Adam") };
    adam
}
