//! What is said along each of the Hessian's eigenvectors, whatever directions the optimizer works in.

use super::document::ModePrediction;
use crate::error::Result;
use crate::noise::NoiseLaw;
use crate::theory::response::response;
use crate::theory::stability::is_stable;
use crate::theory::{
    System, continuous, effective_curvatures, mode_autocorrelation_times, shapes, stationary_covariance,
};
use nalgebra::DMatrix;

/// The predictions of every mode; the shape only for a `law` that is known, that of a noise which does not depend on the
/// weights.
pub(super) fn mode_predictions(system: &System, law: Option<&NoiseLaw>) -> Result<Vec<ModePrediction>> {
    let modes = system.hessian_modes();
    let k = modes.curvatures();
    let diffusion = (modes.flat() == 0).then(|| continuous::stationary_covariance(system));
    let stationary = stationary_covariance(system);
    // Without a preconditioner each direction is a descent of its own, which settles though others may not.
    let (step, diffusion_alone) = (system.step(), continuous::mode_variances(system));
    let settles = |i: usize| k[i] > 0.0 && step.learning_rate() * k[i] < step.stability_limit();
    let alone = |i: usize, variance: f64| finite(variance).filter(|_| system.is_plain() && k[i] > 0.0);
    let variance_along = |covariance: &DMatrix<f64>, i: usize| {
        let direction = modes.directions().column(i);
        direction.dot(&(covariance * direction))
    };
    let plain = system.is_plain() && is_stable(system);
    let effective = if plain { effective_curvatures(system) } else { None };
    let times = if plain { mode_autocorrelation_times(system) } else { None };
    let times_continuous = system.is_plain().then(|| continuous::mode_autocorrelation_times(system));
    let shapes = match law {
        Some(law) => shapes(system, law)?,
        None => None,
    };
    // Behind a preconditioner the sum of the autocovariance is known along any direction, C~_ii/k², and so is the variance.
    let time = |given: Option<&Vec<f64>>, variance: f64, i: usize| match given {
        Some(times) => finite(times[i]),
        None => finite(modes.noise()[(i, i)] / (k[i] * k[i] * variance)),
    };
    Ok((0..modes.dimension())
        .map(|i| {
            let along = |covariance: Option<&DMatrix<f64>>| covariance.map(|sigma| variance_along(sigma, i));
            let of_diffusion = along(diffusion.as_ref()).or_else(|| alone(i, diffusion_alone[i]));
            let response = if settles(i) { response(step, k[i], k[i]) } else { f64::NAN };
            let discrete = along(stationary.as_ref()).or_else(|| alone(i, response * modes.noise()[(i, i)]));
            ModePrediction {
                curvature: k[i],
                direction: modes.directions().column(i).iter().copied().collect(),
                continuous: of_diffusion,
                discrete,
                autocorrelation_time_continuous: of_diffusion.and_then(|v| time(times_continuous.as_ref(), v, i)),
                autocorrelation_time: discrete.and_then(|variance| time(times.as_ref(), variance, i)),
                effective_curvature: effective.as_ref().map(|effective| effective[i]),
                shape: shapes.as_ref().map(|shapes| shapes[i]),
            }
        })
        .collect())
}

pub(super) fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}
