//! What an ensemble measures beside what a theory says of it, number by number, in standard errors.
//!
//! How far chance may go, `BOUND`, is each test file's own: so that with other seeds a correct program would fail in a file
//! less than once in a million times, all its numbers together. Two things count: the two-sided tail of a Gaussian, 2.6e-12
//! beyond 7 and 6.3e-14 beyond 7.5, and that the error is measured on the same replicas: with `n` of them and a skewness `γ` of what is averaged the tail
//! beyond `z` is larger by `exp(γz³/(3√n))` on one side and smaller by it on the other. `γ` is `√8` for the square of a
//! Gaussian, and up to 6 for those of a heavier tail.

use noisy_descent::Scenario;
use noisy_descent::nalgebra::DMatrix;
use noisy_descent::simulate::{Ensemble, Measurement};
use noisy_descent::theory::Law;
use serde_json::{Value, json};

pub fn read(document: &Value) -> Scenario {
    Scenario::read(document.clone()).unwrap_or_else(|problems| panic!("{document}: {}", problems[0]))
}

pub fn run(scenario: &Scenario) -> Measurement {
    let mut ensemble = Ensemble::new(scenario, 0).unwrap_or_else(|error| panic!("{error}"));
    ensemble.run();
    ensemble.measure()
}

/// A positive definite matrix with the largest eigenvalue near 1.
pub fn dense(dimension: usize, seed: f64) -> Value {
    let a =
        DMatrix::from_fn(dimension, dimension, |i, j| libm::sin(seed + 1.7 * i as f64 + 2.3 * (j * (i + 1)) as f64));
    let b = &a * a.transpose() / dimension as f64 + DMatrix::identity(dimension, dimension) * 0.2;
    let b = &b / b.trace() * (dimension as f64).sqrt();
    json!((0..dimension).map(|i| (0..dimension).map(|j| b[(i, j)]).collect::<Vec<_>>()).collect::<Vec<_>>())
}

/// Below this share of its scale a standard error is that of rounding: nothing varies, and the numbers themselves must agree.
const NO_SPREAD: f64 = 1e-7;

/// How well they must agree then: the state may be in single precision.
const ROUNDING: f64 = 1e-6;

/// One measured number.
#[derive(Debug, Clone)]
pub struct Number {
    /// For a failure's words.
    #[allow(dead_code)]
    pub what: String,
    pub value: f64,
    pub error: f64,
    /// Size of numbers of its kind, for those that are 0 by symmetry.
    pub scale: f64,
}

impl Number {
    /// Standard errors between the measurement and a theory. Of what is not finite it is NaN, which is neither below a bound nor above one.
    pub fn z(&self, theory: f64) -> f64 {
        let Number { value, error, scale, .. } = self;
        if !(value.is_finite() && error.is_finite() && theory.is_finite()) {
            return f64::NAN;
        }
        let difference = value - theory;
        if *error <= NO_SPREAD * scale.max(theory.abs()) {
            // Not a number of standard errors: equal or wrong.
            return if difference.abs() <= ROUNDING * scale.max(theory.abs()) { 0.0 } else { f64::INFINITY };
        }
        difference / error
    }
}

/// Training error, means, and covariances of coordinates less than five apart, each with the theory's value for it. The scales are the theory's.
pub fn numbers(measured: &Measurement, theory: &Law) -> Vec<(Number, f64)> {
    let n = theory.mean.len();
    assert_eq!(measured.diverged, 0, "some replicas are left out");
    let spread = |i: usize| theory.covariance[i][i].max(0.0).sqrt();
    let size = (0..n).map(|i| spread(i).max(theory.mean[i].abs())).fold(0.0, f64::max);
    let mut all = vec![(
        Number {
            what: "training error".into(),
            value: measured.training_error,
            error: measured.training_error_error,
            scale: theory.training_error,
        },
        theory.training_error,
    )];
    for i in 0..n {
        let (value, error) = (measured.mean[i], measured.mean_error[i]);
        all.push((Number { what: format!("mean {i}"), value, error, scale: size }, theory.mean[i]));
        for j in i..n.min(i + 5) {
            let (value, error) = (measured.covariance[i][j], measured.covariance_error[i][j]);
            let what = format!("covariance {i} {j}");
            all.push((Number { what, value, error, scale: size * size }, theory.covariance[i][j]));
        }
    }
    all
}

/// The largest deviation of a measurement from a theory, and how many numbers were compared.
pub fn largest_deviation(measured: &Measurement, theory: &Law) -> (f64, usize) {
    let all = numbers(measured, theory);
    let each = all.iter().map(|(number, want)| number.z(*want).abs());
    // Not `f64::max`, which drops a NaN.
    (each.fold(0.0, |largest: f64, z| if largest.is_nan() || z <= largest { largest } else { z }), all.len())
}

#[test]
fn what_does_not_move_or_is_no_number_is_refused() {
    let still = Number { what: "variance".into(), value: 0.0, error: 0.0, scale: 0.5 };
    assert_eq!(still.z(0.5), f64::INFINITY);
    assert_eq!(still.z(0.0), 0.0);
    assert_eq!(Number { value: 0.25, error: 0.125, ..still.clone() }.z(0.5), -2.0);
    for (value, error) in [(f64::NAN, 0.1), (0.5, f64::NAN), (0.5, f64::INFINITY)] {
        assert!(Number { value, error, ..still.clone() }.z(0.5).is_nan());
    }
    assert!(still.z(f64::NAN).is_nan());
}

#[test]
fn one_number_that_is_none_is_not_overlooked() {
    let scenario = read(&json!({ "version": 1, "run": { "replicas": 600, "steps": 20 } }));
    let (law, good) = (noisy_descent::predict(&scenario).expect("valid").exact.expect("stable").at_end, run(&scenario));
    assert!(largest_deviation(&good, &law).0 < 6.0);
    let broken: [fn(&mut Measurement); 4] = [
        |measured| measured.mean_error[0] = f64::NAN,
        |measured| measured.covariance[0][1] = f64::NAN,
        |measured| (measured.training_error, measured.training_error_error) = (0.0, 0.0),
        |measured| (measured.covariance[1][1], measured.covariance_error[1][1]) = (0.0, 0.0),
    ];
    for breaks in broken {
        let mut measured = good.clone();
        breaks(&mut measured);
        let (off, _) = largest_deviation(&measured, &law);
        assert!(off.is_nan() || off.is_infinite(), "{off}");
    }
}
