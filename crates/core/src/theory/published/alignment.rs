//! Errata 12 and 13: what alignment is said to be worth (Liu et al. 2021, Theorem 8).

use super::positive;
use crate::error::{Error, Result};
use crate::theory::{System, alignment_ratio};

/// Erratum 13. The order `D^{2d−1}` that Eq. 20 and 64 print for the ratio after one step, with the flat curvatures of size
/// `D^{−d}`. The ratio never exceeds `D k₁/tr K ≤ D`; the order is right as a lower bound, `D^{min(2d−1, 1)}`.
///
/// # Errors
/// [`Error::OutOfRange`] for no dimension or an exponent that is not positive and finite.
///
/// ```
/// use noisy_descent::theory::published::alignment_order;
/// assert!((alignment_order(1000, 1.5)? - 1e6).abs() < 1e-3); // the ratio itself is 939.7
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn alignment_order(dimension: usize, exponent: f64) -> Result<f64> {
    positive("exponent", exponent)?;
    if dimension == 0 {
        return Err(Error::OutOfRange { parameter: "dimension".into(), value: 0.0, allowed: "[1, ∞)".into() });
    }
    Ok((dimension as f64).powf(2.0 * exponent - 1.0))
}

/// Erratum 12. The ratio that Theorem 8 claims for the long run: the same as after one step. True is
/// [`alignment_ratio_long_run`](crate::theory::alignment_ratio_long_run), below `(2 − λk_min)/(2 − λk_1)` for any dimension.
///
/// ```
/// use noisy_descent::nalgebra::{DMatrix, DVector};
/// use noisy_descent::{optimizer::{Momentum, Optimizer}, theory::{System, alignment_ratio_long_run, published}};
/// let hessian = DMatrix::from_diagonal(&DVector::from_fn(100, |i, _| if i == 0 { 1.0 } else { 1e-3 }));
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let system = System::new(&hessian, &hessian, &sgd)?;
/// assert!(published::long_run_alignment_ratio(&system) > 80.0);
/// assert!(alignment_ratio_long_run(&system).unwrap() < 4.0 / 3.0);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn long_run_alignment_ratio(system: &System) -> f64 {
    alignment_ratio(system, 1)
}
