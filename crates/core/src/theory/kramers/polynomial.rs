//! A potential given by the coefficients of a polynomial, and where its wells and barriers are.

use crate::check::{finite, out_of_range};
use crate::error::Result;
use crate::roots::{derivative, horner, sign_changes};

pub use crate::loss::LARGEST_DEGREE;

/// `L(w) = c_0 + c_1 w + … + c_n wⁿ` with the well that is seen from a point of the axis.
///
/// ```
/// use noisy_descent::theory::kramers::Polynomial;
/// // Double well (w² − 1)²/4, the right one, over the barrier to its left: mirrored, so that the walker leaves rightwards.
/// let well = Polynomial::new(&[0.25, 0.0, -0.5, 0.0, 0.25], 1.2)?;
/// assert_eq!((well.minimum(), well.barrier(), well.lower_barrier()), (1.0, None, Some(0.0)));
/// let mirrored = well.mirrored()?;
/// assert_eq!((mirrored.minimum(), mirrored.barrier()), (-1.0, Some(0.0)));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Polynomial {
    coefficients: Vec<f64>,
    minimum: f64,
    barrier: Option<f64>,
    lower_barrier: Option<f64>,
    /// Where the curvature changes its sign, in ascending order.
    inflections: Vec<f64>,
}

impl Polynomial {
    /// From the coefficients in ascending order and a point `near` the minimum: descending from there leads to it.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) names `degree` (below 2 or above [`LARGEST_DEGREE`]), `coefficient`
    /// or `near` when not finite, `near` when no minimum lies downhill, and `well_curvature` when `L''` vanishes there.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::Polynomial;
    /// // Cubic: a well at 0 and a barrier at 1
    /// let cubic = Polynomial::new(&[0.0, 0.0, 0.5, -1.0 / 3.0], 0.4)?;
    /// assert!((cubic.barrier().unwrap() - 1.0).abs() < 1e-12);
    /// assert!(Polynomial::new(&[0.0, 0.0, 0.5, -1.0 / 3.0], 1.1).is_err()); // downhill for ever
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn new(coefficients: &[f64], near: f64) -> Result<Polynomial> {
        for &coefficient in coefficients {
            finite("coefficient", coefficient)?;
        }
        let used = coefficients.iter().rposition(|&c| c != 0.0).map_or(0, |last| last + 1);
        if !(3..=LARGEST_DEGREE + 1).contains(&used) {
            let degree = used.saturating_sub(1) as f64;
            return Err(out_of_range("degree", degree, format!("[2, {LARGEST_DEGREE}]")));
        }
        let near = finite("near", near)?;
        let coefficients = coefficients[..used].to_vec();
        let slope = derivative(&coefficients);
        let extrema = sign_changes(&slope);
        for &extremum in &extrema {
            finite("extremum", extremum)?;
        }
        // The first extremum downhill is the minimum, and its neighbours are barriers.
        let above = extrema.partition_point(|&extremum| extremum <= near);
        let uphill = horner(&slope, near);
        let index = if uphill == 0.0 {
            // On an extremum, which rounding may have put on either side.
            (0..extrema.len()).min_by(|&i, &j| (extrema[i] - near).abs().total_cmp(&(extrema[j] - near).abs()))
        } else if uphill > 0.0 {
            above.checked_sub(1)
        } else {
            Some(above)
        };
        let index = index.filter(|&index| index < extrema.len());
        let Some(index) = index else {
            return Err(out_of_range("near", near, "a region from which a minimum lies downhill"));
        };
        let minimum = extrema[index];
        let curvature = derivative(&slope);
        let at_minimum = horner(&curvature, minimum);
        if !(at_minimum > 0.0 && at_minimum.is_finite()) {
            return Err(out_of_range("well_curvature", at_minimum, "(0, ∞)"));
        }
        Ok(Polynomial {
            minimum,
            barrier: extrema.get(index + 1).copied(),
            lower_barrier: index.checked_sub(1).map(|below| extrema[below]),
            inflections: sign_changes(&curvature),
            coefficients,
        })
    }

