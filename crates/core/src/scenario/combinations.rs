//! Choices that are each fine and go together only with some others.

use super::{Scenario, Start};
use crate::check::{finite, out_of_range};
use crate::error::{Error, Result};
use crate::loss::Loss;
use crate::matrix::require_positive;
use crate::noise::{NoiseCovariance, NoiseLaw};
use crate::optimizer::Optimizer;

/// Optimizers that need the inverse of the Hessian, or of something that is flat where it is.
fn needs_curvature(optimizer: &Optimizer) -> bool {
    matches!(optimizer, Optimizer::Newton(_) | Optimizer::NaturalGradient(_) | Optimizer::Adam(_))
}

/// Every pair of choices in a scenario that makes no sense; its parts have been checked one by one.
pub(super) fn check_combinations(scenario: &Scenario) -> Vec<Error> {
    let checks = [noise_and_loss(scenario), noise_and_law(scenario), batch(scenario), flat(scenario), start(scenario)];
    checks.into_iter().filter_map(Result::err).collect()
}

fn not_combined(parameter: &str, value: &str, with: &str, allowed: &str) -> Error {
    Error::NotCombined { parameter: parameter.into(), value: value.into(), with: with.into(), allowed: allowed.into() }
}

/// A noise that is tied to the data goes with data, one that is tied to the curvature with a potential, whose other noise is
/// the white one.
fn noise_and_loss(scenario: &Scenario) -> Result<()> {
    let (covariance, loss) = (&scenario.noise.covariance, &scenario.loss);
    let allowed = match (covariance, loss) {
        (NoiseCovariance::Minibatch { .. }, Loss::LeastSquares(_)) => return Ok(()),
        (NoiseCovariance::Minibatch { .. }, _) => "the loss least_squares",
        (NoiseCovariance::Curvature { .. }, Loss::PiecewiseQuadratic(_) | Loss::Polynomial(_)) => return Ok(()),
        (NoiseCovariance::Curvature { .. }, _) => "the losses piecewise_quadratic and polynomial",
        (NoiseCovariance::White { .. }, _) | (_, Loss::Quadratic(_) | Loss::LeastSquares(_)) => return Ok(()),
        _ => "the losses quadratic and least_squares",
    };
    Err(not_combined("covariance", covariance.kind(), loss.kind(), allowed))
}

/// The noise of a minibatch has the law of its data.
fn noise_and_law(scenario: &Scenario) -> Result<()> {
    let (covariance, law) = (&scenario.noise.covariance, &scenario.noise.law);
    if matches!(covariance, NoiseCovariance::Minibatch { .. }) && *law != NoiseLaw::Gaussian {
        let allowed = "a covariance that is not minibatch, whose law is that of the data";
        return Err(not_combined("law", law.kind(), covariance.kind(), allowed));
    }
    Ok(())
}

/// The batch is no larger than the data set.
fn batch(scenario: &Scenario) -> Result<()> {
    let (NoiseCovariance::Minibatch { batch_size, sampling }, Loss::LeastSquares(loss)) =
        (&scenario.noise.covariance, &scenario.loss)
    else {
        return Ok(());
    };
    sampling.variance_factor(loss.data().samples(), *batch_size as usize).map(|_| ())
}

/// A direction without curvature has no inverse.
fn flat(scenario: &Scenario) -> Result<()> {
    let Loss::Quadratic(quadratic) = &scenario.loss else { return Ok(()) };
    if !needs_curvature(&scenario.optimizer) {
        return Ok(());
    }
    if require_positive("hessian", &quadratic.hessian, true).is_ok() {
        return Ok(());
    }
    let with = "one that is flat in some direction";
    Err(not_combined("optimizer", scenario.optimizer.kind(), with, "a positive definite hessian"))
}

/// The start is as large as the loss, and on the inner side of its exits.
fn start(scenario: &Scenario) -> Result<()> {
    let expected = scenario.dimension();
    let (parameter, size) = match &scenario.run.start {
        Start::Point { weights } => ("start_weights", weights.len()),
        Start::Gaussian { covariance } => ("start_covariance", covariance.nrows()),
        Start::Minimum | Start::Stationary { .. } => return Ok(()),
    };
    if size != expected {
        return Err(Error::SizeMismatch { parameter: parameter.into(), size, of: "hessian".into(), expected });
    }
    let Start::Point { weights } = &scenario.run.start else { return Ok(()) };
    for &weight in weights {
        finite("start_weights", weight)?;
    }
    match scenario.loss.exits() {
        Some([low, high]) if !(low < weights[0] && weights[0] < high) => {
            let [low, high] = [low, high].map(|exit| exit.to_string().replace("inf", "∞"));
            Err(out_of_range("start_weights", weights[0], format!("({low}, {high}), between the exits")))
        }
        _ => Ok(()),
    }
}
