//! The printed formulas on escape, minibatches and Bayesian learning rates are off, the corrected ones right: each against a
//! value that uses neither.

use noisy_descent::loss::LinearRegression;
use noisy_descent::nalgebra::{DMatrix, DVector};
use noisy_descent::noise::Sampling;
use noisy_descent::theory::bayes::{BatchFactor, PosteriorMatch};
use noisy_descent::theory::kramers::{
    BarrierShape, Escape, EscapeNoise, PiecewiseQuadratic, Potential, barrier_flux, chain_escape,
    diffusion_first_passage, ito_kramers_rate, rare_escape_exponent, self_consistent_rate, well_mass,
};
use noisy_descent::theory::minibatch::{MinibatchApproximation, MinibatchTheory, approximate_noise};
use noisy_descent::theory::published;

/// Fig. 6(b) with a batch size.
fn fig_6(scale: f64, batch_size: f64) -> Escape {
    let potential = PiecewiseQuadratic::new(scale, scale, 1.0).unwrap();
    Escape::new(potential, EscapeNoise::Curvature { batch_size, white: 0.0 }, 0.15, 2.0).unwrap()
}

fn shape(potential: PiecewiseQuadratic) -> BarrierShape {
    Potential::from(potential).barrier_shape().unwrap()
}

fn off(got: f64, want: f64) -> f64 {
    (got / want - 1.0).abs()
}

/// Simpson's rule.
fn integral(f: impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    let n = 2000;
    let h = (to - from) / f64::from(n);
    let weight = |i| {
        if i == 0 || i == n {
            1.0
        } else if i % 2 == 1 {
            4.0
        } else {
            2.0
        }
    };
    (0..=n).map(|i| weight(i) * f(from + h * f64::from(i))).sum::<f64>() * h / 3.0
}

#[test]
fn erratum_5_the_rate_is_flux_over_probability() {
    let (exact, shape) =
        (chain_escape(&fig_6(1.0, 1.0)).unwrap(), shape(PiecewiseQuadratic::new(1.0, 1.0, 1.0).unwrap()));
    assert!(off(self_consistent_rate(&shape, 1.0, 0.15).unwrap(), exact.rate) < 0.2);
    assert!(published::kramers::eq_22(&shape, 1.0, 0.15).unwrap() > 1e4 * exact.rate);
}

#[test]
fn erratum_6_the_probability_in_the_well_is_a_gaussian_integral() {
    for (k, learning_rate, batch_size, height) in [(1.0, 0.3, 2.0, 0.4), (2.0, 0.7, 1.0, 0.1)] {
        let shape = BarrierShape { well_curvature: k, barrier_curvature: 1.0, height, fraction: 0.5 };
        let variance = learning_rate / (batch_size * (2.0 - learning_rate * k)); // Theorem 1 with C = k/S
        let half_width = (height / k).sqrt();
        let want = integral(|w| (-0.5 * w * w / variance).exp(), -half_width, half_width);
        assert!(off(well_mass(&shape, batch_size, learning_rate).unwrap(), want) < 1e-10);
        assert!(off(published::kramers::eq_66(&shape, batch_size, learning_rate).unwrap(), want) > 0.1);
    }
}

#[test]
fn erratum_7_the_flux_keeps_its_temperature() {
    // The flux of a diffusion with D = T over a parabolic top: D / ∫ exp(−|k|(w−b)²/2T) dw = √(T|k|/2π).
    let (k, learning_rate, batch_size) = (3.0, 0.2, 1.0);
    let temperature: f64 = learning_rate * k / (2.0 * batch_size);
    let width = 12.0 * (temperature / k).sqrt();
    let want = temperature / integral(|w| (-0.5 * k * w * w / temperature).exp(), -width, width);
    let flat = BarrierShape { well_curvature: 1.0, barrier_curvature: k, height: 1e-300, fraction: 0.5 };
    assert!(off(barrier_flux(&flat, batch_size, learning_rate).unwrap(), want) < 1e-10);
    assert!(off(published::kramers::eq_70(&flat, batch_size, learning_rate).unwrap(), want) > 0.5);
}

