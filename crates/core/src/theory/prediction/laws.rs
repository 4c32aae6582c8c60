//! Means and covariances by every theory, after a number of steps and in the long run.

use super::document::{Law, TheoryPrediction};
use super::predictor::{Exact, Predictor};
use crate::error::Result;
use crate::scenario::Start;
use crate::theory::rank_deficient::accumulation;
use crate::theory::response::response;
use crate::theory::stability::{is_stable, unstable_directions};
use crate::theory::training_error::mean_along;
use crate::theory::{Moments, System, continuous, stationary_covariance, transient};
use nalgebra::{DMatrix, DVector};

/// The laws of a scenario by every theory.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Laws {
    pub(crate) continuous: TheoryPrediction,
    pub(crate) discrete: Option<TheoryPrediction>,
    pub(crate) exact: Option<TheoryPrediction>,
}

impl Predictor {
    /// Where the theories start, and how many steps before the first that is counted: a stationary start is a run from the
    /// minimum, velocity and all.
    pub(super) fn beginning(&self) -> Result<(Moments, u64)> {
        let mut moments = Moments::at_minimum(self.system.dimension());
        match &self.start {
            Start::Minimum => Ok((moments, 0)),
            Start::Point { weights } => {
                moments.mean = DVector::from_column_slice(weights);
                Ok((moments, 0))
            }
            Start::Gaussian { covariance } => {
                moments.covariance.clone_from(covariance);
                Ok((moments, 0))
            }
            Start::Stationary { .. } => Ok((moments, self.burn_in()?)),
        }
    }

    /// The laws `steps` updates after the start. The exact ones of minibatches take at most so much work, in multiplications,
    /// or are left out.
    pub(crate) fn laws(&self, steps: u64, work: f64) -> Result<Laws> {
        let system = &self.system;
        let (start, before) = self.beginning()?;
        let discrete_is_exact = self.discrete_is_exact(steps)?;
        let steps = steps.saturating_add(before);
        let continuous = TheoryPrediction {
            stationary: long_run_continuous(system, &start)?,
            at_end: Law::new(system, &continuous::transient(system, &start, steps as f64)?)?,
        };
        let discrete = if system.is_known() && unstable_directions(system) == 0 {
            let at_end = Law::new(system, &transient(system, &start, steps)?)?;
            Some(TheoryPrediction { stationary: long_run(system, &start)?, at_end })
        } else {
            None
        };
        let exact = match &self.exact {
            Exact::Discrete => discrete.clone().filter(|_| discrete_is_exact),
            Exact::Unknown(_) => None,
            Exact::Minibatch(descent, _) => match descent.stationary()? {
                None => None,
                Some(state) => match descent.transient_within(&start, steps, work)? {
                    None => None,
                    Some(moments) => Some(TheoryPrediction {
                        stationary: Some(Law::centred(system, state.covariance)?),
                        at_end: Law::new(system, &moments)?,
                    }),
                },
            },
        };
        Ok(Laws { continuous, discrete, exact })
    }
}

fn long_run(system: &System, start: &Moments) -> Result<Option<Law>> {
    if is_stable(system) {
        return stationary_covariance(system).map(|sigma| Law::centred(system, sigma)).transpose();
    }
    let (modes, step) = (system.modes(), system.step());
    let k = modes.curvatures();
    beside_flat(system, start, |i, j| response(step, k[i], k[j]) * modes.noise()[(i, j)])
}

fn long_run_continuous(system: &System, start: &Moments) -> Result<Option<Law>> {
    let modes = system.modes();
    if modes.flat() == 0 {
        return Law::centred(system, continuous::stationary_covariance(system)).map(Some);
    }
    let (k, e) = (modes.curvatures(), system.step().effective_learning_rate());
    beside_flat(system, start, |i, j| e * modes.noise()[(i, j)] / (k[i] + k[j]))
}

/// The law of a loss that is flat in some directions: `None` where noise accumulates there. Where none reaches them, the
/// curved directions settle and the flat ones keep what they started with; both are independent in the end.
fn beside_flat(system: &System, start: &Moments, curved: impl Fn(usize, usize) -> f64) -> Result<Option<Law>> {
    if accumulation(system).is_some() {
        return Ok(None);
    }
    let modes = system.modes();
    let first_flat = modes.dimension() - modes.flat();
    let (mut mean, kept) = (mean_along(modes, &start.mean)?, modes.to_eigenbasis(&start.covariance)?);
    mean.rows_mut(0, first_flat).fill(0.0);
    let covariance: DMatrix<f64> = modes.assemble(|i, j| match (i < first_flat, j < first_flat) {
        (true, true) => curved(i, j),
        (false, false) => kept[(i, j)],
        _ => 0.0,
    });
    Law::new(system, &Moments { mean: modes.directions() * mean, covariance }).map(Some)
}
