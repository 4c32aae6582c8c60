//! A loss, a noise and an optimizer brought to the one form in which the theory works.

use super::modes::same_size;
use super::stability::short;
use super::{Modes, adam, natural_gradient};
use crate::complete::Complete;
use crate::error::{Error, Result};
use crate::noise::NoiseCovariance;
use crate::optimizer::{Mode, Optimizer, Step};
use nalgebra::DMatrix;
use std::sync::Arc;

/// A linear descent near a minimum: directions that do not mix, see [`Modes`], and the [`Step`] that acts on each.
///
/// Everything is checked when it is made, so that the functions of the theory need no further checks. Natural gradient
/// and Adam, whose preconditioner the fluctuation sets, stand here with their preconditioner at its stationary value;
/// [`System::unknown`] says where there is none.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::System};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.5, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?;
/// assert_eq!(system.dimension(), 1);
/// assert!(System::new(&dmatrix![f64::NAN], &dmatrix![1.0], &sgd).is_err());
/// # Ok::<(), noisy_descent::Error>(())
/// ```
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Newton, Optimizer}, theory::System};
/// // Damped Newton sees every curvature as 1.
/// let newton = Optimizer::Newton(Newton { learning_rate: 0.5, momentum: 0.0 });
/// let (hessian, white) = (dmatrix![4.0, 0.0; 0.0, 1.0], dmatrix![1.0, 0.0; 0.0, 1.0]);
/// let system = System::new(&hessian, &white, &newton)?;
/// assert!(!system.is_plain() && system.optimizer() == &newton && system.hessian() == &hessian);
/// assert!(system.modes().curvatures().iter().all(|k| (k - 1.0).abs() < 1e-15));
/// assert_eq!(system.hessian_modes().curvatures(), [4.0, 1.0]);
/// assert_eq!(system.step().learning_rate(), 0.5);
/// assert!((system.mode(0).transition.m11 - 0.5).abs() < 1e-15); // 1 − λ
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct System {
    problem: Arc<Problem>,
    plain: Arc<Modes>,
    modes: Arc<Modes>,
    step: Step,
    optimizer: Optimizer,
    unfound: Option<f64>,
}

/// Loss and noise, decomposed once.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) hessian: DMatrix<f64>,
    /// The part of the noise covariance that does not depend on the weights.
    pub(crate) noise: DMatrix<f64>,
    /// The `c` of a noise covariance `c K Σ K`; 0 without one.
    pub(crate) proportional: f64,
    /// The Hessian's eigenbasis with the constant noise.
    pub(crate) modes: Arc<Modes>,
}

impl System {
    /// From a Hessian `K` (symmetric positive definite), a constant noise covariance `C` (symmetric positive semidefinite,
    /// as large as `K`) and an optimizer.
    ///
    /// # Errors
    /// Names what is not square, finite, symmetric, positive, of the same size or in its range.
    pub fn new(hessian: &DMatrix<f64>, noise_covariance: &DMatrix<f64>, optimizer: &Optimizer) -> Result<System> {
        let modes = Arc::new(Modes::new(hessian, noise_covariance)?);
        let problem = Problem { hessian: hessian.clone(), noise: noise_covariance.clone(), proportional: 0.0, modes };
        System::of(Arc::new(problem), optimizer, true)
    }

    /// From a Hessian, a model of the noise covariance and an optimizer; the way of a [`Scenario`](crate::Scenario). A noise
    /// that depends on the weights has its [`NoiseCovariance::stand_in`]. The Hessian may be flat in some directions, but not
    /// under damped Newton, natural gradient and Adam.
    ///
    /// # Errors
    /// As [`System::new`]; [`Error::NotCombined`] for a noise proportional to the fluctuation with an optimizer other than
    /// natural gradient and Adam, under which both only decay to zero.
    ///
    /// ```
    /// use noisy_descent::{nalgebra::dmatrix, noise::NoiseCovariance, optimizer::Optimizer, theory::System};
    /// let hessian = dmatrix![2.0, 0.0; 0.0, 1.0];
    /// let like_the_hessian = System::with_noise(&hessian, &NoiseCovariance::Hessian { scale: 3.0 }, &Optimizer::default())?;
    /// assert_eq!(like_the_hessian.modes().noise(), &dmatrix![6.0, 0.0; 0.0, 3.0]);
    ///
    /// let fading = NoiseCovariance::Proportional { scale: 1.0 };
    /// assert_eq!(System::with_noise(&hessian, &fading, &Optimizer::default()).unwrap_err().kind(), "not_combined");
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn with_noise(hessian: &DMatrix<f64>, noise: &NoiseCovariance, optimizer: &Optimizer) -> Result<System> {
        noise.check(optimizer)?;
        let proportional = if let NoiseCovariance::Proportional { scale } = *noise { scale } else { 0.0 };
        let noise = noise.stand_in(hessian).unwrap_or_else(|| DMatrix::zeros(hessian.nrows(), hessian.nrows()));
        let modes = Arc::new(Modes::semidefinite(hessian, &noise)?);
        System::of(Arc::new(Problem { hessian: hessian.clone(), noise, proportional, modes }), optimizer, true)
    }

