//! Every erratum: the printed value is off, the corrected one is what code that knows neither finds.
//!
//! Each piece of evidence states its own tolerance: rounding for exact results, more where the corrected result is a limit. The
//! simulated ones have fixed seeds and a bound of five standard errors.

use noisy_descent::errata::{CATALOGUE, ErratumKind, Evidence, Method, demonstrate, errata, erratum};
use noisy_descent::loss::LinearRegression;
use noisy_descent::nalgebra::{DMatrix, DVector};
use noisy_descent::noise::Sampling;
use noisy_descent::theory::bayes::{BatchFactor, PosteriorMatch};
use noisy_descent::theory::kramers::BarrierShape;
use noisy_descent::theory::minibatch::MinibatchTheory;
use noisy_descent::theory::published;
use std::collections::BTreeMap;

/// Largest tolerance, relative to the independent value, of a corrected result that is a limit: Kramers' rate for a barrier
/// that is not high.
const LOOSEST: f64 = 0.41;

fn of(number: &str, parameters: &[(&str, f64)]) -> Vec<Evidence> {
    let parameters = parameters.iter().map(|(name, value)| ((*name).to_string(), *value)).collect();
    demonstrate(number, &parameters).unwrap_or_else(|error| panic!("{number} at {parameters:?}: {error}")).evidence
}

#[track_caller]
fn close(got: f64, want: f64, relative: f64) {
    assert!((got / want - 1.0).abs() < relative, "{got}, not {want}");
}

#[test]
fn every_erratum_is_confirmed_and_every_print_refuted() {
    let all = errata().unwrap();
    let numbers: Vec<&str> = all.iter().map(|erratum| erratum.number).collect();
    let letters = ["1", "1a", "1b", "1c", "1d"].map(String::from);
    let expected: Vec<String> = letters.into_iter().chain((2..=28).map(|n| n.to_string())).collect();
    assert_eq!(numbers, expected);
    for erratum in &all {
        let first: u32 = erratum.number.trim_end_matches(char::is_alphabetic).parse().unwrap();
        assert_eq!(erratum.kind == ErratumKind::WrongResult, first <= 13, "{}", erratum.number);
        assert!(erratum.evidence.iter().any(|evidence| evidence.printed.is_some()), "{}", erratum.number);
        for evidence in &erratum.evidence {
            assert!(evidence.is_confirmed(), "{}: {evidence}", erratum.number);
            assert!(evidence.printed.is_none() || evidence.refutes_print(), "{}: {evidence}", erratum.number);
            assert_eq!(evidence.standard_error.is_some(), evidence.method == Method::Simulation);
            assert!(evidence.tolerance <= LOOSEST * evidence.independent.abs().max(evidence.corrected.abs()).max(1e-9));
        }
    }
}

#[test]
fn what_is_confirmed_could_have_failed() {
    // The printed value in the place of the corrected one is not confirmed, for any erratum.
    for erratum in errata().unwrap() {
        for evidence in erratum.evidence {
            if let Some(printed) = evidence.printed {
                assert!(!Evidence { corrected: printed, ..evidence }.is_confirmed(), "{}", erratum.number);
            }
        }
    }
}

/// Parameters at their ends and anywhere between, each alone and all together: confirmed, or refused by the name of a parameter.
/// Whether the print is refuted depends on the parameters, and need not be.
#[test]
fn a_reader_s_parameters_are_confirmed_or_refused() {
    let mut state = 7_u64;
    let mut share = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    for entry in CATALOGUE {
        let (mut confirmed, mut refused) = (0, 0);
        for trial in 0..12 {
            let mut parameters = BTreeMap::new();
            for (n, parameter) in entry.parameters.iter().enumerate() {
                let (low, high) = (parameter.interval.low, parameter.interval.high);
                let value = match trial {
                    0..6 if trial / 2 != n => parameter.default,
                    _ if trial < 6 && trial % 2 == 0 => low,
                    _ if trial < 6 => high,
                    _ => low + share() * (high - low),
                };
                parameters.insert(parameter.name.into(), if parameter.whole { value.round() } else { value });
            }
            match demonstrate(entry.number, &parameters) {
                Ok(erratum) => {
                    confirmed += 1;
                    for evidence in &erratum.evidence {
                        assert!(evidence.is_confirmed(), "{} at {parameters:?}: {evidence}", entry.number);
                    }
                }
                Err(error) => {
                    refused += 1;
                    assert!(parameters.contains_key(error.parameter()), "{} at {parameters:?}: {error}", entry.number);
                }
            }
        }
        assert!(confirmed >= 6, "{}: {confirmed} confirmed, {refused} refused", entry.number);
    }
}

