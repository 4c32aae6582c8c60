//! A scenario made ready for prediction: what its numbers of steps, and its optimizers, share.

use super::averages::Average;
use super::document::{EscapeEfficiency, Prediction};
use super::escape::{EscapePrediction, predict_escape};
use super::modes::{finite, mode_predictions};
use super::{SETTLED, patience};
use crate::complete::Complete;
use crate::error::{Error, Result};
use crate::loss::{LinearRegression, Loss};
use crate::noise::NoiseCovariance;
use crate::optimizer::Optimizer;
use crate::scenario::{Scenario, Start};
use crate::theory::minibatch::{MinibatchDescent, MinibatchStability, PATIENT};
use crate::theory::relaxation::{Relaxation, check_tolerance};
use crate::theory::stability::unstable_directions;
use crate::theory::{System, continuous, escape_efficiency, stability};
use std::sync::{Arc, OnceLock};

/// A scenario made ready for prediction: its loss decomposed, its data set's moments taken.
///
/// ```
/// use noisy_descent::{Scenario, predict, theory::{Predictor, Relaxation}};
/// let predictor = Predictor::new(&Scenario::default())?;
/// assert_eq!((predictor.scenario().run.steps, predictor.system().dimension()), (1000, 2));
/// assert_eq!(predictor.predict()?, predict(&Scenario::default())?);
/// assert_eq!(predictor.relaxation_steps(1e-3)?, Relaxation::Within(22)); // 0.85⁴⁴ < 10⁻³ < 0.85⁴²
/// assert_eq!(predictor.burn_in()?, 0); // it does not start in its stationary state
/// let variance = |steps| Ok::<_, noisy_descent::Error>(predictor.after(steps)?.discrete.unwrap().at_end.covariance[0][0]);
/// assert_eq!(variance(0)?, 0.0);
/// assert!(variance(1)? < variance(2)? && variance(200)? < 3.0 + 1e-12);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Predictor {
    scenario: Scenario,
    pub(super) start: Start,
    pub(super) system: System,
    pub(super) exact: Exact,
    exact_stability: OnceLock<MinibatchStability>,
    burn_in: OnceLock<u64>,
    average: OnceLock<Option<Average>>,
}

/// The theory that is exact for a scenario.
#[derive(Debug, Clone)]
pub(super) enum Exact {
    /// The discrete one.
    Discrete,
    /// That of true minibatches.
    Minibatch(Arc<MinibatchDescent>, Complete),
    /// None, and why.
    Unknown(String),
}

impl Predictor {
    /// Prepares a scenario.
    ///
    /// # Errors
    /// The first problem of the scenario.
    pub fn new(scenario: &Scenario) -> Result<Predictor> {
        Predictor::of(scenario, scenario.system()?, None)
    }

    /// The same for another scenario, which differs in checked numbers. What it shares with this one is used again: of another
    /// optimizer the decomposed loss, of another noise the moments of the data set.
    ///
    /// # Errors
    /// The first problem of the scenario.
    pub(crate) fn with_scenario(&self, scenario: &Scenario) -> Result<Predictor> {
        let same_problem =
            self.scenario.loss == scenario.loss && self.scenario.noise.covariance == scenario.noise.covariance;
        let system = if same_problem { self.system.with_optimizer(&scenario.optimizer)? } else { scenario.system()? };
        Predictor::of(scenario, system, Some(self))
    }

    fn of(scenario: &Scenario, system: System, before: Option<&Predictor>) -> Result<Predictor> {
        Ok(Predictor {
            exact: exact(scenario, &system, before)?,
            start: scenario.run.start.clone(),
            scenario: scenario.clone(),
            system,
            exact_stability: OnceLock::new(),
            burn_in: OnceLock::new(),
            average: OnceLock::new(),
        })
    }

    /// The scenario.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The form in which the discrete theory works.
    #[must_use]
    pub fn system(&self) -> &System {
        &self.system
    }

    /// Whether no direction is too sharp for the step by the discrete theory; `None` where it has no value.
    pub(crate) fn discrete_is_stable(&self) -> Option<bool> {
        self.system.is_known().then(|| unstable_directions(&self.system) == 0)
    }

    /// Whether the exact theory has a stationary state, or stays finite where a loss is flat; `None` where there is no exact
    /// theory.
    pub(crate) fn exact_is_stable(&self) -> Option<bool> {
        match &self.exact {
            Exact::Discrete => self.discrete_is_stable(),
            Exact::Minibatch(descent, _) => Some(descent.is_stable()),
            Exact::Unknown(_) => None,
        }
    }

    /// Whether the exact theory is the discrete one, so many steps after the start.
    pub(crate) fn discrete_is_exact(&self, steps: u64) -> Result<bool> {
        Ok(matches!(self.exact, Exact::Discrete) && self.settling()?.is_none_or(|average| average.has_settled(steps)))
    }

    /// See [`Predictor::average`].
    fn settling(&self) -> Result<Option<Average>> {
        if let Some(&known) = self.average.get() {
            return Ok(known);
        }
        let found = self.average()?;
        Ok(*self.average.get_or_init(|| found))
    }

