//! Single precision of the noise is no issue for escapes: in Fig. 6 it moves no mean by a tenth of the standard error of a million replicas. The
//! weights of these walkers are in double precision.
//!
//! Each setting runs twice on the same random words, once with normal samples in double precision, so that only rounding is between the two.

use crate::deviation::{read, run};
use noisy_descent::loss::PiecewiseQuadratic;
use noisy_descent::simulate::{Purpose, REPLICAS_PER_BLOCK as B, Stream, fill_normals};
use rand::Rng;
use serde_json::json;
use std::f64::consts::FRAC_PI_2;

/// A tenth of the standard error of a million replicas, in units of that of one.
const BOUND: f64 = 1e-4;

/// Words that a stream makes at a time: four for radii, then four for angles.
const LANES: usize = 4;

/// How the escape panels are run: `(batch size, learning rate, steepness, steps, blocks of 256 walkers)`.
type Well = (u32, f64, f64, u64, u32);

/// Walkers until they leave or the steps are over: for each the step after which it left (one more than there are for one that
/// stays), and its weight after ten steps, NaN if it has left by then. `exaggeration` is how many times the rounding of the noise is there: 1 is the
/// kernel's noise, 0 that in double precision, on the same words.
fn walkers((batch_size, learning_rate, steepness, steps, blocks): Well, exaggeration: f64) -> (Vec<f64>, Vec<f64>) {
    let potential = PiecewiseQuadratic { steepness, ..PiecewiseQuadratic::default() };
    let (mut exits, mut early) = (Vec::new(), Vec::new());
    for block in 0..blocks {
        let mut stream = Stream::new(3, 0, block, Purpose::Noise);
        let mut weights = [0.0_f64; B];
        let mut left = [steps as f64 + 1.0; B];
        let mut samples = [0.0_f32; B];
        for step in 1..=steps {
            let mut words = stream.clone();
            fill_normals(&mut stream, &mut samples);
            for eight in 0..B / (2 * LANES) {
                let mut four = || -> [u32; LANES] { std::array::from_fn(|_| words.next_u32()) };
                let (radii, angles) = (four(), four());
                for lane in 0..2 * LANES {
                    let n = eight * 2 * LANES + lane;
                    let fine = if exaggeration == 1.0 {
                        0.0
                    } else {
                        normal(radii[lane % LANES], angles[lane % LANES], lane / LANES)
                    };
                    let coarse = f64::from(samples[n]);
                    let z = if exaggeration == 1.0 { coarse } else { fine + exaggeration * (coarse - fine) };
                    let w = &mut weights[n];
                    let variance = potential.curvature(*w).abs() / f64::from(batch_size);
                    *w -= learning_rate * (potential.slope(*w) + variance.sqrt() * z);
                    if *w >= potential.exit() {
                        *w = f64::NAN;
                        left[n] = step as f64;
                    }
                }
            }
            if step == 10 {
                early.extend(weights);
            }
            if weights.iter().all(|w| w.is_nan()) && step >= 10 {
                break;
            }
        }
        exits.extend(left);
    }
    (exits, early)
}

/// Box and Muller's transform in double precision, along one axis.
fn normal(radius: u32, angle: u32, axis: usize) -> f64 {
    let r = (-2.0 * libm::log(f64::from((radius & 0x7fff_ffff) | 1) / 2_147_483_648.0)).sqrt();
    let r = if radius >> 31 == 1 { -r } else { r };
    let turn = FRAC_PI_2 * (f64::from(angle as i32) / 2_147_483_648.0);
    match axis {
        0 => r * libm::cos(turn),
        _ => r * libm::sin(turn),
    }
}

/// The panels with an escape: 6(a), and 6(b) at several places.
const WELLS: [Well; 5] = [
    (3, 0.6, 1.0, 1000, 4),
    (1, 0.15, 1.0, 3000, 4),
    (1, 0.15, 4.0, 3000, 4),
    (1, 0.15, 8.0, 1000, 8),
    (1, 0.15, 12.0, 400, 16),
];

/// With the kernel's own noise these are the program's walkers.
#[test]
fn the_walkers_compared_are_those_of_the_ensemble() {
    let well = WELLS[3];
    let document = json!({ "version": 1,
        "loss": { "kind": "piecewise_quadratic", "steepness": well.2 },
        "noise": { "covariance": { "kind": "curvature", "batch_size": well.0, "variance": 0 } },
        "optimizer": { "kind": "momentum", "learning_rate": well.1 },
        "run": { "replicas": well.4 as usize * B, "steps": well.3, "seed": 3 } });
    let measured = run(&read(&document));
    let (exits, _) = walkers(well, 1.0);
    let in_the_well: f64 = exits.iter().map(|step| step.min(well.3 as f64)).sum();
    assert_eq!(measured.escaped, exits.iter().filter(|step| **step <= well.3 as f64).count() as u64);
    assert!(
        (measured.steps_in_well as f64 / in_the_well - 1.0).abs() < 1e-4,
        "{} {in_the_well}",
        measured.steps_in_well
    );
}

/// Single precision changes a noise sample by a few parts in a million, and hardly any walker leaves at another step for it. So the rounding is
/// taken a thousand times over: the shift of a mean is then a thousand times as large, as long as it is small.
#[test]
fn noise_in_single_precision_moves_no_escape() {
    const EXAGGERATION: f64 = 1000.0;
    for well in WELLS {
        let ((exits, early), (fine_exits, fine_early)) = (walkers(well, EXAGGERATION), walkers(well, 0.0));
        let ratio = |differences: &[f64], of: &[f64]| {
            let n = differences.len() as f64;
            let mean = |of: &[f64]| of.iter().sum::<f64>() / n;
            let spread = |of: &[f64]| (of.iter().map(|x| (x - mean(of)).powi(2)).sum::<f64>() / n).sqrt();
            let shift = (mean(differences).abs() + 3.0 * spread(differences) / n.sqrt()) / EXAGGERATION;
            shift / (BOUND * spread(of))
        };
        let times: Vec<f64> = exits.iter().zip(&fine_exits).map(|(a, b)| a - b).collect();
        // Squares of the weights of those that are in the well in both.
        let there: Vec<(f64, f64)> = early
            .iter()
            .zip(&fine_early)
            .filter(|(a, b)| !(a.is_nan() || b.is_nan()))
            .map(|(a, b)| (a * a, b * b))
            .collect();
        let squares: Vec<f64> = there.iter().map(|(a, b)| a - b).collect();
        let fine: Vec<f64> = there.iter().map(|(_, b)| *b).collect();
        assert!(times.iter().any(|difference| *difference != 0.0), "the rounding taken a thousand times is seen");
        let (times, squares) = (ratio(&times, &fine_exits), ratio(&squares, &fine));
        println!("{well:?}: exits {times:.3}, squares {squares:.3} of what is allowed");
        assert!(times < 1.0 && squares < 1.0, "{well:?}: {times} {squares} of what is allowed");
    }
}
