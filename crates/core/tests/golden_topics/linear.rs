//! Topics of the linear optimizers: momentum, QHM and both behind a preconditioner.

use super::{Checked, compare, compare_matrix, number, numbers, square};
use noisy_descent::nalgebra::{DMatrix, DVector};
use noisy_descent::noise::NoiseLaw;
use noisy_descent::optimizer::{Momentum, Optimizer, Preconditioned, Qhm, Step};
use noisy_descent::theory::{self, Moments, System, continuous};
use serde_json::Value;

/// The oracle's spectral radius is informative, to 1e-8 where two roots collide.
const RADIUS: f64 = 2e-8;

const MISSING: &str = "no stationary state";

fn step(case: &Value) -> Step {
    let (learning_rate, momentum) = (number(case, "lambda"), number(case, "mu"));
    match case["nu"].as_f64() {
        None => Step::from(Momentum { learning_rate, momentum }),
        Some(mixing) => Step::from(Qhm { learning_rate, momentum, mixing }),
    }
}

fn optimizer(case: &Value) -> Optimizer {
    match step(case) {
        Step::Momentum(momentum) => Optimizer::Momentum(momentum),
        Step::Qhm(qhm) => Optimizer::Qhm(qhm),
    }
}

fn system(case: &Value) -> noisy_descent::Result<System> {
    System::new(&square(case, "K"), &square(case, "C"), &optimizer(case))
}

fn second_moments(case: &Value, system: &System) -> Checked {
    let want = &case["expected"];
    let sigma = theory::stationary_covariance(system).ok_or(MISSING)?;
    let lag_one = theory::lag_one_covariance(system).ok_or(MISSING)?;
    let loss = theory::training_error(system).ok_or(MISSING)?;
    compare_matrix(case, "sigma", &sigma, &want["sigma"])?;
    compare_matrix(case, "lag1", &lag_one, &want["lag1"])?;
    compare(case, "train_loss", &[loss], &[number(want, "train_loss")])?;
    let zero = DVector::zeros(system.dimension());
    for modes in [system.modes(), system.hessian_modes()] {
        let of_sigma = theory::expected_loss(modes, &zero, &sigma)?;
        compare(case, "loss of sigma", &[of_sigma], &[number(want, "train_loss")])?;
    }
    if want["momentum_cov"].is_array() {
        let momentum = theory::momentum_covariance(system).ok_or(MISSING)?;
        compare_matrix(case, "momentum_cov", &momentum, &want["momentum_cov"])?;
    }
    let (radius, want_radius) = (theory::stability(system).spectral_radius, number(want, "spectral_radius"));
    if (radius - want_radius).abs() > RADIUS {
        return Err(format!("spectral radius {radius}, not {want_radius}").into());
    }
    Ok(())
}

pub fn stationary(case: &Value) -> Checked {
    let (system, want) = (system(case)?, &case["expected"]);
    second_moments(case, &system)?;
    let diffusion = continuous::stationary_covariance(&system);
    compare_matrix(case, "sigma_continuous", &diffusion, &want["sigma_continuous"])?;
    let loss = continuous::training_error(&system);
    Ok(compare(case, "train_loss_continuous", &[loss], &[number(want, "train_loss_continuous")])?)
}

pub fn qhm(case: &Value) -> Checked {
    second_moments(case, &system(case)?)
}

pub fn preconditioned(case: &Value) -> Checked {
    let optimizer = Optimizer::Preconditioned(Preconditioned {
        preconditioner: square(case, "Lambda"),
        learning_rate: 1.0,
        momentum: number(case, "mu"),
        mixing: case["nu"].as_f64(),
    });
    second_moments(case, &System::new(&square(case, "K"), &square(case, "C"), &optimizer)?)
}

