//! Samples of each noise law at zero mean and unit variance, in single precision.

use super::REPLICAS_PER_BLOCK;
use super::normal::{Lanes, cosine, fill_normals, minus_twice_logarithm, polynomial, sign, turn};
use super::stream::{LANES, Stream, WORDS};
use crate::noise::NoiseLaw;
use bytemuck::cast;
use wide::{f32x4, i32x4, u32x4};

/// Up to this many whole degrees of freedom a χ² sample is a sum of squares; above, or for a fraction, it is found by rejection.
const SQUARES: f64 = 8.0;

/// Fills a buffer with independent samples of a law, at zero mean and unit variance; its length must be a multiple of
/// eight.
///
/// Only additions, multiplications, divisions, square roots and our own polynomials touch a sample, for fractions of χ²
/// degrees the `libm` crate too: the bits are the same on every platform.
///
/// # Panics
/// If the length is no multiple of eight.
///
/// ```
/// use noisy_descent::{noise::NoiseLaw, simulate::{Purpose, Stream, fill_samples}};
/// let mut samples = [0.0; 8];
/// fill_samples(NoiseLaw::Rademacher, &mut Stream::new(1, 0, 0, Purpose::Noise), &mut samples);
/// assert!(samples.iter().all(|x| x.abs() == 1.0));
/// ```
pub fn fill_samples(law: NoiseLaw, stream: &mut Stream, buffer: &mut [f32]) {
    assert!(buffer.len().is_multiple_of(WORDS), "the buffer holds {} samples, no multiple of 8", buffer.len());
    match law {
        NoiseLaw::Gaussian => fill_normals(stream, buffer),
        NoiseLaw::StudentT { degrees } => student_t(degrees, stream, buffer),
        NoiseLaw::ChiSquared { degrees } if degrees <= SQUARES && degrees.fract() == 0.0 => {
            sum_of_squares(degrees as usize, stream, buffer);
        }
        NoiseLaw::ChiSquared { degrees } => chi_squared(degrees, stream, buffer),
        NoiseLaw::Laplace => {
            // An exponential variable −ln u with a random sign has variance 2.
            let lanes = Lanes::load();
            let scale = f32x4::splat(std::f32::consts::FRAC_1_SQRT_2 / 2.0);
            by_word(stream, buffer, |word| (minus_twice_logarithm(word, &lanes) * scale) ^ sign(word, &lanes));
        }
        NoiseLaw::Uniform => {
            let (lanes, half_width) = (Lanes::load(), f32x4::splat(1.732_050_8));
            by_word(stream, buffer, |word| turn(word, &lanes) * half_width);
        }
        NoiseLaw::Rademacher => {
            let one: u32x4 = cast(f32x4::ONE);
            by_word(stream, buffer, |word| cast(one | ((word >> 31_u32) << 31_u32)));
        }
    }
}

/// A sample from each word.
#[inline(always)]
fn by_word(stream: &mut Stream, buffer: &mut [f32], sample: impl Fn(u32x4) -> f32x4) {
    let mut generator = *stream.generator();
    for eight in buffer.as_chunks_mut::<WORDS>().0 {
        *eight = cast(generator.next().map(&sample));
    }
    *stream.generator() = generator;
}

/// Bailey's polar method: `√(ν (u^{−2/ν} − 1)) cos θ`, scaled to unit variance.
fn student_t(degrees: f64, stream: &mut Stream, buffer: &mut [f32]) {
    let lanes = Lanes::load();
    // u^{−2/ν} = 2^{(−2 ln u)/(ν ln 2)}
    let per_degree = f32x4::splat((std::f64::consts::LOG2_E / degrees) as f32);
    let variance = f32x4::splat((degrees - 2.0) as f32);
    let mut generator = *stream.generator();
    for four in buffer.as_chunks_mut::<LANES>().0 {
        let [radius, angle] = generator.next();
        let power = exponential_less_one(minus_twice_logarithm(radius, &lanes) * per_degree);
        let sample = (power * variance).fast_max(f32x4::ZERO).sqrt() * cosine(turn(angle, &lanes), &lanes);
        *four = (sample ^ sign(radius, &lanes)).to_array();
    }
    *stream.generator() = generator;
}

