//! Gradients of minibatches residual by residual, in dimensions in which the products would be too many.

use super::draws::Draws;
use crate::noise::Sampling;
use crate::simulate::kernel::B;
use crate::simulate::stream::{LANES, Stream};
use nalgebra::{DMatrix, DVector};
use wide::f32x4;

/// A data set, its inputs and its residuals.
#[derive(Debug, Clone)]
pub(super) struct Inputs {
    dimension: usize,
    /// Vectors of four in a row.
    width: usize,
    /// A row for each sample: the inputs, then `r`.
    rows: Vec<f32x4>,
    draws: Draws,
    batch_size: usize,
    /// A sum of inputs over a minibatch, as wide as a row.
    sum: Vec<f32x4>,
}

impl Inputs {
    pub(super) fn new(
        inputs: &DMatrix<f64>,
        residuals: &DVector<f64>,
        batch_size: usize,
        sampling: Sampling,
    ) -> Inputs {
        let (samples, dimension) = inputs.shape();
        let width = (dimension + 1).div_ceil(LANES);
        let mut rows = Vec::with_capacity(samples * width);
        for n in 0..samples {
            let mut row: Vec<f32> =
                (0..dimension).map(|i| inputs[(n, i)]).chain([residuals[n]]).map(|x| x as f32).collect();
            row.resize(width * LANES, 0.0);
            rows.extend(row.as_chunks::<LANES>().0.iter().map(|four| f32x4::new(*four)));
        }
        let draws = Draws::new(samples, batch_size, sampling);
        Inputs { dimension, width, rows, draws, batch_size, sum: vec![f32x4::ZERO; width] }
    }

    /// Room for so many blocks.
    pub(super) fn reserve(&mut self, blocks: usize) {
        self.draws.reserve(blocks);
    }

    /// The gradients of a block, each replica from a minibatch of its own.
    pub(super) fn gradients(
        &mut self,
        block: usize,
        step: u64,
        stream: &mut Stream,
        weights: &[f64],
        gradients: &mut [f64],
    ) {
        let mut point = vec![f32x4::ZERO; self.width];
        for replica in 0..B {
            let sum = &mut self.sum;
            sum.fill(f32x4::ZERO);
            for i in 0..self.dimension {
                point[i / LANES].as_mut_array()[i % LANES] = weights[i * B + replica] as f32;
            }
            // The residual's own column counts once.
            point[self.dimension / LANES].as_mut_array()[self.dimension % LANES] = 1.0;
            for &n in self.draws.draw(block, replica, step, stream) {
                let row = &self.rows[n as usize * self.width..(n as usize + 1) * self.width];
                let mut products = f32x4::ZERO;
                for (x, w) in row.iter().zip(&point) {
                    products += *x * *w;
                }
                let [a, b, c, d] = products.to_array();
                let error = f32x4::splat((a + b) + (c + d));
                for (sum, x) in sum.iter_mut().zip(row) {
                    *sum += *x * error;
                }
            }
            for i in 0..self.dimension {
                gradients[i * B + replica] = f64::from(sum[i / LANES].as_array()[i % LANES]) / self.batch_size as f64;
            }
        }
    }
}
