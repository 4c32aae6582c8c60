//! Predictions of documents of every kind, each against a computation that does not go through the document.

use noisy_descent::loss::Loss;
use noisy_descent::matrix::from_rows;
use noisy_descent::nalgebra::{DMatrix, DVector, dmatrix};
use noisy_descent::noise::Sampling;
use noisy_descent::optimizer::{Momentum, Optimizer, Step};
use noisy_descent::theory::kramers::{self, Escape, EscapeNoise, PiecewiseQuadratic};
use noisy_descent::theory::minibatch::{MinibatchApproximation, MinibatchDescent, MinibatchTheory, approximate_noise};
use noisy_descent::theory::{
    self, Law, Moments, Prediction, Predictor, Relaxation, System, burn_in, predict_after, rank_deficient,
    relaxation_steps, transient,
};
use noisy_descent::{Scenario, predict};
use serde_json::{Value, json};

fn read(parts: Value) -> Scenario {
    let mut document = json!({ "version": 1 });
    for (key, value) in parts.as_object().expect("parts") {
        document[key] = value.clone();
    }
    Scenario::read(document).unwrap_or_else(|problems| panic!("{}", problems[0]))
}

fn covariance(law: &Law) -> DMatrix<f64> {
    from_rows("covariance", &law.covariance).expect("a matrix")
}

#[track_caller]
fn close(got: &DMatrix<f64>, want: &DMatrix<f64>) {
    assert!((got - want).amax() <= 1e-11 * want.amax(), "{got} is not {want}");
}

#[test]
fn along_a_flat_direction_the_weights_walk_at_random() {
    let hessian = json!([[1.0, 0.5, 0.0], [0.5, 0.25, 0.0], [0.0, 0.0, 0.4]]);
    let scenario = read(json!({
        "loss": { "kind": "quadratic", "hessian": hessian },
        "optimizer": { "kind": "momentum", "learning_rate": 0.6, "momentum": 0.5 },
        "run": { "steps": 300 },
    }));
    let prediction = predict(&scenario).expect("a prediction");
    let stability = &prediction.stability;
    assert!(!stability.stable && stability.flat_directions == 1 && stability.unstable_directions == 0);
    // λ_eff² σ² = 1.44 a step along (−1, 2)/√5.
    assert_eq!(stability.diffusion.len(), 1);
    let diffusion = &stability.diffusion[0];
    assert!((diffusion.growth_rate - 1.44).abs() < 1e-12);
    assert!(
        (diffusion.direction[0] / diffusion.direction[1] + 0.5).abs() < 1e-12 && diffusion.direction[2].abs() < 1e-12
    );
    assert!(
        stability.summary.contains("flat along 1 of 3 directions; noise accumulates there"),
        "{}",
        stability.summary
    );
    assert!(stability.summary.ends_with("grows by 1.44 a step"), "{}", stability.summary);

    let (hessian, step) =
        (scenario.loss.hessian().unwrap(), Step::from(Momentum { learning_rate: 0.6, momentum: 0.5 }));
    let flat = rank_deficient(&hessian, &DMatrix::identity(3, 3), &step).unwrap();
    let want = flat.transient(&Moments::at_minimum(3), 300).unwrap();
    let discrete = prediction.discrete.as_ref().expect("the curved directions settle");
    assert!(discrete.stationary.is_none() && prediction.continuous.stationary.is_none());
    close(&covariance(&discrete.at_end), &want.covariance);
    assert!((discrete.at_end.training_error / flat.training_error.unwrap() - 1.0).abs() < 1e-9);
    // The diffusion walks as fast, λ_eff² σ² t, and settles elsewhere.
    let along = DVector::from_column_slice(&diffusion.direction);
    let walked = along.dot(&(covariance(&prediction.continuous.at_end) * &along));
    assert!((walked / (1.44 * 300.0) - 1.0).abs() < 1e-12);
    assert!(prediction.modes[2].continuous.is_none() && prediction.modes[2].discrete.is_none());
    // The curved directions settle, each by itself.
    for mode in &prediction.modes[..2] {
        let direction = DVector::from_column_slice(&mode.direction);
        let want = direction.dot(&(flat.covariance.as_ref().unwrap() * &direction));
        assert!((mode.discrete.unwrap() / want - 1.0).abs() < 1e-12, "{mode:?}");
        assert!((mode.continuous.unwrap() * 2.0 * mode.curvature / 1.2 - 1.0).abs() < 1e-12, "{mode:?}"); // λ/(1 − μ)
        let time = 1.0 / (mode.curvature.powi(2) * want);
        assert!((mode.autocorrelation_time.unwrap() / time - 1.0).abs() < 1e-12, "{mode:?}");
    }
    assert_eq!(prediction.exact, prediction.discrete);
    assert_eq!(relaxation_steps(&scenario, 1e-3).unwrap(), Relaxation::Never);

    // Too sharp as well: nothing settles.
    let sharp = scenario.with_number("learning_rate", 5.0).unwrap();
    let sharp = predict(&sharp).unwrap();
    assert!(sharp.discrete.is_none());
    // λk = 6.25 is beyond 2(1 + μ) = 3, λk = 2 is not.
    assert_eq!(sharp.modes.iter().map(|mode| mode.discrete.is_some()).collect::<Vec<_>>(), [false, true, false]);
    assert!(sharp.modes[0].continuous.is_some());
}

