//! The question: which walker, in which potential, from where, out where.

use super::Potential;
use crate::check::{finite, not_negative, out_of_range, positive};
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// Variance of one draw of the Gaussian gradient noise, by position.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum EscapeNoise {
    /// The same everywhere.
    Constant {
        /// Variance `C > 0`.
        variance: f64,
    },
    /// `|L''(w)|/S + white`: minibatch noise (Liu et al. 2021, Theorem 9) over a white floor.
    Curvature {
        /// Batch size `S > 0`.
        batch_size: f64,
        /// White floor, at least 0. It must be above 0 where the curvature passes through zero, as it does between the well
        /// and the barrier of any smooth potential: without noise a walker there moves along one exact path, which no
        /// density describes.
        #[serde(default)]
        white: f64,
    },
}

/// Where a walker starts.
///
/// ```
/// use noisy_descent::theory::kramers::{Escape, EscapeNoise, EscapeStart, PiecewiseQuadratic, chain_escape};
/// let escape = Escape::new(PiecewiseQuadratic::new(1.0, 1.0, 1.0)?, EscapeNoise::Constant { variance: 0.2 }, 0.5, 2.0)?;
/// let from = |start| Ok::<_, noisy_descent::Error>(chain_escape(&escape.clone().starting(start)?)?.mean_first_passage);
/// // From the top of the barrier half of them fall outwards at once.
/// assert!(from(EscapeStart::Point(1.0))? < 0.7 * from(EscapeStart::Minimum)?);
/// // Who has forgotten the minimum is a little nearer to the exit, and leaves at the same rate ever after.
/// let settled = chain_escape(&escape.clone().starting(EscapeStart::Settled { steps: 100 })?)?;
/// assert!((settled.mean_first_passage * settled.probability_per_step - 1.0).abs() < 1e-9);
/// assert!(settled.mean_first_passage < from(EscapeStart::Minimum)?);
/// assert!(from(EscapeStart::Gaussian { variance: 0.5 })? < from(EscapeStart::Gaussian { variance: 0.01 })?);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum EscapeStart {
    /// At the minimum.
    #[default]
    Minimum,
    /// At a position.
    Point(f64),
    /// Anywhere, by a Gaussian law around the minimum.
    Gaussian {
        /// Its variance, at least 0.
        variance: f64,
    },
    /// Where those are that are still in the well after so many steps from the minimum; after many, by the quasi-stationary law.
    Settled {
        /// Number of these steps, which do not count.
        steps: u64,
    },
}

/// A walker `w' = w − λ(L'(w) + η)`, from the minimum of a well unless it is told otherwise, taken out once `w ≥ end` (or
/// `w ≤ lower_end`) after a step.
///
/// ```
/// use noisy_descent::theory::kramers::{Escape, EscapeNoise, PiecewiseQuadratic};
/// let potential = PiecewiseQuadratic::new(1.0, 1.0, 1.0)?;
/// let noise = EscapeNoise::Curvature { batch_size: 1.0, white: 0.0 };
/// assert!(Escape::new(potential, noise, 0.15, 2.0).is_ok());
/// let error = Escape::new(potential, noise, 2.5, 2.0).unwrap_err();
/// assert_eq!(error.to_string(), "learning_rate must lie in (0, 2), got 2.5"); // 2/k: no well for the walker
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Escape {
    potential: Potential,
    noise: EscapeNoise,
    learning_rate: f64,
    end: f64,
    lower_end: Option<f64>,
    start: EscapeStart,
}

