//! The triangular factor that gives white samples a covariance.

use nalgebra::DMatrix;

/// Lower triangular `F` with `F Fᵀ = C`.
///
/// Cholesky's recursion, written out because its bits must not depend on the platform; a direction without noise (a pivot
/// that is zero up to rounding) gets a column of zeros.
pub(super) fn triangular_factor(covariance: &DMatrix<f64>) -> DMatrix<f64> {
    let n = covariance.nrows();
    let largest = (0..n).map(|i| covariance[(i, i)]).fold(0.0, f64::max);
    let negligible = 1e-14 * n as f64 * largest;
    let mut f = DMatrix::<f64>::zeros(n, n);
    for j in 0..n {
        let mut pivot = covariance[(j, j)];
        for s in 0..j {
            pivot -= f[(j, s)] * f[(j, s)];
        }
        if pivot <= negligible {
            continue;
        }
        let root = pivot.sqrt();
        f[(j, j)] = root;
        for i in j + 1..n {
            let mut entry = covariance[(i, j)];
            for s in 0..j {
                entry -= f[(i, s)] * f[(j, s)];
            }
            f[(i, j)] = entry / root;
        }
    }
    f
}

/// The entries of each row that are not zero, with their columns.
pub(super) fn sparse_rows(matrix: &DMatrix<f64>) -> Vec<Vec<(usize, f64)>> {
    matrix.row_iter().map(|row| row.iter().copied().enumerate().filter(|&(_, entry)| entry != 0.0).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::dmatrix;

    fn product(rows: &[Vec<(usize, f64)>]) -> DMatrix<f64> {
        let n = rows.len();
        let mut f = DMatrix::zeros(n, n);
        for (i, row) in rows.iter().enumerate() {
            for &(j, entry) in row {
                f[(i, j)] = entry;
            }
        }
        &f * f.transpose()
    }

    #[test]
    fn factor_squares_to_the_covariance() {
        for covariance in [
            dmatrix![4.0, 2.0, 0.0; 2.0, 5.0, -1.0; 0.0, -1.0, 3.0],
            dmatrix![1.0, -2.0; -2.0, 4.0], // rank one
            dmatrix![0.0, 0.0; 0.0, 9.0],
            dmatrix![0.0],
        ] {
            assert!((product(&sparse_rows(&triangular_factor(&covariance))) - &covariance).amax() < 1e-14);
        }
    }
}
