//! Properties of the Bayesian learning rate, minibatch moments and escape over a barrier, for any input.

use noisy_descent::loss::LinearRegression;
use noisy_descent::nalgebra::{DMatrix, DVector, SymmetricEigen};
use noisy_descent::noise::Sampling;
use noisy_descent::optimizer::{Momentum, Optimizer};
use noisy_descent::theory::bayes::{BatchFactor, PosteriorMatch};
use noisy_descent::theory::kramers::{
    Escape, EscapeNoise, PiecewiseQuadratic, Polynomial, chain_escape, diffusion_first_passage, ito_kramers_rate,
};
use noisy_descent::theory::minibatch::{
    GaussianPopulation, MinibatchApproximation, MinibatchTheory, approximate_noise,
};
use noisy_descent::theory::{self, System};
use proptest::prelude::*;

fn spectrum() -> impl Strategy<Value = Vec<f64>> {
    // Over 24 decades, with clusters.
    (prop::collection::vec(-4.0..4.0_f64, 1..12), -8.0..8.0_f64, any::<bool>()).prop_map(|(logs, scale, cluster)| {
        let logs = logs.into_iter().map(|x| if cluster { scale + 1e-9 * x } else { scale + x });
        logs.map(|x| 10f64.powf(x)).collect()
    })
}

fn batch() -> impl Strategy<Value = (u64, u64)> {
    (2_u64..1_000_000_000).prop_flat_map(|n| (Just(n), prop_oneof![1..n, Just(1), Just(n - 1)]))
}

fn data() -> impl Strategy<Value = LinearRegression> {
    (1_usize..5, 0_usize..20, any::<u64>()).prop_map(|(d, more, seed)| {
        let (n, mut state) = (2 * d + 2 + more, seed);
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
        };
        let inputs = DMatrix::from_fn(n, d, |_, j| next() * 3.0 / (1 + j) as f64);
        LinearRegression::new(inputs, DVector::from_fn(n, |_, _| next())).expect("generic data")
    })
}

fn sampling() -> impl Strategy<Value = Sampling> {
    prop_oneof![Just(Sampling::WithReplacement), Just(Sampling::WithoutReplacement)]
}

/// `mean[x xᵀ Σ x xᵀ]`, sample by sample.
fn fourth_moment(data: &LinearRegression, sigma: &DMatrix<f64>) -> DMatrix<f64> {
    let mut sum = DMatrix::zeros(data.dimension(), data.dimension());
    for row in data.inputs().row_iter() {
        let x = row.transpose();
        sum += &x * (x.transpose() * sigma * &x)[(0, 0)] * x.transpose() / data.data_size() as f64;
    }
    sum
}

