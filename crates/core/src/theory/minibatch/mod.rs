//! SGD on minibatches of a finite data set, `(1/2N) Σ (w·x_n − y_n)²`, a fresh batch every step.
//!
//! The gradient noise of a minibatch depends on where the weights are: at `w = w* + u` its covariance is
//!
//! `κ { mean[x xᵀ u uᵀ x xᵀ] − K u uᵀ K + R } + terms linear in u`, `R = mean[r² x xᵀ]`,
//!
//! with `κ` of [`Sampling::variance_factor`](crate::noise::Sampling::variance_factor). The paper puts `C = K/S`
//! (Liu et al. 2021, Sec. 4.3), which forgets the spread of `x`, the residuals of this data set and how the batch is
//! drawn. [`MinibatchTheory`] forgets nothing, nor does [`MinibatchDescent`], which has every time and every linear
//! optimizer; [`approximate_noise`] gives the approximations to hold beside it, and
//! [`GaussianPopulation`] the closed form for infinitely many Gaussian samples.

mod approximations;
mod data_moments;
mod descent;
mod exact;
mod features;
mod growth;
mod moment_map;
mod one_dimension;
mod population;
mod settling;
mod stability;

pub use approximations::{MinibatchApproximation, approximate_noise};
pub use descent::MinibatchDescent;
pub use exact::{LARGEST_MINIBATCH_DIMENSION, MinibatchState, MinibatchTheory};
pub use growth::MomentGrowth;
pub(crate) use moment_map::PATIENT;
pub use one_dimension::OneDimension;
pub use population::{GaussianPopulation, PopulationState};
pub use stability::MinibatchStability;

use crate::error::{Error, Result};
use crate::noise::Sampling;

/// `1/s` of a pair of directions in the response `Σ~_ij = s C~_ij` of SGD with momentum, without the part that depends on
/// the learning rate: `1/s = (1−μ)(k + l)/λ − pair_offset`.
fn pair_offset(momentum: f64, k: f64, l: f64) -> f64 {
    let difference = k - l;
    (1.0 - momentum) / (1.0 + momentum) * k * l - momentum * difference * difference / (1.0 - momentum * momentum)
}

/// Refuses batches that depend on each other.
fn independent(sampling: Sampling) -> Result<()> {
    if sampling != Sampling::Epoch {
        return Ok(());
    }
    Err(Error::NoTheory {
        parameter: "sampling".into(),
        value: sampling.kind().into(),
        reason: "its batches depend on each other".into(),
    })
}
