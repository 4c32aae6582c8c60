//! Normal samples in single precision, by Box and Muller's transform with polynomials.
//!
//! The samples are exact to a few units of the last place of an `f32`, reach 6.6 standard deviations, and use only
//! operations whose results every platform agrees on. Single precision in the *noise* costs nothing: the error of one
//! sample, 1e-7 of its size, is as random as the sample and enters the variance of the weights at 1e-7.

use super::stream::{LANES, Stream};
use bytemuck::cast;
use std::hint::black_box;
use wide::{f32x4, i32x4, u32x4};

/// Coefficients of the polynomials, constant term first. Each is the best in the largest error, found by exchange
/// in double precision.
///
/// They are read from memory through [`Coefficients::load`]: engines of WebAssembly that make a vector constant anew
/// at each use run a loop with constants a tenth slower.
struct Coefficients {
    /// `−2 ln(1 + f)` for `0 ≤ f ≤ 1`, to 4e-7.
    logarithm: [f32; 8],
    /// `sin(πt/2)/t` in `t²` for `|t| ≤ 1`, to 6e-7 in the sine.
    sine: [f32; 4],
    /// `cos(πt/2)` in `t²` for `|t| ≤ 1`, to 5e-8.
    cosine: [f32; 5],
}

static COEFFICIENTS: Coefficients = Coefficients {
    logarithm: [
        -3.844_073_8e-7,
        -1.999_946_2,
        0.998_76,
        -0.655_575_7,
        0.449_511_32,
        -0.266_292_54,
        0.108_217,
        -0.020_968_176,
    ],
    sine: [1.570_791, -0.645_892_9, 0.079_434_5, -0.004_333_18],
    cosine: [0.999_999_94, -1.233_698_2, 0.253_650_75, -0.020_810_628, 0.000_858_190_64],
};

/// The coefficients in every lane.
pub(super) struct Lanes {
    logarithm: [f32x4; 8],
    sine: [f32x4; 4],
    cosine: [f32x4; 5],
}

impl Lanes {
    #[inline(always)]
    pub(super) fn load() -> Lanes {
        let Coefficients { logarithm, sine, cosine } = black_box(&COEFFICIENTS);
        Lanes { logarithm: logarithm.map(f32x4::splat), sine: sine.map(f32x4::splat), cosine: cosine.map(f32x4::splat) }
    }
}

/// Fills a buffer with independent standard normal samples; its length must be a multiple of eight, the number of samples
/// that two draws of the stream make.
///
/// # Panics
/// If the length is no multiple of eight.
///
/// ```
/// use noisy_descent::simulate::{Purpose, Stream, fill_normals};
/// let mut samples = [0.0; 4096];
/// fill_normals(&mut Stream::new(1, 0, 0, Purpose::Noise), &mut samples);
/// let mean_square = samples.iter().map(|x| x * x).sum::<f32>() / 4096.0;
/// assert!((mean_square - 1.0).abs() < 5.0 * (2.0_f32 / 4096.0).sqrt()); // 1 within five standard errors
/// ```
pub fn fill_normals(stream: &mut Stream, buffer: &mut [f32]) {
    assert!(buffer.len().is_multiple_of(2 * LANES), "the buffer holds {} samples, no multiple of 8", buffer.len());
    let lanes = Lanes::load();
    let mut generator = *stream.generator();
    for eight in buffer.chunks_exact_mut(2 * LANES) {
        let (x, y) = pair(generator.next(), generator.next(), &lanes);
        eight[..LANES].copy_from_slice(&x.to_array());
        eight[LANES..].copy_from_slice(&y.to_array());
    }
    *stream.generator() = generator;
}

/// Two vectors of independent normal samples from two vectors of words.
#[inline(always)]
fn pair(radius: u32x4, angle: u32x4, lanes: &Lanes) -> (f32x4, f32x4) {
    let r = minus_twice_logarithm(radius, lanes).sqrt();
    // An angle between -π/2 and π/2: the sine takes every value, the cosine needs a sign, a bit that the radius left over.
    let (sine, cosine) = sine_cosine(turn(angle), lanes);
    let sign: f32x4 = cast(radius << 31_u32);
    ((r * cosine) ^ sign, r * sine)
}

/// A word as a number in `[−1, 1]`, uniform.
#[inline(always)]
pub(super) fn turn(word: u32x4) -> f32x4 {
    f32x4::from_i32x4(cast::<u32x4, i32x4>(word)) * f32x4::splat(1.0 / 2_147_483_648.0)
}

/// `−2 ln u` with the uniform number `u` that the upper 31 bits of a word are: an odd integer over 2³¹, never 0, and 1
/// only by rounding; at least 0.
#[inline(always)]
pub(super) fn minus_twice_logarithm(word: u32x4, lanes: &Lanes) -> f32x4 {
    let integer: i32x4 = cast((word >> 1_u32) | u32x4::ONE);
    let bits: i32x4 = cast(f32x4::from_i32x4(integer));
    // 31 + 127: the power of two and the bias of an exponent.
    let exponent = f32x4::from_i32x4((bits - i32x4::splat(158 << 23)) >> 23_i32);
    let mantissa: f32x4 = cast((bits & i32x4::splat(0x007f_ffff)) | i32x4::splat(0x3f80_0000));
    let f = mantissa - f32x4::ONE;
    let polynomial = horner(&lanes.logarithm, f);
    (polynomial - exponent * f32x4::splat(2.0 * std::f32::consts::LN_2)).fast_max(f32x4::ZERO)
}

