//! Gradients of true minibatches of a data set.

use super::kernel::B;
use super::stream::{Generator, LANES, Stream, WORDS};
use crate::noise::Sampling;
use bytemuck::cast;
use nalgebra::{DMatrix, DVector};
use std::hint::black_box;
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
    /// Numbers of the minibatches of [`TOGETHER`] replicas, of a small data set, drawn with replacement: whole vectors. Empty elsewhere.
    drawn_short: Vec<u16>,
    /// A sum of inputs over a minibatch, as wide as a row.
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
        let features = |n: usize| -> Vec<f64> {
            let (x, r) = (|i: usize| inputs[(n, i)], residuals[n]);
            if dimension <= TABULATED {
                let products = (0..dimension).flat_map(|i| (i..dimension).map(move |j| (i, j)));
                products.map(|(i, j)| x(i) * x(j)).chain((0..dimension).map(|i| x(i) * r)).collect()
            } else {
                (0..dimension).map(x).chain([r]).collect()
            }
        };
        let width = features(0).len().div_ceil(LANES);
        let mut rows = Vec::with_capacity(samples * width);
        for n in 0..samples {
            let mut row = features(n);
            row.resize(width * LANES, 0.0);
            rows.extend(row.as_chunks::<LANES>().0.iter().map(|four| f32x4::new(four.map(|x| x as f32))));
        }
        let short =
            dimension <= TABULATED && samples <= TWO_FROM_A_WORD as usize && sampling == Sampling::WithReplacement;
        if short {
            rows.resize(SHORT_NUMBERS * width, f32x4::ZERO);
        }
        Minibatch {
            drawn_short: vec![0; if short { (TOGETHER * batch_size).next_multiple_of(2 * WORDS) } else { 0 }],
            dimension,
            samples,
            batch_size,
            sampling,
            width,
            rows,
            orders: if sampling == Sampling::WithoutReplacement { (0..samples as u32).collect() } else { Vec::new() },
            drawn: vec![0; batch_size.next_multiple_of(WORDS)],
            swaps: vec![0; batch_size.next_multiple_of(WORDS)],
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
        if self.dimension <= TABULATED {
            match self.dimension {
                1 => self.tabulated::<1, 1>(block, step, stream, weights, gradients),
                2 => self.tabulated::<2, 2>(block, step, stream, weights, gradients),
                3 => self.tabulated::<3, 3>(block, step, stream, weights, gradients),
                _ => self.tabulated::<4, 4>(block, step, stream, weights, gradients),
            }
        } else {
            self.by_inputs(block, step, stream, weights, gradients);
        }
    }

    /// Gradients from the sums of the products over each replica's minibatch: `D` dimensions, rows of `WIDTH` vectors.
    fn tabulated<const D: usize, const WIDTH: usize>(
        &mut self,
        block: usize,
        step: u64,
        stream: &mut Stream,
        weights: &[f64],
        gradients: &mut [f64],
    ) {
        let batch_size = self.batch_size;
        let share = 1.0 / batch_size as f64;
        for replica in 0..B {
            let rows = self.rows.as_chunks::<WIDTH>().0;
            let sums = if let (false, Ok(rows)) = (self.drawn_short.is_empty(), rows.try_into()) {
                let turn = replica % TOGETHER;
                if turn == 0 {
                    fill_below_short(stream.generator(), self.samples as u32, &mut self.drawn_short);
                }
                let rows: &[[f32x4; WIDTH]; SHORT_NUMBERS] = rows;
                sum_of_rows(&self.drawn_short[turn * batch_size..(turn + 1) * batch_size], |n| &rows[usize::from(n)])
            } else {
                self.draw(block, replica, step, stream);
                let rows = self.rows.as_chunks::<WIDTH>().0;
                sum_of_rows(&self.drawn[..batch_size], |n| &rows[n as usize])
            };
            let sums: &[f32] = bytemuck::cast_slice(&sums);
            let sum = |feature: usize| f64::from(sums[feature]);
            for i in 0..D {
                let mut gradient = sum(D * (D + 1) / 2 + i);
                for j in 0..D {
                    // Row i of the triangle of products begins after those above it.
                    let (row, column) = (i.min(j), i.max(j));
                    gradient += sum(row * (2 * D + 1 - row) / 2 + column - row) * weights[j * B + replica];
                }
                gradients[i * B + replica] = gradient * share;
            }
        }
    }

    /// Residual by residual, in dimensions in which the products would be too many.
    fn by_inputs(&mut self, block: usize, step: u64, stream: &mut Stream, weights: &[f64], gradients: &mut [f64]) {
        let mut point = vec![f32x4::ZERO; self.width];
        for replica in 0..B {
            self.draw(block, replica, step, stream);
            let sum = &mut self.sum;
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
                let mut count = u32x4::splat(self.samples as u32) - u32x4::new([0, 1, 2, 3]);
                for eight in self.swaps.as_chunks_mut::<WORDS>().0 {
                    *eight = cast(generator.next().map(|words| {
                        let swaps = words.mul_keep_high(count);
                        count -= u32x4::splat(LANES as u32);
                        swaps
                    }));
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

/// Numbers of 16 bits. A table with a row for each of them needs no check of an index: one to four megabytes, of which few are read.
const SHORT_NUMBERS: usize = 1 << 16;

/// Replicas whose minibatches are drawn together: fewer numbers are left over.
const TOGETHER: usize = 8;

/// Random numbers below `count`. A function of its own, as is the sum of rows, since an engine of WebAssembly keeps what a short
/// function works on in registers.
#[inline(never)]
fn fill_below(generator: &mut Generator, count: u32, numbers: &mut [u32]) {
    let (mut words, factor) = (*generator, u32x4::splat(count));
    for eight in numbers.as_chunks_mut::<WORDS>().0 {
        *eight = cast(words.next().map(|words| words.mul_keep_high(factor)));
    }
    *generator = words;
}

/// Random numbers below `count`, at most [`TWO_FROM_A_WORD`], two from each word.
#[inline(never)]
fn fill_below_short(generator: &mut Generator, count: u32, numbers: &mut [u16]) {
    let (mut words, factor) = (*generator, u32x4::splat(count));
    let low = u32x4::splat(black_box(0xffff));
    for sixteen in numbers.as_chunks_mut::<{ 2 * WORDS }>().0 {
        *sixteen = cast(words.next().map(|word| {
            let (first, second) = (whole_part(word, factor, low), whole_part(word * factor, factor, low));
            first | (second << 16_u32)
        }));
    }
    *generator = words;
}

/// `⌊w n/2³²⌋` for `n` below 2¹⁶, by products of 32 bits: WebAssembly has none of 64 bits that processors know. `low` are the lower 16 bits, in
/// a register because an engine makes a vector constant anew at each use.
#[inline(always)]
fn whole_part(word: u32x4, count: u32x4, low: u32x4) -> u32x4 {
    let carried = ((word & low) * count) >> 16_u32;
    ((word >> 16_u32) * count + carried) >> 16_u32
}

/// The sum of the rows with these numbers.
#[inline(never)]
fn sum_of_rows<'a, const WIDTH: usize, N: Copy>(
    numbers: &[N],
    row: impl Fn(N) -> &'a [f32x4; WIDTH],
) -> [f32x4; WIDTH] {
    let mut totals = [[f32x4::ZERO; WIDTH]; LANES];
    // Each of four to a total of its own, so that none waits for another.
    let mut add = |numbers: &[N]| {
        for (total, &n) in totals.iter_mut().zip(numbers) {
            let row = row(n);
            for i in 0..WIDTH {
                total[i] += row[i];
            }
        }
    };
    let (fours, rest) = numbers.as_chunks::<LANES>();
    for four in fours {
        add(four);
    }
    add(rest);
    total(&totals)
}

#[inline(always)]
fn total<const WIDTH: usize>(totals: &[[f32x4; WIDTH]; LANES]) -> [f32x4; WIDTH] {
    std::array::from_fn(|i| (totals[0][i] + totals[1][i]) + (totals[2][i] + totals[3][i]))
}
