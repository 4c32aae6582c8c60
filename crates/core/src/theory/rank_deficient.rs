//! A loss that is flat in some directions (Liu et al. 2021, Appendix B).

use super::response::response;
use super::{Moments, Stability, System, stability, transient};
use crate::error::Result;
use crate::matrix::symmetric_eigen;
use crate::optimizer::Step;
use nalgebra::DMatrix;

/// What happens on a loss whose Hessian has eigenvalues that are zero.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Step}, theory::{RankDeficient, rank_deficient}};
/// let sgd = Step::from(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let noise = dmatrix![1.0, 0.5; 0.5, 1.0];
/// let found: RankDeficient = rank_deficient(&dmatrix![1.0, 0.0; 0.0, 0.0], &noise, &sgd)?;
/// assert_eq!((&found.curvatures[..], found.stability.flat_directions), (&[1.0, 0.0][..], 1));
/// assert_eq!(found.flat_directions, dmatrix![0.0; 1.0]);
/// // What grows: λ²C₂₂ a step along the second coordinate.
/// assert_eq!((found.diverging_directions, &found.growth_rates[..]), (dmatrix![0.0; 1.0], &[0.25][..]));
/// assert_eq!(found.growth, dmatrix![0.0, 0.0; 0.0, 0.25]);
/// // What stays: λ/(2 − λ), and λC₁₂/k₁ between the curved and the flat direction.
/// let stays = found.covariance.unwrap();
/// assert!((stays[(0, 0)] - 1.0 / 3.0).abs() < 1e-15 && (stays[(0, 1)] - 0.25).abs() < 1e-15);
/// assert!((found.training_error.unwrap() - 1.0 / 6.0).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct RankDeficient {
    /// Eigenvalues of the Hessian, largest first; those that are zero up to rounding are exactly zero.
    pub curvatures: Vec<f64>,
    /// Orthonormal directions in which the loss is flat, as columns; `D x Z`.
    pub flat_directions: DMatrix<f64>,
    /// Unit directions, among the flat ones, along which the covariance grows, as columns, fastest first. Empty where the
    /// noise spares the flat directions, as noise proportional to the Hessian does.
    pub diverging_directions: DMatrix<f64>,
    /// Growth of the variance per step along each of them.
    pub growth_rates: Vec<f64>,
    /// Growth of the covariance per step in the long run, `D x D`: zero outside the flat directions.
    pub growth: DMatrix<f64>,
    /// The part of the covariance that stays, `D x D`: within the curved directions and between curved and flat ones. `None`
    /// if the curved directions are unstable themselves.
    pub covariance: Option<DMatrix<f64>>,
    /// Stationary training error: the flat directions cost nothing. `None` if the curved directions are unstable.
    pub training_error: Option<f64>,
    /// Stability; its words name a flat direction when no direction is too sharp.
    pub stability: Stability,
    system: System,
}