#[test]
fn behind_a_preconditioner_a_flat_loss_stays_flat() {
    let scenario = read(json!({
        "loss": { "kind": "quadratic", "hessian": [[1, 1], [1, 1]] },
        "optimizer": { "kind": "preconditioned", "learning_rate": 0.3, "preconditioner": [[2, 0.5], [0.5, 0.7]] },
        "run": { "steps": 40 },
    }));
    let prediction = predict(&scenario).expect("a prediction");
    // The update itself, on the covariance of the weights.
    let (k, p) = (dmatrix![1.0, 1.0; 1.0, 1.0], dmatrix![2.0, 0.5; 0.5, 0.7] * 0.3);
    let across = DMatrix::identity(2, 2) - &p * &k;
    let mut want = DMatrix::zeros(2, 2);
    let mut before = want.clone();
    for _ in 0..40 {
        before = want.clone();
        want = &across * &want * across.transpose() + &p * p.transpose();
    }
    close(&covariance(&prediction.discrete.unwrap().at_end), &want);
    let growth = (want - before).symmetric_eigen();
    let [diffusion] = &prediction.stability.diffusion[..] else { panic!("one direction") };
    assert!((diffusion.growth_rate / growth.eigenvalues.max() - 1.0).abs() < 1e-9);

    // However the rounding of a product falls, a flat direction is flat behind a preconditioner.
    for n in 1..60 {
        let slope = f64::from(n) * 0.173;
        let scenario = read(json!({
            "loss": { "kind": "quadratic", "hessian": [[1.0, slope], [slope, slope * slope]] },
            "optimizer": { "kind": "preconditioned", "learning_rate": 0.01,
                "preconditioner": [[1.0 + 0.07 * f64::from(n), 0.3], [0.3, 0.4]] },
        }));
        let stability = predict(&scenario).expect("a prediction").stability;
        assert_eq!((stability.flat_directions, stability.unstable_directions), (1, 0), "slope {slope}");
    }
}

#[test]
fn noise_that_spares_a_flat_direction_leaves_the_weights_there() {
    let scenario = |start: Value| {
        read(json!({
            "loss": { "kind": "quadratic", "hessian": [[2, 0], [0, 0]] },
            "noise": { "covariance": { "kind": "hessian", "scale": 0.5 } },
            "optimizer": { "kind": "momentum", "learning_rate": 0.5, "momentum": 0.3 },
            "run": { "steps": 500, "start": start },
        }))
    };
    let at_rest = predict(&scenario(json!({ "kind": "minimum" }))).unwrap();
    assert!(at_rest.stability.diffusion.is_empty());
    assert!(at_rest.stability.summary.ends_with("no noise reaches them, the weights stay there where they started"));
    let scattered = predict(&scenario(json!({ "kind": "gaussian", "covariance": [[3, 1], [1, 7]] }))).unwrap();
    for theory in [&scattered.continuous, scattered.discrete.as_ref().unwrap()] {
        let settled = theory.stationary.as_ref().expect("a law");
        close(&covariance(settled), &covariance(&theory.at_end));
        assert!((settled.covariance[1][1] - 7.0).abs() < 1e-12 && settled.covariance[0][1].abs() < 1e-12);
    }
    let moved = predict(&scenario(json!({ "kind": "point", "weights": [5, -4] }))).unwrap();
    let mean = &moved.discrete.as_ref().unwrap().stationary.as_ref().unwrap().mean;
    assert!(mean[0].abs() < 1e-12 && (mean[1] + 4.0).abs() < 1e-12);
    // The curved direction alone: (0.3ᵗ)^{1/2} is left of a deviation, since a₂ = μ = 0.3 and the roots are complex.
    let Relaxation::Within(steps) = relaxation_steps(&scenario(json!({ "kind": "minimum" })), 1e-3).unwrap() else {
        panic!("it settles")
    };
    assert!((5..=8).contains(&steps), "0.3⁶ < 10⁻³: {steps}");
}

