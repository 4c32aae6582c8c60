//! When the fluctuations stay finite (Liu et al. 2021, Sec. 4.1 and 4.5).

use super::Modes;
use crate::optimizer::Optimizer;
use serde::Serialize;

/// Whether there is a stationary state, and if not, where it breaks.
///
/// The condition `0 < λk < 2(1 + μ)` for every eigenvalue `k` of `K` is necessary and sufficient.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Stability {
    /// Whether every direction contracts.
    pub stable: bool,
    /// The largest `λk`, dimensionless.
    pub largest: f64,
    /// What `λk` must stay below, `2(1 + μ)`, dimensionless.
    pub limit: f64,
    /// The sharpest curvature `k`.
    pub curvature: f64,
    /// Its unit eigenvector, the direction that breaks first.
    pub direction: Vec<f64>,
    /// The learning rate at which it breaks, `2(1 + μ)/k`.
    pub learning_rate_limit: f64,
    /// Number of directions that do not contract.
    pub unstable_directions: usize,
    /// Largest factor by which a step multiplies a deviation; below 1 when stable.
    pub spectral_radius: f64,
    /// The same in words with the numbers.
    pub summary: String,
}

/// Stability of an optimizer on a loss.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{Modes, stability}};
/// let modes = Modes::new(&dmatrix![1.0], &dmatrix![1.0])?;
/// let fig4 = |momentum| stability(&modes, &Optimizer::Momentum(Momentum { learning_rate: 2.75, momentum }));
/// assert!(!fig4(0.37).stable);
/// assert!(fig4(0.38).stable);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn stability(modes: &Modes, optimizer: &Optimizer) -> Stability {
    let Optimizer::Momentum(momentum) = optimizer;
    let limit = momentum.stability_limit();
    let curvature = modes.curvatures()[0];
    let largest = momentum.learning_rate * curvature;
    let stable = largest < limit;
    let unstable_directions = modes.curvatures().iter().filter(|&&k| momentum.learning_rate * k >= limit).count();
    let direction: Vec<f64> = modes.directions().column(0).iter().copied().collect();
    let spectral_radius = modes.curvatures().iter().map(|&k| spectral_radius(optimizer, k)).fold(0.0, f64::max);
    let mu = momentum.momentum;
    let learning_rate_limit = limit / curvature;
    let summary = if stable {
        format!("stable: λk = {} is below 2(1 + μ) = {} in the sharpest direction", short(largest), short(limit))
    } else {
        let relation = if largest > limit { "is above" } else { "has reached" };
        format!(
            "unstable: λk = {} {relation} 2(1 + μ) = {} for μ = {}; the fluctuation grows without bound along {}, \
             curvature k = {}; it stays finite for λ < 2(1 + μ)/k = {}",
            short(largest),
            short(limit),
            short(mu),
            vector(&direction),
            short(curvature),
            short(learning_rate_limit)
        )
    };
    Stability {
        stable,
        largest,
        limit,
        curvature,
        direction,
        learning_rate_limit,
        unstable_directions,
        spectral_radius,
        summary,
    }
}

/// Largest modulus of an eigenvalue of the mode's transition matrix.
pub(crate) fn spectral_radius(optimizer: &Optimizer, curvature: f64) -> f64 {
    let a = optimizer.mode(curvature).transition;
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

/// A unit vector in words: all of it when short, else its largest component.
fn vector(direction: &[f64]) -> String {
    if direction.len() <= 4 {
        let entries: Vec<String> = direction.iter().map(|&x| short((x * 1e4).round() / 1e4 + 0.0)).collect();
        format!("({})", entries.join(", "))
    } else {
        let largest = (0..direction.len()).max_by(|&a, &b| direction[a].abs().total_cmp(&direction[b].abs()));
        format!("the first eigenvector (mostly coordinate {})", largest.unwrap_or(0) + 1)
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
