//! The descent without noise (Liu et al. 2021, Eq. 3).

use super::System;
use super::training_error::mean_along;
use super::transient::power;
use crate::error::Result;
use nalgebra::DVector;

/// The mean weights after `steps` updates from `start` (`D` numbers) with zero velocity: where the descent would be
/// without noise.
///
/// For plain SGD it is `(I − λK)ᵗ w₀`: it alternates in sign for `1 < λk < 2`, is there after one step at `λk = 1`, and
/// grows past `λk = 2`. Against the diffusion's `e^{−λkt}` a step is off by `(λk)²/2`.
///
/// # Errors
/// [`Error::SizeMismatch`](crate::Error::SizeMismatch) if the start has another size than the loss.
///
/// ```
/// use noisy_descent::{nalgebra::{dmatrix, dvector}, optimizer::{Momentum, Optimizer}, theory::{System, decay}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.5, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![0.0], &sgd)?;
/// assert_eq!(decay(&system, &dvector![8.0], 3)?[0], -1.0);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn decay(system: &System, start: &DVector<f64>, steps: u64) -> Result<DVector<f64>> {
    let mut along = mean_along(system.modes(), start)?;
    for i in 0..along.len() {
        along[i] *= power(system.mode(i).transition, steps)[(0, 0)];
    }
    Ok(system.modes().directions() * along)
}