#[test]
fn erratum_8_neither_form_of_eq_23_is_the_chain() {
    // r, exact chain, Eq. 23 as printed, self-consistent; all divided by r
    for (r, exact, printed, consistent) in [
        (0.3, 5.60e-3, 5.90e-3, 6.27e-3),
        (2.0, 5.93e-3, 7.77e-3, 7.41e-3),
        (4.0, 7.03e-3, 1.08e-2, 8.97e-3),
        (6.0, 9.41e-3, 1.53e-2, 1.08e-2),
        (8.0, 1.44e-2, 2.19e-2, 1.30e-2),
        (10.0, 2.46e-2, 3.18e-2, 1.55e-2),
        (12.0, 4.21e-2, 4.71e-2, 1.84e-2),
    ] {
        let shape = shape(PiecewiseQuadratic::new(r, r, 1.0).unwrap());
        assert!(off(chain_escape(&fig_6(r, 1.0)).unwrap().rate / r, exact) < 5e-3);
        assert!(off(published::kramers::eq_23(&shape, 1.0, 0.15).unwrap() / r, printed) < 5e-3);
        assert!(off(self_consistent_rate(&shape, 1.0, 0.15).unwrap() / r, consistent) < 5e-3);
        // The diffusion knows only one rate, r times that of r = 1.
        assert!(off(published::kramers::eq_24(&shape, 1.0, 0.15).unwrap() / r, 5.68e-3) < 1e-3);
    }
}

#[test]
fn erratum_9_the_prefactor_of_an_ito_process() {
    // k_a, |k_b|, λ, then in units of |k_b|: Ito quadrature, the k_a form, Eq. 24
    for (ka, kb, learning_rate, quadrature, ito, printed) in
        [(1.0, 4.0, 0.2, 1.495e-3, 1.328e-3, 5.31e-3), (1.0, 0.25, 0.1, 6.18e-4, 7.09e-4, 1.77e-4)]
    {
        let potential = PiecewiseQuadratic::new(ka, kb, 1.0).unwrap();
        let noise = EscapeNoise::Curvature { batch_size: 1.0, white: 0.0 };
        let escape = Escape::new(potential, noise, learning_rate, 2.0).unwrap();
        let rate = 1.0 / (learning_rate * diffusion_first_passage(&escape).unwrap());
        let eq_24 = published::kramers::eq_24(&shape(potential), 1.0, learning_rate).unwrap();
        assert!(off(rate / kb, quadrature) < 1e-2, "{}", rate / kb);
        assert!(off(ito_kramers_rate(&escape).unwrap() / kb, ito) < 1e-3);
        assert!(off(eq_24 / kb, printed) < 2e-3);
        assert!(off(ito_kramers_rate(&escape).unwrap(), rate) < 0.2 && off(eq_24, rate) > 0.6);
    }
}

#[test]
fn erratum_10_the_first_order_of_the_exponent_cancels() {
    for (r, chain, corrected, printed) in [(4.0, 3.102, 3.033, 2.833), (10.0, 1.539, 1.458, 2.083)] {
        let log_rate = |batch_size| chain_escape(&fig_6(r, batch_size)).unwrap().rate.ln();
        let slope = log_rate(4.0) - log_rate(5.0);
        assert!((slope - chain).abs() < 1e-3, "{slope}");
        assert!((rare_escape_exponent(r, 1.0, 1.0, 0.15).unwrap() - corrected).abs() < 1e-3);
        assert!((published::kramers::eq_23_exponent(r, 1.0, 1.0, 0.15).unwrap() - printed).abs() < 1e-3);
        assert!((slope - corrected).abs() < 0.4 * (slope - printed).abs());
    }
    // What is left is the prefactor: it fades as the batch grows.
    let log_rate = |batch_size| chain_escape(&fig_6(10.0, batch_size)).unwrap().rate.ln();
    let far = (log_rate(40.0) - log_rate(50.0)) / 10.0;
    assert!((far - 1.458).abs() < 0.02, "{far}");
}