#[test]
fn every_start_is_followed_from_where_it_is() {
    let scenario = |start: Value, steps: u32| {
        read(json!({
            "loss": { "kind": "quadratic", "hessian": [[1, 0.3], [0.3, 0.5]] },
            "optimizer": { "kind": "qhm", "learning_rate": 0.9, "momentum": 0.6, "mixing": 0.5 },
            "run": { "steps": steps, "start": start },
        }))
    };
    let at_end = |prediction: Prediction| prediction.discrete.unwrap().at_end;
    let system = scenario(json!({ "kind": "minimum" }), 1).system().unwrap();
    for steps in [1, 5, 60] {
        let start = Moments { mean: DVector::from_vec(vec![3.0, -1.0]), covariance: DMatrix::zeros(2, 2) };
        let want = transient(&system, &start, steps).unwrap();
        let got = at_end(predict(&scenario(json!({ "kind": "point", "weights": [3, -1] }), steps as u32)).unwrap());
        close(&covariance(&got), &want.covariance);
        assert!((got.mean[0] - want.mean[0]).abs() < 1e-12);

        let start = Moments { mean: DVector::zeros(2), covariance: dmatrix![4.0, 1.0; 1.0, 2.0] };
        let want = transient(&system, &start, steps).unwrap();
        let gaussian = scenario(json!({ "kind": "gaussian", "covariance": [[4, 1], [1, 2]] }), steps as u32);
        close(&covariance(&at_end(predict(&gaussian).unwrap())), &want.covariance);

        // A stationary start is a longer run, velocity and all.
        let burned = scenario(json!({ "kind": "stationary", "burn_in": 7 }), steps as u32);
        let longer = scenario(json!({ "kind": "minimum" }), steps as u32 + 7);
        assert_eq!(at_end(predict(&burned).unwrap()), at_end(predict(&longer).unwrap()));
        assert_eq!(predict(&burned).unwrap().continuous, predict(&longer).unwrap().continuous);
    }
    let settled = scenario(json!({ "kind": "stationary" }), 1);
    let prediction = predict_after(&settled, 0).unwrap().discrete.unwrap();
    let (at_end, stationary) = (covariance(&prediction.at_end), covariance(&prediction.stationary.unwrap()));
    assert!((at_end - &stationary).amax() < 2e-6 * stationary.amax());
    let steps = burn_in(&settled).unwrap();
    assert!((3..100).contains(&steps), "{steps}");
    // Past the limit there is nothing to wait for; the start is the minimum.
    let unstable = settled.with_number("learning_rate", 90.0).unwrap();
    assert_eq!(burn_in(&unstable).unwrap(), 0);
    assert!(predict(&unstable).unwrap().discrete.is_none());
}

fn on_data(covariance: Value, optimizer: Value, run: Value) -> Scenario {
    read(json!({
        "loss": { "kind": "least_squares", "data": { "kind": "diabetes", "columns": ["bmi", "s5"] } },
        "noise": { "covariance": covariance },
        "optimizer": optimizer,
        "run": run,
    }))
}

