//! Errata 1, 1a to 1d, 2 and 20: quasi-hyperbolic momentum.

use super::catalogue::{ErratumEntry, ErratumKind};
use super::direction::{direction, qhm, settled, sgd, variance};
use super::evidence::{Evidence, Method};
use super::independent::moments;
use super::independent::random::{Average, Random};
use super::parameters::{self, ErratumParameter, Numbers};
use crate::error::Result;
use crate::optimizer::{Optimizer, Qhm};
use crate::theory::{System, continuous, lag_one_covariance, momentum_covariance, published};

/// Updates of the simulation, over all walkers.
const UPDATES: usize = 4_000_000;

/// Most steps of one walker.
const LONGEST: usize = 20_000;

/// A walker's start is forgotten once its share in the variance is below this, far less than a standard error.
const FORGOTTEN: f64 = 1e-6;

const SEED: u64 = 11;

const ALL: &[ErratumParameter] =
    &[parameters::learning_rate(0.5, 4.0), parameters::momentum(0.9), parameters::mixing(0.5)];

pub(super) static SYSTEM: ErratumEntry = ErratumEntry {
    number: "1",
    place: "Theorem 11, Eq. 73-86, 90-96",
    title: "the linear system and h(K) of QHM are wrong as soon as μ > 0",
    kind: ErratumKind::WrongResult,
    parameters: ALL,
    demonstration: |numbers| {
        let (qhm, system) = given(numbers)?;
        let (printed, corrected) = (published::printed_qhm(&qhm), variance(&system)?);
        let by = |quantity: &str, value: Option<f64>| {
            let independent = exact(&qhm)?[0][0];
            Ok(Evidence::new(quantity, corrected, independent, Method::LyapunovSum).printed(value))
        };
        let simulated = simulate(&qhm);
        Ok(vec![
            by("variance by h(K), k = 1, C = 1", printed.map(|row| row.by_h))?,
            by("variance by the system (73), k = 1, C = 1", printed.map(|row| row.by_system))?,
            Evidence::new("variance of random walkers, k = 1, C = 1", corrected, simulated.mean(), Method::Simulation)
                .printed(printed.map(|row| row.by_h))
                .with_standard_error(simulated.standard_error()),
        ])
    },
};

pub(super) static NOISE_TWICE: ErratumEntry = ErratumEntry {
    number: "1a",
    place: "Eq. 75",
    title: "the noise is printed as λ²α²C: α holds λ already",
    kind: ErratumKind::WrongResult,
    parameters: ALL,
    demonstration: |numbers| {
        let (qhm, system) = given(numbers)?;
        let quantity = "variance from Eq. 75 with the other moments true, k = 1, C = 1";
        let evidence = Evidence::new(quantity, variance(&system)?, exact(&qhm)?[0][0], Method::LyapunovSum);
        Ok(vec![evidence.printed(published::eq_75(&qhm, 1.0)?)])
    },
};

pub(super) static CROSS_TERMS: ErratumEntry = ErratumEntry {
    number: "1b",
    place: "Eq. 77-81",
    title: "noise and state are taken as uncorrelated",
    kind: ErratumKind::WrongResult,
    parameters: &[parameters::learning_rate(0.5, 4.0), parameters::momentum(0.9), parameters::mixing(0.3)],
    demonstration: |numbers| {
        let (qhm, system) = given(numbers)?;
        let exact = exact(&qhm)?;
        let lagged = settled(&system, lag_one_covariance(&system))?[(0, 0)];
        let velocity = settled(&system, momentum_covariance(&system))?[(0, 0)];
        Ok(vec![
            Evidence::new(
                "E[w_t w_(t−1)] from Eq. 78, k = 1, C = 1",
                lagged,
                lag_one(&qhm, &exact),
                Method::LyapunovSum,
            )
            .printed(published::eq_78(&qhm, 1.0)?),
            Evidence::new("E[m²] from Eq. 77, k = 1, C = 1", velocity, exact[1][1], Method::LyapunovSum)
                .printed(published::eq_77(&qhm, 1.0)?),
        ])
    },
};

