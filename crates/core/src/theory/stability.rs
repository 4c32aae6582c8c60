//! When the fluctuations stay finite (Liu et al. 2021, Sec. 4.1 and 4.5).

use super::System;
use super::rank_deficient::accumulation;
use crate::optimizer::Step;
use serde::Serialize;

/// Whether there is a stationary state, and if not, where it breaks.
///
/// The condition `0 < λk < 2(1 + μ)` for every eigenvalue `k` of `K` is necessary and sufficient; for QHM the limit is
/// `2(1 + μ)/(1 + μ − 2μν)`, and behind a preconditioner `Λ` the `k` are the eigenvalues of `ΛK`. Of natural gradient and
/// Adam the preconditioner is taken as their stationary state sets it.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{Stability, System, stability}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.5, momentum: 0.0 });
/// let system = System::new(&dmatrix![2.0, 0.0; 0.0, 1.0], &dmatrix![1.0, 0.0; 0.0, 1.0], &sgd)?;
/// let found: Stability = stability(&system);
/// assert_eq!((found.stable, found.largest, found.limit), (false, 3.0, 2.0)); // λk of the first direction
/// assert_eq!((found.curvature, &found.direction[..], found.learning_rate_limit), (2.0, &[1.0, 0.0][..], 1.0));
/// assert_eq!((found.unstable_directions, found.flat_directions), (1, 0)); // λk = 1.5 along the other
/// assert_eq!((found.spectral_radius, found.diffusion.len()), (2.0, 0)); // |1 − 3|
/// assert!(found.summary.starts_with("unstable: λk = 3 is above 2(1 + μ) = 2 for μ = 0"));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Stability {
    /// Whether every direction contracts; `false` also where that is not known.
    pub stable: bool,
    /// The largest `λk`, dimensionless.
    pub largest: f64,
    /// What `λk` must stay below, for momentum `2(1 + μ)`, dimensionless.
    pub limit: f64,
    /// The sharpest curvature `k`; behind a preconditioner that of `ΛK`.
    pub curvature: f64,
    /// Its unit eigenvector, the direction that breaks first.
    pub direction: Vec<f64>,
    /// The learning rate at which it breaks, the limit over `k`; the preconditioner is taken as it is.
    pub learning_rate_limit: f64,
    /// Number of directions that are too sharp to contract.
    pub unstable_directions: usize,
    /// Number of directions in which the loss is flat, so that noise accumulates in them.
    pub flat_directions: usize,
    /// Directions among the flat ones in which the weights walk at random, fastest first, at most [`LISTED`] of them. Empty
    /// where the noise spares the flat directions, as noise proportional to the Hessian does: the weights then stay where
    /// they started along them.
    pub diffusion: Vec<Diffusion>,
    /// Largest factor by which a step multiplies a deviation; below 1 when stable.
    pub spectral_radius: f64,
    /// The same in words with the numbers.
    pub summary: String,
}

/// A direction in which the loss is flat and noise accumulates.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, noise::NoiseCovariance, optimizer::{Momentum, Optimizer}};
/// use noisy_descent::theory::{Diffusion, System, stability};
/// let heavy_ball = Optimizer::Momentum(Momentum { learning_rate: 0.25, momentum: 0.5 });
/// let white = NoiseCovariance::White { variance: 1.0 };
/// let system = System::with_noise(&dmatrix![1.0, 0.0; 0.0, 0.0], &white, &heavy_ball)?;
/// // The velocity makes a displacement λ/(1 − μ) = 1/2 of one draw.
/// assert_eq!(stability(&system).diffusion, [Diffusion { direction: vec![0.0, 1.0], growth_rate: 0.25 }]);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Diffusion {
    /// Unit vector, `D` numbers.
    pub direction: Vec<f64>,
    /// Growth of the variance along it per step in the long run, above 0.
    pub growth_rate: f64,
}

/// Most directions of [`Diffusion`] that are listed.
///
/// ```
/// use noisy_descent::{nalgebra::DMatrix, noise::NoiseCovariance, optimizer::Optimizer};
/// use noisy_descent::theory::{LISTED, System, stability};
/// let mut hessian = DMatrix::zeros(20, 20);
/// hessian[(0, 0)] = 1.0;
/// let system = System::with_noise(&hessian, &NoiseCovariance::White { variance: 1.0 }, &Optimizer::default())?;
/// let found = stability(&system);
/// assert_eq!((found.flat_directions, found.diffusion.len()), (19, LISTED));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub const LISTED: usize = 16;

/// A `λk` this close to the limit, relative to it, cannot be told from one that has reached it.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

