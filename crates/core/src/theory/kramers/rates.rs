//! The paper's escape rate for a finite learning rate, put together from its own steps (Liu et al. 2021, Eq. 66 to 71).
//!
//! A heuristic: it corrects the well and treats the barrier as the diffusion does. See
//! [`chain_escape`](super::chain_escape) for the exact rate.

use super::BarrierShape;
use crate::check::{out_of_range, positive};
use crate::error::Result;
use std::f64::consts::PI;

/// `λ k_a` in `(0, 2)`, with `S` and `λ` positive.
fn checked(shape: &BarrierShape, batch_size: f64, learning_rate: f64) -> Result<f64> {
    for (name, value) in [
        ("well_curvature", shape.well_curvature),
        ("barrier_curvature", shape.barrier_curvature),
        ("height", shape.height),
        ("batch_size", batch_size),
        ("learning_rate", learning_rate),
    ] {
        positive(name, value)?;
    }
    if !(0.0..=1.0).contains(&shape.fraction) {
        return Err(out_of_range("fraction", shape.fraction, "[0, 1]"));
    }
    let x = learning_rate * shape.well_curvature;
    if x < 2.0 {
        Ok(x)
    } else {
        Err(out_of_range("learning_rate", learning_rate, format!("(0, {})", 2.0 / shape.well_curvature)))
    }
}

/// Probability in the well per unit of the density at its bottom, `√(2πλC/(k(2−λk))) erf(√((2−λk)ΔL/(2λC)))` with
/// `C = k/S`: Eq. 66 without its slips (erratum 6), for the part of the well within `√(ΔL/k)` of the minimum.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) names the number that is not positive, or a learning rate outside
/// `(0, 2/k_a)`.
///
/// ```
/// use noisy_descent::theory::kramers::{BarrierShape, well_mass};
/// let shape = BarrierShape { well_curvature: 1.0, barrier_curvature: 1.0, height: 100.0, fraction: 0.5 };
/// // A deep well holds the whole Gaussian of Theorem 1: √(2πΣ), Σ = λC/(k(2−λk)) = 1
/// assert!((well_mass(&shape, 1.0, 1.0)? - (2.0 * std::f64::consts::PI).sqrt()).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn well_mass(shape: &BarrierShape, batch_size: f64, learning_rate: f64) -> Result<f64> {
    let x = checked(shape, batch_size, learning_rate)?;
    let noise = shape.well_curvature / batch_size;
    let variance = learning_rate * noise / (shape.well_curvature * (2.0 - x));
    let half_width = ((2.0 - x) * shape.height / (2.0 * learning_rate * noise)).sqrt();
    Ok((2.0 * PI * variance).sqrt() * libm::erf(half_width))
}

/// Flux over the barrier per unit of the density at the bottom of the well, per unit of `s`:
/// `√(T_b|k_b|/(2π)) E`, `T_b = λ|k_b|/(2S)`: Eq. 70 without its slips (erratum 7). The exponential is the paper's,
/// `E = exp[−(2SΔL/λ)(l(1−λk_a/2)/k_a + (1−l)/|k_b|)]`.
///
/// # Errors
/// As for [`well_mass`].
///
/// ```
/// use noisy_descent::theory::kramers::{BarrierShape, barrier_flux};
/// let low = BarrierShape { well_curvature: 1.0, barrier_curvature: 2.0, height: 1e-300, fraction: 0.5 };
/// assert!((barrier_flux(&low, 1.0, 0.5)? - (0.5 / std::f64::consts::PI).sqrt()).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn barrier_flux(shape: &BarrierShape, batch_size: f64, learning_rate: f64) -> Result<f64> {
    let x = checked(shape, batch_size, learning_rate)?;
    let temperature = learning_rate * shape.barrier_curvature / (2.0 * batch_size);
    let climb =
        shape.fraction * (1.0 - 0.5 * x) / shape.well_curvature + (1.0 - shape.fraction) / shape.barrier_curvature;
    let exponent = 2.0 * batch_size * shape.height / learning_rate * climb;
    Ok((temperature * shape.barrier_curvature / (2.0 * PI)).sqrt() * libm::exp(-exponent))
}

