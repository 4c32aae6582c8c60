//! Moments of two variables together, merged as those of one are.

use super::numbers::Numbers;

/// Powers of the first variable, and of the second, that are summed: those whose sum is four at most.
const POWERS: [usize; 2] = [2, 4];

/// Central sums `Σ (x − x̄)^i (y − ȳ)^j` for `i ≤ 2` and `i + j ≤ 4`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Joint {
    pub(super) count: u64,
    mean: [f64; 2],
    /// By `i` and `j`; those of the first order are zero, and that of none is the count.
    sums: [[f64; POWERS[1] + 1]; POWERS[0] + 1],
}

impl Joint {
    /// Of pairs, as many as there are.
    pub(super) fn of(pairs: &[[f64; 2]]) -> Joint {
        let n = pairs.len() as f64;
        if pairs.is_empty() {
            return Joint::default();
        }
        let mean = [0, 1].map(|axis| pairs.iter().map(|pair| pair[axis]).sum::<f64>() / n);
        let mut sums = [[0.0; POWERS[1] + 1]; POWERS[0] + 1];
        for pair in pairs {
            let (x, y) = (pair[0] - mean[0], pair[1] - mean[1]);
            let mut left = 1.0;
            for (i, row) in sums.iter_mut().enumerate() {
                let mut product = left;
                for sum in row.iter_mut().take(POWERS[1] - i + 1) {
                    *sum += product;
                    product *= y;
                }
                left *= x;
            }
        }
        // What the mean's rounding leaves of them.
        (sums[0][1], sums[1][0]) = (0.0, 0.0);
        Joint { count: pairs.len() as u64, mean, sums }
    }

    /// Adds the pairs of another set.
    pub(super) fn merge(&mut self, other: &Joint) {
        let count = self.count + other.count;
        if other.count == 0 {
            return;
        }
        let share = other.count as f64 / count as f64;
        let mean = [0, 1].map(|axis| self.mean[axis] + (other.mean[axis] - self.mean[axis]) * share);
        let (own, more) = (self.about(mean), other.about(mean));
        for (i, row) in self.sums.iter_mut().enumerate() {
            for (j, sum) in row.iter_mut().enumerate() {
                *sum = own[i][j] + more[i][j];
            }
        }
        (self.sums[0][1], self.sums[1][0]) = (0.0, 0.0);
        (self.count, self.mean) = (count, mean);
    }

    /// The same sums about another centre, by the binomial theorem.
    fn about(&self, centre: [f64; 2]) -> [[f64; POWERS[1] + 1]; POWERS[0] + 1] {
        const BINOMIAL: [[f64; 5]; 5] = [
            [1.0, 0.0, 0.0, 0.0, 0.0],
            [1.0, 1.0, 0.0, 0.0, 0.0],
            [1.0, 2.0, 1.0, 0.0, 0.0],
            [1.0, 3.0, 3.0, 1.0, 0.0],
            [1.0, 4.0, 6.0, 4.0, 1.0],
        ];
        // Powers of how far the centre moves, along either axis.
        let [left, right] = [0, 1].map(|axis| {
            let far = self.mean[axis] - centre[axis];
            let mut powers = [1.0; 5];
            for n in 1..powers.len() {
                powers[n] = powers[n - 1] * far;
            }
            powers
        });
        let mut moved = [[0.0; POWERS[1] + 1]; POWERS[0] + 1];
        for (i, row) in moved.iter_mut().enumerate() {
            for (j, sum) in row.iter_mut().enumerate().take(POWERS[1] - i + 1) {
                for a in 0..=i {
                    for b in 0..=j {
                        *sum += BINOMIAL[i][a] * BINOMIAL[j][b] * left[i - a] * right[j - b] * self.sums[a][b];
                    }
                }
            }
        }
        moved
    }

    /// The mean of `(x − x̄)^i (y − ȳ)^j`.
    pub(super) fn central(&self, i: usize, j: usize) -> f64 {
        self.sums[i][j] / self.count as f64
    }

    pub(super) fn write(&self, numbers: &mut Vec<f64>) {
        numbers.push(self.count as f64);
        numbers.extend(self.mean);
        numbers.extend(self.sums.iter().flatten());
    }

    pub(super) fn read(numbers: &mut Numbers<'_>) -> Option<Joint> {
        let mut joint = Joint { count: numbers.count()? as u64, ..Joint::default() };
        joint.mean.copy_from_slice(numbers.take(2)?);
        for row in &mut joint.sums {
            row.copy_from_slice(numbers.take(POWERS[1] + 1)?);
        }
        Some(joint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Far from zero, skewed and correlated.
    fn pairs(n: usize) -> Vec<[f64; 2]> {
        let x = |s: usize| 1e3 + ((s * 37 % 101) as f64).sqrt();
        (0..n).map(|s| [x(s), 3.0 - 0.5 * (x(s) - 1e3) + (s % 7) as f64]).collect()
    }

    #[test]
    fn sets_that_are_merged_have_the_sums_of_the_whole() {
        let all = pairs(600);
        let whole = Joint::of(&all);
        let mut merged = Joint::of(&[]);
        for piece in [&all[..1], &all[1..250], &[], &all[250..]] {
            merged.merge(&Joint::of(piece));
        }
        assert_eq!(merged.count, 600);
        let mean = |axis: usize| all.iter().map(|pair| pair[axis]).sum::<f64>() / 600.0;
        for (i, j) in [(0, 2), (0, 3), (0, 4), (1, 1), (1, 2), (1, 3), (2, 0), (2, 1), (2, 2)] {
            let power = |pair: &[f64; 2]| (pair[0] - mean(0)).powi(i) * (pair[1] - mean(1)).powi(j);
            let want = all.iter().map(power).sum::<f64>() / 600.0;
            for joint in [&whole, &merged] {
                let got = joint.central(i as usize, j as usize);
                assert!((got - want).abs() < 1e-9 * (1.0 + want.abs()), "{i}, {j}: {got} is not {want}");
            }
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let (joint, mut numbers) = (Joint::of(&pairs(9)), Vec::new());
        joint.write(&mut numbers);
        assert_eq!(Joint::read(&mut Numbers::of(&numbers)), Some(joint));
        assert_eq!(Joint::read(&mut Numbers::of(&numbers[..5])), None);
    }
}
