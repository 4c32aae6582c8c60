//! Which moments of the weights are finite under minibatches in one dimension.

use crate::error::Result;
use crate::loss::LinearRegression;
use crate::noise::Sampling;
use crate::optimizer::Step;
use nalgebra::{DMatrix, Matrix2};

/// Samples times batch that are added up for batches without repetition; more are not decided.
const MOST: usize = 2_000_000;

/// Two eigenvalues of a step that are nearer to each other count as one.
const NEAR: f64 = 0.01;

/// Minibatches multiply the weights by a random number at every step, so that their law has heavy tails: next to a limit of stability the
/// variance is finite, and higher moments are not.
///
/// With the curvature `h = mean x²` of a batch a step takes `(w, m)` to `A(h) (w, m)` and adds a noise; in the long run the moments of an even
/// order are finite when the matrix that takes the means of `wⁱ mⁿ⁻ⁱ` from one step to the next shrinks them. (The noise of least squares is
/// as tame as the data.)
///
/// ```
/// use noisy_descent::{loss::LinearRegression, noise::Sampling, optimizer::{Momentum, Step}, theory::minibatch::MomentGrowth};
/// use noisy_descent::nalgebra::{dmatrix, dvector};
/// // One sample a step out of x = 1 and x = 2: E (1 − λx²)⁴ = ((1 − λ)⁴ + (1 − 4λ)⁴)/2, and k = 5/2.
/// let data = LinearRegression::new(dmatrix![1.0; 2.0], dvector![1.0, 0.0])?;
/// let growth = MomentGrowth::new(&data, Sampling::WithReplacement, 1, 4)?.expect("one dimension");
/// let step = Step::from(Momentum { learning_rate: 0.5, momentum: 0.0 });
/// assert!((growth.of(step, 2.5) - (0.5_f64.powi(4) + 1.0) / 2.0).abs() < 1e-9);
/// assert!(growth.is_finite(step, 2.5, 100));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MomentGrowth {
    /// Central moments of a batch's curvature in units of its mean, from the zeroth up.
    moments: Vec<f64>,
}

impl MomentGrowth {
    /// For moments of an even order; `None` in more than one dimension, for epochs, whose batches depend on each other, and for batches without
    /// repetition of very many samples.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) for a batch size outside its range.
    pub fn new(
        data: &LinearRegression,
        sampling: Sampling,
        batch_size: usize,
        order: usize,
    ) -> Result<Option<MomentGrowth>> {
        sampling.variance_factor(data.data_size(), batch_size)?;
        if data.dimension() != 1 {
            return Ok(None);
        }
        let curvature = data.hessian()[(0, 0)];
        let apart: Vec<f64> = data.inputs().iter().map(|x| x * x / curvature - 1.0).collect();
        let moments = match sampling {
            Sampling::WithReplacement => Some(with_replacement(&apart, batch_size, order)),
            Sampling::WithoutReplacement => without_replacement(&apart, batch_size, order),
            Sampling::Epoch => None,
        };
        Ok(moments.map(|moments| MomentGrowth { moments }))
    }

    /// By how much the moments grow in a step on a direction of this curvature: the spectral radius of the matrix that takes them on, to eight
    /// figures or so. Below 1 they are finite in the long run.
    #[must_use]
    pub fn of(&self, step: Step, curvature: f64) -> f64 {
        let order = self.moments.len() - 1;
        let [to_p, to_q] = coordinates(&step, curvature);
        // A mean of pⁱ qⁿ⁻ⁱ is weighted by the root of the number of such products, so that what turns p and q turns it.
        let weight = |i: usize| (factorial(order) / (factorial(i) * factorial(order - i))).sqrt();
        let mut matrix = DMatrix::zeros(order + 1, order + 1);
        for power in 0..=order {
            // The product of the new p and q in powers of the old p.
            let mut product = vec![vec![1.0]];
            for factor in 0..order {
                let [of_p, of_q] = if factor < power { &to_p } else { &to_q };
                product = (0..=product.len())
                    .map(|i| {
                        let from = |place: Option<usize>, by: &[f64]| {
                            place.and_then(|place| product.get(place)).map_or_else(Vec::new, |a| times(a, by))
                        };
                        sum(&from(i.checked_sub(1), of_p), &from(Some(i), of_q))
                    })
                    .collect();
            }
            for (i, coefficient) in product.iter().enumerate() {
                let mean: f64 = coefficient.iter().zip(&self.moments).map(|(c, moment)| c * moment).sum();
                matrix[(power, i)] = weight(power) / weight(i) * mean;
            }
        }
        spectral_radius(matrix)
    }

