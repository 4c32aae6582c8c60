//! What every theory says of a scenario on its way: also where it will never settle.

use super::predictor::{Exact, Predictor};
use crate::error::Result;
use crate::scenario::Scenario;
use crate::theory::{Memory, Moments, Shape, component_shape, continuous, transient};
use nalgebra::{DMatrix, DVector};

/// Work of the exact theory of minibatches at one time, in multiplications: some ten milliseconds.
const WORK: f64 = 6e7;

/// Mean and covariance by every theory at one time; `None` beyond every number, and where there is no such theory.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OnTheWay {
    pub(crate) continuous: Moments,
    pub(crate) discrete: Option<Moments>,
    pub(crate) exact: Option<Moments>,
}

/// What every theory remembers of one time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Memories {
    /// Of the diffusion: its covariance at that time.
    spread: DMatrix<f64>,
    /// Of the discrete theory; `None` where it has no value.
    pub(crate) discrete: Option<Memory>,
    pub(crate) exact: Option<Memory>,
}

impl Predictor {
    /// Mean and covariance `steps` updates after the start, stable or not.
    pub(crate) fn on_the_way(&self, steps: u64) -> Result<OnTheWay> {
        let (start, before) = self.beginning()?;
        let discrete_is_exact = self.discrete_is_exact(steps)?;
        let steps = steps.saturating_add(before);
        let discrete = finite(transient(&self.system, &start, steps)?).filter(|_| self.system.is_known());
        let exact = match &self.exact {
            Exact::Discrete => discrete.clone().filter(|_| discrete_is_exact),
            Exact::Unknown(_) => None,
            Exact::Minibatch(descent, _) => descent.transient_within(&start, steps, WORK)?.and_then(finite),
        };
        Ok(OnTheWay { continuous: continuous::transient(&self.system, &start, steps as f64)?, discrete, exact })
    }

    /// What is remembered of the time `steps` updates after the start.
    pub(crate) fn memories(&self, steps: u64) -> Result<Memories> {
        let (start, before) = self.beginning()?;
        let discrete_is_exact = self.discrete_is_exact(steps)?;
        let steps = steps.saturating_add(before);
        let discrete = Some(Memory::after(&self.system, &start, steps)?).filter(|_| self.system.is_known());
        let exact = match &self.exact {
            Exact::Discrete => discrete.clone().filter(|_| discrete_is_exact),
            Exact::Unknown(_) => None,
            Exact::Minibatch(descent, _) => descent.memory_within(&start, steps, WORK)?,
        };
        let spread = continuous::transient(&self.system, &start, steps as f64)?.covariance;
        Ok(Memories { spread, discrete, exact })
    }

    /// The autocovariance of the diffusion `lag` steps after what is remembered.
    pub(crate) fn diffused(&self, memories: &Memories, lag: u64) -> DMatrix<f64> {
        let (e, lag) = (self.system.step().effective_learning_rate(), lag as f64);
        self.carried(memories, |k| libm::exp(-e * k * lag))
    }

    /// Its integral over the lags from 0 to `lag`.
    pub(crate) fn diffused_so_far(&self, memories: &Memories, lag: u64) -> DMatrix<f64> {
        let (e, lag) = (self.system.step().effective_learning_rate(), lag as f64);
        self.carried(memories, |k| if k > 0.0 { -libm::expm1(-e * k * lag) / (e * k) } else { lag })
    }

    /// The diffusion's covariance with a function of the curvature applied to its later side.
    fn carried(&self, memories: &Memories, factor: impl Fn(f64) -> f64) -> DMatrix<f64> {
        let modes = self.system.modes();
        let mut along = modes.coordinates() * &memories.spread;
        for (mut row, &k) in along.row_iter_mut().zip(modes.curvatures()) {
            row *= factor(k);
        }
        modes.directions() * along
    }

    /// Skewness and kurtosis of the component along a unit vector, of the given variance, `steps` updates after the start;
    /// `None` for a noise that depends on the weights.
    pub(crate) fn shape_on_the_way(
        &self,
        component: &DVector<f64>,
        variance: f64,
        steps: u64,
    ) -> Result<Option<Shape>> {
        let scenario: &Scenario = self.scenario();
        if scenario.noise.covariance.depends_on_weights() {
            return Ok(None);
        }
        let steps = steps.saturating_add(self.burn_in()?);
        component_shape(&self.system, &scenario.noise.law, component, variance, Some(steps))
    }
}

fn finite(moments: Moments) -> Option<Moments> {
    let all = moments.mean.iter().chain(moments.covariance.iter()).all(|value| value.is_finite());
    all.then_some(moments)
}
