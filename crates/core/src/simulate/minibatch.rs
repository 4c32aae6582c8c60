//! Gradients of true minibatches of a data set.

use super::kernel::B;
use super::stream::{LANES, Stream};
use crate::noise::Sampling;
use nalgebra::{DMatrix, DVector};
use wide::f32x4;

/// Up to this dimension the products of a sample's inputs are tabulated, and a minibatch is a sum of rows.
const TABULATED: usize = 4;

/// Minibatches of least squares, `g = (1/S) Σ x (x·w + r)` with the residuals `r` at the minimum, in single precision: the
/// rounding of a sum of `S` terms is far below the spread between minibatches.
#[derive(Debug, Clone)]
pub(super) struct Minibatch {
    dimension: usize,
    samples: usize,
    batch_size: usize,
    sampling: Sampling,
    /// Vectors of four in a row.
    width: usize,
    /// A row for each sample. Tabulated: the products `x_i x_j`, `i ≤ j`, then `x_i r`; else the inputs, then `r`.
    rows: Vec<f32x4>,
    /// Orders of the data: of each replica for epochs, else one, which is as it was after every draw.
    orders: Vec<u32>,
    drawn: Vec<u32>,
    sum: Vec<f32x4>,
}

impl Minibatch {
    pub(super) fn new(
        inputs: &DMatrix<f64>,
        residuals: &DVector<f64>,
        batch_size: usize,
        sampling: Sampling,
    ) -> Minibatch {
        let (samples, dimension) = inputs.shape();
        let features = |n: usize| -> Vec<f32> {
            let (x, r) = (|i: usize| inputs[(n, i)], residuals[n]);
            if dimension <= TABULATED {
                let products = (0..dimension).flat_map(|i| (i..dimension).map(move |j| (i, j)));
                products.map(|(i, j)| (x(i) * x(j)) as f32).chain((0..dimension).map(|i| (x(i) * r) as f32)).collect()
            } else {
                (0..dimension).map(|i| x(i) as f32).chain([r as f32]).collect()
            }
        };
        let width = features(0).len().div_ceil(LANES);
        let mut rows = Vec::with_capacity(samples * width);
        for n in 0..samples {
            let mut row = features(n);
            row.resize(width * LANES, 0.0);
            rows.extend(row.chunks_exact(LANES).map(|four| f32x4::new([four[0], four[1], four[2], four[3]])));
        }
        Minibatch {
            dimension,
            samples,
            batch_size,
            sampling,
            width,
            rows,
            orders: if sampling == Sampling::WithoutReplacement { (0..samples as u32).collect() } else { Vec::new() },
            drawn: vec![0; batch_size.next_multiple_of(LANES)],
            sum: vec![f32x4::ZERO; width],
        }
    }

