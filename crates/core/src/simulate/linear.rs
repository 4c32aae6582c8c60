//! The kernel of the linear optimizers under a constant noise: SGD, momentum and QHM, alone or behind a constant
//! preconditioner.

use super::colour::{sparse_rows, triangular_factor};
use super::frame::Frame;
use super::kernel::{B, Kernel};
use super::law::fill_samples;
use super::stream::Stream;
use crate::error::Result;
use crate::noise::NoiseLaw;
use crate::optimizer::{Momentum, Number, Qhm, Step};
use nalgebra::DMatrix;
use wide::{f32x4, f64x4};

/// Replicas of a vector.
const LANES: usize = 4;

/// Vectors that are moved together; their gradients stay in registers.
const TILE: usize = 8;

/// Tiles of a coordinate in a block.
const TILES: usize = B / (TILE * LANES);

/// Tiles of samples that are drawn at a time at least, over several steps where the dimension is small: 16 kilobytes, which
/// the processor's nearest cache holds beside the state.
const SAMPLES: usize = 128;

/// Four numbers of the state, one each of four replicas: single or double precision.
pub(super) trait Real: Number + Default + Send + Sync + std::fmt::Debug + 'static {
    fn splat(value: f64) -> Self;
    fn from_samples(samples: f32x4) -> Self;
    fn from_array(values: [f64; LANES]) -> Self;
    fn to_array(self) -> [f64; LANES];
}

impl Real for f32x4 {
    #[inline(always)]
    fn splat(value: f64) -> Self {
        f32x4::splat(value as f32)
    }
    #[inline(always)]
    fn from_samples(samples: f32x4) -> Self {
        samples
    }
    fn from_array(values: [f64; LANES]) -> Self {
        f32x4::new(values.map(|value| value as f32))
    }
    fn to_array(self) -> [f64; LANES] {
        f32x4::to_array(self).map(f64::from)
    }
}

impl Real for f64x4 {
    #[inline(always)]
    fn splat(value: f64) -> Self {
        f64x4::splat(value)
    }
    #[inline(always)]
    fn from_samples(samples: f32x4) -> Self {
        f64x4::new(samples.to_array().map(f64::from))
    }
    fn from_array(values: [f64; LANES]) -> Self {
        f64x4::new(values)
    }
    fn to_array(self) -> [f64; LANES] {
        f64x4::to_array(self)
    }
}

