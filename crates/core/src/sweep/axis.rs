//! What a sweep varies: a number of its scenario, or one that several parts of it follow.

use super::Sweep;
use crate::complete::Complete;
use crate::data::Data;
use crate::error::{Error, Result};
use crate::loss::Loss;
use crate::matrix::symmetric_eigen;
use crate::noise::NoiseCovariance;
use crate::optimizer::Optimizer;
use crate::scenario::{AXES, Scenario, Start, check_number};
use nalgebra::DMatrix;

/// Work of decomposing the matrices of a curve, as cubes of their rows: some seconds.
const WORK: f64 = 4e8;

const CURVATURE: &str = "curvature";
const DIMENSION: &str = "dimension";

impl Sweep {
    /// The scenario at a value of what is swept, not checked.
    pub(super) fn moved(&self, value: f64) -> Result<Scenario> {
        let Some(row) = AXES.iter().find(|row| row.name == self.parameter) else {
            return self.scenario.with_number(&self.parameter, value).map_err(|error| self.named_in_full(error));
        };
        Complete::needed("parameter")?;
        check_number(row, value)?;
        let scenario = &self.scenario;
        let moved =
            if row.name == CURVATURE { sharpened(scenario, value)? } else { repeated(scenario, value as usize) };
        moved.ok_or_else(|| {
            self.named_in_full(Error::UnknownParameter {
                parameter: "parameter".into(),
                value: row.name.into(),
                allowed: scenario.numeric_parameters().join(", "),
            })
        })
    }

    /// A scenario has more axes than numbers.
    fn named_in_full(&self, error: Error) -> Error {
        match error {
            Error::UnknownParameter { parameter, value, allowed } => {
                let scaled = matches!(self.scenario.loss, Loss::Quadratic(_)).then_some(CURVATURE);
                let grown = repeated(&self.scenario, 1).is_some().then_some(DIMENSION);
                let axes = scaled.into_iter().chain(grown).fold(allowed, |names, name| format!("{names}, {name}"));
                Error::UnknownParameter { parameter, value, allowed: axes }
            }
            other => other,
        }
    }

    /// Whether the number of coordinates is what varies.
    pub(super) fn grows(&self) -> bool {
        self.parameter == DIMENSION
    }

    /// The smallest number of coordinates along the sweep.
    pub(super) fn fewest_coordinates(&self) -> usize {
        match self.values().first() {
            Some(&fewest) if self.grows() => fewest as usize,
            _ => self.scenario.dimension(),
        }
    }

    /// So many samples of a curve, or fewer, if each has a matrix of its own to decompose; as many as there are points at least.
    pub(super) fn affordable(&self, samples: u32) -> u32 {
        if !AXES.iter().any(|row| row.name == self.parameter) {
            return samples;
        }
        let rows = if self.grows() { self.to } else { self.scenario.dimension() as f64 };
        let most = (WORK / (rows * rows * rows)).min(f64::from(samples)) as u32;
        most.max(self.points).min(samples)
    }
}

/// The Hessian scaled as a whole until its largest eigenvalue is `curvature`; of a quadratic loss alone.
fn sharpened(scenario: &Scenario, curvature: f64) -> Result<Option<Scenario>> {
    let mut next = scenario.clone();
    let Loss::Quadratic(loss) = &mut next.loss else { return Ok(None) };
    let largest = symmetric_eigen("hessian", &loss.hessian)?.values[0];
    // The ratio first: an entry that is the eigenvalue becomes the value itself, without rounding.
    loss.hessian.apply(|entry| *entry = *entry / largest * curvature);
    Ok(Some(next))
}

