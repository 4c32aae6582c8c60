//! Epoch shuffling against every order of a small data set: mean and covariance of the weights in the middle and at the end of epochs,
//! and the difference to batches that know nothing of each other.

use crate::deviation::{numbers, read, run};
use noisy_descent::nalgebra::{DMatrix, DVector};
use noisy_descent::predict;
use noisy_descent::theory::Law;
use serde_json::{Value, json};

/// Of 120 numbers, 2.6e-12 each: 3e-10; measured errors of 32 768 replicas make that at most `exp(3.8)/2` times as much: 7e-9.
const BOUND: f64 = 7.0;

/// Where a theory counts as rejected.
const REJECTED: f64 = 10.0;

/// A data set with its minimum found here.
struct Samples {
    inputs: DMatrix<f64>,
    targets: DVector<f64>,
    residuals: DVector<f64>,
}

impl Samples {
    fn new(count: usize, dimension: usize) -> Samples {
        let inputs = DMatrix::from_fn(count, dimension, |i, j| libm::sin((5 * i + 3 * j + 1) as f64) + 0.3);
        let targets = DVector::from_fn(count, |i, _| libm::cos(2.0 * i as f64) - 0.2);
        let minimum = inputs.tr_mul(&inputs).try_inverse().expect("regular") * inputs.tr_mul(&targets);
        let residuals = &inputs * minimum - &targets;
        Samples { inputs, targets, residuals }
    }

    fn document(&self) -> Value {
        let rows: Vec<Vec<f64>> = self.inputs.row_iter().map(|row| row.iter().copied().collect()).collect();
        json!({ "kind": "table", "inputs": rows, "targets": self.targets.as_slice() })
    }

    fn dimension(&self) -> usize {
        self.inputs.ncols()
    }

    /// Heavy ball on one batch as a map of `(u, m, 1)`.
    fn step(&self, batch: &[usize], learning_rate: f64, momentum: f64) -> DMatrix<f64> {
        let d = self.dimension();
        let mut map = DMatrix::zeros(2 * d + 1, 2 * d + 1);
        map[(2 * d, 2 * d)] = 1.0;
        for i in 0..d {
            map[(i, i)] = 1.0;
            map[(i, d + i)] = -learning_rate * momentum;
            map[(d + i, d + i)] = momentum;
            for &n in batch {
                let x = self.inputs[(n, i)] / batch.len() as f64;
                for j in 0..d {
                    map[(i, j)] -= learning_rate * x * self.inputs[(n, j)];
                    map[(d + i, j)] += x * self.inputs[(n, j)];
                }
                map[(i, 2 * d)] -= learning_rate * x * self.residuals[n];
                map[(d + i, 2 * d)] += x * self.residuals[n];
            }
        }
        map
    }

    /// The law after so many steps from a point: `E[z zᵀ]` of `z = (u, m, 1)`, averaged over all orders epoch by epoch, which are
    /// independent; the batches of one order are not.
    fn law(&self, batch_size: usize, (learning_rate, momentum): (f64, f64), start: &[f64], steps: usize) -> Law {
        let (count, d) = (self.inputs.nrows(), self.dimension());
        let orders = orders(count);
        let mut z = DVector::zeros(2 * d + 1);
        z.rows_mut(0, d).copy_from_slice(start);
        z[2 * d] = 1.0;
        let mut second = &z * z.transpose();
        let mut left = steps;
        while left > 0 {
            let here = left.min(count / batch_size);
            let mut next = DMatrix::zeros(2 * d + 1, 2 * d + 1);
            for order in &orders {
                let mut map = DMatrix::identity(2 * d + 1, 2 * d + 1);
                for batch in order.chunks_exact(batch_size).take(here) {
                    map = self.step(batch, learning_rate, momentum) * map;
                }
                next += &map * &second * map.transpose() / orders.len() as f64;
            }
            second = next;
            left -= here;
        }
        let mean: Vec<f64> = (0..d).map(|i| second[(i, 2 * d)]).collect();
        let hessian = self.inputs.tr_mul(&self.inputs) / count as f64;
        let weights = second.view((0, 0), (d, d)).into_owned();
        Law {
            training_error: 0.5 * (hessian * &weights).trace(),
            covariance: (0..d).map(|i| (0..d).map(|j| weights[(i, j)] - mean[i] * mean[j]).collect()).collect(),
            mean,
        }
    }
}

/// Every order of so many samples.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let shorter = orders(count - 1);
    let insert = |order: &Vec<usize>, place: usize| [&order[..place], &[count - 1], &order[place..]].concat();
    shorter.iter().flat_map(|order| (0..count).map(move |place| insert(order, place))).collect()
}

#[test]
fn every_order_is_there_once() {
    let mut all = orders(4);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 24);
}

#[test]
fn epochs_accept_the_enumeration_and_reject_independent_batches() {
    let (mut compared, mut worst, mut telling) = (0, 0.0_f64, 0);
    let mut settings = 0;
    for (count, dimension, batch_size, momentum) in
        [(4, 1, 1, 0.0), (4, 2, 2, 0.6), (5, 1, 2, 0.5), (5, 2, 2, 0.0), (6, 2, 2, 0.4), (6, 3, 1, 0.0)]
    {
        let data = Samples::new(count, dimension);
        let start = vec![0.8; dimension];
        let epoch = count / batch_size;
        // The end of an epoch, and the middle of one.
        for steps in [epoch, 6 * epoch, 6 * epoch + 1] {
            let document = |sampling: &str| {
                json!({ "version": 1, "loss": { "kind": "least_squares", "data": data.document() },
                    "noise": { "covariance": { "kind": "minibatch", "batch_size": batch_size, "sampling": sampling } },
                    "optimizer": { "kind": "momentum", "learning_rate": 0.4, "momentum": momentum },
                    "run": { "replicas": 32_768, "steps": steps, "seed": 21, "start": { "kind": "point", "weights": start } } })
            };
            let law = data.law(batch_size, (0.4, momentum), &start, steps);
            let measured = run(&read(&document("epoch")));
            let independent = predict(&read(&document("without_replacement"))).expect("a prediction");
            let independent = independent.exact.expect("stable").at_end;
            let mut off = 0.0_f64;
            for ((number, want), (_, other)) in
                numbers(&measured, &law).into_iter().zip(numbers(&measured, &independent))
            {
                let z = number.z(want);
                assert!(z.abs() < BOUND, "{}: {number:?} for {want}: z = {z}", document("epoch"));
                worst = worst.max(z.abs());
                off = off.max(number.z(other).abs());
                compared += 1;
            }
            println!("{count} samples, {steps} steps: independent batches are {off:.0} standard errors off");
            telling += u32::from(off > REJECTED);
            settings += 1;
        }
    }
    println!(
        "{compared} numbers, at most {worst:.2} standard errors off; {telling} of {settings} reject independent batches"
    );
    assert!(compared <= 120 && telling == settings, "{compared} {telling}");
}
