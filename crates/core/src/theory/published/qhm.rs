//! Errata 1, 2 and 20: QHM (Liu et al. 2021, Theorem 11 and Table 1).

use crate::error::Result;
use crate::optimizer::Qhm;
use crate::theory::Modes;
use nalgebra::DMatrix;

/// Erratum 1. What the printed results for QHM give at one point, `k = 1`, `C = 1`, `λ = 0.5`.
///
/// ```
/// use noisy_descent::{optimizer::Qhm, theory::published::{PrintedQhm, printed_qhm}};
/// // ν = 1 is heavy-ball momentum with λ(1 − μ) = 1/4, whose variance is 0.25·1.5/(0.5·2.75) = 3/11.
/// let qhm = Qhm { learning_rate: 0.5, momentum: 0.5, mixing: 1.0 };
/// let PrintedQhm { by_h, by_system, .. } = *printed_qhm(&qhm).unwrap();
/// assert!(by_h < 0.0 && by_system < 0.0 && by_h != by_system); // no variances, and not the same one
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrintedQhm {
    /// Momentum `μ`.
    pub momentum: f64,
    /// Mixing `ν`.
    pub mixing: f64,
    /// Variance by the printed `h(K)`, Eq. 89-92.
    pub by_h: f64,
    /// Variance by the printed system, Eq. 73.
    pub by_system: f64,
}

/// Erratum 1. The printed `h(K)` and the printed system of Theorem 11 disagree with each other and with the truth for every
/// `μ > 0`, and give negative variances; the corrected one is in
/// [`stationary_covariance`](crate::theory::stationary_covariance). Six digits, at `k = 1`, `C = 1`, `λ = 0.5`.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Optimizer, Qhm}};
/// use noisy_descent::theory::{System, published::PRINTED_QHM, stationary_covariance};
/// for row in PRINTED_QHM {
///     let qhm = Optimizer::Qhm(Qhm { learning_rate: 0.5, momentum: row.momentum, mixing: row.mixing });
///     let exact = stationary_covariance(&System::new(&dmatrix![1.0], &dmatrix![1.0], &qhm)?).unwrap()[(0, 0)];
///     assert!((exact - row.by_system).abs() > 0.1); // h(K) is right at ν = 0, the system nowhere
/// }
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub static PRINTED_QHM: &[PrintedQhm] = &[
    PrintedQhm { momentum: 0.5, mixing: 0.0, by_h: 0.333_333, by_system: 0.535_714 },
    PrintedQhm { momentum: 0.5, mixing: 0.5, by_h: 0.772_472, by_system: 0.859_375 },
    PrintedQhm { momentum: 0.5, mixing: 1.0, by_h: -0.12, by_system: -0.181_818 },
    PrintedQhm { momentum: 0.9, mixing: 0.5, by_h: -0.353_928, by_system: -0.092_497 },
    PrintedQhm { momentum: 0.9, mixing: 1.0, by_h: -0.001_214, by_system: -0.001_547 },
];

/// The row of [`PRINTED_QHM`] for an optimizer at `k = 1`, `C = 1`; `None` at every other point. The printed `h(K)` and
/// system themselves are not transcribed here, only what they give at these points.
///
/// ```
/// use noisy_descent::{optimizer::Qhm, theory::published::printed_qhm};
/// let qhm = Qhm { learning_rate: 0.5, momentum: 0.9, mixing: 0.5 };
/// assert_eq!(printed_qhm(&qhm).unwrap().by_h, -0.353_928); // true is 0.193473
/// assert!(printed_qhm(&Qhm { mixing: 0.6, ..qhm }).is_none());
/// ```
#[must_use]
pub fn printed_qhm(optimizer: &Qhm) -> Option<&'static PrintedQhm> {
    let same = |row: &&PrintedQhm| (row.momentum, row.mixing) == (optimizer.momentum, optimizer.mixing);
    PRINTED_QHM.iter().find(same).filter(|_| optimizer.learning_rate == 0.5)
}

/// Erratum 20. The learning rate of the plain SGD that QHM is said to be at `ν = 0`, `λ/(1−μ)`. It is
/// `λ` itself; only `ν = 1`, heavy-ball momentum, needs another one, `λ(1−μ)`.
///
/// # Errors
/// Names a number of the optimizer that is out of its range.
///
/// ```
/// use noisy_descent::{optimizer::Qhm, theory::published::qhm_plain_learning_rate};
/// let qhm = Qhm { learning_rate: 0.5, momentum: 0.75, mixing: 0.0 };
/// assert_eq!(qhm_plain_learning_rate(&qhm)?, 2.0); // true is 0.5
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn qhm_plain_learning_rate(optimizer: &Qhm) -> Result<f64> {
    optimizer.check()?;
    Ok(optimizer.learning_rate / (1.0 - optimizer.momentum))
}

/// Erratum 2. The covariance of QHM that Table 1 attributes to earlier work, `λ/(2(1−μ)) K⁻¹ C` (symmetrised), `D x D`. For the
/// normalised velocity of Eq. 72 it is `λ/2 K⁻¹ C`, the limit of small learning rates, as the training error in the same row
/// says.
///
/// # Errors
/// Names what is not square, finite, symmetric, positive, of the same size or in its range.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::Qhm, theory::published::qhm_earlier_covariance};
/// let qhm = Qhm { learning_rate: 0.001, momentum: 0.9, mixing: 0.7 };
/// let printed = qhm_earlier_covariance(&dmatrix![1.0], &dmatrix![1.0], &qhm)?;
/// assert!((printed[(0, 0)] - 0.005).abs() < 1e-15); // ten times the true one
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn qhm_earlier_covariance(
    hessian: &DMatrix<f64>,
    noise_covariance: &DMatrix<f64>,
    optimizer: &Qhm,
) -> Result<DMatrix<f64>> {
    optimizer.check()?;
    let modes = Modes::new(hessian, noise_covariance)?;
    let (k, e) = (modes.curvatures(), optimizer.learning_rate / (1.0 - optimizer.momentum));
    Ok(modes.assemble(|i, j| 0.25 * e * modes.noise()[(i, j)] * (1.0 / k[i] + 1.0 / k[j])))
}
