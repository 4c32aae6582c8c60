//! The kernel of the linear optimizers under a constant noise: SGD, momentum and QHM, alone or behind a constant
//! preconditioner.

use super::colour::triangular_factor;
use super::frame::Frame;
use super::kernel::{B, Kernel};
use super::law::fill_samples;
use super::steps::{Factor, LANES, Real, Steps, TILE, TILES};
use super::stream::Stream;
use crate::error::Result;
use crate::noise::NoiseLaw;
use crate::optimizer::{Momentum, Qhm, Step};
use nalgebra::DMatrix;
use wide::f32x4;

/// Tiles of samples that are drawn at a time at least, over several steps where the dimension is small: 16 kilobytes, which
/// the processor's nearest cache holds beside the state.
const SAMPLES: usize = 128;

/// What is kept of a coordinate beside its weight. Both are in units in which the learning rate is one.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Memory {
    /// The velocity, as in the optimizer's definition. The coefficient is `λk`.
    Velocity,
    /// The weight a step before, with the velocity eliminated: `w'' = (1 + μ − λk) w' − μ w − η`, an operation less, and less that waits
    /// for another. Without momentum nothing is kept. The coefficient is `1 + μ − λk`.
    Before,
}

/// The state of all blocks in the coordinates of a [`Frame`], weights in units of the noise, gradients and velocities in those
/// in which the learning rate is one.
#[derive(Debug, Clone)]
pub(super) struct Linear<V> {
    frame: Frame,
    /// Of each coordinate, in which its weight is counted.
    units: Vec<f64>,
    law: NoiseLaw,
    step: Step,
    kept: Memory,
    coefficients: Vec<V>,
    /// Times the learning rate, over the units.
    factor: Factor<V>,
    /// `[block][coordinate][tile]`.
    weights: Vec<[V; TILE]>,
    /// Likewise; empty for plain SGD, which has no memory.
    memory: Vec<[V; TILE]>,
    /// `[step][coordinate][tile]`.
    samples: Vec<[f32x4; TILE]>,
}

impl<V: Real> Linear<V> {
    pub(super) fn new(
        hessian: &DMatrix<f64>,
        covariance: &DMatrix<f64>,
        law: NoiseLaw,
        step: Step,
        frame: Frame,
        blocks: usize,
    ) -> Result<Linear<V>> {
        let dimension = hessian.nrows();
        let factor = match law {
            // A Gaussian law has no axes of its own: any factor will do, and a triangular one is half the work.
            NoiseLaw::Gaussian => triangular_factor(&frame.covariance(covariance)),
            _ => frame.factor(&triangular_factor(covariance)),
        };
        let learning_rate = step.learning_rate();
        let noise = factor * learning_rate;
        let units = units(&noise);
        let kept = kept(&step, &frame.curvatures);
        let coefficient = |k: f64| match kept {
            Memory::Velocity => learning_rate * k,
            Memory::Before => step.recursion(k).first,
        };
        let state = vec![[V::default(); TILE]; blocks * dimension * TILES];
        Ok(Linear {
            law,
            step,
            kept,
            coefficients: frame.curvatures.iter().map(|&k| V::splat(coefficient(k))).collect(),
            factor: Factor::new(&DMatrix::from_fn(dimension, dimension, |i, j| noise[(i, j)] / units[i])),
            units,
            frame,
            memory: if step.momentum() > 0.0 { state.clone() } else { Vec::new() },
            weights: state,
            samples: vec![[f32x4::ZERO; TILE]; (SAMPLES / (dimension * TILES)).max(1) * dimension * TILES],
        })
    }

    fn dimension(&self) -> usize {
        self.coefficients.len()
    }

    /// One block by some steps, with the update of one coordinate as a function of its coefficient, weight, memory and noise.
    #[inline(always)]
    fn advance_by(&mut self, block: usize, stream: &mut Stream, steps: u64, update: impl Fn(V, V, V, V) -> (V, V)) {
        let size = self.dimension() * TILES;
        let place = block * size..(block + 1) * size;
        let weights = &mut self.weights[place.clone()];
        let mut left = steps;
        while left > 0 {
            let now = left.min((self.samples.len() / size) as u64);
            let samples = &mut self.samples[..now as usize * size];
            fill_samples(self.law, stream, bytemuck::cast_slice_mut(samples));
            let steps = Steps { coefficients: &self.coefficients, factor: &self.factor, samples };
            if self.memory.is_empty() {
                steps.run::<false>(weights, &mut [], &update);
            } else {
                steps.run::<true>(weights, &mut self.memory[place.clone()], &update);
            }
            left -= now;
        }
    }

    /// A block of the state, in the loss's units times a scale.
    fn read(&self, state: &[[V; TILE]], block: usize, scale: f64, into: &mut [f64]) {
        let own = state[block * self.dimension() * TILES..].as_chunks::<TILES>().0;
        for ((out, tiles), unit) in into.chunks_exact_mut(B).zip(own).zip(&self.units) {
            for (out, v) in out.chunks_exact_mut(LANES).zip(tiles.as_flattened()) {
                out.copy_from_slice(&v.to_array().map(|value| value * (unit * scale)));
            }
        }
    }

