//! How good the normal samples are: over all the words that they can be made from, and from stream to stream.
//!
//! A sample is a function of two words. So its law need not be sampled: words are laid out evenly, and a moment or a tail is an integral.

use super::normal::fill_normals;
use super::stream::{LANES, Purpose, Stream};
use std::f64::consts::{FRAC_PI_2, SQRT_2};
use wide::u32x4;

/// What `fill_normals` makes of words for radii and angles: samples along the first axis, then along the second.
fn samples(radii: [u32; LANES], angles: [u32; LANES]) -> [[f64; LANES]; 2] {
    let mut both = [0.0_f32; 2 * LANES];
    fill_normals(&mut Stream::about_to_draw(u32x4::new(radii), u32x4::new(angles)), &mut both);
    [std::array::from_fn(|lane| f64::from(both[lane])), std::array::from_fn(|lane| f64::from(both[LANES + lane]))]
}

/// Box and Muller's transform of the same words in double precision.
fn exactly(radius: u32, angle: u32) -> [f64; 2] {
    let uniform = f64::from((radius & 0x7fff_ffff) | 1) / 2_147_483_648.0;
    let r = (-2.0 * libm::log(uniform)).sqrt();
    let turn = FRAC_PI_2 * (f64::from(angle as i32) / 2_147_483_648.0);
    let sign = if radius >> 31 == 1 { -1.0 } else { 1.0 };
    [sign * r * libm::cos(turn), sign * r * libm::sin(turn)]
}

/// Moments integrated over a lattice of 2²² pairs of words. The lattice's own error drops out, since the exact transform is integrated over
/// the same; over all words that has a variance of 1 to 7e-10, the error of the midpoint rule at the logarithm's pole.
#[test]
fn moments_over_all_words_are_as_stated() {
    const N: u32 = 1 << 22;
    const GOLDEN: u32 = 0x9e37_79b9; // 2³² times the golden section: a lattice without large gaps
    let mut bias = [[0.0_f64; 4]; 2];
    for first in (0..N).step_by(LANES) {
        let n: [u32; LANES] = std::array::from_fn(|lane| first + lane as u32);
        let radii = n.map(|n| n * (u32::MAX / N + 1) + (1 << 9));
        let angles = n.map(|n| n.wrapping_mul(GOLDEN));
        let got = samples(radii, angles);
        for lane in 0..LANES {
            let want = exactly(radii[lane], angles[lane]);
            for axis in 0..2 {
                for (power, sum) in bias[axis].iter_mut().enumerate() {
                    *sum += (got[axis][lane].powi(power as i32 + 1) - want[axis].powi(power as i32 + 1)) / f64::from(N);
                }
            }
        }
    }
    println!("{bias:?}");
    for [mean, variance, third, fourth] in bias {
        assert!(variance.abs() < 3e-7 && fourth.abs() < 3e-6, "variance {variance:e}, fourth moment {fourth:e}");
        // Both signs are equally likely, but for what the lattice leaves uneven.
        assert!(mean.abs() < 1e-8 && third.abs() < 1e-7, "mean {mean:e}, third moment {third:e}");
    }
}

/// Shares beyond 1 to 6 standard deviations, integrated over radii octave by octave and over angles: of all words, not of as many as
/// chance brings. Beyond 6 there are 16 radii, and the share is 0.6 % smaller than it should be for that.
#[test]
fn tails_reach_to_six_standard_deviations() {
    const RADII: u32 = 512;
    const ANGLES: u32 = 2048;
    const BEYOND: [f64; 7] = [1.0, 2.0, 3.0, 4.0, 5.0, 5.5, 6.0];
    let mut shares = [[0.0_f64; BEYOND.len()]; 2];
    let mut whole = 0.0;
    for octave in 0..31_u32 {
        // Odd numbers from 2^octave up to twice that, each a uniform number of weight 2⁻³⁰.
        let odd = if octave == 0 { 1 } else { 1_u32 << (octave - 1) };
        let taken = odd.min(RADII);
        let weight = f64::from(odd) / f64::from(taken) / 1_073_741_824.0 / f64::from(ANGLES);
        for n in 0..taken {
            let place = n * (odd / taken) + odd / taken / 2;
            let radius = (1 << octave) + 2 * place + u32::from(octave > 0);
            for first in (0..ANGLES).step_by(LANES) {
                let angles = std::array::from_fn(|lane| {
                    // Shifted from radius to radius, so that the places of the angles average out.
                    (first + lane as u32).wrapping_mul(u32::MAX / ANGLES + 1).wrapping_add(n.wrapping_mul(0x000f_1bbd))
                });
                let [x, y] = samples([radius | (first & 4) << 29; LANES], angles);
                whole += weight * LANES as f64;
                for (axis, coordinate) in [x, y].iter().enumerate() {
                    for (share, bound) in shares[axis].iter_mut().zip(BEYOND) {
                        *share += weight * coordinate.iter().filter(|sample| sample.abs() > bound).count() as f64;
                    }
                }
            }
        }
    }
    assert!((whole - 1.0).abs() < 1e-9, "{whole}");
    for (n, bound) in BEYOND.into_iter().enumerate() {
        let want = libm::erfc(bound / SQRT_2);
        for share in [shares[0][n], shares[1][n]] {
            println!("beyond {bound}: {share:e} for {want:e}, {:+.1e}", share / want - 1.0);
            let allowed = if bound < 6.0 { 3e-3 } else { 0.02 };
            assert!((share / want - 1.0).abs() < allowed, "beyond {bound}: {share:e} for {want:e}");
        }
    }
}

