//! The two linear steps from which every optimizer is built, and what each does to one eigen-direction.

use super::{Momentum, Qhm};
use crate::error::Result;
use nalgebra::{Matrix2, Vector2};

/// What one step does to an eigen-direction: `(w', m') = transition · (w, m) + input · η`.
///
/// ```
/// use noisy_descent::{nalgebra::Vector2, optimizer::{Mode, Momentum, Step}};
/// let heavy_ball = Momentum { learning_rate: 0.5, momentum: 0.25 };
/// let Mode { transition, input } = Step::from(heavy_ball).mode(2.0);
/// // On the loss of curvature 2 the gradient at w = 3 with the noise η = 1 is 7.
/// let (weight, velocity) = heavy_ball.step(3.0, 4.0, 2.0 * 3.0 + 1.0);
/// assert_eq!(transition * Vector2::new(3.0, 4.0) + input * 1.0, Vector2::new(weight, velocity));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mode {
    /// The 2x2 matrix `A(k)` on `(w, m)`.
    pub transition: Matrix2<f64>,
    /// The 2-vector `b(k)` that carries the gradient noise `η` into `(w, m)`.
    pub input: Vector2<f64>,
}

/// The step on an eigen-direction with the velocity eliminated: `w_t = a₁ w_{t−1} − a₂ w_{t−2} − α η_{t−1} + β η_{t−2}`.
///
/// ```
/// use noisy_descent::optimizer::{Qhm, Recursion, Step};
/// let step = Step::from(Qhm { learning_rate: 0.8, momentum: 0.5, mixing: 0.5 });
/// let Recursion { first, second, alpha, beta } = step.recursion(2.0);
/// assert!((alpha - 0.6).abs() < 1e-15 && (beta - 0.2).abs() < 1e-15); // λ(1 − νμ) and λμ(1 − ν)
/// // The trace and the determinant of the 2x2 matrix: 1.5 − 2α and 0.5 − 2β.
/// let transition = step.mode(2.0).transition;
/// assert!((first - 0.3).abs() < 1e-15 && (transition.trace() - first).abs() < 1e-15);
/// assert!((second - 0.1).abs() < 1e-15 && (transition.determinant() - second).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recursion {
    /// `a₁ = 1 + μ − αk`.
    pub first: f64,
    /// `a₂ = μ − βk`.
    pub second: f64,
    /// `α`, weight of the last noise.
    pub alpha: f64,
    /// `β`, weight of the noise before it; 0 for heavy-ball momentum.
    pub beta: f64,
}

/// A linear step: heavy-ball momentum or QHM, with a scalar learning rate.
///
/// ```
/// use noisy_descent::optimizer::{Momentum, Qhm, Step};
/// // QHM with ν = 1 is heavy-ball momentum with the learning rate λ(1 − μ), up to the scale of its velocity.
/// let heavy_ball = Step::from(Momentum { learning_rate: 0.1, momentum: 0.9 });
/// let qhm = Step::from(Qhm { learning_rate: 1.0, momentum: 0.9, mixing: 1.0 });
/// assert!((heavy_ball.recursion(0.7).first - qhm.recursion(0.7).first).abs() < 1e-15);
/// assert!((qhm.stability_limit() / heavy_ball.stability_limit() - 10.0).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// SGD with heavy-ball momentum.
    Momentum(Momentum),
    /// Quasi-hyperbolic momentum.
    Qhm(Qhm),
}

impl Step {
    /// Learning rate `λ`.
    #[must_use]
    pub fn learning_rate(&self) -> f64 {
        match self {
            Step::Momentum(step) => step.learning_rate,
            Step::Qhm(step) => step.learning_rate,
        }
    }

    /// Momentum `μ`.
    #[must_use]
    pub fn momentum(&self) -> f64 {
        match self {
            Step::Momentum(step) => step.momentum,
            Step::Qhm(step) => step.momentum,
        }
    }

