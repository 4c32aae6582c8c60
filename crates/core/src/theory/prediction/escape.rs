//! The escape from a potential by every theory.

use crate::complete::Complete;
use crate::error::{Error, Result};
use crate::loss::Loss;
use crate::noise::{NoiseCovariance, NoiseLaw};
use crate::optimizer::{Optimizer, Step};
use crate::scenario::{Scenario, Start};
use crate::theory::System;
use crate::theory::kramers::{
    BarrierShape, Escape, EscapeNoise, EscapeStart, PiecewiseQuadratic, Polynomial, Potential, chain_escape,
    diffusion_first_passage, ito_kramers_rate, self_consistent_rate,
};
use crate::theory::published::kramers::eq_23;
use serde::Serialize;

/// How fast a replica leaves the well of a potential, from the scenario's start, by every theory; for plain SGD. After a burn-in it is that of the
/// replicas that are still in the well.
///
/// ```
/// use noisy_descent::{Scenario, predict, theory::{EscapePrediction, EscapeRate}};
/// // Fig. 6(b) at r = 6
/// let document = r#"{ "version": 1, "loss": { "kind": "piecewise_quadratic", "well_curvature": 6, "barrier_curvature": 6 },
///     "noise": { "covariance": { "kind": "curvature", "batch_size": 1 } },
///     "optimizer": { "kind": "momentum", "learning_rate": 0.15 } }"#;
/// let escape: EscapePrediction = predict(&Scenario::from_json(document)?)?.escape.unwrap();
/// assert_eq!((escape.exit, escape.lower_exit, &escape.note[..]), (Some(2.0), None, ""));
/// let over_r = |rate: Option<EscapeRate>| rate.unwrap().rate.unwrap() / 6.0;
/// assert!((over_r(escape.exact) - 9.41e-3).abs() < 5e-6);
/// assert!((over_r(escape.continuous) - 5.68e-3).abs() < 5e-6); // Kramers's
/// assert!((over_r(escape.printed) - 1.53e-2).abs() < 5e-5);
/// assert!((over_r(escape.self_consistent) - 1.08e-2).abs() < 5e-5);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct EscapePrediction {
    /// Where a replica counts as escaped to the right; `null` where it cannot.
    pub exit: Option<f64>,
    /// Where it does to the left.
    pub lower_exit: Option<f64>,
    /// The diffusion, Ito's: Kramers's rate over the barrier to the right, and the passage time by quadrature.
    pub continuous: Option<EscapeRate>,
    /// Eq. 23 of Liu et al. 2021 as printed; for a noise of variance `|L''|/S` alone.
    pub printed: Option<EscapeRate>,
    /// The same put together from its own steps (erratum 8).
    pub self_consistent: Option<EscapeRate>,
    /// The discrete walker's own, from its transition kernel.
    pub exact: Option<EscapeRate>,
    /// Why something is missing, in words; empty where nothing is.
    pub note: String,
}

/// How fast a replica leaves a well.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct EscapeRate {
    /// Probability of an escape per unit of `s = λt`; `null` where the theory has none.
    pub rate: Option<f64>,
    /// The same per step.
    pub rate_per_step: Option<f64>,
    /// Mean number of steps from the start until out; the inverse of the rate where the theory has only that.
    pub mean_first_passage: f64,
}

/// Collects what each theory says, and in words why one says nothing.
struct Notes(Vec<String>);

impl Notes {
    fn keep<T>(&mut self, what: &str, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.0.push(format!("{what}: {error}"));
                None
            }
        }
    }
}