/// The limit itself, and that the verdict changes there.
pub fn stability(case: &Value) -> Checked {
    let one = DMatrix::from_element(1, 1, 1.0);
    let momentum = number(case, "mu");
    let (field, system): (_, Box<dyn Fn(f64) -> noisy_descent::Result<System>>) = match case["method"].as_str() {
        Some("sgdm" | "qhm") => (
            "lambda_k_max",
            Box::new(|learning_rate| {
                let optimizer = match case["nu"].as_f64() {
                    None => Optimizer::Momentum(Momentum { learning_rate, momentum }),
                    Some(mixing) => Optimizer::Qhm(Qhm { learning_rate, momentum, mixing }),
                };
                System::new(&one, &one, &optimizer)
            }),
        ),
        Some("sgdm_preconditioned") => (
            "scale_max",
            Box::new(|learning_rate| {
                let (hessian, preconditioner) = (square(case, "K"), square(case, "Lambda"));
                let optimizer = Preconditioned { preconditioner, learning_rate, momentum, mixing: None };
                System::new(&hessian, &hessian, &Optimizer::Preconditioned(optimizer))
            }),
        ),
        other => return Err(format!("unknown method {other:?}").into()),
    };
    let want = number(&case["expected"], field);
    compare(case, field, &[theory::stability(&system(1.0)?).learning_rate_limit], &[want])?;
    for (factor, stable) in [(1.0 - 1e-8, true), (1.0 + 1e-8, false)] {
        let verdict = theory::stability(&system(want * factor)?);
        if verdict.stable != stable || (verdict.spectral_radius < 1.0) != stable {
            return Err(format!("stable is not {stable} at {factor} of the limit").into());
        }
    }
    Ok(())
}

fn start(case: &Value) -> Moments {
    Moments { mean: DVector::from_vec(numbers(&case["w0"])), covariance: square(case, "P0") }
}

fn compare_rows(case: &Value, system: &System, at: impl Fn(f64) -> noisy_descent::Result<Moments>) -> Checked {
    for row in case["expected"].as_array().expect("rows") {
        let time = number(row, "t");
        let got = at(time)?;
        let loss = theory::expected_loss(system.modes(), &got.mean, &got.covariance)?;
        compare(case, &format!("mean at {time}"), got.mean.as_slice(), &numbers(&row["mean"]))?;
        compare_matrix(case, &format!("cov at {time}"), &got.covariance, &row["cov"])?;
        compare(case, &format!("loss at {time}"), &[loss], &[number(row, "loss")])?;
    }
    Ok(())
}

pub fn transient(case: &Value) -> Checked {
    let (system, start) = (system(case)?, start(case));
    compare_rows(case, &system, |time| {
        let moments = theory::transient(&system, &start, time as u64)?;
        let mean = theory::decay(&system, &start.mean, time as u64)?;
        assert!((&mean - &moments.mean).amax() <= 1e-14 * mean.amax());
        Ok(moments)
    })
}

pub fn ou_transient(case: &Value) -> Checked {
    let (system, start) = (system(case)?, start(case));
    compare_rows(case, &system, |time| continuous::transient(&system, &start, time))
}

pub fn escape_first(case: &Value) -> Checked {
    let optimizer = Optimizer::Momentum(Momentum { learning_rate: number(case, "lambda"), momentum: 0.0 });
    let system = System::new(&square(case, "K"), &square(case, "C"), &optimizer)?;
    let (times, want) = (numbers(&case["times"]), &case["expected"]);
    let discrete: Vec<f64> = times.iter().map(|&time| theory::escape_efficiency(&system, time as u64)).collect();
    let diffusion: Vec<f64> = times.iter().map(|&time| continuous::escape_efficiency(&system, time)).collect();
    compare(case, "discrete", &discrete, &numbers(&want["discrete"]))?;
    Ok(compare(case, "continuous", &diffusion, &numbers(&want["continuous"]))?)
}

