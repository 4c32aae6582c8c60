//! The potential that replicas leave, and how they lie in it by every theory.

use super::Predictor;
use super::escape::known_walker;
use crate::error::Result;
use crate::loss::Loss;
use crate::scenario::Scenario;
use crate::theory::kramers::chain_escape;
use serde::Serialize;
use std::f64::consts::PI;

/// How far the picture goes beyond a side without an exit, in standard deviations of the widest Gaussian.
const REACH: f64 = 5.0;

/// A potential on a grid, with the densities of the weights by every theory.
///
/// ```
/// use noisy_descent::{Scenario, theory::{EscapeLandscape, escape_landscape}};
/// let document = r#"{ "version": 1, "loss": { "kind": "piecewise_quadratic" },
///     "noise": { "covariance": { "kind": "curvature", "batch_size": 5 } },
///     "optimizer": { "kind": "momentum", "learning_rate": 1.0 } }"#;
/// let landscape: EscapeLandscape = escape_landscape(&Scenario::from_json(document)?, 401)?.expect("an exit");
/// assert_eq!((landscape.exit, landscape.barrier, landscape.height), (Some(2.0), Some(1.0), Some(0.25)));
/// assert_eq!((landscape.positions[400], landscape.potential[400]), (2.0, -0.25)); // ΔL below the well, as ΔL − (w − b)²/2 has it
/// // The Gaussians of the well's parabola: λC/2k = 1/10 by the diffusion, λC/k(2 − λk) = 1/5 by the discrete theory.
/// let top = |density: &[f64]| density.iter().copied().fold(0.0, f64::max);
/// assert!((top(&landscape.continuous) / top(landscape.discrete.as_ref().unwrap()) - 2f64.sqrt()).abs() < 1e-3);
/// // What is still inside after a long time, by the chain: more than a Gaussian on the barrier's side.
/// let (at, exact) = (landscape.exact_positions, landscape.exact.unwrap());
/// assert!(at.is_sorted() && at.len() == exact.len() && exact.iter().all(|density| *density >= 0.0));
/// assert!(escape_landscape(&Scenario::default(), 401)?.is_none());
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct EscapeLandscape {
    /// Where a replica counts as escaped to the right.
    pub exit: Option<f64>,
    /// Where it does to the left.
    pub lower_exit: Option<f64>,
    /// Top of the barrier on the way to the nearest exit; `null` where there is none.
    pub barrier: Option<f64>,
    /// Its height above the minimum.
    pub height: Option<f64>,
    /// Positions, ascending from one side of the picture to the other.
    pub positions: Vec<f64>,
    /// Loss there above the minimum.
    pub potential: Vec<f64>,
    /// Density there by the diffusion: the Gaussian of the well's parabola.
    pub continuous: Vec<f64>,
    /// The same by the discrete theory; `null` where the well is too sharp for the step.
    pub discrete: Option<Vec<f64>>,
    /// Positions of the chain's grid.
    pub exact_positions: Vec<f64>,
    /// Density of those that are still in the well after a long time, by the exact chain; `null` where there is none.
    pub exact: Option<Vec<f64>>,
}

/// The potential of a scenario on `samples` positions (at least two), and the densities by every theory; `None` for a loss
/// without an exit.
///
/// # Errors
/// The first problem of the scenario.
///
/// ```
/// use noisy_descent::{Scenario, theory::escape_landscape};
/// let cubic = r#"{ "version": 1, "loss": { "kind": "polynomial", "coefficients": [0, 0, 0.5, -0.3333333333333333] } }"#;
/// // w²/2 − w³/3 has its top at 1.
/// let landscape = escape_landscape(&Scenario::from_json(cubic)?.with_number("learning_rate", 0.1)?, 3)?.unwrap();
/// assert!((landscape.height.unwrap() - 1.0 / 6.0).abs() < 1e-12 && landscape.positions.len() == 3);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn escape_landscape(scenario: &Scenario, samples: u32) -> Result<Option<EscapeLandscape>> {
    let predictor = Predictor::new(scenario)?;
    let Some(escape) = predictor.escape()? else { return Ok(None) };
    let laws = predictor.after(0)?;
    let spread = |theory: &super::TheoryPrediction| theory.stationary.as_ref().map(|law| law.covariance[0][0]);
    let continuous = spread(&laws.continuous).unwrap_or(0.0);
    let discrete = laws.discrete.as_ref().and_then(spread);
    let chain = known_walker(scenario, predictor.system()).and_then(|walker| chain_escape(&walker).ok());
    let mirrored = escape.exit.is_none();

    let value = |w: f64| match &scenario.loss {
        Loss::PiecewiseQuadratic(loss) => loss.value(w),
        Loss::Polynomial(loss) => loss.value(w),
        Loss::Quadratic(_) | Loss::LeastSquares(_) => f64::NAN,
    };
    let barrier = match &scenario.loss {
        Loss::PiecewiseQuadratic(loss) => Some(loss.barrier),
        Loss::Polynomial(loss) => {
            let [below, above] = loss.barriers();
            if mirrored { below } else { above }
        }
        _ => None,
    };
    let widest = discrete.unwrap_or(continuous).max(continuous).sqrt();
    let far = escape.exit.or(escape.lower_exit).map_or(1.0, f64::abs);
    let reach = (REACH * widest).clamp(0.5 * far, 2.0 * far);
    let (low, high) = (escape.lower_exit.unwrap_or(-reach), escape.exit.unwrap_or(reach));
    let last = f64::from(samples.max(2) - 1);
    let positions: Vec<f64> = (0..samples.max(2))
        .map(|n| if f64::from(n) == last { high } else { low + (high - low) * f64::from(n) / last })
        .collect();
    let gaussian = |variance: f64| -> Vec<f64> {
        let density = |w: &f64| libm::exp(-0.5 * w * w / variance) / (2.0 * PI * variance).sqrt();
        positions.iter().map(density).collect()
    };
    let sides = |values: Vec<f64>, sign: f64| -> Vec<f64> {
        if mirrored { values.into_iter().rev().map(|value| sign * value).collect() } else { values }
    };
    let (exact_positions, exact) = match chain {
        Some(chain) => (sides(chain.positions, -1.0), Some(sides(chain.density, 1.0))),
        None => (Vec::new(), None),
    };
    Ok(Some(EscapeLandscape {
        exit: escape.exit,
        lower_exit: escape.lower_exit,
        barrier,
        height: barrier.map(value),
        potential: positions.iter().map(|&w| value(w)).collect(),
        continuous: gaussian(continuous),
        discrete: discrete.map(gaussian),
        positions,
        exact_positions,
        exact,
    }))
}
