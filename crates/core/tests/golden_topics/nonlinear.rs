//! Topics of the optimizers whose preconditioner the fluctuation sets.

use super::{Checked, compare, compare_matrix, number, square};
use noisy_descent::nalgebra::DMatrix;
use noisy_descent::noise::NoiseCovariance;
use noisy_descent::optimizer::{Adam, AdamForm, NaturalGradient, Newton, Optimizer};
use noisy_descent::theory::{self, System};
use serde_json::Value;

const MISSING: &str = "no stationary state";

pub fn second_order(case: &Value) -> Checked {
    let hessian = square(case, "K");
    let (learning_rate, momentum) = (number(case, "lambda"), number(case, "mu"));
    let newton = Newton { learning_rate, momentum };
    let natural = NaturalGradient { learning_rate, momentum, ..NaturalGradient::default() };
    let adam = |form| Adam { learning_rate, beta1: 0.0, epsilon: 0.0, form, ..Adam::default() };
    let matrix = |field| NoiseCovariance::Matrix { matrix: square(case, field) };
    let constant = |solve: &dyn Fn(&DMatrix<f64>) -> noisy_descent::Result<DMatrix<f64>>| solve(&square(case, "C"));
    let (closed, noise, optimizer) = match case["method"].as_str() {
        Some("dnm") => {
            let sigma = theory::newton_covariance(&hessian, &square(case, "C"), &newton)?.ok_or(MISSING)?;
            (sigma, matrix("C"), Optimizer::Newton(newton))
        }
        Some("ngd_constant_noise") => {
            let sigma = constant(&|noise| theory::natural_gradient_covariance(&hessian, noise, &natural))?;
            (sigma, matrix("C"), Optimizer::NaturalGradient(natural))
        }
        Some("ngd_minibatch") => {
            let scale = number(case, "kappa");
            let sigma = theory::natural_gradient_minibatch_covariance(&hessian, scale, &natural)?;
            (sigma, NoiseCovariance::Proportional { scale }, Optimizer::NaturalGradient(natural))
        }
        Some(name @ ("adam_full" | "adam_diagonal")) => {
            let adam = adam(if name == "adam_full" { AdamForm::Matrix } else { AdamForm::Diagonal });
            let sigma = constant(&|noise| theory::adam_covariance(&hessian, noise, &adam))?;
            (sigma, matrix("C"), Optimizer::Adam(adam))
        }
        Some("adam_proportional") => {
            let (scale, adam) = (number(case, "c"), adam(AdamForm::Matrix));
            let sigma = theory::adam_minibatch_covariance(&hessian, scale, &adam)?;
            (sigma, NoiseCovariance::Proportional { scale }, Optimizer::Adam(adam))
        }
        other => return Err(format!("unknown method {other:?}").into()),
    };
    let want = &case["expected"];
    compare_matrix(case, "sigma", &closed, &want["sigma"])?;
    // The same through the preconditioner that this covariance sets.
    let system = System::with_noise(&hessian, &noise, &optimizer)?;
    let sigma = theory::stationary_covariance(&system).ok_or(MISSING)?;
    compare_matrix(case, "sigma of the system", &sigma, &want["sigma"])?;
    let loss = theory::training_error(&system).ok_or(MISSING)?;
    Ok(compare(case, "train_loss", &[loss], &[number(want, "train_loss")])?)
}