pub(super) static LAG_TERMS: ErratumEntry = ErratumEntry {
    number: "1c",
    place: "Eq. 82",
    title: "the terms in KX and KXK are missing and three coefficients are off",
    kind: ErratumKind::WrongResult,
    parameters: &[parameters::learning_rate(0.5, 4.0), parameters::momentum(0.9)],
    demonstration: |numbers| {
        let (qhm, system) = heavy_ball(numbers)?;
        let (corrected, independent) = (variance(&system)?, exact(&qhm)?[0][0]);
        let by = |quantity: &str, value: Option<f64>| {
            Evidence::new(quantity, corrected, independent, Method::LyapunovSum).printed(value)
        };
        Ok(vec![
            by("variance by the system at ν = 1, k = C = 1", published::printed_qhm(&qhm).map(|row| row.by_system)),
            by("the same, only KX and KXK missing", published::eq_82_without_lag_terms(&qhm, 1.0)?),
        ])
    },
};

pub(super) static LAG_ONE: ErratumEntry = ErratumEntry {
    number: "1d",
    place: "Eq. 86",
    title: "αK²Σ and λKΣK do not have the unit of the lag-one covariance",
    kind: ErratumKind::WrongResult,
    parameters: &[parameters::learning_rate(0.5, 4.0), parameters::momentum(0.5)],
    demonstration: |numbers| {
        let (qhm, system) = heavy_ball(numbers)?;
        let exact = exact(&qhm)?;
        let printed = published::printed_qhm(&qhm);
        let lagged = settled(&system, lag_one_covariance(&system))?[(0, 0)];
        // Two ways to one variance: by the closed form over by the system. In print, Eq. 86 stands between them.
        let closed_form = variance(&system)?;
        let by_system = settled(&system, crate::theory::stationary_block(system.step(), 1.0, 1.0))?[(0, 0)];
        let responses = impulse_response(&qhm, exact[0][0]);
        Ok(vec![
            Evidence::new(
                "variance by h(K) over that by its system, ν = 1, k = C = 1",
                closed_form / by_system,
                responses / exact[0][0],
                Method::LyapunovSum,
            )
            .printed(printed.map(|row| row.by_h / row.by_system)),
            Evidence::new("variance by h(K) at ν = 1, k = C = 1", closed_form, exact[0][0], Method::LyapunovSum)
                .printed(printed.map(|row| row.by_h)),
            Evidence::new("E[w_t w_(t−1)] at ν = 1, k = C = 1", lagged, lag_one(&qhm, &exact), Method::LyapunovSum),
        ])
    },
};

pub(super) static TABLE: ErratumEntry = ErratumEntry {
    number: "2",
    place: "Table 1, QHM, earlier work",
    title: "the covariance has a factor 1/(1−μ) too much, since the velocity of Eq. 72 is normalised",
    kind: ErratumKind::WrongResult,
    parameters: &[
        parameters::learning_rate(0.001, 0.02),
        parameters::momentum(0.9).between(0.0, 0.95),
        parameters::mixing(0.7),
    ],
    demonstration: |numbers| {
        let (qhm, system) = given(numbers)?;
        let printed = published::qhm_earlier_covariance(system.hessian(), system.hessian(), &qhm)?[(0, 0)];
        let corrected = continuous::mode_variances(&system)[0];
        // The first order in λ: what it leaves out is at most λk/2 (1+μ)/(1−μ) of it, by the second order of Table 1.
        let left_out = 0.75 * qhm.learning_rate * (1.0 + qhm.momentum) / (1.0 - qhm.momentum);
        let quantity = "variance for a small learning rate, k = 1, C = 1";
        let evidence = Evidence::new(quantity, corrected, exact(&qhm)?[0][0], Method::LyapunovSum);
        Ok(vec![evidence.printed(printed).within(left_out)])
    },
};

