//! What the theory of escape asks of a potential.

use super::{PiecewiseQuadratic, Polynomial};
use crate::check::out_of_range;
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// A one-dimensional potential with a well.
#[derive(Debug, Clone, PartialEq)]
pub enum Potential {
    /// A parabola for the well and one for the barrier.
    PiecewiseQuadratic(PiecewiseQuadratic),
    /// Any polynomial.
    Polynomial(Polynomial),
}

/// The four numbers that the asymptotic formulas use.
///
/// ```
/// use noisy_descent::theory::kramers::{BarrierShape, PiecewiseQuadratic, Potential};
/// let shape: BarrierShape = Potential::from(PiecewiseQuadratic::new(2.0, 1.0, 3.0)?).barrier_shape()?;
/// assert_eq!((shape.well_curvature, shape.barrier_curvature), (2.0, 1.0));
/// // b²k_a|k_b|/2(k_a + |k_b|) and |k_b|/(k_a + |k_b|)
/// assert!((shape.height - 3.0).abs() < 1e-15 && (shape.fraction - 1.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct BarrierShape {
    /// Curvature `k_a` at the minimum.
    pub well_curvature: f64,
    /// Magnitude `|k_b|` of the curvature at the top.
    pub barrier_curvature: f64,
    /// Height `ΔL` of the top above the minimum.
    pub height: f64,
    /// Fraction `l` of the height that is climbed while the potential is convex.
    pub fraction: f64,
}

impl From<PiecewiseQuadratic> for Potential {
    fn from(potential: PiecewiseQuadratic) -> Self {
        Potential::PiecewiseQuadratic(potential)
    }
}

impl From<Polynomial> for Potential {
    fn from(potential: Polynomial) -> Self {
        Potential::Polynomial(potential)
    }
}

impl Potential {
    /// `L(w)`.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{PiecewiseQuadratic, Potential};
    /// let potential = Potential::from(PiecewiseQuadratic::new(1.0, 3.0, 2.0)?); // joint at 1.5, height 1.5
    /// assert_eq!((potential.value(1.0), potential.value(2.0)), (0.5, 1.5));
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn value(&self, w: f64) -> f64 {
        match self {
            Potential::PiecewiseQuadratic(piecewise) => piecewise.value(w),
            Potential::Polynomial(polynomial) => polynomial.value(w),
        }
    }

    /// `L'(w)`.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{PiecewiseQuadratic, Potential};
    /// let potential = Potential::from(PiecewiseQuadratic::new(1.0, 3.0, 2.0)?); // joint at 1.5, height 1.5
    /// assert_eq!((potential.slope(1.0), potential.slope(2.5)), (1.0, -1.5));
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn slope(&self, w: f64) -> f64 {
        match self {
            Potential::PiecewiseQuadratic(piecewise) => piecewise.slope(w),
            Potential::Polynomial(polynomial) => polynomial.slope_of_order(1, w),
        }
    }

    /// `L''(w)`.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{PiecewiseQuadratic, Potential};
    /// let potential = Potential::from(PiecewiseQuadratic::new(1.0, 3.0, 2.0)?); // joint at 1.5, height 1.5
    /// assert_eq!((potential.curvature(1.0), potential.curvature(2.0)), (1.0, -3.0));
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn curvature(&self, w: f64) -> f64 {
        match self {
            Potential::PiecewiseQuadratic(piecewise) => piecewise.curvature(w),
            Potential::Polynomial(polynomial) => polynomial.slope_of_order(2, w),
        }
    }

    /// `L'''(w)`, away from a joint.
    pub(super) fn third_derivative(&self, w: f64) -> f64 {
        match self {
            Potential::PiecewiseQuadratic(_) => 0.0,
            Potential::Polynomial(polynomial) => polynomial.slope_of_order(3, w),
        }
    }

