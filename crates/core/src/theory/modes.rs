//! The eigen-directions in which the theory works.

use super::congruence::congruent;
use crate::error::{Error, Result};
use crate::matrix::{Eigen, all_finite, require_positive, symmetric_eigen};
use nalgebra::{DMatrix, DVector};

/// Coordinates `w = T z` in which the descent falls apart into independent directions, with the noise covariance there.
///
/// For a scalar learning rate they are the Hessian's eigenbasis, `K = U diag(k) Uᵀ` and `T = U`. Behind a preconditioner
/// `Λ` they are those with `T Tᵀ = Λ` and `Tᵀ K T = diag(k)`, where the `k` are the eigenvalues of `ΛK` and the noise
/// covariance is `C~ = Tᵀ C T`: there the optimizer is the scalar one.
///
/// Make it once for a loss, a noise and a preconditioner; another learning rate or momentum then costs `O(D²)`.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, theory::Modes};
/// // k = 3 along (1, 1)/√2 and 1 along (1, −1)/√2; the noise is in the first coordinate alone.
/// let noise = dmatrix![2.0, 0.0; 0.0, 0.0];
/// let modes = Modes::new(&dmatrix![2.0, 1.0; 1.0, 2.0], &noise)?;
/// assert_eq!(modes.dimension(), 2);
/// assert!((modes.curvatures()[0] - 3.0).abs() < 1e-14 && (modes.curvatures()[1] - 1.0).abs() < 1e-14);
/// assert!((modes.unit_direction(0)[1] - 0.5f64.sqrt()).abs() < 1e-15);
/// // It shows half in each direction, and in both alike.
/// assert!((modes.noise()[(0, 0)] - 1.0).abs() < 1e-14 && (modes.noise()[(0, 1)].abs() - 1.0).abs() < 1e-14);
/// // T⁻¹ undoes T, for vectors and for covariances.
/// assert!((modes.coordinates() * modes.directions() - dmatrix![1.0, 0.0; 0.0, 1.0]).amax() < 1e-14);
/// assert!((modes.from_eigenbasis(&modes.to_eigenbasis(&noise)?)? - noise).amax() < 1e-14);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Modes {
    curvatures: Vec<f64>,
    directions: DMatrix<f64>,
    coordinates: DMatrix<f64>,
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
        Modes::of_eigen(eigen, noise_covariance)
    }

    /// The same for a Hessian that may be flat in some directions: those get a curvature of exactly zero.
    ///
    /// # Errors
    /// As [`Modes::new`], but only a negative eigenvalue is refused.
    ///
    /// ```
    /// use noisy_descent::{nalgebra::dmatrix, theory::Modes};
    /// let (flat, white) = (dmatrix![1.0, 1.0; 1.0, 1.0], dmatrix![1.0, 0.0; 0.0, 1.0]);
    /// let modes = Modes::semidefinite(&flat, &white)?;
    /// assert!((modes.curvatures()[0] - 2.0).abs() < 1e-14 && modes.curvatures()[1] == 0.0);
    /// assert_eq!(Modes::new(&flat, &white).unwrap_err().kind(), "not_positive");
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn semidefinite(hessian: &DMatrix<f64>, noise_covariance: &DMatrix<f64>) -> Result<Modes> {
        let mut eigen = symmetric_eigen("hessian", hessian)?;
        eigen.require_positive("hessian", false)?;
        let rounding = eigen.rounding();
        for value in &mut eigen.values {
            if *value <= rounding {
                *value = 0.0;
            }
        }
        Modes::of_eigen(eigen, noise_covariance)
    }

    fn of_eigen(eigen: Eigen, noise_covariance: &DMatrix<f64>) -> Result<Modes> {
        same_size("noise_covariance", noise_covariance, eigen.values.len())?;
        require_positive("noise_covariance", noise_covariance, false)?;
        let coordinates = eigen.vectors.transpose();
        let noise = congruent(&coordinates, noise_covariance);
        Ok(Modes { curvatures: eigen.values, directions: eigen.vectors, coordinates, noise })
    }

    /// The directions behind a preconditioner `Λ` (`D x D`, symmetric positive definite).
    ///
    /// # Errors
    /// Names what is not square, finite, symmetric, positive or of the same size.
    ///
    /// ```
    /// use noisy_descent::{nalgebra::dmatrix, theory::Modes};
    /// let (hessian, noise) = (dmatrix![2.0, 0.0; 0.0, 1.0], dmatrix![1.0, 0.0; 0.0, 1.0]);
    /// let modes = Modes::preconditioned(&hessian, &noise, &dmatrix![0.5, 0.0; 0.0, 3.0])?;
    /// assert!((modes.curvatures()[0] - 3.0).abs() < 1e-14 && (modes.curvatures()[1] - 1.0).abs() < 1e-14);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn preconditioned(
        hessian: &DMatrix<f64>,
        noise_covariance: &DMatrix<f64>,
        preconditioner: &DMatrix<f64>,
    ) -> Result<Modes> {
        let modes = Modes::new(hessian, noise_covariance)?;
        same_size("preconditioner", preconditioner, modes.dimension())?;
        let eigen = symmetric_eigen("preconditioner", preconditioner)?;
        eigen.require_positive("preconditioner", true)?;
        modes.behind(hessian, noise_covariance, &eigen)
    }

    /// Behind a preconditioner that is decomposed already, for matrices that have been checked.
    pub(crate) fn behind(
        &self,
        hessian: &DMatrix<f64>,
        noise_covariance: &DMatrix<f64>,
        preconditioner: &Eigen,
    ) -> Result<Modes> {
        let root = preconditioner.function(f64::sqrt);
        let inverse_root = preconditioner.function(|value| 1.0 / value.sqrt());
        let mut eigen = symmetric_eigen("the preconditioned hessian", &symmetrised(&root * hessian * &root))?;
        // As flat as without it, to the bit.
        let curved = self.dimension() - self.flat();
        eigen.values[curved..].fill(0.0);
        let directions = &root * &eigen.vectors;
        let coordinates = eigen.vectors.transpose() * inverse_root;
        let noise = congruent(&directions.transpose(), noise_covariance);
        Ok(Modes { curvatures: eigen.values, directions, coordinates, noise })
    }

    /// The same directions stretched by positive factors `f`: `T → T diag(f)`, so that `k → f² k`.
    pub(crate) fn stretched(&self, factor: impl Fn(usize) -> f64) -> Modes {
        let f: Vec<f64> = (0..self.dimension()).map(factor).collect();
        let mut modes = self.clone();
        for i in 0..f.len() {
            modes.curvatures[i] *= f[i] * f[i];
            modes.directions.column_mut(i).scale_mut(f[i]);
            modes.coordinates.row_mut(i).unscale_mut(f[i]);
            for j in 0..f.len() {
                modes.noise[(i, j)] *= f[i] * f[j];
            }
        }
        modes
    }

    /// The same directions turned among themselves by an orthogonal matrix `Q`: `T → T Q`. The caller knows that the
    /// curvatures are equal, so that they stay what they are.
    pub(crate) fn turned(&self, by: &DMatrix<f64>) -> Modes {
        Modes {
            curvatures: self.curvatures.clone(),
            directions: &self.directions * by,
            coordinates: by.transpose() * &self.coordinates,
            noise: congruent(&by.transpose(), &self.noise),
        }
    }

    /// The same directions with another noise, given in them.
    pub(crate) fn with_noise(&self, noise: DMatrix<f64>) -> Modes {
        Modes { noise, ..self.clone() }
    }

    /// Number of coordinates `D`.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.curvatures.len()
    }

    /// Curvatures `k`, largest first: the eigenvalues of the Hessian, or of `ΛK` behind a preconditioner.
    #[must_use]
    pub fn curvatures(&self) -> &[f64] {
        &self.curvatures
    }

    /// The directions `T` as columns, in the order of the curvatures: the Hessian's unit eigenvectors without a
    /// preconditioner; behind one neither of unit length nor orthogonal.
    #[must_use]
    pub fn directions(&self) -> &DMatrix<f64> {
        &self.directions
    }

    /// `T⁻¹`: its rows give the components of a weight along the directions.
    #[must_use]
    pub fn coordinates(&self) -> &DMatrix<f64> {
        &self.coordinates
    }

    /// Noise covariance `C~ = Tᵀ C T` along the directions.
    #[must_use]
    pub fn noise(&self) -> &DMatrix<f64> {
        &self.noise
    }

    /// Number of directions, the last ones, in which the loss is flat.
    pub(crate) fn flat(&self) -> usize {
        self.curvatures.iter().filter(|&&k| k <= 0.0).count()
    }

    /// Whether nothing overflowed on the way here.
    pub(crate) fn is_finite(&self) -> bool {
        [&self.directions, &self.coordinates, &self.noise].into_iter().all(all_finite)
    }

    /// Direction `i` as a unit vector.
    #[must_use]
    pub fn unit_direction(&self, i: usize) -> DVector<f64> {
        let direction = self.directions.column(i);
        let length = direction.norm();
        direction / if length > 0.0 { length } else { 1.0 }
    }

    /// `T⁻¹ M T⁻ᵀ` of a covariance `M` of weights, symmetric again.
    ///
    /// # Errors
    /// [`Error::SizeMismatch`] if `M` is not `D x D`.
    pub fn to_eigenbasis(&self, matrix: &DMatrix<f64>) -> Result<DMatrix<f64>> {
        same_size("covariance", matrix, self.dimension())?;
        Ok(congruent(&self.coordinates, matrix))
    }

    /// `T M Tᵀ` of a covariance `M` along the directions, symmetric again.
    ///
    /// # Errors
    /// [`Error::SizeMismatch`] if `M` is not `D x D`.
    pub fn from_eigenbasis(&self, matrix: &DMatrix<f64>) -> Result<DMatrix<f64>> {
        same_size("covariance", matrix, self.dimension())?;
        Ok(congruent(&self.directions, matrix))
    }

    /// A covariance of weights from its elements along the directions, a function of the pair.
    pub(crate) fn assemble(&self, element: impl Fn(usize, usize) -> f64) -> DMatrix<f64> {
        congruent(&self.directions, &self.pairs(element))
    }

    /// The covariance of a vector that, like a gradient, is dual to the weights: `T⁻ᵀ M T⁻¹`.
    pub(crate) fn assemble_dual(&self, element: impl Fn(usize, usize) -> f64) -> DMatrix<f64> {
        congruent(&self.coordinates.transpose(), &self.pairs(element))
    }

    /// A symmetric matrix from its elements, a symmetric function of the pair of directions.
    pub(crate) fn pairs(&self, element: impl Fn(usize, usize) -> f64) -> DMatrix<f64> {
        // Each element twice: a division costs less than a stride through memory.
        let n = self.dimension();
        DMatrix::from_fn(n, n, element)
    }
}

pub(crate) fn same_size(parameter: &str, matrix: &DMatrix<f64>, expected: usize) -> Result<()> {
    for size in [matrix.nrows(), matrix.ncols()] {
        if size != expected {
            return Err(Error::SizeMismatch { parameter: parameter.into(), size, of: "hessian".into(), expected });
        }
    }
    Ok(())
}

pub(crate) fn symmetrised(matrix: DMatrix<f64>) -> DMatrix<f64> {
    let transpose = matrix.transpose();
    (matrix + transpose) * 0.5
}
