//! Moments of a vector, exact under merging, with the standard errors that they give.

use super::ensemble::DIVERGED;
use super::numbers::Numbers;

/// Count, mean and central sums of a vector: `Σ d_i d_j`, `Σ d_i² d_j` and `Σ d_i² d_j²` over deviations `d` from the mean, and of
/// each coordinate the powers up to the eighth, which the standard error of a kurtosis needs.
///
/// [`Moments::of`] makes those of one block in two passes; [`Moments::merge`] shifts both sides to the common mean, so no
/// digits are lost however many samples there are.
///
/// ```
/// use noisy_descent::simulate::Moments;
/// // Two coordinates of the samples (1, 2), (3, 6) and (5, 4).
/// let mut moments = Moments::of(&[1.0, 3.0, 5.0, 2.0, 6.0, 4.0], 2, 3, 3);
/// assert_eq!((moments.count, &moments.mean[..]), (3, &[3.0, 4.0][..]));
/// assert_eq!(moments.covariance(0, 0), 4.0); // (4 + 0 + 4)/(3 − 1)
/// assert_eq!(moments.covariance(0, 1), 2.0); // (4 + 0 + 0)/(3 − 1)
/// assert_eq!(moments.mean_error(0), (4.0_f64 / 3.0).sqrt());
/// // Of the products 4, 0 and 0 of deviations: mean 4/3, mean square 16/3.
/// assert!((moments.covariance_error(0, 1) - ((16.0 / 3.0 - 16.0 / 9.0) / 3.0_f64).sqrt()).abs() < 1e-15);
///
/// let mut other = Moments::empty(2);
/// other.merge(&Moments::of(&[-1.0, 0.0], 2, 1, 1));
/// moments.merge(&other);
/// assert_eq!((moments.count, &moments.mean[..]), (4, &[2.0, 3.0][..]));
/// assert_eq!(moments.covariance(0, 0), 20.0 / 3.0); // (1 + 1 + 9 + 9)/(4 − 1)
///
/// // 0 three times and 4: deviations −1, −1, −1 and 3, mean square 3, mean cube 6, mean fourth power 21.
/// let lopsided = Moments::of(&[0.0, 0.0, 0.0, 4.0], 1, 4, 4);
/// assert!((lopsided.skewness(0) - 6.0 / 3.0_f64.powf(1.5)).abs() < 1e-15);
/// assert!((lopsided.excess_kurtosis(0) - (21.0 / 9.0 - 3.0)).abs() < 1e-15);
/// assert!(lopsided.skewness_error(0) > 0.0 && lopsided.excess_kurtosis_error(0) > 0.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Moments {
    dimension: usize,
    /// Samples counted.
    pub count: u64,
    /// Samples left out because they had diverged.
    pub diverged: u64,
    /// Mean of each coordinate.
    pub mean: Vec<f64>,
    second: Vec<f64>,
    third: Vec<f64>,
    fourth: Vec<f64>,
    /// Of each coordinate `Σ d⁵` to `Σ d⁸`.
    higher: Vec<[f64; 4]>,
}

impl Moments {
    /// No sample yet.
    #[must_use]
    pub fn empty(dimension: usize) -> Moments {
        Moments {
            dimension,
            count: 0,
            diverged: 0,
            mean: vec![0.0; dimension],
            second: vec![0.0; dimension * dimension],
            third: vec![0.0; dimension * dimension],
            fourth: vec![0.0; dimension * dimension],
            higher: vec![[0.0; 4]; dimension],
        }
    }

    /// Moments of the first `counted` samples of a block laid out `[coordinate][sample]` with `stride` samples a coordinate.
    #[must_use]
    pub fn of(block: &[f64], dimension: usize, stride: usize, counted: usize) -> Moments {
        let mut moments = Moments::empty(dimension);
        let kept: Vec<usize> = (0..counted)
            .filter(|&sample| (0..dimension).all(|i| block[i * stride + sample].abs() <= DIVERGED))
            .collect();
        moments.diverged = (counted - kept.len()) as u64;
        moments.count = kept.len() as u64;
        if kept.is_empty() {
            return moments;
        }
        let (mut deviations, mut squares) = (Vec::new(), Vec::new());
        for (i, mean) in moments.mean.iter_mut().enumerate() {
            let mut own: Vec<f64> = kept.iter().map(|&sample| block[i * stride + sample]).collect();
            *mean = own.iter().sum::<f64>() / kept.len() as f64;
            own.iter_mut().for_each(|x| *x -= *mean);
            squares.push(own.iter().map(|d| d * d).collect::<Vec<f64>>());
            deviations.push(own);
        }
        for i in 0..dimension {
            let fourths: Vec<f64> = squares[i].iter().map(|square| square * square).collect();
            let odd: Vec<f64> = fourths.iter().zip(&deviations[i]).map(|(fourth, d)| fourth * d).collect();
            moments.higher[i] =
                [odd.iter().sum(), dot(&fourths, &squares[i]), dot(&odd, &squares[i]), dot(&fourths, &fourths)];
            for j in 0..dimension {
                let (place, mirrored) = (i * dimension + j, j * dimension + i);
                moments.third[place] = dot(&squares[i], &deviations[j]);
                if j >= i {
                    moments.second[place] = dot(&deviations[i], &deviations[j]);
                    moments.fourth[place] = dot(&squares[i], &squares[j]);
                    moments.second[mirrored] = moments.second[place];
                    moments.fourth[mirrored] = moments.fourth[place];
                }
            }
        }
        moments
    }

