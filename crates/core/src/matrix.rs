//! Matrices of documents: read and written as rows, checked before any theory or simulation sees them.

use crate::error::{Error, Result};
use nalgebra::DMatrix;
use nalgebra::linalg::SymmetricEigen;

/// Largest number of rows of a matrix in a document.
///
/// ```
/// use noisy_descent::{matrix::{LARGEST_DIMENSION, require_symmetric}, nalgebra::DMatrix};
/// let zero = |n: usize| DMatrix::<f64>::zeros(n, n);
/// assert!(require_symmetric("hessian", &zero(LARGEST_DIMENSION)).is_ok());
/// assert_eq!(
///     require_symmetric("hessian", &zero(LARGEST_DIMENSION + 1)).unwrap_err().to_string(),
///     "hessian must be a square matrix with 1 to 512 rows, got 513 rows and 513 columns"
/// );
/// ```
pub const LARGEST_DIMENSION: usize = 512;

/// Cap on the iterations of a symmetric eigendecomposition. Each eigenvalue takes two or three.
const EIGEN_ITERATIONS: usize = 64 * LARGEST_DIMENSION;

/// An entry and its mirror image may differ by this much, relative to the largest entry: the rounding of a matrix that
/// was computed or printed with twelve digits, not a typing error.
const SYMMETRY_TOLERANCE: f64 = 1e-12;

/// An eigenvalue this small, relative to the largest and per row, cannot be told from zero in double precision.
const EIGENVALUE_TOLERANCE: f64 = 1e-15;

/// Matrix from rows, all of one length.
///
/// # Errors
/// [`Error::NotSquare`] when there is no row, more than [`LARGEST_DIMENSION`], or a row of another length.
///
/// ```
/// use noisy_descent::matrix::{from_rows, to_rows};
/// let rows = vec![vec![1.0, 2.0], vec![3.0, 4.0]];
/// let matrix = from_rows("hessian", &rows)?;
/// assert_eq!((matrix[(0, 1)], to_rows(&matrix)), (2.0, rows));
/// assert_eq!(
///     from_rows("hessian", &[vec![1.0, 2.0], vec![3.0]]).unwrap_err().to_string(),
///     "hessian must be a square matrix with 1 to 512 rows, got 2 rows and 1 columns"
/// );
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn from_rows(parameter: &str, rows: &[Vec<f64>]) -> Result<DMatrix<f64>> {
    let n = rows.len();
    match rows.iter().find(|row| row.len() != n) {
        None if n > 0 && n <= LARGEST_DIMENSION => Ok(DMatrix::from_fn(n, n, |i, j| rows[i][j])),
        odd => Err(Error::NotSquare {
            parameter: parameter.into(),
            rows: n,
            columns: odd.map_or(n, Vec::len),
            largest: LARGEST_DIMENSION,
        }),
    }
}

/// The rows of a matrix.
#[must_use]
pub fn to_rows(matrix: &DMatrix<f64>) -> Vec<Vec<f64>> {
    matrix.row_iter().map(|row| row.iter().copied().collect()).collect()
}

/// Eigenvalues in descending order, with their unit eigenvectors as columns.
///
/// ```
/// use noisy_descent::{matrix::{Eigen, symmetric_eigen}, nalgebra::dmatrix};
/// let matrix = dmatrix![2.0, 1.0; 1.0, 2.0];
/// let eigen: Eigen = symmetric_eigen("hessian", &matrix)?; // 3 along (1, 1)/√2, 1 along (1, −1)/√2
/// assert!((eigen.values[0] - 3.0).abs() < 1e-14 && (eigen.values[1] - 1.0).abs() < 1e-14);
/// assert!((eigen.vectors[(0, 0)] - 0.5f64.sqrt()).abs() < 1e-15);
/// assert!(eigen.require_positive("hessian", true).is_ok() && eigen.rounding() < 1e-14);
///
/// let root = eigen.function(f64::sqrt);
/// assert!((&root * &root - matrix).amax() < 1e-14);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Eigen {
    /// Eigenvalues, largest first.
    pub values: Vec<f64>,
    /// Column `i` belongs to eigenvalue `i`; its largest component is positive.
    pub vectors: DMatrix<f64>,
}