#[test]
fn bad_input_is_named() {
    let refused = |number: &str, name: &str, value: f64| {
        demonstrate(number, &BTreeMap::from([(name.into(), value)])).unwrap_err().to_string()
    };
    assert!(erratum("0").unwrap_err().to_string().starts_with("there is no number \"0\"; known: 1, 1a, 1b"));
    assert_eq!(refused("3", "speed", 1.0), "there is no parameter \"speed\"; known: learning_rate, curvature");
    assert_eq!(refused("3", "learning_rate", f64::NAN), "learning_rate must lie in [0.001, 1.9], got NaN");
    assert_eq!(refused("14", "learning_rate", 2.75), "learning_rate must lie in (0, 2.6), got 2.75");
    assert_eq!(refused("28", "data_size", 6.5), "data_size must be a whole number in [2, 16], got 6.5");
    assert_eq!(refused("28", "batch_size", 7.0), "batch_size must lie in [1, 5], got 7");
}

#[test]
fn parameters_are_ready_for_a_page() {
    for entry in CATALOGUE {
        assert!(!entry.parameters.is_empty() && !entry.title.is_empty() && !entry.place.is_empty());
        for parameter in entry.parameters {
            assert!(parameter.interval.contains(parameter.default), "{}: {}", entry.number, parameter.name);
            assert!(!parameter.symbol.is_empty() && parameter.doc.ends_with('.'));
            assert!(!parameter.whole || parameter.default.fract() == 0.0);
        }
        let listed = serde_json::to_value(entry).unwrap();
        assert_eq!(listed["parameters"][0]["name"], entry.parameters[0].name);
        assert!(listed.get("demonstration").is_none());
    }
    let document = serde_json::to_value(erratum("3").unwrap()).unwrap();
    assert_eq!(document["kind"], "wrong_result");
    assert_eq!(document["values"]["learning_rate"], 0.5);
    assert_eq!(document["evidence"][0]["printed"], 1.25);
    assert_eq!(document["evidence"][0]["method"], "lyapunov_sum");
    assert!(document["evidence"][0]["standard_error"].is_null());
}

#[test]
fn the_same_bits_every_time() {
    assert_eq!(erratum("1").unwrap(), erratum("1").unwrap());
    assert_eq!(erratum("27").unwrap(), erratum("27").unwrap());
}

/// Values from the independent oracle, Fig. 6(b): `r`, exact chain, Eq. 23 as printed, self-consistent; all divided by `r`.
#[test]
fn erratum_8_along_fig_6() {
    for (r, exact, printed, consistent) in [
        (0.3, 5.60e-3, 5.90e-3, 6.27e-3),
        (2.0, 5.93e-3, 7.77e-3, 7.41e-3),
        (4.0, 7.03e-3, 1.08e-2, 8.97e-3),
        (6.0, 9.41e-3, 1.53e-2, 1.08e-2),
        (8.0, 1.44e-2, 2.19e-2, 1.30e-2),
        (10.0, 2.46e-2, 3.18e-2, 1.55e-2),
        (12.0, 4.21e-2, 4.71e-2, 1.84e-2),
    ] {
        let evidence = of("8", &[("scale", r)]);
        close(evidence[0].corrected, consistent, 5e-3);
        close(evidence[0].printed.unwrap(), printed, 5e-3);
        close(evidence[1].independent, exact, 5e-3);
        assert!(evidence.iter().all(|evidence| evidence.is_confirmed() && evidence.refutes_print()));
        // The diffusion knows only one rate, r times that of r = 1.
        let shape = BarrierShape { well_curvature: r, barrier_curvature: r, height: r / 4.0, fraction: 0.5 };
        close(published::kramers::eq_24(&shape, 1.0, 0.15).unwrap() / r, 5.68e-3, 1e-3);
    }
    // Flux over probability is near the walker where the barrier is smooth for it; probability over flux is not (erratum 5).
    let (rate, chain) = (of("5", &[])[0].clone(), of("8", &[("scale", 1.0)])[1].independent);
    close(rate.corrected, chain, 0.2);
    assert!(rate.printed.unwrap() > 1e4 * chain);
}

