//! Minibatch descent on small data sets against every batch that can be drawn.

use noisy_descent::loss::LinearRegression;
use noisy_descent::nalgebra::{DMatrix, DVector, dmatrix};
use noisy_descent::noise::Sampling;
use noisy_descent::optimizer::{Momentum, Newton, Optimizer, Preconditioned, Qhm};
use noisy_descent::theory::minibatch::{MinibatchDescent, MinibatchTheory};
use noisy_descent::theory::{Moments, System};

/// Rounding of a few hundred operations.
const ROUNDING: f64 = 1e-10;

fn data() -> LinearRegression {
    let inputs =
        DMatrix::from_fn(7, 2, |i, j| ((3 * i + 5 * j + 1) as f64).sin() * if j == 0 { 1.3 } else { 0.6 } + 0.2);
    LinearRegression::new(inputs, DVector::from_fn(7, |i, _| (2.0 * i as f64).cos() + 0.3)).expect("regular data")
}

fn optimizers(learning_rate: f64) -> Vec<Optimizer> {
    let preconditioner = dmatrix![1.5, 0.4; 0.4, 0.8];
    vec![
        Optimizer::Momentum(Momentum { learning_rate, momentum: 0.0 }),
        Optimizer::Momentum(Momentum { learning_rate, momentum: 0.6 }),
        Optimizer::Qhm(Qhm { learning_rate, momentum: 0.7, mixing: 0.4 }),
        Optimizer::Preconditioned(Preconditioned {
            preconditioner: preconditioner.clone(),
            learning_rate,
            momentum: 0.5,
            mixing: None,
        }),
        Optimizer::Preconditioned(Preconditioned { preconditioner, learning_rate, momentum: 0.5, mixing: Some(0.3) }),
        Optimizer::Newton(Newton { learning_rate, momentum: 0.2 }),
    ]
}

/// Every batch of two samples, equally likely.
fn batches(sampling: Sampling) -> Vec<[usize; 2]> {
    let all = (0..7).flat_map(|i| (0..7).map(move |j| [i, j]));
    all.filter(|[i, j]| sampling == Sampling::WithReplacement || i != j).collect()
}

/// One step on `(u, m)` for one batch: its matrix and its constant part, from the update of the optimizer itself.
fn step(data: &LinearRegression, optimizer: &Optimizer, batch: &[usize]) -> (DMatrix<f64>, DVector<f64>) {
    let d = data.dimension();
    let matrix = match optimizer {
        Optimizer::Preconditioned(optimizer) => optimizer.preconditioner.clone(),
        Optimizer::Newton(_) => data.hessian().clone().try_inverse().expect("regular"),
        _ => DMatrix::identity(d, d),
    };
    let apply = |state: &DVector<f64>, one: f64| -> DVector<f64> {
        let (u, m) = (state.rows(0, d), state.rows(d, d));
        let mut gradient = DVector::zeros(d);
        for &n in batch {
            let x = data.inputs().row(n).transpose();
            gradient += &x * ((x.dot(&u) + one * data.residuals()[n]) / batch.len() as f64);
        }
        let (lambda, mu, mixing) = match optimizer {
            Optimizer::Momentum(o) => (o.learning_rate, o.momentum, None),
            Optimizer::Qhm(o) => (o.learning_rate, o.momentum, Some(o.mixing)),
            Optimizer::Preconditioned(o) => (o.learning_rate, o.momentum, o.mixing),
            Optimizer::Newton(o) => (o.learning_rate, o.momentum, None),
            other => panic!("{other:?}"),
        };
        let (velocity, change) = match mixing {
            None => (m * mu + &gradient, m * mu + &gradient),
            Some(nu) => {
                let velocity = m * mu + &gradient * (1.0 - mu);
                (velocity.clone(), &gradient * (1.0 - nu) + velocity * nu)
            }
        };
        let mut next = DVector::zeros(2 * d);
        next.rows_mut(0, d).copy_from(&(u - &matrix * change * lambda));
        next.rows_mut(d, d).copy_from(&velocity);
        next
    };
    let constant = apply(&DVector::zeros(2 * d), 1.0);
    let mut linear = DMatrix::zeros(2 * d, 2 * d);
    for i in 0..2 * d {
        let unit = DVector::from_fn(2 * d, |j, _| f64::from(u8::from(i == j)));
        linear.set_column(i, &apply(&unit, 0.0));
    }
    (linear, constant)
}

/// Mean and second moment of `(u, m)` after some steps, averaged over every batch.
fn enumerated(
    data: &LinearRegression,
    optimizer: &Optimizer,
    sampling: Sampling,
    start: &Moments,
    steps: u64,
) -> Moments {
    let d = data.dimension();
    let all: Vec<_> = batches(sampling).iter().map(|batch| step(data, optimizer, batch)).collect();
    let count = all.len() as f64;
    let mut mean = DVector::zeros(2 * d);
    mean.rows_mut(0, d).copy_from(&start.mean);
    let mut second = DMatrix::zeros(2 * d, 2 * d);
    second.view_mut((0, 0), (d, d)).copy_from(&(&start.covariance + &start.mean * start.mean.transpose()));
    for _ in 0..steps {
        let (mut next_mean, mut next) = (DVector::zeros(2 * d), DMatrix::zeros(2 * d, 2 * d));
        for (matrix, constant) in &all {
            let moved = matrix * &mean;
            next_mean += (&moved + constant) / count;
            let crossed = &moved * constant.transpose();
            next += (matrix * &second * matrix.transpose()
                + &crossed
                + crossed.transpose()
                + constant * constant.transpose())
                / count;
        }
        (mean, second) = (next_mean, next);
    }
    let covariance = &second - &mean * mean.transpose();
    Moments { mean: mean.rows(0, d).into_owned(), covariance: covariance.view((0, 0), (d, d)).into_owned() }
}

