//! One step of minibatch descent as a linear map on the moments of weights and velocity, and many steps by its powers.

use super::descent::MinibatchDescent;
use super::features::{SymmetricBasis, weight};
use crate::error::Result;
use crate::optimizer::Mode;
use crate::theory::training_error::mean_along;
use crate::theory::{Memory, Moments};
use nalgebra::{DMatrix, DVector, Matrix2, Vector2};

/// Largest number of moments whose map is written as a matrix: 10 coordinates have 241.
pub(super) const LARGEST_MATRIX: usize = 260;

/// Work of a prediction, in multiplications: about two seconds.
pub(crate) const PATIENT: f64 = 4e9;

/// How near to the stationary state, relatively, a descent has settled: what remains is rounding.
const AT_REST: f64 = 1e-14;

/// Steps between two looks whether it has.
const LOOK: u64 = 16;

/// Moments of one time: the mean of `(u, v)` of each direction, and their 2x2 covariance for each pair of directions `i ≤ j`,
/// multiplied by the weight of the pair.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    pub(super) means: Vec<Vector2<f64>>,
    pub(super) pairs: Vec<Matrix2<f64>>,
}

impl State {
    /// All numbers in a row, followed by a 1 that carries what does not depend on them.
    pub(super) fn to_vector(&self, one: f64) -> DVector<f64> {
        let numbers = self.pairs.iter().flat_map(|pair| pair.iter().copied());
        let means = self.means.iter().flat_map(|mean| mean.iter().copied());
        DVector::from_vec(numbers.chain(means).chain([one]).collect())
    }

    fn from_vector(vector: &DVector<f64>, dimension: usize) -> State {
        let (numbers, rest) = vector.as_slice().split_at(4 * SymmetricBasis::new(dimension).len());
        State {
            pairs: numbers.chunks_exact(4).map(Matrix2::from_column_slice).collect(),
            means: rest[..2 * dimension].chunks_exact(2).map(Vector2::from_column_slice).collect(),
        }
    }

    fn weights(&self) -> DVector<f64> {
        DVector::from_iterator(self.pairs.len(), self.pairs.iter().map(|pair| pair[(0, 0)]))
    }

    /// Whether the weights have these stationary covariances, and no mean, up to rounding.
    fn is_at(&self, settled: &DVector<f64>) -> bool {
        let scale = settled.amax();
        let near = |value: f64| value.abs() <= AT_REST * scale;
        self.means.iter().all(|mean| near(mean[0] * mean[0]))
            && self.pairs.iter().zip(settled.iter()).all(|(pair, settled)| near(pair[(0, 0)] - settled))
    }

    fn mean_weights(&self) -> Vec<f64> {
        self.means.iter().map(|mean| mean[0]).collect()
    }
}

impl MinibatchDescent {
    /// Mean and covariance of the weights after `steps` updates from a start with zero velocity; past the limit of stability
    /// they may overflow to infinity.
    ///
    /// # Errors
    /// What [`Moments::check`] finds wrong with the start.
    pub fn transient(&self, start: &Moments, steps: u64) -> Result<Moments> {
        // No work is too much here, so that there is always an end.
        Ok(self.transient_within(start, steps, f64::INFINITY)?.unwrap_or_else(|| start.clone()))
    }

    /// The same with at most so much work, in multiplications; `None` where that is not enough.
    pub(crate) fn transient_within(&self, start: &Moments, steps: u64, work: f64) -> Result<Option<Moments>> {
        Ok(self.state_within(start, steps, work)?.map(|state| self.finish(&state)))
    }

    /// What the weights of a later step will owe to those after `steps` updates: see [`Memory`].
    pub(crate) fn memory_within(&self, start: &Moments, steps: u64, work: f64) -> Result<Option<Memory>> {
        let Some(state) = self.state_within(start, steps, work)? else { return Ok(None) };
        let basis = SymmetricBasis::new(self.dimension());
        let part = |row: usize| {
            let mut matrix = DMatrix::zeros(self.dimension(), self.dimension());
            for (pair, (i, j)) in state.pairs.iter().zip(basis.pairs()) {
                // Of the velocity of i with the weight of j, and the other way round: a pair is stored once.
                let (there, back) = if row == 0 { ((0, 0), (0, 0)) } else { ((1, 0), (0, 1)) };
                let scale = self.sharpest * weight(i, j);
                matrix[(i, j)] = pair[there] / scale;
                matrix[(j, i)] = pair[back] / scale;
            }
            matrix
        };
        let transitions = self.each_mode().iter().map(|mode| mode.transition).collect();
        Ok(Some(Memory::of(self.modes.directions().clone(), transitions, part(0), part(1))))
    }

