//! The data set of a scenario, and the noise that its minibatches make beside what is put for it.

use crate::check::out_of_range;
use crate::error::Result;
use crate::loss::Loss;
use crate::matrix::to_rows;
use crate::noise::{NoiseCovariance, Sampling};
use crate::scenario::Scenario;
use crate::theory::minibatch::{MinibatchApproximation, approximate_noise};
use nalgebra::DMatrix;
use serde::Serialize;

/// Some samples of a data set along two of its columns, and the covariance of the gradient's noise at the minimum.
///
/// ```
/// use noisy_descent::{Scenario, theory::{DataSummary, data_summary}};
/// let document = r#"{ "version": 1,
///     "loss": { "kind": "least_squares", "data": { "kind": "table", "inputs": [[1], [1], [2]], "targets": [3, -3, 0] } },
///     "noise": { "covariance": { "kind": "minibatch", "batch_size": 2 } } }"#;
/// let data: DataSummary = data_summary(&Scenario::from_json(document)?, 1, 0, 100)?.expect("a data set");
/// assert_eq!((data.samples, data.dimension, &data.x[..], &data.y[..]), (3, 1, &[1.0, 1.0, 2.0][..], &[3.0, -3.0, 0.0][..]));
/// assert_eq!((data.minimum[0], data.residual_variance), (0.0, 6.0));
/// let noise = data.noise.unwrap();
/// assert_eq!((noise.factor, noise.approximate[0][0], noise.at_minimum[0][0]), (0.5, 1.0, 3.0)); // K/S, and R/S
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct DataSummary {
    /// Number of samples `N`.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub samples: u64,
    /// Number of inputs `D`.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub dimension: u64,
    /// One column of some samples, evenly spaced in the set.
    pub x: Vec<f64>,
    /// The other column of the same.
    pub y: Vec<f64>,
    /// The weights of the fit, `D` numbers.
    pub minimum: Vec<f64>,
    /// Mean square of the residuals, twice the loss at the minimum: the paper's `C = K/S` takes it for 1.
    pub residual_variance: f64,
    /// The noise of minibatches; `null` where the scenario has another.
    pub noise: Option<NoiseSummary>,
}

/// Covariance of the gradient's noise at the minimum, by what is put for it and as it is.
///
/// ```
/// use noisy_descent::{Scenario, theory::{NoiseSummary, data_summary}};
/// let document = r#"{ "version": 1, "loss": { "kind": "least_squares" },
///     "noise": { "covariance": { "kind": "minibatch", "batch_size": 1000, "sampling": "without_replacement" } } }"#;
/// let full: NoiseSummary = data_summary(&Scenario::from_json(document)?, 1, 0, 10)?.unwrap().noise.unwrap();
/// assert_eq!((full.factor, full.at_minimum[0][0]), (0.0, 0.0)); // all 1000 samples: no noise
/// assert!((full.approximate[0][0] - 1e-3).abs() < 2e-4); // K/S does not know
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct NoiseSummary {
    /// Batch size `S`.
    pub batch_size: u32,
    /// How batches are drawn.
    pub sampling: Sampling,
    /// `κ`, the variance of a batch's mean over that of a sample.
    pub factor: f64,
    /// `K/S`, the paper's.
    pub approximate: Vec<Vec<f64>>,
    /// `κ R`, `R = mean[r² x xᵀ]`: exact at the minimum.
    pub at_minimum: Vec<Vec<f64>>,
}

/// The data set of a scenario: at most `most` of its samples along the columns `x` and `y`, which count from 1 for the inputs, 0
/// being the target; `None` for a loss without data.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) names a `column` that there is not; the first problem of the scenario.
///
/// ```
/// use noisy_descent::{Scenario, theory::data_summary};
/// let document = r#"{ "version": 1, "loss": { "kind": "least_squares", "data": { "kind": "diabetes" } } }"#;
/// let scenario = Scenario::from_json(document)?.with_number("learning_rate", 0.1)?;
/// let data = data_summary(&scenario, 1, 2, 100)?.unwrap();
/// assert_eq!((data.samples, data.x.len(), data.noise), (442, 89, None)); // every fifth
/// assert_eq!(data_summary(&scenario, 3, 0, 9).unwrap_err().to_string(), "column must lie in [0, 2], got 3");
/// assert!(data_summary(&Scenario::default(), 1, 0, 100)?.is_none());
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn data_summary(scenario: &Scenario, x: usize, y: usize, most: usize) -> Result<Option<DataSummary>> {
    scenario.validate()?;
    let Loss::LeastSquares(loss) = &scenario.loss else { return Ok(None) };
    let data = loss.regression()?;
    let stride = data.data_size().div_ceil(most.max(1));
    let column = |index: usize| -> Result<Vec<f64>> {
        if index > data.dimension() {
            return Err(out_of_range("column", index as f64, format!("[0, {}]", data.dimension())));
        }
        let samples = (0..data.data_size()).step_by(stride);
        Ok(match index {
            0 => samples.map(|n| data.targets()[n]).collect(),
            _ => samples.map(|n| data.inputs()[(n, index - 1)]).collect(),
        })
    };
    let noise = match scenario.noise.covariance {
        NoiseCovariance::Minibatch { batch_size, sampling } => {
            let by = |approximation| -> Result<DMatrix<f64>> {
                approximate_noise(data, sampling, batch_size as usize, approximation)
            };
            Some(NoiseSummary {
                batch_size,
                sampling,
                factor: sampling.variance_factor(data.data_size(), batch_size as usize)?,
                approximate: to_rows(&by(MinibatchApproximation::Hessian)?),
                at_minimum: to_rows(&by(MinibatchApproximation::AtMinimum)?),
            })
        }
        _ => None,
    };
    Ok(Some(DataSummary {
        samples: data.data_size() as u64,
        dimension: data.dimension() as u64,
        x: column(x)?,
        y: column(y)?,
        minimum: data.minimum().iter().copied().collect(),
        residual_variance: 2.0 * data.minimum_loss(),
        noise,
    }))
}