    /// As [`System::new`] for a Hessian that may be flat in some directions, under momentum or QHM.
    pub(crate) fn semidefinite(hessian: &DMatrix<f64>, noise: &DMatrix<f64>, step: Step) -> Result<System> {
        let optimizer = match step {
            Step::Momentum(step) => Optimizer::Momentum(step),
            Step::Qhm(step) => Optimizer::Qhm(step),
        };
        let modes = Arc::new(Modes::semidefinite(hessian, noise)?);
        let problem = Problem { hessian: hessian.clone(), noise: noise.clone(), proportional: 0.0, modes };
        System::of(Arc::new(problem), &optimizer, true)
    }

    /// The same loss and noise under another optimizer. What has been decomposed is used again: another learning rate,
    /// momentum or mixing costs nothing for momentum, QHM, a constant preconditioner and damped Newton.
    ///
    /// # Errors
    /// The optimizer's, as [`System::new`].
    ///
    /// ```
    /// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{System, mode_variances}};
    /// let sgd = |learning_rate| Optimizer::Momentum(Momentum { learning_rate, momentum: 0.0 });
    /// let first = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd(1.0))?;
    /// for learning_rate in [0.5, 1.0, 1.5] {
    ///     let variances = mode_variances(&first.with_optimizer(&sgd(learning_rate))?).unwrap();
    ///     assert!((variances[0] - learning_rate / (2.0 - learning_rate)).abs() < 1e-14);
    /// }
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn with_optimizer(&self, optimizer: &Optimizer) -> Result<System> {
        let same_directions = match (&self.optimizer, optimizer) {
            (Optimizer::Newton(_), Optimizer::Newton(_)) => true,
            (Optimizer::Preconditioned(old), Optimizer::Preconditioned(new)) => {
                old.preconditioner == new.preconditioner
            }
            _ => false,
        };
        if !same_directions {
            return System::of(Arc::clone(&self.problem), optimizer, false);
        }
        optimizer.check()?;
        let step = match optimizer {
            Optimizer::Preconditioned(new) => new.step(),
            Optimizer::Newton(new) => new.step(),
            _ => self.step,
        };
        if !fits(&step, self.modes.curvatures()[0]) {
            return Err(overflow(optimizer));
        }
        Ok(System { step, optimizer: optimizer.clone(), ..self.clone() })
    }

    /// `fresh` says that the problem's own matrices have not been looked at yet.
    fn of(problem: Arc<Problem>, optimizer: &Optimizer, fresh: bool) -> Result<System> {
        optimizer.check()?;
        if problem.proportional > 0.0 {
            NoiseCovariance::Proportional { scale: problem.proportional }.check(optimizer)?;
        }
        let inverts = matches!(optimizer, Optimizer::Newton(_) | Optimizer::NaturalGradient(_) | Optimizer::Adam(_));
        if inverts && problem.modes.flat() > 0 {
            return Err(Error::NotPositive { parameter: "hessian".into(), eigenvalue: 0.0, strict: true });
        }
        let mut unfound = None;
        let (plain, modes, step) = match optimizer {
            Optimizer::Momentum(momentum) => (None, None, Step::Momentum(*momentum)),
            Optimizer::Qhm(qhm) => (None, None, Step::Qhm(*qhm)),
            Optimizer::Preconditioned(preconditioned) => {
                let matrix = &preconditioned.preconditioner;
                same_size("preconditioner", matrix, problem.modes.dimension())?;
                let eigen = crate::matrix::symmetric_eigen("preconditioner", matrix)?;
                let modes = problem.modes.behind(&problem.hessian, &problem.noise, &eigen)?;
                (None, Some(modes), preconditioned.step())
            }
            Optimizer::Newton(newton) => {
                let k = problem.modes.curvatures();
                (None, Some(problem.modes.stretched(|i| 1.0 / k[i].sqrt())), newton.step())
            }
            Optimizer::NaturalGradient(natural) => {
                Complete::needed("optimizer")?;
                let (plain, modes) = natural_gradient::self_consistent(&problem, natural)?;
                (plain, Some(modes), natural.step())
            }
            Optimizer::Adam(adam) => {
                Complete::needed("optimizer")?;
                let (plain, modes, change) = adam::self_consistent(&problem, adam)?;
                unfound = change;
                (plain, Some(modes), adam.step())
            }
        };
        let plain = plain.map_or_else(|| Arc::clone(&problem.modes), Arc::new);
        let modes = modes.map_or_else(|| Arc::clone(&plain), Arc::new);
        let looked_at = !fresh && Arc::ptr_eq(&modes, &problem.modes);
        if !fits(&step, modes.curvatures()[0]) || !(looked_at || modes.is_finite()) {
            return Err(overflow(optimizer));
        }
        Ok(System { problem, plain, modes, step, optimizer: optimizer.clone(), unfound })
    }

