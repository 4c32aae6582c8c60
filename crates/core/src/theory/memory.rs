//! What later weights owe to those of a given time: the autocovariance of a descent that need not have settled, nor be stable.

use super::transient::{accumulated, power};
use super::{Moments, System};
use crate::error::Result;
use crate::optimizer::Mode;
use nalgebra::{DMatrix, Matrix2};

/// Covariances of weights and velocities at one time, from which the autocovariance with any later time follows.
///
/// The noise after that time is independent of it, so `Cov(w_{t+τ}, w_t) = [A^τ Cov((w, m)_t, w_t)]_w`. Once the descent has
/// settled it is [`autocovariance`](super::autocovariance).
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}, theory::{Memory, Moments, System}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.5, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?;
/// // After one step from the minimum the variance is λ²C; of it (1 − λk)^τ is remembered, with an alternating sign.
/// let memory = Memory::after(&system, &Moments::at_minimum(1), 1)?;
/// for (lag, share) in [(0, 1.0), (1, -0.5), (2, 0.25)] {
///     assert!((memory.autocovariance(lag)[(0, 0)] - share * 2.25).abs() < 1e-15);
/// }
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    /// Columns are the directions along which nothing mixes.
    directions: DMatrix<f64>,
    transitions: Vec<Matrix2<f64>>,
    /// Covariance of weight `i` with weight `j`, along the directions.
    weights: DMatrix<f64>,
    /// Covariance of velocity `i` with weight `j`.
    velocities: DMatrix<f64>,
}

impl Memory {
    pub(crate) fn of(
        directions: DMatrix<f64>,
        transitions: Vec<Matrix2<f64>>,
        weights: DMatrix<f64>,
        velocities: DMatrix<f64>,
    ) -> Memory {
        Memory { directions, transitions, weights, velocities }
    }

    /// Under a constant noise, `steps` updates after a start with zero velocity.
    ///
    /// # Errors
    /// What [`Moments::check`] finds wrong with the start.
    pub fn after(system: &System, start: &Moments, steps: u64) -> Result<Memory> {
        start.check(system.dimension())?;
        let (modes, n) = (system.modes(), system.dimension());
        let each: Vec<Mode> = (0..n).map(|i| system.mode(i)).collect();
        let powers: Vec<Matrix2<f64>> = each.iter().map(|mode| power(mode.transition, steps)).collect();
        let began = modes.to_eigenbasis(&start.covariance)?;
        let (mut weights, mut velocities) = (DMatrix::zeros(n, n), DMatrix::zeros(n, n));
        for i in 0..n {
            for j in 0..n {
                let inherited = powers[i].column(0) * powers[j][(0, 0)] * began[(i, j)];
                let noise = modes.noise()[(i, j)];
                let gained = if noise == 0.0 {
                    nalgebra::Vector2::zeros()
                } else {
                    accumulated(&each[i], &each[j], steps).column(0) * noise
                };
                weights[(i, j)] = inherited[0] + gained[0];
                velocities[(i, j)] = inherited[1] + gained[1];
            }
        }
        let transitions = each.iter().map(|mode| mode.transition).collect();
        Ok(Memory::of(modes.directions().clone(), transitions, weights, velocities))
    }

    /// `Cov(w_{t+τ}, w_t)` at the lag `τ`, `D x D`, not symmetric for `τ > 0`; past the limit of stability it may overflow.
    #[must_use]
    pub fn autocovariance(&self, lag: u64) -> DMatrix<f64> {
        let across: Vec<Matrix2<f64>> = self.transitions.iter().map(|&transition| power(transition, lag)).collect();
        let lagged = DMatrix::from_fn(self.transitions.len(), self.transitions.len(), |i, j| {
            across[i][(0, 0)] * self.weights[(i, j)] + across[i][(0, 1)] * self.velocities[(i, j)]
        });
        &self.directions * lagged * self.directions.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizer::{Momentum, Optimizer, Preconditioned, Qhm};
    use crate::theory::{autocovariance, transient};
    use nalgebra::{DVector, dmatrix};

    fn systems() -> Vec<System> {
        let (hessian, noise) = (dmatrix![1.0, 0.3; 0.3, 0.5], dmatrix![1.0, 0.4; 0.4, 2.0]);
        [
            Optimizer::Momentum(Momentum { learning_rate: 1.2, momentum: 0.4 }),
            Optimizer::Qhm(Qhm { learning_rate: 0.9, momentum: 0.5, mixing: 0.3 }),
            Optimizer::Preconditioned(Preconditioned {
                preconditioner: dmatrix![0.7, -0.3; -0.3, 1.4],
                learning_rate: 0.6,
                ..Preconditioned::default()
            }),
        ]
        .iter()
        .map(|optimizer| System::new(&hessian, &noise, optimizer).unwrap())
        .collect()
    }

    #[test]
    fn in_the_long_run_it_is_the_stationary_one() {
        for system in systems() {
            let memory = Memory::after(&system, &Moments::at_minimum(2), 4000).unwrap();
            for lag in [0, 1, 2, 7] {
                let want = autocovariance(&system, lag).unwrap();
                assert!((memory.autocovariance(lag) - &want).amax() < 1e-12 * want.amax().max(1.0), "{lag}");
            }
        }
    }

    /// The variance of a sum of two times is that of each and twice what they share: by transients from a start that has met
    /// its velocity. Here the start has a spread and no velocity, so that lag 0 is the transient itself.
    #[test]
    fn at_no_lag_it_is_the_transient_from_any_start() {
        for system in systems() {
            let start = Moments { mean: DVector::from_vec(vec![1.0, -2.0]), covariance: dmatrix![0.5, 0.1; 0.1, 0.2] };
            for steps in [0, 1, 5] {
                let memory = Memory::after(&system, &start, steps).unwrap();
                let want = transient(&system, &start, steps).unwrap().covariance;
                assert!((memory.autocovariance(0) - want).amax() < 1e-13);
            }
            // From a start without noise yet, the later weights are the earlier ones carried along: E w_τ w_0ᵀ.
            let memory = Memory::after(&system, &start, 0).unwrap();
            let carried = |column: usize| {
                let moments = Moments { mean: start.covariance.column(column).into_owned(), ..Moments::at_minimum(2) };
                transient(&system, &moments, 3).unwrap().mean
            };
            let want = DMatrix::from_columns(&[carried(0), carried(1)]);
            assert!((memory.autocovariance(3) - want).amax() < 1e-13);
        }
    }
}
