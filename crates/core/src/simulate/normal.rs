//! Normal samples in single precision, by Box and Muller's transform with polynomials.
//!
//! The samples are exact to a few units of the last place of an `f32`, reach 6.6 standard deviations, and use only
//! operations whose results every platform agrees on. Single precision in the *noise* costs nothing: the error of one
//! sample, 1e-7 of its size, is as random as the sample and enters the variance of the weights at 1e-7.

use super::stream::{LANES, Stream};

/// Fills a buffer with independent standard normal samples; its length must be a multiple of eight, the number of samples
/// that two draws of the stream make.
///
/// # Panics
/// If the length is no multiple of eight.
pub fn fill_normals(stream: &mut Stream, buffer: &mut [f32]) {
    assert!(buffer.len().is_multiple_of(2 * LANES), "the buffer holds {} samples, no multiple of 8", buffer.len());
    for eight in buffer.chunks_exact_mut(2 * LANES) {
        let (radius, angle) = (stream.next_words(), stream.next_words());
        for lane in 0..LANES {
            let (x, y) = pair(radius[lane], angle[lane]);
            eight[lane] = x;
            eight[LANES + lane] = y;
        }
    }
}

/// Two independent normal samples from two words.
#[inline(always)]
fn pair(radius: u32, angle: u32) -> (f32, f32) {
    // Odd 31-bit integers over 2³¹: never 0, and 1 only by rounding, where the logarithm is 0.
    let uniform = ((radius >> 1) | 1) as i32 as f32 * (1.0 / 2_147_483_648.0);
    let r = (-2.0 * logarithm(uniform)).max(0.0).sqrt();
    // The low 30 bits are an angle between -π/4 and π/4, the other two choose the quadrant.
    let turn = ((angle << 2) | 2) as i32 as f32 * (std::f32::consts::FRAC_PI_4 / 2_147_483_648.0);
    let (sine, cosine) = sine_cosine(turn);
    let cosine = f32::from_bits(cosine.to_bits() ^ ((angle << 1) & 0x8000_0000));
    let swap = (angle >> 31).wrapping_neg();
    let keep = |kept: f32, other: f32| f32::from_bits((kept.to_bits() & !swap) | (other.to_bits() & swap));
    (r * keep(cosine, sine), r * keep(sine, cosine))
}

/// Natural logarithm of a positive normal number, |error| < 1e-7 relative (Cephes' polynomial for `logf`).
#[inline(always)]
fn logarithm(x: f32) -> f32 {
    const SQRT_HALF: i32 = 0x3f35_04f3;
    let bits = x.to_bits() as i32;
    let exponent = bits.wrapping_sub(SQRT_HALF) >> 23;
    let f = f32::from_bits((bits - (exponent << 23)) as u32) - 1.0;
    let z = f * f;
    let mut p = 7.037_684e-2;
    p = p * f - 1.151_461e-1;
    p = p * f + 1.167_699_9e-1;
    p = p * f - 1.242_014_1e-1;
    p = p * f + 1.424_932_3e-1;
    p = p * f - 1.666_805_8e-1;
    p = p * f + 2.000_071_5e-1;
    p = p * f - 2.499_999_4e-1;
    p = p * f + 3.333_333e-1;
    let e = exponent as f32;
    // ln 2 in two parts, the first exact in a product with an exponent.
    f + (p * f * z - 0.5 * z - 2.121_944_4e-4 * e) + 0.693_359_4 * e
}

/// Sine and cosine for |x| ≤ π/4 (Cephes' polynomials for `sinf` and `cosf`).
#[inline(always)]
fn sine_cosine(x: f32) -> (f32, f32) {
    let z = x * x;
    let sine = ((-1.951_529_6e-4 * z + 8.332_161e-3) * z - 1.666_665_5e-1) * z * x + x;
    let cosine = ((2.443_315_7e-5 * z - 1.388_731_6e-3) * z + 4.166_664_6e-2) * z * z - 0.5 * z + 1.0;
    (sine, cosine)
}

#[cfg(test)]
mod tests {
    use super::super::stream::Purpose;
    use super::*;

    #[test]
    fn polynomials_are_what_they_approximate() {
        for n in 1..=20_000_u32 {
            let x = (n as f32) / 20_000.0;
            let (got, want) = (logarithm(x), libm::log(f64::from(x)));
            assert!((f64::from(got) - want).abs() <= 1.5e-7 * want.abs().max(0.1), "ln {x}: {got} for {want}");
            let y = (x - 0.5) * 2.0 * std::f32::consts::FRAC_PI_4;
            let (sine, cosine) = sine_cosine(y);
            assert!((f64::from(sine) - libm::sin(f64::from(y))).abs() < 1e-7);
            assert!((f64::from(cosine) - libm::cos(f64::from(y))).abs() < 1e-7);
        }
    }

    #[test]
    fn end_points_are_finite() {
        for radius in [0, 1, 2, 3, u32::MAX - 1, u32::MAX, 1 << 31, (1 << 31) - 1] {
            for angle in [0, 1, u32::MAX, 1 << 30, 1 << 31, 3 << 30, (1 << 30) - 1, (1 << 29), (1 << 31) - 1] {
                let (x, y) = pair(radius, angle);
                assert!(x.is_finite() && y.is_finite(), "{radius} {angle}: {x} {y}");
                assert!(x.hypot(y) < 6.57);
            }
        }
        let largest = pair(0, 0);
        assert!(largest.0.hypot(largest.1) > 6.55, "the smallest uniform is 2⁻³¹, √(2 · 31 ln 2) = 6.556");
    }

    #[test]
    fn pinned_first_samples() {
        let mut buffer = [0.0; 8];
        fill_normals(&mut Stream::new(1, 0, 0, Purpose::Noise), &mut buffer);
        assert_eq!(buffer.map(f32::to_bits), PINNED, "a change of samples belongs into CHANGELOG.md: {buffer:?}");
    }

    /// Bits of the first samples of stream (1, 0, 0, noise), the same natively and in wasm.
    const PINNED: [u32; 8] =
        [3179913498, 3200232330, 3218055536, 1068009519, 1041210246, 3209303952, 3199001690, 3198590783];

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