    /// And the other way.
    fn write(units: &[f64], state: &mut [[V; TILE]], block: usize, scale: f64, from: &[f64]) {
        let own = state[block * units.len() * TILES..].as_chunks_mut::<TILES>().0;
        for ((tiles, own), unit) in own.iter_mut().zip(from.chunks_exact(B)).zip(units) {
            for (v, own) in tiles.as_flattened_mut().iter_mut().zip(own.chunks_exact(LANES)) {
                *v = V::from_array([own[0], own[1], own[2], own[3]].map(|value| value / (unit * scale)));
            }
        }
    }
}

impl<V: Real> Kernel for Linear<V> {
    fn advance(&mut self, block: usize, stream: &mut Stream, _done: u64, steps: u64) {
        // The learning rate is in the units already.
        match (self.step, self.kept) {
            (Step::Momentum(_), Memory::Before) if self.memory.is_empty() => {
                self.advance_by(block, stream, steps, |a, w, before, noise| (a * w - noise, before));
            }
            (Step::Momentum(step), Memory::Before) => {
                let back = V::splat(-step.momentum);
                self.advance_by(block, stream, steps, move |a, w, before, noise| {
                    // First what need not wait for the step before.
                    ((back * before - noise) + a * w, w)
                });
            }
            (Step::Momentum(step), Memory::Velocity) => {
                let momentum = V::splat(step.momentum);
                self.advance_by(block, stream, steps, move |k, w, m, noise| {
                    let m = Momentum::velocity(momentum, m, k * w + noise);
                    (w - m, m)
                });
            }
            (Step::Qhm(step), _) => {
                let coefficients = Qhm { learning_rate: 1.0, ..step }.coefficients().map(V::splat);
                self.advance_by(block, stream, steps, move |k, w, m, noise| {
                    Qhm::update(coefficients, w, m, k * w + noise)
                });
            }
        }
    }

    fn weights(&self, block: usize, into: &mut [f64]) {
        self.read(&self.weights, block, 1.0, into);
        self.frame.weights_out(into);
    }

    fn velocities(&self, block: usize, into: &mut [f64]) {
        into.fill(0.0);
        if !self.memory.is_empty() {
            let scale = 1.0 / self.step.learning_rate();
            self.read(&self.memory, block, scale, into);
            if self.kept == Memory::Before {
                let mut weights = vec![0.0; into.len()];
                self.read(&self.weights, block, scale, &mut weights);
                into.iter_mut().zip(&weights).for_each(|(before, now)| *before -= now);
            }
            self.frame.velocities_out(into);
        }
    }

    fn is_gone(&self, block: usize) -> bool {
        let size = self.dimension() * TILES;
        let weights = &self.weights[block * size..(block + 1) * size];
        (0..B).all(|replica| {
            let (tile, vector, lane) = (replica / (TILE * LANES), replica / LANES % TILE, replica % LANES);
            weights.iter().skip(tile).step_by(TILES).any(|tile| !tile[vector].to_array()[lane].is_finite())
        })
    }

    fn set(&mut self, block: usize, weights: &[f64], velocities: &[f64]) {
        let mut places = weights.to_vec();
        self.frame.weights_in(&mut places);
        Self::write(&self.units, &mut self.weights, block, 1.0, &places);
        if !self.memory.is_empty() {
            let learning_rate = self.step.learning_rate();
            let mut own = velocities.to_vec();
            self.frame.velocities_in(&mut own);
            if self.kept == Memory::Before {
                own.iter_mut().zip(&places).for_each(|(m, w)| *m += w / learning_rate);
            }
            Self::write(&self.units, &mut self.memory, block, 1.0 / learning_rate, &own);
        }
    }

    fn cost(&self) -> u64 {
        self.factor.cost()
    }

    fn copy(&self) -> Box<dyn Kernel> {
        Box::new(self.clone())
    }
}

/// Size of a step's noise in each coordinate, in which its weight is counted, so that single precision has room on both sides. It is the diagonal
/// of a triangular factor, which then is a product less, where that is not far below the other entries.
fn units(noise: &DMatrix<f64>) -> Vec<f64> {
    let largest = match noise.amax() {
        0.0 => 1.0,
        size => size,
    };
    let of_row = |i: usize| match (noise[(i, i)], noise.row(i).amax()) {
        (own, row) if own > 1e-3 * row && own > 1e-6 * largest => own,
        (_, row) if row > 1e-6 * largest => row,
        _ => largest,
    };
    (0..noise.nrows()).map(of_row).collect()
}

