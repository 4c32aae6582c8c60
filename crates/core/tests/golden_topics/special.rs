//! Bayesian learning rates, true minibatches, escape over a barrier.

use super::{Checked, compare, compare_matrix, number, numbers};
use noisy_descent::loss::LinearRegression;
use noisy_descent::nalgebra::{DMatrix, DVector};
use noisy_descent::noise::Sampling;
use noisy_descent::theory::bayes::{BatchFactor, PosteriorMatch};
use noisy_descent::theory::kramers::{
    Escape, EscapeNoise, PiecewiseQuadratic, chain_escape, diffusion_first_passage, ito_kramers_rate,
    self_consistent_rate,
};
use noisy_descent::theory::minibatch::{MinibatchTheory, OneDimension};
use noisy_descent::theory::published;
use serde_json::Value;

fn text(error: noisy_descent::Error) -> String {
    error.to_string()
}

fn size(case: &Value, field: &str) -> usize {
    case[field].as_u64().unwrap_or_else(|| panic!("{field} is no whole number")) as usize
}

pub fn bayes(case: &Value) -> Checked {
    let want = &case["expected"];
    let (n, s) = (size(case, "N") as u64, size(case, "S") as u64);
    let posterior = PosteriorMatch::new(&numbers(&case["k"]), n, s, BatchFactor::Paper).map_err(text)?;
    let best = posterior.optimum();
    compare(case, "lambda_opt", &[best.learning_rate], &[number(want, "lambda_opt")])?;
    let guess = posterior.continuous_guess().learning_rate;
    compare(case, "lambda_continuous", &[guess], &[number(want, "lambda_continuous")])?;
    // The curve is one vector: in one direction its minimum is zero, known to 1e-50.
    let (mut got, mut expected) = (vec![best.divergence], vec![number(want, "kl_at_opt")]);
    for point in want["kl_grid"].as_array().expect("points") {
        let point = numbers(point);
        got.push(posterior.divergence(point[0]).map_err(text)?);
        expected.push(point[1]);
    }
    compare(case, "kl", &got, &expected)?;
    Ok(())
}

pub fn minibatch(case: &Value) -> Checked {
    let want = &case["expected"];
    let (samples, dimension) = (size(case, "N"), size(case, "D"));
    let inputs = DMatrix::from_row_slice(samples, dimension, &numbers(&case["X"]));
    let data = LinearRegression::new(inputs, DVector::from_vec(numbers(&case["y"]))).map_err(text)?;
    let replace = case["replace"].as_bool().expect("a flag");
    let sampling = if replace { Sampling::WithReplacement } else { Sampling::WithoutReplacement };
    let (learning_rate, momentum) = (number(case, "lambda"), number(case, "mu"));
    let theory = MinibatchTheory::new(&data, sampling, size(case, "S"), momentum).map_err(text)?;
    let state = theory.stationary(learning_rate).map_err(text)?.ok_or("no stationary state")?;
    compare(case, "w_star", data.minimum().as_slice(), &numbers(&want["w_star"]))?;
    compare_matrix(case, "K", data.hessian(), &want["K"])?;
    compare_matrix(case, "sigma", &state.covariance, &want["sigma"])?;
    compare(case, "excess_loss", &[state.excess_loss], &[number(want, "excess_loss")])?;
    compare(case, "min_loss", &[data.minimum_loss()], &[number(want, "min_loss")])?;
    let (limit, want_limit) = (theory.learning_rate_limit(), number(want, "lambda_max"));
    if (limit / want_limit - 1.0).abs() > number(want, "lambda_max_rtol") {
        return Err(format!("lambda_max = {limit}, not {want_limit}").into());
    }
    if dimension == 1 {
        let closed = OneDimension::new(&data, sampling, size(case, "S"), momentum).map_err(text)?;
        let variance = closed.variance(learning_rate).map_err(text)?.ok_or("no stationary state")?;
        compare(case, "sigma in closed form", &[variance], &numbers(&want["sigma"]))?;
        compare(case, "limit in closed form", &[closed.learning_rate_limit()], &[limit])?;
    }
    Ok(())
}

pub fn kramers(case: &Value) -> Checked {
    let (want, scale) = (&case["expected"], number(case, "r"));
    let (batch_size, learning_rate) = (number(case, "S"), number(case, "lambda"));
    let bare = PiecewiseQuadratic::new(number(case, "ka"), number(case, "kb"), number(case, "b")).map_err(text)?;
    compare(case, "c", &[bare.joint()], &[number(want, "c")])?;
    compare(case, "dL", &[bare.height()], &[number(want, "dL")])?;
    compare(case, "l", &[bare.fraction()], &[number(want, "l")])?;
    let potential = bare.scaled(scale).map_err(text)?;
    let noise = match case["noise"].as_f64() {
        Some(variance) => EscapeNoise::Constant { variance },
        None => EscapeNoise::Curvature { batch_size, white: 0.0 },
    };
    let escape = Escape::new(potential, noise, learning_rate, number(case, "end")).map_err(text)?;
    let exact = chain_escape(&escape).map_err(text)?;
    compare(case, "escape_prob_per_step", &[exact.probability_per_step], &[number(want, "escape_prob_per_step")])?;
    compare(case, "mfpt_from_0", &[exact.mean_first_passage], &[number(want, "mfpt_from_0")])?;
    let steps = diffusion_first_passage(&escape).map_err(text)?;
    compare(case, "mfpt_continuous_steps", &[steps], &[number(want, "mfpt_continuous_steps")])?;
    if case["noise"] == "hessian" {
        let shape = escape.potential().barrier_shape().map_err(text)?;
        let printed = published::kramers::eq_23(&shape, batch_size, learning_rate).map_err(text)?;
        compare(case, "eq23_printed", &[printed], &[number(want, "eq23_printed")])?;
        let consistent = self_consistent_rate(&shape, batch_size, learning_rate).map_err(text)?;
        compare(case, "eq23_consistent", &[consistent], &[number(want, "eq23_consistent")])?;
        let continuous = published::kramers::eq_24(&shape, batch_size, learning_rate).map_err(text)?;
        compare(case, "eq24_printed", &[continuous], &[number(want, "eq24_printed")])?;
        let ito = ito_kramers_rate(&escape).map_err(text)?;
        compare(case, "ito_kramers", &[ito], &[number(want, "ito_kramers")])?;
    }
    Ok(())
}
