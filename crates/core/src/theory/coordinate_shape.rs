//! The shape of one coordinate of the weights, after any number of steps.

use super::shape::{sum_of_powers, triangular_factor};
use super::stability::is_stable;
use super::{Shape, System};
use crate::check::out_of_range;
use crate::error::Result;
use crate::noise::NoiseLaw;
use nalgebra::{DMatrix, DVector, Vector2};

/// A component below this, relative to the largest, is the rounding of a zero.
const NEGLIGIBLE: f64 = 1e-13;

/// Largest work of a sum that is taken step by step, in multiplications.
const LARGEST_SUM: f64 = 2e7;

/// Relative size of the newest terms below which a sum has converged; they shrink geometrically.
const CONVERGED: f64 = 1e-18;

/// Shape of coordinate `i` (from 0) of the weights `steps` updates after a Gaussian start, or in the stationary state without
/// `steps`, under a noise `η = F ξ` with the lower triangular `F` of `C = F Fᵀ` and independent `ξ` of one law, as the
/// experiment draws it. `variance` is that of the coordinate at that time.
///
/// The `n`-th cumulant of the coordinate is that of `ξ` times `Σ_s Σ_a r_s,aⁿ`, with the response `r_s,a` of the coordinate to
/// one unit of `ξ_a` drawn `s` steps ago; a Gaussian start has none beyond the second. `None` where nothing fluctuates, where
/// there is no stationary state, and where directions mix and settle too slowly for a sum over the steps.
///
/// # Errors
/// What is wrong with the law; [`Error::OutOfRange`](crate::Error::OutOfRange) for a coordinate that there is not.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, noise::NoiseLaw, optimizer::{Momentum, Optimizer}};
/// use noisy_descent::theory::{System, coordinate_shape};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?;
/// let first = coordinate_shape(&system, &NoiseLaw::Rademacher, 0, 0.25, Some(1))?.unwrap();
/// assert!((first.excess_kurtosis.unwrap() + 2.0).abs() < 1e-14); // a coin
/// let second = coordinate_shape(&system, &NoiseLaw::Rademacher, 0, 0.25 + 0.0625, Some(2))?.unwrap();
/// assert!((second.excess_kurtosis.unwrap() + 2.0 * 17.0 / 25.0).abs() < 1e-14); // a large coin and one of half the size
/// let settled = coordinate_shape(&system, &NoiseLaw::Rademacher, 0, 1.0 / 3.0, None)?.unwrap();
/// assert!((settled.excess_kurtosis.unwrap() + 1.2).abs() < 1e-14); // halving sums of coins: the uniform law
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn coordinate_shape(
    system: &System,
    law: &NoiseLaw,
    coordinate: usize,
    variance: f64,
    steps: Option<u64>,
) -> Result<Option<Shape>> {
    let n = system.dimension();
    if coordinate >= n {
        return Err(out_of_range("coordinate", coordinate as f64 + 1.0, format!("[1, {n}]")));
    }
    let along = system.modes().directions().row(coordinate).transpose();
    shape_along(system, law, &along, variance, steps)
}

/// The same of the component of the weights along a vector of `D` numbers, `uᵀw`.
pub(crate) fn component_shape(
    system: &System,
    law: &NoiseLaw,
    component: &DVector<f64>,
    variance: f64,
    steps: Option<u64>,
) -> Result<Option<Shape>> {
    shape_along(system, law, &system.modes().directions().tr_mul(component), variance, steps)
}

