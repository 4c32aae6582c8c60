//! A well and a barrier, each a parabola: the loss of Fig. 6(b).

use crate::check::{out_of_range, positive};
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// `L = k_a w²/2` below the joint `c`, `ΔL − |k_b|(b − w)²/2` above it, with value and slope continuous at
/// `c = b |k_b|/(k_a + |k_b|)` (Liu et al. 2021, Fig. 6(b)). The minimum is at `w = 0`, the top of the barrier at `b`.
///
/// ```
/// use noisy_descent::loss::PiecewiseQuadratic;
/// let loss = PiecewiseQuadratic::default(); // k_a = |k_b| = b = 1
/// assert_eq!((loss.value(1.0), loss.slope(0.5), loss.slope(1.0)), (0.25, 0.5, 0.0));
/// assert_eq!((loss.curvature(0.0), loss.curvature(1.0), loss.exit()), (1.0, -1.0, 2.0));
/// let steep = PiecewiseQuadratic { steepness: 6.0, ..loss };
/// assert_eq!((steep.value(1.0), steep.slope(0.5), steep.curvature(1.0)), (1.5, 3.0, -6.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct PiecewiseQuadratic {
    /// Curvature `k_a > 0` of the well.
    pub well_curvature: f64,
    /// Magnitude `|k_b| > 0` of the curvature of the barrier.
    pub barrier_curvature: f64,
    /// Position `b > 0` of the top of the barrier.
    pub barrier: f64,
    /// Factor `r > 0` on the whole potential, which leaves its places where they are; 1 without it.
    pub steepness: f64,
    /// Where a replica counts as escaped, above 0; twice the barrier without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", tsify(optional))]
    pub exit: Option<f64>,
}

impl PiecewiseQuadratic {
    /// Where the two parabolas meet.
    ///
    /// ```
    /// use noisy_descent::loss::PiecewiseQuadratic;
    /// let sharp = PiecewiseQuadratic { barrier_curvature: 3.0, barrier: 2.0, ..PiecewiseQuadratic::default() };
    /// assert_eq!(sharp.joint(), 1.5); // 2·3/(1 + 3), where both slopes are 1.5
    /// assert_eq!((sharp.slope(1.5 - 1e-9), sharp.slope(1.5)), (1.5 - 1e-9, 3.0 * 0.5));
    /// assert_eq!(sharp.value(2.0), 2.0 * 2.0 * 1.0 * 3.0 / (2.0 * 4.0)); // b² k_a |k_b| / 2(k_a + |k_b|)
    /// ```
    #[must_use]
    pub fn joint(&self) -> f64 {
        self.barrier * (self.barrier_curvature / (self.well_curvature + self.barrier_curvature))
    }

    /// `L(w)`.
    #[must_use]
    pub fn value(&self, w: f64) -> f64 {
        let beyond = self.barrier - w;
        let unscaled = if w < self.joint() {
            0.5 * self.well_curvature * w * w
        } else {
            0.5 * (self.barrier * self.well_curvature * self.joint() - self.barrier_curvature * beyond * beyond)
        };
        self.steepness * unscaled
    }

    /// `L'(w)`.
    #[must_use]
    pub fn slope(&self, w: f64) -> f64 {
        let unscaled =
            if w < self.joint() { self.well_curvature * w } else { self.barrier_curvature * (self.barrier - w) };
        self.steepness * unscaled
    }

    /// `L''(w)`: of the well below the joint, of the barrier from there on.
    #[must_use]
    pub fn curvature(&self, w: f64) -> f64 {
        self.steepness * if w < self.joint() { self.well_curvature } else { -self.barrier_curvature }
    }

    /// Where a replica counts as escaped.
    #[must_use]
    pub fn exit(&self) -> f64 {
        self.exit.unwrap_or(2.0 * self.barrier)
    }

    /// Checks every number.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) names the one that is not above 0.
    ///
    /// ```
    /// use noisy_descent::loss::PiecewiseQuadratic;
    /// let flat = PiecewiseQuadratic { barrier_curvature: 0.0, ..PiecewiseQuadratic::default() };
    /// assert_eq!(flat.check().unwrap_err().to_string(), "barrier_curvature must lie in (0, ∞), got 0");
    /// assert!(PiecewiseQuadratic::default().check().is_ok());
    /// ```
    pub fn check(&self) -> Result<()> {
        positive("well_curvature", self.well_curvature)?;
        positive("barrier_curvature", self.barrier_curvature)?;
        positive("barrier", self.barrier)?;
        positive("steepness", self.steepness)?;
        positive("exit", self.exit())?;
        // Numbers that are fine one by one and leave no potential in double precision.
        if !(self.joint() > 0.0 && self.value(self.barrier) > 0.0 && self.value(self.barrier).is_finite()) {
            let allowed = "the range in which the height of the barrier is a number above 0";
            return Err(out_of_range("barrier", self.barrier, allowed));
        }
        Ok(())
    }
}

impl Default for PiecewiseQuadratic {
    /// Fig. 6(b) at `r = 1`.
    fn default() -> Self {
        PiecewiseQuadratic { well_curvature: 1.0, barrier_curvature: 1.0, barrier: 1.0, steepness: 1.0, exit: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_potential_of_the_theory() {
        let document = PiecewiseQuadratic {
            well_curvature: 2.0,
            barrier_curvature: 0.5,
            barrier: 1.3,
            steepness: 3.0,
            ..PiecewiseQuadratic::default()
        };
        let theory = crate::theory::kramers::PiecewiseQuadratic::new(2.0, 0.5, 1.3).unwrap().scaled(3.0).unwrap();
        let theory = crate::theory::kramers::Potential::from(theory);
        for w in [-2.0, -0.1, 0.0, 0.2, 0.26, 0.3, 1.3, 2.0, 9.0] {
            assert!((document.value(w) - theory.value(w)).abs() < 1e-14, "value at {w}");
            assert!((document.slope(w) - theory.slope(w)).abs() < 1e-14, "slope at {w}");
            assert_eq!(document.curvature(w), theory.curvature(w));
        }
    }

    #[test]
    fn bad_numbers_are_named() {
        let good = PiecewiseQuadratic::default();
        let named = |loss: PiecewiseQuadratic| loss.check().unwrap_err().parameter().to_string();
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(named(PiecewiseQuadratic { well_curvature: bad, ..good }), "well_curvature");
            assert_eq!(named(PiecewiseQuadratic { barrier_curvature: bad, ..good }), "barrier_curvature");
            assert_eq!(named(PiecewiseQuadratic { barrier: bad, ..good }), "barrier");
            assert_eq!(named(PiecewiseQuadratic { steepness: bad, ..good }), "steepness");
            assert_eq!(named(PiecewiseQuadratic { exit: Some(bad), ..good }), "exit");
        }
        assert_eq!(named(PiecewiseQuadratic { barrier: 1e-200, exit: Some(1.0), ..good }), "barrier");
        assert!(good.check().is_ok());
    }
}
