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

/// Replicas that are moved together; their gradients stay in registers.
const TILE: usize = 16;

/// Samples that are drawn at a time at least, over several steps where the dimension is small.
const SAMPLES: usize = 1024;

/// A number of the state: single or double precision.
pub(super) trait Real: Number + Default + Send + Sync + std::fmt::Debug + 'static {
    fn from_f32(value: f32) -> Self;
    fn from_f64(value: f64) -> Self;
    fn to_f64(self) -> f64;
}

impl Real for f32 {
    #[inline(always)]
    fn from_f32(value: f32) -> f32 {
        value
    }
    fn from_f64(value: f64) -> f32 {
        value as f32
    }
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
}

impl Real for f64 {
    #[inline(always)]
    fn from_f32(value: f32) -> f64 {
        f64::from(value)
    }
    fn from_f64(value: f64) -> f64 {
        value
    }
    fn to_f64(self) -> f64 {
        self
    }
}

/// The state of all blocks in the coordinates of a [`Frame`], in units of the noise.
#[derive(Debug, Clone)]
pub(super) struct Linear<T> {
    frame: Frame,
    /// Size of the noise, in which weights and velocities are counted, so that single precision has room on both sides.
    unit: f64,
    law: NoiseLaw,
    step: Step,
    curvatures: Vec<T>,
    /// Rows of the noise's factor without their zeros, over the unit.
    factor: Vec<Vec<(usize, T)>>,
    /// `[block][coordinate][replica]`.
    weights: Vec<T>,
    /// Likewise; empty for plain SGD, which has no memory.
    velocities: Vec<T>,
    samples: Vec<f32>,
}

impl<T: Real> Linear<T> {
    pub(super) fn new(
        hessian: &DMatrix<f64>,
        covariance: &DMatrix<f64>,
        law: NoiseLaw,
        step: Step,
        frame: Frame,
        blocks: usize,
    ) -> Result<Linear<T>> {
        let dimension = hessian.nrows();
        let factor = match law {
            // A Gaussian law has no axes of its own: any factor will do, and a triangular one is half the work.
            NoiseLaw::Gaussian => triangular_factor(&frame.covariance(covariance)),
            _ => frame.factor(&triangular_factor(covariance)),
        };
        let largest = factor.iter().fold(0.0_f64, |largest, entry| largest.max(entry.abs()));
        let unit = if largest > 0.0 { largest } else { 1.0 };
        let remembers = step.momentum() > 0.0;
        let steps_at_once = (SAMPLES / (dimension * B)).max(1);
        Ok(Linear {
            unit,
            law,
            step,
            curvatures: frame.curvatures.iter().map(|&k| T::from_f64(k)).collect(),
            factor: sparse_rows(&(factor / unit))
                .into_iter()
                .map(|row| row.into_iter().map(|(j, entry)| (j, T::from_f64(entry))).collect())
                .collect(),
            frame,
            weights: vec![T::default(); blocks * dimension * B],
            velocities: vec![T::default(); if remembers { blocks * dimension * B } else { 0 }],
            samples: vec![0.0; steps_at_once * dimension * B],
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
        update: impl Fn(T, T, T) -> (T, T),
    ) {
        let size = self.dimension() * B;
        let place = block * size..(block + 1) * size;
        let weights = &mut self.weights[place.clone()];
        let velocities: &mut [T] = if REMEMBERS { &mut self.velocities[place] } else { &mut [] };
        let mut left = steps;
        while left > 0 {
            let now = left.min((self.samples.len() / size) as u64);
            let samples = &mut self.samples[..now as usize * size];
            fill_samples(self.law, stream, samples);
            for samples in samples.chunks_exact(size) {
                for (i, (&curvature, row)) in self.curvatures.iter().zip(&self.factor).enumerate() {
                    for tile in (0..B).step_by(TILE) {
                        let start = i * B + tile;
                        let w: &mut [T; TILE] = (&mut weights[start..start + TILE]).try_into().expect("a tile");
                        let mut gradient = w.map(|w| curvature * w);
                        for &(j, entry) in row {
                            let z = &samples[j * B + tile..j * B + tile + TILE];
                            for n in 0..TILE {
                                gradient[n] = gradient[n] + entry * T::from_f32(z[n]);
                            }
                        }
                        if REMEMBERS {
                            let m: &mut [T; TILE] = (&mut velocities[start..start + TILE]).try_into().expect("a tile");
                            for n in 0..TILE {
                                (w[n], m[n]) = update(w[n], m[n], gradient[n]);
                            }
                        } else {
                            for n in 0..TILE {
                                w[n] = update(w[n], T::default(), gradient[n]).0;
                            }
                        }
                    }
                }
            }
            left -= now;
        }
    }
}

impl<T: Real> Kernel for Linear<T> {
    fn advance(&mut self, block: usize, stream: &mut Stream, _done: u64, steps: u64) {
        match self.step {
            Step::Momentum(Momentum { learning_rate, momentum }) => {
                let coefficients = [learning_rate, momentum].map(T::from_f64);
                let update = |w, m, g| Momentum::update(coefficients, w, m, g);
                if self.velocities.is_empty() {
                    let learning_rate = coefficients[0];
                    self.advance_by::<false>(block, stream, steps, |w, m, g| (w - learning_rate * g, m));
                } else {
                    self.advance_by::<true>(block, stream, steps, update);
                }
            }
            Step::Qhm(step) => {
                let coefficients = step.coefficients().map(T::from_f64);
                let update = |w, m, g| Qhm::update(coefficients, w, m, g);
                if self.velocities.is_empty() {
                    self.advance_by::<false>(block, stream, steps, update);
                } else {
                    self.advance_by::<true>(block, stream, steps, update);
                }
            }
        }
    }

    fn weights(&self, block: usize, into: &mut [f64]) {
        let size = into.len();
        for (out, w) in into.iter_mut().zip(&self.weights[block * size..]) {
            *out = w.to_f64() * self.unit;
        }
        self.frame.weights_out(into);
    }

    fn velocities(&self, block: usize, into: &mut [f64]) {
        let size = into.len();
        into.fill(0.0);
        for (out, m) in into.iter_mut().zip(self.velocities.get(block * size..).unwrap_or_default()) {
            *out = m.to_f64() * self.unit;
        }
        self.frame.velocities_out(into);
    }

    fn set(&mut self, block: usize, weights: &[f64], velocities: &[f64]) {
        let size = weights.len();
        let mut own = weights.to_vec();
        self.frame.weights_in(&mut own);
        for (w, own) in self.weights[block * size..].iter_mut().zip(&own) {
            *w = T::from_f64(own / self.unit);
        }
        if self.velocities.is_empty() {
            return;
        }
        own.copy_from_slice(velocities);
        self.frame.velocities_in(&mut own);
        for (m, own) in self.velocities[block * size..].iter_mut().zip(&own) {
            *m = T::from_f64(own / self.unit);
        }
    }

    fn cost(&self) -> u64 {
        self.factor.iter().map(|row| row.len() as u64 + 6).sum()
    }

    fn copy(&self) -> Box<dyn Kernel> {
        Box::new(self.clone())
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
