//! Minibatch descent under any linear optimizer: its exact stationary state, and when there is one.

use super::data_moments::DataMoments;
use super::features::SymmetricBasis;
use super::{LARGEST_MINIBATCH_DIMENSION, MinibatchState, independent};
use crate::check::out_of_range;
use crate::error::{Error, Result};
use crate::loss::LinearRegression;
use crate::noise::Sampling;
use crate::optimizer::{Momentum, Optimizer, Qhm, Step};
use crate::theory::response::response;
use crate::theory::{Modes, System};
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};
use std::sync::Arc;

/// True minibatch descent on a least-squares data set under momentum, QHM, a constant preconditioner or damped Newton, with a
/// fresh batch every step: second moments at any time, exact.
///
/// Along the directions of the [`System`] the optimizer acts one by one; the noise couples them. Its covariance averaged over
/// the weights is linear in their second moments `S = E[u uᵀ]` and mean `m = E[u]`,
///
/// `C = κ { mean[x xᵀ S x xᵀ] − K S K + R + 2 mean[r (x·m) x xᵀ] }`, `R = mean[r² x xᵀ]`.
///
/// In the stationary state, with `s_ij` the response of a pair of directions to constant noise,
/// `S_ij/s_ij − κ (mean[x xᵀ S x xᵀ] − K S K)_ij = κ R_ij`, symmetric in `D(D+1)/2` unknowns; there is one if and only if the
/// matrix on the left is positive definite. For momentum it is that of
/// [`MinibatchTheory`](super::MinibatchTheory), which decomposes it once for all learning rates.
///
/// ```
/// use noisy_descent::{loss::LinearRegression, noise::Sampling, optimizer::Optimizer};
/// use noisy_descent::theory::{Moments, System, minibatch::MinibatchDescent};
/// use noisy_descent::nalgebra::{dmatrix, dvector};
/// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![1.0, -1.0])?;
/// let sgd: Optimizer = serde_json::from_str(r#"{ "kind": "momentum", "learning_rate": 0.5 }"#).unwrap();
/// let system = System::new(data.hessian(), &dmatrix![0.0], &sgd)?; // its noise is not looked at
/// let descent = MinibatchDescent::new(&data, Sampling::WithReplacement, 1, &system)?;
/// let state = descent.stationary()?.expect("below the limit of 2");
/// assert!((state.covariance[(0, 0)] - 0.5 / 1.5).abs() < 1e-14); // x = ±1: the noise is constant, 1
/// let after = descent.transient(&Moments::at_minimum(1), 2)?;
/// assert!((after.covariance[(0, 0)] - 0.25 * 1.25).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct MinibatchDescent {
    pub(super) modes: Modes,
    /// The step in units in which the largest curvature is 1.
    pub(super) step: Step,
    /// Largest curvature `k*`.
    pub(super) sharpest: f64,
    /// Curvatures in units of it.
    pub(super) curvatures: Vec<f64>,
    pub(super) noise_factor: f64,
    pub(super) moments: Arc<DataMoments>,
}

impl MinibatchDescent {
    /// On a data set with batches of `batch_size` samples, under the optimizer of a system on the data's Hessian. The system's
    /// noise is not looked at.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for more than [`LARGEST_MINIBATCH_DIMENSION`] coordinates or a batch size outside its range;
    /// [`Error::NoTheory`] for the sampling by epochs, whose batches depend on each other, and for natural gradient and
    /// Adam, whose preconditioner the fluctuation sets; [`Error::NotFinite`] when a moment of the data overflows.
    pub fn new(
        data: &LinearRegression,
        sampling: Sampling,
        batch_size: usize,
        system: &System,
    ) -> Result<MinibatchDescent> {
        MinibatchDescent::with_moments(data, sampling, batch_size, system, None)
    }

    /// The same after another one on the same data set, whose moments are used again where the directions are the same.
    pub(crate) fn after(
        &self,
        data: &LinearRegression,
        sampling: Sampling,
        batch_size: usize,
        system: &System,
    ) -> Result<MinibatchDescent> {
        MinibatchDescent::with_moments(data, sampling, batch_size, system, Some(&self.moments))
    }