/// What to keep. The recursion's coefficient `1 + μ − λk` is rounded by `6e-8`, hence the curvature: too much for directions that are
/// nearly flat, whose curvature is small beside one.
fn kept(step: &Step, curvatures: &[f64]) -> Memory {
    let steep = curvatures.iter().all(|&k| step.learning_rate() * k >= 0.01);
    match step {
        Step::Momentum(_) if steep => Memory::Before,
        _ => Memory::Velocity,
    }
}

/// Whether single precision holds the state of a step as well as is needed: its rounding then moves no variance by a
/// tenth of the standard error of a million replicas.
///
/// Rounded coefficients (6e-8) move the variance of a direction by that over its distance from the limit of stability and
/// by that over `1 − μ`; the rounding of the state itself acts as a noise of 1e-15 of the variance a step, over `λk`.
pub(super) fn single_precision_will_do(step: &Step, curvatures: &[f64]) -> bool {
    let limit = step.stability_limit();
    step.momentum() <= 0.999
        && curvatures.iter().all(|&k| {
            let product = step.learning_rate() * k;
            product == 0.0 || (1e-9..=0.99 * limit).contains(&product)
        })
        && (1e-15..1e15).contains(&step.learning_rate())
        && curvatures.iter().all(|&k| k < 1e15)
}

#[cfg(test)]
mod tests {
    use super::super::stream::Purpose;
    use super::*;
    use crate::optimizer::Optimizer;
    use nalgebra::dmatrix;
    use wide::f64x4;

    /// Kernels of the same scenario that keep the one and the other.
    fn both(step: Momentum, hessian: &DMatrix<f64>) -> [Linear<f64x4>; 2] {
        let n = hessian.nrows();
        let covariance = DMatrix::from_fn(n, n, |i, j| if i == j { 1.0 + i as f64 } else { 0.4 });
        let frame = Frame::new(hessian, &Optimizer::Momentum(step)).expect("a frame");
        let mut by_velocity: Linear<f64x4> =
            Linear::new(hessian, &covariance, NoiseLaw::Gaussian, step.into(), frame.clone(), 2).expect("a kernel");
        let by_place = by_velocity.clone();
        assert_eq!(by_place.kept, Memory::Before);
        by_velocity.kept = Memory::Velocity;
        by_velocity.coefficients = frame.curvatures.iter().map(|k| f64x4::splat(step.learning_rate * k)).collect();
        [by_velocity, by_place]
    }

    /// Without the velocity a step is the same: from anywhere, also when it is stopped, read and set again.
    #[test]
    fn the_recursion_is_the_definition() {
        for hessian in
            [dmatrix![0.7], dmatrix![1.0, 0.3; 0.3, 0.5], dmatrix![1.0, 0.2, 0.0; 0.2, 0.5, 0.1; 0.0, 0.1, 2.0]]
        {
            for momentum in [0.0, 0.3, 0.9] {
                let kernels = both(Momentum { learning_rate: 0.8, momentum }, &hessian);
                let size = hessian.nrows() * B;
                let start: Vec<f64> = (0..size).map(|n| (n % 17) as f64 - 8.0).collect();
                let velocities: Vec<f64> = (0..size).map(|n| (n % 5) as f64 - 2.0).collect();
                let [definition, recursion] = kernels.map(|mut kernel| {
                    let mut stream = Stream::new(3, 0, 1, Purpose::Noise);
                    let (mut w, mut m) = (start.clone(), velocities.clone());
                    for steps in [1, 7, 19] {
                        kernel.set(1, &w, &m);
                        kernel.advance(1, &mut stream, 0, steps);
                        kernel.weights(1, &mut w);
                        kernel.velocities(1, &mut m);
                    }
                    [w, m]
                });
                for (one, other) in definition.iter().flatten().zip(recursion.iter().flatten()) {
                    assert!((one - other).abs() <= 1e-12 * (1.0 + one.abs()), "{one} and {other}");
                }
                assert_eq!(definition[1].iter().all(|&m| m == 0.0), momentum == 0.0);
            }
        }
    }

    #[test]
    fn a_direction_that_is_nearly_flat_keeps_the_velocity() {
        let step = |learning_rate| Step::from(Momentum { learning_rate, momentum: 0.5 });
        assert_eq!(kept(&step(0.1), &[1.0, 0.2]), Memory::Before);
        assert_eq!(kept(&step(0.1), &[1.0, 0.02]), Memory::Velocity);
        assert_eq!(kept(&step(0.1), &[1.0, 0.0]), Memory::Velocity);
    }

    #[test]
    fn weights_are_counted_in_units_of_their_noise() {
        assert_eq!(units(&dmatrix![2.0, 0.0; 5.0, 0.5]), [2.0, 0.5]);
        // A diagonal that is far below its row, or nothing, is no unit.
        assert_eq!(units(&dmatrix![2.0, 0.0; 5.0, 1e-4]), [2.0, 5.0]);
        assert_eq!(units(&dmatrix![0.0, 0.0; 0.0, 3.0]), [3.0, 3.0]);
        assert_eq!(units(&dmatrix![0.0]), [1.0]);
    }
}
