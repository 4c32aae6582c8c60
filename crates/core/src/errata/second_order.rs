//! Errata 24 and 25: optimizers whose preconditioner follows the fluctuation.

use super::catalogue::{ErratumEntry, ErratumKind};
use super::evidence::{Evidence, Method};
use super::parameters;
use crate::nalgebra::{dmatrix, dvector};
use crate::optimizer::{NaturalGradient, Optimizer};
use crate::theory::{System, adam_variance, decay, natural_gradient_covariance, published};

/// Weight of the newest second moment in the average that the preconditioner uses; with 1 it would not settle.
const NEWEST: f64 = 0.1;

/// Steps until it has.
const STEPS: usize = 2000;

/// Steps of the fixed point of Adam's variance, and the share of a step that is taken.
const ROUNDS: usize = 1000;
const DAMPING: f64 = 0.5;

pub(super) static NATURAL_GRADIENT: ErratumEntry = ErratumEntry {
    number: "24",
    place: "Corollary 6, remark",
    title: "without noise natural gradient has no stationary law but jumps between two points",
    kind: ErratumKind::WrongArgument,
    parameters: &[parameters::learning_rate(0.5, 4.0), parameters::curvature(1.0)],
    demonstration: |numbers| {
        let (learning_rate, k) = (numbers.of("learning_rate"), numbers.of("curvature"));
        let natural = NaturalGradient { learning_rate, ..NaturalGradient::default() };
        let (hessian, silence) = (dmatrix![k], dmatrix![0.0]);
        let system = System::new(&hessian, &silence, &Optimizer::NaturalGradient(natural))?;
        let variance = natural_gradient_covariance(&hessian, &silence, &natural)?[(0, 0)];
        let moved = decay(&system, &dvector![1.0], 2)?[0] - 1.0;
        let (settled, displacement) = step_ensemble(learning_rate, k);
        Ok(vec![
            Evidence::new(
                "half the mean square displacement over an even number of steps",
                0.5 * variance * moved * moved,
                0.5 * displacement,
                Method::Stepping,
            )
            .printed(published::natural_gradient_without_noise(&natural, k)?)
            .within_absolute(1e-9 * variance),
            Evidence::new("mean square of the weights", variance, settled, Method::Stepping),
        ])
    },
};

pub(super) static ADAM: ErratumEntry = ErratumEntry {
    number: "25",
    place: "Theorem 10, remark",
    title: "Adam's variance goes as λ for a constant noise; λ² is for C = cKΣK",
    kind: ErratumKind::WrongArgument,
    parameters: &[parameters::learning_rate(0.01, 0.2), parameters::curvature(1.0)],
    demonstration: |numbers| {
        let (learning_rate, k) = (numbers.of("learning_rate"), numbers.of("curvature"));
        let corrected = adam_variance(k, 1.0, 2.0 * learning_rate)? / adam_variance(k, 1.0, learning_rate)?;
        let stepped = step_adam(2.0 * learning_rate, k) / step_adam(learning_rate, k);
        let quantity = "growth of the variance when λ doubles, C = 1";
        let evidence = Evidence::new(quantity, corrected, stepped, Method::Stepping);
        Ok(vec![evidence.printed(published::adam_growth(2.0)?)])
    },
};

/// Natural gradient without noise on walkers in proportion to each other, from one and a half times the mean square with which they
/// end (from twice it the first step would lead to zero): that mean square, and the one of what they move in two steps.
fn step_ensemble(learning_rate: f64, k: f64) -> (f64, f64) {
    let mut weight = (0.75 * learning_rate / k).sqrt();
    let mut moment = k * k * weight * weight;
    let mut before = [weight, weight];
    for _ in 0..STEPS {
        moment += NEWEST * (k * k * weight * weight - moment);
        before = [before[1], weight];
        weight -= learning_rate / moment * k * weight;
    }
    (weight * weight, (weight - before[0]).powi(2))
}

/// The variance at which Adam's second moment, averaged for long, and the fluctuation behind it keep each other up.
fn step_adam(learning_rate: f64, k: f64) -> f64 {
    let mut variance = learning_rate / k;
    for _ in 0..ROUNDS / 10 {
        let step = learning_rate / (k * k * variance + 1.0).sqrt();
        // With the preconditioner held, the second moments go through their own steps.
        let mut held = variance;
        for _ in 0..ROUNDS * 10 {
            held = (1.0 - step * k).powi(2) * held + step * step;
        }
        variance += DAMPING * (held - variance);
    }
    variance
}