/// Analyses a descent on a Hessian `K` that is only positive semidefinite (`D x D`) under a noise covariance `C` (`D x D`,
/// symmetric positive semidefinite).
///
/// Between a curved direction and another one, curved or flat, `Σ~_ij` is the usual fraction. Between two flat ones the
/// covariance grows by `λ_eff² C~_ij` per step, with `λ_eff = λ/(1−μ)` for momentum and `λ` for QHM: the velocity turns one
/// draw of noise into a displacement of that length.
///
/// # Errors
/// Names what is not square, finite, symmetric, of the same size or in its range; an eigenvalue of `K` or `C` below zero.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Step}, theory::rank_deficient};
/// let sgd = Step::from(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let white = dmatrix![1.0, 0.0; 0.0, 1.0];
/// let flat = rank_deficient(&dmatrix![1.0, 0.0; 0.0, 0.0], &white, &sgd)?;
/// assert_eq!(flat.growth_rates, [0.25]);
/// assert!((flat.training_error.unwrap() - 0.5 / 3.0).abs() < 1e-15);
/// assert!(rank_deficient(&dmatrix![1.0, 0.0; 0.0, -1.0], &white, &sgd).is_err());
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn rank_deficient(hessian: &DMatrix<f64>, noise_covariance: &DMatrix<f64>, step: &Step) -> Result<RankDeficient> {
    step.check()?;
    let system = System::semidefinite(hessian, noise_covariance, *step)?;
    let (modes, k) = (system.modes(), system.modes().curvatures());
    let n = k.len();
    let curved = n - modes.flat();
    let stability = stability(&system);
    let flat_directions = modes.directions().columns(curved, n - curved).into_owned();
    let accumulation = accumulation(&system).unwrap_or_else(|| Accumulation {
        growth: DMatrix::zeros(n, n),
        rates: Vec::new(),
        directions: DMatrix::zeros(n, 0),
    });
    let settles = stability.unstable_directions == 0;
    let covariance = settles.then(|| {
        modes.assemble(|i, j| if i.min(j) < curved { response(step, k[i], k[j]) * modes.noise()[(i, j)] } else { 0.0 })
    });
    let training_error =
        settles.then(|| (0..curved).map(|i| 0.5 * k[i] * response(step, k[i], k[i]) * modes.noise()[(i, i)]).sum());
    Ok(RankDeficient {
        curvatures: k.to_vec(),
        flat_directions,
        diverging_directions: accumulation.directions,
        growth_rates: accumulation.rates,
        growth: accumulation.growth,
        covariance,
        training_error,
        stability,
        system,
    })
}

/// How noise accumulates along flat directions.
pub(crate) struct Accumulation {
    /// Growth of the covariance per step in the long run, `D x D`.
    pub(crate) growth: DMatrix<f64>,
    /// Growth of the variance per step along each of the directions, largest first, all above 0.
    pub(crate) rates: Vec<f64>,
    /// Unit directions, orthogonal, as columns.
    pub(crate) directions: DMatrix<f64>,
}

/// How noise accumulates along flat directions; `None` where there are none, or no noise along them.
pub(crate) fn accumulation(system: &System) -> Option<Accumulation> {
    let (modes, drift) = (system.modes(), system.step().effective_learning_rate());
    let (n, flat) = (modes.dimension(), modes.flat());
    let curved = n - flat;
    // Rounding of a noise that is large elsewhere is no noise here.
    let negligible = 1e-14 * n as f64 * modes.noise().diagonal().amax();
    let noise = modes.noise();
    if (curved..n).all(|i| noise[(i, i)] <= negligible) {
        return None;
    }
    let growth = modes.assemble(|i, j| if i.min(j) >= curved { drift * drift * noise[(i, j)] } else { 0.0 });
    let eigen = symmetric_eigen("the noise along the flat directions", &growth).ok()?;
    let least = 1e-14 * n as f64 * eigen.values[0];
    let count = eigen.values.iter().take(flat).take_while(|&&rate| rate > least).count();
    // A step so small that its square is zero moves nothing.
    (count > 0).then(|| Accumulation {
        growth,
        rates: eigen.values[..count].to_vec(),
        directions: eigen.vectors.columns(0, count).into_owned(),
    })
}

impl RankDeficient {
    /// Mean and covariance after `steps` updates from any start with zero velocity.
    ///
    /// # Errors
    /// As [`transient`].
    ///
    /// ```
    /// use noisy_descent::nalgebra::dmatrix;
    /// use noisy_descent::{optimizer::{Momentum, Step}, theory::{Moments, rank_deficient}};
    /// let sgd = Step::from(Momentum { learning_rate: 0.5, momentum: 0.0 });
    /// let flat = rank_deficient(&dmatrix![0.0], &dmatrix![1.0], &sgd)?;
    /// assert_eq!(flat.transient(&Moments::at_minimum(1), 8)?.covariance[(0, 0)], 2.0);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn transient(&self, start: &Moments, steps: u64) -> Result<Moments> {
        transient(&self.system, start, steps)
    }
}
