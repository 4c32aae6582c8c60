//! Mean and spread of a number, exact under merging.

use super::numbers::Numbers;

/// Count, mean and central sum of squares of a number, mergeable.
///
/// ```
/// use noisy_descent::simulate::Scalar;
/// let (mut left, mut right) = (Scalar::default(), Scalar::default());
/// left.push(1.0);
/// left.push(3.0);
/// right.push(5.0);
/// left.merge(&right);
/// assert_eq!((left.count, left.mean), (3, 3.0));
/// assert!((left.error() - (4.0_f64 / 3.0).sqrt()).abs() < 1e-15); // variance (4 + 0 + 4)/2 over 3 samples
/// assert!(right.error().is_nan()); // one sample has no spread
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scalar {
    /// Samples counted.
    pub count: u64,
    /// Their mean.
    pub mean: f64,
    squares: f64,
}

impl Scalar {
    /// Of some samples, in two passes.
    ///
    /// ```
    /// use noisy_descent::simulate::Scalar;
    /// let set = Scalar::of(&[1.0, 3.0, 8.0]);
    /// assert_eq!((set.count, set.mean), (3, 4.0));
    /// assert!((set.error() - (26.0_f64 / 2.0 / 3.0).sqrt()).abs() < 1e-15); // (9 + 1 + 16)/2 over 3 samples
    /// assert_eq!(Scalar::of(&[]), Scalar::default());
    /// ```
    #[must_use]
    pub fn of(samples: &[f64]) -> Scalar {
        if samples.is_empty() {
            return Scalar::default();
        }
        let mean = sum(samples, |x| x) / samples.len() as f64;
        let squares = sum(samples, |x| (x - mean) * (x - mean));
        Scalar { count: samples.len() as u64, mean, squares }
    }

    /// Adds one sample (Welford's recursion).
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        let deviation = value - self.mean;
        self.mean += deviation / self.count as f64;
        self.squares += deviation * (value - self.mean);
    }

    /// Adds the samples of another set.
    pub fn merge(&mut self, other: &Scalar) {
        if other.count == 0 {
            return;
        }
        let (n, m) = (self.count as f64, other.count as f64);
        let difference = other.mean - self.mean;
        self.mean += difference * (m / (n + m));
        self.squares += other.squares + difference * difference * (n * m / (n + m));
        self.count += other.count;
    }

    /// Standard error of the mean; NaN with fewer than two samples.
    #[must_use]
    pub fn error(&self) -> f64 {
        let n = self.count as f64;
        (self.squares / (n - 1.0) / n).sqrt()
    }

    /// Adds all of it to a row of numbers.
    pub(super) fn write(&self, numbers: &mut Vec<f64>) {
        numbers.extend([self.count as f64, self.mean, self.squares]);
    }

    /// Reads what was written.
    pub(super) fn read(numbers: &mut Numbers<'_>) -> Option<Scalar> {
        Some(Scalar { count: numbers.count()? as u64, mean: numbers.next()?, squares: numbers.next()? })
    }
}

/// A sum over samples, in four sums that need not wait for each other.
fn sum(samples: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    let (fours, rest) = samples.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for four in fours {
        for (sum, x) in sums.iter_mut().zip(four) {
            *sum += of(*x);
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest.iter().map(|x| of(*x)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scalar_stays_exact_beyond_a_billion_samples() {
        let mut set = Scalar::default();
        for sample in 0..1000 {
            set.push(1e6 + if sample % 2 == 0 { 1.0 } else { -1.0 });
        }
        for _ in 0..20 {
            let copy = set;
            set.merge(&copy);
        }
        let n = set.count as f64;
        assert!(n > 1e9);
        assert!((set.mean - 1e6).abs() < 0.01 * set.error(), "{}", set.mean);
        assert!((set.error() * (n - 1.0).sqrt() - 1.0).abs() < 1e-9, "{}", set.error() * n.sqrt());
    }

    #[test]
    fn scalars_merge() {
        let (mut a, mut b, mut all) = (Scalar::default(), Scalar::default(), Scalar::default());
        for (n, value) in [4.0, 7.0, -1.0, 2.5, 9.0].into_iter().enumerate() {
            if n < 2 {
                a.push(value);
            } else {
                b.push(value);
            }
            all.push(value);
        }
        a.merge(&b);
        assert!((a.mean - all.mean).abs() < 1e-15 && (a.error() - all.error()).abs() < 1e-15);
    }
}