    /// Position of the minimum.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{PiecewiseQuadratic, Potential};
    /// let potential = Potential::from(PiecewiseQuadratic::new(1.0, 3.0, 2.0)?); // joint at 1.5, height 1.5
    /// assert_eq!(potential.minimum(), 0.0);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn minimum(&self) -> f64 {
        match self {
            Potential::PiecewiseQuadratic(_) => 0.0,
            Potential::Polynomial(polynomial) => polynomial.minimum(),
        }
    }

    /// Position of the top of the barrier to the right, if there is one.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{PiecewiseQuadratic, Potential};
    /// let potential = Potential::from(PiecewiseQuadratic::new(1.0, 3.0, 2.0)?); // joint at 1.5, height 1.5
    /// assert_eq!(potential.barrier(), Some(2.0));
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn barrier(&self) -> Option<f64> {
        match self {
            Potential::PiecewiseQuadratic(piecewise) => Some(piecewise.top()),
            Potential::Polynomial(polynomial) => polynomial.barrier(),
        }
    }

    /// Position of the top of the barrier to the left, if there is one.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{PiecewiseQuadratic, Potential};
    /// let potential = Potential::from(PiecewiseQuadratic::new(1.0, 3.0, 2.0)?); // joint at 1.5, height 1.5
    /// assert_eq!(potential.lower_barrier(), None);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn lower_barrier(&self) -> Option<f64> {
        match self {
            Potential::PiecewiseQuadratic(_) => None,
            Potential::Polynomial(polynomial) => polynomial.lower_barrier(),
        }
    }

    /// Where the potential, or its curvature's magnitude, is not smooth.
    pub(super) fn breaks(&self) -> Vec<f64> {
        match self {
            Potential::PiecewiseQuadratic(piecewise) => vec![piecewise.joint()],
            Potential::Polynomial(polynomial) => polynomial.inflections().to_vec(),
        }
    }

    /// Curvatures, height and convex fraction of the barrier to the right.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) of `barrier_curvature` when there is no barrier to the right, or one
    /// with a flat top.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{Polynomial, Potential};
    /// // L' = w(1 − w): convex up to 1/2, which is half of the height
    /// let shape = Potential::from(Polynomial::new(&[0.0, 0.0, 0.5, -1.0 / 3.0], 0.0)?).barrier_shape()?;
    /// assert!((shape.height - 1.0 / 6.0).abs() < 1e-12 && (shape.fraction - 0.5).abs() < 1e-12);
    /// assert!((shape.barrier_curvature - 1.0).abs() < 1e-12);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn barrier_shape(&self) -> Result<BarrierShape> {
        let (minimum, well_curvature) = (self.minimum(), self.curvature(self.minimum()));
        let allowed = "(0, ∞), the magnitude of the curvature at the top of a barrier to the right";
        let Some(top) = self.barrier() else {
            return Err(out_of_range("barrier_curvature", 0.0, allowed));
        };
        let barrier_curvature = -self.curvature(top);
        if !(barrier_curvature > 0.0 && barrier_curvature.is_finite()) {
            return Err(out_of_range("barrier_curvature", barrier_curvature, allowed));
        }
        let polynomial = match self {
            Potential::Polynomial(polynomial) => polynomial,
            Potential::PiecewiseQuadratic(piecewise) => {
                let (height, fraction) = (piecewise.height(), piecewise.fraction());
                return Ok(BarrierShape { well_curvature, barrier_curvature, height, fraction });
            }
        };
        let height = self.value(top) - self.value(minimum);
        let mut convex = 0.0;
        let mut from = minimum;
        let inside = polynomial.inflections().iter().copied().filter(|&w| w > minimum && w < top);
        for to in inside.chain([top]) {
            if self.curvature(0.5 * (from + to)) > 0.0 {
                convex += self.value(to) - self.value(from);
            }
            from = to;
        }
        Ok(BarrierShape { well_curvature, barrier_curvature, height, fraction: convex / height })
    }
}