    /// Number of coordinates `D`.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.modes.dimension()
    }

    /// The directions on which the step acts one by one.
    #[must_use]
    pub fn modes(&self) -> &Modes {
        &self.modes
    }

    /// The Hessian's own eigenbasis with the noise covariance in it; the same as [`System::modes`] without a
    /// preconditioner.
    #[must_use]
    pub fn hessian_modes(&self) -> &Modes {
        &self.plain
    }

    /// Whether the step's directions are the Hessian's eigenvectors: no preconditioner.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        Arc::ptr_eq(&self.plain, &self.modes)
    }

    /// Why the discrete theory has no value although nothing is wrong, in words: the preconditioner of Adam was not found, and what the
    /// last round of the search left is in its place. `None` where it was, and for every other optimizer.
    ///
    /// ```
    /// use noisy_descent::{nalgebra::DMatrix, optimizer::{Adam, Optimizer}, theory::{System, stationary_covariance}};
    /// // Noise along one direction of five that all mix, and gradients that are averaged over a hundred steps.
    /// let hessian = DMatrix::from_fn(5, 5, |i, j| if i == j { 1.0 + i as f64 } else { 0.3 / (1 + i + j) as f64 });
    /// let noise = DMatrix::from_fn(5, 5, |i, j| [1.0, -0.5, 0.2, 0.7, -0.1][i] * [1.0, -0.5, 0.2, 0.7, -0.1][j]);
    /// let adam = |beta1| Optimizer::Adam(Adam { learning_rate: 0.2, beta1, ..Adam::default() });
    /// let system = System::new(&hessian, &noise, &adam(0.99))?;
    /// assert!(system.unknown().unwrap().starts_with("the preconditioner of Adam was not found"));
    /// assert!(stationary_covariance(&system).is_none());
    /// assert!(System::new(&hessian, &noise, &adam(0.0))?.unknown().is_none());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn unknown(&self) -> Option<String> {
        self.unfound.map(|change| {
            let (rounds, change) = (adam::ROUNDS, short(change));
            format!("the preconditioner of Adam was not found: after {rounds} rounds a round still changes it by {change} of its size")
        })
    }

    /// Whether the discrete theory has a value.
    pub(crate) fn is_known(&self) -> bool {
        self.unfound.is_none()
    }

    /// The step on each direction.
    #[must_use]
    pub fn step(&self) -> &Step {
        &self.step
    }

    /// The optimizer as given.
    #[must_use]
    pub fn optimizer(&self) -> &Optimizer {
        &self.optimizer
    }

    /// The step on direction `i`.
    #[must_use]
    pub fn mode(&self, i: usize) -> Mode {
        self.step.mode(self.modes.curvatures()[i])
    }

    /// The Hessian as given.
    #[must_use]
    pub fn hessian(&self) -> &DMatrix<f64> {
        &self.problem.hessian
    }
}

/// Whether squares of `λk`, and the learning rate at which the sharpest curvature breaks, are numbers; without any curvature
/// nothing breaks.
fn fits(step: &Step, sharpest: f64) -> bool {
    let limit = step.stability_limit() / sharpest;
    (step.learning_rate() * sharpest).powi(2).is_finite() && (limit.is_finite() || sharpest == 0.0)
}

/// The refusal of numbers that are fine one by one and together exceed double precision.
pub(super) fn overflow(optimizer: &Optimizer) -> Error {
    Error::OutOfRange {
        parameter: "learning_rate".into(),
        value: optimizer.learning_rate(),
        allowed: "the range in which the result is a finite number for this loss and noise".into(),
    }
}