/// Sine and cosine of `πt/2` for `|t| ≤ 1`.
#[inline(always)]
fn sine_cosine(t: f32x4, lanes: &Lanes) -> (f32x4, f32x4) {
    let square = t * t;
    (horner(&lanes.sine, square) * t, horner(&lanes.cosine, square))
}

/// `cos(πt/2)` for `|t| ≤ 1`.
#[inline(always)]
pub(super) fn cosine(t: f32x4, lanes: &Lanes) -> f32x4 {
    horner(&lanes.cosine, t * t)
}

/// A polynomial, constant term first, without fused operations.
#[inline(always)]
pub(super) fn horner<const N: usize>(coefficients: &[f32x4; N], x: f32x4) -> f32x4 {
    let mut sum = coefficients[N - 1];
    for n in (0..N - 1).rev() {
        sum = sum * x + coefficients[n];
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::stream::Purpose;
    use super::*;

    #[test]
    fn polynomials_are_what_they_approximate() {
        let lanes = Lanes::load();
        let first = |vector: f32x4| f64::from(vector.to_array()[0]);
        for n in 0..=20_000_u32 {
            let word = n * (u32::MAX / 20_000);
            let uniform = f64::from((word >> 1) | 1) / 2_147_483_648.0;
            let (got, want) = (first(minus_twice_logarithm(u32x4::splat(word), &lanes)), -2.0 * libm::log(uniform));
            // The polynomial to 4e-7, and the rounding of its sum in single precision.
            assert!((got - want).abs() <= 8e-7 + 2e-7 * want, "−2 ln {uniform}: {got} for {want}");
            let t = first(turn(u32x4::splat(word)));
            let (sine, cosine) = sine_cosine(f32x4::splat(t as f32), &lanes);
            assert!((first(sine) - libm::sin(std::f64::consts::FRAC_PI_2 * t)).abs() < 8e-7);
            assert!((first(cosine) - libm::cos(std::f64::consts::FRAC_PI_2 * t)).abs() < 3e-7);
        }
    }

    #[test]
    fn end_points_are_finite() {
        let lanes = Lanes::load();
        let pair = |radius: u32, angle: u32| {
            let (x, y) = pair(u32x4::splat(radius), u32x4::splat(angle), &lanes);
            (x.to_array()[0], y.to_array()[0])
        };
        for radius in [0, 1, 2, 3, u32::MAX - 1, u32::MAX, 1 << 31, (1 << 31) - 1] {
            for angle in [0, 1, u32::MAX, 1 << 30, 1 << 31, 3 << 30, (1 << 30) - 1, (1 << 29), (1 << 31) - 1] {
                let (x, y) = pair(radius, angle);
                assert!(x.is_finite() && y.is_finite(), "{radius} {angle}: {x} {y}");
                assert!(x.hypot(y) < 6.57);
            }
        }
        let largest = pair(0, 0);
        assert!(largest.0.hypot(largest.1) > 6.55, "the smallest uniform is 2⁻³¹, √(2 · 31 ln 2) = 6.556");
        assert_eq!(pair(u32::MAX, 0), (-0.0, 0.0), "a uniform of 1 is no radius");
    }

    #[test]
    fn pinned_first_samples() {
        let mut buffer = [0.0; 8];
        fill_normals(&mut Stream::new(1, 0, 0, Purpose::Noise), &mut buffer);
        assert_eq!(buffer.map(f32::to_bits), PINNED, "a change of samples belongs into CHANGELOG.md: {buffer:?}");
    }

    /// Bits of the first samples of stream (1, 0, 0, noise), the same natively and in wasm.
    const PINNED: [u32; 8] =
        [1034532175, 1062876238, 1043189341, 1065922897, 3188113674, 3192157981, 1070790490, 1062603367];

    #[test]
    fn moments_and_tails_are_normal() {
        const N: usize = 1 << 22;
        let mut buffer = vec![0.0_f32; 1 << 12];
        let mut power = [0.0_f64; 4];
        let mut beyond = [0_u32; 5];
        let mut neighbours = 0.0;
        for block in 0..(N >> 12) as u32 {
            fill_normals(&mut Stream::new(5, 0, block, Purpose::Noise), &mut buffer);
            for pair in buffer.windows(2) {
                neighbours += f64::from(pair[0]) * f64::from(pair[1]);
            }
            for &x in &buffer {
                let x = f64::from(x);
                for (n, sum) in power.iter_mut().enumerate() {
                    *sum += x.powi(n as i32 + 1);
                }
                for (sigma, count) in beyond.iter_mut().enumerate() {
                    *count += u32::from(x.abs() > sigma as f64 + 1.0);
                }
            }
        }
        // Each statistic within 5 standard errors: false alarm 6e-7 each, and the seed is fixed.
        let n = N as f64;
        for (sum, mean, variance) in
            [(power[0], 0.0, 1.0), (power[1], 1.0, 2.0), (power[2], 0.0, 15.0), (power[3], 3.0, 96.0)]
        {
            let z = (sum / n - mean) / f64::sqrt(variance / n);
            assert!(z.abs() < 5.0, "{z}");
        }
        assert!((neighbours / n.sqrt()).abs() < 5.0);
        for (sigma, &count) in beyond.iter().enumerate() {
            let p = libm::erfc((sigma as f64 + 1.0) / std::f64::consts::SQRT_2);
            let z = (f64::from(count) - n * p) / (n * p * (1.0 - p)).sqrt();
            assert!(z.abs() < 5.0, "beyond {} sigma: {count}, z = {z}", sigma + 1);
        }
    }
}