/// Stability of a descent.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, stability}};
/// let fig4 = |momentum| {
///     let sgd = Optimizer::Momentum(Momentum { learning_rate: 2.75, momentum });
///     Ok::<_, noisy_descent::Error>(stability(&System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?))
/// };
/// assert!(!fig4(0.37)?.stable);
/// assert!(fig4(0.38)?.stable);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn stability(system: &System) -> Stability {
    let (modes, step) = (system.modes(), system.step());
    let (lambda, limit) = (step.learning_rate(), step.stability_limit());
    let curvature = modes.curvatures()[0];
    let largest = lambda * curvature;
    let (flat_directions, too_sharp) = (modes.flat(), unstable_directions(system));
    let stable = is_stable(system);
    let diffusion: Vec<Diffusion> = match accumulation(system) {
        Some(accumulation) => (0..accumulation.rates.len().min(LISTED))
            .map(|i| Diffusion {
                direction: accumulation.directions.column(i).iter().copied().collect(),
                growth_rate: accumulation.rates[i],
            })
            .collect(),
        None => Vec::new(),
    };
    let offending = if too_sharp == 0 && flat_directions > 0 { modes.dimension() - 1 } else { 0 };
    let direction: Vec<f64> = modes.unit_direction(offending).iter().copied().collect();
    // A curvature below the smallest normal number would give an infinite limit, which has no JSON.
    let learning_rate_limit = (limit / curvature).min(f64::MAX);
    let radius = modes.curvatures().iter().map(|&k| spectral_radius(step, k)).fold(0.0, f64::max);
    let place = if system.is_plain() { "" } else { "behind the preconditioner " };
    let formula = step.stability_formula();
    let summary = if let Some(unknown) = system.unknown() {
        format!("not known: {unknown}")
    } else if stable {
        format!(
            "stable: {place}λk = {} is below {formula} = {} in the sharpest direction",
            apart(largest, limit),
            short(limit)
        )
    } else if too_sharp > 0 {
        let relation = if largest > limit * (1.0 + ROUNDING) { "is above" } else { "has reached" };
        format!(
            "unstable: {place}λk = {} {relation} {formula} = {} for μ = {}; the fluctuation grows without bound along {}, \
             curvature k = {}; it stays finite for λ < {formula}/k = {}",
            apart(largest, limit),
            short(limit),
            short(step.momentum()),
            vector(&direction),
            short(curvature),
            short(learning_rate_limit)
        )
    } else {
        let flat = format!("the loss is flat along {flat_directions} of {} directions", modes.dimension());
        match diffusion.first() {
            Some(fastest) => format!(
                "unstable: {flat}; noise accumulates there, the variance along {} grows by {} a step",
                vector(&fastest.direction),
                short(fastest.growth_rate)
            ),
            None => format!("not confined: {flat}; no noise reaches them, the weights stay there where they started"),
        }
    };
    Stability {
        stable,
        largest,
        limit,
        curvature,
        direction,
        learning_rate_limit,
        unstable_directions: too_sharp,
        flat_directions,
        diffusion,
        spectral_radius: radius,
        summary,
    }
}

/// Whether every direction contracts: [`stability`] without its words.
pub(crate) fn is_stable(system: &System) -> bool {
    system.is_known() && system.modes().flat() == 0 && unstable_directions(system) == 0
}

/// Number of directions that are too sharp to contract.
pub(crate) fn unstable_directions(system: &System) -> usize {
    system.modes().curvatures().iter().filter(|&&k| reaches_limit(system.step(), k)).count()
}

/// Whether a direction is too sharp for a step to contract, as far as rounding can tell.
pub(crate) fn reaches_limit(step: &Step, curvature: f64) -> bool {
    step.learning_rate() * curvature >= step.stability_limit() * (1.0 - ROUNDING)
}

/// Largest modulus of an eigenvalue of the mode's transition matrix.
pub(crate) fn spectral_radius(step: &Step, curvature: f64) -> f64 {
    let a = step.mode(curvature).transition;
    let (half_trace, determinant) = (0.5 * a.trace(), a.determinant());
    let discriminant = half_trace * half_trace - determinant;
    if discriminant < 0.0 { determinant.sqrt() } else { half_trace.abs() + discriminant.sqrt() }
}

/// A number with at most four significant digits, without trailing zeros.
pub(crate) fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let magnitude = value.abs().log10().floor();
    if (-4.0..6.0).contains(&magnitude) {
        let decimals = (3.0 - magnitude).max(0.0) as usize;
        let text = format!("{value:.decimals$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
    } else {
        format!("{value:.3e}")
    }
}

/// A number beside another from which it differs: with all its digits where four would make them the same.
fn apart(value: f64, other: f64) -> String {
    if value != other && short(value) == short(other) { value.to_string() } else { short(value) }
}

/// A unit vector in words: all of it when short, else its largest component.
fn vector(direction: &[f64]) -> String {
    if direction.len() <= 4 {
        let entries: Vec<String> = direction.iter().map(|&x| short((x * 1e4).round() / 1e4 + 0.0)).collect();
        format!("({})", entries.join(", "))
    } else {
        let largest = (0..direction.len()).max_by(|&a, &b| direction[a].abs().total_cmp(&direction[b].abs()));
        format!("a unit vector (mostly coordinate {})", largest.unwrap_or(0) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (value, text) in [(2.0, "2"), (2.31, "2.31"), (0.375, "0.375"), (123456.0, "123456"), (1e-9, "1.000e-9")] {
            assert_eq!(short(value), text);
        }
    }
}