#[test]
fn minibatches_have_the_papers_approximation_and_their_own_theory() {
    let minibatch = json!({ "kind": "minibatch", "batch_size": 4, "sampling": "without_replacement" });
    let optimizer = json!({ "kind": "momentum", "learning_rate": 0.5, "momentum": 0.4 });
    let scenario =
        on_data(minibatch, optimizer, json!({ "steps": 6, "start": { "kind": "point", "weights": [1, 2] } }));
    let Loss::LeastSquares(loss) = &scenario.loss else { panic!("least squares") };
    let data = loss.regression().unwrap();
    let prediction = predict(&scenario).unwrap();

    let sampling = Sampling::WithoutReplacement;
    let approximate = approximate_noise(data, sampling, 4, MinibatchApproximation::Hessian).unwrap();
    let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.4 });
    let system = System::new(data.hessian(), &approximate, &sgd).unwrap();
    let start = Moments { mean: DVector::from_vec(vec![1.0, 2.0]), covariance: DMatrix::zeros(2, 2) };
    let discrete = prediction.discrete.as_ref().unwrap();
    close(&covariance(&discrete.at_end), &transient(&system, &start, 6).unwrap().covariance);
    let settled = theory::stationary_covariance(&system).unwrap();
    close(&covariance(discrete.stationary.as_ref().unwrap()), &settled);
    let diffusion = theory::continuous::stationary_covariance(&system);
    close(&covariance(prediction.continuous.stationary.as_ref().unwrap()), &diffusion);

    let exact = prediction.exact.as_ref().expect("an exact theory");
    let descent = MinibatchDescent::new(data, sampling, 4, &system).unwrap();
    close(&covariance(&exact.at_end), &descent.transient(&start, 6).unwrap().covariance);
    let theory = MinibatchTheory::new(data, sampling, 4, 0.4).unwrap();
    let settled = theory.stationary(0.5).unwrap().unwrap();
    close(&covariance(exact.stationary.as_ref().unwrap()), &settled.covariance);
    let error = exact.stationary.as_ref().unwrap().training_error;
    assert!((error / settled.excess_loss - 1.0).abs() < 1e-11);
    let stability = prediction.exact_stability.expect("a limit");
    assert!((stability.learning_rate_limit / theory.learning_rate_limit() - 1.0).abs() < 1e-12);
    assert!(prediction.exact_note.is_empty() && prediction.modes.iter().all(|mode| mode.shape.is_none()));

    // Between the limits only the mean converges.
    let between = 0.5 * (theory.learning_rate_limit() + stability.mean_limit);
    let prediction = predict(&scenario.with_number("learning_rate", between).unwrap()).unwrap();
    assert!(prediction.discrete.is_some() && prediction.exact.is_none() && prediction.exact_note.is_empty());
    assert!(!prediction.exact_stability.unwrap().stable);
}

#[test]
fn where_there_is_no_exact_theory_the_reason_is_said() {
    let momentum = json!({ "kind": "momentum", "learning_rate": 0.1 });
    let epochs = on_data(json!({ "kind": "minibatch", "sampling": "epoch" }), momentum.clone(), json!({}));
    let prediction = predict(&epochs).unwrap();
    assert!(prediction.exact.is_none() && prediction.exact_stability.is_none() && prediction.discrete.is_some());
    assert_eq!(prediction.exact_note, "there is no exact theory of sampling epoch: its batches depend on each other");
    let adam = on_data(json!({ "kind": "minibatch" }), json!({ "kind": "adam", "learning_rate": 0.1 }), json!({}));
    let prediction = predict(&adam).unwrap();
    assert_eq!(prediction.exact_note, "there is none for minibatches under adam");
    assert!(prediction.exact.is_none() && prediction.discrete.is_some());
    // A constant noise on the same data is a quadratic loss.
    let white = on_data(json!({ "kind": "white", "variance": 2 }), momentum, json!({}));
    let prediction = predict(&white).unwrap();
    assert!(prediction.exact.is_some() && prediction.exact == prediction.discrete);
}

