//! Errata 14, 15, 17, 18 and 19: the recursion of momentum, its limits and its decay.

use super::catalogue::{ErratumEntry, ErratumKind};
use super::direction::{direction, heavy_ball, qhm, sgd, variance};
use super::evidence::{Evidence, Method};
use super::independent::{integral::integral, moments, search::threshold};
use super::parameters::{self, ErratumParameter};
use crate::nalgebra::{DVector, dmatrix, dvector};
use crate::optimizer::{Momentum, Optimizer, Preconditioned};
use crate::theory::{Moments, System, continuous, decay, escape_efficiency, published, stability, transient};

pub(super) static LEMMA: ErratumEntry = ErratumEntry {
    number: "14",
    place: "Lemma 1, Eq. 40",
    title: "X is μI, not (1−μ)I, and the noise enters with −λη",
    kind: ErratumKind::WrongArgument,
    parameters: &[parameters::learning_rate(0.8, 4.0), parameters::momentum(0.3), parameters::curvature(1.0)],
    demonstration: |numbers| {
        let (learning_rate, momentum) = (numbers.of("learning_rate"), numbers.of("momentum"));
        let k = numbers.of("curvature");
        let corrected = variance(&direction(&heavy_ball(learning_rate, momentum), k)?)?;
        let independent = moments::heavy_ball(learning_rate, momentum, k).stationary()?[0][0];
        // The printed X is a momentum of 1 − μ, which no optimizer has at μ = 0.
        let printed = published::momentum_variance(&Momentum { learning_rate, momentum }, k).ok().flatten();
        let evidence = Evidence::new("stationary variance for C = 1", corrected, independent, Method::LyapunovSum);
        Ok(vec![evidence.printed(printed)])
    },
};

pub(super) static COROLLARY: ErratumEntry = ErratumEntry {
    number: "15",
    place: "Eq. 61, Corollary 4",
    title: "the proof takes (1−x)^(2t) for at most e^(−2xt), false for x > 1.27846; the claim is true",
    kind: ErratumKind::WrongArgument,
    parameters: &[
        parameters::learning_rate(1.5, 1.99),
        ErratumParameter::new("steps", "t", 1.0, "Number of steps.").whole_between(1.0, 100.0),
    ],
    demonstration: |numbers| {
        let (x, steps) = (numbers.of("learning_rate"), numbers.whole("steps"));
        let system = direction(&sgd(x), 1.0)?;
        let left = decay(&system, &dvector![1.0], steps as u64)?[0];
        let stepped = (0..steps).fold(1.0, |w: f64, _| w - x * w);
        let (at_most, _) = published::corollary_four_step(x, steps as u32)?;
        let gained = 0.5 * moments::sgd(x, 1.0).after(steps)[0][0];
        let at_the_root = threshold(1.0, 2.0, |x| libm::exp(-x) > x - 1.0);
        Ok(vec![
            Evidence::new("(1−λk)^(2t), printed: its bound, k = 1", left * left, stepped * stepped, Method::Stepping)
                .printed(at_most),
            Evidence::new(
                "loss gained in t steps, never below the diffusion's, k = C = 1",
                escape_efficiency(&system, steps as u64),
                gained,
                Method::Stepping,
            ),
            Evidence::new("largest λk for which that bound holds", bound_holds_up_to(), at_the_root, Method::Search)
                .printed(stability(&system).limit),
        ])
    },
};

/// Where the discrete descent of one step overtakes the continuous one in size, both as the theory has them.
fn bound_holds_up_to() -> f64 {
    let start: DVector<f64> = dvector![1.0];
    threshold(1.0, 2.0, |x| {
        direction(&sgd(x), 1.0).is_ok_and(|system| {
            let both = (decay(&system, &start, 1), continuous::decay(&system, &start, 1.0));
            matches!(both, (Ok(discrete), Ok(continuous)) if discrete[0].abs() <= continuous[0])
        })
    })
}

/// Steps after which the variance at the limit is looked at, once and twice.
const LONG: usize = 5000;

/// What rounding does to 10⁴ steps on the limit, where nothing forgets it.
const AT_THE_LIMIT: f64 = 1e-6;