    fn state_within(&self, start: &Moments, steps: u64, work: f64) -> Result<Option<State>> {
        start.check(self.dimension())?;
        let (size, each) = (self.size() as f64, self.work_of_a_step());
        let doubling = if self.size() <= LARGEST_MATRIX {
            size.powi(3) * ((steps + 1) as f64).log2().ceil() + size * each
        } else {
            f64::INFINITY
        };
        let start = self.start(start)?;
        let end = if doubling <= work && doubling < steps as f64 * each {
            Some(self.by_doubling(start, steps))
        } else {
            self.step_by_step(start, steps, work / each)?
        };
        Ok(end)
    }

    /// Steps until the end or until nothing changes any more; `None` after `most` steps without either.
    fn step_by_step(&self, start: State, steps: u64, most: f64) -> Result<Option<State>> {
        let (modes, settled) = (self.each_mode(), self.stationary_coordinates()?);
        let mut state = start;
        for step in 0..steps {
            if step as f64 >= most {
                return Ok(None);
            }
            if step % LOOK == LOOK - 1 && settled.as_ref().is_some_and(|settled| state.is_at(settled)) {
                break;
            }
            state = self.next(&state, &modes);
        }
        Ok(Some(state))
    }

    /// Multiplications of a step, about.
    pub(super) fn work_of_a_step(&self) -> f64 {
        let pairs = SymmetricBasis::new(self.dimension()).len() as f64;
        2.0 * pairs * pairs + 40.0 * pairs
    }

    /// Number of moments, and one more.
    pub(super) fn size(&self) -> usize {
        4 * SymmetricBasis::new(self.dimension()).len() + 2 * self.dimension() + 1
    }

    pub(super) fn each_mode(&self) -> Vec<Mode> {
        self.curvatures.iter().map(|&k| self.step.mode(k)).collect()
    }

    fn start(&self, start: &Moments) -> Result<State> {
        let mean = mean_along(&self.modes, &start.mean)? * self.sharpest.sqrt();
        let covariance = self.modes.to_eigenbasis(&start.covariance)? * self.sharpest;
        let pair = |(i, j): (usize, usize)| Matrix2::new(weight(i, j) * covariance[(i, j)], 0.0, 0.0, 0.0);
        Ok(State {
            means: mean.iter().map(|&m| Vector2::new(m, 0.0)).collect(),
            pairs: SymmetricBasis::new(self.dimension()).pairs().map(pair).collect(),
        })
    }

    fn finish(&self, state: &State) -> Moments {
        let mean = DVector::from_vec(state.mean_weights()) / self.sharpest.sqrt();
        let covariance = SymmetricBasis::new(self.dimension()).matrix(&state.weights());
        Moments { mean: self.modes.directions() * mean, covariance: self.given(&covariance) }
    }

    /// The moments one step later. The noise sees the second moments about the minimum, mean included.
    fn next(&self, state: &State, modes: &[Mode]) -> State {
        let (basis, mean) = (SymmetricBasis::new(self.dimension()), state.mean_weights());
        let mut second = state.weights();
        for (p, (i, j)) in basis.pairs().enumerate() {
            second[p] += weight(i, j) * mean[i] * mean[j];
        }
        let noise = self.noise(&second, &mean, 1.0);
        State {
            means: state.means.iter().zip(modes).map(|(mean, mode)| mode.transition * mean).collect(),
            pairs: across(&state.pairs, &noise, modes),
        }
    }

    /// One step of all moments about the minimum in a row, linear: second moments instead of covariances.
    pub(super) fn linear_step(&self, from: &DVector<f64>, modes: &[Mode]) -> DVector<f64> {
        let (state, one) = (State::from_vector(from, self.dimension()), from[from.len() - 1]);
        let noise = self.noise(&state.weights(), &state.mean_weights(), one);
        let means = state.means.iter().zip(modes).map(|(mean, mode)| mode.transition * mean).collect();
        State { means, pairs: across(&state.pairs, &noise, modes) }.to_vector(one)
    }