    /// Adds the samples of another set.
    pub fn merge(&mut self, other: &Moments) {
        self.diverged += other.diverged;
        if other.count == 0 {
            return;
        }
        let (n, m) = (self.count as f64, other.count as f64);
        let mean: Vec<f64> = self
            .mean
            .iter()
            .zip(&other.mean)
            .map(|(a, b)| if n == 0.0 { *b } else { a + (b - a) * (m / (n + m)) })
            .collect();
        let mut right = other.clone();
        self.shift_to(&mean);
        right.shift_to(&mean);
        self.count += other.count;
        for (sums, more) in
            [(&mut self.second, &right.second), (&mut self.third, &right.third), (&mut self.fourth, &right.fourth)]
        {
            for (sum, more) in sums.iter_mut().zip(more) {
                *sum += more;
            }
        }
        for (sum, more) in self.higher.iter_mut().flatten().zip(right.higher.iter().flatten()) {
            *sum += more;
        }
    }

    /// Central sums about another point, by the binomial theorem; the sums of first deviations vanish.
    fn shift_to(&mut self, mean: &[f64]) {
        let n = self.count as f64;
        let d: Vec<f64> = self.mean.iter().zip(mean).map(|(old, new)| old - new).collect();
        let at = |i: usize, j: usize| i * self.dimension + j;
        let old = self.clone();
        for i in 0..self.dimension {
            let sums = old.powers(i);
            let mut far = [1.0; 9];
            for power in 1..far.len() {
                far[power] = far[power - 1] * d[i];
            }
            for (extra, sum) in self.higher[i].iter_mut().enumerate() {
                let power = extra + 5;
                // Σ (d + x)ᵖ = Σ_k (p over k) x^{p−k} Σ dᵏ
                let (mut binomial, mut shifted) = (1.0, 0.0);
                for k in (0..=power).rev() {
                    shifted += binomial * far[power - k] * sums[k];
                    binomial *= k as f64 / (power - k + 1) as f64;
                }
                *sum = shifted;
            }
            for j in 0..self.dimension {
                let (x, y) = (d[i], d[j]);
                self.second[at(i, j)] += n * x * y;
                self.third[at(i, j)] += y * old.second[at(i, i)] + 2.0 * x * old.second[at(i, j)] + n * x * x * y;
                self.fourth[at(i, j)] += 2.0 * y * old.third[at(i, j)]
                    + y * y * old.second[at(i, i)]
                    + 2.0 * x * old.third[at(j, i)]
                    + 4.0 * x * y * old.second[at(i, j)]
                    + x * x * old.second[at(j, j)]
                    + n * x * x * y * y;
            }
        }
        self.mean.copy_from_slice(mean);
    }

    /// `Σ d⁰` to `Σ d⁸` of a coordinate.
    fn powers(&self, i: usize) -> [f64; 9] {
        let place = i * self.dimension + i;
        let [fifth, sixth, seventh, eighth] = self.higher[i];
        let (second, third, fourth) = (self.second[place], self.third[place], self.fourth[place]);
        [self.count as f64, 0.0, second, third, fourth, fifth, sixth, seventh, eighth]
    }

    /// Mean central powers 0 to 8 of a coordinate at unit variance; NaN where nothing varies.
    fn standardised(&self, i: usize) -> [f64; 9] {
        let sums = self.powers(i);
        let deviation = (sums[2] / sums[0]).sqrt();
        let mut scale = 1.0 / sums[0];
        sums.map(|sum| {
            let mean = sum * scale;
            scale /= deviation;
            mean
        })
    }

    /// Skewness of coordinate `i`: its third central moment at unit variance; NaN where nothing varies.
    #[must_use]
    pub fn skewness(&self, i: usize) -> f64 {
        self.standardised(i)[3]
    }