/// `2^x − 1` for `0 ≤ x < 126`, to 2e-7 of `2^x`.
#[inline(always)]
fn exponential_less_one(x: f32x4) -> f32x4 {
    let x = x.fast_min(f32x4::splat(125.0));
    // x is not negative: adding a half and cutting rounds it.
    let whole = (x + f32x4::HALF).fast_trunc_int();
    let part = x - f32x4::from_i32x4(whole);
    let power: f32x4 = cast((whole + i32x4::splat(127)) << 23_i32);
    // 2^part − 1 = part · q(part), so nothing is lost where x is small.
    let less_one = polynomial(&EXPONENTIAL.map(f32x4::splat), part) * part;
    less_one * power + (power - f32x4::ONE)
}

/// `(2^f − 1)/f` for `|f| ≤ 1/2`, constant term first.
const EXPONENTIAL: [f32; 6] =
    [std::f32::consts::LN_2, 0.240_226_5, 0.055_503_57, 0.009_618_031, 0.001_339_086_7, 0.000_154_697_35];

/// `(Σ z² − d)/√(2d)` of `d` normal samples.
fn sum_of_squares(degrees: usize, stream: &mut Stream, buffer: &mut [f32]) {
    let scale = (0.5 / degrees as f64).sqrt() as f32;
    let mut normals = [0.0_f32; 8 * SQUARES as usize];
    let normals = &mut normals[..8 * degrees];
    for eight in buffer.chunks_exact_mut(8) {
        fill_normals(stream, normals);
        for (n, sample) in eight.iter_mut().enumerate() {
            let sum: f32 = normals.iter().skip(n).step_by(8).map(|z| z * z).sum();
            *sample = (sum - degrees as f32) * scale;
        }
    }
}

/// The same for any number of degrees: twice a gamma variable of shape `d/2`, by Marsaglia and Tsang's rejection. Normal samples that are left over are
/// forgotten after one sample for each replica of a block, so that it does not matter between which steps the work is cut.
fn chi_squared(degrees: f64, stream: &mut Stream, buffer: &mut [f32]) {
    // Below a shape of 1 the method takes the shape above and a power of a uniform number.
    let shape = 0.5 * degrees;
    let (raised, power) = if shape < 1.0 { (shape + 1.0, Some(1.0 / shape)) } else { (shape, None) };
    let d = raised - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    let mut normals = Normals { samples: [0.0; 8], next: 8 };
    for (n, sample) in buffer.iter_mut().enumerate() {
        if n % REPLICAS_PER_BLOCK == 0 {
            normals.next = 8;
        }
        let gamma = loop {
            let z = normals.take(stream);
            let v = 1.0 + c * z;
            if v <= 0.0 {
                continue;
            }
            let v = v * v * v;
            if libm::log(uniform(stream)) < 0.5 * z * z + d - d * v + d * libm::log(v) {
                break d * v;
            }
        };
        let boost = power.map_or(1.0, |power| libm::pow(uniform(stream), power));
        *sample = ((2.0 * gamma * boost - degrees) / (2.0 * degrees).sqrt()) as f32;
    }
}

/// Normal samples one at a time.
struct Normals {
    samples: [f32; 8],
    next: usize,
}

impl Normals {
    fn take(&mut self, stream: &mut Stream) -> f64 {
        if self.next == 8 {
            fill_normals(stream, &mut self.samples);
            self.next = 0;
        }
        self.next += 1;
        f64::from(self.samples[self.next - 1])
    }
}

