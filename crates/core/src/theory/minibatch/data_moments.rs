//! The moments of a data set along the directions of a descent.

use super::features::SymmetricBasis;
use crate::check::out_of_range;
use crate::error::{Error, Result};
use crate::loss::LinearRegression;
use nalgebra::{DMatrix, DVector};

/// Moments of the samples `x` along directions, in units in which the largest curvature is 1, so that no fourth power over- or
/// underflows where a second one did not.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DataMoments {
    directions: DMatrix<f64>,
    /// `mean[φ φᵀ]` with the coordinates `φ` of `x xᵀ`.
    pub(super) fourth: DMatrix<f64>,
    /// `mean[r φ xᵀ]` with the residuals `r`: a column for each component of `x`.
    third: DMatrix<f64>,
    /// Coordinates of `R = mean[r² x xᵀ]`.
    pub(super) residual: DVector<f64>,
}

impl DataMoments {
    /// Of a data set along `directions` (columns) with the largest curvature `sharpest` there.
    ///
    /// # Errors
    /// [`Error::NotFinite`] when a moment overflows.
    pub(super) fn new(data: &LinearRegression, directions: &DMatrix<f64>, sharpest: f64) -> Result<DataMoments> {
        let (basis, samples) = (SymmetricBasis::new(data.dimension()), data.inputs() * directions / sharpest.sqrt());
        let moments = DataMoments {
            directions: directions.clone(),
            fourth: basis.fourth_moments(&samples),
            third: basis.third_moments(&samples, data.residuals()),
            residual: basis.coordinates(&(directions.tr_mul(&data.residual_covariance()) * directions / sharpest)),
        };
        for (name, matrix) in [("inputs", &moments.fourth), ("targets", &moments.third)] {
            if let Some(&value) = matrix.iter().find(|value| !value.is_finite()) {
                return Err(Error::NotFinite { parameter: name.into(), row: 1, column: 1, value });
            }
        }
        match moments.residual.iter().find(|value| !value.is_finite()) {
            Some(&value) => Err(out_of_range("residual_variance", value, "the range in which r² x xᵀ is finite")),
            None => Ok(moments),
        }
    }

    /// Whether these are the moments along other directions too.
    pub(super) fn are_along(&self, directions: &DMatrix<f64>) -> bool {
        self.directions == *directions
    }

    /// Coordinates of `mean[2r (x·m) x xᵀ]`, the part of the noise that is linear in a mean `m` of the weights.
    pub(super) fn linear_in(&self, mean: &[f64]) -> DVector<f64> {
        let mut sum = DVector::zeros(self.residual.len());
        for (column, m) in self.third.column_iter().zip(mean) {
            sum.axpy(2.0 * m, &column, 1.0);
        }
        sum
    }
}
