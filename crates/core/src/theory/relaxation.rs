//! How long a descent takes to settle.

use super::System;
use super::rank_deficient::accumulation;
use super::stability::unstable_directions;
use super::stationary::stationary_block;
use super::transient::power;
use crate::check::out_of_range;
use crate::error::Result;
use serde::Serialize;

/// Most steps that are counted, as many as a run may have.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, scenario::parameter};
/// use noisy_descent::theory::{LONGEST_RELAXATION, Relaxation, System, relaxation};
/// let slow = Optimizer::Momentum(Momentum { learning_rate: 1e-7, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &slow)?;
/// // Of the variance e^{−2λkt} is missing: a tenth after 1.15·10⁷ steps.
/// assert_eq!(relaxation(&system, 0.1)?, Relaxation::Longer);
/// assert_eq!(parameter("steps").unwrap().interval().unwrap().high, LONGEST_RELAXATION as f64);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub const LONGEST_RELAXATION: u64 = 10_000_000;

/// Number of steps from the minimum until the fluctuation has settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "steps", rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Relaxation {
    /// So many.
    Within(u64),
    /// More than [`LONGEST_RELAXATION`].
    Longer,
    /// It never settles: there is no stationary state.
    Never,
}

/// Number of steps from the minimum, with zero velocity, until the variances of weight and velocity along every direction
/// are within a relative `tolerance` in `(0, 1)` of their stationary values. Under a constant noise they only grow, and what is
/// missing at time `t` is `A^t S (A^t)ᵀ` of the stationary covariance `S` of `(w, m)`: about the square of the spectral radius
/// to the power of `t`.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) for a tolerance outside its range.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{Relaxation, System, relaxation}};
/// let sgd = |learning_rate| Optimizer::Momentum(Momentum { learning_rate, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd(0.5))?;
/// assert_eq!(relaxation(&system, 1e-3)?, Relaxation::Within(5)); // 4⁻⁵ ≤ 10⁻³ < 4⁻⁴
/// assert_eq!(relaxation(&system.with_optimizer(&sgd(2.0))?, 1e-3)?, Relaxation::Never);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn relaxation(system: &System, tolerance: f64) -> Result<Relaxation> {
    check_tolerance(tolerance)?;
    let modes = system.modes();
    if unstable_directions(system) > 0 || accumulation(system).is_some() {
        return Ok(Relaxation::Never);
    }
    let mut longest = 0;
    for (i, &k) in modes.curvatures().iter().enumerate() {
        // Nor is there any in a flat direction, up to rounding.
        if k <= 0.0 || modes.noise()[(i, i)] <= 0.0 {
            continue;
        }
        // A direction so near the limit that its sum does not converge in double precision.
        let Some(stationary) = stationary_block(system.step(), k, k) else { return Ok(Relaxation::Longer) };
        let transition = system.mode(i).transition;
        let settled = |steps: u64| {
            let across = power(transition, steps);
            let missing = across * stationary * across.transpose();
            let small = |p: (usize, usize)| missing[p] <= tolerance * stationary[p];
            small((0, 0)) && small((1, 1))
        };
        match first(settled) {
            Some(steps) => longest = longest.max(steps),
            None => return Ok(Relaxation::Longer),
        }
    }
    Ok(Relaxation::Within(longest))
}

/// A relative tolerance in `(0, 1)`.
pub(crate) fn check_tolerance(tolerance: f64) -> Result<()> {
    if tolerance > 0.0 && tolerance < 1.0 { Ok(()) } else { Err(out_of_range("tolerance", tolerance, "(0, 1)")) }
}

/// The smallest number for which something that stays true once it is becomes so; `None` beyond [`LONGEST_RELAXATION`].
fn first(is_so: impl Fn(u64) -> bool) -> Option<u64> {
    if is_so(0) {
        return Some(0);
    }
    let (mut no, mut yes) = (0, 1);
    while !is_so(yes) {
        if yes >= LONGEST_RELAXATION {
            return None;
        }
        (no, yes) = (yes, (2 * yes).min(LONGEST_RELAXATION));
    }
    while yes - no > 1 {
        let middle = no + (yes - no) / 2;
        if is_so(middle) { yes = middle } else { no = middle }
    }
    Some(yes)
}