/// A uniform number in (0, 1).
fn uniform(stream: &mut Stream) -> f64 {
    (f64::from(stream.next_word()) + 0.5) / 4_294_967_296.0
}

#[cfg(test)]
mod tests {
    use super::super::stream::Purpose;
    use super::*;

    const LAWS: [NoiseLaw; 10] = [
        NoiseLaw::Gaussian,
        NoiseLaw::StudentT { degrees: 2.5 },
        NoiseLaw::StudentT { degrees: 4.0 },
        NoiseLaw::StudentT { degrees: 30.0 },
        NoiseLaw::ChiSquared { degrees: 3.0 },
        NoiseLaw::ChiSquared { degrees: 0.7 },
        NoiseLaw::ChiSquared { degrees: 12.5 },
        NoiseLaw::Laplace,
        NoiseLaw::Uniform,
        NoiseLaw::Rademacher,
    ];

    /// Distribution function at unit variance, for the laws that have a simple one.
    fn distribution(law: NoiseLaw, x: f64) -> Option<f64> {
        let root = std::f64::consts::SQRT_2;
        match law {
            NoiseLaw::Gaussian => Some(0.5 * libm::erfc(-x / root)),
            NoiseLaw::StudentT { degrees: 4.0 } => {
                let t = x * root; // variance 2
                Some(0.5 + 0.375 * (t / (1.0 + t * t / 4.0).sqrt()) * (1.0 - t * t / (12.0 * (1.0 + t * t / 4.0))))
            }
            NoiseLaw::Laplace => {
                let half = 0.5 * libm::exp(-root * x.abs());
                Some(if x < 0.0 { half } else { 1.0 - half })
            }
            NoiseLaw::Uniform => Some(((x / 3.0_f64.sqrt() + 1.0) / 2.0).clamp(0.0, 1.0)),
            NoiseLaw::ChiSquared { degrees: 3.0 } => {
                let y = 3.0 + x * 6.0_f64.sqrt();
                let tail = libm::erfc((0.5 * y.max(0.0)).sqrt());
                let density = (2.0 * y.max(0.0) / std::f64::consts::PI).sqrt() * libm::exp(-0.5 * y.max(0.0));
                Some(1.0 - tail - density)
            }
            _ => None,
        }
    }

    #[test]
    fn moments_are_those_of_the_law() {
        const N: usize = 1 << 20;
        for law in LAWS {
            let mut samples = vec![0.0_f32; N];
            fill_samples(law, &mut Stream::new(2, 0, 0, Purpose::Noise), &mut samples);
            let mean_of = |power: i32| samples.iter().map(|&x| f64::from(x).powi(power)).sum::<f64>() / N as f64;
            let n = N as f64;
            let z = mean_of(1) * n.sqrt();
            assert!(z.abs() < 5.0, "{law:?}: mean, z = {z}");
            if let (Some(skewness), Some(excess)) = (law.skewness(), law.excess_kurtosis()) {
                // Errors from moments of twice the order; one rounding of a sample for the coin, which has none.
                let z = (mean_of(2) - 1.0) / ((excess + 2.0 + 1e-12) / n).sqrt();
                assert!(z.abs() < 5.0, "{law:?}: variance, z = {z}");
                let z = (mean_of(3) - skewness) / ((mean_of(6) - skewness * skewness) / n).sqrt();
                assert!(z.abs() < 5.0, "{law:?}: skewness, z = {z}");
                let z = (mean_of(4) - excess - 3.0) / ((mean_of(8) - (excess + 3.0).powi(2) + 1e-9) / n).sqrt();
                assert!(z.abs() < 5.0, "{law:?}: kurtosis, z = {z}");
            }
            let neighbours: f64 = samples.windows(2).map(|pair| f64::from(pair[0]) * f64::from(pair[1])).sum();
            assert!((neighbours / n.sqrt()).abs() < 5.0, "{law:?}: neighbours");
        }
    }