    /// See [`relaxation_steps`](super::relaxation_steps).
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a tolerance outside `(0, 1)`.
    pub fn relaxation_steps(&self, tolerance: f64) -> Result<Relaxation> {
        check_tolerance(tolerance)?;
        match &self.exact {
            Exact::Minibatch(descent, _) => descent.relaxation(tolerance),
            Exact::Discrete | Exact::Unknown(_) => self.relaxation_with_average(tolerance),
        }
    }

    /// See [`burn_in`](super::burn_in).
    ///
    /// # Errors
    /// What goes wrong with the exact theory of minibatches.
    pub fn burn_in(&self) -> Result<u64> {
        match self.start {
            Start::Stationary { burn_in: Some(steps) } => Ok(u64::from(steps)),
            Start::Stationary { burn_in: None } => match self.burn_in.get() {
                Some(&steps) => Ok(steps),
                None => {
                    let steps = patience(self.relaxation_steps(SETTLED)?);
                    Ok(*self.burn_in.get_or_init(|| steps))
                }
            },
            _ => Ok(0),
        }
    }

    /// Everything, after the scenario's own number of steps.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] where numbers that are fine one by one exceed double precision.
    pub fn predict(&self) -> Result<Prediction> {
        let mut prediction = self.after(u64::from(self.scenario.run.steps))?;
        prediction.escape = self.escape()?;
        Ok(prediction)
    }

    /// The escape from a potential; `None` for a loss without an exit.
    ///
    /// # Errors
    /// As [`Predictor::burn_in`].
    pub(crate) fn escape(&self) -> Result<Option<EscapePrediction>> {
        Ok(predict_escape(&self.scenario, &self.system, self.burn_in()?))
    }

    /// Everything after a number of steps, 0 included, but the escape, which does not depend on it.
    ///
    /// # Errors
    /// As [`Predictor::predict`].
    pub fn after(&self, steps: u64) -> Result<Prediction> {
        let system = &self.system;
        let laws = self.laws(steps, PATIENT)?;
        let exact_note = match &self.exact {
            Exact::Unknown(note) => note.clone(),
            Exact::Discrete if laws.discrete.is_some() && laws.exact.is_none() => {
                self.settling()?.map_or_else(String::new, |average| average.note(steps))
            }
            Exact::Minibatch(descent, _) if laws.exact.is_none() && descent.is_stable() => {
                "so many steps of so many coordinates are too much work for the exact theory".into()
            }
            _ => String::new(),
        };
        let constant = !self.scenario.noise.covariance.depends_on_weights();
        Ok(Prediction {
            stability: stability(system),
            exact_stability: self.exact_stability()?,
            continuous: laws.continuous,
            discrete: laws.discrete,
            exact: laws.exact,
            exact_note,
            average: self.settling()?.map(|average| average.document()),
            escape_efficiency: EscapeEfficiency {
                continuous: continuous::escape_efficiency(system, steps as f64),
                discrete: finite(escape_efficiency(system, steps)),
            },
            escape: None,
            modes: mode_predictions(system, constant.then_some(&self.scenario.noise.law))?,
        })
    }

    fn exact_stability(&self) -> Result<Option<MinibatchStability>> {
        let Exact::Minibatch(descent, _) = &self.exact else { return Ok(None) };
        if let Some(known) = self.exact_stability.get() {
            return Ok(Some(known.clone()));
        }
        let found = descent.stability()?;
        Ok(Some(self.exact_stability.get_or_init(|| found).clone()))
    }
}

/// The discrete theory, where it has a value.
fn discrete(system: &System) -> Exact {
    system.unknown().map_or(Exact::Discrete, Exact::Unknown)
}

/// Which theory is exact.
fn exact(scenario: &Scenario, system: &System, before: Option<&Predictor>) -> Result<Exact> {
    let least_squares = match &scenario.loss {
        Loss::PiecewiseQuadratic(_) | Loss::Polynomial(_) => {
            return Ok(Exact::Unknown("the laws are those of the well's parabola, which the potential leaves".into()));
        }
        Loss::Quadratic(_) => return Ok(discrete(system)),
        Loss::LeastSquares(least_squares) => least_squares,
    };
    let NoiseCovariance::Minibatch { batch_size, sampling } = scenario.noise.covariance else {
        return Ok(discrete(system));
    };
    if matches!(system.optimizer(), Optimizer::Adam(_) | Optimizer::NaturalGradient(_)) {
        return Ok(Exact::Unknown(format!("there is none for minibatches under {}", system.optimizer().kind())));
    }
    let complete = Complete::needed("covariance")?;
    let regression: &LinearRegression = least_squares.regression()?;
    let known = before.filter(|before| before.scenario.loss == scenario.loss).and_then(|before| match &before.exact {
        Exact::Minibatch(descent, _) => Some(descent),
        _ => None,
    });
    let descent = match known {
        Some(known) => known.after(regression, sampling, batch_size as usize, system),
        None => MinibatchDescent::new(regression, sampling, batch_size as usize, system),
    };
    match descent {
        Ok(descent) => Ok(Exact::Minibatch(Arc::new(descent), complete)),
        // What the theory does not cover: epochs, too many coordinates.
        Err(error @ (Error::NoTheory { .. } | Error::OutOfRange { .. })) => Ok(Exact::Unknown(error.to_string())),
        Err(error) => Err(error),
    }
}
