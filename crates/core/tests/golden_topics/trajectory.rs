//! Trajectories of torch.optim and qhoptim under a given noise.

use super::{Checked, compare, number, numbers, square};
use noisy_descent::nalgebra::DVector;
use noisy_descent::optimizer::{Adam, Momentum, Qhm};
use serde_json::Value;

pub fn trajectory(case: &Value) -> Checked {
    let hessian = square(case, "K");
    let mut weights = DVector::from_vec(numbers(&case["w0"]));
    let mut memory = vec![(0.0, 0.0); weights.len()];
    let learning_rate = number(case, "lambda");
    let (noise, expected) = (case["noise"].as_array().ok_or("noise")?, case["expected"]["w"].as_array().ok_or("w")?);
    if noise.len() != expected.len() {
        return Err(format!("{} draws for {} steps", noise.len(), expected.len()).into());
    }
    for (t, (noise, expected)) in noise.iter().zip(expected).enumerate() {
        let gradient = &hessian * &weights + DVector::from_vec(numbers(noise));
        for i in 0..weights.len() {
            let (w, g, (m, v)) = (weights[i], gradient[i], memory[i]);
            (weights[i], memory[i]) = match case["optimizer"].as_str() {
                Some("momentum") => {
                    let (w, m) = Momentum { learning_rate, momentum: number(case, "mu") }.step(w, m, g);
                    (w, (m, v))
                }
                Some("qhm") => {
                    let qhm = Qhm { learning_rate, momentum: number(case, "mu"), mixing: number(case, "nu") };
                    let (w, m) = qhm.step(w, m, g);
                    (w, (m, v))
                }
                Some("adam") => {
                    let (beta1, beta2) = (number(case, "beta1"), number(case, "beta2"));
                    let adam =
                        Adam { learning_rate, beta1, beta2, epsilon: number(case, "epsilon"), ..Adam::default() };
                    adam.diagonal_step(w, (m, v), g, adam.bias(t as u64 + 1))
                }
                other => return Err(format!("optimizer {other:?}").into()),
            };
        }
        compare(case, &format!("w after step {}", t + 1), weights.as_slice(), &numbers(expected))?;
    }
    Ok(())
}