    fn with_moments(
        data: &LinearRegression,
        sampling: Sampling,
        batch_size: usize,
        system: &System,
        known: Option<&Arc<DataMoments>>,
    ) -> Result<MinibatchDescent> {
        let dimension = data.dimension();
        if dimension > LARGEST_MINIBATCH_DIMENSION {
            let allowed = format!("[1, {LARGEST_MINIBATCH_DIMENSION}]");
            return Err(out_of_range("dimension", dimension as f64, allowed));
        }
        if system.dimension() != dimension {
            let (parameter, of) = ("hessian".into(), "inputs".into());
            return Err(Error::SizeMismatch { parameter, size: system.dimension(), of, expected: dimension });
        }
        independent(sampling)?;
        if matches!(system.optimizer(), Optimizer::NaturalGradient(_) | Optimizer::Adam(_)) {
            return Err(Error::NoTheory {
                parameter: "optimizer".into(),
                value: system.optimizer().kind().into(),
                reason: "with minibatches its preconditioner follows their gradients".into(),
            });
        }
        let noise_factor = sampling.variance_factor(data.data_size(), batch_size)?;
        let modes = system.modes();
        let sharpest = modes.curvatures()[0];
        let moments = match known.filter(|known| known.are_along(modes.directions())) {
            Some(known) => Arc::clone(known),
            None => Arc::new(DataMoments::new(data, modes.directions(), sharpest)?),
        };
        Ok(MinibatchDescent {
            step: scaled(system.step(), sharpest),
            sharpest,
            curvatures: modes.curvatures().iter().map(|k| k / sharpest).collect(),
            modes: modes.clone(),
            noise_factor,
            moments,
        })
    }

    /// Number of coordinates `D`.
    pub(super) fn dimension(&self) -> usize {
        self.curvatures.len()
    }

    /// Coordinates of the noise covariance for second moments and a mean of the weights, of which `one` says how much of the
    /// constant part counts.
    pub(super) fn noise(&self, second: &DVector<f64>, mean: &[f64], one: f64) -> DVector<f64> {
        let mut noise = &self.moments.fourth * second;
        for (p, (i, j)) in SymmetricBasis::new(self.dimension()).pairs().enumerate() {
            noise[p] -= self.curvatures[i] * self.curvatures[j] * second[p];
        }
        noise.axpy(one, &self.moments.residual, 1.0);
        if mean.iter().any(|&m| m != 0.0) {
            noise += self.moments.linear_in(mean);
        }
        noise * self.noise_factor
    }

    /// The factor of the matrix whose inverse is the response to the data's own noise, at a learning rate in units of the
    /// inverse of the largest curvature; `None` where the second moments diverge.
    pub(super) fn response_factor(&self, step: &Step) -> Option<Cholesky<f64, Dyn>> {
        let k = &self.curvatures;
        if step.learning_rate() >= step.stability_limit() {
            return None;
        }
        let mut matrix = &self.moments.fourth * -self.noise_factor;
        for (p, (i, j)) in SymmetricBasis::new(self.dimension()).pairs().enumerate() {
            matrix[(p, p)] += self.noise_factor * k[i] * k[j] + 1.0 / response(step, k[i], k[j]);
        }
        Cholesky::new(matrix)
    }

