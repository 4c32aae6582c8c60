//! A well in one dimension given by the coefficients of a polynomial.

use crate::check::{finite, out_of_range, positive};
use crate::error::Result;
use crate::roots::{horner, sign_changes};
use serde::{Deserialize, Serialize};

/// Largest degree of a polynomial potential.
///
/// ```
/// use noisy_descent::loss::{LARGEST_DEGREE, Polynomial};
/// let of_degree = |degree: usize| {
///     let mut coefficients = vec![0.0; degree + 1];
///     (coefficients[2], coefficients[degree]) = (0.5, 1.0);
///     Polynomial { coefficients, ..Polynomial::default() }
/// };
/// assert!(of_degree(LARGEST_DEGREE).check().is_ok());
/// let problem = of_degree(LARGEST_DEGREE + 1).check().unwrap_err();
/// assert_eq!(problem.to_string(), "coefficients must lie in [3, 33] for their number, got 34");
/// ```
pub const LARGEST_DEGREE: usize = 32;

/// `L(w) = c_0 + c_1 w + … + c_n wⁿ` with its minimum at `w = 0`: `c_1 = 0` and `c_2 > 0`.
///
/// A replica escapes over a barrier to the right or, where there is one, to the left.
///
/// ```
/// use noisy_descent::loss::Polynomial;
/// // Cubic: a barrier at 1, and a wall on the other side
/// let cubic = Polynomial { coefficients: vec![0.0, 0.0, 0.5, -1.0 / 3.0], ..Polynomial::default() };
/// assert!(cubic.check().is_ok());
/// assert_eq!(cubic.exits(), [f64::NEG_INFINITY, 2.0]);
/// assert_eq!((cubic.slope(1.0), cubic.curvature(0.0)), (0.0, 1.0));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Polynomial {
    /// Coefficients from the constant on, 3 to [`LARGEST_DEGREE`]` + 1` of them; the second 0, the third above 0.
    pub coefficients: Vec<f64>,
    /// Where a replica counts as escaped to the right, above 0; without it twice the barrier there, or nowhere without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", tsify(optional))]
    pub exit: Option<f64>,
    /// Where a replica counts as escaped to the left, below 0; without it twice the barrier there, or nowhere without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", tsify(optional))]
    pub lower_exit: Option<f64>,
}

impl Polynomial {
    /// `L(w)` above the minimum.
    #[must_use]
    pub fn value(&self, w: f64) -> f64 {
        horner(self.coefficients.get(1..).unwrap_or_default(), w) * w
    }

    /// `L'(w)`.
    #[must_use]
    pub fn slope(&self, w: f64) -> f64 {
        let terms = self.coefficients.iter().enumerate().skip(1).rev();
        terms.fold(0.0, |sum, (power, c)| sum * w + power as f64 * c)
    }

    /// `L''(w)`.
    #[must_use]
    pub fn curvature(&self, w: f64) -> f64 {
        let terms = self.coefficients.iter().enumerate().skip(2).rev();
        terms.fold(0.0, |sum, (power, c)| sum * w + (power * (power - 1)) as f64 * c)
    }

    /// The tops of the barriers next to the minimum, to the left and to the right.
    ///
    /// ```
    /// use noisy_descent::loss::Polynomial;
    /// // w²/2 − w⁴/4 has the slope w − w³ and is 1/4 high at −1 and 1.
    /// let double = Polynomial { coefficients: vec![0.0, 0.0, 0.5, 0.0, -0.25], ..Polynomial::default() };
    /// assert_eq!(double.barriers(), [Some(-1.0), Some(1.0)]);
    /// assert_eq!((double.value(-1.0), double.value(1.0)), (0.25, 0.25));
    /// assert_eq!(double.exits(), [-2.0, 2.0]); // out at twice the barrier
    /// ```
    #[must_use]
    pub fn barriers(&self) -> [Option<f64>; 2] {
        // Without the root at the minimum itself: L'(w)/w, which is 2c₂ > 0 there.
        let slope: Vec<f64> = self.coefficients.iter().enumerate().skip(2).map(|(power, c)| power as f64 * c).collect();
        let used = slope.iter().rposition(|&c| c != 0.0).map_or(0, |last| last + 1);
        let changes: Vec<f64> = sign_changes(&slope[..used]).into_iter().filter(|w| w.is_finite()).collect();
        let left = changes.iter().copied().rfind(|&w| w < 0.0);
        [left, changes.into_iter().find(|&w| w > 0.0)]
    }

    /// Where a replica counts as escaped: below the first number or above the second; infinite where there is no exit.
    #[must_use]
    pub fn exits(&self) -> [f64; 2] {
        let [left, right] = self.barriers();
        let exit =
            |given: Option<f64>, barrier: Option<f64>, none: f64| given.or(barrier.map(|b| 2.0 * b)).unwrap_or(none);
        [exit(self.lower_exit, left, f64::NEG_INFINITY), exit(self.exit, right, f64::INFINITY)]
    }

