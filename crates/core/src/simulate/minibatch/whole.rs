//! Gradients of minibatches in two dimensions with replacement: a sample's products are one vector of whole numbers, and so is a sum of them.

use super::places::Places;
use crate::simulate::kernel::B;
use crate::simulate::stream::Stream;
use bytemuck::{bytes_of, cast, pod_read_unaligned};
use nalgebra::{DMatrix, DVector};
use std::hint::black_box;
use wide::{f64x2, u64x2};

/// Products of a sample: `x₀r, x₁r, x₀², x₁², x₀x₁`.
const PRODUCTS: usize = 5;

/// Bits of a product, and of a sum of so many samples at most.
const BITS: u64 = 17;
const SUM_BITS: u64 = 24;
const MOST: usize = 1 << (SUM_BITS - BITS);

/// Of the last product the lower bits are in one half of a vector, the higher ones in the other.
const LOWER: u64 = 8;

/// Bytes of a row, and of a table with a row at each place.
const ROW: usize = size_of::<u64x2>();
const TABLE: usize = (1 << 16) + ROW;

/// Rows of products of a small data set.
///
/// Each product is rounded to one of 2¹⁷ steps between its least and its greatest value; what rounding leaves is handed on to the next
/// sample, so that the means stay what they are. No range of `N` numbers is wider than `√(2N)` standard deviations, so that a step is below
/// 5·10⁻⁴ of one.
#[derive(Debug, Clone)]
pub(super) struct WholeProducts {
    /// The rows: products 0 and 2, 1 and 3 side by side in the two halves, and above them the two parts of product 4.
    table: Box<[u8; TABLE]>,
    places: Places<ROW>,
    /// Size of a step over the size of a minibatch, and least value: of `x r`, of squares, and of the two parts of the mixed product.
    linear: [f64x2; 2],
    square: [f64x2; 2],
    mixed: (f64x2, f64),
}

impl WholeProducts {
    /// None for a data set that is too large.
    pub(super) fn new(inputs: &DMatrix<f64>, residuals: &DVector<f64>, batch_size: usize) -> Option<WholeProducts> {
        let places = Places::new(inputs.nrows(), batch_size)?;
        let products: Vec<[f64; PRODUCTS]> = inputs
            .row_iter()
            .zip(residuals)
            .map(|(x, r)| [x[0] * r, x[1] * r, x[0] * x[0], x[1] * x[1], x[0] * x[1]])
            .collect();
        let steps: [Steps; PRODUCTS] = std::array::from_fn(|i| Steps::new(products.iter().map(|row| row[i])));
        let mut table = Box::new([0; TABLE]);
        for (place, sample) in places.all() {
            let [p0, p1, p2, p3, p4] = steps.each_ref().map(|steps| steps.whole[sample]);
            let half = |a: u64, b: u64, c: u64| a | b << SUM_BITS | c << (2 * SUM_BITS);
            let row = u64x2::new([half(p0, p2, p4 & ((1 << LOWER) - 1)), half(p1, p3, p4 >> LOWER)]);
            table[place..place + ROW].copy_from_slice(bytes_of(&row));
        }
        let share = 1.0 / batch_size as f64;
        let pair = |a: usize, b: usize| {
            [f64x2::new([steps[a].size, steps[b].size]) * share, f64x2::new([steps[a].least, steps[b].least])]
        };
        let parts = f64x2::new([1.0, (1 << LOWER) as f64]) * steps[4].size * share;
        Some(WholeProducts { linear: pair(0, 1), square: pair(2, 3), mixed: (parts, steps[4].least), table, places })
    }

    /// Nothing is kept for a block.
    pub(super) fn reserve(&mut self, _blocks: usize) {}

    /// The gradients of a block, each replica from a minibatch of its own; the same at every step.
    pub(super) fn gradients(
        &mut self,
        _block: usize,
        _step: u64,
        stream: &mut Stream,
        weights: &[f64],
        gradients: &mut [f64],
    ) {
        let (first, second) = weights.split_at(B);
        let gradients = gradients.split_at_mut(B);
        let parts = Parts::new();
        for (replica, (&w0, &w1)) in first.iter().zip(second).enumerate() {
            let places = self.places.of(replica, stream.generator());
            let [linear, square, mixed] = sums(&self.table, places, &parts);
            let linear = linear * self.linear[0] + self.linear[1];
            let square = square * self.square[0] + self.square[1];
            let [lower, higher] = (mixed * self.mixed.0).to_array();
            let mixed = f64x2::splat(lower + higher + self.mixed.1);
            let gradient = linear + square * f64x2::new([w0, w1]) + mixed * f64x2::new([w1, w0]);
            [gradients.0[replica], gradients.1[replica]] = gradient.to_array();
        }
    }
}

/// A product of all samples in whole steps above its least value.
struct Steps {
    least: f64,
    size: f64,
    whole: Vec<u64>,
}

impl Steps {
    fn new(products: impl Iterator<Item = f64> + Clone) -> Steps {
        let least = products.clone().fold(f64::INFINITY, f64::min);
        let greatest = products.clone().fold(f64::NEG_INFINITY, f64::max);
        let top = ((1 << BITS) - 1) as f64;
        let size = (greatest - least) / top;
        let mut left = 0.0;
        let whole = products.map(|product| {
            if size == 0.0 {
                return 0;
            }
            let wanted = (product - least) / size + left;
            let whole = wanted.round_ties_even().clamp(0.0, top);
            left = wanted - whole;
            whole as u64
        });
        let whole = whole.collect();
        Steps { least, size, whole }
    }
}