impl Escape {
    /// A walker that leaves to the right only, out at `end` above the minimum. To the left the potential must rise for
    /// ever.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) names `learning_rate` (outside `(0, 2/k_a)`, where the well holds no
    /// walker), `end`, `lower_end` (when a barrier to the left asks for [`Escape::two_sided`]), or the number of the noise
    /// that is outside its range.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{Escape, EscapeNoise, PiecewiseQuadratic};
    /// let noise = EscapeNoise::Constant { variance: 1.0 };
    /// let escape = Escape::new(PiecewiseQuadratic::new(1.0, 1.0, 1.0)?, noise, 0.15, 2.0)?;
    /// assert_eq!(escape.lower_end(), None);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn new(potential: impl Into<Potential>, noise: EscapeNoise, learning_rate: f64, end: f64) -> Result<Escape> {
        let potential = potential.into();
        if let Some(barrier) = potential.lower_barrier() {
            return Err(out_of_range("lower_end", f64::NEG_INFINITY, format!("(-∞, {barrier}], finite")));
        }
        Escape::checked(Escape { potential, noise, learning_rate, end, lower_end: None, start: EscapeStart::Minimum })
    }

    /// A walker that is out on either side: at `end` above the minimum, or `lower_end` below it.
    ///
    /// # Errors
    /// As for [`Escape::new`].
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{Escape, EscapeNoise, Polynomial};
    /// // Barriers at −1 and 1
    /// let potential = Polynomial::new(&[0.0, 0.0, 0.5, 0.0, -0.25], 0.0)?;
    /// let noise = EscapeNoise::Constant { variance: 1.0 };
    /// assert_eq!(Escape::new(potential.clone(), noise, 0.1, 2.0).unwrap_err().parameter(), "lower_end");
    /// assert!(Escape::two_sided(potential, noise, 0.1, -2.0, 2.0).is_ok());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn two_sided(
        potential: impl Into<Potential>,
        noise: EscapeNoise,
        learning_rate: f64,
        lower_end: f64,
        end: f64,
    ) -> Result<Escape> {
        let potential = potential.into();
        let minimum = potential.minimum();
        if !(lower_end < minimum && lower_end.is_finite()) {
            return Err(out_of_range("lower_end", lower_end, format!("(-∞, {minimum})")));
        }
        Escape::checked(Escape {
            potential,
            noise,
            learning_rate,
            end,
            lower_end: Some(lower_end),
            start: EscapeStart::Minimum,
        })
    }

    fn checked(self) -> Result<Escape> {
        let minimum = finite("minimum", self.potential.minimum())?;
        let limit = 2.0 / self.potential.curvature(minimum);
        if !(self.learning_rate > 0.0 && self.learning_rate < limit) {
            return Err(out_of_range("learning_rate", self.learning_rate, format!("(0, {limit})")));
        }
        if !(self.end > minimum && self.end.is_finite()) {
            return Err(out_of_range("end", self.end, format!("({minimum}, ∞)")));
        }
        match self.noise {
            EscapeNoise::Constant { variance } => {
                positive("variance", variance)?;
            }
            EscapeNoise::Curvature { batch_size, white } => {
                positive("batch_size", batch_size)?;
                not_negative("white", white)?;
                let vanishes = matches!(&self.potential, Potential::Polynomial(p) if !p.inflections().is_empty());
                if white == 0.0 && vanishes {
                    return Err(out_of_range("white", white, "(0, ∞) where the curvature vanishes"));
                }
            }
        }
        positive("noise_variance", self.variance(minimum))?;
        Ok(self)
    }

    /// The same walker from another start.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) names `start`, a position that is no number or a variance below 0.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{Escape, EscapeNoise, EscapeStart, PiecewiseQuadratic};
    /// let noise = EscapeNoise::Constant { variance: 1.0 };
    /// let escape = Escape::new(PiecewiseQuadratic::new(1.0, 1.0, 1.0)?, noise, 0.15, 2.0)?;
    /// assert_eq!(escape.start(), EscapeStart::Minimum);
    /// assert_eq!(escape.clone().starting(EscapeStart::Point(0.5))?.start(), EscapeStart::Point(0.5));
    /// assert_eq!(escape.starting(EscapeStart::Point(f64::NAN)).unwrap_err().parameter(), "start");
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn starting(self, start: EscapeStart) -> Result<Escape> {
        match start {
            EscapeStart::Minimum | EscapeStart::Settled { .. } => {}
            EscapeStart::Point(position) => {
                finite("start", position)?;
            }
            EscapeStart::Gaussian { variance } => {
                not_negative("start", variance)?;
            }
        }
        Ok(Escape { start, ..self })
    }

    /// Where the walker starts.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{Escape, EscapeNoise, EscapeStart, PiecewiseQuadratic};
    /// let noise = EscapeNoise::Constant { variance: 1.0 };
    /// let escape = Escape::new(PiecewiseQuadratic::new(1.0, 1.0, 1.0)?, noise, 0.15, 2.0)?;
    /// assert_eq!(escape.starting(EscapeStart::Settled { steps: 9 })?.start(), EscapeStart::Settled { steps: 9 });
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn start(&self) -> EscapeStart {
        self.start
    }

    /// The potential.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{Escape, EscapeNoise, PiecewiseQuadratic};
    /// let noise = EscapeNoise::Constant { variance: 1.0 };
    /// let escape = Escape::new(PiecewiseQuadratic::new(1.0, 1.0, 1.0)?, noise, 0.15, 2.0)?;
    /// assert_eq!(escape.potential().barrier(), Some(1.0));
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn potential(&self) -> &Potential {
        &self.potential
    }

    /// The learning rate `λ`.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{Escape, EscapeNoise, PiecewiseQuadratic};
    /// let noise = EscapeNoise::Constant { variance: 1.0 };
    /// let escape = Escape::new(PiecewiseQuadratic::new(1.0, 1.0, 1.0)?, noise, 0.15, 2.0)?;
    /// assert_eq!(escape.learning_rate(), 0.15);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    /// Where the walker is out to the right.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{Escape, EscapeNoise, PiecewiseQuadratic};
    /// let noise = EscapeNoise::Constant { variance: 1.0 };
    /// let escape = Escape::new(PiecewiseQuadratic::new(1.0, 1.0, 1.0)?, noise, 0.15, 2.0)?;
    /// assert_eq!(escape.end(), 2.0);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn end(&self) -> f64 {
        self.end
    }

    /// Where it is out to the left, if anywhere.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{Escape, EscapeNoise, Polynomial};
    /// let parabola = Polynomial::new(&[0.0, 0.0, 0.5], 0.0)?;
    /// let escape = Escape::two_sided(parabola, EscapeNoise::Constant { variance: 1.0 }, 0.1, -1.0, 2.0)?;
    /// assert_eq!(escape.lower_end(), Some(-1.0));
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn lower_end(&self) -> Option<f64> {
        self.lower_end
    }

    /// Variance of the gradient noise at a position.
    ///
    /// ```
    /// use noisy_descent::theory::kramers::{Escape, EscapeNoise, PiecewiseQuadratic};
    /// let noise = EscapeNoise::Curvature { batch_size: 2.0, white: 0.25 };
    /// let escape = Escape::new(PiecewiseQuadratic::new(1.0, 4.0, 1.0)?, noise, 0.1, 2.0)?;
    /// assert_eq!((escape.variance(0.0), escape.variance(1.0)), (0.75, 2.25));
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn variance(&self, w: f64) -> f64 {
        match self.noise {
            EscapeNoise::Constant { variance } => variance,
            EscapeNoise::Curvature { batch_size, white } => self.potential.curvature(w).abs() / batch_size + white,
        }
    }

    /// Distance over which the variance changes by its own size, infinite where it is constant.
    pub(super) fn variance_length(&self, w: f64) -> f64 {
        match self.noise {
            EscapeNoise::Constant { .. } => f64::INFINITY,
            EscapeNoise::Curvature { batch_size, .. } => {
                self.variance(w) * batch_size / self.potential.third_derivative(w).abs()
            }
        }
    }

    /// Where a step without noise leads.
    pub(super) fn landing(&self, w: f64) -> f64 {
        w - self.learning_rate * self.potential.slope(w)
    }

    /// Standard deviation of a step.
    pub(super) fn step_deviation(&self, w: f64) -> f64 {
        self.learning_rate * self.variance(w).sqrt()
    }

    /// Diffusion coefficient `λ C/2` in time `s = λt`.
    pub(super) fn diffusion(&self, w: f64) -> f64 {
        0.5 * self.learning_rate * self.variance(w)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::kramers::{PiecewiseQuadratic, Polynomial};

    #[test]
    fn bad_input_is_named() {
        let potential = PiecewiseQuadratic::new(2.0, 1.0, 1.0).unwrap();
        let constant = |variance| EscapeNoise::Constant { variance };
        let curvature = |batch_size, white| EscapeNoise::Curvature { batch_size, white };
        let named = |noise, learning_rate, end| {
            Escape::new(potential, noise, learning_rate, end).unwrap_err().parameter().to_string()
        };
        for bad in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
            assert_eq!(named(constant(1.0), bad, 1.0), "learning_rate");
            assert_eq!(named(constant(1.0), 0.1, bad), "end");
            assert_eq!(named(constant(bad), 0.1, 1.0), "variance");
            assert_eq!(named(curvature(bad, 0.0), 0.1, 1.0), "batch_size");
        }
        assert_eq!(named(constant(1.0), 1.0, 1.0), "learning_rate");
        assert_eq!(named(curvature(1.0, f64::NAN), 0.1, 1.0), "white");
        let cubic = Polynomial::new(&[0.0, 0.0, 0.5, -1.0 / 3.0], 0.0).unwrap();
        assert_eq!(Escape::new(cubic, curvature(1.0, 0.0), 0.1, 2.0).unwrap_err().parameter(), "white");
        assert_eq!(Escape::two_sided(potential, constant(1.0), 0.1, 0.5, 1.0).unwrap_err().parameter(), "lower_end");
    }
}