pub fn autocorrelation(case: &Value) -> Checked {
    let (system, want) = (system(case)?, &case["expected"]);
    for (place, lag) in numbers(&want["lags"]).into_iter().enumerate() {
        let got = theory::autocovariance(&system, lag as u64).ok_or(MISSING)?;
        compare_matrix(case, &format!("autocov at {lag}"), &got, &want["autocov"][place])?;
    }
    let long_run = theory::long_run_covariance(&system).ok_or(MISSING)?;
    compare_matrix(case, "longrun_cov", &long_run, &want["longrun_cov"])?;
    let times = theory::integrated_autocorrelation_times(&system).ok_or(MISSING)?;
    Ok(compare(case, "iat", &times, &numbers(&want["iat"]))?)
}

pub fn alignment(case: &Value) -> Checked {
    let diagonal = |field: &str| DMatrix::from_diagonal(&DVector::from_vec(numbers(&case[field])));
    let optimizer = Optimizer::Momentum(Momentum { learning_rate: number(case, "lambda"), momentum: 0.0 });
    let system = System::new(&diagonal("k"), &diagonal("c"), &optimizer)?;
    let want = &case["expected"];
    for (field, steps) in [("ratio_t1", 1), ("ratio_t50", 50)] {
        compare(case, field, &[theory::alignment_ratio(&system, steps)], &[number(want, field)])?;
    }
    let long_run = theory::alignment_ratio_long_run(&system).ok_or(MISSING)?;
    Ok(compare(case, "ratio_inf", &[long_run], &[number(want, "ratio_inf")])?)
}

pub fn rank_deficient(case: &Value) -> Checked {
    let hessian = DMatrix::from_diagonal(&DVector::from_vec(numbers(&case["k"])));
    let flat = theory::rank_deficient(&hessian, &square(case, "C_eigenbasis"), &step(case))?;
    let at_minimum = Moments::at_minimum(hessian.nrows());
    for row in case["expected"]["transient"].as_array().expect("rows") {
        let time = number(row, "t");
        let got = flat.transient(&at_minimum, time as u64)?.covariance;
        compare_matrix(case, &format!("cov at {time}"), &got, &row["cov"])?;
    }
    compare_matrix(case, "growth_per_step", &flat.growth, &case["expected"]["growth_per_step"])?;
    // What stays is what the last covariance shows outside the flat directions.
    let last = flat.transient(&at_minimum, 1 << 40)?.covariance;
    let mut rest = flat.covariance.clone().ok_or(MISSING)?;
    for i in 0..rest.nrows() {
        for j in 0..rest.nrows() {
            if hessian[(i, i)] == 0.0 && hessian[(j, j)] == 0.0 {
                rest[(i, j)] = last[(i, j)];
            }
        }
    }
    Ok(compare(case, "covariance", rest.as_slice(), last.as_slice())?)
}

pub fn noise_shape(case: &Value) -> Checked {
    let law = match case["law"].as_str() {
        Some("student_t5") => NoiseLaw::StudentT { degrees: 5.0 },
        Some("chi2_3") => NoiseLaw::ChiSquared { degrees: 3.0 },
        Some("laplace") => NoiseLaw::Laplace,
        Some("uniform") => NoiseLaw::Uniform,
        Some("rademacher") => NoiseLaw::Rademacher,
        other => return Err(format!("unknown law {other:?}").into()),
    };
    let want = &case["expected"];
    compare(case, "law", &[law.skewness().ok_or("skewness")?], &[number(case, "noise_skewness")])?;
    compare(case, "law", &[law.excess_kurtosis().ok_or("kurtosis")?], &[number(case, "noise_excess_kurtosis")])?;
    let shape =
        theory::mode_shape(&step(case), number(case, "k"), number(case, "noise_variance"), &law)?.ok_or(MISSING)?;
    compare(case, "variance", &[shape.variance], &[number(want, "variance")])?;
    compare(case, "skewness", &[shape.skewness.ok_or("skewness")?], &[number(want, "skewness")])?;
    let kurtosis = shape.excess_kurtosis.ok_or("excess kurtosis")?;
    Ok(compare(case, "excess_kurtosis", &[kurtosis], &[number(want, "excess_kurtosis")])?)
}