fn descent(data: &LinearRegression, sampling: Sampling, optimizer: &Optimizer) -> MinibatchDescent {
    let system = System::new(data.hessian(), &DMatrix::zeros(2, 2), optimizer).expect("a system");
    MinibatchDescent::new(data, sampling, 2, &system).expect("a descent")
}

fn off(got: &Moments, want: &Moments) -> f64 {
    let scale = want.covariance.amax().max(want.mean.amax().powi(2)).max(f64::MIN_POSITIVE);
    ((&got.covariance - &want.covariance).amax() / scale).max((&got.mean - &want.mean).amax() / scale.sqrt())
}

#[test]
fn every_step_is_the_average_over_every_batch() {
    let data = data();
    let starts = [
        Moments::at_minimum(2),
        Moments { mean: DVector::from_vec(vec![3.0, -2.0]), covariance: DMatrix::zeros(2, 2) },
        Moments { mean: DVector::from_vec(vec![0.1, 0.5]), covariance: dmatrix![1.0, 0.3; 0.3, 0.5] },
    ];
    for sampling in [Sampling::WithReplacement, Sampling::WithoutReplacement] {
        for optimizer in optimizers(0.4) {
            let descent = descent(&data, sampling, &optimizer);
            for start in &starts {
                // Some by steps, some by doubling.
                for steps in [0, 1, 2, 9, 60, 500, 3000] {
                    let got = descent.transient(start, steps).expect("a start");
                    let want = enumerated(&data, &optimizer, sampling, start, steps);
                    assert!(off(&got, &want) < ROUNDING, "{optimizer:?}, {steps} steps: {:e}", off(&got, &want));
                }
            }
        }
    }
}

#[test]
fn the_stationary_state_is_where_the_steps_lead() {
    let data = data();
    for optimizer in optimizers(0.5) {
        let descent = descent(&data, Sampling::WithoutReplacement, &optimizer);
        let state = descent.stationary().expect("finite").expect("stable");
        let long = descent.transient(&Moments::at_minimum(2), 1_000_000).expect("a start");
        assert!((&state.covariance - &long.covariance).amax() < ROUNDING * state.covariance.amax(), "{optimizer:?}");
        // Its own noise, taken as constant, gives the same.
        let system = System::new(data.hessian(), &state.noise_covariance, &optimizer).expect("a system");
        let again = noisy_descent::theory::stationary_covariance(&system).expect("stable");
        assert!((&state.covariance - &again).amax() < ROUNDING * again.amax(), "{optimizer:?}");
        assert!((0.5 * (data.hessian() * again).trace() / state.excess_loss - 1.0).abs() < ROUNDING);
    }
}

#[test]
fn the_limit_divides_growth_from_rest() {
    let data = data();
    for optimizer in optimizers(1.0) {
        for sampling in [Sampling::WithReplacement, Sampling::WithoutReplacement] {
            let stability = descent(&data, sampling, &optimizer).stability().expect("a limit");
            let limit = stability.learning_rate_limit;
            assert!(limit < stability.mean_limit);
            let at = |learning_rate: f64| {
                let optimizer =
                    &optimizers(learning_rate)[optimizers(1.0).iter().position(|o| *o == optimizer).unwrap()];
                let descent = descent(&data, sampling, optimizer);
                let long = descent.transient(&Moments::at_minimum(2), 4_000_000).expect("a start").covariance;
                (descent.is_stable(), long.amax() < 1e12)
            };
            assert_eq!(at(limit * (1.0 - 1e-5)), (true, true), "{optimizer:?}");
            assert_eq!(at(limit * (1.0 + 1e-5)), (false, false), "{optimizer:?}");
            if let Optimizer::Momentum(momentum) = &optimizer {
                let theory = MinibatchTheory::new(&data, sampling, 2, momentum.momentum).expect("a theory");
                assert!((theory.learning_rate_limit() / limit - 1.0).abs() < 1e-12);
                let direction = theory.stability(1.0).expect("a limit").direction;
                for (ours, theirs) in stability.direction.iter().zip(&direction) {
                    assert!((ours - theirs).abs() < 1e-6, "{ours} {theirs}");
                }
            }
        }
    }
}

#[test]
fn what_is_not_covered_is_named() {
    let data = data();
    let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.1, momentum: 0.0 });
    let system = |optimizer: &Optimizer| System::new(data.hessian(), &DMatrix::identity(2, 2), optimizer).unwrap();
    let named = |sampling, batch_size, optimizer: &Optimizer| {
        MinibatchDescent::new(&data, sampling, batch_size, &system(optimizer)).unwrap_err().to_string()
    };
    assert_eq!(
        named(Sampling::Epoch, 2, &sgd),
        "there is no exact theory of sampling epoch: its batches depend on each other"
    );
    assert_eq!(named(Sampling::WithoutReplacement, 8, &sgd), "batch_size must lie in [1, 7], got 8");
    let adam = Optimizer::Adam(noisy_descent::optimizer::Adam::default());
    assert!(named(Sampling::WithReplacement, 2, &adam).starts_with("there is no exact theory of optimizer adam: "));
    let other = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd).unwrap();
    let error = MinibatchDescent::new(&data, Sampling::WithReplacement, 2, &other).unwrap_err();
    assert_eq!(error.kind(), "size_mismatch");
}
