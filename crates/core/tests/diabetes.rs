//! Minibatch theory on real data, the diabetes table in crates/core/data, against slow computations that share none of its algebra.

use noisy_descent::data::{DIABETES_COLUMNS, Data};
use noisy_descent::loss::LinearRegression;
use noisy_descent::nalgebra::{DMatrix, DVector};
use noisy_descent::noise::Sampling;
use noisy_descent::optimizer::{Momentum, Optimizer};
use noisy_descent::theory::minibatch::{MinibatchApproximation, MinibatchTheory, approximate_noise};
use noisy_descent::theory::{self, System};

const BMI: usize = 2;
const S5: usize = 8;
const TARGET: usize = 10;

/// The columns of the table, each with mean 0 and variance 1.
fn standardised() -> DMatrix<f64> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/diabetes.csv");
    let text = std::fs::read_to_string(path).expect("the data set");
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(|field| field.trim().parse().expect("a number")).collect())
        .collect();
    assert_eq!((rows.len(), rows[0].len()), (442, 11));
    let mut table = DMatrix::from_fn(442, 11, |i, j| rows[i][j]);
    for mut column in table.column_iter_mut() {
        let mean = column.mean();
        column.add_scalar_mut(-mean);
        let deviation = (column.norm_squared() / 442.0).sqrt();
        column /= deviation;
    }
    table
}

fn regression(columns: &[usize]) -> LinearRegression {
    let table = standardised();
    LinearRegression::new(table.select_columns(columns), table.column(TARGET).into_owned()).expect("regular data")
}

#[test]
fn the_library_loads_the_same_table() {
    let all = Data::Diabetes { columns: DIABETES_COLUMNS.map(String::from).to_vec() };
    for (data, columns) in [(Data::diabetes(), vec![BMI, S5]), (all, (0..10).collect())] {
        let (got, want) = (data.load().expect("a data set"), regression(&columns));
        assert_eq!(got.inputs().shape(), want.inputs().shape());
        assert!((got.inputs() - want.inputs()).amax() < 1e-13);
        assert!((got.targets() - want.targets()).amax() < 1e-13);
        for column in got.inputs().column_iter() {
            assert!(column.mean().abs() < 1e-14 && (column.norm_squared() / 442.0 - 1.0).abs() < 1e-14);
        }
    }
}

/// The step of one batch on `(u, m)`: its matrix and its constant part.
fn step(data: &LinearRegression, batch: &[usize], learning_rate: f64, momentum: f64) -> (DMatrix<f64>, DVector<f64>) {
    let d = data.dimension();
    let mut hessian = DMatrix::zeros(d, d);
    let mut gradient = DVector::zeros(d);
    for &n in batch {
        let x = data.inputs().row(n).transpose();
        hessian += &x * x.transpose() / batch.len() as f64;
        gradient += &x * (data.residuals()[n] / batch.len() as f64);
    }
    let mut matrix = DMatrix::zeros(2 * d, 2 * d);
    let mut constant = DVector::zeros(2 * d);
    for i in 0..d {
        matrix[(i, i)] = 1.0;
        matrix[(i, d + i)] = -learning_rate * momentum;
        matrix[(d + i, d + i)] = momentum;
        constant[i] = -learning_rate * gradient[i];
        constant[d + i] = gradient[i];
        for j in 0..d {
            matrix[(i, j)] -= learning_rate * hessian[(i, j)];
            matrix[(d + i, j)] = hessian[(i, j)];
        }
    }
    (matrix, constant)
}

/// Second moments of `(u, m)` from every batch of a list, equally likely: a dense Kronecker solve.
fn by_enumeration(data: &LinearRegression, batches: &[Vec<usize>], learning_rate: f64, momentum: f64) -> DMatrix<f64> {
    let n = 2 * data.dimension();
    let mut system = DMatrix::zeros(n * n, n * n);
    let mut right = DMatrix::zeros(n, n);
    for batch in batches {
        let (matrix, constant) = step(data, batch, learning_rate, momentum);
        system += matrix.kronecker(&matrix);
        right += &constant * constant.transpose();
    }
    let count = batches.len() as f64;
    let system = DMatrix::identity(n * n, n * n) - system / count;
    let solution = system.lu().solve(&DVector::from_column_slice((right / count).as_slice())).expect("regular");
    DMatrix::from_column_slice(n, n, solution.as_slice())
}

fn relative(got: &DMatrix<f64>, want: &DMatrix<f64>) -> f64 {
    (got - want).amax() / want.amax()
}

#[test]
fn two_columns_agree_with_every_pair_of_patients() {
    let data = regression(&[BMI, S5]);
    let pairs: Vec<Vec<usize>> = (0..442).flat_map(|i| (0..i).map(move |j| vec![i, j])).collect();
    let single: Vec<Vec<usize>> = (0..442).map(|i| vec![i]).collect();
    for (sampling, batches, momentum) in [
        (Sampling::WithReplacement, &single, 0.0),
        (Sampling::WithReplacement, &single, 0.9),
        (Sampling::WithoutReplacement, &pairs, 0.6),
    ] {
        let theory = MinibatchTheory::new(&data, sampling, batches[0].len(), momentum).unwrap();
        let learning_rate = 0.7 * theory.learning_rate_limit();
        let state = theory.stationary(learning_rate).unwrap().unwrap();
        let want = by_enumeration(&data, batches, learning_rate, momentum);
        assert!(relative(&state.covariance, &want.view((0, 0), (2, 2)).into_owned()) < 1e-11);

        // The averaged noise, taken as constant, gives the velocity too.
        let optimizer = Optimizer::Momentum(Momentum { learning_rate, momentum });
        let system = System::new(data.hessian(), &state.noise_covariance, &optimizer).unwrap();
        let velocity = theory::momentum_covariance(&system).unwrap();
        assert!(relative(&velocity, &want.view((2, 2), (2, 2)).into_owned()) < 1e-11);
    }
}