/// Values from the independent oracle, in units of `|k_b|`: quadrature, the `k_a` form, Eq. 24.
#[test]
fn erratum_9_for_a_sharp_and_a_flat_barrier() {
    for (kb, learning_rate, quadrature, ito, printed) in
        [(4.0, 0.2, 1.495e-3, 1.328e-3, 5.31e-3), (0.25, 0.1, 6.18e-4, 7.09e-4, 1.77e-4)]
    {
        let evidence = of("9", &[("barrier_curvature", kb), ("learning_rate", learning_rate)]);
        close(evidence[0].independent, quadrature, 1e-3);
        close(evidence[1].corrected, ito, 1e-3);
        close(evidence[1].printed.unwrap(), printed, 2e-3);
        close(evidence[1].corrected, evidence[1].independent, 0.2);
    }
}

/// Values from the independent oracle: slope of the chain from `S = 4` to 5, corrected, printed.
#[test]
fn erratum_10_the_first_order_cancels() {
    for (r, chain, corrected, printed) in [(4.0, 3.102, 3.033, 2.833), (10.0, 1.539, 1.458, 2.083)] {
        let evidence = of("10", &[("scale", r)]);
        close(evidence[1].independent, chain, 3e-4);
        close(evidence[0].corrected, corrected, 3e-4);
        close(evidence[0].printed.unwrap(), printed, 3e-4);
    }
}

#[test]
fn erratum_21_the_optimum_exists_for_every_batch() {
    let k = [1.0, 0.05, 0.05];
    let guess = published::bayes::continuous_learning_rate(&k, 1000, 500).unwrap();
    let posterior = PosteriorMatch::new(&k, 1000, 500, BatchFactor::Paper).unwrap();
    assert_eq!(guess, posterior.continuous_guess().learning_rate);
    assert!(guess > 2.0 && posterior.divergence(guess).is_err());
    for batch_size in [1, 499, 500, 501, 999] {
        let posterior = PosteriorMatch::new(&k, 1000, batch_size, BatchFactor::Paper).unwrap();
        let best = posterior.optimum();
        for factor in [0.9, 0.999, 1.001, 1.1] {
            if let Ok(elsewhere) = posterior.divergence(factor * best.learning_rate) {
                assert!(elsewhere > best.divergence);
            }
        }
    }
}

#[test]
fn erratum_27_for_small_learning_rates_and_near_the_limit() {
    let inputs: Vec<f64> = (0..1000).map(|n| 2.0 * f64::sin(f64::from(n) * 0.7)).collect();
    let targets = DVector::from_fn(1000, |n, _| 0.5 * inputs[n] + 1.4 * f64::cos(n as f64 * 1.3));
    let data = LinearRegression::new(DMatrix::from_column_slice(1000, 1, &inputs), targets).unwrap();
    let theory = MinibatchTheory::new(&data, Sampling::WithoutReplacement, 100, 0.0).unwrap();
    let k = data.hessian()[(0, 0)];
    let ratio = |learning_rate: f64| {
        let printed = published::bayes::minibatch_variance(k, 100, learning_rate).unwrap();
        printed / theory.stationary(learning_rate).unwrap().unwrap().covariance[(0, 0)]
    };
    // Small learning rates: the residual factor and the sampling.
    let factors = k / data.residual_covariance()[(0, 0)] * 999.0 / 900.0;
    close(ratio(1e-4), factors, 1e-3);
    assert!(ratio(1e-4) > 1.05);
    assert!(ratio(0.998 * theory.learning_rate_limit()) < 0.8);
    assert!(theory.learning_rate_limit() < 2.0 / k);
    // With few samples a batch the sign turns in the demonstration too.
    let far = of("27", &[("share", 0.5)])[1].clone();
    let near = of("27", &[("share", 0.97)])[1].clone();
    assert!(near.printed.unwrap() / near.independent < far.printed.unwrap() / far.independent);
    assert!(near.printed.unwrap() < near.independent);
}