/// Numbers that trip code up, and any others.
fn wild() -> impl Strategy<Value = f64> {
    let tricky = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        2.0,
        0.1,
        1e-12,
        1e12,
        1e-160,
        1e160,
        1e-300,
        1e300,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MIN_POSITIVE,
        f64::MAX,
        f64::EPSILON,
    ];
    prop_oneof![3 => prop::sample::select(tricky.to_vec()), 1 => any::<f64>(), 2 => -3.0..3.0_f64]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_bayes_root_is_in_its_bracket_and_least(
        k in spectrum(), (n, s) in batch(), exact in any::<bool>(), elsewhere in 0.001..0.999_f64,
    ) {
        let factor = if exact { BatchFactor::Exact } else { BatchFactor::Paper };
        let posterior = PosteriorMatch::new(&k, n, s, factor).unwrap();
        let (best, (low, high)) = (posterior.optimum(), posterior.bracket());
        prop_assert!(best.learning_rate >= low * (1.0 - 1e-14) && best.learning_rate <= high * (1.0 + 1e-14));
        prop_assert!(best.divergence.is_finite() && best.divergence >= 0.0);
        // A learning rate elsewhere matches no better, so there is one minimum; toward it the curve falls.
        let limit = 2.0 / k.iter().copied().fold(0.0, f64::max);
        let tolerance = 1e-9 * (1.0 + best.divergence);
        let at = elsewhere * limit;
        let between = 0.5 * (at + best.learning_rate);
        if let (Ok(far), Ok(near)) = (posterior.divergence(at), posterior.divergence(between)) {
            prop_assert!(far >= best.divergence - tolerance);
            prop_assert!(near <= far + tolerance && near >= best.divergence - tolerance);
        }
    }

    #[test]
    fn minibatch_covariance_solves_its_equation(
        data in data(), sampling in sampling(), s in 1_usize..5, momentum in 0.0..0.95_f64, fraction in 0.01..0.99_f64,
    ) {
        let theory = MinibatchTheory::new(&data, sampling, s, momentum).unwrap();
        let limit = theory.learning_rate_limit();
        let sharpest = data.eigen().values[0];
        prop_assert!(limit <= 2.0 * (1.0 + momentum) / sharpest * (1.0 + 1e-12));
        let learning_rate = fraction * limit;
        let state = theory.stationary(learning_rate).unwrap().unwrap();
        prop_assert_eq!(&state.covariance, &state.covariance.transpose());
        for matrix in [&state.covariance, &state.noise_covariance] {
            let smallest = SymmetricEigen::new(matrix.clone()).eigenvalues.min();
            prop_assert!(smallest >= -1e-12 * matrix.amax());
        }
        // C = κ { mean[x xᵀ Σ x xᵀ] − K Σ K + R }
        let k = data.hessian();
        let feedback = fourth_moment(&data, &state.covariance) - k * &state.covariance * k;
        let noise = (feedback + data.residual_covariance()) * theory.noise_factor();
        prop_assert!((&noise - &state.noise_covariance).amax() <= 1e-10 * noise.amax());
        // and Σ is what that noise makes
        let optimizer = Optimizer::Momentum(Momentum { learning_rate, momentum });
        let system = System::new(k, &noise, &optimizer).unwrap();
        let sigma = theory::stationary_covariance(&system).unwrap();
        prop_assert!((&sigma - &state.covariance).amax() <= 1e-9 * sigma.amax());
        prop_assert!(theory.stationary(limit * (1.0 + 1e-12)).unwrap().is_none());
        // Near the limit the fluctuation is long in the direction that is named.
        let near = theory.stationary(limit * (1.0 - 1e-9)).unwrap().unwrap().covariance;
        let stability = theory.stability(limit * (1.0 + 1e-9)).unwrap();
        let direction = DVector::from_vec(stability.direction);
        prop_assert!(!stability.stable && theory.stability(limit * (1.0 - 1e-9)).unwrap().stable);
        let largest = SymmetricEigen::new(near.clone()).eigenvalues.max();
        let along = (direction.transpose() * &near * &direction)[(0, 0)];
        prop_assert!(along >= largest * (1.0 - 1e-4), "{along} of {largest}");
    }

    #[test]
    fn batches_drawn_without_replacement_fluctuate_less(data in data(), s in 2_usize..5, momentum in 0.0..0.9_f64) {
        let with = MinibatchTheory::new(&data, Sampling::WithReplacement, s, momentum).unwrap();
        let without = MinibatchTheory::new(&data, Sampling::WithoutReplacement, s, momentum).unwrap();
        let n = data.data_size() as f64;
        let expected = with.noise_factor() * (n - s as f64) / (n - 1.0);
        prop_assert!((without.noise_factor() - expected).abs() <= 1e-15);
        prop_assert!(without.learning_rate_limit() >= with.learning_rate_limit() * (1.0 - 1e-12));
        let learning_rate = 0.8 * with.learning_rate_limit();
        let loss = |theory: &MinibatchTheory| theory.stationary(learning_rate).unwrap().unwrap().excess_loss;
        prop_assert!(loss(&without) <= loss(&with) * (1.0 + 1e-12));

        let full = MinibatchTheory::new(&data, Sampling::WithoutReplacement, data.data_size(), momentum).unwrap();
        prop_assert_eq!(full.stationary(learning_rate).unwrap().unwrap().covariance.amax(), 0.0);
        let limit = 2.0 * (1.0 + momentum) / data.eigen().values[0];
        prop_assert!((full.learning_rate_limit() / limit - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_small_learning_rate_leaves_the_noise_at_the_minimum(data in data(), s in 1_usize..5, momentum in 0.0..0.9_f64) {
        let theory = MinibatchTheory::new(&data, Sampling::WithReplacement, s, momentum).unwrap();
        let learning_rate = 1e-7 * theory.learning_rate_limit();
        let state = theory.stationary(learning_rate).unwrap().unwrap();
        let noise = approximate_noise(&data, Sampling::WithReplacement, s, MinibatchApproximation::AtMinimum).unwrap();
        let optimizer = Optimizer::Momentum(Momentum { learning_rate, momentum });
        let system = System::new(data.hessian(), &noise, &optimizer).unwrap();
        let diffusion = theory::continuous::stationary_covariance(&system);
        prop_assert!((&diffusion - &state.covariance).amax() <= 1e-4 * diffusion.amax());
    }

    #[test]
    fn units_only_rescale_minibatches(data in data(), momentum in 0.0..0.95_f64, unit in -60.0..60.0_f64) {
        // Inputs in other units: weights go with their inverse. At 0.999999 of the limit.
        let unit = 10f64.powf(unit);
        let other = LinearRegression::new(data.inputs() * unit, data.targets().clone()).unwrap();
        let states = [&data, &other].map(|data| {
            let theory = MinibatchTheory::new(data, Sampling::WithReplacement, 2, momentum).unwrap();
            let limit = theory.learning_rate_limit();
            let near = theory.stationary(0.999_999 * limit).unwrap().unwrap();
            let half = theory.stationary(0.5 * limit).unwrap().unwrap();
            (limit, near.excess_loss, half.covariance)
        });
        let [(limit, near, half), (other_limit, other_near, other_half)] = states;
        prop_assert!((other_limit * unit * unit / limit - 1.0).abs() < 1e-9);
        prop_assert!((other_near / near - 1.0).abs() < 1e-6);
        prop_assert!((&half - other_half * (unit * unit)).amax() <= 1e-9 * half.amax());
    }

    #[test]
    fn a_population_solves_its_equation(
        a in prop::collection::vec(0.01..10.0_f64, 1..6), s in 1_usize..5, momentum in 0.0..0.95_f64, fraction in 0.01..0.99_f64,
    ) {
        let population = GaussianPopulation::new(&a, 0.7, s, momentum).unwrap();
        let learning_rate = fraction * population.learning_rate_limit();
        let state = population.stationary(learning_rate).unwrap().unwrap();
        prop_assert!(state.feedback >= 0.0 && state.feedback < 1.0);
        // C = κ { K Σ K + K tr(KΣ) + s² K }, diagonal like K
        let trace: f64 = a.iter().zip(&state.variances).map(|(a, v)| a * v).sum();
        for (a, sigma) in a.iter().zip(&state.variances) {
            let noise = (a * a * sigma + a * trace + 0.7 * a) / s as f64;
            let optimizer = Optimizer::Momentum(Momentum { learning_rate, momentum });
            let system = System::new(&DMatrix::from_element(1, 1, *a), &DMatrix::from_element(1, 1, noise), &optimizer).unwrap();
            let want = theory::stationary_covariance(&system).unwrap()[(0, 0)];
            prop_assert!((sigma / want - 1.0).abs() < 1e-10);
        }
    }

    #[test]
    fn garbage_is_an_error_and_never_a_panic(
        a in wild(), b in wild(), c in wild(), d in wild(), n in any::<u64>(), s in any::<u64>(),
    ) {
        if let Ok(posterior) = PosteriorMatch::new(&[a, b], n, s, BatchFactor::Exact) {
            let _ = (posterior.optimum(), posterior.bracket(), posterior.continuous_guess(), posterior.divergence(c));
        }
        if let Ok(population) = GaussianPopulation::new(&[a, b], c, s as usize, d) {
            let _ = (population.learning_rate_limit(), population.stationary(c));
        }
        if let Ok(data) = LinearRegression::new(DMatrix::from_row_slice(2, 1, &[a, b]), DVector::from_vec(vec![c, d])) {
            let theory = MinibatchTheory::new(&data, Sampling::WithoutReplacement, (s % 3) as usize, d.fract().abs());
            if let Ok(theory) = theory {
                let _ = (theory.learning_rate_limit(), theory.stationary(c), theory.stationary(a));
            }
        }
        let noise = EscapeNoise::Curvature { batch_size: c, white: d };
        if let Ok(potential) = PiecewiseQuadratic::new(a, b, c)
            && let Ok(escape) = Escape::new(potential, noise, d, a)
        {
            let _ = (diffusion_first_passage(&escape), ito_kramers_rate(&escape));
            let _ = chain_escape(&escape);
        }
        if let Ok(potential) = Polynomial::new(&[a, b, c, d, a], b)
            && let Ok(escape) = Escape::two_sided(potential, noise, d, a, b)
        {
            let _ = (diffusion_first_passage(&escape), ito_kramers_rate(&escape));
        }
    }
}

proptest! {
    // Each case eliminates a few hundred unknowns several times.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn more_noise_means_a_faster_escape(
        ka in 0.5..2.0_f64, kb in 0.5..2.0_f64, x in 0.2..1.7_f64, exponent in 3.0..12.0_f64, more in 1.05..1.5_f64,
    ) {
        let potential = PiecewiseQuadratic::new(ka, kb, 1.0).unwrap();
        let learning_rate = x / ka;
        let variance = 2.0 * potential.height() / (learning_rate * exponent);
        let escape = |variance| {
            Escape::new(potential, EscapeNoise::Constant { variance }, learning_rate, 2.0).unwrap()
        };
        let (quiet, loud) = (chain_escape(&escape(variance)).unwrap(), chain_escape(&escape(more * variance)).unwrap());
        prop_assert!(loud.probability_per_step > quiet.probability_per_step);
        prop_assert!(loud.mean_first_passage < quiet.mean_first_passage);
        prop_assert!(diffusion_first_passage(&escape(more * variance)).unwrap() < diffusion_first_passage(&escape(variance)).unwrap());
    }

    #[test]
    fn a_rare_escape_has_one_time_scale(x in 0.3..1.5_f64, exponent in 12.0..60.0_f64) {
        let potential = PiecewiseQuadratic::new(1.0, 1.0, 1.0).unwrap();
        let noise = EscapeNoise::Constant { variance: 2.0 * potential.height() / (x * exponent) };
        let exact = chain_escape(&Escape::new(potential, noise, x, 2.0).unwrap()).unwrap();
        let product = exact.mean_first_passage * exact.probability_per_step;
        prop_assert!((product - 1.0).abs() < 0.05, "{product}");
        prop_assert!(exact.positions.windows(2).all(|w| w[1] > w[0]));
        prop_assert!(exact.density.iter().all(|&density| density >= 0.0));
        prop_assert!(exact.first_passages.iter().all(|&steps| steps >= 1.0));
    }

    #[test]
    fn a_parabola_is_a_parabola(k in 0.5..2.0_f64, x in 0.1..1.9_f64, deviations in 0.5..4.0_f64, shift in -3.0..3.0_f64) {
        // Out before the joint: both potentials are the same parabola.
        let learning_rate = x / k;
        let variance = 0.09;
        let end = deviations * (learning_rate * variance / (k * (2.0 - x))).sqrt();
        let noise = EscapeNoise::Constant { variance };
        let piecewise = PiecewiseQuadratic::new(k, k, 4.0 * end).unwrap();
        let polynomial = Polynomial::new(&[0.5 * k * shift * shift, -k * shift, 0.5 * k], 0.0).unwrap();
        let one = Escape::new(piecewise, noise, learning_rate, end).unwrap();
        let other = Escape::new(polynomial, noise, learning_rate, end + shift).unwrap();
        let (a, b) = (chain_escape(&one).unwrap(), chain_escape(&other).unwrap());
        prop_assert!((a.probability_per_step / b.probability_per_step - 1.0).abs() < 1e-10);
        prop_assert!((a.mean_first_passage / b.mean_first_passage - 1.0).abs() < 1e-10);
        let (a, b) = (diffusion_first_passage(&one).unwrap(), diffusion_first_passage(&other).unwrap());
        prop_assert!((a / b - 1.0).abs() < 1e-10);
    }

    #[test]
    fn a_slow_chain_is_the_diffusion(ka in 0.5..2.0_f64, kb in 0.5..2.0_f64, exponent in 2.0..5.0_f64) {
        let potential = PiecewiseQuadratic::new(ka, kb, 1.0).unwrap();
        let learning_rate = 0.02 / ka;
        let noise = EscapeNoise::Constant { variance: 2.0 * potential.height() / (learning_rate * exponent) };
        let escape = Escape::new(potential, noise, learning_rate, 2.0).unwrap();
        let ratio = chain_escape(&escape).unwrap().mean_first_passage / diffusion_first_passage(&escape).unwrap();
        prop_assert!((ratio - 1.0).abs() < 0.06, "{ratio}");
    }
}