pub(super) static STABILITY: ErratumEntry = ErratumEntry {
    number: "17",
    place: "Sec. 4.5",
    title: "λk < 2(1+μ) must be strict, and is necessary and sufficient",
    kind: ErratumKind::WrongArgument,
    parameters: &[parameters::momentum(0.5), parameters::mixing(0.5)],
    demonstration: |numbers| {
        let (momentum, mixing) = (numbers.of("momentum"), numbers.of("mixing"));
        let limit = 2.0 * (1.0 + momentum);
        let at_limit = Momentum { learning_rate: limit, momentum };
        let system = direction(&Optimizer::Momentum(at_limit), 1.0)?;
        let after =
            |steps| Ok::<_, crate::Error>(transient(&system, &Moments::at_minimum(1), steps)?.covariance[(0, 0)]);
        let update = moments::heavy_ball(limit, momentum, 1.0);
        let settled = published::allows(&at_limit, 1.0)?.then_some(1.0);
        let of_qhm = direction(&Optimizer::Qhm(qhm(1.0, momentum, mixing)), 1.0)?;
        // Λ and K that do not commute.
        let (hessian, preconditioner) = (dmatrix![1.0, 0.3; 0.3, 0.5], dmatrix![1.0, 0.0; 0.0, 2.0]);
        let behind = Preconditioned { preconditioner, learning_rate: 1.0, momentum, mixing: None };
        let behind = System::new(&hessian, &hessian, &Optimizer::Preconditioned(behind))?;
        let stays = |update: moments::Update<2>| !update.grows();
        Ok(vec![
            Evidence::new(
                "growth of the variance from t to 2t steps at λk = 2(1+μ), t = 5000",
                after(2 * LONG as u64)? / after(LONG as u64)?,
                update.after(2 * LONG)[0][0] / update.after(LONG)[0][0],
                Method::Stepping,
            )
            .printed(settled)
            .within(AT_THE_LIMIT),
            Evidence::new(
                "largest λk of momentum",
                stability(&direction(&heavy_ball(1.0, momentum), 1.0)?).limit,
                threshold(1e-3, 1e3, |x| stays(moments::heavy_ball(x, momentum, 1.0))),
                Method::Search,
            ),
            Evidence::new(
                "largest λk of QHM",
                stability(&of_qhm).limit,
                threshold(1e-3, 1e3, |x| stays(moments::qhm(x, momentum, mixing, 1.0))),
                Method::Search,
            ),
            Evidence::new(
                "largest factor on Λ = diag(1, 2) for K = (1, .3; .3, .5)",
                stability(&behind).learning_rate_limit,
                threshold(1e-3, 1e3, |factor| {
                    // Four numbers: two weights and their velocities.
                    let update = moments::Update::of(|[u, v, p, q]: [f64; 4], _| {
                        let (p, q) = (momentum * p + u + 0.3 * v, momentum * q + 0.3 * u + 0.5 * v);
                        [u - factor * p, v - factor * 2.0 * q, p, q]
                    });
                    !update.grows()
                }),
                Method::Search,
            ),
        ])
    },
};

pub(super) static ONE_STEP: ErratumEntry = ErratumEntry {
    number: "18",
    place: "Eq. 3",
    title: "the error of the continuous decay is O((λk)²) a step, not O((1−λk)²)",
    kind: ErratumKind::WrongArgument,
    parameters: &[parameters::learning_rate(0.1, 0.9)],
    demonstration: |numbers| {
        let x = numbers.of("learning_rate");
        let error = |x: f64| {
            let system = direction(&sgd(x), 1.0)?;
            let start: DVector<f64> = dvector![1.0];
            Ok::<_, crate::Error>(continuous::decay(&system, &start, 1.0)?[0] - decay(&system, &start, 1)?[0])
        };
        // What is left of e^(−x) beyond the step 1 − x.
        let left = |x: f64| integral(|s| (x - s) * libm::exp(-s), 0.0, x, 100);
        let printed = published::decay_error_claimed(x)? / published::decay_error_claimed(0.5 * x)?;
        let quantity = "error of one step over that at half of λ, k = 1";
        let evidence =
            Evidence::new(quantity, error(x)? / error(0.5 * x)?, left(x) / left(0.5 * x), Method::Quadrature);
        // The theory subtracts numbers near one: at λk = 0.001 six digits are lost.
        Ok(vec![evidence.printed(printed).within(1e-8)])
    },
};

pub(super) static AT_ONCE: ErratumEntry = ErratumEntry {
    number: "19",
    place: "Sec. 4.1",
    title: "|1−λk| may be 0: a step may land on the minimum",
    kind: ErratumKind::WrongArgument,
    parameters: &[parameters::learning_rate(1.0, 1.99)],
    demonstration: |numbers| {
        let x = numbers.of("learning_rate");
        let system = direction(&sgd(x), 1.0)?;
        let converges = |yes: bool| f64::from(u8::from(yes));
        let stepped = (1.0 - x).abs();
        Ok(vec![
            Evidence::new(
                "1 if the descent converges at λk, 0 if not, k = 1",
                converges(stability(&system).stable),
                converges(!moments::sgd(x, 1.0).grows()),
                Method::Stepping,
            )
            .printed(converges(published::contracts(x)?)),
            Evidence::new("|w₁/w₀|", decay(&system, &dvector![1.0], 1)?[0].abs(), stepped, Method::Stepping),
        ])
    },
};