    /// The matrix of [`MinibatchDescent::linear_step`].
    pub(super) fn matrix(&self) -> DMatrix<f64> {
        let (size, modes) = (self.size(), self.each_mode());
        let mut matrix = DMatrix::zeros(size, size);
        for i in 0..size {
            let unit = DVector::from_fn(size, |j, _| f64::from(u8::from(i == j)));
            matrix.set_column(i, &self.linear_step(&unit, &modes));
        }
        matrix
    }

    fn by_doubling(&self, start: State, steps: u64) -> State {
        let products = |means: &[Vector2<f64>]| -> Vec<Matrix2<f64>> {
            let pair = |(i, j): (usize, usize)| means[i] * means[j].transpose() * weight(i, j);
            SymmetricBasis::new(self.dimension()).pairs().map(pair).collect()
        };
        let about_minimum = start.pairs.iter().zip(products(&start.means)).map(|(pair, product)| pair + product);
        let mut vector = State { pairs: about_minimum.collect(), means: start.means }.to_vector(1.0);
        let (mut power, mut rest) = (self.matrix(), steps);
        while rest > 0 {
            if rest & 1 == 1 {
                vector = &power * vector;
            }
            rest >>= 1;
            if rest > 0 {
                power = &power * &power;
            }
        }
        let mut state = State::from_vector(&vector, self.dimension());
        for (pair, product) in state.pairs.iter_mut().zip(products(&state.means)) {
            *pair -= product;
        }
        state
    }
}

/// `A_i P A_jᵀ + C_ij b_i b_jᵀ` for every pair of directions.
fn across(pairs: &[Matrix2<f64>], noise: &DVector<f64>, modes: &[Mode]) -> Vec<Matrix2<f64>> {
    let each = SymmetricBasis::new(modes.len()).pairs().zip(pairs).zip(noise.iter());
    each.map(|(((i, j), pair), noise)| {
        let (a, b) = (&modes[i], &modes[j]);
        a.transition * pair * b.transition.transpose() + a.input * b.input.transpose() * *noise
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::noise::Sampling;
    use crate::optimizer::{Momentum, Optimizer};
    use crate::theory::System;

    fn descent(momentum: f64) -> MinibatchDescent {
        let data = Data::Diabetes { columns: vec!["bmi".into(), "s5".into(), "age".into()] }.load().unwrap();
        let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.2, momentum });
        let system = System::new(data.hessian(), &DMatrix::zeros(3, 3), &sgd).unwrap();
        MinibatchDescent::new(&data, Sampling::WithReplacement, 4, &system).unwrap()
    }

    /// Every way to the same number of steps.
    #[test]
    fn steps_and_powers_of_the_map_agree() {
        let start = Moments {
            mean: DVector::from_vec(vec![2.0, -1.0, 0.5]),
            covariance: DMatrix::from_diagonal_element(3, 3, 0.3),
        };
        for momentum in [0.0, 0.7] {
            let descent = descent(momentum);
            for steps in [1, 6, 37, 400] {
                let begin = || descent.start(&start).unwrap();
                let doubled = descent.finish(&descent.by_doubling(begin(), steps));
                let stepped = descent.finish(&descent.step_by_step(begin(), steps, f64::INFINITY).unwrap().unwrap());
                let off = (doubled.covariance - &stepped.covariance).amax() / stepped.covariance.amax();
                assert!(off < 1e-12, "{steps} steps: {off:e}");
            }
        }
    }

    #[test]
    fn work_is_limited_and_rest_is_noticed() {
        let (descent, start) = (descent(0.0), Moments::at_minimum(3));
        assert!(descent.transient_within(&start, 300, 100.0).unwrap().is_none());
        let settled = descent.stationary().unwrap().unwrap().covariance;
        // A million steps would be more work than this, and so would the powers of the map.
        let rest = descent.step_by_step(descent.start(&start).unwrap(), 1_000_000, 1000.0).unwrap().unwrap();
        assert!((descent.finish(&rest).covariance - &settled).amax() < 1e-13 * settled.amax());
    }
}
