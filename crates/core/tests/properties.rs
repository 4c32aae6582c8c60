//! What must hold for every input: identities between the formulas, limits, and refusals instead of panics.
//!
//! Inputs include equal eigenvalues, losses of scale 1e-12 and 1e12, and learning rates at 0.999999 of the limit.

use noisy_descent::nalgebra::{DMatrix, DVector};
use noisy_descent::noise::{NoiseCovariance, NoiseLaw};
use noisy_descent::optimizer::{
    Adam, AdamForm, Momentum, NaturalGradient, Newton, Optimizer, Preconditioned, Qhm, Step,
};
use noisy_descent::theory::{self, Moments, System, continuous};
use proptest::prelude::*;

/// Rounding of a few matrix products in up to five dimensions.
const ROUNDING: f64 = 1e-11;

/// A loss, a noise and the share of the limit at which a step is taken.
#[derive(Debug, Clone)]
struct Problem {
    hessian: DMatrix<f64>,
    noise: DMatrix<f64>,
    /// Size of the Hessian: 1 up to a power of ten.
    scale: f64,
    share: f64,
    momentum: f64,
    mixing: f64,
}

impl Problem {
    fn sharpest(&self) -> f64 {
        self.hessian.clone().symmetric_eigenvalues().max()
    }

    /// The learning rate at the share of the limit of a step.
    fn learning_rate(&self, step: impl Fn(f64) -> Step) -> f64 {
        self.share * step(1.0).stability_limit() / self.sharpest()
    }

    fn heavy_ball(&self) -> Momentum {
        let step = |learning_rate| Momentum { learning_rate, momentum: self.momentum };
        step(self.learning_rate(|learning_rate| step(learning_rate).into()))
    }

    fn qhm(&self) -> Qhm {
        let step = |learning_rate| Qhm { learning_rate, momentum: self.momentum, mixing: self.mixing };
        step(self.learning_rate(|learning_rate| step(learning_rate).into()))
    }

    fn under(&self, optimizer: Optimizer) -> System {
        System::new(&self.hessian, &self.noise, &optimizer).expect("a valid problem")
    }

    /// How much rounding is amplified by the distance from the limit.
    fn rounding(&self) -> f64 {
        ROUNDING / (1.0 - self.share) / (1.0 - self.momentum)
    }
}

/// An orthogonal matrix from the eigenvectors of a random symmetric one.
fn orthogonal(entries: &[f64], n: usize) -> DMatrix<f64> {
    let square = DMatrix::from_fn(n, n, |i, j| entries[i * 5 + j]);
    (&square + square.transpose()).symmetric_eigen().eigenvectors
}

fn symmetric(matrix: DMatrix<f64>) -> DMatrix<f64> {
    (&matrix + matrix.transpose()) * 0.5
}

prop_compose! {
    fn problems()(
        n in 1_usize..=5,
        curvatures in prop::collection::vec(prop_oneof![Just(1.0), Just(0.5), 1e-3..1.0_f64], 5),
        turn in prop::collection::vec(-1.0..1.0_f64, 25),
        factor in prop::collection::vec(-1.0..1.0_f64, 25),
        rank in 1_usize..=5,
        exponent in prop_oneof![Just(0), Just(-12), Just(12)],
        share in prop_oneof![Just(0.999_999), Just(1e-6), 0.01..0.99_f64],
        momentum in prop_oneof![Just(0.0), 0.0..0.95_f64],
        mixing in prop_oneof![Just(0.0), Just(1.0), 0.0..1.0_f64],
    ) -> Problem {
        let scale = 10.0_f64.powi(exponent);
        let basis = orthogonal(&turn, n);
        let diagonal = DMatrix::from_diagonal(&DVector::from_fn(n, |i, _| curvatures[i] * scale));
        let hessian = symmetric(&basis * diagonal * basis.transpose());
        let factor = DMatrix::from_fn(n, rank.min(n), |i, j| factor[i * 5 + j]);
        let noise = symmetric(&factor * factor.transpose());
        Problem { hessian, noise, scale, share, momentum, mixing }
    }
}

