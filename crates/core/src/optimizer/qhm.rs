//! Quasi-hyperbolic momentum: a mixture of plain SGD and averaged momentum.

use super::{Mode, Number, check_learning_rate, check_share, in_range};
use crate::error::Result;
use nalgebra::{Matrix2, Vector2};
use serde::{Deserialize, Serialize};

/// QHM (Liu et al. 2021, Eq. 72): `m' = μ m + (1−μ) g`, `w' = w − λ[(1−ν) g + ν m']` with the noisy gradient `g = K w + η`.
///
/// `ν = 0` is plain SGD with the same learning rate, `ν = 1` heavy-ball momentum with the learning rate `λ(1−μ)`.
///
/// ```
/// use noisy_descent::optimizer::Qhm;
/// let qhm = Qhm { learning_rate: 0.5, momentum: 0.5, mixing: 0.5 };
/// assert_eq!(qhm.step(1.0, 2.0, 4.0), (1.0 - 0.5 * 3.5, 3.0)); // weight, velocity, gradient
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Qhm {
    /// Learning rate `λ > 0`, unit weight²/loss.
    pub learning_rate: f64,
    /// Momentum `μ` in `[0, 1)`, dimensionless.
    #[serde(default)]
    pub momentum: f64,
    /// Share `ν` in `[0, 1]` of the velocity in a step; the rest is the fresh gradient.
    #[serde(default = "Qhm::default_mixing")]
    pub mixing: f64,
}

impl Qhm {
    /// The share that the authors of QHM (Ma and Yarats 2019) suggest.
    pub(super) fn default_mixing() -> f64 {
        0.7
    }

    /// One update of one coordinate: from the weight, the velocity and the noisy gradient to the new weight and velocity.
    #[inline]
    #[must_use]
    pub fn step(&self, weight: f64, velocity: f64, gradient: f64) -> (f64, f64) {
        Qhm::update(self.coefficients(), weight, velocity, gradient)
    }

    /// `μ`, `1 − μ`, `λ(1 − ν)` and `λν`: the coefficients of the update.
    pub(crate) fn coefficients(&self) -> [f64; 4] {
        let (lambda, mu, nu) = (self.learning_rate, self.momentum, self.mixing);
        [mu, 1.0 - mu, lambda * (1.0 - nu), lambda * nu]
    }

    /// The update in any number, of its coefficients.
    #[inline(always)]
    pub(crate) fn update<T: Number>(
        [momentum, fresh, by_gradient, by_velocity]: [T; 4],
        weight: T,
        velocity: T,
        gradient: T,
    ) -> (T, T) {
        let velocity = momentum * velocity + fresh * gradient;
        (weight - (by_gradient * gradient + by_velocity * velocity), velocity)
    }

    /// The step on an eigen-direction of curvature `k`.
    ///
    /// ```
    /// use noisy_descent::optimizer::Qhm;
    /// let mode = Qhm { learning_rate: 0.5, momentum: 0.5, mixing: 0.5 }.mode(2.0);
    /// // w' = w − αg − λνμ m, m' = μm + (1 − μ)g with g = kw + η and α = λ(1 − νμ) = 0.375
    /// assert_eq!([mode.transition.m11, mode.transition.m12], [0.25, -0.125]);
    /// assert_eq!([mode.transition.m21, mode.transition.m22], [1.0, 0.5]);
    /// assert_eq!([mode.input.x, mode.input.y], [-0.375, 0.5]);
    /// ```
    #[must_use]
    pub fn mode(&self, curvature: f64) -> Mode {
        let (lambda, mu, nu, k) = (self.learning_rate, self.momentum, self.mixing, curvature);
        let alpha = lambda * (1.0 - nu * mu);
        Mode {
            transition: Matrix2::new(1.0 - alpha * k, -lambda * nu * mu, (1.0 - mu) * k, mu),
            input: Vector2::new(-alpha, 1.0 - mu),
        }
    }

    /// `α = λ(1 − νμ)` and `β = λμ(1 − ν)`, the weights of the last noise and of the one before.
    ///
    /// ```
    /// use noisy_descent::optimizer::Qhm;
    /// let qhm = Qhm { learning_rate: 1.0, momentum: 0.5, mixing: 0.25 };
    /// assert_eq!(qhm.noise_weights(), (0.875, 0.375)); // α − β is λ(1 − μ)
    /// assert_eq!(Qhm { mixing: 0.0, ..qhm }.noise_weights(), (1.0, 0.5)); // SGD, written with μ
    /// assert_eq!(Qhm { mixing: 1.0, ..qhm }.noise_weights(), (0.5, 0.0)); // heavy ball with λ(1 − μ)
    /// ```
    #[must_use]
    pub fn noise_weights(&self) -> (f64, f64) {
        let (lambda, mu, nu) = (self.learning_rate, self.momentum, self.mixing);
        (lambda * (1.0 - nu * mu), lambda * mu * (1.0 - nu))
    }

    /// The limit of stability on `λk`, `2(1 + μ)/(1 + μ − 2μν)`, dimensionless; necessary and sufficient.
    ///
    /// ```
    /// use noisy_descent::optimizer::Qhm;
    /// let qhm = Qhm { learning_rate: 1.0, momentum: 0.5, mixing: 0.5 };
    /// assert_eq!(qhm.stability_limit(), 3.0); // 2·1.5/(1.5 − 0.5)
    /// assert_eq!(Qhm { mixing: 0.0, ..qhm }.stability_limit(), 2.0); // plain SGD
    /// assert_eq!(Qhm { mixing: 1.0, ..qhm }.stability_limit(), 6.0); // 2(1 + μ)/(1 − μ)
    /// ```
    #[must_use]
    pub fn stability_limit(&self) -> f64 {
        2.0 * (1.0 + self.momentum) / (1.0 + self.momentum - 2.0 * self.momentum * self.mixing)
    }

    /// Checks every number.
    ///
    /// # Errors
    /// The first that is out of its range.
    ///
    /// ```
    /// use noisy_descent::optimizer::Qhm;
    /// let problem = Qhm { mixing: 1.5, ..Qhm::default() }.check().unwrap_err();
    /// assert_eq!(problem.to_string(), "mixing must lie in [0, 1], got 1.5");
    /// ```
    pub fn check(&self) -> Result<()> {
        check_learning_rate(self.learning_rate)?;
        check_share("momentum", self.momentum)?;
        in_range("mixing", self.mixing, (0.0..=1.0).contains(&self.mixing), "[0, 1]")
    }
}

impl Default for Qhm {
    fn default() -> Self {
        Qhm { learning_rate: 1.0, momentum: 0.9, mixing: Qhm::default_mixing() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mode_is_the_step_on_one_direction() {
        let optimizer = Qhm { learning_rate: 0.7, momentum: 0.4, mixing: 0.3 };
        let (w, m, k, eta) = (1.3, -0.2, 0.9, 0.5);
        let mode = optimizer.mode(k);
        let by_mode = mode.transition * Vector2::new(w, m) + mode.input * eta;
        let (weight, velocity) = optimizer.step(w, m, k * w + eta);
        assert!((by_mode[0] - weight).abs() < 1e-15);
        assert!((by_mode[1] - velocity).abs() < 1e-15);
    }
}