    /// Standard error of the skewness, from the moments up to the sixth: the spread of what each sample adds to it,
    /// `z³ − 3z − g − (3/2) g (z² − 1)` at the deviation `z` and the skewness `g`.
    #[must_use]
    pub fn skewness_error(&self, i: usize) -> f64 {
        let m = self.standardised(i);
        let g = m[3];
        spread(&[0.5 * g, -3.0, -1.5 * g, 1.0], &m, self.count)
    }

    /// Excess kurtosis of coordinate `i`: its fourth central moment at unit variance, less 3; NaN where nothing varies.
    #[must_use]
    pub fn excess_kurtosis(&self, i: usize) -> f64 {
        self.standardised(i)[4] - 3.0
    }

    /// Standard error of the excess kurtosis, from the moments up to the eighth: the spread of what each sample adds,
    /// `z⁴ − 4gz − κ − 2κ (z² − 1)` with `κ` the fourth moment. For a law without an eighth moment it means nothing.
    #[must_use]
    pub fn excess_kurtosis_error(&self, i: usize) -> f64 {
        let m = self.standardised(i);
        let (g, kurtosis) = (m[3], m[4]);
        spread(&[kurtosis, -4.0 * g, -2.0 * kurtosis, 0.0, 1.0], &m, self.count)
    }

    /// Unbiased covariance of coordinates `i` and `j`; NaN with fewer than two samples.
    #[must_use]
    pub fn covariance(&self, i: usize, j: usize) -> f64 {
        if self.count < 2 { f64::NAN } else { self.second[i * self.dimension + j] / (self.count as f64 - 1.0) }
    }

    /// Standard error of that covariance, from the fourth moments: no law is assumed.
    #[must_use]
    pub fn covariance_error(&self, i: usize, j: usize) -> f64 {
        if self.count < 2 {
            return f64::NAN;
        }
        let (n, place) = (self.count as f64, i * self.dimension + j);
        let product = self.second[place] / n;
        ((self.fourth[place] / n - product * product).max(0.0) / n).sqrt()
    }

    /// Standard error of the mean of coordinate `i`.
    #[must_use]
    pub fn mean_error(&self, i: usize) -> f64 {
        (self.covariance(i, i).max(0.0) / self.count as f64).sqrt()
    }

    /// Adds all of it to a row of numbers.
    pub(super) fn write(&self, numbers: &mut Vec<f64>) {
        numbers.extend([self.count as f64, self.diverged as f64]);
        for list in [&self.mean, &self.second, &self.third, &self.fourth] {
            numbers.extend(list);
        }
        numbers.extend(self.higher.iter().flatten());
    }

    /// Reads what was written; `None` if it is too short, or counts wrong.
    pub(super) fn read(dimension: usize, numbers: &mut Numbers<'_>) -> Option<Moments> {
        let (count, diverged) = (numbers.count()? as u64, numbers.count()? as u64);
        let square = dimension.checked_mul(dimension)?;
        Some(Moments {
            dimension,
            count,
            diverged,
            mean: numbers.take(dimension)?.to_vec(),
            second: numbers.take(square)?.to_vec(),
            third: numbers.take(square)?.to_vec(),
            fourth: numbers.take(square)?.to_vec(),
            higher: numbers.take(dimension.checked_mul(4)?)?.as_chunks().0.to_vec(),
        })
    }
}

/// Standard error of a mean of a polynomial that has the mean zero, from the mean powers of its argument.
fn spread(polynomial: &[f64], means: &[f64; 9], count: u64) -> f64 {
    let mut square = 0.0;
    for (p, a) in polynomial.iter().enumerate() {
        for (q, b) in polynomial.iter().enumerate() {
            square += a * b * means[p + q];
        }
    }
    if count < 2 { f64::NAN } else { (square.max(0.0) / count as f64).sqrt() }
}