/// Checks that a matrix is square, finite and symmetric, and returns its largest entry by size.
///
/// # Errors
/// Names the first entry that is not finite or not symmetric.
///
/// ```
/// use noisy_descent::{matrix::require_symmetric, nalgebra::dmatrix};
/// assert_eq!(require_symmetric("hessian", &dmatrix![1.0, -3.0; -3.0, 2.0])?, 3.0);
/// assert!(require_symmetric("hessian", &dmatrix![1.0, 3.0; -3.0, 2.0]).is_err());
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn require_symmetric(parameter: &str, matrix: &DMatrix<f64>) -> Result<f64> {
    let n = matrix.nrows();
    if n == 0 || n != matrix.ncols() || n > LARGEST_DIMENSION {
        let (rows, columns) = matrix.shape();
        return Err(Error::NotSquare { parameter: parameter.into(), rows, columns, largest: LARGEST_DIMENSION });
    }
    // An entry is looked for, row by row, only when there is one: whether there is takes no choice at each.
    let entries = || (0..n).flat_map(|i| (0..n).map(move |j| (i, j)));
    if !all_finite(matrix)
        && let Some((i, j)) = entries().find(|&entry| !matrix[entry].is_finite())
    {
        let (row, column, value) = (i + 1, j + 1, matrix[(i, j)]);
        return Err(Error::NotFinite { parameter: parameter.into(), row, column, value });
    }
    let sizes = matrix.as_slice().iter().map(|value| value.abs());
    let largest = sizes.fold(0.0, |largest, size| if size > largest { size } else { largest });
    let differ = |value: f64, mirrored: f64| (value - mirrored).abs() > SYMMETRY_TOLERANCE * largest;
    let turned = matrix.transpose();
    let pairs = matrix.as_slice().iter().zip(turned.as_slice());
    if pairs.fold(false, |odd, (&value, &mirrored)| odd | differ(value, mirrored))
        && let Some((i, j)) = entries().find(|&(i, j)| differ(matrix[(i, j)], matrix[(j, i)]))
    {
        let (row, column, value, mirrored) = (i + 1, j + 1, matrix[(i, j)], matrix[(j, i)]);
        return Err(Error::NotSymmetric { parameter: parameter.into(), row, column, value, mirrored });
    }
    Ok(largest)
}

/// Whether no entry is infinite or NaN.
pub(crate) fn all_finite(matrix: &DMatrix<f64>) -> bool {
    matrix.as_slice().iter().fold(true, |finite, value| finite & value.is_finite())
}

/// Checks that a matrix is square, finite, symmetric and positive: definite (`strict`) or semidefinite. A triangular
/// factor decides most cases at a tenth of the price of the eigenvalues.
///
/// # Errors
/// As [`require_symmetric`]; [`Error::NotPositive`] with the smallest eigenvalue.
///
/// ```
/// use noisy_descent::{matrix::require_positive, nalgebra::dmatrix};
/// let singular = dmatrix![1.0, 1.0; 1.0, 1.0];
/// assert!(require_positive("noise_covariance", &singular, false).is_ok());
/// assert!(require_positive("hessian", &singular, true).is_err());
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn require_positive(parameter: &str, matrix: &DMatrix<f64>, strict: bool) -> Result<()> {
    let largest = require_symmetric(parameter, matrix)?;
    let n = matrix.nrows();
    if largest == 0.0 && !strict {
        return Ok(());
    }
    // No eigenvalue exceeds n times the largest entry. Less twice the rounding, a definite matrix still has a factor.
    let rounding = EIGENVALUE_TOLERANCE * n as f64 * n as f64 * largest;
    let mut shifted = matrix.clone();
    for i in 0..n {
        shifted[(i, i)] -= if strict { 2.0 * rounding } else { 0.0 };
    }
    match nalgebra::Cholesky::new(shifted) {
        Some(_) => Ok(()),
        None => symmetric_eigen(parameter, matrix)?.require_positive(parameter, strict),
    }
}