pub(super) static PLAIN: ErratumEntry = ErratumEntry {
    number: "20",
    place: "Theorem 11, remark",
    title: "ν = 0 is plain SGD as it is, without λ → λ/(1−μ)",
    kind: ErratumKind::WrongArgument,
    parameters: &[parameters::learning_rate(0.1, 1.9), parameters::momentum(0.75)],
    demonstration: |numbers| {
        let qhm = qhm(numbers.of("learning_rate"), numbers.of("momentum"), 0.0);
        let corrected = variance(&direction(&Optimizer::Qhm(qhm), 1.0)?)?;
        let plain = direction(&sgd(published::qhm_plain_learning_rate(&qhm)?), 1.0)?;
        let quantity = "variance at ν = 0, printed: of the SGD it is said to be, k = C = 1";
        let evidence = Evidence::new(quantity, corrected, exact(&qhm)?[0][0], Method::LyapunovSum);
        Ok(vec![evidence.printed(variance(&plain).ok())])
    },
};

fn given(numbers: &Numbers) -> Result<(Qhm, System)> {
    let qhm = qhm(numbers.of("learning_rate"), numbers.of("momentum"), numbers.of("mixing"));
    Ok((qhm, direction(&Optimizer::Qhm(qhm), 1.0)?))
}

/// QHM at `ν = 1`.
fn heavy_ball(numbers: &Numbers) -> Result<(Qhm, System)> {
    let qhm = qhm(numbers.of("learning_rate"), numbers.of("momentum"), 1.0);
    Ok((qhm, direction(&Optimizer::Qhm(qhm), 1.0)?))
}

fn update(qhm: &Qhm) -> moments::Update<2> {
    moments::qhm(qhm.learning_rate, qhm.momentum, qhm.mixing, 1.0)
}

/// Stationary second moments of `(w, m)`.
fn exact(qhm: &Qhm) -> Result<moments::Square<2>> {
    update(qhm).stationary()
}

/// `E[w_t w_{t−1}]`: one more step of the weight, on the same moments.
fn lag_one(qhm: &Qhm, stationary: &moments::Square<2>) -> f64 {
    moments::product(&update(qhm).transition, stationary)[0][0]
}

/// The variance as a sum over the squares of what one noise leaves behind, until what is left of it is nothing beside `size`.
fn impulse_response(qhm: &Qhm, size: f64) -> f64 {
    let update = update(qhm);
    let (mut state, mut sum) = (update.input, 0.0);
    for _ in 0..100 * LONGEST {
        sum += state[0] * state[0];
        if state[0] * state[0] + state[1] * state[1] < 1e-20 * size {
            break;
        }
        state = update.transition.map(|row| row[0] * state[0] + row[1] * state[1]);
    }
    sum
}

/// Squares of the weights of walkers that have forgotten their start.
fn simulate(qhm: &Qhm) -> Average {
    let rule = |w: f64, m: f64, noise: f64| {
        let gradient = w + noise;
        let m = qhm.momentum * m + (1.0 - qhm.momentum) * gradient;
        (w - qhm.learning_rate * ((1.0 - qhm.mixing) * gradient + qhm.mixing * m), m)
    };
    let (mut steps, mut w, mut m) = (0, 1.0, 0.0);
    while w * w + m * m > FORGOTTEN && steps < LONGEST {
        (w, m) = rule(w, m, 0.0);
        steps += 1;
    }
    let steps = steps.max(10);
    let (mut random, mut average) = (Random::new(SEED), Average::default());
    for _ in 0..UPDATES / (2 * steps) {
        let (mut a, mut b) = ((0.0, 0.0), (0.0, 0.0));
        for _ in 0..steps {
            let noise = random.normal_pair();
            a = rule(a.0, a.1, noise.0);
            b = rule(b.0, b.1, noise.1);
        }
        average.add(a.0 * a.0);
        average.add(b.0 * b.0);
    }
    average
}