/// `Σ a b`, in four sums that need not wait for each other.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    let mut sums = [0.0; 4];
    for (a, b) in a.iter().zip(b) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(n: usize) -> Vec<f64> {
        // Two coordinates, correlated, skewed and far from zero.
        let x: Vec<f64> = (0..n).map(|s| 1e6 + ((s * 37 % 101) as f64).sqrt()).collect();
        let y: Vec<f64> = (0..n).map(|s| 3.0 - 0.5 * (x[s] - 1e6) + (s % 7) as f64).collect();
        [x, y].concat()
    }

    fn slice(all: &[f64], n: usize, from: usize, to: usize) -> Vec<f64> {
        [&all[from..to], &all[n + from..n + to]].concat()
    }

    #[test]
    fn merged_parts_are_the_whole() {
        let n = 500;
        let all = samples(n);
        let whole = Moments::of(&all, 2, n, n);
        let mut merged = Moments::empty(2);
        for (from, to) in [(0, 3), (3, 120), (120, 121), (121, 500)] {
            let part = slice(&all, n, from, to);
            merged.merge(&Moments::of(&part, 2, to - from, to - from));
        }
        assert_eq!(merged.count, whole.count);
        for (a, b) in [
            (&merged.mean, &whole.mean),
            (&merged.second, &whole.second),
            (&merged.third, &whole.third),
            (&merged.fourth, &whole.fourth),
        ] {
            let scale = b.iter().fold(0.0_f64, |s, x| s.max(x.abs()));
            for (x, y) in a.iter().zip(b) {
                // 1e6 off the origin: deviations of order one keep ten digits.
                assert!((x - y).abs() < 1e-9 * scale, "{x} {y}");
            }
        }
        for (merged, whole) in merged.higher.iter().flatten().zip(whole.higher.iter().flatten()) {
            assert!((merged / whole - 1.0).abs() < 1e-8, "{merged} {whole}");
        }
    }

    /// The set repeated until there are more than 10⁹ samples, a million off the origin: in blocks, one after the other into what is there, and by
    /// doubling. The moments stay those of the set: the count divides out.
    #[test]
    fn moments_stay_exact_beyond_a_billion_samples() {
        let (n, sizes) = (1000, [(0, 170), (170, 390), (390, 640), (640, 1000)]);
        let all = samples(n);
        let once = Moments::of(&all, 2, n, n);
        let blocks = sizes.map(|(from, to)| Moments::of(&slice(&all, n, from, to), 2, to - from, to - from));
        // Blocks of four sizes and means, each standing for 1024 of itself, so that 4096 merges do.
        let heavy = blocks.clone().map(|block| doubled(block, 10));
        let mut in_order = Moments::empty(2);
        for merge in 0..1 << 12 {
            in_order.merge(&heavy[merge % 4]);
        }
        assert_eq!(in_order.count, (n as u64) << 20);
        let mut whole = Moments::empty(2);
        blocks.iter().for_each(|block| whole.merge(block));
        for many in [in_order, doubled(whole, 20)] {
            assert!(many.count > 1_000_000_000);
            for i in 0..2 {
                // A hundredth of the standard error of so many samples, which is 1e-4 or so here.
                assert!(
                    (many.mean[i] - once.mean[i]).abs() < 0.01 * many.mean_error(i),
                    "{:?} {:?}",
                    many.mean,
                    once.mean
                );
                let exact = once.standardised(i);
                for (power, (got, want)) in many.standardised(i).into_iter().zip(exact).enumerate().skip(3) {
                    let size = exact[2 * power.div_ceil(2)];
                    assert!((got - want).abs() < 1e-8 * size, "power {power} of {i}: {got} for {want}");
                }
                for j in 0..2 {
                    let unbiased = (n as f64 - 1.0) / n as f64 * many.count as f64 / (many.count as f64 - 1.0);
                    let want = once.covariance(i, j) * unbiased;
                    assert!((many.covariance(i, j) / want - 1.0).abs() < 1e-9, "{} {want}", many.covariance(i, j));
                    let error = once.covariance_error(i, j) * (n as f64 / many.count as f64).sqrt();
                    assert!((many.covariance_error(i, j) / error - 1.0).abs() < 1e-8);
                }
            }
        }
    }

    /// A set merged with itself again and again.
    fn doubled(mut set: Moments, times: u32) -> Moments {
        for _ in 0..times {
            let copy = set.clone();
            set.merge(&copy);
        }
        set
    }

    /// Alternating ±1 about a million, of which the mean has a standard error of 1/√n.
    #[test]
    fn covariance_and_error_of_a_small_set() {
        let moments = Moments::of(&[1.0, 2.0, 3.0, 6.0], 1, 4, 4); // mean 3, deviations -2, -1, 0, 3
        assert_eq!(moments.covariance(0, 0), 14.0 / 3.0);
        assert!((moments.covariance_error(0, 0) - ((98.0 / 4.0 - 12.25_f64) / 4.0).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn diverged_samples_are_counted_and_left_out() {
        let moments = Moments::of(&[1.0, f64::NAN, 3.0, 1e80, f64::NEG_INFINITY, 9.0], 1, 6, 5);
        assert_eq!((moments.count, moments.diverged, moments.mean[0]), (2, 3, 2.0));
    }
}