    #[test]
    fn distributions_are_those_of_the_law() {
        const N: usize = 1 << 20;
        for law in LAWS {
            if distribution(law, 0.0).is_none() {
                continue;
            }
            let mut samples = vec![0.0_f32; N];
            fill_samples(law, &mut Stream::new(3, 0, 0, Purpose::Noise), &mut samples);
            samples.sort_by(f32::total_cmp);
            let largest = samples.iter().enumerate().fold(0.0_f64, |largest, (n, &x)| {
                let want = distribution(law, f64::from(x)).unwrap_or(f64::NAN);
                largest.max((want - n as f64 / N as f64).abs()).max((want - (n + 1) as f64 / N as f64).abs())
            });
            // Kolmogorov and Smirnov: √n D exceeds 2.7 once in a million.
            assert!(largest * (N as f64).sqrt() < 2.7, "{law:?}: {}", largest * (N as f64).sqrt());
        }
    }

    #[test]
    fn a_cut_between_two_blocks_does_not_matter() {
        for law in LAWS {
            let mut at_once = [0.0_f32; 4 * REPLICAS_PER_BLOCK];
            let mut stream = Stream::new(5, 0, 0, Purpose::Noise);
            fill_samples(law, &mut stream, &mut at_once);
            let mut cut = [0.0_f32; 4 * REPLICAS_PER_BLOCK];
            let mut again = Stream::new(5, 0, 0, Purpose::Noise);
            let (first, rest) = cut.split_at_mut(REPLICAS_PER_BLOCK);
            fill_samples(law, &mut again, first);
            fill_samples(law, &mut again, rest);
            assert_eq!(at_once.map(f32::to_bits), cut.map(f32::to_bits), "{law:?}");
        }
    }

    #[test]
    fn end_points_are_finite() {
        let lanes = Lanes::load();
        for word in [0, 1, 2, u32::MAX, u32::MAX - 1, 1 << 31] {
            let exponent = minus_twice_logarithm(u32x4::splat(word), &lanes);
            for degrees in [2.0001_f32, 3.0, 1e6] {
                let power = exponential_less_one(exponent * f32x4::splat(std::f32::consts::LOG2_E / degrees));
                assert!(power.to_array()[0].is_finite() && power.to_array()[0] >= 0.0);
            }
        }
    }

    #[test]
    fn exponentials_are_what_they_approximate() {
        for n in 0..20_000 {
            let x = f64::from(n * n) * 1e-7;
            let (got, want) =
                (exponential_less_one(f32x4::splat(x as f32)).to_array()[0], libm::exp2(f64::from(x as f32)) - 1.0);
            assert!((f64::from(got) - want).abs() <= 3e-7 * want + 1e-9 * x, "2^{x} − 1: {got} for {want}");
        }
    }

    #[test]
    fn pinned_first_samples() {
        let found = LAWS.map(|law| {
            let mut buffer = [0.0; 8];
            fill_samples(law, &mut Stream::new(1, 0, 0, Purpose::Noise), &mut buffer);
            let bits = buffer.map(f32::to_bits);
            bits.iter().fold(0_u64, |sum, &bits| sum.wrapping_mul(0x100_0000_01b3) ^ u64::from(bits))
        });
        assert_eq!(found, PINNED, "of {LAWS:?}: a change of samples belongs into CHANGELOG.md");
    }

    /// Bits of the first eight samples of stream (1, 0, 0, noise) of each law, folded; the same natively and in wasm.
    const PINNED: [u64; 10] = [
        7_575_812_724_483_074_770,
        12_722_280_855_587_227_616,
        16_784_999_565_204_256_556,
        8_604_972_192_565_249_259,
        18_408_502_827_004_511_341,
        16_552_778_145_516_628_009,
        12_540_374_044_890_978_224,
        9_933_153_086_920_609_174,
        5_451_488_541_115_111_796,
        14_547_730_119_079_755_776,
    ];
}