    /// Whether the moments are finite in the long run, or so many steps too few to feel that they are not.
    #[must_use]
    pub fn is_finite(&self, step: Step, curvature: f64, steps: u64) -> bool {
        // What they have gathered is 1 + g + g² + …, a term a step.
        const UNFELT: f64 = 20.0;
        let grows = self.of(step, curvature);
        let steps = steps as f64;
        grows < 1.0 || (if grows == 1.0 { steps } else { (grows.powf(steps) - 1.0) / (grows - 1.0) }) < UNFELT
    }
}

/// The step in powers of what the relative curvature of a batch has more than its mean, in coordinates `p`, `q` in which its mean turns or
/// stretches, `[[α, ∓β], [β, α]]`: so its powers are as large as they look and their squares lose no digits.
fn coordinates(step: &Step, curvature: f64) -> [[Vec<f64>; 2]; 2] {
    let mean = step.mode(curvature).transition;
    let slope = mean - step.mode(0.0).transition;
    let in_powers = |m: Matrix2<f64>, n: Matrix2<f64>| {
        [[vec![m.m11, n.m11], vec![m.m12, n.m12]], [vec![m.m21, n.m21], vec![m.m22, n.m22]]]
    };
    if mean.m21 == 0.0 {
        return in_powers(mean, slope);
    }
    let half = (mean.m11 - mean.m22) / 2.0;
    let squared = half * half + mean.m12 * mean.m21;
    // Two eigenvalues that fall together have no such coordinates; these are near enough.
    let beta = squared.abs().sqrt().max(NEAR);
    // w = p + s q, m = t q.
    let to = Matrix2::new(1.0, half / beta, 0.0, mean.m21 / beta);
    let Some(from) = to.try_inverse() else { return in_powers(mean, slope) };
    in_powers(from * mean * to, from * slope * to)
}

/// The limit of `|Aⁿ|^{1/n}`, by squaring.
fn spectral_radius(mut power: DMatrix<f64>) -> f64 {
    let mut logarithm = 0.0;
    let mut share = 1.0;
    for _ in 0..40 {
        let size = power.amax();
        if size == 0.0 || size.is_nan() {
            return size;
        }
        logarithm += libm::log(size) * share;
        share /= 2.0;
        power /= size;
        power = &power * &power;
    }
    libm::exp(logarithm)
}

/// Moments `E hʲ` up to an order of the mean `h` of a batch whose every draw is from all values: with the mean `f` of `e^{ty/S}` over them,
/// `E e^{th} = fˢ`, term by term of the series.
fn with_replacement(values: &[f64], size: usize, order: usize) -> Vec<f64> {
    let f = exponential_means(values, size, order);
    let mut series = vec![1.0];
    for n in 1..=order {
        let terms = (1..=n).map(|k| (k as f64 * (size as f64 + 1.0) - n as f64) * f[k] * series[n - k]);
        let all: f64 = terms.sum();
        series.push(all / n as f64);
    }
    with_factorials(&series)
}

/// The same for batches of different samples, value by value: among the first `n` of them a batch of `s` holds the last one with
/// probability `s/n`. `None` where that is long.
fn without_replacement(values: &[f64], size: usize, order: usize) -> Option<Vec<f64>> {
    if values.len() * size > MOST {
        return None;
    }
    let terms = order + 1;
    // Series of the mean of `e^{th}` over the batches of s of the values so far, s from 0.
    let mut means = vec![0.0; (size + 1) * terms];
    means[0] = 1.0;
    for (before, value) in values.iter().enumerate() {
        let n = before + 1;
        let one = exponential_means(&[*value], size, order);
        // From the largest batch down, each from that with one sample less.
        for s in (1..=size.min(n)).rev() {
            let share = s as f64 / n as f64;
            for j in (0..terms).rev() {
                let with_it: f64 = (0..=j).map(|i| one[i] * means[(s - 1) * terms + j - i]).sum();
                means[s * terms + j] = (1.0 - share) * means[s * terms + j] + share * with_it;
            }
        }
    }
    Some(with_factorials(&means[size * terms..]))
}

/// Terms of the series of the mean of `e^{ty/S}`.
fn exponential_means(values: &[f64], size: usize, order: usize) -> Vec<f64> {
    let mean = |j: usize| values.iter().map(|y| (y / size as f64).powi(j as i32)).sum::<f64>() / values.len() as f64;
    (0..=order).map(|j| mean(j) / factorial(j)).collect()
}

fn with_factorials(series: &[f64]) -> Vec<f64> {
    series.iter().enumerate().map(|(j, term)| term * factorial(j)).collect()
}

fn factorial(n: usize) -> f64 {
    (1..=n).map(|k| k as f64).product()
}

fn sum(a: &[f64], b: &[f64]) -> Vec<f64> {
    let of = |terms: &[f64], i: usize| terms.get(i).copied().unwrap_or(0.0);
    (0..a.len().max(b.len())).map(|i| of(a, i) + of(b, i)).collect()
}