/// The state of all blocks in the coordinates of a [`Frame`], weights in units of the noise, gradients and velocities in those
/// in which the learning rate is one.
#[derive(Debug, Clone)]
pub(super) struct Linear<V> {
    frame: Frame,
    /// Size of the noise in a step, in which weights are counted, so that single precision has room on both sides.
    unit: f64,
    law: NoiseLaw,
    step: Step,
    /// Times the learning rate, so that a step need not multiply by it.
    curvatures: Vec<V>,
    /// Rows of the noise's factor without their zeros, times the learning rate, over the unit.
    factor: Vec<Vec<(usize, V)>>,
    /// `[block][coordinate][tile]`.
    weights: Vec<[V; TILE]>,
    /// Likewise; empty for plain SGD, which has no memory.
    velocities: Vec<[V; TILE]>,
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
        let largest = learning_rate * factor.iter().fold(0.0_f64, |largest, entry| largest.max(entry.abs()));
        let unit = if largest > 0.0 { largest } else { 1.0 };
        let remembers = step.momentum() > 0.0;
        let state = vec![[V::default(); TILE]; blocks * dimension * TILES];
        Ok(Linear {
            unit,
            law,
            step,
            curvatures: frame.curvatures.iter().map(|&k| V::splat(learning_rate * k)).collect(),
            factor: sparse_rows(&(factor * (learning_rate / unit)))
                .into_iter()
                .map(|row| row.into_iter().map(|(j, entry)| (j, V::splat(entry))).collect())
                .collect(),
            frame,
            velocities: if remembers { state.clone() } else { Vec::new() },
            weights: state,
            samples: vec![[f32x4::ZERO; TILE]; (SAMPLES / (dimension * TILES)).max(1) * dimension * TILES],
        })
    }

    fn dimension(&self) -> usize {
        self.curvatures.len()
    }

    /// One block by some steps, with the update of one coordinate as a function of weight, velocity and gradient.
    #[inline(always)]
    fn advance_by<const REMEMBERS: bool>(
        &mut self,
        block: usize,
        stream: &mut Stream,
        steps: u64,
        update: impl Fn(V, V, V) -> (V, V),
    ) {
        let size = self.dimension() * TILES;
        let place = block * size..(block + 1) * size;
        let weights = &mut self.weights[place.clone()];
        let velocities: &mut [[V; TILE]] = if REMEMBERS { &mut self.velocities[place] } else { &mut [] };
        let mut left = steps;
        while left > 0 {
            let now = left.min((self.samples.len() / size) as u64);
            let samples = &mut self.samples[..now as usize * size];
            fill_samples(self.law, stream, bytemuck::cast_slice_mut(samples));
            let by_steps = Steps { curvatures: &self.curvatures, factor: &self.factor, samples };
            match self.curvatures.len() {
                1 => by_steps.run::<1, 8, REMEMBERS, false>(weights, velocities, &update),
                2 if self.factor[0].iter().all(|&(j, _)| j == 0) => {
                    by_steps.run::<2, 4, REMEMBERS, false>(weights, velocities, &update);
                }
                2 => by_steps.run::<2, 4, REMEMBERS, true>(weights, velocities, &update),
                _ => by_steps.run_any::<REMEMBERS>(weights, velocities, &update),
            }
            left -= now;
        }
    }

    /// A block of the state, in the loss's units.
    fn read(state: &[[V; TILE]], block: usize, unit: f64, into: &mut [f64]) {
        let tiles = into.len() / (TILE * LANES);
        for (out, v) in into.chunks_exact_mut(LANES).zip(state[block * tiles..].iter().flatten()) {
            out.copy_from_slice(&v.to_array().map(|value| value * unit));
        }
    }

    /// And the other way.
    fn write(state: &mut [[V; TILE]], block: usize, unit: f64, from: &[f64]) {
        let tiles = from.len() / (TILE * LANES);
        for (v, own) in state[block * tiles..].iter_mut().flatten().zip(from.chunks_exact(LANES)) {
            *v = V::from_array([own[0], own[1], own[2], own[3]].map(|value| value / unit));
        }
    }
}

impl<V: Real> Kernel for Linear<V> {
    fn advance(&mut self, block: usize, stream: &mut Stream, _done: u64, steps: u64) {
        // The learning rate is in the units already.
        match self.step {
            Step::Momentum(step) => {
                let momentum = V::splat(step.momentum);
                if self.velocities.is_empty() {
                    self.advance_by::<false>(block, stream, steps, |w, m, g| (w - g, m));
                } else {
                    self.advance_by::<true>(block, stream, steps, move |w, m, g| {
                        let m = Momentum::velocity(momentum, m, g);
                        (w - m, m)
                    });
                }
            }
            Step::Qhm(step) => {
                let coefficients = Qhm { learning_rate: 1.0, ..step }.coefficients().map(V::splat);
                let update = move |w, m, g| Qhm::update(coefficients, w, m, g);
                if self.velocities.is_empty() {
                    self.advance_by::<false>(block, stream, steps, update);
                } else {
                    self.advance_by::<true>(block, stream, steps, update);
                }
            }
        }
    }

    fn weights(&self, block: usize, into: &mut [f64]) {
        Self::read(&self.weights, block, self.unit, into);
        self.frame.weights_out(into);
    }