/// The scenario with `count` coordinates: whatever has a size is repeated along the diagonal, its last copy cut off. A data set
/// that is not drawn, and a potential, have the coordinates that they have.
fn repeated(scenario: &Scenario, count: usize) -> Option<Scenario> {
    let mut next = scenario.clone();
    match &mut next.loss {
        Loss::Quadratic(loss) => loss.hessian = along_the_diagonal(&loss.hessian, count),
        Loss::LeastSquares(loss) => match loss.drawn_mut()? {
            Data::Synthetic { input_variances, .. } => *input_variances = in_turn(input_variances, count),
            _ => return None,
        },
        _ => return None,
    }
    if let NoiseCovariance::Matrix { matrix } = &mut next.noise.covariance {
        *matrix = along_the_diagonal(matrix, count);
    }
    if let Optimizer::Preconditioned(optimizer) = &mut next.optimizer {
        optimizer.preconditioner = along_the_diagonal(&optimizer.preconditioner, count);
    }
    match &mut next.run.start {
        Start::Gaussian { covariance } => *covariance = along_the_diagonal(covariance, count),
        Start::Point { weights } => *weights = in_turn(weights, count),
        Start::Minimum | Start::Stationary { .. } => {}
    }
    Some(next)
}

/// Copies of a matrix along the diagonal, cut to `count` rows; it stays symmetric and (semi)definite.
fn along_the_diagonal(matrix: &DMatrix<f64>, count: usize) -> DMatrix<f64> {
    let n = matrix.nrows().max(1);
    DMatrix::from_fn(count, count, |i, j| if i / n == j / n { matrix[(i % n, j % n)] } else { 0.0 })
}

