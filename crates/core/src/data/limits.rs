//! How large a data set may be, and what its entries must be.

use crate::check::out_of_range;
use crate::error::{Error, Result};
use crate::matrix::LARGEST_DIMENSION;

/// Limit on samples times input columns, `N·D`: the inputs then take at most 8 MB.
///
/// ```
/// use noisy_descent::data::{Data, LARGEST_DATA};
/// let wide = |samples: usize| Data::Synthetic {
///     samples: samples as u32,
///     input_variances: vec![1.0; 4],
///     residual_variance: 1.0,
///     seed: 1,
/// };
/// assert!(wide(LARGEST_DATA / 4).check().is_ok());
/// let problem = wide(LARGEST_DATA / 4 + 1).check().unwrap_err();
/// assert_eq!(problem.to_string(), "samples must lie in [4, 250000] for 4 input columns, got 250001");
/// ```
pub const LARGEST_DATA: usize = 1_000_000;

/// Checks the number `D` of inputs of a sample.
pub(super) fn check_dimension(dimension: usize) -> Result<()> {
    if (1..=LARGEST_DIMENSION).contains(&dimension) {
        return Ok(());
    }
    Err(out_of_range("dimension", dimension as f64, format!("[1, {LARGEST_DIMENSION}]")))
}

/// Largest number `N` of samples with `D` inputs each.
pub(super) fn most_samples(dimension: usize) -> usize {
    LARGEST_DATA / dimension.max(1)
}

/// Checks the number `N` of samples with `D` inputs each; fewer samples than inputs never determine a minimum.
pub(super) fn check_samples(samples: usize, dimension: usize) -> Result<()> {
    let most = most_samples(dimension);
    if (dimension..=most).contains(&samples) {
        return Ok(());
    }
    let columns = if dimension == 1 { "column" } else { "columns" };
    let allowed = format!("[{dimension}, {most}] for {dimension} input {columns}");
    Err(out_of_range("samples", samples as f64, allowed))
}

/// Checks the rows of a table of numbers.
pub(super) fn check_table(inputs: &[Vec<f64>], targets: &[f64]) -> Result<()> {
    let dimension = inputs.first().map_or(0, Vec::len);
    if let Some(odd) = inputs.iter().position(|row| row.len() != dimension) {
        let message = format!("row 1 has {dimension} entries, row {} has {}", odd + 1, inputs[odd].len());
        return Err(Error::Malformed { parameter: "inputs".into(), message });
    }
    if targets.len() != inputs.len() {
        let (parameter, of) = ("targets".into(), "inputs".into());
        return Err(Error::SizeMismatch { parameter, size: targets.len(), of, expected: inputs.len() });
    }
    let not_finite = |parameter: &str, row: usize, column: usize, value: f64| Error::NotFinite {
        parameter: parameter.into(),
        row: row + 1,
        column: column + 1,
        value,
    };
    for (n, (row, target)) in inputs.iter().zip(targets).enumerate() {
        if let Some(column) = row.iter().position(|entry| !entry.is_finite()) {
            return Err(not_finite("inputs", n, column, row[column]));
        }
        if !target.is_finite() {
            return Err(not_finite("targets", n, 0, *target));
        }
    }
    Ok(())
}