    fn velocities(&self, block: usize, into: &mut [f64]) {
        into.fill(0.0);
        if !self.velocities.is_empty() {
            Self::read(&self.velocities, block, self.unit / self.step.learning_rate(), into);
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
        let mut own = weights.to_vec();
        self.frame.weights_in(&mut own);
        Self::write(&mut self.weights, block, self.unit, &own);
        if !self.velocities.is_empty() {
            own.copy_from_slice(velocities);
            self.frame.velocities_in(&mut own);
            Self::write(&mut self.velocities, block, self.unit / self.step.learning_rate(), &own);
        }
    }

    fn cost(&self) -> u64 {
        self.factor.iter().map(|row| row.len() as u64 + 6).sum()
    }

    fn copy(&self) -> Box<dyn Kernel> {
        Box::new(self.clone())
    }
}

/// The steps of one block for which there are samples.
struct Steps<'a, V> {
    curvatures: &'a [V],
    factor: &'a [Vec<(usize, V)>],
    samples: &'a [[f32x4; TILE]],
}

impl<V: Real> Steps<'_, V> {
    /// A step after the other, coordinate by coordinate. This and the next are functions of their own because an engine of WebAssembly
    /// keeps what a short function works on in registers.
    #[inline(never)]
    fn run_any<const REMEMBERS: bool>(
        &self,
        weights: &mut [[V; TILE]],
        velocities: &mut [[V; TILE]],
        update: &impl Fn(V, V, V) -> (V, V),
    ) {
        for samples in self.samples.chunks_exact(self.curvatures.len() * TILES) {
            for (i, (&curvature, row)) in self.curvatures.iter().zip(self.factor).enumerate() {
                for tile in 0..TILES {
                    let w = &mut weights[i * TILES + tile];
                    let mut gradient = w.map(|w| curvature * w);
                    for &(j, entry) in row {
                        let z = &samples[j * TILES + tile];
                        for n in 0..TILE {
                            gradient[n] = gradient[n] + entry * V::from_samples(z[n]);
                        }
                    }
                    if REMEMBERS {
                        let m = &mut velocities[i * TILES + tile];
                        for n in 0..TILE {
                            (w[n], m[n]) = update(w[n], m[n], gradient[n]);
                        }
                    } else {
                        for n in 0..TILE {
                            w[n] = update(w[n], V::default(), gradient[n]).0;
                        }
                    }
                }
            }
        }
    }

    /// In few dimensions `D`: `WIDTH` vectors of replicas go through all steps in the processor's registers. Unless `FULL`, the
    /// factor is lower triangular.
    #[inline(never)]
    fn run<const D: usize, const WIDTH: usize, const REMEMBERS: bool, const FULL: bool>(
        &self,
        weights: &mut [[V; TILE]],
        velocities: &mut [[V; TILE]],
        update: &impl Fn(V, V, V) -> (V, V),
    ) {
        let curvatures: [V; D] = std::array::from_fn(|i| self.curvatures[i]);
        let mut factor = [[V::default(); D]; D];
        for (dense, sparse) in factor.iter_mut().zip(self.factor) {
            for &(j, entry) in sparse {
                dense[j] = entry;
            }
        }
        let weights = weights.as_flattened_mut().as_chunks_mut::<WIDTH>().0;
        let velocities = velocities.as_flattened_mut().as_chunks_mut::<WIDTH>().0;
        for group in 0..B / (WIDTH * LANES) {
            let place = |i: usize| i * (B / (WIDTH * LANES)) + group;
            let mut w: [[V; WIDTH]; D] = std::array::from_fn(|i| weights[place(i)]);
            let mut m = [[V::default(); WIDTH]; D];
            if REMEMBERS {
                m = std::array::from_fn(|i| velocities[place(i)]);
            }
            for samples in self.samples.chunks_exact(D * TILES) {
                let samples = samples.as_flattened().as_chunks::<WIDTH>().0;
                for n in 0..WIDTH {
                    let z: [V; D] = std::array::from_fn(|j| V::from_samples(samples[place(j)][n]));
                    for i in 0..D {
                        // The noise first: it need not wait for the step before.
                        let mut noise = factor[i][0] * z[0];
                        for j in 1..if FULL { D } else { i + 1 } {
                            noise = noise + factor[i][j] * z[j];
                        }
                        (w[i][n], m[i][n]) = update(w[i][n], m[i][n], curvatures[i] * w[i][n] + noise);
                    }
                }
            }
            for i in 0..D {
                weights[place(i)] = w[i];
                if REMEMBERS {
                    velocities[place(i)] = m[i];
                }
            }
        }
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
