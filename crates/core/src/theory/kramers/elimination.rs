//! Linear systems of an absorbing Markov chain without a subtraction (Grassmann, Taksar, Heyman 1985).
//!
//! The diagonal of `I − P` is replaced by what it is by conservation, the probability of leaving for the other states or
//! for good. Then every operation adds, multiplies or divides positive numbers, and each component of a solution has full
//! relative accuracy, however rare the absorption; an ordinary elimination loses as many digits as the rate has zeros.

use std::ops::Range;

/// An absorbing chain, its states eliminated from the last to the first: `I − P = (I − F)(D − A)` with `F` strictly upper
/// and `A` strictly lower triangular.
pub(super) struct AbsorbingChain {
    size: usize,
    /// Row-major: `F` above the diagonal, `A` below.
    factors: Vec<f64>,
    /// The columns of a row that hold anything: steps do not reach far, and what lies outside stays zero.
    spans: Vec<Range<usize>>,
    /// `D`.
    departures: Vec<f64>,
}

impl AbsorbingChain {
    /// Factors a chain with these transition probabilities (row-major, `n x n`; the diagonal is not read) and
    /// probabilities of absorption. `None` when absorption cannot be reached, or not in double precision.
    pub(super) fn new(mut transitions: Vec<f64>, absorption: &[f64]) -> Option<AbsorbingChain> {
        let size = absorption.len();
        let mut absorption = absorption.to_vec();
        let mut departures = vec![0.0; size];
        let span = |row: &[f64]| {
            let first = row.iter().position(|&p| p > 0.0).unwrap_or(0);
            first..row.iter().rposition(|&p| p > 0.0).map_or(first, |end| end + 1)
        };
        let mut spans: Vec<Range<usize>> = transitions.chunks_exact(size.max(1)).map(span).collect();
        for last in (0..size).rev() {
            let (above, row) = transitions.split_at_mut(last * size);
            let first = spans[last].start.min(last);
            let row = &row[first..last];
            let departure = row.iter().sum::<f64>() + absorption[last];
            if !(departure > f64::MIN_POSITIVE && departure.is_finite()) {
                return None;
            }
            departures[last] = departure;
            let absorbed = absorption[last];
            for (i, other) in above.chunks_exact_mut(size).enumerate() {
                if !spans[i].contains(&last) {
                    continue;
                }
                let factor = other[last] / departure;
                other[last] = factor;
                if factor > 0.0 {
                    for (entry, through) in other[first..last].iter_mut().zip(row) {
                        *entry += factor * through;
                    }
                    spans[i].start = spans[i].start.min(first);
                    absorption[i] += factor * absorbed;
                }
            }
        }
        Some(AbsorbingChain { size, factors: transitions, spans, departures })
    }

    /// Row `i` of `A`, and the column that it begins with.
    fn below(&self, i: usize) -> (usize, &[f64]) {
        let (start, end) = (self.spans[i].start.min(i), self.spans[i].end.min(i));
        (start, &self.factors[i * self.size + start..i * self.size + end.max(start)])
    }

    /// Row `i` of `F`, and the column that it begins with.
    fn above(&self, i: usize) -> (usize, &[f64]) {
        let (start, end) = (self.spans[i].start.max(i + 1), self.spans[i].end);
        (start, &self.factors[i * self.size + start..i * self.size + end.max(start)])
    }

    /// The solution `x` of `(I − P) x = b` for `b ≥ 0`, a number a state: with `b = 1`, the mean number of steps.
    pub(super) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut x = right.to_vec();
        for i in (0..self.size).rev() {
            let (start, row) = self.above(i);
            x[i] += row.iter().zip(&x[start..]).map(|(f, x)| f * x).sum::<f64>();
        }
        for i in 0..self.size {
            let (start, row) = self.below(i);
            let inflow = row.iter().zip(&x[start..]).map(|(a, x)| a * x).sum::<f64>();
            x[i] = (x[i] + inflow) / self.departures[i];
        }
        x
    }

    /// The solution `x` of `x (I − P) = q` for `q ≥ 0`, a number a state: the mean visits to each from a start `q`.
    pub(super) fn solve_transposed(&self, left: &[f64]) -> Vec<f64> {
        let mut x = left.to_vec();
        for i in (0..self.size).rev() {
            x[i] /= self.departures[i];
            let visits = x[i];
            let (start, row) = self.below(i);
            for (target, a) in x[start..].iter_mut().zip(row) {
                *target += visits * a;
            }
        }
        for i in 0..self.size {
            let visits = x[i];
            let (start, row) = self.above(i);
            for (target, f) in x[start..].iter_mut().zip(row) {
                *target += visits * f;
            }
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_absorption_keeps_its_digits() {
        // 0 <-> 1, out of 1 with a probability that a subtraction from 1 would lose.
        for out in [0.5, 1e-20, 1e-200] {
            let chain = AbsorbingChain::new(vec![0.0, 0.25, 0.5, 0.0], &[0.0, out]).unwrap();
            let steps = chain.solve(&[1.0, 1.0]);
            let from_one = (1.0 + 0.5 / 0.25) / out;
            assert!((steps[1] / from_one - 1.0).abs() < 1e-15);
            assert!((steps[0] / (from_one + 4.0) - 1.0).abs() < 1e-15);
            let visits = chain.solve_transposed(&[0.0, 1.0]);
            assert!((visits[1] * out - 1.0).abs() < 1e-15);
        }
        assert!(AbsorbingChain::new(vec![0.0, 0.25, 0.5, 0.0], &[0.0, 0.0]).is_none());
    }
}
