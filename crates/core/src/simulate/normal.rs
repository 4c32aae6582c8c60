//! Normal samples in single precision, by Box and Muller's transform with polynomials.
//!
//! The samples reach 6.6 standard deviations and use only operations whose results every platform agrees on. The polynomials are
//! as short as statistics allows: a sample is off by a few parts in a million at most, now up, now down; integrated over the
//! uniform numbers the variance is right to 3e-7 and the fourth moment to 3e-6. To see that takes 10¹³ samples.

use super::stream::{Generator, LANES, Stream, WORDS};
use bytemuck::cast;
use std::hint::black_box;
use wide::{f32x4, i32x4, u32x4};

/// Coefficients of the polynomials, constant term first. Each is the best in the largest error, found by exchange
/// in double precision.
///
/// They are read from memory through [`Coefficients::load`]: engines of WebAssembly that make a vector constant anew
/// at each use run a loop with constants a tenth slower.
struct Coefficients {
    /// `−2 ln(1 + f)/f` for `√½ ≤ 1 + f < √2`, to 3e-6 in the logarithm.
    logarithm: [f32; 6],
    /// `sin(πt/2)/t` in `t²` for `|t| ≤ 1`, to 6e-7 in the sine.
    sine: [f32; 4],
    /// `cos(πt/2)` in `t²` for `|t| ≤ 1`, to 7e-6.
    cosine: [f32; 4],
    /// `2 ln 2` for an octave, which is one in an exponent's place; and what makes a word a number in `[−1, 1]`.
    per_octave: f32,
    per_word: f32,
    one: f32,
    /// The bits of `√½`, where a mantissa begins; the same with the exponent raised by 31; the bits of a mantissa; all bits but the highest;
    /// the lowest bit.
    root_half: u32,
    raised: u32,
    mantissa: u32,
    magnitude: u32,
    lowest: u32,
}

static COEFFICIENTS: Coefficients = Coefficients {
    logarithm: [-2.000_024_8, 0.999_706_54, -0.664_539_8, 0.509_365_17, -0.446_442_04, 0.286_578_76],
    sine: [1.570_791, -0.645_892_9, 0.079_434_5, -0.004_333_18],
    cosine: [0.999_993_3, -1.233_484_5, 0.252_580_24, -0.019_095_736],
    per_octave: 2.0 * std::f32::consts::LN_2 / 8_388_608.0,
    per_word: 1.0 / 2_147_483_648.0,
    one: 1.0,
    root_half: 0x3f35_04f3,
    raised: 0x3f35_04f3 + (31 << 23),
    mantissa: 0x007f_ffff,
    magnitude: 0x7fff_ffff,
    lowest: 1,
};

/// The coefficients in every lane.
pub(super) struct Lanes {
    logarithm: [f32x4; 6],
    sine: [f32x4; 4],
    cosine: [f32x4; 4],
    per_octave: f32x4,
    per_word: f32x4,
    one: f32x4,
    root_half: i32x4,
    raised: i32x4,
    mantissa: i32x4,
    magnitude: u32x4,
    lowest: u32x4,
}

impl Lanes {
    #[inline(always)]
    pub(super) fn load() -> Lanes {
        let all = black_box(&COEFFICIENTS);
        Lanes {
            logarithm: all.logarithm.map(f32x4::splat),
            sine: all.sine.map(f32x4::splat),
            cosine: all.cosine.map(f32x4::splat),
            per_octave: f32x4::splat(all.per_octave),
            per_word: f32x4::splat(all.per_word),
            one: f32x4::splat(all.one),
            root_half: i32x4::splat(all.root_half as i32),
            raised: i32x4::splat(all.raised as i32),
            mantissa: i32x4::splat(all.mantissa as i32),
            magnitude: u32x4::splat(all.magnitude),
            lowest: u32x4::splat(all.lowest),
        }
    }
}

/// Fills a buffer with independent standard normal samples; its length must be a multiple of eight, the number of samples
/// that one draw of the stream makes.
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
    assert!(buffer.len().is_multiple_of(WORDS), "the buffer holds {} samples, no multiple of 8", buffer.len());
    // Pass after pass over a part that the processor's nearest cache holds. A pass needs few constants, which stay in registers, and
    // its chains of operations are short, so that many of them are under way at once; all in one pass is a fifth slower.
    for part in bytemuck::cast_slice_mut::<f32, Pair>(buffer).chunks_mut(PART) {
        fill_words(stream.generator(), part);
        square_radii(part);
        turns(part);
    }
}

/// Two vectors of samples, first as the words that they are made from: that of the radius, that of the angle.
type Pair = [[f32; LANES]; 2];

/// Pairs of a part: four kilobytes.
const PART: usize = 128;

/// Random words in the place of samples. This and the other passes are functions of their own because an engine of WebAssembly keeps
/// what a short function works on in registers.
#[inline(never)]
fn fill_words(generator: &mut Generator, pairs: &mut [Pair]) {
    let mut words = *generator;
    for pair in pairs {
        *pair = cast(words.next());
    }
    *generator = words;
}

