//! The shape of the stationary law: skewness and excess kurtosis of the weights.

use super::System;
use super::stability::is_stable;
use crate::error::Result;
use crate::noise::NoiseLaw;
use crate::optimizer::{Mode, Step};
use nalgebra::DMatrix;
use serde::Serialize;

/// Variance and shape of one component of the weights in the stationary state.
///
/// ```
/// use noisy_descent::{noise::NoiseLaw, optimizer::{Momentum, Step}, theory::{Shape, mode_shape}};
/// let sgd = Step::from(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// // ρ = 1 − λk = 1/2 under χ² noise of 2 degrees, of skewness 2 and excess kurtosis 6
/// let skewed: Shape = mode_shape(&sgd, 1.0, 1.0, &NoiseLaw::ChiSquared { degrees: 2.0 })?.unwrap();
/// assert!((skewed.variance - 0.25 / 0.75).abs() < 1e-14); // λ²c/(1 − ρ²)
/// assert!((skewed.skewness.unwrap() + 2.0 * 0.75f64.powf(1.5) / 0.875).abs() < 1e-14); // opposite to the noise's
/// assert!((skewed.excess_kurtosis.unwrap() - 6.0 * 0.75 / 1.25).abs() < 1e-14);
/// let heavy = mode_shape(&sgd, 1.0, 1.0, &NoiseLaw::StudentT { degrees: 4.0 })?.unwrap();
/// assert_eq!((heavy.skewness, heavy.excess_kurtosis), (Some(0.0), None)); // infinite
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Shape {
    /// Variance.
    pub variance: f64,
    /// Third moment at unit variance; `null` where the noise has none.
    pub skewness: Option<f64>,
    /// Fourth moment at unit variance less 3, zero for a Gaussian; `null` where it is infinite.
    pub excess_kurtosis: Option<f64>,
}

/// Shape of the weight on one direction of curvature `k` under independent noise of one law and variance; `None` when
/// there is no stationary state.
///
/// The `n`-th cumulant of the weight is that of the noise times `Σ_t g_tⁿ`, with the response `g_t` to one unit of noise `t`
/// steps ago. For SGD `g_t = −λ(1−λk)ᵗ`: the skewness is opposite to the noise's; both vanish as `λ → 0` and as `λk → 2`, and
/// at `λk = 1` the weight is the last noise itself.
///
/// # Errors
/// Names a number of the step or the law, a curvature or a variance that is out of its range.
///
/// ```
/// use noisy_descent::{noise::NoiseLaw, optimizer::{Momentum, Step}, theory::mode_shape};
/// let sgd = Step::from(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let coins = mode_shape(&sgd, 1.0, 1.0, &NoiseLaw::Rademacher)?.unwrap();
/// assert!((coins.excess_kurtosis.unwrap() + 1.2).abs() < 1e-14); // halving sums of coins: the uniform law
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn mode_shape(step: &Step, curvature: f64, noise_variance: f64, law: &NoiseLaw) -> Result<Option<Shape>> {
    step.check()?;
    law.check()?;
    for (name, value, fine, allowed) in [
        ("curvature", curvature, curvature > 0.0, "(0, ∞)"),
        ("noise_variance", noise_variance, noise_variance >= 0.0, "[0, ∞)"),
    ] {
        if !fine || !value.is_finite() {
            return Err(crate::Error::OutOfRange { parameter: name.into(), value, allowed: allowed.into() });
        }
    }
    if step.learning_rate() * curvature >= step.stability_limit() {
        return Ok(None);
    }
    let mode = step.mode(curvature);
    Ok(response_sums(&mode).map(|[second, third, fourth]| Shape {
        variance: noise_variance * second,
        skewness: law.skewness().map(|skewness| skewness * third / (second * second.sqrt())),
        excess_kurtosis: law.excess_kurtosis().map(|kurtosis| kurtosis * fourth / (second * second)),
    }))
}

