//! The bins of a histogram as they are typed.

use noisy_descent::simulate::Bins;
use std::str::FromStr;

/// Bins over one coordinate, or over the plane of two.
#[derive(Debug, Clone)]
pub struct Grid(Bins);

impl FromStr for Grid {
    type Err = String;

    fn from_str(text: &str) -> Result<Grid, String> {
        let (axes, bins, ends) = Grid::numbers(text)
            .ok_or_else(|| format!("it must be X[,Y]:BINS:LOW:HIGH with coordinates from 1, got {text}"))?;
        Bins::new(&axes, bins, ends).map(Grid).map_err(|error| error.to_string())
    }
}

impl Grid {
    pub fn bins(&self) -> &Bins {
        &self.0
    }

    /// Coordinates from 0, bins and ends.
    fn numbers(text: &str) -> Option<(Vec<usize>, usize, [f64; 2])> {
        let [axes, bins, low, high] = text.split(':').collect::<Vec<_>>()[..] else { return None };
        let axis = |text: &str| text.parse::<usize>().ok()?.checked_sub(1);
        let axes = axes.split(',').map(axis).collect::<Option<Vec<_>>>()?;
        Some((axes, bins.parse().ok()?, [low.parse().ok()?, high.parse().ok()?]))
    }
}