    /// Length of the slow drift per step and unit of gradient: `λ/(1 − μ)` for heavy-ball momentum, `λ` for QHM, whose
    /// velocity is an average. The learning rate of the diffusion.
    ///
    /// ```
    /// use noisy_descent::optimizer::{Momentum, Qhm, Step};
    /// let heavy_ball = Step::from(Momentum { learning_rate: 0.1, momentum: 0.75 });
    /// let qhm = Step::from(Qhm { learning_rate: 0.1, momentum: 0.75, mixing: 0.5 });
    /// assert_eq!((heavy_ball.learning_rate(), heavy_ball.momentum()), (0.1, 0.75));
    /// assert_eq!((heavy_ball.effective_learning_rate(), qhm.effective_learning_rate()), (0.4, 0.1));
    /// ```
    #[must_use]
    pub fn effective_learning_rate(&self) -> f64 {
        match self {
            Step::Momentum(step) => step.learning_rate / (1.0 - step.momentum),
            Step::Qhm(step) => step.learning_rate,
        }
    }

    /// The step on an eigen-direction of curvature `k`.
    #[must_use]
    pub fn mode(&self, curvature: f64) -> Mode {
        match self {
            Step::Momentum(step) => step.mode(curvature),
            Step::Qhm(step) => step.mode(curvature),
        }
    }

    /// The same with the velocity eliminated.
    #[must_use]
    pub fn recursion(&self, curvature: f64) -> Recursion {
        let (alpha, beta) = match self {
            Step::Momentum(step) => (step.learning_rate, 0.0),
            Step::Qhm(step) => step.noise_weights(),
        };
        let mu = self.momentum();
        Recursion { first: 1.0 + mu - alpha * curvature, second: mu - beta * curvature, alpha, beta }
    }

    /// The limit of stability on `λk`, dimensionless: every direction contracts if and only if `0 < λk` is below it.
    #[must_use]
    pub fn stability_limit(&self) -> f64 {
        match self {
            Step::Momentum(step) => step.stability_limit(),
            Step::Qhm(step) => step.stability_limit(),
        }
    }

    /// The formula of [`Step::stability_limit`], for people.
    ///
    /// ```
    /// use noisy_descent::optimizer::{Qhm, Step};
    /// let qhm = Step::from(Qhm { learning_rate: 0.1, momentum: 0.5, mixing: 0.5 });
    /// assert_eq!((qhm.stability_formula(), qhm.stability_limit()), ("2(1 + μ)/(1 + μ − 2μν)", 3.0));
    /// ```
    #[must_use]
    pub fn stability_formula(&self) -> &'static str {
        match self {
            Step::Momentum(_) => "2(1 + μ)",
            Step::Qhm(_) => "2(1 + μ)/(1 + μ − 2μν)",
        }
    }

    /// Checks every number.
    ///
    /// # Errors
    /// The first that is out of its range.
    ///
    /// ```
    /// use noisy_descent::optimizer::{Momentum, Step};
    /// let step = Step::from(Momentum { learning_rate: 0.0, momentum: 0.5 });
    /// assert_eq!(step.check().unwrap_err().to_string(), "learning_rate must lie in (0, ∞), got 0");
    /// ```
    pub fn check(&self) -> Result<()> {
        match self {
            Step::Momentum(step) => step.check(),
            Step::Qhm(step) => step.check(),
        }
    }
}

impl From<Momentum> for Step {
    fn from(step: Momentum) -> Step {
        Step::Momentum(step)
    }
}

impl From<Qhm> for Step {
    fn from(step: Qhm) -> Step {
        Step::Qhm(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trace_and_determinant_are_the_recursion() {
        let heavy_ball = Step::from(Momentum { learning_rate: 0.7, momentum: 0.4 });
        let qhm = Step::from(Qhm { learning_rate: 0.7, momentum: 0.4, mixing: 0.3 });
        for step in [heavy_ball, qhm] {
            for curvature in [0.1, 1.3] {
                let (mode, recursion) = (step.mode(curvature), step.recursion(curvature));
                assert!((mode.transition.trace() - recursion.first).abs() < 1e-15);
                assert!((mode.transition.determinant() - recursion.second).abs() < 1e-15);
                assert!((mode.input[0] + recursion.alpha).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn the_limit_is_where_a_root_reaches_minus_one() {
        for mixing in [0.0, 0.3, 0.7, 1.0] {
            for momentum in [0.0, 0.5, 0.99] {
                let step = Step::from(Qhm { learning_rate: 1.0, momentum, mixing });
                let recursion = step.recursion(step.stability_limit());
                assert!((1.0 + recursion.first + recursion.second).abs() < 1e-12 * step.stability_limit());
                assert!(recursion.second.abs() < 1.0 + 1e-12);
            }
        }
    }
}