/// The shape of a combination of the directions.
fn shape_along(
    system: &System,
    law: &NoiseLaw,
    along: &DVector<f64>,
    variance: f64,
    steps: Option<u64>,
) -> Result<Option<Shape>> {
    law.check()?;
    let (modes, n) = (system.modes(), system.dimension());
    if variance.is_nan() || variance <= 0.0 || (steps.is_none() && !is_stable(system)) {
        return Ok(None);
    }
    let largest = along.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
    let mixed: Vec<usize> = (0..n).filter(|&i| along[i].abs() > NEGLIGIBLE * largest).collect();
    // What one unit of each ξ does to each direction, and that to the coordinate.
    let factor = triangular_factor(&modes.assemble_dual(|i, j| modes.noise()[(i, j)]));
    let into = modes.directions().transpose() * factor;
    let sums = match mixed[..] {
        [only] => {
            let mode = system.mode(only);
            [3, 4].map(|power| {
                let input: f64 = into.row(only).iter().map(|x| (along[only] * x).powi(power)).sum();
                sum_of_powers(&mode, power as usize, steps).map(|sum| sum * input)
            })
        }
        _ => {
            let weights = DMatrix::from_fn(mixed.len(), n, |i, a| along[mixed[i]] * into[(mixed[i], a)]);
            let states: Vec<_> = mixed.iter().map(|&i| system.mode(i)).collect();
            match step_by_step(&states, &weights, steps) {
                Some([third, fourth]) => [Some(third), Some(fourth)],
                None => [None, None],
            }
        }
    };
    let [Some(third), Some(fourth)] = sums else { return Ok(None) };
    Ok(Some(Shape {
        variance,
        skewness: law.skewness().map(|skewness| skewness * third / (variance * variance.sqrt())),
        excess_kurtosis: law.excess_kurtosis().map(|kurtosis| kurtosis * fourth / (variance * variance)),
    }))
}

