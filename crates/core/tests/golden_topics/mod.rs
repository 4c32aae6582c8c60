//! One golden case: its inputs read, the library called, the result compared within the case's tolerance.

mod special;

use noisy_descent::nalgebra::{DMatrix, DVector};
use noisy_descent::optimizer::{Momentum, Optimizer};
use noisy_descent::theory::{self, Modes, Moments};
use serde_json::Value;

/// What became of a case.
pub enum Outcome {
    /// Every expected number was met.
    Passed,
    /// Which number was not.
    Failed(String),
    /// Its topic or method is not implemented.
    Skipped,
}

/// Runs one case of a topic.
pub fn run_case(topic: &str, case: &Value) -> Outcome {
    let result = match topic {
        "stationary" => stationary(case),
        "stability" => stability(case),
        "transient" => transient(case),
        "ou_transient" => ou_transient(case),
        "bayes" => special::bayes(case),
        "minibatch" => special::minibatch(case),
        "kramers" => special::kramers(case),
        _ => return Outcome::Skipped,
    };
    match result {
        Ok(true) => Outcome::Passed,
        Ok(false) => Outcome::Skipped,
        Err(why) => Outcome::Failed(why),
    }
}

fn number(value: &Value, field: &str) -> f64 {
    value[field].as_f64().unwrap_or_else(|| panic!("{field} is no number: {}", value[field]))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("an array").iter().map(|x| x.as_f64().expect("a number")).collect()
}

fn square(case: &Value, field: &str) -> DMatrix<f64> {
    let entries = numbers(&case[field]);
    let n = (entries.len() as f64).sqrt() as usize;
    DMatrix::from_row_slice(n, n, &entries)
}

fn row_major(matrix: &DMatrix<f64>) -> Vec<f64> {
    matrix.transpose().as_slice().to_vec()
}

/// `max|got − want| ≤ rtol max|want| + atol`, as tests/golden/README.md says.
fn compare(case: &Value, what: &str, got: &[f64], want: &[f64]) -> Result<(), String> {
    let rtol = case["rtol"].as_f64().unwrap_or(1e-11);
    let atol = case["atol"].as_f64().unwrap_or(0.0);
    if got.len() != want.len() {
        return Err(format!("{what}: {} numbers for {}", got.len(), want.len()));
    }
    let scale = want.iter().fold(0.0_f64, |scale, x| scale.max(x.abs()));
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        let allowed = rtol * scale + atol;
        let met = (got - want).abs() <= allowed; // false for a NaN
        if !met {
            return Err(format!("{what}[{i}] = {got}, not {want} (off by {:e}, allowed {allowed:e})", got - want));
        }
    }
    Ok(())
}

fn heavy_ball(case: &Value) -> Optimizer {
    Optimizer::Momentum(Momentum { learning_rate: number(case, "lambda"), momentum: number(case, "mu") })
}

fn modes(case: &Value) -> Modes {
    Modes::new(&square(case, "K"), &square(case, "C")).expect("a valid case")
}

fn stationary(case: &Value) -> Result<bool, String> {
    let (modes, optimizer, want) = (modes(case), heavy_ball(case), &case["expected"]);
    let missing = || "no stationary state".to_string();
    let sigma = theory::stationary_covariance(&modes, &optimizer).ok_or_else(missing)?;
    let lag_one = theory::lag_one_covariance(&modes, &optimizer).ok_or_else(missing)?;
    let momentum = theory::momentum_covariance(&modes, &optimizer).ok_or_else(missing)?;
    let loss = theory::training_error(&modes, &optimizer).ok_or_else(missing)?;
    let diffusion = theory::continuous::stationary_covariance(&modes, &optimizer);
    let diffusion_loss = theory::expected_loss(&modes, &DVector::zeros(modes.dimension()), &diffusion);
    compare(case, "sigma", &row_major(&sigma), &numbers(&want["sigma"]))?;
    compare(case, "lag1", &row_major(&lag_one), &numbers(&want["lag1"]))?;
    compare(case, "momentum_cov", &row_major(&momentum), &numbers(&want["momentum_cov"]))?;
    compare(case, "train_loss", &[loss], &[number(want, "train_loss")])?;
    compare(case, "sigma_continuous", &row_major(&diffusion), &numbers(&want["sigma_continuous"]))?;
    compare(case, "train_loss_continuous", &[diffusion_loss], &[number(want, "train_loss_continuous")])?;
    // Informative in the oracle, to 1e-8 where two roots collide.
    let radius = theory::stability(&modes, &optimizer).spectral_radius;
    let want_radius = number(want, "spectral_radius");
    if (radius - want_radius).abs() > 2e-8 {
        return Err(format!("spectral radius {radius}, not {want_radius}"));
    }
    Ok(true)
}

fn stability(case: &Value) -> Result<bool, String> {
    if case["method"] != "sgdm" {
        return Ok(false);
    }
    let want = number(&case["expected"], "lambda_k_max");
    let limit = Momentum { learning_rate: 1.0, momentum: number(case, "mu") }.stability_limit();
    compare(case, "lambda_k_max", &[limit], &[want])?;
    // And the verdict itself changes there.
    let modes = Modes::new(&DMatrix::identity(1, 1), &DMatrix::identity(1, 1)).expect("valid");
    for (factor, stable) in [(1.0 - 1e-9, true), (1.0 + 1e-9, false)] {
        let optimizer = Momentum { learning_rate: want * factor, momentum: number(case, "mu") };
        if theory::stability(&modes, &Optimizer::Momentum(optimizer)).stable != stable {
            return Err(format!("stable is not {stable} at {factor} of the limit"));
        }
    }
    Ok(true)
}

fn moments_of(case: &Value) -> Moments {
    Moments { mean: DVector::from_vec(numbers(&case["w0"])), covariance: square(case, "P0") }
}

fn compare_rows(case: &Value, modes: &Modes, at: impl Fn(f64) -> Moments) -> Result<bool, String> {
    for row in case["expected"].as_array().expect("rows") {
        let time = number(row, "t");
        let got = at(time);
        let loss = theory::expected_loss(modes, &got.mean, &got.covariance);
        compare(case, &format!("mean at {time}"), got.mean.as_slice(), &numbers(&row["mean"]))?;
        compare(case, &format!("cov at {time}"), &row_major(&got.covariance), &numbers(&row["cov"]))?;
        compare(case, &format!("loss at {time}"), &[loss], &[number(row, "loss")])?;
    }
    Ok(true)
}

fn transient(case: &Value) -> Result<bool, String> {
    if case["method"] == "qhm" {
        return Ok(false);
    }
    let (modes, optimizer, start) = (modes(case), heavy_ball(case), moments_of(case));
    compare_rows(case, &modes, |time| theory::transient(&modes, &optimizer, &start, time as u64))
}

fn ou_transient(case: &Value) -> Result<bool, String> {
    let (modes, optimizer, start) = (modes(case), heavy_ball(case), moments_of(case));
    compare_rows(case, &modes, |time| theory::continuous::transient(&modes, &optimizer, &start, time))
}