    /// The same potential `r > 0` times as high.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) unless `r` is a positive number, or when a coefficient overflows.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::Polynomial;
    /// let parabola = Polynomial::new(&[0.0, -2.0, 1.0], 0.0)?.scaled(3.0)?;
    /// assert_eq!((parabola.minimum(), parabola.value(0.0)), (1.0, 0.0));
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn scaled(&self, scale: f64) -> Result<Polynomial> {
        let scale = crate::check::positive("scale", scale)?;
        let coefficients: Vec<f64> = self.coefficients.iter().map(|c| c * scale).collect();
        for &coefficient in &coefficients {
            finite("coefficient", coefficient)?;
        }
        // Every place stays: looking for them again might find a neighbour by rounding.
        let scaled = Polynomial { coefficients, ..self.clone() };
        crate::check::positive("well_curvature", scaled.slope_of_order(2, scaled.minimum))?;
        Ok(scaled)
    }

    /// The mirror image `L(−w)`, to study the escape to the left as one to the right.
    ///
    /// # Errors
    /// None for a polynomial that exists.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::Polynomial;
    /// // L' = w(1 − w)
    /// let cubic = Polynomial::new(&[0.0, 0.0, 0.5, -1.0 / 3.0], 0.4)?;
    /// let left = cubic.mirrored()?;
    /// assert!((left.lower_barrier().unwrap() + 1.0).abs() < 1e-12);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn mirrored(&self) -> Result<Polynomial> {
        let flip = |(power, c): (usize, &f64)| if power % 2 == 1 { -c } else { *c };
        let coefficients: Vec<f64> = self.coefficients.iter().enumerate().map(flip).collect();
        Ok(Polynomial {
            coefficients,
            minimum: -self.minimum,
            barrier: self.lower_barrier.map(|place| -place),
            lower_barrier: self.barrier.map(|place| -place),
            inflections: self.inflections.iter().rev().map(|place| -place).collect(),
        })
    }

    /// Position of the minimum.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::Polynomial;
    /// // L' = w(1 − w)
    /// let cubic = Polynomial::new(&[0.0, 0.0, 0.5, -1.0 / 3.0], 0.4)?;
    /// assert!(cubic.minimum().abs() < 1e-12);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn minimum(&self) -> f64 {
        self.minimum
    }

    /// Position of the next maximum to the right, if there is one.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::Polynomial;
    /// // L' = w(1 − w)
    /// let cubic = Polynomial::new(&[0.0, 0.0, 0.5, -1.0 / 3.0], 0.4)?;
    /// assert!((cubic.barrier().unwrap() - 1.0).abs() < 1e-12);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn barrier(&self) -> Option<f64> {
        self.barrier
    }

    /// Position of the next maximum to the left, if there is one.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::Polynomial;
    /// // L' = w(1 − w)
    /// let cubic = Polynomial::new(&[0.0, 0.0, 0.5, -1.0 / 3.0], 0.4)?;
    /// assert_eq!(cubic.lower_barrier(), None);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn lower_barrier(&self) -> Option<f64> {
        self.lower_barrier
    }

    /// Where the curvature changes its sign, in ascending order.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::Polynomial;
    /// // L' = w(1 − w)
    /// let cubic = Polynomial::new(&[0.0, 0.0, 0.5, -1.0 / 3.0], 0.4)?;
    /// assert_eq!(cubic.inflections(), [0.5]);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn inflections(&self) -> &[f64] {
        &self.inflections
    }

    /// `L(w)`.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::Polynomial;
    /// // L' = w(1 − w)
    /// let cubic = Polynomial::new(&[0.0, 0.0, 0.5, -1.0 / 3.0], 0.4)?;
    /// assert!((cubic.value(1.0) - 1.0 / 6.0).abs() < 1e-15);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn value(&self, w: f64) -> f64 {
        horner(&self.coefficients, w)
    }

    /// The derivative of an order from 1 to 3 at a point.
    pub(super) fn slope_of_order(&self, order: usize, w: f64) -> f64 {
        self.coefficients.iter().enumerate().skip(order).rev().fold(0.0, |sum, (power, c)| {
            let factor: usize = (power + 1 - order..=power).product();
            sum * w + c * factor as f64
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_those_of_the_coefficients() {
        let polynomial = Polynomial::new(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.0).unwrap();
        let w = 0.7;
        assert!((polynomial.slope_of_order(1, w) - (2.0 + 6.0 * w + 12.0 * w * w + 20.0 * w * w * w)).abs() < 1e-13);
        assert!((polynomial.slope_of_order(2, w) - (6.0 + 24.0 * w + 60.0 * w * w)).abs() < 1e-13);
        assert!((polynomial.slope_of_order(3, w) - (24.0 + 120.0 * w)).abs() < 1e-13);
    }

    #[test]
    fn every_well_is_found_from_its_slopes() {
        // L' = w (w² − 1)(w² − 4): minima at −2, 0, 2 and barriers at −1, 1
        let coefficients = [0.0, 0.0, 2.0, 0.0, -1.25, 0.0, 1.0 / 6.0];
        for (near, minimum, barrier, lower) in [
            (-9.0, -2.0, Some(-1.0), None),
            (-1.1, -2.0, Some(-1.0), None),
            (-0.9, 0.0, Some(1.0), Some(-1.0)),
            (0.0, 0.0, Some(1.0), Some(-1.0)),
            (1.2, 2.0, None, Some(1.0)),
            (5.0, 2.0, None, Some(1.0)),
        ] {
            let well = Polynomial::new(&coefficients, near).unwrap();
            let close = |got: Option<f64>, want: Option<f64>| match (got, want) {
                (Some(got), Some(want)) => (got - want).abs() < 1e-12,
                (got, want) => got == want,
            };
            assert!((well.minimum() - minimum).abs() < 1e-12, "{near}: {well:?}");
            assert!(close(well.barrier(), barrier) && close(well.lower_barrier(), lower), "{near}: {well:?}");
            assert_eq!(well.inflections().len(), 4);
        }
    }

    #[test]
    fn a_minimum_is_found_from_itself() {
        // The bracketed root at 0 is off by rounding, to the right.
        let well = Polynomial::new(&[3.0, 0.0, 2.0, 0.2, -1.25, 0.0, 1.0 / 6.0], 0.0).unwrap();
        assert!(well.minimum().abs() < 1e-12 && well.barrier().is_some() && well.lower_barrier().is_some());
        // So is its mirror image, and one of another height.
        for third in [-1.0 / 3.0, 1.0 / 3.0, 0.2, -0.7] {
            let well = Polynomial::new(&[0.0, 0.0, 0.5, third], 0.0).unwrap();
            for (other, sides) in [(well.mirrored(), -1.0), (well.scaled(7.3), 1.0)] {
                let other = other.unwrap();
                let (barrier, lower) = if sides > 0.0 {
                    (well.barrier(), well.lower_barrier())
                } else {
                    (well.lower_barrier(), well.barrier())
                };
                assert_eq!(other.minimum().abs(), well.minimum().abs());
                assert_eq!(other.barrier(), barrier.map(|place| sides * place));
                assert_eq!(other.lower_barrier(), lower.map(|place| sides * place));
            }
        }
    }

    #[test]
    fn bad_input_is_named() {
        let named = |c: &[f64], near| Polynomial::new(c, near).unwrap_err().parameter().to_string();
        assert_eq!(named(&[], 0.0), "degree");
        assert_eq!(named(&[1.0, 1.0, 0.0], 0.0), "degree");
        assert_eq!(named(&[1.0; 40], 0.0), "degree");
        assert_eq!(named(&[1.0, f64::NAN, 1.0], 0.0), "coefficient");
        assert_eq!(named(&[1.0, 0.0, 1.0], f64::INFINITY), "near");
        assert_eq!(named(&[1.0, 0.0, -1.0], 0.5), "near");
        assert_eq!(named(&[1.0, 0.0, -1.0], 0.0), "well_curvature");
        assert_eq!(named(&[0.0, 0.0, 0.0, 0.0, 1.0], 0.5), "well_curvature");
    }
}
