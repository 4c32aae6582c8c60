//! Errata 26, 27 and 28: least squares with minibatches.

use super::catalogue::{ErratumEntry, ErratumKind};
use super::evidence::{Evidence, Method};
use super::independent::batches::batch_sums;
use super::independent::moments;
use super::independent::random::{Average, Random};
use super::parameters::ErratumParameter;
use crate::check::out_of_range;
use crate::error::Result;
use crate::loss::LinearRegression;
use crate::nalgebra::{DMatrix, DVector};
use crate::noise::Sampling;
use crate::theory::minibatch::MinibatchTheory;
use crate::theory::published::bayes as published;

const BATCH_SIZE: ErratumParameter = ErratumParameter::new("batch_size", "S", 2.0, "Samples of a minibatch.");

pub(super) static HALF: ErratumEntry = ErratumEntry {
    number: "26",
    place: "Sec. 5, regression",
    title: "the loss needs the factor 1/2, else its Hessian is 2E[xxᵀ] and its noise 2K/S",
    kind: ErratumKind::WrongArgument,
    parameters: &[BATCH_SIZE.whole_between(1.0, 100.0)],
    demonstration: |numbers| {
        let batch_size = numbers.whole("batch_size");
        let samples = unit_residuals();
        let data = regression(&samples)?;
        // The loss as printed and its gradient, over the samples one by one.
        let n = samples.len() as f64;
        let loss = |w: f64| samples.iter().map(|(x, y)| (w * x - y).powi(2)).sum::<f64>() / n;
        let curvature = loss(1.0) - 2.0 * loss(0.0) + loss(-1.0);
        let noise = samples.iter().map(|(x, y)| (2.0 * (SLOPE * x - y) * x).powi(2)).sum::<f64>() / n;
        let of_printed_loss = published::regression_hessian(&data)[(0, 0)];
        let stated = data.hessian()[(0, 0)];
        let noise_share = published::regression_noise(&data, batch_size)?[(0, 0)] * batch_size as f64 / of_printed_loss;
        Ok(vec![
            Evidence::new(
                "curvature of (1/N) Σ (wx − y)², printed: mean x²",
                of_printed_loss,
                curvature,
                Method::Enumeration,
            )
            .printed(stated),
            Evidence::new(
                "its noise at the minimum over its K/S, unit residuals",
                noise_share,
                noise / curvature,
                Method::Enumeration,
            )
            .printed(1.0),
        ])
    },
};

pub(super) static OVERESTIMATES: ErratumEntry = ErratumEntry {
    number: "27",
    place: "Sec. 5, \"overestimates\"",
    title: "batches without replacement and the residuals explain it; near the limit the sign turns",
    kind: ErratumKind::WrongArgument,
    parameters: &[
        ErratumParameter::new("learning_rate", "λ", 1.4, "Learning rate for N = 1000 samples with mean x² near 1.")
            .between(0.1, 1.6),
        ErratumParameter { default: 4.0, ..BATCH_SIZE }.whole_between(1.0, 7.0),
        ErratumParameter::new("share", "λ/λ_max", 0.97, "Learning rate for N = 8 samples, as a share of its limit.")
            .between(0.05, 0.99),
    ],
    demonstration: |numbers| {
        let learning_rate = numbers.of("learning_rate");
        let large = large_data();
        let simulated = simulate(&large, learning_rate);
        let large = regression(&large)?;
        let of_large = variance(&large, LARGE_BATCH, learning_rate)?;

        let (small, batch_size) = (small_data(), numbers.whole("batch_size"));
        let data = regression(&small)?;
        let theory = MinibatchTheory::new(&data, Sampling::WithoutReplacement, batch_size, 0.0)?;
        let near = numbers.of("share") * theory.learning_rate_limit();
        let printed = |data: &LinearRegression, batch_size, learning_rate| {
            published::minibatch_variance(data.hessian()[(0, 0)], batch_size, learning_rate)
        };
        Ok(vec![
            Evidence::new("variance, N = 1000, S = 100", of_large, simulated.mean(), Method::Simulation)
                .printed(printed(&large, LARGE_BATCH, learning_rate)?)
                .with_standard_error(simulated.standard_error()),
            Evidence::new(
                "variance, N = 8, near the limit",
                variance(&data, batch_size, near)?,
                enumerate(&small, data.minimum()[0], batch_size, near)?,
                Method::Enumeration,
            )
            .printed(printed(&data, batch_size, near)?)
            .within(1e-8),
        ])
    },
};

