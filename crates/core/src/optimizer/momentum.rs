//! SGD with heavy-ball momentum; plain SGD is `momentum = 0`.

use super::{Mode, Number, check_learning_rate, check_share};
use crate::error::Result;
use nalgebra::{Matrix2, Vector2};
use serde::{Deserialize, Serialize};

/// SGD with momentum (Liu et al. 2021, Eq. 5): `m' = μ m + g`, `w' = w − λ m'` with the noisy gradient `g = K w + η`.
///
/// ```
/// use noisy_descent::optimizer::Momentum;
/// let heavy_ball = Momentum { learning_rate: 0.1, momentum: 0.9 };
/// assert_eq!(heavy_ball.step(1.0, 2.0, 3.0), (1.0 - 0.1 * 4.8, 4.8)); // weight, velocity, gradient
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Momentum {
    /// Learning rate `λ > 0`, unit weight²/loss.
    pub learning_rate: f64,
    /// Momentum `μ` in `[0, 1)`, dimensionless.
    #[serde(default)]
    pub momentum: f64,
}

impl Momentum {
    /// One update of one coordinate: from the weight, the velocity and the noisy gradient to the new weight and velocity.
    #[inline]
    #[must_use]
    pub fn step(&self, weight: f64, velocity: f64, gradient: f64) -> (f64, f64) {
        Momentum::update([self.learning_rate, self.momentum], weight, velocity, gradient)
    }

    /// The update in any number: of the coefficients `λ, μ`.
    #[inline(always)]
    pub(crate) fn update<T: Number>([learning_rate, momentum]: [T; 2], weight: T, velocity: T, gradient: T) -> (T, T) {
        let velocity = Momentum::velocity(momentum, velocity, gradient);
        (weight - learning_rate * velocity, velocity)
    }

    /// The new velocity alone.
    #[inline(always)]
    pub(crate) fn velocity<T: Number>(momentum: T, velocity: T, gradient: T) -> T {
        momentum * velocity + gradient
    }

    /// The step on an eigen-direction of curvature `k`.
    ///
    /// ```
    /// use noisy_descent::optimizer::Momentum;
    /// let mode = Momentum { learning_rate: 0.5, momentum: 0.25 }.mode(2.0);
    /// // w' = w − λ(μm + kw + η), m' = μm + kw + η
    /// assert_eq!([mode.transition.m11, mode.transition.m12], [0.0, -0.125]);
    /// assert_eq!([mode.transition.m21, mode.transition.m22], [2.0, 0.25]);
    /// assert_eq!([mode.input.x, mode.input.y], [-0.5, 1.0]);
    /// ```
    #[must_use]
    pub fn mode(&self, curvature: f64) -> Mode {
        let (lambda, mu, k) = (self.learning_rate, self.momentum, curvature);
        Mode { transition: Matrix2::new(1.0 - lambda * k, -lambda * mu, k, mu), input: Vector2::new(-lambda, 1.0) }
    }

    /// The limit of stability on `λk`, dimensionless: every direction contracts if and only if `0 < λk < 2(1 + μ)`
    /// (Liu et al. 2021, Sec. 4.5, where it is called necessary; it is sufficient too).
    ///
    /// ```
    /// use noisy_descent::optimizer::Momentum;
    /// let heavy_ball = Momentum { learning_rate: 1.0, momentum: 0.5 };
    /// assert_eq!(heavy_ball.stability_limit(), 3.0);
    /// // There one eigenvalue of the step is −1: its characteristic polynomial z² − (1 + μ − λk) z + μ vanishes.
    /// let transition = heavy_ball.mode(3.0).transition;
    /// assert_eq!(1.0 + transition.trace() + transition.determinant(), 0.0);
    /// ```
    #[must_use]
    pub fn stability_limit(&self) -> f64 {
        2.0 * (1.0 + self.momentum)
    }

    /// Checks every number.
    ///
    /// # Errors
    /// The first that is out of its range.
    ///
    /// ```
    /// use noisy_descent::optimizer::Momentum;
    /// let problem = Momentum { learning_rate: 0.1, momentum: 1.0 }.check().unwrap_err();
    /// assert_eq!(problem.to_string(), "momentum must lie in [0, 1), got 1");
    /// ```
    pub fn check(&self) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_share("momentum", self.momentum)
    }
}

impl Default for Momentum {
    fn default() -> Self {
        Momentum { learning_rate: 1.5, momentum: 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mode_is_the_step_on_one_direction() {
        let optimizer = Momentum { learning_rate: 0.7, momentum: 0.4 };
        let (w, m, k, eta) = (1.3, -0.2, 0.9, 0.5);
        let mode = optimizer.mode(k);
        let by_mode = mode.transition * Vector2::new(w, m) + mode.input * eta;
        let (weight, velocity) = optimizer.step(w, m, k * w + eta);
        assert!((by_mode[0] - weight).abs() < 1e-15);
        assert!((by_mode[1] - velocity).abs() < 1e-15);
    }
}