/// The escape of a scenario, whose burn-in is known; `None` for a loss without an exit.
pub(super) fn predict_escape(scenario: &Scenario, system: &System, burn_in: u64) -> Option<EscapePrediction> {
    let [low, high] = scenario.loss.exits()?;
    Complete::needed("loss").ok()?;
    let (lower_exit, exit) = (Some(low).filter(|low| low.is_finite()), Some(high).filter(|high| high.is_finite()));
    if lower_exit.is_none() && exit.is_none() {
        return None;
    }
    let mut prediction = EscapePrediction {
        exit,
        lower_exit,
        continuous: None,
        printed: None,
        self_consistent: None,
        exact: None,
        note: String::new(),
    };
    let mut notes = Notes(Vec::new());
    let learning_rate = match plain_learning_rate(system) {
        Ok(learning_rate) => learning_rate,
        Err(why) => {
            prediction.note = why.into();
            return Some(prediction);
        }
    };
    let Some(noise) = noise_of(&scenario.noise.covariance) else { return Some(prediction) };
    let start = start_of(&scenario.run.start, burn_in, exit.is_none());
    let walker = walker(&scenario.loss, noise, learning_rate, exit, lower_exit);
    if let Some(escape) = notes.keep("escape", walker.and_then(|walker| walker.starting(start))) {
        let per_step = |rate: f64| EscapeRate {
            rate: Some(rate),
            rate_per_step: Some(rate * learning_rate),
            mean_first_passage: 1.0 / (rate * learning_rate),
        };
        // Kramers's formula is for one way out.
        let one_way = lower_exit.is_none() || exit.is_none();
        let kramers = if one_way { notes.keep("Kramers's rate", ito_kramers_rate(&escape)) } else { None };
        prediction.continuous = match start {
            // Who has forgotten where it began leaves by the rate alone.
            EscapeStart::Settled { steps: 1.. } => {
                if !one_way {
                    notes.0.push(
                        "continuous: after a burn-in Kramers's rate is all there is, and it is for one way out".into(),
                    );
                }
                kramers.map(per_step)
            }
            _ => notes.keep("continuous", diffusion_first_passage(&escape)).map(|steps| EscapeRate {
                rate: kramers,
                rate_per_step: kramers.map(|rate| rate * learning_rate),
                mean_first_passage: steps,
            }),
        };
        if scenario.noise.law == NoiseLaw::Gaussian {
            prediction.exact = notes.keep("exact", chain_escape(&escape)).map(|exact| EscapeRate {
                rate: Some(exact.rate),
                rate_per_step: Some(exact.rate_per_step),
                mean_first_passage: exact.mean_first_passage,
            });
        } else {
            notes.0.push("exact: the transition kernel is that of the Gaussian law".into());
        }
        let from_the_well = matches!(start, EscapeStart::Minimum | EscapeStart::Settled { .. });
        match noise {
            EscapeNoise::Curvature { white: 0.0, .. } if one_way && !from_the_well => {
                notes.0.push(
                    "printed, self-consistent: Eq. 23 is a rate out of the well, not a time from elsewhere".into(),
                );
            }
            EscapeNoise::Curvature { batch_size, white: 0.0 } if one_way => {
                let shape = notes.keep("printed", escape.potential().barrier_shape());
                let rate = |of: fn(&BarrierShape, f64, f64) -> Result<f64>| -> Option<Result<f64>> {
                    shape.map(|shape| of(&shape, batch_size, learning_rate))
                };
                let mut take = |what: &str, rate: Option<Result<f64>>| notes.keep(what, rate?).map(per_step);
                prediction.printed = take("printed", rate(eq_23));
                prediction.self_consistent = take("self-consistent", rate(self_consistent_rate));
            }
            _ => notes
                .0
                .push("printed, self-consistent: Eq. 23 is for one barrier and a noise of variance |L″|/S".into()),
        }
    }
    // An escape so rare that its inverse overflows has no time that could be shown.
    for place in
        [&mut prediction.continuous, &mut prediction.printed, &mut prediction.self_consistent, &mut prediction.exact]
    {
        *place = place.filter(|rate| rate.mean_first_passage.is_finite());
    }
    prediction.note = notes.0.join("; ");
    Some(prediction)
}

