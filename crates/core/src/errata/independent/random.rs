//! A few random numbers from a fixed seed, and what an average of them is worth.

use std::f64::consts::PI;

/// `SplitMix64`.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Even in `(0, 1)`.
    fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Even among the whole numbers below `n`; the bias of `n/2⁶⁴` is none.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// Two independent normal numbers of variance one (Box and Muller).
    pub(crate) fn normal_pair(&mut self) -> (f64, f64) {
        let (radius, angle) = ((-2.0 * libm::log(self.uniform())).sqrt(), 2.0 * PI * self.uniform());
        (radius * libm::cos(angle), radius * libm::sin(angle))
    }
}

/// An average with its standard error.
#[derive(Default)]
pub(crate) struct Average {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Average {
    pub(crate) fn add(&mut self, value: f64) {
        self.count += 1.0;
        self.sum += value;
        self.squares += value * value;
    }

    pub(crate) fn mean(&self) -> f64 {
        self.sum / self.count
    }

    pub(crate) fn standard_error(&self) -> f64 {
        let variance = (self.squares / self.count - self.mean() * self.mean()).max(0.0);
        (variance / (self.count - 1.0)).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_numbers_have_variance_one_and_kurtosis_three() {
        let (mut random, mut second, mut fourth) = (Random::new(3), Average::default(), Average::default());
        for _ in 0..50_000 {
            let (a, b) = random.normal_pair();
            for x in [a, b] {
                second.add(x * x);
                fourth.add(x * x * x * x);
            }
        }
        // Four standard errors at a fixed seed.
        assert!((second.mean() - 1.0).abs() < 4.0 * second.standard_error());
        assert!((fourth.mean() - 3.0).abs() < 4.0 * fourth.standard_error());
        assert!((second.standard_error() / (2.0_f64 / 1e5).sqrt() - 1.0).abs() < 0.05);
    }
}
