//! One golden case: its inputs read, the library called, the result compared within the case's tolerance.

mod linear;
mod nonlinear;
mod special;
mod trajectory;

use noisy_descent::nalgebra::DMatrix;
use serde_json::Value;

/// What became of a case.
pub enum Outcome {
    /// Every expected number was met.
    Passed,
    /// Which number was not.
    Failed(String),
    /// Its topic or method is not implemented.
    Skipped,
}

/// Whether every expected number was met, or which was not; errors of the library are failures in their words.
type Checked = Result<(), Box<dyn std::error::Error>>;

/// Runs one case of a topic.
pub fn run_case(topic: &str, case: &Value) -> Outcome {
    let result = match topic {
        "stationary" => linear::stationary(case),
        "qhm" => linear::qhm(case),
        "preconditioned" => linear::preconditioned(case),
        "stability" => linear::stability(case),
        "transient" => linear::transient(case),
        "ou_transient" => linear::ou_transient(case),
        "escape_first" => linear::escape_first(case),
        "autocorrelation" => linear::autocorrelation(case),
        "alignment" => linear::alignment(case),
        "rank_deficient" => linear::rank_deficient(case),
        "noise_shape" => linear::noise_shape(case),
        "second_order" => nonlinear::second_order(case),
        "bayes" => special::bayes(case),
        "minibatch" => special::minibatch(case),
        "kramers" => special::kramers(case),
        "trajectory" => trajectory::trajectory(case),
        _ => return Outcome::Skipped,
    };
    match result {
        Ok(()) => Outcome::Passed,
        Err(why) => Outcome::Failed(why.to_string()),
    }
}

fn number(value: &Value, field: &str) -> f64 {
    value[field].as_f64().unwrap_or_else(|| panic!("{field} is no number: {}", value[field]))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("an array").iter().map(|x| x.as_f64().expect("a number")).collect()
}

fn square(case: &Value, field: &str) -> DMatrix<f64> {
    let entries = numbers(&case[field]);
    let n = (entries.len() as f64).sqrt() as usize;
    DMatrix::from_row_slice(n, n, &entries)
}

/// `max|got − want| ≤ rtol max|want| + atol`, as tests/golden/README.md says.
fn compare(case: &Value, what: &str, got: &[f64], want: &[f64]) -> Result<(), String> {
    let rtol = case["rtol"].as_f64().unwrap_or(1e-11);
    let atol = case["atol"].as_f64().unwrap_or(0.0);
    if got.len() != want.len() {
        return Err(format!("{what}: {} numbers for {}", got.len(), want.len()));
    }
    let scale = want.iter().fold(0.0_f64, |scale, x| scale.max(x.abs()));
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        let allowed = rtol * scale + atol;
        let met = (got - want).abs() <= allowed; // false for a NaN
        if !met {
            return Err(format!("{what}[{i}] = {got}, not {want} (off by {:e}, allowed {allowed:e})", got - want));
        }
    }
    Ok(())
}

/// The same for a matrix and for the row-major numbers of a field.
fn compare_matrix(case: &Value, what: &str, got: &DMatrix<f64>, want: &Value) -> Result<(), String> {
    compare(case, what, got.transpose().as_slice(), &numbers(want))
}