    /// Whether all second moments stay finite.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, noise::Sampling, optimizer::{Momentum, Optimizer}};
    /// use noisy_descent::theory::{System, minibatch::MinibatchDescent};
    /// use noisy_descent::nalgebra::{dmatrix, dvector};
    /// // Inputs 1 and 2, single samples: the limit is 2⟨x²⟩/⟨x⁴⟩ = 5/8.5, below the 2/⟨x²⟩ = 0.8 of the mean.
    /// let data = LinearRegression::new(dmatrix![1.0; 2.0], dvector![1.0, 0.0])?;
    /// for (learning_rate, stable) in [(0.58, true), (0.59, false), (0.9, false)] {
    ///     let sgd = Optimizer::Momentum(Momentum { learning_rate, momentum: 0.0 });
    ///     let system = System::new(data.hessian(), &dmatrix![0.0], &sgd)?;
    ///     let descent = MinibatchDescent::new(&data, Sampling::WithReplacement, 1, &system)?;
    ///     assert_eq!((descent.is_stable(), descent.stationary()?.is_some()), (stable, stable));
    /// }
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.response_factor(&self.step).is_some()
    }

    /// Coordinates of the stationary second moments.
    pub(super) fn stationary_coordinates(&self) -> Result<Option<DVector<f64>>> {
        let Some(factor) = self.response_factor(&self.step) else { return Ok(None) };
        let coordinates = factor.solve(&(&self.moments.residual * self.noise_factor));
        if coordinates.iter().any(|value| !value.is_finite()) {
            let allowed = "the range in which the result is a finite number for this data set";
            return Err(out_of_range("learning_rate", self.step.learning_rate() / self.sharpest, allowed));
        }
        Ok(Some(coordinates))
    }

    /// The stationary state; `None` where there is none.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a learning rate at which numbers overflow.
    pub fn stationary(&self) -> Result<Option<MinibatchState>> {
        let Some(coordinates) = self.stationary_coordinates()? else { return Ok(None) };
        let basis = SymmetricBasis::new(self.dimension());
        let noise = basis.matrix(&self.noise(&coordinates, &[], 1.0));
        let sigma = basis.matrix(&coordinates);
        Ok(Some(MinibatchState {
            excess_loss: (0..self.dimension()).map(|i| 0.5 * self.curvatures[i] * sigma[(i, i)]).sum(),
            covariance: self.given(&sigma),
            noise_covariance: self.modes.assemble_dual(|i, j| self.sharpest * noise[(i, j)]),
        }))
    }

    /// A covariance of the weights in given coordinates from its elements in these.
    pub(super) fn given(&self, covariance: &DMatrix<f64>) -> DMatrix<f64> {
        self.modes.assemble(|i, j| covariance[(i, j)] / self.sharpest)
    }
}

/// The same step with the learning rate in units in which the curvature `k*` is 1.
fn scaled(step: &Step, sharpest: f64) -> Step {
    with_learning_rate(step, step.learning_rate() * sharpest)
}

/// The same step with another learning rate.
pub(super) fn with_learning_rate(step: &Step, learning_rate: f64) -> Step {
    match *step {
        Step::Momentum(momentum) => Step::Momentum(Momentum { learning_rate, ..momentum }),
        Step::Qhm(qhm) => Step::Qhm(Qhm { learning_rate, ..qhm }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::optimizer::Preconditioned;
    use nalgebra::dmatrix;

    #[test]
    fn moments_are_used_again_only_along_the_same_directions() {
        let data = Data::Diabetes { columns: vec!["bmi".into(), "s5".into()] }.load().unwrap();
        let system = |preconditioner: DMatrix<f64>| {
            let optimizer = Preconditioned { preconditioner, learning_rate: 0.1, ..Preconditioned::default() };
            System::new(data.hessian(), &DMatrix::zeros(2, 2), &Optimizer::Preconditioned(optimizer)).unwrap()
        };
        let (one, other) = (system(dmatrix![1.0, 0.2; 0.2, 0.5]), system(dmatrix![0.7, -0.3; -0.3, 1.4]));
        let first = MinibatchDescent::new(&data, Sampling::WithReplacement, 4, &one).unwrap();
        for (system, shared) in [(&one, true), (&other, false)] {
            let again = first.after(&data, Sampling::WithReplacement, 2, system).unwrap();
            let fresh = MinibatchDescent::new(&data, Sampling::WithReplacement, 2, system).unwrap();
            assert_eq!(Arc::ptr_eq(&again.moments, &first.moments), shared);
            assert_eq!(again.stationary().unwrap(), fresh.stationary().unwrap());
        }
    }
}
