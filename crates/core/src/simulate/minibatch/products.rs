//! Gradients of minibatches in few dimensions: the products of each sample are tabulated, and a minibatch is a sum of rows.

use super::draws::Draws;
use super::places::Places;
use crate::noise::Sampling;
use crate::simulate::kernel::B;
use crate::simulate::stream::{LANES, Stream};
use nalgebra::{DMatrix, DVector};
use wide::f32x4;

/// Rows of products in `D` dimensions, of `WIDTH` vectors: `x_i x_j`, `i ≤ j`, then `x_i r`.
#[derive(Debug, Clone)]
pub(super) struct Products<const D: usize, const WIDTH: usize> {
    rows: Rows<WIDTH>,
    batch_size: usize,
}

/// A row for each sample, or one at each place.
#[derive(Debug, Clone)]
enum Rows<const WIDTH: usize> {
    Numbered(Vec<[f32x4; WIDTH]>, Box<Draws>),
    Placed(Box<[[f32x4; WIDTH]; 1 << 16]>, Places<1>),
}

impl<const D: usize, const WIDTH: usize> Products<D, WIDTH> {
    pub(super) fn new(
        inputs: &DMatrix<f64>,
        residuals: &DVector<f64>,
        batch_size: usize,
        sampling: Sampling,
    ) -> Products<D, WIDTH> {
        let samples = inputs.nrows();
        let row = |n: usize| {
            let (x, r) = (|i: usize| inputs[(n, i)], residuals[n]);
            let pairs = (0..D).flat_map(|i| (i..D).map(move |j| (i, j)));
            let mut row = [f32x4::ZERO; WIDTH];
            let products = pairs.map(|(i, j)| x(i) * x(j)).chain((0..D).map(|i| x(i) * r));
            for (place, product) in bytemuck::cast_slice_mut::<_, f32>(&mut row).iter_mut().zip(products) {
                *place = product as f32;
            }
            row
        };
        let places = if sampling == Sampling::WithReplacement { Places::new(samples, batch_size) } else { None };
        let rows = if let Some(places) = places {
            let mut table = vec![[f32x4::ZERO; WIDTH]; 1 << 16];
            places.all().for_each(|(place, sample)| table[place] = row(sample));
            Rows::Placed(table.into_boxed_slice().try_into().expect("2¹⁶ rows"), places)
        } else {
            let draws = Draws::new(samples, batch_size, sampling);
            Rows::Numbered((0..samples).map(row).collect(), Box::new(draws))
        };
        Products { rows, batch_size }
    }

    /// Room for so many blocks.
    pub(super) fn reserve(&mut self, blocks: usize) {
        if let Rows::Numbered(_, draws) = &mut self.rows {
            draws.reserve(blocks);
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
        let share = 1.0 / self.batch_size as f64;
        for replica in 0..B {
            let sums = match &mut self.rows {
                Rows::Numbered(rows, draws) => {
                    sum_of_rows(draws.draw(block, replica, step, stream), |n| &rows[n as usize])
                }
                Rows::Placed(rows, places) => {
                    sum_of_rows(places.of(replica, stream.generator()), |place| &rows[usize::from(place)])
                }
            };
            let sums: &[f32] = bytemuck::cast_slice(&sums);
            let sum = |product: usize| f64::from(sums[product]);
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
}

/// The sum of the rows with these numbers, in a function of its own as the draws are.
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
    std::array::from_fn(|i| (totals[0][i] + totals[1][i]) + (totals[2][i] + totals[3][i]))
}