pub(super) static FACTOR: ErratumEntry = ErratumEntry {
    number: "28",
    place: "Corollaries 5, 6, Theorem 6",
    title: "without replacement the factor is (N−S)/(S(N−1)), not (N−S)/(NS)",
    kind: ErratumKind::WrongArgument,
    parameters: &[
        ErratumParameter::new("data_size", "N", 6.0, "Number of samples.").whole_between(2.0, 16.0),
        BATCH_SIZE.whole_between(1.0, 15.0),
    ],
    demonstration: |numbers| {
        let (data_size, batch_size) = (numbers.whole("data_size"), numbers.whole("batch_size"));
        if batch_size >= data_size {
            return Err(out_of_range("batch_size", batch_size as f64, format!("[1, {}]", data_size - 1)));
        }
        // Squares of 1 to N, about their mean.
        let mean = (1..=data_size).map(|n| (n * n) as f64).sum::<f64>() / data_size as f64;
        let values: Vec<[f64; 1]> = (1..=data_size).map(|n| [(n * n) as f64 - mean]).collect();
        let mean_square = |sums: Vec<[f64; 1]>, size: usize| {
            let count = sums.len() as f64;
            sums.iter().map(|[sum]| (sum / size as f64).powi(2)).sum::<f64>() / count
        };
        let ratio = mean_square(batch_sums(&values, batch_size), batch_size) / mean_square(values, 1);
        let corrected = Sampling::WithoutReplacement.variance_factor(data_size, batch_size)?;
        let quantity = "variance of a batch mean over that of a sample, over every batch";
        let evidence = Evidence::new(quantity, corrected, ratio, Method::Enumeration);
        Ok(vec![evidence.printed(published::variance_factor(data_size, batch_size)?)])
    },
};

/// Where the minimum of the data with unit residuals is.
const SLOPE: f64 = 0.5;

/// Batch size for the large data set, as in Sec. 5.
const LARGE_BATCH: usize = 100;

/// Walkers, and steps of each: the share of the start in the variance is below 0.6⁴⁸ = 10⁻¹⁰ for λk up to 1.6.
const WALKERS: usize = 12_000;
const STEPS: usize = 24;

type Samples = Vec<(f64, f64)>;

fn regression(samples: &Samples) -> Result<LinearRegression> {
    let inputs = DMatrix::from_fn(samples.len(), 1, |n, _| samples[n].0);
    LinearRegression::new(inputs, DVector::from_fn(samples.len(), |n, _| samples[n].1))
}

/// Inputs that come twice, once with each of the residuals ±1, so that these have variance one whatever the input.
fn unit_residuals() -> Samples {
    let inputs = [0.3, -0.8, 1.1, 1.6, -0.2];
    inputs.iter().flat_map(|&x| [1.0, -1.0].map(|residual| (x, SLOPE * x + residual))).collect()
}

/// Eight samples with a few large inputs.
fn small_data() -> Samples {
    vec![(0.2, 0.9), (-0.5, 0.8), (1.0, -0.4), (1.7, 1.9), (-1.2, 0.3), (0.4, -1.1), (-0.9, -1.4), (0.7, 1.5)]
}

/// The setting of Sec. 5: normal inputs and residuals.
fn large_data() -> Samples {
    let mut random = Random::new(5);
    let sample = |(x, residual): (f64, f64)| (x, SLOPE * x + residual);
    (0..1000).map(|_| sample(random.normal_pair())).collect()
}

/// Stationary variance of minibatch SGD without replacement.
fn variance(data: &LinearRegression, batch_size: usize, learning_rate: f64) -> Result<f64> {
    let theory = MinibatchTheory::new(data, Sampling::WithoutReplacement, batch_size, 0.0)?;
    let state = theory.stationary(learning_rate)?;
    state
        .map(|state| state.covariance[(0, 0)])
        .ok_or_else(|| out_of_range("learning_rate", learning_rate, format!("(0, {})", theory.learning_rate_limit())))
}

/// The second moment of the distance from the minimum, over every batch and step by step until it stands still.
fn enumerate(samples: &Samples, minimum: f64, batch_size: usize, learning_rate: f64) -> Result<f64> {
    let each: Vec<[f64; 2]> = samples.iter().map(|(x, y)| [x * x, (minimum * x - y) * x]).collect();
    let sums = batch_sums(&each, batch_size);
    let count = sums.len() as f64;
    // A step takes u to (1 − λh)u − λe, with the batch's curvature h and its gradient e at the minimum; u has no mean.
    let (mut kept, mut added) = (0.0, 0.0);
    for [h, e] in sums.iter().map(|sum| sum.map(|sum| sum / batch_size as f64)) {
        kept += (1.0 - learning_rate * h).powi(2) / count;
        added += (learning_rate * e).powi(2) / count;
    }
    Ok(moments::stationary(&[[kept.sqrt()]], &[[added]])?[0][0])
}

/// Squared distances of walkers from their minimum, each after its own batches.
fn simulate(samples: &Samples, learning_rate: f64) -> Average {
    let (mut random, mut average) = (Random::new(27), Average::default());
    let curvature: f64 = samples.iter().map(|(x, _)| x * x).sum();
    let minimum = samples.iter().map(|(x, y)| x * y).sum::<f64>() / curvature;
    let mut order: Vec<(f64, f64)> = samples.clone();
    for _ in 0..WALKERS {
        let mut w = minimum;
        for _ in 0..STEPS {
            let mut gradient = 0.0;
            for i in 0..LARGE_BATCH {
                // The first places of a shuffle.
                order.swap(i, i + random.below(samples.len() - i));
                let (x, y) = order[i];
                gradient += (w * x - y) * x / LARGE_BATCH as f64;
            }
            w -= learning_rate * gradient;
        }
        average.add((w - minimum).powi(2));
    }
    average
}
