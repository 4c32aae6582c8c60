//! Errata 12 and 13: what it helps the escape that the noise follows the curvature.

use super::catalogue::{ErratumEntry, ErratumKind};
use super::direction::{settled, sgd};
use super::evidence::{Evidence, Method};
use super::independent::moments;
use super::parameters::{self, ErratumParameter, Numbers};
use crate::error::Result;
use crate::nalgebra::{DMatrix, DVector};
use crate::theory::{System, alignment_ratio, alignment_ratio_long_run, published};

const PARAMETERS: &[ErratumParameter] = &[
    parameters::learning_rate(0.5, 1.9).between(0.1, 1.9),
    ErratumParameter::new("dimension", "D", 200.0, "Number of directions, one of them sharp.")
        .whole_between(10.0, 400.0),
    ErratumParameter::new("exponent", "d", 1.5, "The flat curvatures are D^−d.").between(0.5, 1.5),
];

pub(super) static LONG_RUN: ErratumEntry = ErratumEntry {
    number: "12",
    place: "Theorem 8, long times",
    title: "the gain does not last: in the long run it is below (2−λk_min)/(2−λk_1) for any dimension",
    kind: ErratumKind::WrongResult,
    parameters: PARAMETERS,
    demonstration: |numbers| {
        let (learning_rate, dimension, flat, system) = given(numbers)?;
        let corrected = settled(&system, alignment_ratio_long_run(&system))?;
        let variance = |k: f64| Ok::<_, crate::Error>(moments::sgd(learning_rate, k).stationary()?[0][0]);
        let ratio = ratio(dimension, flat, variance(1.0)?, variance(flat)?);
        let quantity = "long-run loss over that of isotropic noise, C = K = diag(1, D^−d, …)";
        let evidence = Evidence::new(quantity, corrected, ratio, Method::LyapunovSum);
        Ok(vec![evidence.printed(published::long_run_alignment_ratio(&system))])
    },
};

pub(super) static ORDER: ErratumEntry = ErratumEntry {
    number: "13",
    place: "Eq. 20, 64",
    title: "the order D^(2d−1) is only that of a lower bound, D^min(2d−1, 1)",
    kind: ErratumKind::WrongResult,
    parameters: PARAMETERS,
    demonstration: |numbers| {
        let (learning_rate, dimension, flat, system) = given(numbers)?;
        let variance = |k: f64| moments::sgd(learning_rate, k).after(1)[0][0];
        let ratio = ratio(dimension, flat, variance(1.0), variance(flat));
        let quantity = "one-step loss over that of isotropic noise, C = K = diag(1, D^−d, …)";
        let evidence = Evidence::new(quantity, alignment_ratio(&system, 1), ratio, Method::Stepping);
        Ok(vec![evidence.printed(published::alignment_order(dimension, numbers.of("exponent"))?)])
    },
};

/// Learning rate, dimension, flat curvature, and SGD on one sharp and many flat directions with noise `C = K`.
fn given(numbers: &Numbers) -> Result<(f64, usize, f64, System)> {
    let (learning_rate, dimension) = (numbers.of("learning_rate"), numbers.whole("dimension"));
    let flat = libm::pow(dimension as f64, -numbers.of("exponent"));
    let hessian = DMatrix::from_diagonal(&DVector::from_fn(dimension, |i, _| if i == 0 { 1.0 } else { flat }));
    Ok((learning_rate, dimension, flat, System::new(&hessian, &hessian, &sgd(learning_rate))?))
}

/// Loss under the noise `C = K` over that under isotropic noise of the same trace, from the variances per unit of noise along
/// the sharp direction and along a flat one.
fn ratio(dimension: usize, flat: f64, sharp_variance: f64, flat_variance: f64) -> f64 {
    let others = (dimension - 1) as f64;
    let level = (1.0 + others * flat) / dimension as f64;
    let loss = |sharp_noise: f64, flat_noise: f64| {
        0.5 * (sharp_noise * sharp_variance + others * flat * flat_noise * flat_variance)
    };
    loss(1.0, flat) / loss(level, level)
}