#[test]
fn all_ten_columns_agree_with_iterated_moments() {
    let data = regression(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let (samples, d, momentum) = (442, 10, 0.9);
    let theory = MinibatchTheory::new(&data, Sampling::WithoutReplacement, 8, momentum).unwrap();
    let learning_rate = 0.5 * theory.learning_rate_limit();
    let state = theory.stationary(learning_rate).unwrap().unwrap();

    let (matrix, _) = step(&data, &(0..samples).collect::<Vec<_>>(), learning_rate, momentum);
    let mut input = DMatrix::zeros(2 * d, d);
    for i in 0..d {
        input[(i, i)] = -learning_rate;
        input[(d + i, i)] = 1.0;
    }
    let (k, kappa) = (data.hessian(), theory.noise_factor());
    let residual = data.residual_covariance();
    let mut moments = DMatrix::<f64>::zeros(2 * d, 2 * d);
    for iteration in 0.. {
        let weights = moments.view((0, 0), (d, d)).into_owned();
        let mut scaled = data.inputs().clone();
        let through = data.inputs() * &weights;
        for n in 0..samples {
            scaled.row_mut(n).scale_mut(through.row(n).dot(&data.inputs().row(n)) / samples as f64);
        }
        let noise = (data.inputs().tr_mul(&scaled) - k * &weights * k + &residual) * kappa;
        let next = &matrix * &moments * matrix.transpose() + &input * noise * input.transpose();
        let change = (&next - &moments).amax();
        moments = next;
        if change < 1e-15 * moments.amax() {
            break;
        }
        assert!(iteration < 100_000, "the moments do not settle");
    }
    let want = moments.view((0, 0), (d, d)).into_owned();
    assert!(relative(&state.covariance, &want) < 1e-10, "{:e}", relative(&state.covariance, &want));
    assert!((state.excess_loss - 0.5 * (k * want).trace()).abs() < 1e-11 * state.excess_loss);
}

/// A direct simulation within its own standard error: 4000 walkers, `|z| < 4` on three numbers, fixed seed.
#[test]
fn simulated_batches_have_the_predicted_covariance() {
    let data = regression(&[BMI, S5]);
    let (walkers, steps, batch_size) = (4000, 60, 4);
    let theory = MinibatchTheory::new(&data, Sampling::WithReplacement, batch_size, 0.0).unwrap();
    let learning_rate = 0.5 * theory.learning_rate_limit();
    let sigma = theory.stationary(learning_rate).unwrap().unwrap().covariance;
    let mut state = 20_260_101_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % 442) as usize
    };
    let (mut sum, mut squares) = ([0.0; 3], [0.0; 3]);
    for _ in 0..walkers {
        let mut u = [0.0; 2];
        for _ in 0..steps {
            let mut gradient = [0.0; 2];
            for _ in 0..batch_size {
                let n = draw();
                let x = [data.inputs()[(n, 0)], data.inputs()[(n, 1)]];
                let error = x[0] * u[0] + x[1] * u[1] + data.residuals()[n];
                gradient[0] += error * x[0] / batch_size as f64;
                gradient[1] += error * x[1] / batch_size as f64;
            }
            u = [u[0] - learning_rate * gradient[0], u[1] - learning_rate * gradient[1]];
        }
        for (i, product) in [u[0] * u[0], u[0] * u[1], u[1] * u[1]].into_iter().enumerate() {
            sum[i] += product / walkers as f64;
            squares[i] += product * product / walkers as f64;
        }
    }
    for (i, want) in [sigma[(0, 0)], sigma[(0, 1)], sigma[(1, 1)]].into_iter().enumerate() {
        let error = ((squares[i] - sum[i] * sum[i]) / walkers as f64).sqrt();
        let z = (sum[i] - want) / error;
        assert!(z.abs() < 4.0, "{} for {want}, z = {z}", sum[i]);
    }
}

#[test]
fn approximations_end_where_the_exact_theory_says() {
    let data = regression(&[BMI, S5]);
    let theory = MinibatchTheory::new(&data, Sampling::WithReplacement, 4, 0.0).unwrap();
    let predicted = |approximation, fraction: f64| {
        let learning_rate = fraction * theory.learning_rate_limit();
        let noise = approximate_noise(&data, Sampling::WithReplacement, 4, approximation).unwrap();
        let optimizer = Optimizer::Momentum(Momentum { learning_rate, momentum: 0.0 });
        let system = System::new(data.hessian(), &noise, &optimizer).unwrap();
        let exact = theory.stationary(learning_rate).unwrap().unwrap().excess_loss;
        theory::training_error(&system).unwrap() / exact
    };
    // The noise at the minimum is exact for small learning rates and too small near the limit.
    assert!((predicted(MinibatchApproximation::AtMinimum, 1e-4) - 1.0).abs() < 1e-3);
    assert!(predicted(MinibatchApproximation::AtMinimum, 0.95) < 0.2);
    // Unit residuals are not those of this data set.
    assert!((predicted(MinibatchApproximation::Hessian, 1e-4) - 1.0).abs() > 0.1);
}