fn in_turn(values: &[f64], count: usize) -> Vec<f64> {
    values.iter().copied().cycle().take(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::Quantity;
    use nalgebra::dmatrix;
    use serde_json::{Value, json};

    fn read(document: Value) -> Sweep {
        Sweep::read(document).unwrap_or_else(|problems| panic!("{}", problems[0]))
    }

    fn problem(document: Value) -> String {
        Sweep::read(document).unwrap_err()[0].to_string()
    }

    /// λ = 1 and white noise: the variance along k is 1/(k(2 − k)), and there is none from k = 2 on.
    #[test]
    fn the_curvature_is_the_largest_eigenvalue() {
        let loss = json!({ "kind": "quadratic", "hessian": [[3, 1], [1, 3]] });
        let scenario = json!({ "version": 1, "loss": loss, "optimizer": { "kind": "momentum", "learning_rate": 1 } });
        let sweep = read(json!({ "parameter": "curvature", "from": 0, "to": 4, "points": 7, "scenario": scenario }));
        for (index, x) in sweep.values().into_iter().enumerate() {
            let hessian = sweep.scenario_at(index as u32).unwrap().loss.hessian().unwrap().into_owned();
            assert!((hessian / x - dmatrix![0.75, 0.25; 0.25, 0.75]).amax() < 1e-15);
        }
        let curve = sweep.curve(400).unwrap();
        assert!((curve.limits[0].at - 2.0).abs() < 1e-12 && !curve.limits[0].stable_above);
        for (x, variance) in curve.x.iter().zip(&curve.discrete).filter(|(x, _)| (0.1..1.9).contains(*x)) {
            let along = |k: f64| 1.0 / (k * (2.0 - k));
            assert!((variance / (0.5 * (along(*x) + along(0.5 * x))) - 1.0).abs() < 1e-9, "{x}");
        }
        // Of one coordinate it is the Hessian itself, to the last bit.
        let one = json!({ "version": 1, "loss": { "kind": "quadratic", "hessian": [[0.3]] } });
        let sweep = read(json!({ "parameter": "curvature", "to": 0.7, "points": 3, "scenario": one }));
        let hessian = sweep.scenario_at(1).unwrap().loss.hessian().unwrap()[(0, 0)];
        assert_eq!(hessian, sweep.values()[1]);
    }

    #[test]
    fn everything_that_has_a_size_is_repeated() {
        let scenario = json!({ "version": 1,
            "loss": { "kind": "quadratic", "hessian": [[1, 0.2], [0.2, 0.5]] },
            "noise": { "covariance": { "kind": "matrix", "matrix": [[1, 0.3], [0.3, 2]] } },
            "optimizer": { "kind": "preconditioned", "preconditioner": [[1, 0.1], [0.1, 0.7]], "learning_rate": 0.4 },
            "run": { "start": { "kind": "point", "weights": [1, -2] }, "steps": 30 } });
        let sweep =
            read(json!({ "parameter": "dimension", "from": 0, "to": 6, "points": 5, "quantity": "training_error",
            "formula": "D", "scenario": scenario }));
        let curve = sweep.curve(400).unwrap();
        assert_eq!((&curve.x[..], &curve.formula), (&[1.0, 2.0, 3.0, 4.0, 5.0][..], &curve.x));
        assert_eq!(sweep.scenario_at(1).unwrap(), sweep.scenario, "as it is");
        // Copies do not know of each other.
        assert!((curve.discrete[3] / (2.0 * curve.discrete[1]) - 1.0).abs() < 1e-12);
        assert!((curve.discrete[4] / (curve.discrete[3] + curve.discrete[0]) - 1.0).abs() < 1e-12);
        let three = sweep.scenario_at(2).unwrap();
        let Start::Point { weights } = &three.run.start else { panic!("a point") };
        assert_eq!((three.dimension(), &weights[..]), (3, &[1.0, -2.0, 1.0][..]));
        assert_eq!(*three.loss.hessian().unwrap(), dmatrix![1.0, 0.2, 0.0; 0.2, 0.5, 0.0; 0.0, 0.0, 1.0]);
    }

    #[test]
    fn data_are_drawn_with_as_many_inputs() {
        let data = json!({ "kind": "synthetic", "samples": 60, "input_variances": [1, 0.5] });
        let scenario = json!({ "version": 1, "loss": { "kind": "least_squares", "data": data },
            "noise": { "covariance": { "kind": "minibatch", "batch_size": 5 } },
            "optimizer": { "kind": "momentum", "learning_rate": 0.1 } });
        let sweep = read(json!({ "parameter": "dimension", "from": 0, "to": 5, "points": 4, "scenario": scenario }));
        assert_eq!(sweep.scenario_at(3).unwrap().dimension(), 4);
        let curve = sweep.curve(9).unwrap();
        assert!(curve.exact.iter().all(|variance| *variance > 0.0));
    }

    #[test]
    fn what_has_no_such_axis_says_so() {
        let well = json!({ "version": 1, "loss": { "kind": "piecewise_quadratic" } });
        for axis in ["curvature", "dimension"] {
            let said = problem(json!({ "parameter": axis, "scenario": well, "points": 1 }));
            assert!(said.starts_with(&format!("there is no numeric parameter \"{axis}\" in this scenario")), "{said}");
            assert!(said.contains("steepness") && !said.contains(", curvature"), "{said}");
        }
        let said = problem(json!({ "parameter": "nonsense" }));
        assert!(said.ends_with("steps, seed, curvature, dimension"), "{said}");
        let said = problem(json!({ "parameter": "dimension", "to": 2000, "points": 3 }));
        assert!(said.contains("to must lie in [1, 512], the range of dimension"), "{said}");
        // A coordinate that the smallest of them does not have.
        let said = problem(json!({ "parameter": "dimension", "to": 6, "points": 5, "coordinate": 2 }));
        assert_eq!(said, "coordinate must lie in [1, 1], got 2");
        let from_two = json!({ "parameter": "dimension", "from": 1, "to": 6, "points": 4, "coordinate": 2 });
        assert_eq!(read(from_two).fewest_coordinates(), 2);
    }

    #[test]
    fn large_matrices_are_not_decomposed_more_often_than_is_seen() {
        let mut sweep = Sweep { parameter: "dimension".into(), to: 512.0, ..Sweep::default() };
        sweep.quantity = Quantity::TrainingError;
        assert_eq!(sweep.affordable(400), 30);
        assert_eq!(Sweep { to: 32.0, ..sweep.clone() }.affordable(400), 400);
        assert_eq!(Sweep::default().affordable(400), 400);
    }
}
