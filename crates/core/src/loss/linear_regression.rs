//! Least squares on a finite data set.

use crate::check::out_of_range;
use crate::error::{Error, Result};
use crate::matrix::{Eigen, LARGEST_DIMENSION, symmetric_eigen};
use nalgebra::{DMatrix, DVector};

/// Corrections of the minimum by its own residual. One removes most of the rounding of the normal equations, a second the
/// rest.
const REFINEMENTS: usize = 2;

/// A data set of `N` samples `(x_n, y_n)` with the loss `L(w) = (1/2N) Σ (w·x_n − y_n)²`, ready for the theory: its
/// minimum, Hessian and residuals are computed once.
///
/// The paper (Liu et al. 2021, Sec. 5) prints the loss without the 1/2; its Hessian and noise are those with it
/// (erratum 26).
///
/// ```
/// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}};
/// let data = LinearRegression::new(dmatrix![1.0; 2.0; 3.0], dvector![1.0, 2.0, 6.0])?;
/// assert!((data.minimum()[0] - 23.0 / 14.0).abs() < 1e-15);
/// assert!((data.hessian()[(0, 0)] - 14.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LinearRegression {
    inputs: DMatrix<f64>,
    targets: DVector<f64>,
    minimum: DVector<f64>,
    hessian: DMatrix<f64>,
    eigen: Eigen,
    residuals: DVector<f64>,
}

impl LinearRegression {
    /// The data set with these inputs (`N x D`, a sample a row) and targets (`N`).
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for no sample, no column or more than [`LARGEST_DIMENSION`] columns,
    /// [`Error::SizeMismatch`] when inputs and targets differ in number, [`Error::NotFinite`], and
    /// [`Error::NotPositive`] of the `hessian` when the samples do not determine the minimum.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}};
    /// // Two columns that say the same: the Hessian is singular.
    /// let error = LinearRegression::new(dmatrix![1.0, 2.0; 2.0, 4.0], dvector![1.0, 1.0]).unwrap_err();
    /// assert_eq!(error.parameter(), "hessian");
    /// ```
    pub fn new(inputs: DMatrix<f64>, targets: DVector<f64>) -> Result<LinearRegression> {
        let (samples, dimension) = inputs.shape();
        if samples == 0 {
            return Err(out_of_range("data_size", 0.0, "[1, ∞)"));
        }
        if dimension == 0 || dimension > LARGEST_DIMENSION {
            return Err(out_of_range("dimension", dimension as f64, format!("[1, {LARGEST_DIMENSION}]")));
        }
        if targets.len() != samples {
            return Err(Error::SizeMismatch {
                parameter: "targets".into(),
                size: targets.len(),
                of: "inputs".into(),
                expected: samples,
            });
        }
        require_finite("inputs", &inputs)?;
        require_finite("targets", &targets)?;
        let mut hessian = inputs.tr_mul(&inputs) / samples as f64;
        hessian.fill_upper_triangle_with_lower_triangle();
        let eigen = symmetric_eigen("hessian", &hessian)?;
        eigen.require_positive("hessian", true)?;

        let mut minimum = DVector::zeros(dimension);
        for _ in 0..=REFINEMENTS {
            let gradient = inputs.tr_mul(&(&targets - &inputs * &minimum)) / samples as f64;
            let mut along = eigen.vectors.tr_mul(&gradient);
            for (component, curvature) in along.iter_mut().zip(&eigen.values) {
                *component /= curvature;
            }
            minimum += &eigen.vectors * along;
        }
        let residuals = &inputs * &minimum - &targets;
        require_finite("targets", &residuals)?;
        Ok(LinearRegression { inputs, targets, minimum, hessian, eigen, residuals })
    }