#[test]
fn erratum_11_a_step_diffuses_with_the_square_of_the_learning_rate() {
    // From the top of a barrier: after one step the variance is 2 D, D per step.
    let (escape, learning_rate) = (fig_6(1.0, 1.0), 0.15);
    let per_step = learning_rate * learning_rate * escape.variance(1.0) / 2.0;
    assert!(off(published::kramers::eq_21(escape.variance(1.0)).unwrap(), per_step) > 40.0);
    // In s = λt the coefficient is λC/2 = T_b of Eq. 69.
    assert!(off(per_step / learning_rate, learning_rate * 1.0 / 2.0) < 1e-14);
}

#[test]
fn erratum_21_the_continuous_learning_rate_may_diverge() {
    let k = [1.0, 0.05, 0.05];
    let posterior = PosteriorMatch::new(&k, 1000, 500, BatchFactor::Paper).unwrap();
    let guess = published::bayes::continuous_learning_rate(&k, 1000, 500).unwrap();
    assert_eq!(guess, posterior.continuous_guess().learning_rate);
    assert!(guess > 2.0 && posterior.divergence(guess).is_err());
    // The optimum exists all the same, on either side of S = N/2 too.
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

/// One coordinate, standard inputs, unit residuals, from a fixed seed.
fn data(samples: usize) -> LinearRegression {
    let mut state = 5_u64;
    let mut gaussian = move || {
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
        };
        (-2.0 * uniform().ln()).sqrt() * (2.0 * std::f64::consts::PI * uniform()).cos()
    };
    let inputs = DMatrix::from_fn(samples, 1, |_, _| gaussian());
    let targets = DVector::from_fn(samples, |i, _| 0.5 * inputs[(i, 0)] + gaussian());
    LinearRegression::new(inputs, targets).unwrap()
}

#[test]
fn erratum_26_the_loss_needs_its_half() {
    let data = data(1000);
    // By differences of the printed loss, twice the one with the half.
    let loss = |w: f64| 2.0 * data.loss(&DVector::from_element(1, w)).unwrap();
    let curvature = loss(1.0) - 2.0 * loss(0.0) + loss(-1.0);
    assert!(off(published::bayes::regression_hessian(&data)[(0, 0)], curvature) < 1e-12);
    assert!(off(2.0 * data.hessian()[(0, 0)], curvature) < 1e-12);
    // Its noise is about 2 K/S of its own Hessian, not K/S.
    let noise = published::bayes::regression_noise(&data, 10).unwrap()[(0, 0)];
    assert!(off(noise, 2.0 * curvature / 10.0) < 0.2);
    let halved = approximate_noise(&data, Sampling::WithReplacement, 10, MinibatchApproximation::AtMinimum).unwrap();
    assert!(off(halved[(0, 0)], data.hessian()[(0, 0)] / 10.0) < 0.2);
}

#[test]
fn erratum_27_near_the_limit_the_approximation_is_too_small() {
    let data = data(1000);
    let theory = MinibatchTheory::new(&data, Sampling::WithoutReplacement, 100, 0.0).unwrap();
    let k = data.hessian()[(0, 0)];
    let ratio = |learning_rate: f64| {
        let paper = learning_rate / (100.0 * (2.0 - learning_rate * k));
        paper / theory.stationary(learning_rate).unwrap().unwrap().covariance[(0, 0)]
    };
    // Small learning rates: the residual factor and the sampling.
    let factors = k / data.residual_covariance()[(0, 0)] * 999.0 / 900.0;
    assert!(off(ratio(1e-4), factors) < 1e-3);
    assert!(ratio(0.98 * theory.learning_rate_limit()) < 0.8);
    assert!(theory.learning_rate_limit() < 2.0 / k);
}

#[test]
fn erratum_28_the_factor_of_sampling_without_replacement() {
    // Every pair of five samples, by hand.
    let x = [1.0, 2.0, 4.0, 7.0, 11.0];
    let mean = x.iter().sum::<f64>() / 5.0;
    let single = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 5.0;
    let pairs: Vec<f64> = (0..5).flat_map(|i| (0..i).map(move |j| 0.5 * (x[i] + x[j]))).collect();
    let batch = pairs.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 10.0;
    assert!(off(Sampling::WithoutReplacement.variance_factor(5, 2).unwrap(), batch / single) < 1e-14);
    assert!(off(published::bayes::variance_factor(5, 2).unwrap(), batch / single) > 0.19);
}