#[test]
fn minibatches_settle_when_the_exact_theory_says() {
    for (optimizer, momentum) in [("momentum", 0.0), ("momentum", 0.8), ("qhm", 0.8)] {
        let optimizer = json!({ "kind": optimizer, "learning_rate": 0.1, "momentum": momentum });
        let scenario = on_data(json!({ "kind": "minibatch", "batch_size": 2 }), optimizer, json!({}));
        for tolerance in [0.1, 1e-3, 1e-6] {
            let Relaxation::Within(steps) = relaxation_steps(&scenario, tolerance).unwrap() else {
                panic!("it settles")
            };
            let predictor = Predictor::new(&scenario).unwrap();
            let modes = predictor.system().modes().directions().clone();
            let missing = |steps: u64| {
                let exact = predictor.after(steps).unwrap().exact.unwrap();
                let settled = modes.transpose() * covariance(exact.stationary.as_ref().unwrap()) * &modes;
                let now = modes.transpose() * covariance(&exact.at_end) * &modes;
                (0..2).map(|i| 1.0 - now[(i, i)] / settled[(i, i)]).fold(0.0, f64::max)
            };
            assert!(missing(steps) <= tolerance * (1.0 + 1e-6), "{tolerance}: {}", missing(steps));
            // The velocity may be what settles last, a few steps later.
            assert!(missing(steps - steps.min(5)) > tolerance, "{tolerance} at {steps} steps");
        }
        let beyond = scenario.with_number("learning_rate", 30.0).unwrap();
        assert_eq!(relaxation_steps(&beyond, 1e-3).unwrap(), Relaxation::Never);
        assert_eq!(relaxation_steps(&scenario, 1.0).unwrap_err().parameter(), "tolerance");
    }
}

fn fig_6(optimizer: Value, covariance: Value, scale: f64) -> Scenario {
    read(json!({
        "loss": { "kind": "piecewise_quadratic", "well_curvature": scale, "barrier_curvature": scale },
        "noise": { "covariance": covariance },
        "optimizer": optimizer,
    }))
}

#[test]
fn escapes_are_those_of_the_theory_of_kramers() {
    let sgd = json!({ "kind": "momentum", "learning_rate": 0.15 });
    let curvature = json!({ "kind": "curvature", "batch_size": 1 });
    // Fig. 6(b) at r = 10, per unit of r |k_b| s: five numbers from an independent computation.
    let prediction = predict(&fig_6(sgd.clone(), curvature.clone(), 10.0)).unwrap();
    let escape = prediction.escape.expect("an exit");
    assert_eq!((escape.exit, escape.lower_exit, escape.note.as_str()), (Some(2.0), None, ""));
    for (rate, want) in [
        (escape.exact, 2.46e-2),
        (escape.printed, 3.18e-2),
        (escape.self_consistent, 1.55e-2),
        (escape.continuous, 5.68e-3),
    ] {
        let rate = rate.expect("a rate");
        assert!((rate.rate.unwrap() / 10.0 / want - 1.0).abs() < 5e-3, "{rate:?} is not {want}");
        assert!((rate.rate_per_step.unwrap() / rate.rate.unwrap() - 0.15).abs() < 0.01);
    }
    // Of the well's parabola.
    let (variance, x) = (prediction.discrete.unwrap().stationary.unwrap().covariance[0][0], 1.5);
    assert!((variance - 0.15 / (2.0 - x)).abs() < 1e-12, "λC/(k(2 − λk)) with C = k");
    assert!(prediction.exact.is_none() && !prediction.exact_note.is_empty());

    // Escape times do not depend on the steps, and are left out where only these change.
    assert!(predict_after(&fig_6(sgd.clone(), curvature.clone(), 10.0), 3).unwrap().escape.is_none());
    // Damped Newton with λ is SGD with λ/k.
    let newton = fig_6(json!({ "kind": "newton", "learning_rate": 1.5 }), curvature.clone(), 10.0);
    let same = predict(&newton).unwrap().escape.unwrap().exact.unwrap();
    assert!((same.rate.unwrap() / escape.exact.unwrap().rate.unwrap() - 1.0).abs() < 1e-9);
    let constant = EscapeNoise::Constant { variance: 0.4 };
    let walker = Escape::new(PiecewiseQuadratic::new(1.0, 1.0, 1.0).unwrap(), constant, 0.15, 2.0).unwrap();
    let white = predict(&fig_6(sgd, json!({ "kind": "white", "variance": 0.4 }), 1.0)).unwrap().escape.unwrap();
    assert!(white.printed.is_none() && white.note.contains("Eq. 23 is for one barrier"), "{}", white.note);
    let (exact, continuous) = (white.exact.unwrap(), white.continuous.unwrap());
    assert_eq!(exact.mean_first_passage, kramers::chain_escape(&walker).unwrap().mean_first_passage);
    assert_eq!(continuous.mean_first_passage, kramers::diffusion_first_passage(&walker).unwrap());
}

