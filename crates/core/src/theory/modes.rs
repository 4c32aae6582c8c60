//! K's eigenbasis, in which the theory works.

use crate::error::{Error, Result};
use crate::matrix::symmetric_eigen;
use nalgebra::DMatrix;

/// A Hessian `K = U diag(k) Uᵀ` with the noise covariance in its eigenbasis, `C~ = Uᵀ C U`.
///
/// Make it once for a loss and a noise; another learning rate or momentum then costs `O(D²)`.
///
/// ```
/// use noisy_descent::theory::Modes;
/// use nalgebra::dmatrix;
/// let modes = Modes::new(&dmatrix![2.0, 1.0; 1.0, 2.0], &dmatrix![1.0, 0.0; 0.0, 1.0])?;
/// assert!((modes.curvatures()[0] - 3.0).abs() < 1e-14);
/// # use noisy_descent::nalgebra;
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Modes {
    curvatures: Vec<f64>,
    directions: DMatrix<f64>,
    noise: DMatrix<f64>,
}

impl Modes {
    /// Decomposes a Hessian `K` (`D x D`, symmetric positive definite) and rotates a noise covariance `C` (`D x D`,
    /// symmetric positive semidefinite) into its eigenbasis.
    ///
    /// # Errors
    /// Names what is not square, finite, symmetric, positive or of the same size.
    pub fn new(hessian: &DMatrix<f64>, noise_covariance: &DMatrix<f64>) -> Result<Modes> {
        let eigen = symmetric_eigen("hessian", hessian)?;
        eigen.require_positive("hessian", true)?;
        if noise_covariance.nrows() != hessian.nrows() {
            return Err(Error::SizeMismatch {
                parameter: "noise_covariance".into(),
                size: noise_covariance.nrows(),
                of: "hessian".into(),
                expected: hessian.nrows(),
            });
        }
        symmetric_eigen("noise_covariance", noise_covariance)?.require_positive("noise_covariance", false)?;
        let mut modes = Modes { curvatures: eigen.values, directions: eigen.vectors, noise: DMatrix::zeros(0, 0) };
        modes.noise = modes.to_eigenbasis(noise_covariance);
        Ok(modes)
    }

    /// Number of coordinates `D`.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.curvatures.len()
    }

    /// Eigenvalues `k` of the Hessian, largest first.
    #[must_use]
    pub fn curvatures(&self) -> &[f64] {
        &self.curvatures
    }

    /// Unit eigenvectors `U` as columns, in the order of the curvatures.
    #[must_use]
    pub fn directions(&self) -> &DMatrix<f64> {
        &self.directions
    }

    /// Noise covariance `C~` in the eigenbasis.
    #[must_use]
    pub fn noise(&self) -> &DMatrix<f64> {
        &self.noise
    }

    /// `Uᵀ M U` of a symmetric matrix `M`, symmetric again.
    #[must_use]
    pub fn to_eigenbasis(&self, matrix: &DMatrix<f64>) -> DMatrix<f64> {
        symmetrised(self.directions.transpose() * matrix * &self.directions)
    }

    /// `U M Uᵀ` of a symmetric matrix `M`, symmetric again.
    #[must_use]
    pub fn from_eigenbasis(&self, matrix: &DMatrix<f64>) -> DMatrix<f64> {
        symmetrised(&self.directions * matrix * self.directions.transpose())
    }

    /// A symmetric matrix of the given coordinates from its elements in the eigenbasis, a function of the pair of modes.
    pub(crate) fn assemble(&self, element: impl Fn(usize, usize) -> f64) -> DMatrix<f64> {
        let n = self.dimension();
        let mut matrix = DMatrix::zeros(n, n);
        for i in 0..n {
            for j in i..n {
                matrix[(i, j)] = element(i, j);
                matrix[(j, i)] = matrix[(i, j)];
            }
        }
        self.from_eigenbasis(&matrix)
    }
}

fn symmetrised(matrix: DMatrix<f64>) -> DMatrix<f64> {
    let transpose = matrix.transpose();
    (matrix + transpose) * 0.5
}