    /// Room for so many blocks: epochs keep an order of the data for every replica.
    pub(super) fn reserve(&mut self, blocks: usize) {
        if self.sampling == Sampling::Epoch {
            self.orders = (0..blocks * B).flat_map(|_| 0..self.samples as u32).collect();
        }
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
        for replica in 0..B {
            self.draw(block, replica, step, stream);
            let at = |i: usize| weights[i * B + replica];
            let mut set = |i: usize, sum: f64| gradients[i * B + replica] = sum / self.batch_size as f64;
            if self.dimension <= TABULATED {
                match self.width {
                    1 => sum_rows::<1>(&self.rows, &self.drawn[..self.batch_size], &mut self.sum),
                    2 => sum_rows::<2>(&self.rows, &self.drawn[..self.batch_size], &mut self.sum),
                    3 => sum_rows::<3>(&self.rows, &self.drawn[..self.batch_size], &mut self.sum),
                    _ => sum_rows::<4>(&self.rows, &self.drawn[..self.batch_size], &mut self.sum),
                }
                let feature = |n: usize| f64::from(self.sum[n / LANES].as_array()[n % LANES]);
                let products = self.dimension * (self.dimension + 1) / 2;
                // Row i of the triangle of products begins after those above it.
                let place = |i: usize, j: usize| i * (2 * self.dimension + 1 - i) / 2 + j - i;
                for i in 0..self.dimension {
                    let mut sum = feature(products + i);
                    for j in 0..self.dimension {
                        sum += feature(place(i.min(j), i.max(j))) * at(j);
                    }
                    set(i, sum);
                }
            } else {
                self.sum.fill(f32x4::ZERO);
                let mut point = vec![f32x4::ZERO; self.width];
                for i in 0..self.dimension {
                    point[i / LANES].as_mut_array()[i % LANES] = at(i) as f32;
                }
                // The residual's own column counts once.
                point[self.dimension / LANES].as_mut_array()[self.dimension % LANES] = 1.0;
                for &n in &self.drawn[..self.batch_size] {
                    let row = &self.rows[n as usize * self.width..(n as usize + 1) * self.width];
                    let mut products = f32x4::ZERO;
                    for (x, w) in row.iter().zip(&point) {
                        products += *x * *w;
                    }
                    let [a, b, c, d] = products.to_array();
                    let error = f32x4::splat((a + b) + (c + d));
                    for (sum, x) in self.sum.iter_mut().zip(row) {
                        *sum += *x * error;
                    }
                }
                for i in 0..self.dimension {
                    set(i, f64::from(self.sum[i / LANES].as_array()[i % LANES]));
                }
            }
        }
    }

    /// Puts the numbers of a minibatch into `drawn`.
    fn draw(&mut self, block: usize, replica: usize, step: u64, stream: &mut Stream) {
        let below = |word: u32, count: usize| ((u64::from(word) * count as u64) >> 32) as usize;
        match self.sampling {
            Sampling::WithReplacement => {
                let generator = stream.generator();
                for four in self.drawn.chunks_exact_mut(LANES) {
                    for (n, word) in four.iter_mut().zip(generator.next().to_array()) {
                        *n = below(word, self.samples) as u32;
                    }
                }
            }
            Sampling::WithoutReplacement => {
                // The beginning of Fisher and Yates' shuffle, undone afterwards.
                let mut swaps = std::mem::take(&mut self.drawn);
                for place in 0..self.batch_size {
                    let other = place + below(stream.next_word(), self.samples - place);
                    self.orders.swap(place, other);
                    swaps[place] = other as u32;
                }
                let chosen: Vec<u32> = self.orders[..self.batch_size].to_vec();
                for place in (0..self.batch_size).rev() {
                    self.orders.swap(place, swaps[place] as usize);
                }
                swaps[..self.batch_size].copy_from_slice(&chosen);
                self.drawn = swaps;
            }
            Sampling::Epoch => {
                let start = (block * B + replica) * self.samples;
                let order = &mut self.orders[start..start + self.samples];
                let part = (step % (self.samples / self.batch_size) as u64) as usize;
                if part == 0 {
                    for place in 0..self.samples - 1 {
                        order.swap(place, place + below(stream.next_word(), self.samples - place));
                    }
                }
                let batch = &order[part * self.batch_size..(part + 1) * self.batch_size];
                self.drawn[..self.batch_size].copy_from_slice(batch);
            }
        }
    }

    /// Work of one step of one replica, in multiplications or so.
    pub(super) fn cost(&self) -> u64 {
        (self.batch_size * (self.width * LANES + 4)) as u64
    }
}

/// The sum of some rows of `WIDTH` vectors each.
#[inline(always)]
fn sum_rows<const WIDTH: usize>(rows: &[f32x4], numbers: &[u32], sum: &mut [f32x4]) {
    let mut total = [f32x4::ZERO; WIDTH];
    for &n in numbers {
        let row = &rows[n as usize * WIDTH..(n as usize + 1) * WIDTH];
        for (total, x) in total.iter_mut().zip(row) {
            *total += *x;
        }
    }
    sum.copy_from_slice(&total);
}