/// Shape of the weights along each of the Hessian's eigenvectors under a noise `η = F ξ` with the lower triangular `F` of
/// `C = F Fᵀ` and independent `ξ` of one law, as the experiment draws it. `None` when there is no stationary state or when a
/// preconditioner mixes the eigenvectors.
///
/// A sum of several independent `ξ` is closer to a Gaussian than each of them, so that the shape along an eigenvector depends
/// on how `C` is mixed: it is diluted by `Σ_a (uᵀF)_aⁿ / (uᵀCu)^{n/2}`.
///
/// # Errors
/// What is wrong with the law.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, noise::NoiseLaw, optimizer::{Momentum, Optimizer}, theory::{System, shapes}};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 1.0, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0, 0.0; 0.0, 0.1], &dmatrix![1.0, 0.0; 0.0, 1.0], &sgd)?;
/// let shapes = shapes(&system, &NoiseLaw::Laplace)?.unwrap();
/// assert!((shapes[0].excess_kurtosis.unwrap() - 3.0).abs() < 1e-14); // at λk = 1 the weight is −λη
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn shapes(system: &System, law: &NoiseLaw) -> Result<Option<Vec<Shape>>> {
    law.check()?;
    if !system.is_plain() || !is_stable(system) {
        return Ok(None);
    }
    let (modes, n) = (system.modes(), system.dimension());
    let covariance = modes.directions() * modes.noise() * modes.directions().transpose();
    let along = modes.directions().transpose() * triangular_factor(&covariance);
    let mut all = Vec::with_capacity(n);
    for i in 0..n {
        let Some(one) = mode_shape(system.step(), modes.curvatures()[i], modes.noise()[(i, i)].max(0.0), law)? else {
            return Ok(None);
        };
        let total: f64 = along.row(i).iter().map(|x| x * x).sum();
        let dilution = |power: i32| {
            if total > 0.0 { along.row(i).iter().map(|x| (x / total.sqrt()).powi(power)).sum() } else { 0.0 }
        };
        let (third, fourth): (f64, f64) = (dilution(3), dilution(4));
        all.push(Shape {
            skewness: one.skewness.map(|skewness| skewness * third),
            excess_kurtosis: one.excess_kurtosis.map(|kurtosis| kurtosis * fourth),
            ..one
        });
    }
    Ok(Some(all))
}

/// `Σ_t g_tⁿ` for `n = 2, 3, 4`; `None` if they do not converge.
fn response_sums(mode: &Mode) -> Option<[f64; 3]> {
    Some([sum_of_powers(mode, 2, None)?, sum_of_powers(mode, 3, None)?, sum_of_powers(mode, 4, None)?])
}

/// `Σ_t (A^t b)_wⁿ` over all `t`, or over the first `steps` of them: the monomials `w^{n−s} m^s` of a state step linearly, by an `(n+1) x (n+1)` matrix whose geometric
/// series is summed by doubling.
pub(super) fn sum_of_powers(mode: &Mode, n: usize, steps: Option<u64>) -> Option<f64> {
    let (a, b) = (mode.transition, mode.input);
    // Scale the velocity so that both entries of the input, and with them the monomials, are of one size.
    let scale = if b[0] == 0.0 { 1.0 } else { (b[1] / b[0]).abs() };
    let (ww, wm, mw, mm) = (a[(0, 0)], a[(0, 1)] * scale, a[(1, 0)] / scale, a[(1, 1)]);
    let mut across = DMatrix::zeros(n + 1, n + 1);
    for s in 0..=n {
        // (ww w + wm m)^{n−s} (mw w + mm m)^s
        let mut coefficients = vec![1.0];
        for factor in 0..n {
            let (first, second) = if factor < n - s { (ww, wm) } else { (mw, mm) };
            let mut product = vec![0.0; coefficients.len() + 1];
            for (power, coefficient) in coefficients.iter().enumerate() {
                product[power] += coefficient * first;
                product[power + 1] += coefficient * second;
            }
            coefficients = product;
        }
        for (r, coefficient) in coefficients.into_iter().enumerate() {
            across[(s, r)] = coefficient;
        }
    }
    let input = nalgebra::DVector::from_fn(n + 1, |s, _| b[0].powi((n - s) as i32) * (b[1] / scale).powi(s as i32));
    let mut sum = input;
    if let Some(mut rest) = steps {
        // The sum over the next 2^bit steps and the matrix across them, by the binary digits of the number of steps.
        let mut total = nalgebra::DVector::zeros(n + 1);
        while rest > 0 {
            if rest & 1 == 1 {
                total = &sum + &across * total;
            }
            rest >>= 1;
            if rest > 0 {
                sum += &across * &sum;
                across = &across * &across;
            }
        }
        return Some(total[0]).filter(|sum| sum.is_finite());
    }
    for _ in 0..64 {
        let more = &across * &sum;
        sum += &more;
        let (added, total) = (more.amax(), sum.amax());
        if !total.is_finite() {
            return None;
        }
        if added <= 0.01 * f64::EPSILON * sum[0].abs().min(total) || added == 0.0 {
            return Some(sum[0]);
        }
        across = &across * &across;
    }
    Some(sum[0])
}