    /// Checks the coefficients and the exits.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) names `coefficients` when there are too few, too many, one that is
    /// not finite, or no minimum at 0; `exit` or `lower_exit` on the wrong side of the minimum.
    pub fn check(&self) -> Result<()> {
        let count = self.coefficients.len();
        if !(3..=LARGEST_DEGREE + 1).contains(&count) {
            let allowed = format!("[3, {}] for their number", LARGEST_DEGREE + 1);
            return Err(out_of_range("coefficients", count as f64, allowed));
        }
        for &coefficient in &self.coefficients {
            finite("coefficients", coefficient)?;
        }
        let (slope, second) = (self.coefficients[1], self.coefficients[2]);
        if slope != 0.0 {
            return Err(out_of_range("coefficients", slope, "[0, 0] for that of w, so that the minimum is at w = 0"));
        }
        if second <= 0.0 || !(2.0 * second).is_finite() {
            let allowed = "(0, ∞) for that of w², so that there is a minimum at w = 0";
            return Err(out_of_range("coefficients", second, allowed));
        }
        if let Some(exit) = self.exit {
            positive("exit", exit)?;
        }
        match self.lower_exit {
            Some(exit) if !(exit < 0.0 && exit.is_finite()) => Err(out_of_range("lower_exit", exit, "(-∞, 0)")),
            _ => Ok(()),
        }
    }
}

impl Default for Polynomial {
    /// `w²/2 − w³/3`: a barrier of height 1/6 at 1.
    fn default() -> Self {
        Polynomial { coefficients: vec![0.0, 0.0, 0.5, -1.0 / 3.0], exit: None, lower_exit: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polynomial(coefficients: &[f64]) -> Polynomial {
        Polynomial { coefficients: coefficients.to_vec(), exit: None, lower_exit: None }
    }

    #[test]
    fn it_is_the_potential_of_the_theory() {
        let document = polynomial(&[3.0, 0.0, 2.0, 0.2, -1.25, 0.0, 1.0 / 6.0]);
        let theory = crate::theory::kramers::Polynomial::new(&document.coefficients, 0.0).unwrap();
        let potential = crate::theory::kramers::Potential::from(theory.clone());
        for w in [-1.5, -0.3, 0.0, 0.7, 2.2] {
            assert!((document.value(w) - (potential.value(w) - 3.0)).abs() < 1e-13, "value at {w}");
            assert!((document.slope(w) - potential.slope(w)).abs() < 1e-13, "slope at {w}");
            assert!((document.curvature(w) - potential.curvature(w)).abs() < 1e-13, "curvature at {w}");
        }
        for (ours, theirs) in document.barriers().into_iter().zip([theory.lower_barrier(), theory.barrier()]) {
            assert!((ours.unwrap() - theirs.unwrap()).abs() < 1e-12);
        }
    }

    #[test]
    fn exits_are_twice_the_barriers_that_there_are() {
        let none = [f64::NEG_INFINITY, f64::INFINITY];
        assert_eq!(polynomial(&[0.0, 0.0, 0.5]).exits(), none);
        assert_eq!(polynomial(&[0.0, 0.0, 0.5, 0.0, 0.25, 0.0]).exits(), none);
        assert_eq!(polynomial(&[0.0, 0.0, 0.5, 0.0, -0.25]).exits(), [-2.0, 2.0]);
        assert_eq!(polynomial(&[0.0, 0.0, 0.5, 1.0 / 3.0]).exits(), [-2.0, f64::INFINITY]);
        let given = Polynomial { exit: Some(1.5), lower_exit: Some(-9.0), ..polynomial(&[0.0, 0.0, 0.5]) };
        assert_eq!(given.exits(), [-9.0, 1.5]);
        // A touch of the axis is no barrier: L' = w (w − 1)².
        assert_eq!(polynomial(&[0.0, 0.0, 0.5, -2.0 / 3.0, 0.25]).exits(), none);
    }

    #[test]
    fn bad_coefficients_are_named() {
        let named = |loss: Polynomial| loss.check().unwrap_err().to_string();
        for (coefficients, words) in [
            (vec![], "coefficients must lie in [3, 33] for their number, got 0"),
            (vec![0.0; 34], "coefficients must lie in [3, 33] for their number, got 34"),
            (vec![0.0, 0.0, f64::NAN], "coefficients must lie in (-∞, ∞), got NaN"),
            (
                vec![0.0, 1.0, 1.0],
                "coefficients must lie in [0, 0] for that of w, so that the minimum is at w = 0, got 1",
            ),
            (
                vec![0.0, 0.0, -1.0],
                "coefficients must lie in (0, ∞) for that of w², so that there is a minimum at w = 0, got -1",
            ),
        ] {
            assert_eq!(named(polynomial(&coefficients)), words);
        }
        let good = Polynomial::default();
        assert_eq!(named(Polynomial { exit: Some(-1.0), ..good.clone() }), "exit must lie in (0, ∞), got -1");
        assert_eq!(
            named(Polynomial { lower_exit: Some(1.0), ..good.clone() }),
            "lower_exit must lie in (-∞, 0), got 1"
        );
        assert!(good.check().is_ok());
    }
}