fn times(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; (a.len() + b.len()).saturating_sub(1)];
    for (i, left) in a.iter().enumerate() {
        for (j, right) in b.iter().enumerate() {
            product[i + j] += left * right;
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizer::{Momentum, Qhm};
    use nalgebra::DVector;

    /// The means of every batch of `size` of the values, each as likely as every other.
    fn batches(values: &[f64], size: usize, repeated: bool) -> Vec<f64> {
        if size == 0 {
            return vec![0.0];
        }
        let with = |i: usize| {
            let rest = if repeated { values } else { &values[i + 1..] };
            batches(rest, size - 1, repeated).into_iter().map(move |sum| values[i] + sum)
        };
        (0..values.len()).flat_map(with).collect()
    }

    fn moments_of(means: &[f64], order: usize) -> Vec<f64> {
        let mean = |j: usize| means.iter().map(|h| h.powi(j as i32)).sum::<f64>() / means.len() as f64;
        (0..=order).map(mean).collect()
    }

    #[test]
    fn moments_of_a_batch_are_those_of_all_batches_one_by_one() {
        let values = [0.3, -1.2, 2.5, 0.0, 1.1];
        for size in 1..=4 {
            for repeated in [true, false] {
                let means: Vec<f64> =
                    batches(&values, size, repeated).into_iter().map(|sum| sum / size as f64).collect();
                let found = if repeated {
                    with_replacement(&values, size, 6)
                } else {
                    without_replacement(&values, size, 6).expect("few")
                };
                for (found, want) in found.iter().zip(moments_of(&means, 6)) {
                    assert!((found - want).abs() < 1e-10, "{size}, {repeated}: {found}, {want}");
                }
            }
        }
        assert_eq!(without_replacement(&vec![1.0; 30_000], 100, 4), None);
    }

    fn of_curvatures(curvatures: &[f64], order: usize) -> (MomentGrowth, f64) {
        let inputs = DMatrix::from_fn(curvatures.len(), 1, |n, _| curvatures[n].sqrt());
        let data = LinearRegression::new(inputs, DVector::zeros(curvatures.len())).expect("data");
        let growth = MomentGrowth::new(&data, Sampling::WithReplacement, 1, order).expect("a batch of one");
        (growth.expect("one dimension"), data.hessian()[(0, 0)])
    }

    #[test]
    fn without_momentum_it_is_the_mean_power_of_the_factor() {
        let curvatures = [0.5, 1.0, 4.0];
        for order in [2, 4, 8] {
            let (growth, k) = of_curvatures(&curvatures, order);
            let found = growth.of(Step::from(Momentum { learning_rate: 0.7, momentum: 0.0 }), k);
            let factors: Vec<f64> = curvatures.iter().map(|h| 1.0 - 0.7 * h).collect();
            let want = moments_of(&factors, order)[order];
            assert!((found / want - 1.0).abs() < 1e-9, "{order}: {found}, {want}");
        }
    }

    /// The roots of z² − (1 + μ − λk) z + μ: a pair that turns, one that is double, real ones, and none of a velocity.
    #[test]
    fn of_a_constant_curvature_it_is_the_spectral_radius_to_the_order() {
        for (momentum, learning_rate, radius) in [
            (0.5, 2.75, 0.5_f64.sqrt()),
            (0.25, 2.25, 0.5),
            (0.5, 0.05, 0.725 + (0.725_f64 * 0.725 - 0.5).sqrt()),
            (0.0, 1.9, 0.9),
        ] {
            for order in [2, 4, 8] {
                let (growth, k) = of_curvatures(&[1.0], order);
                let found = growth.of(Step::from(Momentum { learning_rate, momentum }), k);
                assert!((found / radius.powi(order as i32) - 1.0).abs() < 1e-6, "{momentum}, {order}: {found}");
            }
        }
    }

    #[test]
    fn a_mixing_of_zero_is_plain_descent_and_of_one_momentum_at_a_smaller_rate() {
        let (growth, k) = of_curvatures(&[0.4, 1.0, 1.9], 4);
        let qhm = |mixing: f64| growth.of(Step::from(Qhm { learning_rate: 1.2, momentum: 0.6, mixing }), k);
        let ball = |learning_rate: f64, momentum: f64| growth.of(Step::from(Momentum { learning_rate, momentum }), k);
        assert!((qhm(0.0) - ball(1.2, 0.0)).abs() < 1e-8);
        assert!((qhm(1.0) - ball(0.48, 0.6)).abs() < 1e-8);
    }

    #[test]
    fn a_moment_without_a_bound_is_felt_after_a_while() {
        let (growth, k) = of_curvatures(&[1.0, 4.0], 4);
        let step = Step::from(Momentum { learning_rate: 0.56, momentum: 0.0 });
        assert!(growth.of(step, k) > 1.0);
        assert!(growth.is_finite(step, k, 1) && !growth.is_finite(step, k, 1000));
    }
}
