//! Symmetric matrices as vectors, so that the fourth moments of the data become one Gram matrix.

use nalgebra::{DMatrix, DVector};

/// Rows that are multiplied at once: enough for a fast product, little enough memory.
const CHUNK: usize = 256;

/// Coordinates of symmetric `D x D` matrices in the orthonormal basis `e_i e_iᵀ`, `(e_i e_jᵀ + e_j e_iᵀ)/√2`, `i < j`:
/// `D(D+1)/2` numbers.
pub(super) struct SymmetricBasis {
    dimension: usize,
}

impl SymmetricBasis {
    pub(super) fn new(dimension: usize) -> SymmetricBasis {
        SymmetricBasis { dimension }
    }

    /// Number of coordinates, `D(D+1)/2`.
    pub(super) fn len(&self) -> usize {
        self.dimension * (self.dimension + 1) / 2
    }

    /// The pairs `(i, j)`, `i ≤ j`, in order.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let dimension = self.dimension;
        (0..dimension).flat_map(move |i| (i..dimension).map(move |j| (i, j)))
    }

    /// The coordinates of a symmetric matrix.
    pub(super) fn coordinates(&self, matrix: &DMatrix<f64>) -> DVector<f64> {
        DVector::from_iterator(self.len(), self.pairs().map(|(i, j)| weight(i, j) * matrix[(i, j)]))
    }

    /// The symmetric matrix with these coordinates.
    pub(super) fn matrix(&self, coordinates: &DVector<f64>) -> DMatrix<f64> {
        let mut matrix = DMatrix::zeros(self.dimension, self.dimension);
        for (coordinate, (i, j)) in coordinates.iter().zip(self.pairs()) {
            matrix[(i, j)] = coordinate / weight(i, j);
            matrix[(j, i)] = matrix[(i, j)];
        }
        matrix
    }

    /// The matrix of the map `S → mean[x xᵀ S x xᵀ]` in these coordinates, from the samples `x` (rows): it is
    /// `mean[φ φᵀ]` with the coordinates `φ` of `x xᵀ`, since `⟨E, x xᵀ S x xᵀ⟩ = (xᵀ E x)(xᵀ S x)`.
    pub(super) fn fourth_moments(&self, samples: &DMatrix<f64>) -> DMatrix<f64> {
        let count = samples.nrows();
        let mut gram = DMatrix::zeros(self.len(), self.len());
        let mut start = 0;
        while start < count {
            let rows = CHUNK.min(count - start);
            let mut features = DMatrix::zeros(rows, self.len());
            for (column, (i, j)) in self.pairs().enumerate() {
                for row in 0..rows {
                    features[(row, column)] = weight(i, j) * samples[(start + row, i)] * samples[(start + row, j)];
                }
            }
            gram.gemm_tr(1.0 / count as f64, &features, &features, 1.0);
            start += rows;
        }
        gram.fill_upper_triangle_with_lower_triangle();
        gram
    }

    /// The coordinates of `mean[r x_k x xᵀ]`, a column for each component `x_k` of the samples `x` (rows), with a number `r` to
    /// each sample.
    pub(super) fn third_moments(&self, samples: &DMatrix<f64>, numbers: &DVector<f64>) -> DMatrix<f64> {
        let count = samples.nrows();
        let mut third = DMatrix::zeros(self.len(), self.dimension);
        for k in 0..self.dimension {
            for (p, (i, j)) in self.pairs().enumerate() {
                let products = (0..count).map(|n| numbers[n] * samples[(n, i)] * samples[(n, j)] * samples[(n, k)]);
                third[(p, k)] = weight(i, j) * products.sum::<f64>() / count as f64;
            }
        }
        third
    }
}

/// What the entry of a pair is multiplied by to become a coordinate.
pub(super) fn weight(i: usize, j: usize) -> f64 {
    if i == j { 1.0 } else { std::f64::consts::SQRT_2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gram_matrix_is_the_map() {
        let samples = DMatrix::from_fn(5, 3, |i, j| ((1 + i * 3 + j * j) as f64).sin());
        let basis = SymmetricBasis::new(3);
        let s = DMatrix::from_fn(3, 3, |i, j| 1.0 / (1 + i + j) as f64);
        let mut direct = DMatrix::zeros(3, 3);
        for row in samples.row_iter() {
            let x = row.transpose();
            direct += &x * (x.transpose() * &s * &x)[(0, 0)] * x.transpose() / 5.0;
        }
        let mapped = basis.matrix(&(basis.fourth_moments(&samples) * basis.coordinates(&s)));
        assert!((mapped - direct).amax() < 1e-15);
    }
}
