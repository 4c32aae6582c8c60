//! The data set of Liu et al. 2021, Sec. 5, drawn from a seed.

use crate::simulate::{Purpose, Stream, fill_normals};
use nalgebra::{DMatrix, DVector};

/// [`fill_normals`] makes this many samples at a time.
const AT_A_TIME: usize = 8;

/// Inputs `N x D` and targets `N`. The normals come sample by sample, the inputs before the target, so that a longer set
/// begins with a shorter one.
pub(super) fn draw(
    samples: usize,
    input_variances: &[f64],
    residual_variance: f64,
    seed: u64,
) -> (DMatrix<f64>, DVector<f64>) {
    let dimension = input_variances.len();
    let each = dimension + 1;
    let mut normals = vec![0.0_f32; (samples * each).next_multiple_of(AT_A_TIME)];
    fill_normals(&mut Stream::new(seed, 0, 0, Purpose::Data), &mut normals);
    let deviations: Vec<f64> = input_variances.iter().map(|variance| variance.sqrt()).collect();
    let residual_deviation = residual_variance.sqrt();
    let inputs = DMatrix::from_fn(samples, dimension, |n, i| f64::from(normals[n * each + i]) * deviations[i]);
    let targets = DVector::from_fn(samples, |n, _| f64::from(normals[n * each + dimension]) * residual_deviation);
    (inputs, targets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moments_are_those_of_the_document() {
        let variances = [4.0, 0.25, 1.0];
        let (inputs, targets) = draw(300_000, &variances, 9.0, 5);
        let n = 300_000.0;
        let columns: Vec<DVector<f64>> = inputs.column_iter().map(DVector::from).chain([targets]).collect();
        let all = [variances.as_slice(), &[9.0]].concat();
        for (i, a) in columns.iter().enumerate() {
            // Means, variances and covariances within 5 standard errors: false alarm 6e-7 each, and the seed is fixed.
            let z = a.sum() / (all[i] * n).sqrt();
            assert!(z.abs() < 5.0, "mean of column {i}: z = {z}");
            for (j, b) in columns.iter().enumerate().take(i + 1) {
                let want = if i == j { all[i] } else { 0.0 };
                let error = (all[i] * all[j] * if i == j { 2.0 } else { 1.0 } / n).sqrt();
                let z = (a.dot(b) / n - want) / error;
                assert!(z.abs() < 5.0, "columns {i} and {j}: z = {z}");
            }
        }
    }

    #[test]
    fn a_longer_set_begins_with_a_shorter_one() {
        let (short, few) = draw(3, &[1.0, 2.0], 1.0, 7);
        let (long, many) = draw(1000, &[1.0, 2.0], 1.0, 7);
        assert_eq!(long.rows(0, 3), short);
        assert_eq!(many.rows(0, 3), few);
        assert_ne!(draw(3, &[1.0, 2.0], 1.0, 8).0, short);
    }

    #[test]
    fn its_numbers_are_no_others() {
        let (inputs, _) = draw(8, &[1.0], 1.0, 1);
        let mut noise = [0.0; 16];
        fill_normals(&mut Stream::new(1, 0, 0, Purpose::Noise), &mut noise);
        assert_ne!(inputs[0], f64::from(noise[0]));
    }
}