/// Lower triangular `F` with `F Fᵀ = C`; a direction without noise gets a column of zeros.
pub(super) fn triangular_factor(covariance: &DMatrix<f64>) -> DMatrix<f64> {
    let n = covariance.nrows();
    let negligible = 1e-14 * n as f64 * covariance.diagonal().amax();
    let mut factor = DMatrix::zeros(n, n);
    for j in 0..n {
        let pivot: f64 = covariance[(j, j)] - (0..j).map(|s| factor[(j, s)] * factor[(j, s)]).sum::<f64>();
        if pivot > negligible {
            factor[(j, j)] = pivot.sqrt();
            for i in j + 1..n {
                let inner: f64 = (0..j).map(|s| factor[(i, s)] * factor[(j, s)]).sum();
                factor[(i, j)] = (covariance[(i, j)] - inner) / factor[(j, j)];
            }
        }
    }
    factor
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizer::Momentum;

    #[test]
    fn plain_sgd_has_closed_forms() {
        for x in [0.1_f64, 0.5, 1.0, 1.3, 1.9] {
            let step = Step::from(Momentum { learning_rate: x, momentum: 0.0 });
            let law = NoiseLaw::ChiSquared { degrees: 3.0 };
            let shape = mode_shape(&step, 1.0, 6.0, &law).unwrap().unwrap();
            let rho = 1.0 - x;
            let skewness = -(8.0_f64 / 3.0).sqrt() * (1.0 - rho * rho).powf(1.5) / (1.0 - rho.powi(3));
            let kurtosis = 4.0 * (1.0 - rho * rho) / (1.0 + rho * rho);
            assert!((shape.skewness.unwrap() - skewness).abs() < 1e-13);
            assert!((shape.excess_kurtosis.unwrap() - kurtosis).abs() < 1e-13);
            assert!((shape.variance - 6.0 * x / (2.0 - x)).abs() < 1e-13 * shape.variance);
        }
    }

    #[test]
    fn moments_that_do_not_exist_are_not_numbers() {
        let step = Step::from(Momentum { learning_rate: 0.5, momentum: 0.5 });
        let shape = |degrees| mode_shape(&step, 1.0, 1.0, &NoiseLaw::StudentT { degrees }).unwrap().unwrap();
        assert_eq!((shape(4.0).skewness, shape(4.0).excess_kurtosis), (Some(0.0), None));
        assert_eq!((shape(2.5).skewness, shape(2.5).excess_kurtosis), (None, None));
        assert!(mode_shape(&step, 1.0, 1.0, &NoiseLaw::StudentT { degrees: 2.0 }).is_err());
        assert_eq!(mode_shape(&step, 7.0, 1.0, &NoiseLaw::Laplace).unwrap(), None); // past 2(1 + μ)/λ = 6
    }
}
