//! Gradients of true minibatches of a data set.

use super::kernel::B;
use super::stream::{Generator, LANES, Stream};
use crate::noise::Sampling;
use nalgebra::{DMatrix, DVector};
use wide::{f32x4, u32x4};

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
    /// Numbers of the minibatch, and the swaps that led there; whole vectors.
    drawn: Vec<u32>,
    swaps: Vec<u32>,
    /// Sums over the minibatch of each replica of a block, as wide as a row.
    sums: Vec<f32x4>,
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
            swaps: vec![0; batch_size.next_multiple_of(LANES)],
            sums: vec![f32x4::ZERO; B * width],
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
        if self.dimension <= TABULATED {
            match self.width {
                1 => self.tabulated::<1>(block, step, stream),
                2 => self.tabulated::<2>(block, step, stream),
                3 => self.tabulated::<3>(block, step, stream),
                _ => self.tabulated::<4>(block, step, stream),
            }
            let features = bytemuck::cast_slice::<f32x4, f32>(&self.sums);
            let products = self.dimension * (self.dimension + 1) / 2;
            // Row i of the triangle of products begins after those above it.
            let place = |i: usize, j: usize| i * (2 * self.dimension + 1 - i) / 2 + j - i;
            for (replica, features) in features.chunks_exact(self.width * LANES).enumerate() {
                for i in 0..self.dimension {
                    let mut sum = f64::from(features[products + i]);
                    for j in 0..self.dimension {
                        sum += f64::from(features[place(i.min(j), i.max(j))]) * weights[j * B + replica];
                    }
                    gradients[i * B + replica] = sum / self.batch_size as f64;
                }
            }
        } else {
            self.by_inputs(block, step, stream, weights, gradients);
        }
    }

    /// The sums of the features of every replica's minibatch.
    fn tabulated<const WIDTH: usize>(&mut self, block: usize, step: u64, stream: &mut Stream) {
        for replica in 0..B {
            self.draw(block, replica, step, stream);
            let (rows, sums) = (self.rows.as_chunks::<WIDTH>().0, self.sums.as_chunks_mut::<WIDTH>().0);
            sums[replica] = sum_of_rows(rows, &self.drawn[..self.batch_size]);
        }
    }

    /// Residual by residual, in dimensions in which the products would be too many.
    fn by_inputs(&mut self, block: usize, step: u64, stream: &mut Stream, weights: &[f64], gradients: &mut [f64]) {
        let mut point = vec![f32x4::ZERO; self.width];
        for replica in 0..B {
            self.draw(block, replica, step, stream);
            let sum = &mut self.sums[..self.width];
            sum.fill(f32x4::ZERO);
            for i in 0..self.dimension {
                point[i / LANES].as_mut_array()[i % LANES] = weights[i * B + replica] as f32;
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
                for (sum, x) in sum.iter_mut().zip(row) {
                    *sum += *x * error;
                }
            }
            for i in 0..self.dimension {
                gradients[i * B + replica] = f64::from(sum[i / LANES].as_array()[i % LANES]) / self.batch_size as f64;
            }
        }
    }

    /// Puts the numbers of a minibatch into `drawn`.
    fn draw(&mut self, block: usize, replica: usize, step: u64, stream: &mut Stream) {
        match self.sampling {
            Sampling::WithReplacement => {
                fill_below(stream.generator(), self.samples as u32, &mut self.drawn);
            }
            Sampling::WithoutReplacement => {
                // The beginning of Fisher and Yates' shuffle, undone afterwards.
                let mut generator = *stream.generator();
                let (last, four) = (self.samples as u32, u32x4::splat(LANES as u32));
                let mut count = u32x4::new([last, last.wrapping_sub(1), last.wrapping_sub(2), last.wrapping_sub(3)]);
                for swaps in self.swaps.as_chunks_mut().0 {
                    *swaps = generator.next().mul_keep_high(count).to_array();
                    count -= four;
                }
                *stream.generator() = generator;
                for place in 0..self.batch_size {
                    let other = place + self.swaps[place] as usize;
                    self.drawn[place] = self.orders[other];
                    self.orders[other] = self.orders[place];
                }
                for place in (0..self.batch_size).rev() {
                    self.orders[place + self.swaps[place] as usize] = self.drawn[place];
                }
            }
            Sampling::Epoch => {
                let start = (block * B + replica) * self.samples;
                let order = &mut self.orders[start..start + self.samples];
                let part = (step % (self.samples / self.batch_size) as u64) as usize;
                if part == 0 {
                    let below = |word: u32, count: usize| ((u64::from(word) * count as u64) >> 32) as usize;
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

/// Data sets up to this size take two numbers from a word: every pair of numbers then has 2³²/N² words, a thousand or more, or
/// one word less.
const TWO_FROM_A_WORD: u32 = 2048;

/// Random numbers below `count`. A function of its own, as is the sum of rows, since an engine of WebAssembly keeps what a short
/// function works on in registers.
#[inline(never)]
fn fill_below(generator: &mut Generator, count: u32, numbers: &mut [u32]) {
    let (mut words, factor) = (*generator, u32x4::splat(count));
    let (fours, _) = numbers.as_chunks_mut::<LANES>();
    if count <= TWO_FROM_A_WORD {
        for fours in fours.chunks_mut(2) {
            let word = words.next();
            fours[0] = whole_part(word, factor).to_array();
            if let Some(second) = fours.get_mut(1) {
                *second = whole_part(word * factor, factor).to_array();
            }
        }
    } else {
        for four in fours {
            *four = words.next().mul_keep_high(factor).to_array();
        }
    }
    *generator = words;
}

/// `⌊w n/2³²⌋` for `n` below 2¹⁶, by products of 32 bits: WebAssembly has none of 64 bits that processors know.
#[inline(always)]
fn whole_part(word: u32x4, count: u32x4) -> u32x4 {
    let low = ((word & u32x4::splat(0xffff)) * count) >> 16_u32;
    ((word >> 16_u32) * count + low) >> 16_u32
}

/// The sum of the rows with these numbers.
#[inline(never)]
fn sum_of_rows<const WIDTH: usize>(rows: &[[f32x4; WIDTH]], numbers: &[u32]) -> [f32x4; WIDTH] {
    let mut totals = [[f32x4::ZERO; WIDTH]; LANES];
    let (fours, rest) = numbers.as_chunks::<LANES>();
    for four in fours {
        add_rows(&mut totals, rows, four);
    }
    add_rows(&mut totals, rows, rest);
    total(&totals)
}

/// Adds up to four rows, each to a total of its own, so that none waits for another.
#[inline(always)]
fn add_rows<const WIDTH: usize>(totals: &mut [[f32x4; WIDTH]; LANES], rows: &[[f32x4; WIDTH]], numbers: &[u32]) {
    for (total, &n) in totals.iter_mut().zip(numbers) {
        let row = &rows[n as usize];
        for i in 0..WIDTH {
            total[i] += row[i];
        }
    }
}

#[inline(always)]
fn total<const WIDTH: usize>(totals: &[[f32x4; WIDTH]; LANES]) -> [f32x4; WIDTH] {
    std::array::from_fn(|i| (totals[0][i] + totals[1][i]) + (totals[2][i] + totals[3][i]))
}