fn relative(got: &DMatrix<f64>, want: &DMatrix<f64>) -> f64 {
    let scale = want.amax();
    if scale == 0.0 { got.amax() } else { (got - want).amax() / scale }
}

fn sigma(system: &System) -> DMatrix<f64> {
    theory::stationary_covariance(system).expect("a stable problem")
}

/// The largest eigenvalue times a small number: how negative a zero eigenvalue may look.
fn is_positive_semidefinite(matrix: &DMatrix<f64>, rounding: f64) -> bool {
    let values = symmetric(matrix.clone()).symmetric_eigenvalues();
    values.min() >= -rounding * values.max().abs()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn covariances_are_symmetric_and_positive(problem in problems()) {
        for optimizer in [Optimizer::Momentum(problem.heavy_ball()), Optimizer::Qhm(problem.qhm())] {
            let system = problem.under(optimizer);
            let sigma = sigma(&system);
            prop_assert_eq!(&sigma, &sigma.transpose());
            prop_assert!(is_positive_semidefinite(&sigma, problem.rounding()));
            let velocity = theory::momentum_covariance(&system).unwrap();
            prop_assert!(is_positive_semidefinite(&velocity, 100.0 * problem.rounding()));
            prop_assert!(is_positive_semidefinite(&continuous::stationary_covariance(&system), ROUNDING));
        }
    }

    #[test]
    fn the_covariance_solves_equation_7(problem in problems()) {
        let optimizer = problem.heavy_ball();
        let (lambda, mu, k) = (optimizer.learning_rate, optimizer.momentum, &problem.hessian);
        let s = sigma(&problem.under(Optimizer::Momentum(optimizer)));
        let square = lambda * lambda / (1.0 - mu * mu);
        let terms = [
            k * &s * k * (-(1.0 + mu * mu) * square),
            (k * k * &s + &s * k * k) * (mu * square),
            (k * &s + &s * k) * ((1.0 - mu) * lambda),
        ];
        let residual = &terms[0] + &terms[1] + &terms[2] - &problem.noise * (lambda * lambda);
        let size = terms.iter().map(DMatrix::amax).fold(0.0, f64::max);
        prop_assert!(residual.amax() <= ROUNDING * size, "{:e} of {:e}", residual.amax(), size);
    }

    #[test]
    fn qhm_solves_its_corrected_system(problem in problems()) {
        let optimizer = problem.qhm();
        let system = problem.under(Optimizer::Qhm(optimizer));
        let (mu, (alpha, beta)) = (optimizer.momentum, optimizer.noise_weights());
        let (s, x) = (sigma(&system), theory::lag_one_covariance(&system).unwrap());
        let (k, c, one) = (&problem.hessian, &problem.noise, DMatrix::identity(problem.hessian.nrows(), problem.hessian.nrows()));
        let (first, second) = (&one * (1.0 + mu) - k * alpha, &one * mu - k * beta);
        let one_step = &x + &second * x.transpose() - &first * &s + c * (alpha * beta);
        let two_steps = &s - &second * &s * &second - &first * x.transpose() + &second * x.transpose() * &first
            - c * (alpha * alpha + beta * beta) + c * &first * (alpha * beta);
        let size = (&first * &s).amax().max(s.amax()).max(x.amax()) * (1.0 + first.amax() + second.amax());
        prop_assert!(one_step.amax() <= ROUNDING * size, "{:e} of {:e}", one_step.amax(), size);
        prop_assert!(two_steps.amax() <= ROUNDING * size, "{:e} of {:e}", two_steps.amax(), size);
    }

    #[test]
    fn small_learning_rates_are_continuous(problem in problems()) {
        let small = Problem { share: 1e-6, ..problem };
        for optimizer in [Optimizer::Momentum(small.heavy_ball()), Optimizer::Qhm(small.qhm())] {
            let system = small.under(optimizer);
            // The error is of first order, λk over 1 − μ.
            let close = 1e-5 / (1.0 - small.momentum).powi(2);
            prop_assert!(relative(&continuous::stationary_covariance(&system), &sigma(&system)) < close);
        }
    }

    #[test]
    fn qhm_contains_momentum_and_plain_sgd(problem in problems()) {
        let heavy_ball = problem.heavy_ball();
        let rescaled = heavy_ball.learning_rate / (1.0 - heavy_ball.momentum);
        let as_qhm = Qhm { learning_rate: rescaled, momentum: heavy_ball.momentum, mixing: 1.0 };
        let (one, other) = (problem.under(Optimizer::Momentum(heavy_ball)), problem.under(Optimizer::Qhm(as_qhm)));
        prop_assert!(relative(&sigma(&other), &sigma(&one)) < problem.rounding());
        let plain = Problem { momentum: 0.0, ..problem.clone() };
        let sgd = plain.heavy_ball();
        let as_qhm = Qhm { learning_rate: sgd.learning_rate, momentum: problem.momentum, mixing: 0.0 };
        let (one, other) = (problem.under(Optimizer::Momentum(sgd)), problem.under(Optimizer::Qhm(as_qhm)));
        prop_assert!(relative(&sigma(&other), &sigma(&one)) < problem.rounding());
    }

    #[test]
    fn a_scalar_preconditioner_is_a_learning_rate(problem in problems()) {
        let n = problem.hessian.nrows();
        for (step, mixing) in [(Step::from(problem.heavy_ball()), None), (Step::from(problem.qhm()), Some(problem.mixing))] {
            let preconditioner = DMatrix::identity(n, n) * (4.0 * step.learning_rate());
            let momentum = problem.momentum;
            let behind = Preconditioned { preconditioner, learning_rate: 0.25, momentum, mixing };
            let plain = match step {
                Step::Momentum(step) => Optimizer::Momentum(step),
                Step::Qhm(step) => Optimizer::Qhm(step),
            };
            let (behind, plain) = (problem.under(Optimizer::Preconditioned(behind)), problem.under(plain));
            prop_assert!(relative(&sigma(&behind), &sigma(&plain)) < problem.rounding());
            let velocity = |system: &System| theory::momentum_covariance(system).unwrap();
            prop_assert!(relative(&velocity(&behind), &velocity(&plain)) < 100.0 * problem.rounding());
            let start = Moments { mean: DVector::from_element(n, 1.0), covariance: problem.noise.clone() };
            let later = |system: &System| theory::transient(system, &start, 7).unwrap();
            prop_assert!(relative(&later(&behind).covariance, &later(&plain).covariance) < 100.0 * problem.rounding());
            let loss = |system: &System| theory::training_error(system).unwrap();
            prop_assert!((loss(&behind) - loss(&plain)).abs() <= problem.rounding() * loss(&plain));
        }
    }

    #[test]
    fn another_basis_is_the_same_descent(problem in problems(), turn in prop::collection::vec(-1.0..1.0_f64, 25)) {
        let n = problem.hessian.nrows();
        let turn = orthogonal(&turn, n);
        let turned = |matrix: &DMatrix<f64>| symmetric(&turn * matrix * turn.transpose());
        let elsewhere =
            Problem { hessian: turned(&problem.hessian), noise: turned(&problem.noise), ..problem.clone() };
        let optimizer = Optimizer::Qhm(problem.qhm());
        let (here, there) = (problem.under(optimizer.clone()), elsewhere.under(optimizer));
        prop_assert!(relative(&turned(&sigma(&here)), &sigma(&there)) < problem.rounding());
    }

    #[test]
    fn discrete_escape_is_never_slower(problem in problems(), steps in 0_u64..2000) {
        let sgd = Problem { momentum: 0.0, ..problem };
        let system = sgd.under(Optimizer::Momentum(sgd.heavy_ball()));
        let (discrete, diffusion) = (theory::escape_efficiency(&system, steps), continuous::escape_efficiency(&system, steps as f64));
        prop_assert!(discrete >= diffusion * (1.0 - ROUNDING), "{discrete} {diffusion}");
    }

    #[test]
    fn the_training_error_grows_with_the_learning_rate(problem in problems(), factor in 0.01..0.999_f64) {
        for (sharp, mild) in [
            (Optimizer::Momentum(problem.heavy_ball()), Optimizer::Momentum(Momentum { learning_rate: factor * problem.heavy_ball().learning_rate, ..problem.heavy_ball() })),
            (Optimizer::Newton(Newton { learning_rate: problem.share * 2.0, momentum: 0.0 }), Optimizer::Newton(Newton { learning_rate: factor * problem.share * 2.0, momentum: 0.0 })),
        ] {
            let loss = |optimizer: Optimizer| theory::training_error(&problem.under(optimizer)).unwrap();
            prop_assert!(loss(mild) <= loss(sharp) * (1.0 + ROUNDING));
        }
    }

    #[test]
    fn transients_reach_the_stationary_law(problem in problems()) {
        let mild = Problem { share: problem.share.clamp(0.1, 0.9), ..problem };
        for optimizer in [Optimizer::Momentum(mild.heavy_ball()), Optimizer::Qhm(mild.qhm())] {
            let system = mild.under(optimizer);
            let n = system.dimension();
            let start = Moments { mean: DVector::from_element(n, 1.0), covariance: DMatrix::identity(n, n) };
            let end = theory::transient(&system, &start, 1 << 24).unwrap();
            prop_assert!(relative(&end.covariance, &sigma(&system)) < mild.rounding());
            prop_assert!(end.mean.amax() < 1e-12);
            // And the sum of the autocovariance is what its closed form says, from the shares of each direction.
            let times = theory::mode_autocorrelation_times(&system).unwrap();
            prop_assert!(times.iter().all(|&time| time > 0.0));
        }
    }

    #[test]
    fn past_the_limit_nothing_is_stationary(problem in problems(), beyond in 1.000_001..10.0_f64) {
        let past = Problem { share: beyond, ..problem };
        for optimizer in [Optimizer::Momentum(past.heavy_ball()), Optimizer::Qhm(past.qhm())] {
            let system = past.under(optimizer);
            let verdict = theory::stability(&system);
            prop_assert!(!verdict.stable && verdict.unstable_directions >= 1 && verdict.spectral_radius > 1.0);
            prop_assert!(verdict.summary.starts_with("unstable"));
            prop_assert!(theory::stationary_covariance(&system).is_none());
            prop_assert!(theory::training_error(&system).is_none());
            prop_assert!(theory::autocovariance(&system, 3).is_none());
            prop_assert!(theory::momentum_covariance(&system).is_none());
        }
    }

    #[test]
    fn self_consistent_optimizers_sustain_themselves(problem in problems(), momentum in 0.0..0.9_f64, form in 0..2) {
        let (n, k) = (problem.hessian.nrows(), &problem.hessian);
        // Noise in every direction, of the size of the gradient over a unit of the weights.
        let noise = (&problem.noise + DMatrix::identity(n, n) * 0.1) * (problem.scale * problem.scale);
        // Natural gradient: the stationary covariance behind λ (KΣK)⁻¹ is Σ.
        let natural = NaturalGradient { learning_rate: 0.3 * problem.scale, momentum, ..NaturalGradient::default() };
        let natural_sigma = theory::natural_gradient_covariance(k, &noise, &natural).unwrap();
        let inverse = symmetric(k * &natural_sigma * k).try_inverse().unwrap();
        let behind = Preconditioned { preconditioner: symmetric(inverse), learning_rate: natural.learning_rate, momentum, mixing: None };
        let again = sigma(&System::new(k, &noise, &Optimizer::Preconditioned(behind)).unwrap());
        prop_assert!(relative(&again, &natural_sigma) < 1e-6, "{:e}", relative(&again, &natural_sigma));
        let by_system = sigma(&System::new(k, &noise, &Optimizer::NaturalGradient(natural)).unwrap());
        prop_assert!(relative(&by_system, &natural_sigma) < 1e-9);
        // Adam: the same behind λ (KΣK + C)^{-1/2}, whole or diagonal, with averaged gradients.
        let form = [AdamForm::Matrix, AdamForm::Diagonal][form as usize];
        let adam = Adam { learning_rate: 0.3, beta1: momentum, epsilon: 0.0, form, ..Adam::default() };
        let adam_sigma = theory::adam_covariance(k, &noise, &adam).unwrap();
        let mut moment = symmetric(k * &adam_sigma * k + &noise);
        if form == AdamForm::Diagonal {
            moment = DMatrix::from_diagonal(&moment.diagonal());
        }
        let eigen = moment.symmetric_eigen();
        let root = DMatrix::from_diagonal(&eigen.eigenvalues.map(|value| 1.0 / value.sqrt()));
        let preconditioner = symmetric(&eigen.eigenvectors * root * eigen.eigenvectors.transpose());
        let behind = Preconditioned { preconditioner, learning_rate: 0.3 * (1.0 - momentum), momentum, mixing: None };
        let again = sigma(&System::new(k, &noise, &Optimizer::Preconditioned(behind)).unwrap());
        prop_assert!(relative(&again, &adam_sigma) < 1e-6, "{:e}", relative(&again, &adam_sigma));
    }

    #[test]
    fn effective_curvature_is_below_the_curvature(problem in problems()) {
        let system = problem.under(Optimizer::Momentum(problem.heavy_ball()));
        let (lambda, mu) = (problem.heavy_ball().learning_rate, problem.momentum);
        for (effective, k) in theory::effective_curvatures(&system).unwrap().iter().zip(system.modes().curvatures()) {
            let closed = k - lambda * k * k / (2.0 * (1.0 + mu));
            prop_assert!(*effective > 0.0 && effective <= k && (effective - closed).abs() < 1e-13 * k);
        }
    }

    #[test]
    fn the_long_run_alignment_is_bounded(problem in problems()) {
        let sgd = Problem { momentum: 0.0, ..problem };
        let system = sgd.under(Optimizer::Momentum(sgd.heavy_ball()));
        let (k, lambda) = (system.modes().curvatures(), sgd.heavy_ball().learning_rate);
        let bound = (2.0 - lambda * k[k.len() - 1]) / (2.0 - lambda * k[0]);
        let long_run = theory::alignment_ratio_long_run(&system).unwrap();
        prop_assert!(long_run.is_nan() || long_run <= bound * (1.0 + 1e-8), "{long_run} {bound}");
    }

    #[test]
    fn bad_numbers_are_refused(bad in prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(-1.0)], place in 0..4_usize) {
        let one = DMatrix::from_element(1, 1, 1.0);
        let spoiled = |default: f64, at: usize| if place == at { bad } else { default };
        let (learning_rate, momentum) = (spoiled(0.5, 0), spoiled(0.5, 1));
        let optimizers = [
            Optimizer::Momentum(Momentum { learning_rate, momentum }),
            Optimizer::Qhm(Qhm { learning_rate, momentum, mixing: spoiled(0.5, 2) }),
            Optimizer::Preconditioned(Preconditioned { preconditioner: DMatrix::from_element(1, 1, spoiled(1.0, 2)), learning_rate, momentum, mixing: None }),
            Optimizer::Newton(Newton { learning_rate, momentum }),
            Optimizer::NaturalGradient(NaturalGradient { learning_rate, momentum, ..NaturalGradient::default() }),
            Optimizer::Adam(Adam { learning_rate, beta1: momentum, epsilon: spoiled(0.0, 2), ..Adam::default() }),
        ];
        for optimizer in optimizers {
            let expected_bad = place < 2 || (place == 2 && !matches!(optimizer, Optimizer::Momentum(_) | Optimizer::Newton(_) | Optimizer::NaturalGradient(_)));
            prop_assert_eq!(optimizer.check().is_err(), expected_bad);
            prop_assert_eq!(System::new(&one, &one, &optimizer).is_err(), expected_bad);
        }
        let matrix = DMatrix::from_element(1, 1, bad);
        let sgd = Optimizer::default();
        prop_assert!(System::new(&matrix, &one, &sgd).is_err());
        prop_assert!(System::new(&one, &matrix, &sgd).is_err());
        let system = System::new(&one, &one, &sgd).unwrap();
        let at = |mean: f64, covariance: &DMatrix<f64>| Moments { mean: DVector::from_element(1, mean), covariance: covariance.clone() };
        prop_assert!(theory::transient(&system, &at(0.0, &matrix), 3).is_err());
        prop_assert!(bad == -1.0 || theory::transient(&system, &at(bad, &one), 3).is_err());
        let step = Step::from(Momentum { learning_rate: 0.5, momentum: 0.0 });
        prop_assert!(theory::mode_shape(&step, bad, 1.0, &NoiseLaw::Laplace).is_err());
        prop_assert!(theory::mode_shape(&step, 1.0, bad, &NoiseLaw::Laplace).is_err());
        let law = NoiseLaw::ChiSquared { degrees: bad };
        prop_assert!(theory::mode_shape(&step, 1.0, 1.0, &law).is_err());
        prop_assert!(theory::adam_variance(bad, 1.0, 1.0).is_err() && theory::adam_variance(1.0, 1.0, bad).is_err());
        prop_assert!(theory::rank_deficient(&matrix, &one, &step).is_err());
        let white = NoiseCovariance::White { variance: bad };
        prop_assert!(white.check(&sgd).is_err());
        let time = if bad > 0.0 { -1.0 } else { bad };
        prop_assert!(continuous::transient(&system, &Moments::at_minimum(1), time).is_err());
    }
}