/// `Σ_s Σ_a r_s,aⁿ` for `n` = 3 and 4, `r_s,a = Σ_i g_s(i) weights_ia` with the responses `g_s` of the directions.
fn step_by_step(modes: &[crate::optimizer::Mode], weights: &DMatrix<f64>, steps: Option<u64>) -> Option<[f64; 2]> {
    let each = (weights.nrows() * weights.ncols()) as f64;
    let mut states: Vec<Vector2<f64>> = modes.iter().map(|mode| mode.input).collect();
    let (mut sums, mut small) = ([0.0, 0.0], 0);
    for step in 0_u64.. {
        if steps.is_some_and(|steps| step >= steps) {
            break;
        }
        if step as f64 * each > LARGEST_SUM {
            return None;
        }
        let now = DVector::from_iterator(states.len(), states.iter().map(|state| state[0]));
        let response = weights.tr_mul(&now);
        let fourth: f64 = response.iter().map(|r| r * r * r * r).sum();
        sums[0] += response.iter().map(|r| r * r * r).sum::<f64>();
        sums[1] += fourth;
        // Several in a row: a response passes through zero on its way.
        small = if fourth <= CONVERGED * sums[1] { small + 1 } else { 0 };
        if small > 20 + modes.len() {
            break;
        }
        for (state, mode) in states.iter_mut().zip(modes) {
            *state = mode.transition * *state;
        }
    }
    sums.iter().all(|sum| sum.is_finite()).then_some(sums)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizer::{Momentum, Optimizer, Qhm};
    use crate::theory::{Moments, shapes, stationary_covariance, transient};
    use nalgebra::dmatrix;

    fn optimizers() -> [Optimizer; 2] {
        [
            Optimizer::Momentum(Momentum { learning_rate: 0.7, momentum: 0.6 }),
            Optimizer::Qhm(Qhm { learning_rate: 0.9, momentum: 0.5, mixing: 0.3 }),
        ]
    }

    #[test]
    fn along_an_eigenvector_it_is_the_shape_of_the_mode() {
        let (hessian, noise) = (dmatrix![1.0, 0.0; 0.0, 0.3], dmatrix![1.0, 0.4; 0.4, 2.0]);
        for optimizer in optimizers() {
            let system = System::new(&hessian, &noise, &optimizer).unwrap();
            let law = NoiseLaw::ChiSquared { degrees: 3.0 };
            for (i, mode) in shapes(&system, &law).unwrap().unwrap().iter().enumerate() {
                let shape = coordinate_shape(&system, &law, i, mode.variance, None).unwrap().unwrap();
                assert!((shape.skewness.unwrap() / mode.skewness.unwrap() - 1.0).abs() < 1e-12);
                assert!((shape.excess_kurtosis.unwrap() / mode.excess_kurtosis.unwrap() - 1.0).abs() < 1e-12);
            }
        }
    }

    /// The sum over the steps, taken apart: every ξ of every step moves the coordinate by its own response.
    #[test]
    fn across_eigenvectors_it_is_the_sum_over_the_past() {
        let noise = dmatrix![1.0, 0.4; 0.4, 2.0];
        let law = NoiseLaw::ChiSquared { degrees: 3.0 };
        // Mixed directions, and directions that are the coordinates.
        let hessians = [dmatrix![1.0, 0.3; 0.3, 0.5], dmatrix![1.0, 0.0; 0.0, 0.5]];
        for (hessian, optimizer) in hessians.into_iter().flat_map(|k| optimizers().map(|o| (k.clone(), o))) {
            let system = System::new(&hessian, &noise, &optimizer).unwrap();
            let factor = triangular_factor(&noise);
            for steps in [1, 2, 7, 400] {
                let mut sums = [0.0; 3];
                for a in 0..2 {
                    // One unit of ξ_a: w and m of the whole system, by its own update.
                    let (mut w, mut m) = (dmatrix![0.0; 0.0], dmatrix![0.0; 0.0]);
                    for step in 0..steps {
                        let mut gradient = &hessian * &w;
                        if step == 0 {
                            gradient += factor.column(a);
                        }
                        for i in 0..2 {
                            (w[i], m[i]) = match &optimizer {
                                Optimizer::Qhm(qhm) => qhm.step(w[i], m[i], gradient[i]),
                                Optimizer::Momentum(momentum) => momentum.step(w[i], m[i], gradient[i]),
                                other => panic!("{other:?}"),
                            };
                        }
                        for (sum, power) in sums.iter_mut().zip([2, 3, 4]) {
                            *sum += w[0].powi(power);
                        }
                    }
                }
                let moments = transient(&system, &Moments::at_minimum(2), steps).unwrap();
                let variance = moments.covariance[(0, 0)];
                assert!((variance / sums[0] - 1.0).abs() < 1e-12, "{steps}: {variance} {}", sums[0]);
                let shape = coordinate_shape(&system, &law, 0, variance, Some(steps)).unwrap().unwrap();
                let skewness = law.skewness().unwrap() * sums[1] / variance.powf(1.5);
                let kurtosis = law.excess_kurtosis().unwrap() * sums[2] / variance.powi(2);
                assert!((shape.skewness.unwrap() / skewness - 1.0).abs() < 1e-11);
                assert!((shape.excess_kurtosis.unwrap() / kurtosis - 1.0).abs() < 1e-11);
            }
            let settled = stationary_covariance(&system).unwrap()[(0, 0)];
            let shape = |steps| coordinate_shape(&system, &law, 0, settled, steps).unwrap().unwrap();
            assert!((shape(None).skewness.unwrap() / shape(Some(2000)).skewness.unwrap() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn what_does_not_exist_is_none_or_named() {
        let sgd = |learning_rate| Optimizer::Momentum(Momentum { learning_rate, momentum: 0.0 });
        let mixed = dmatrix![1.0, 0.3; 0.3, 0.5];
        let system = |learning_rate| System::new(&mixed, &DMatrix::identity(2, 2), &sgd(learning_rate)).unwrap();
        let shape = |learning_rate, variance, steps| {
            coordinate_shape(&system(learning_rate), &NoiseLaw::Laplace, 0, variance, steps).unwrap()
        };
        assert!(shape(0.5, 0.0, None).is_none(), "no fluctuation");
        assert!(shape(9.0, 1.0, None).is_none(), "no stationary state");
        assert!(shape(9.0, 1.0, Some(3)).is_some(), "but a law after three steps");
        assert!(shape(1e-9, 1.0, None).is_none(), "too slow for a sum");
        let problem = coordinate_shape(&system(0.5), &NoiseLaw::Laplace, 2, 1.0, None).unwrap_err();
        assert_eq!(problem.to_string(), "coordinate must lie in [1, 2], got 3");
    }
}
