//! The diffusion from any start: an Ornstein-Uhlenbeck process.

use crate::error::{Error, Result};
use crate::theory::training_error::mean_along;
use crate::theory::{Moments, System};
use nalgebra::DVector;

fn check_time(time: f64) -> Result<()> {
    if time >= 0.0 {
        return Ok(());
    }
    Err(Error::OutOfRange { parameter: "time".into(), value: time, allowed: "[0, ∞)".into() })
}

/// Mean and covariance of the diffusion after `time ≥ 0` in update steps.
///
/// # Errors
/// [`Error::OutOfRange`] for a time that is negative or NaN; what [`Moments::check`] finds wrong with the start.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{Moments, System, continuous}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.0, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![2.0], &sgd)?;
/// let after = continuous::transient(&system, &Moments::at_minimum(1), 0.5)?;
/// assert!((after.covariance[(0, 0)] - (1.0 - (-1.0_f64).exp())).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn transient(system: &System, start: &Moments, time: f64) -> Result<Moments> {
    check_time(time)?;
    start.check(system.dimension())?;
    let (modes, e) = (system.modes(), system.step().effective_learning_rate());
    let k = modes.curvatures();
    let start_covariance = modes.to_eigenbasis(&start.covariance)?;
    let covariance = modes.assemble(|i, j| {
        let rate = e * (k[i] + k[j]);
        let inherited = libm::exp(-rate * time) * start_covariance[(i, j)];
        // Along flat directions the weights walk at random.
        let duration = if rate > 0.0 { -libm::expm1(-rate * time) / rate } else { time };
        inherited + e * e * modes.noise()[(i, j)] * duration
    });
    Ok(Moments { mean: decay(system, &start.mean, time)?, covariance })
}

/// The mean of the diffusion after `time ≥ 0` in update steps, `e^{−eKt} w₀`, `D` numbers (Liu et al. 2021, Eq. 3 in
/// continuous time): it never alternates and never diverges.
///
/// # Errors
/// [`Error::OutOfRange`] for a time that is negative or NaN; [`Error::SizeMismatch`] for a start of another size.
///
/// ```
/// use noisy_descent::{nalgebra::{dmatrix, dvector}, optimizer::{Momentum, Optimizer}, theory::{System, continuous}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.0, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?;
/// assert!((continuous::decay(&system, &dvector![1.0], 2.0)?[0] - (-2.0_f64).exp()).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn decay(system: &System, start: &DVector<f64>, time: f64) -> Result<DVector<f64>> {
    check_time(time)?;
    let (modes, e) = (system.modes(), system.step().effective_learning_rate());
    let mut along = mean_along(modes, start)?;
    for i in 0..along.len() {
        along[i] *= libm::exp(-e * modes.curvatures()[i] * time);
    }
    Ok(modes.directions() * along)
}