/// The walker of a scenario whose transition kernel is known: plain SGD with Gaussian noise in a potential with an exit.
pub(super) fn known_walker(scenario: &Scenario, system: &System) -> Option<Escape> {
    let [low, high] = scenario.loss.exits()?;
    let (lower_exit, exit) = (Some(low).filter(|low| low.is_finite()), Some(high).filter(|high| high.is_finite()));
    let learning_rate = plain_learning_rate(system).ok()?;
    let noise = noise_of(&scenario.noise.covariance).filter(|_| scenario.noise.law == NoiseLaw::Gaussian)?;
    walker(&scenario.loss, noise, learning_rate, exit, lower_exit).ok()
}

/// Where the walkers of a scenario start, in a potential that is mirrored or not.
fn start_of(start: &Start, burn_in: u64, mirrored: bool) -> EscapeStart {
    match start {
        Start::Minimum => EscapeStart::Minimum,
        Start::Point { weights } => match weights[0] {
            0.0 => EscapeStart::Minimum,
            weight => EscapeStart::Point(if mirrored { -weight } else { weight }),
        },
        Start::Gaussian { covariance } => match covariance[(0, 0)] {
            0.0 => EscapeStart::Minimum,
            variance => EscapeStart::Gaussian { variance },
        },
        Start::Stationary { .. } => EscapeStart::Settled { steps: burn_in },
    }
}

/// The noise of a walker, of the two kinds that go with a potential.
fn noise_of(covariance: &NoiseCovariance) -> Option<EscapeNoise> {
    match *covariance {
        NoiseCovariance::Curvature { batch_size, variance } => {
            Some(EscapeNoise::Curvature { batch_size: f64::from(batch_size), white: variance })
        }
        NoiseCovariance::White { variance } => Some(EscapeNoise::Constant { variance }),
        _ => None,
    }
}

/// The learning rate of the plain SGD that an optimizer is in one dimension, or why it is none.
fn plain_learning_rate(system: &System) -> core::result::Result<f64, &'static str> {
    if matches!(system.optimizer(), Optimizer::NaturalGradient(_) | Optimizer::Adam(_)) {
        return Err("the theory of escape is for a step that the fluctuation does not set");
    }
    let plain = match system.step() {
        Step::Momentum(step) => step.momentum == 0.0,
        Step::Qhm(step) => step.momentum == 0.0 || step.mixing == 0.0,
    };
    if !plain {
        return Err("the theory of escape is for plain SGD, without momentum");
    }
    // Behind a preconditioner T² = Λ.
    let direction = system.modes().directions()[(0, 0)];
    Ok(system.step().learning_rate() * direction * direction)
}

/// The walker in the potential of a loss; one that can leave only to the left is mirrored.
fn walker(
    loss: &Loss,
    noise: EscapeNoise,
    learning_rate: f64,
    exit: Option<f64>,
    lower_exit: Option<f64>,
) -> Result<Escape> {
    let potential: Potential = match loss {
        Loss::PiecewiseQuadratic(loss) => {
            PiecewiseQuadratic::new(loss.well_curvature, loss.barrier_curvature, loss.barrier)?
                .scaled(loss.steepness)?
                .into()
        }
        Loss::Polynomial(loss) => {
            let polynomial = Polynomial::new(&loss.coefficients, 0.0)?;
            if exit.is_none() { polynomial.mirrored()?.into() } else { polynomial.into() }
        }
        Loss::Quadratic(_) | Loss::LeastSquares(_) => {
            return Err(Error::NotCombined {
                parameter: "loss".into(),
                value: loss.kind().into(),
                with: "a loss without a barrier".into(),
                allowed: "the theory of escape".into(),
            });
        }
    };
    match (exit, lower_exit) {
        (Some(exit), Some(lower_exit)) => Escape::two_sided(potential, noise, learning_rate, lower_exit, exit),
        (Some(exit), None) => Escape::new(potential, noise, learning_rate, exit),
        (None, lower_exit) => Escape::new(potential, noise, learning_rate, -lower_exit.unwrap_or(f64::NAN)),
    }
}