/// The first pass: squares of the radii, `−2 ln u` for their words, each with a sign, the bit that is left over.
#[inline(never)]
fn square_radii(pairs: &mut [Pair]) {
    let lanes = Lanes::load();
    for [radius, _] in pairs {
        let word = cast(*radius);
        *radius = (minus_twice_logarithm(word, &lanes) ^ sign(word, &lanes)).to_array();
    }
}

/// The second pass: a sample along each axis. An angle between -π/2 and π/2 and a radius with a sign make a whole turn.
#[inline(never)]
fn turns(pairs: &mut [Pair]) {
    let lanes = Lanes::load();
    for [x, y] in pairs {
        let square = f32x4::new(*x);
        let sign = sign(cast(square), &lanes);
        let r = (square ^ sign).sqrt() ^ sign;
        let (sine, cosine) = sine_cosine(turn(cast(*y), &lanes), &lanes);
        *x = (r * cosine).to_array();
        *y = (r * sine).to_array();
    }
}

/// A word as a number in `[−1, 1]`, uniform.
#[inline(always)]
pub(super) fn turn(word: u32x4, lanes: &Lanes) -> f32x4 {
    f32x4::from_i32x4(cast::<u32x4, i32x4>(word)) * lanes.per_word
}

/// The sign bit of a word as a sign.
#[inline(always)]
pub(super) fn sign(word: u32x4, lanes: &Lanes) -> f32x4 {
    cast(word & !lanes.magnitude)
}

/// `−2 ln u` with the uniform number `u` that the lower 31 bits of a word are: an odd integer over 2³¹, never 0, and 1
/// only by rounding; at least 0.
#[inline(always)]
pub(super) fn minus_twice_logarithm(word: u32x4, lanes: &Lanes) -> f32x4 {
    let integer: i32x4 = cast((word & lanes.magnitude) | lanes.lowest);
    // Counted from √½, so that whole octaves lie between √½ and √2 and numbers next to 1 in one octave.
    let bits = cast::<f32x4, i32x4>(f32x4::from_i32x4(integer)) - lanes.raised;
    let part = bits & lanes.mantissa;
    let f = cast::<i32x4, f32x4>(part + lanes.root_half) - lanes.one;
    polynomial(&lanes.logarithm, f) * f - f32x4::from_i32x4(bits - part) * lanes.per_octave
}

/// Sine and cosine of `πt/2` for `|t| ≤ 1`.
#[inline(always)]
fn sine_cosine(t: f32x4, lanes: &Lanes) -> (f32x4, f32x4) {
    let square = t * t;
    (polynomial(&lanes.sine, square) * t, polynomial(&lanes.cosine, square))
}

/// `cos(πt/2)` for `|t| ≤ 1`.
#[inline(always)]
pub(super) fn cosine(t: f32x4, lanes: &Lanes) -> f32x4 {
    polynomial(&lanes.cosine, t * t)
}

/// A polynomial of odd degree, constant term first, without fused operations. Two terms at a time, and these by Horner's rule in the
/// square: half as many operations wait for each other.
#[inline(always)]
pub(super) fn polynomial<const N: usize>(coefficients: &[f32x4; N], x: f32x4) -> f32x4 {
    let square = x * x;
    let two = |n: usize| coefficients[n] + coefficients[n + 1] * x;
    let mut sum = two(N - 2);
    for n in (0..N - 2).step_by(2).rev() {
        sum = two(n) + sum * square;
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
            let uniform = f64::from((word & 0x7fff_ffff) | 1) / 2_147_483_648.0;
            let (got, want) = (first(minus_twice_logarithm(u32x4::splat(word), &lanes)), -2.0 * libm::log(uniform));
            // The polynomial to 3.1e-6, and the rounding of its sum in single precision.
            assert!((got - want).abs() <= 3.5e-6 + 2e-7 * want, "−2 ln {uniform}: {got} for {want}");
            let t = first(turn(u32x4::splat(word), &lanes));
            let (sine, cosine) = sine_cosine(f32x4::splat(t as f32), &lanes);
            assert!((first(sine) - libm::sin(std::f64::consts::FRAC_PI_2 * t)).abs() < 8e-7);
            assert!((first(cosine) - libm::cos(std::f64::consts::FRAC_PI_2 * t)).abs() < 7e-6);
        }
    }

    #[test]
    fn end_points_are_finite() {
        let pair = |radius: u32, angle: u32| {
            let mut pairs: [Pair; 1] = [[cast(u32x4::splat(radius)), cast(u32x4::splat(angle))]];
            square_radii(&mut pairs);
            turns(&mut pairs);
            (pairs[0][0][0], pairs[0][1][0])
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
        [1048272415, 1053669151, 3199191725, 3210387950, 1073392399, 1059510107, 3209562317, 1067142108];

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