#[test]
fn sizes_that_do_not_fit_are_refused() {
    let (one, two, none) =
        (DMatrix::<f64>::identity(1, 1), DMatrix::<f64>::identity(2, 2), DMatrix::<f64>::zeros(0, 0));
    let sgd = Optimizer::default();
    let lopsided = DMatrix::from_row_slice(2, 2, &[1.0, 0.5, 0.4, 1.0]);
    let indefinite = DMatrix::from_row_slice(2, 2, &[1.0, 2.0, 2.0, 1.0]);
    for (hessian, noise) in [
        (&one, &two),
        (&two, &one),
        (&none, &none),
        (&none, &one),
        (&lopsided, &two),
        (&two, &lopsided),
        (&indefinite, &two),
        (&two, &indefinite),
    ] {
        assert!(System::new(hessian, noise, &sgd).is_err());
        assert!(theory::newton_covariance(hessian, noise, &Newton::default()).is_err());
        assert!(theory::natural_gradient_covariance(hessian, noise, &NaturalGradient::default()).is_err());
        assert!(theory::adam_covariance(hessian, noise, &Adam::default()).is_err());
        assert!(theory::rank_deficient(hessian, noise, &Step::from(Momentum::default())).is_err());
    }
    for preconditioner in [&one, &none, &lopsided, &indefinite, &DMatrix::zeros(2, 2)] {
        let optimizer = Preconditioned { preconditioner: preconditioner.clone(), ..Preconditioned::default() };
        assert!(System::new(&two, &two, &Optimizer::Preconditioned(optimizer)).is_err());
    }
    let system = System::new(&two, &two, &Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.0 })).unwrap();
    assert!(theory::transient(&system, &Moments::at_minimum(1), 1).is_err());
    assert!(theory::decay(&system, &DVector::zeros(3), 1).is_err());
    assert!(theory::expected_loss(system.modes(), &DVector::zeros(2), &one).is_err());
    assert!(theory::expected_loss(system.modes(), &DVector::zeros(1), &two).is_err());
    assert!(system.modes().to_eigenbasis(&one).is_err());
    assert!(system.modes().from_eigenbasis(&none).is_err());
}

#[test]
fn natural_gradient_without_noise_stands_on_the_limit() {
    let hessian = DMatrix::from_row_slice(2, 2, &[1.0, 0.2, 0.2, 0.5]);
    let natural =
        Optimizer::NaturalGradient(NaturalGradient { learning_rate: 0.3, momentum: 0.4, ..NaturalGradient::default() });
    let noise = DMatrix::from_row_slice(2, 2, &[1.0, 1.0, 1.0, 1.0]); // of rank one
    for noise in [DMatrix::zeros(2, 2), noise] {
        let verdict = theory::stability(&System::new(&hessian, &noise, &natural).unwrap());
        assert!(!verdict.stable && verdict.summary.contains("has reached"), "{}", verdict.summary);
    }
}