    /// Number of samples `N`.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
    /// assert_eq!(data.data_size(), 2);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn data_size(&self) -> usize {
        self.inputs.nrows()
    }

    /// Number of coordinates `D` of `w`.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
    /// assert_eq!(data.dimension(), 1);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.inputs.ncols()
    }

    /// The inputs, `N x D`.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
    /// assert_eq!(data.inputs(), &dmatrix![1.0; 1.0]);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn inputs(&self) -> &DMatrix<f64> {
        &self.inputs
    }

    /// The targets, `N`.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
    /// assert_eq!(data.targets(), &dvector![0.0, 2.0]);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn targets(&self) -> &DVector<f64> {
        &self.targets
    }

    /// The least-squares solution `w*`, `D`.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
    /// assert_eq!(data.minimum(), &dvector![1.0]);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn minimum(&self) -> &DVector<f64> {
        &self.minimum
    }

    /// The Hessian `K = (1/N) Σ x xᵀ`, `D x D`, the same everywhere.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
    /// assert_eq!(data.hessian(), &dmatrix![1.0]);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn hessian(&self) -> &DMatrix<f64> {
        &self.hessian
    }

    /// Eigenvalues and eigenvectors of the Hessian, sharpest first.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
    /// assert_eq!(data.eigen().values, [1.0]);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn eigen(&self) -> &Eigen {
        &self.eigen
    }

    /// The residuals at the minimum, `r_n = w*·x_n − y_n`, `N`.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
    /// assert_eq!(data.residuals(), &dvector![1.0, -1.0]);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn residuals(&self) -> &DVector<f64> {
        &self.residuals
    }

    /// The loss at the minimum, `(1/2N) Σ r_n²`, half the residual variance.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
    /// assert_eq!(data.minimum_loss(), 0.5);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn minimum_loss(&self) -> f64 {
        0.5 * self.residuals.norm_squared() / self.data_size() as f64
    }

    /// The loss at any weights, `D` numbers.
    ///
    /// # Errors
    /// [`Error::SizeMismatch`] for another number of weights.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
    /// assert_eq!(data.loss(&dvector![0.0])?, 1.0);
    /// assert!(data.loss(&dvector![0.0, 1.0]).is_err());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn loss(&self, weights: &DVector<f64>) -> Result<f64> {
        if weights.len() != self.dimension() {
            return Err(Error::SizeMismatch {
                parameter: "weights".into(),
                size: weights.len(),
                of: "inputs".into(),
                expected: self.dimension(),
            });
        }
        Ok(0.5 * (&self.inputs * weights - &self.targets).norm_squared() / self.data_size() as f64)
    }

    /// Covariance `R = (1/N) Σ r_n² x_n x_nᵀ` of one sample's gradient at the minimum, `D x D`.
    ///
    /// ```
    /// use noisy_descent::{loss::LinearRegression, nalgebra::{dmatrix, dvector}};
    /// let data = LinearRegression::new(dmatrix![1.0; 1.0], dvector![0.0, 2.0])?;
    /// assert_eq!(data.residual_covariance()[(0, 0)], 1.0);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn residual_covariance(&self) -> DMatrix<f64> {
        let mut gradients = self.inputs.clone();
        for (mut row, residual) in gradients.row_iter_mut().zip(self.residuals.iter()) {
            row *= *residual;
        }
        let mut covariance = gradients.tr_mul(&gradients) / self.data_size() as f64;
        covariance.fill_upper_triangle_with_lower_triangle();
        covariance
    }
}

/// Names the first entry that is not finite.
fn require_finite<C: nalgebra::Dim, S: nalgebra::RawStorage<f64, nalgebra::Dyn, C>>(
    parameter: &str,
    matrix: &nalgebra::Matrix<f64, nalgebra::Dyn, C, S>,
) -> Result<()> {
    for row in 0..matrix.nrows() {
        for column in 0..matrix.ncols() {
            let value = matrix[(row, column)];
            if !value.is_finite() {
                return Err(Error::NotFinite { parameter: parameter.into(), row: row + 1, column: column + 1, value });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{dmatrix, dvector};

    #[test]
    fn the_gradient_vanishes_at_the_minimum() {
        let inputs = DMatrix::from_fn(9, 3, |i, j| ((i + 1) as f64 * 0.7).sin().powi(j as i32));
        let data = LinearRegression::new(inputs, DVector::from_fn(9, |i, _| (i as f64).cos())).unwrap();
        let gradient = data.inputs().tr_mul(data.residuals());
        assert!(gradient.amax() < 1e-14, "{gradient}");
        assert!((data.loss(data.minimum()).unwrap() - data.minimum_loss()).abs() < 1e-16);
    }

    #[test]
    fn bad_input_is_named() {
        let named = |inputs, targets| LinearRegression::new(inputs, targets).unwrap_err().parameter().to_string();
        assert_eq!(named(DMatrix::zeros(0, 2), DVector::zeros(0)), "data_size");
        assert_eq!(named(DMatrix::zeros(2, 0), DVector::zeros(2)), "dimension");
        assert_eq!(named(dmatrix![1.0; 2.0], dvector![1.0]), "targets");
        assert_eq!(named(dmatrix![1.0; f64::NAN], dvector![1.0, 1.0]), "inputs");
        assert_eq!(named(dmatrix![1.0; 2.0], dvector![1.0, f64::INFINITY]), "targets");
        assert_eq!(named(dmatrix![1.0, 2.0], dvector![1.0]), "hessian");
        assert_eq!(named(dmatrix![1e200; 2e200], dvector![1.0, 1.0]), "hessian");
    }
}
