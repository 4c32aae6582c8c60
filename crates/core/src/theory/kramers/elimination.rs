//! Linear systems of an absorbing Markov chain without a subtraction (Grassmann, Taksar, Heyman 1985).
//!
//! The diagonal of `I − P` is replaced by what it is by conservation, the probability of leaving for the other states or
//! for good. Then every operation adds, multiplies or divides positive numbers, and each component of a solution has full
//! relative accuracy, however rare the absorption; an ordinary elimination loses as many digits as the rate has zeros.

/// An absorbing chain, its states eliminated from the last to the first: `I − P = (I − F)(D − A)` with `F` strictly upper
/// and `A` strictly lower triangular.
pub(super) struct AbsorbingChain {
    size: usize,
    /// Row-major: `F` above the diagonal, `A` below.
    factors: Vec<f64>,
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
        for last in (0..size).rev() {
            let (above, row) = transitions.split_at_mut(last * size);
            let row = &row[..last];
            let departure = row.iter().sum::<f64>() + absorption[last];
            if !(departure > f64::MIN_POSITIVE && departure.is_finite()) {
                return None;
            }
            departures[last] = departure;
            let absorbed = absorption[last];
            for (i, other) in above.chunks_exact_mut(size).enumerate() {
                let factor = other[last] / departure;
                other[last] = factor;
                if factor > 0.0 {
                    for (entry, through) in other[..last].iter_mut().zip(row) {
                        *entry += factor * through;
                    }
                    absorption[i] += factor * absorbed;
                }
            }
        }
        Some(AbsorbingChain { size, factors: transitions, departures })
    }

    /// The solution `x` of `(I − P) x = b` for `b ≥ 0`, a number a state: with `b = 1`, the mean number of steps.
    pub(super) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let n = self.size;
        let mut x = right.to_vec();
        for i in (0..n).rev() {
            let row = &self.factors[i * n..(i + 1) * n];
            x[i] += row[i + 1..].iter().zip(&x[i + 1..]).map(|(f, x)| f * x).sum::<f64>();
        }
        for i in 0..n {
            let row = &self.factors[i * n..(i + 1) * n];
            let inflow = row[..i].iter().zip(&x[..i]).map(|(a, x)| a * x).sum::<f64>();
            x[i] = (x[i] + inflow) / self.departures[i];
        }
        x
    }

    /// The solution `x` of `x (I − P) = q` for `q ≥ 0`, a number a state: the mean visits to each from a start `q`.
    pub(super) fn solve_transposed(&self, left: &[f64]) -> Vec<f64> {
        let n = self.size;
        let mut x = left.to_vec();
        for i in (0..n).rev() {
            x[i] /= self.departures[i];
            let visits = x[i];
            let row = &self.factors[i * n..i * n + i];
            for (target, a) in x[..i].iter_mut().zip(row) {
                *target += visits * a;
            }
        }
        for i in 0..n {
            let visits = x[i];
            let row = &self.factors[i * n..(i + 1) * n];
            for (target, f) in x[i + 1..].iter_mut().zip(&row[i + 1..]) {
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
