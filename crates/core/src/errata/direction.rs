//! One direction with noise of variance one, as the theory sees it.

use crate::check::out_of_range;
use crate::error::Result;
use crate::nalgebra::dmatrix;
use crate::optimizer::{Momentum, Optimizer, Qhm};
use crate::theory::{System, stability, stationary_covariance};

pub(super) fn sgd(learning_rate: f64) -> Optimizer {
    heavy_ball(learning_rate, 0.0)
}

pub(super) fn heavy_ball(learning_rate: f64, momentum: f64) -> Optimizer {
    Optimizer::Momentum(Momentum { learning_rate, momentum })
}

pub(super) fn qhm(learning_rate: f64, momentum: f64, mixing: f64) -> Qhm {
    Qhm { learning_rate, momentum, mixing }
}

/// A direction of this curvature under an optimizer.
pub(super) fn direction(optimizer: &Optimizer, curvature: f64) -> Result<System> {
    System::new(&dmatrix![curvature], &dmatrix![1.0], optimizer)
}

/// What a system has in its stationary state, or the refusal of a learning rate that leaves none.
pub(super) fn settled<T>(system: &System, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| {
        let limit = stability(system).learning_rate_limit;
        out_of_range("learning_rate", system.step().learning_rate(), format!("(0, {limit})"))
    })
}

/// Stationary variance.
pub(super) fn variance(system: &System) -> Result<f64> {
    Ok(settled(system, stationary_covariance(system))?[(0, 0)])
}
