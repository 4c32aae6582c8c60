//! Averages over where a walker starts.

use super::grid::Grid;
use super::{Escape, EscapeStart};
use crate::error::Result;
use std::f64::consts::PI;

/// Standard deviations to either side at which the law of a Gaussian start is cut off: 1e-18 of it lies beyond.
const REACH: f64 = 8.8;

/// Width of a panel of 20 nodes in standard deviations of the start: the Gaussian is a polynomial of degree 39 there.
const PANEL_WIDTH: f64 = 2.0;

/// Most nodes.
const LARGEST_AVERAGE: usize = 4000;

/// The positions from which a walker takes its first step, with their weights of sum 1; `width` bounds the panels of a Gaussian start by what
/// is averaged. One that has settled takes it from the minimum.
pub(super) fn first_positions(escape: &Escape, width: impl Fn(f64) -> f64) -> Result<Vec<(f64, f64)>> {
    let minimum = escape.potential().minimum();
    Ok(match escape.start() {
        EscapeStart::Minimum | EscapeStart::Settled { .. } => vec![(minimum, 1.0)],
        EscapeStart::Point(position) => vec![(position, 1.0)],
        EscapeStart::Gaussian { variance: 0.0 } => vec![(minimum, 1.0)],
        EscapeStart::Gaussian { variance } => {
            let deviation = variance.sqrt();
            let (low, high) = (minimum - REACH * deviation, minimum + REACH * deviation);
            let mut breaks = escape.potential().breaks();
            // What is averaged may end where the walker is out.
            breaks.extend(escape.lower_end());
            breaks.push(escape.end());
            breaks.sort_by(f64::total_cmp);
            let narrow = |w: f64| width(w).min(PANEL_WIDTH * deviation);
            let grid = Grid::new(low, high, &breaks, narrow, LARGEST_AVERAGE)?;
            let density = |w: f64| {
                let z = (w - minimum) / deviation;
                libm::exp(-0.5 * z * z) / (deviation * (2.0 * PI).sqrt())
            };
            grid.positions.iter().zip(&grid.weights).map(|(&w, weight)| (w, weight * density(w))).collect()
        }
    })
}

/// The ends of the positions from which a walker takes its first step.
pub(super) fn span(escape: &Escape) -> [f64; 2] {
    let minimum = escape.potential().minimum();
    match escape.start() {
        EscapeStart::Minimum | EscapeStart::Settled { .. } => [minimum, minimum],
        EscapeStart::Point(position) => [position, position],
        EscapeStart::Gaussian { variance } => {
            let reach = REACH * variance.sqrt();
            [minimum - reach, minimum + reach]
        }
    }
}