/// Checks that a matrix is square, finite and symmetric, and decomposes it.
///
/// # Errors
/// As [`require_symmetric`]; [`Error::NotConverged`] if the iteration is stuck.
pub fn symmetric_eigen(parameter: &str, matrix: &DMatrix<f64>) -> Result<Eigen> {
    let largest = require_symmetric(parameter, matrix)?;
    let n = matrix.nrows();
    // Scaled to entries of order one, so that neither squares nor thresholds over- or underflow.
    let scale = if largest > 0.0 { largest } else { 1.0 };
    let half = matrix / scale * 0.5;
    let symmetric = &half + half.transpose();
    let eigen = SymmetricEigen::try_new(symmetric, f64::EPSILON, EIGEN_ITERATIONS).ok_or_else(|| {
        Error::NotConverged { parameter: format!("the eigenvalues of {parameter}"), iterations: EIGEN_ITERATIONS }
    })?;
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let values = order.iter().map(|&i| eigen.eigenvalues[i] * scale).collect();
    let mut vectors = DMatrix::from_fn(n, n, |i, j| eigen.eigenvectors[(i, order[j])]);
    for mut column in vectors.column_iter_mut() {
        if column[column.icamax()] < 0.0 {
            column.neg_mut();
        }
    }
    Ok(Eigen { values, vectors })
}

impl Eigen {
    /// The error of a matrix whose smallest eigenvalue is not above zero (`strict`) or is below it (not `strict`).
    ///
    /// # Errors
    /// [`Error::NotPositive`] with that eigenvalue.
    pub fn require_positive(&self, parameter: &str, strict: bool) -> Result<()> {
        let (smallest, rounding) = (self.values[self.values.len() - 1], self.rounding());
        let fine = if strict { smallest > rounding } else { smallest >= -rounding };
        if fine {
            Ok(())
        } else {
            // Zero up to rounding is shown as the zero that it is.
            let eigenvalue = if smallest.abs() <= rounding { 0.0 } else { smallest };
            Err(Error::NotPositive { parameter: parameter.into(), eigenvalue, strict })
        }
    }
}

impl Eigen {
    /// Size below which an eigenvalue cannot be told from zero.
    #[must_use]
    pub fn rounding(&self) -> f64 {
        let largest = self.values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        EIGENVALUE_TOLERANCE * self.values.len() as f64 * largest
    }

    /// The symmetric matrix with the same eigenvectors and a function of each eigenvalue.
    #[must_use]
    pub fn function(&self, of: impl Fn(f64) -> f64) -> DMatrix<f64> {
        let mut scaled = self.vectors.clone();
        for (i, mut column) in scaled.column_iter_mut().enumerate() {
            column.scale_mut(of(self.values[i]));
        }
        let product = scaled * self.vectors.transpose();
        (&product + product.transpose()) * 0.5
    }
}

/// A product whose bits do not depend on the platform's vectors: nalgebra's own may choose its kernel by the machine.
pub(crate) fn product(a: &DMatrix<f64>, b: &DMatrix<f64>) -> DMatrix<f64> {
    let mut c = DMatrix::zeros(a.nrows(), b.ncols());
    for j in 0..b.ncols() {
        for l in 0..a.ncols() {
            let factor = b[(l, j)];
            if factor != 0.0 {
                for i in 0..a.nrows() {
                    c[(i, j)] += a[(i, l)] * factor;
                }
            }
        }
    }
    c
}

/// Serde of a matrix as an array of rows, for `#[serde(with = "matrix::rows")]`. Ragged
/// and oversized input is refused before anything is allocated for it.
pub(crate) mod rows {
    use super::{DMatrix, LARGEST_DIMENSION, to_rows};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(matrix: &DMatrix<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        to_rows(matrix).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DMatrix<f64>, D::Error> {
        let rows = Vec::<Vec<f64>>::deserialize(deserializer)?;
        let columns = rows.first().map_or(0, Vec::len);
        if let Some(odd) = rows.iter().position(|row| row.len() != columns) {
            let message = format!("row 1 of the matrix has {columns} entries, row {} has {}", odd + 1, rows[odd].len());
            return Err(D::Error::custom(message));
        }
        if rows.len().max(columns) > LARGEST_DIMENSION {
            let message = format!("a matrix has at most {LARGEST_DIMENSION} rows, got {} x {columns}", rows.len());
            return Err(D::Error::custom(message));
        }
        Ok(DMatrix::from_fn(rows.len(), columns, |i, j| rows[i][j]))
    }
}
