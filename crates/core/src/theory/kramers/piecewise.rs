//! A well and a barrier, each a parabola: the potential of Fig. 6(b).

use crate::check::positive;
use crate::error::Result;

/// `L = k_a w²/2` below the joint `c`, `ΔL − |k_b|(b − w)²/2` above it, with value and slope continuous at
/// `c = b l`, `l = |k_b|/(k_a + |k_b|)`, and `ΔL = b² k_a|k_b|/(2(k_a + |k_b|))`.
///
/// The minimum is at 0 and the top of the barrier at `b`; `l` is both the fraction of the distance and of the height at
/// which the joint lies.
///
/// ```
/// use noisy_descent::theory::kramers::PiecewiseQuadratic;
/// let fig_6 = PiecewiseQuadratic::new(1.0, 1.0, 1.0)?;
/// assert_eq!((fig_6.joint(), fig_6.height(), fig_6.fraction()), (0.5, 0.25, 0.5));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PiecewiseQuadratic {
    well_curvature: f64,
    barrier_curvature: f64,
    top: f64,
}

impl PiecewiseQuadratic {
    /// From the curvature of the well `k_a > 0`, the magnitude of that of the barrier `|k_b| > 0` and the distance `b > 0`
    /// between minimum and top.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) names the number that is not positive.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::PiecewiseQuadratic;
    /// assert!(PiecewiseQuadratic::new(1.0, 3.0, 2.0).is_ok());
    /// assert_eq!(PiecewiseQuadratic::new(1.0, -3.0, 2.0).unwrap_err().parameter(), "barrier_curvature");
    /// ```
    pub fn new(well_curvature: f64, barrier_curvature: f64, top: f64) -> Result<PiecewiseQuadratic> {
        let well_curvature = positive("well_curvature", well_curvature)?;
        let barrier_curvature = positive("barrier_curvature", barrier_curvature)?;
        let potential = PiecewiseQuadratic { well_curvature, barrier_curvature, top: positive("top", top)? };
        positive("height", potential.height())?;
        positive("joint", potential.joint())?;
        Ok(potential)
    }

    /// The same shape `r > 0` times as high: both curvatures grow by `r`, positions stay.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) unless `r` is a positive number.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::PiecewiseQuadratic;
    /// assert_eq!(PiecewiseQuadratic::new(1.0, 1.0, 1.0)?.scaled(4.0)?.height(), 1.0);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn scaled(&self, scale: f64) -> Result<PiecewiseQuadratic> {
        let scale = positive("scale", scale)?;
        PiecewiseQuadratic::new(scale * self.well_curvature, scale * self.barrier_curvature, self.top)
    }

    /// Curvature `k_a` of the well.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::PiecewiseQuadratic;
    /// let potential = PiecewiseQuadratic::new(1.0, 3.0, 2.0)?;
    /// assert_eq!(potential.well_curvature(), 1.0);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn well_curvature(&self) -> f64 {
        self.well_curvature
    }

    /// Magnitude `|k_b|` of the curvature of the barrier.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::PiecewiseQuadratic;
    /// let potential = PiecewiseQuadratic::new(1.0, 3.0, 2.0)?;
    /// assert_eq!(potential.barrier_curvature(), 3.0);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn barrier_curvature(&self) -> f64 {
        self.barrier_curvature
    }

    /// Position `b` of the top.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::PiecewiseQuadratic;
    /// let potential = PiecewiseQuadratic::new(1.0, 3.0, 2.0)?;
    /// assert_eq!(potential.top(), 2.0);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn top(&self) -> f64 {
        self.top
    }

    /// The fraction `l` of the height, and of the distance, at which the two parabolas meet.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::PiecewiseQuadratic;
    /// let potential = PiecewiseQuadratic::new(1.0, 3.0, 2.0)?;
    /// assert_eq!(potential.fraction(), 0.75);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn fraction(&self) -> f64 {
        self.barrier_curvature / (self.well_curvature + self.barrier_curvature)
    }

    /// Where they meet, `c`.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::PiecewiseQuadratic;
    /// let potential = PiecewiseQuadratic::new(1.0, 3.0, 2.0)?;
    /// assert_eq!(potential.joint(), 1.5);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn joint(&self) -> f64 {
        self.top * self.fraction()
    }

    /// Height `ΔL` of the barrier above the minimum.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::PiecewiseQuadratic;
    /// let potential = PiecewiseQuadratic::new(1.0, 3.0, 2.0)?;
    /// assert_eq!(potential.height(), 1.5);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn height(&self) -> f64 {
        0.5 * self.top * self.top * self.well_curvature * self.fraction()
    }

    pub(super) fn value(&self, w: f64) -> f64 {
        let beyond = self.top - w;
        if w < self.joint() {
            0.5 * self.well_curvature * w * w
        } else {
            self.height() - 0.5 * self.barrier_curvature * beyond * beyond
        }
    }

    pub(super) fn slope(&self, w: f64) -> f64 {
        if w < self.joint() { self.well_curvature * w } else { self.barrier_curvature * (self.top - w) }
    }

    pub(super) fn curvature(&self, w: f64) -> f64 {
        if w < self.joint() { self.well_curvature } else { -self.barrier_curvature }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_and_slope_are_continuous_at_the_joint() {
        let potential = PiecewiseQuadratic::new(2.0, 0.5, 1.3).unwrap();
        let (below, above) = (potential.joint() * (1.0 - 1e-12), potential.joint() * (1.0 + 1e-12));
        assert!((potential.value(below) - potential.value(above)).abs() < 1e-11);
        assert!((potential.slope(below) - potential.slope(above)).abs() < 1e-11);
        assert!((potential.value(1.3) - potential.height()).abs() < 1e-15);
        assert!((potential.value(potential.joint()) / potential.height() - potential.fraction()).abs() < 1e-14);
    }

    #[test]
    fn bad_input_is_named() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(PiecewiseQuadratic::new(bad, 1.0, 1.0).unwrap_err().parameter(), "well_curvature");
            assert_eq!(PiecewiseQuadratic::new(1.0, bad, 1.0).unwrap_err().parameter(), "barrier_curvature");
            assert_eq!(PiecewiseQuadratic::new(1.0, 1.0, bad).unwrap_err().parameter(), "top");
        }
        assert_eq!(PiecewiseQuadratic::new(1.0, 1.0, 1e200).unwrap_err().parameter(), "height");
    }
}
