//! A symmetric matrix in other coordinates: the two products in which, beside the eigendecomposition, the theory spends its
//! time.

use nalgebra::DMatrix;

/// `L M Lᵀ` of a symmetric `M`, symmetric to the bit. Only the upper triangle of the second product is computed.
pub(crate) fn congruent(left: &DMatrix<f64>, matrix: &DMatrix<f64>) -> DMatrix<f64> {
    // The library has kernels for the vector units of the machines it knows. WebAssembly is not among them: there it
    // multiplies number by number, at half the speed of plain loops that the compiler turns into vector instructions.
    let mut result = if cfg!(target_arch = "wasm32") { by_loops(left, matrix) } else { by_library(left, matrix) };
    result.fill_lower_triangle_with_upper_triangle();
    result
}

/// Columns that the library computes together: enough for a fast product, few enough to leave the lower triangle out.
const LIBRARY_BLOCK: usize = 64;

fn by_library(left: &DMatrix<f64>, matrix: &DMatrix<f64>) -> DMatrix<f64> {
    let n = left.nrows();
    let product = left * matrix;
    let mut result = DMatrix::zeros(n, n);
    for start in (0..n).step_by(LIBRARY_BLOCK) {
        let width = LIBRARY_BLOCK.min(n - start);
        let block = left.rows(start, width).transpose();
        result.view_mut((0, start), (start + width, width)).gemm(1.0, &product.rows(0, start + width), &block, 0.0);
    }
    result
}

fn by_loops(left: &DMatrix<f64>, matrix: &DMatrix<f64>) -> DMatrix<f64> {
    let n = left.nrows();
    let product = multiplied(matrix.as_slice(), left.transpose().as_slice(), n, |_| n);
    let mut result = multiplied(left.as_slice(), &product, n, |column| column + 1);
    result.truncate(n * n);
    DMatrix::from_vec(n, n, result)
}

/// Rows that are computed together: few enough to stay in the cache while the columns pass by.
const ROWS: usize = 128;

/// Columns of the left factor that one pass over two columns of the product takes in: as many as there are registers for.
const TERMS: usize = 4;

/// The product of two matrices of `n` rows, column by column, down to row `rows(j)` of column `j` or a little further. An odd
/// last column is followed by one without meaning: columns are computed in pairs.
fn multiplied(left: &[f64], right: &[f64], n: usize, rows: impl Fn(usize) -> usize) -> Vec<f64> {
    let mut product = vec![0.0; n * (n + n % 2)];
    for top in (0..n).step_by(ROWS) {
        for (pair, columns) in product.chunks_exact_mut(2 * n).enumerate() {
            let (first, second) = columns.split_at_mut(n);
            let (j, next) = (2 * pair, (2 * pair + 1).min(n - 1));
            let bottom = rows(next).min(top + ROWS);
            if bottom <= top {
                continue;
            }
            let (first, second) = (&mut first[top..bottom], &mut second[top..bottom]);
            let (a, b) = (&right[j * n..][..n], &right[next * n..][..n]);
            let column = |k: usize| &left[k * n..][top..bottom];
            let whole = n - n % TERMS;
            for k in (0..whole).step_by(TERMS) {
                let factors = std::array::from_fn(|term| [a[k + term], b[k + term]]);
                add_columns::<TERMS>(first, second, std::array::from_fn(|term| column(k + term)), factors);
            }
            for k in whole..n {
                add_columns(first, second, [column(k)], [[a[k], b[k]]]);
            }
        }
    }
    product
}

/// Adds to two columns the same others, each times a factor of its own. The inner loop is over the rows, without a choice and
/// on slices of one length: that is what the compiler makes vector instructions of.
fn add_columns<const N: usize>(first: &mut [f64], second: &mut [f64], columns: [&[f64]; N], factors: [[f64; 2]; N]) {
    let rows = first.len();
    let (second, columns) = (&mut second[..rows], columns.map(|column| &column[..rows]));
    for i in 0..rows {
        let (mut x, mut y) = (first[i], second[i]);
        for (column, [a, b]) in columns.iter().zip(factors) {
            x += column[i] * a;
            y += column[i] * b;
        }
        (first[i], second[i]) = (x, y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Neither has run out of rows or columns for the other's blocks, pairs and terms.
    #[test]
    fn both_ways_give_the_same() {
        for n in [1, 2, 3, 4, 5, 7, 20, 63, 64, 65, 131] {
            let left = DMatrix::from_fn(n, n, |i, j| ((3 * i + 7 * j * j) % 11) as f64 - 4.5);
            let matrix = DMatrix::from_fn(n, n, |i, j| ((i + j) % 5 + i * j % 7) as f64 - 3.25);
            let expected = &left * &matrix * left.transpose();
            // Every number is a multiple of a sixteenth and small: no product or sum is rounded.
            for mut found in [by_library(&left, &matrix), by_loops(&left, &matrix)] {
                found.fill_lower_triangle_with_upper_triangle();
                assert_eq!(found, expected);
            }
        }
    }
}