/// Sums over samples in standard errors: `(Σ xᵖ − n E[xᵖ])/√(n Var xᵖ)` for `p` from 1 to 4.
fn powers(of: &[f64]) -> [f64; 4] {
    let n = of.len() as f64;
    let z = |power: i32, mean: f64, variance: f64| {
        (of.iter().map(|x| x.powi(power)).sum::<f64>() - n * mean) / (n * variance).sqrt()
    };
    [z(1, 0.0, 1.0), z(2, 1.0, 2.0), z(3, 0.0, 15.0), z(4, 3.0, 96.0)]
}

/// Of the 5 moments and 24 correlations below none is further off than this: chance does that to one of them with 29 times 2.1e-8, 6e-7.
const BOUND: f64 = 5.6;

/// The seeding alone must make them independent: the first sample of each of a million streams, in moments, in Kolmogorov and Smirnov's distance,
/// and from one to the next.
#[test]
fn first_samples_of_a_million_streams_are_normal() {
    const STREAMS: u32 = 1 << 20;
    let mut eight = [0.0_f32; 2 * LANES];
    let mut firsts: Vec<f64> = (0..STREAMS)
        .map(|block| {
            fill_normals(&mut Stream::new(17, 0, block, Purpose::Noise), &mut eight);
            f64::from(eight[0])
        })
        .collect();
    let z = powers(&firsts);
    assert!(z.iter().all(|z| z.abs() < BOUND), "{z:?}");
    let n = f64::from(STREAMS);
    let successive = firsts.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / n.sqrt();
    assert!(successive.abs() < BOUND, "{successive}");

    firsts.sort_by(f64::total_cmp);
    let below = |x: f64| 0.5 * libm::erfc(-x / SQRT_2);
    let distance = firsts
        .iter()
        .enumerate()
        .map(|(rank, &x)| (below(x) - rank as f64 / n).max((rank + 1) as f64 / n - below(x)))
        .fold(0.0, f64::max);
    // A larger one has the probability 2 exp(−2·2.8²) = 3e-7.
    assert!(distance * n.sqrt() < 2.8, "{}", distance * n.sqrt());
}

/// Streams whose addresses differ by one: in the block, the point, the seed or the purpose.
#[test]
fn neighbouring_streams_are_uncorrelated() {
    const STREAMS: u32 = 1024;
    const SAMPLES: usize = 2048;
    let fill = |mut stream: Stream| {
        let mut samples = vec![0.0_f32; SAMPLES];
        fill_normals(&mut stream, &mut samples);
        samples.into_iter().map(f64::from).collect::<Vec<_>>()
    };
    type Neighbour = fn(u32) -> Stream;
    let neighbours: [(&str, Neighbour); 4] = [
        ("block", |n| Stream::new(23, 0, n + 1, Purpose::Noise)),
        ("point", |n| Stream::new(23, 1, n, Purpose::Noise)),
        ("seed", |n| Stream::new(24, 0, n, Purpose::Noise)),
        ("purpose", |n| Stream::new(23, 0, n, Purpose::Start)),
    ];
    for (name, neighbour) in neighbours {
        // Products at lags −2 to 2, and of the squares.
        let mut sums = [0.0_f64; 6];
        for n in 0..STREAMS {
            let (one, other) = (fill(Stream::new(23, 0, n, Purpose::Noise)), fill(neighbour(n)));
            for lag in 0..5 {
                sums[lag] += one[2..SAMPLES - 2].iter().zip(&other[lag..]).map(|(x, y)| x * y).sum::<f64>();
            }
            sums[5] += one.iter().zip(&other).map(|(x, y)| (x * x - 1.0) * (y * y - 1.0)).sum::<f64>();
        }
        let n = f64::from(STREAMS) * SAMPLES as f64;
        let z: Vec<f64> =
            sums.iter().enumerate().map(|(n_th, sum)| sum / (n * if n_th == 5 { 4.0 } else { 1.0 }).sqrt()).collect();
        assert!(z.iter().all(|z| z.abs() < BOUND), "{name}: {z:?}");
    }
}