/// What takes a sum apart, in registers because an engine makes a vector constant anew at each use.
struct Parts {
    mask: u64x2,
    /// Behind the bits of 2⁵² whole numbers are the last bits of numbers in double precision.
    offset: f64x2,
}

impl Parts {
    fn new() -> Parts {
        Parts {
            mask: u64x2::splat(black_box((1 << SUM_BITS) - 1)),
            offset: f64x2::splat(black_box((1_u64 << 52) as f64)),
        }
    }

    #[inline(always)]
    fn of(&self, total: u64x2) -> [f64x2; 3] {
        let parts = [total & self.mask, (total >> SUM_BITS) & self.mask, total >> (2 * SUM_BITS)];
        parts.map(|whole| cast::<u64x2, f64x2>(whole | cast::<f64x2, u64x2>(self.offset)) - self.offset)
    }
}

/// Sums over a minibatch: of the linear products, of the squares, and of the two parts of the mixed one.
#[inline(always)]
fn sums(table: &[u8; TABLE], places: &[u16], parts: &Parts) -> [f64x2; 3] {
    if places.len() <= MOST {
        return parts.of(sum_of_rows(table, places));
    }
    let mut sums = [f64x2::ZERO; 3];
    for places in places.chunks(MOST) {
        for (sum, part) in sums.iter_mut().zip(parts.of(sum_of_rows(table, places))) {
            *sum += part;
        }
    }
    sums
}

/// The sum of the rows at these places, in a function of its own as the draws are.
#[inline(never)]
fn sum_of_rows(table: &[u8; TABLE], places: &[u16]) -> u64x2 {
    let row = |place: u16| -> u64x2 { pod_read_unaligned(&table[usize::from(place)..usize::from(place) + ROW]) };
    let mut totals = [u64x2::ZERO; 4];
    // Each of four to a total of its own, so that none waits for another.
    let (fours, rest) = places.as_chunks::<4>();
    for four in fours {
        for (total, &place) in totals.iter_mut().zip(four) {
            *total += row(place);
        }
    }
    for (total, &place) in totals.iter_mut().zip(rest) {
        *total += row(place);
    }
    (totals[0] + totals[1]) + (totals[2] + totals[3])
}

#[cfg(test)]
mod tests {
    use super::super::products::Products;
    use super::*;
    use crate::noise::Sampling;
    use crate::simulate::stream::Purpose;

    /// A data set with an outlier, and a constant input: nothing to round.
    fn data(samples: usize) -> (DMatrix<f64>, DVector<f64>) {
        let input = |n: usize, i: usize| match (n, i) {
            (_, 1) => 2.0,
            (3, _) => 40.0,
            _ => (n as f64 * 0.7).sin(),
        };
        (DMatrix::from_fn(samples, 2, input), DVector::from_fn(samples, |n, _| (n as f64 * 1.3).cos()))
    }

    /// Minibatches of one vector of sums, and of several; both kinds of products add the same samples.
    #[test]
    fn gradients_are_those_of_the_products_in_single_precision() {
        for (samples, batch_size) in [(1000, 1), (1000, 100), (2047, MOST), (50, MOST + 1), (300, 1000)] {
            let (inputs, residuals) = data(samples);
            let mut whole = WholeProducts::new(&inputs, &residuals, batch_size).expect("a small data set");
            let mut single = Products::<2, 2>::new(&inputs, &residuals, batch_size, Sampling::WithReplacement);
            let weights: Vec<f64> = (0..2 * B).map(|n| (n as f64).sin()).collect();
            let mut gradients = [vec![0.0; 2 * B], vec![0.0; 2 * B]];
            let stream = Stream::new(2, 0, 0, Purpose::Noise);
            whole.gradients(0, 0, &mut stream.clone(), &weights, &mut gradients[0]);
            single.gradients(0, 0, &mut stream.clone(), &weights, &mut gradients[1]);
            // Half a step of each product and what was handed on, at most one; the widest is x₀² up to 1600.
            let step = 1600.0 / f64::from(1 << BITS);
            for (whole, single) in gradients[0].iter().zip(&gradients[1]) {
                assert!((whole - single).abs() < 1.5 * step, "{whole} is not {single}: {samples}, {batch_size}");
            }
        }
    }

    /// What rounding leaves is handed on: over the whole data set nothing is lost.
    #[test]
    fn the_mean_of_the_data_set_stays_what_it_is() {
        let products: Vec<f64> = (0..1000_u32).map(|n| f64::from(n).sin().powi(3)).collect();
        let steps = Steps::new(products.iter().copied());
        let rounded: f64 = steps.whole.iter().map(|&whole| steps.least + steps.size * whole as f64).sum();
        assert!((rounded - products.iter().sum::<f64>()).abs() <= steps.size);
        let alone: f64 =
            products.iter().map(|p| steps.least + steps.size * ((p - steps.least) / steps.size).floor()).sum();
        assert!((alone - products.iter().sum::<f64>()).abs() > 100.0 * steps.size, "the comparison can fail");
    }
}