/// The rate that follows from the paper's own steps, flux over probability, per unit of `s`:
/// `(|k_b|/2π) √((2−x)/2)/erf(z/√2) E`, `x = λk_a`, `z = √(S(2−x)ΔL/(λk_a))` (erratum 8), for `C = |k|/S`.
///
/// # Errors
/// As for [`well_mass`].
///
/// ```
/// use noisy_descent::theory::kramers::{PiecewiseQuadratic, Potential, self_consistent_rate};
/// // Fig. 6(b) at r = 10: the exact chain has 2.46e-2, Eq. 23 as printed 3.18e-2
/// let shape = Potential::from(PiecewiseQuadratic::new(10.0, 10.0, 1.0)?).barrier_shape()?;
/// assert!((self_consistent_rate(&shape, 1.0, 0.15)? / 10.0 - 1.55e-2).abs() < 5e-5);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn self_consistent_rate(shape: &BarrierShape, batch_size: f64, learning_rate: f64) -> Result<f64> {
    Ok(barrier_flux(shape, batch_size, learning_rate)? / well_mass(shape, batch_size, learning_rate)?)
}

/// Exponent of a rare escape of the discrete walker from a well and barrier of equal curvature `k` over the distance `b`:
/// `S b²/(2λ) (1 − x²/4)`, `x = λk`, for `C = k/S` (erratum 10).
///
/// The most likely path climbs the contracting well, `Σ_a = λC/(k(2−x))`, and the expanding barrier,
/// `Σ_b = λC/(k(2+x))`, at the cost `b²/(2(Σ_a + Σ_b))`: the first orders of the two cancel, while Eq. 23 keeps that of the
/// well alone, `1 − x/4`.
///
/// It is the limit of large `S` for `x < √3`. Beyond, that path would pass the joint of the parabolas on its way up, two steps
/// before it crosses for good, where the slope is another; the exponent is then larger (the exact chain has 0.30 at `S = 400`
/// for `x = 1.95`, `b = 1`, `λ = 0.15`, where the formula gives 0.16).
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) names the number that is not positive, or a learning rate outside
/// `(0, 2/k)`.
///
/// ```
/// use noisy_descent::theory::kramers::rare_escape_exponent;
/// assert!((rare_escape_exponent(10.0, 1.0, 1.0, 0.15)? - 1.458).abs() < 5e-4); // the chain itself has 1.539 at S = 4.5
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn rare_escape_exponent(curvature: f64, distance: f64, batch_size: f64, learning_rate: f64) -> Result<f64> {
    positive("curvature", curvature)?;
    positive("distance", distance)?;
    positive("batch_size", batch_size)?;
    let x = positive("learning_rate", learning_rate)? * curvature;
    if x >= 2.0 {
        return Err(out_of_range("learning_rate", learning_rate, format!("(0, {})", 2.0 / curvature)));
    }
    Ok(batch_size * distance * distance / (2.0 * learning_rate) * (1.0 - 0.25 * x * x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_input_is_named() {
        let good = BarrierShape { well_curvature: 1.0, barrier_curvature: 1.0, height: 1.0, fraction: 0.5 };
        let named = |shape: BarrierShape, s, lambda| {
            let error = self_consistent_rate(&shape, s, lambda).unwrap_err();
            assert_eq!(well_mass(&shape, s, lambda).unwrap_err().to_string(), error.to_string());
            error.parameter().to_string()
        };
        assert_eq!(named(good, f64::NAN, 0.1), "batch_size");
        assert_eq!(named(good, 1.0, 2.0), "learning_rate");
        assert_eq!(named(BarrierShape { fraction: f64::NAN, ..good }, 1.0, 0.1), "fraction");
        assert_eq!(named(BarrierShape { height: -1.0, ..good }, 1.0, 0.1), "height");
        assert!(rare_escape_exponent(1.0, 1.0, 1.0, 2.0).is_err());
        assert!(rare_escape_exponent(1.0, f64::NAN, 1.0, 0.2).is_err());
    }
}
