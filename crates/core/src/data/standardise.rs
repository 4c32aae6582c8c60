//! Columns with mean 0 and variance 1.

use super::columns::Columns;
use super::table::Standardisation;
use crate::error::Result;
use nalgebra::{DMatrix, DVector};

/// Shifts and scales every column to mean 0 and variance 1, with 1/N.
pub(super) fn standardise(
    inputs: &mut DMatrix<f64>,
    targets: &mut DVector<f64>,
    columns: &Columns,
) -> Result<Standardisation> {
    let one = |values: &mut [f64], place: usize| {
        let first = values[0];
        let constant = values.iter().all(|&value| value == first);
        standardise_column(values).ok_or_else(|| {
            let message = if constant {
                format!("it is constant, {first:?} in every line, and cannot be standardised")
            } else {
                "its values spread too little or too far to be standardised in double precision".into()
            };
            columns.bad(None, place, &format!("{first:?}"), message)
        })
    };
    let (mut means, mut deviations) = (Vec::new(), Vec::new());
    for (mut values, &place) in inputs.column_iter_mut().zip(&columns.inputs) {
        let (mean, deviation) = one(values.as_mut_slice(), place)?;
        means.push(mean);
        deviations.push(deviation);
    }
    let (target_mean, target_deviation) = one(targets.as_mut_slice(), columns.target)?;
    Ok(Standardisation { means, deviations, target_mean, target_deviation })
}

/// Standardises one column and returns its mean and deviation; `None` when they are no use. Sums run from the first value to
/// the last and every operation is one that IEEE 754 rounds exactly, so the bits are the same on every platform.
pub(super) fn standardise_column(values: &mut [f64]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    let average = |values: &[f64], of: &dyn Fn(f64) -> f64| {
        let mut sum = 0.0;
        for &value in values {
            sum += of(value);
        }
        sum / n
    };
    // The second sum takes away what the first one lost by rounding; equal values then have exactly their own mean.
    let rough = average(values, &|value| value);
    let mean = rough + average(values, &|value| value - rough);
    let deviation = average(values, &|value| (value - mean) * (value - mean)).sqrt();
    if !deviation.is_normal() {
        return None;
    }
    for value in values.iter_mut() {
        *value = (*value - mean) / deviation;
    }
    Some((mean, deviation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_deviation_of_a_known_column() {
        let mut values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        assert_eq!(standardise_column(&mut values), Some((5.0, 2.0)));
        assert_eq!(values, [-1.5, -0.5, -0.5, -0.5, 0.0, 0.0, 1.0, 2.0]);
    }

    #[test]
    fn a_far_mean_costs_no_precision() {
        let mut near: Vec<f64> = (0..1000).map(|n| f64::from(n * n % 997)).collect();
        let mut far: Vec<f64> = near.iter().map(|value| value + 1e12).collect();
        let (_, deviation) = standardise_column(&mut near).unwrap();
        let (mean, same) = standardise_column(&mut far).unwrap();
        assert!((same / deviation - 1.0).abs() < 1e-14);
        // Shifted integers are exact at 1e12, so nothing but the mean's own rounding, 1e-4 at most, can tell them apart.
        let apart = near.iter().zip(&far).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(apart * deviation < 2e-4, "{apart} of mean {mean}");
    }

    #[test]
    fn what_has_no_deviation_is_refused() {
        assert_eq!(standardise_column(&mut [3.0, 3.0, 3.0]), None);
        assert_eq!(standardise_column(&mut [0.1; 10]), None, "the sum of ten tenths is not quite one");
        assert_eq!(standardise_column(&mut vec![0.1; 1_000_000]), None);
        assert_eq!(standardise_column(&mut [1e-200, 2e-200]), None);
        assert_eq!(standardise_column(&mut [1e300, -1e300]), None);
        assert_eq!(standardise_column(&mut [5.0]), None);
    }
}