#[test]
fn where_there_is_no_theory_of_escape_the_reason_is_said() {
    let curvature = json!({ "kind": "curvature", "batch_size": 1 });
    let note = |scenario: &Scenario| {
        let escape = predict(scenario).unwrap().escape.expect("an exit");
        assert!(escape.exact.is_none() && escape.continuous.is_none());
        escape.note
    };
    let momentum = json!({ "kind": "momentum", "learning_rate": 0.15, "momentum": 0.5 });
    assert_eq!(
        note(&fig_6(momentum, curvature.clone(), 1.0)),
        "the theory of escape is for plain SGD, without momentum"
    );
    let fast = json!({ "kind": "momentum", "learning_rate": 2.5 });
    assert_eq!(note(&fig_6(fast, curvature.clone(), 1.0)), "escape: learning_rate must lie in (0, 2), got 2.5");
    let quiet = json!({ "kind": "white", "variance": 0 });
    let sgd = json!({ "kind": "momentum", "learning_rate": 0.15 });
    assert!(note(&fig_6(sgd.clone(), quiet, 1.0)).contains("variance must lie in (0, ∞), got 0"));
    let smooth = read(json!({
        "loss": { "kind": "polynomial", "coefficients": [0, 0, 0.5, -0.333] },
        "noise": { "covariance": curvature },
        "optimizer": sgd,
    }));
    assert!(note(&smooth).contains("white must lie in (0, ∞) where the curvature vanishes"));
    let laplace = read(json!({
        "loss": { "kind": "piecewise_quadratic" },
        "noise": { "law": { "kind": "laplace" } },
        "optimizer": sgd,
    }));
    let escape = predict(&laplace).unwrap().escape.unwrap();
    assert!(escape.exact.is_none() && escape.continuous.is_some() && escape.note.contains("Gaussian law"));
    // A wall on both sides: nothing escapes, and a given exit is a first passage.
    let bowl = |exit: Value| read(json!({ "loss": exit, "optimizer": sgd }));
    let coefficients = [0.0, 0.0, 0.5, 0.0, 0.25];
    assert!(predict(&bowl(json!({ "kind": "polynomial", "coefficients": coefficients }))).unwrap().escape.is_none());
    let passage = bowl(json!({ "kind": "polynomial", "coefficients": coefficients, "exit": 0.7 }));
    let escape = predict(&passage).unwrap().escape.unwrap();
    assert!(escape.exact.is_some() && escape.continuous.unwrap().rate.is_none());
}

#[test]
fn a_polynomial_is_left_on_the_side_of_its_barriers() {
    let scenario = |coefficients: [f64; 5]| {
        read(json!({
            "loss": { "kind": "polynomial", "coefficients": coefficients },
            "noise": { "covariance": { "kind": "white", "variance": 0.3 } },
            "optimizer": { "kind": "momentum", "learning_rate": 0.4 },
        }))
    };
    let escape = |coefficients| predict(&scenario(coefficients)).unwrap().escape.expect("an exit");
    let right = escape([0.0, 0.0, 0.5, -1.0 / 3.0, 0.0]);
    let left = escape([0.0, 0.0, 0.5, 1.0 / 3.0, 0.0]);
    let close = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-9;
    assert!(close(right.exit.unwrap(), 2.0) && close(left.lower_exit.unwrap(), -2.0) && left.exit.is_none());
    let time = |escape: &theory::EscapePrediction| escape.exact.unwrap().mean_first_passage;
    assert!(close(time(&left), time(&right)), "{left:?} {right:?}");
    assert!(close(left.continuous.unwrap().rate.unwrap(), right.continuous.unwrap().rate.unwrap()));
    // Over two equal barriers it goes about twice as fast as over one of them.
    let both = escape([0.0, 0.0, 0.5, 0.0, -0.25]);
    assert!(both.exit.is_some() && both.lower_exit.is_some() && both.continuous.unwrap().rate.is_none());
    let walker = |low: f64| {
        let potential = kramers::Polynomial::new(&[0.0, 0.0, 0.5, 0.0, -0.25], 0.0).unwrap();
        Escape::two_sided(potential, EscapeNoise::Constant { variance: 0.3 }, 0.4, low, 2.0).unwrap()
    };
    assert!(close(time(&both), kramers::chain_escape(&walker(-2.0)).unwrap().mean_first_passage));
}
