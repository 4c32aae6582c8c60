//! Coordinates in which a step is cheap.

use super::kernel::B;
use crate::error::{Error, Result};
use crate::matrix::{product, symmetric_eigen};
use crate::optimizer::Optimizer;
use nalgebra::DMatrix;

/// Coordinates `y` of the weights, `w = T y`, in which the Hessian `Tᵀ K T` is diagonal and the preconditioner is the identity.
///
/// A gradient transforms as `Tᵀ g`. Without a preconditioner `T` is a rotation into the eigenbasis of `K`; a constant
/// preconditioner `Λ = L Lᵀ` comes first, `T = L U`. So one step costs one product with the noise's factor, and nothing for the
/// Hessian.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Frame {
    /// Curvatures: the diagonal of `Tᵀ K T`.
    pub(super) curvatures: Vec<f64>,
    /// `T` and its inverse; `None` for the identity.
    axes: Option<Box<(DMatrix<f64>, DMatrix<f64>)>>,
}

impl Frame {
    /// The loss's own coordinates.
    pub(super) fn identity(dimension: usize) -> Frame {
        Frame { curvatures: vec![0.0; dimension], axes: None }
    }

    /// The coordinates for a Hessian and an optimizer.
    ///
    /// # Errors
    /// [`Error::NotConverged`](crate::Error::NotConverged) of a decomposition, [`Error::NotPositive`](crate::Error::NotPositive)
    /// of a Hessian that damped Newton cannot invert.
    pub(super) fn new(hessian: &DMatrix<f64>, optimizer: &Optimizer) -> Result<Frame> {
        match optimizer {
            Optimizer::Preconditioned(optimizer) => {
                let lower = cholesky(&optimizer.preconditioner)?;
                let eigen = rotation(&product(&lower.transpose(), &product(hessian, &lower)))?;
                let inverse = inverse_of_lower(&lower);
                let (values, axes) = eigen;
                let (to, from) = match axes {
                    None => (lower, inverse),
                    Some(u) => (product(&lower, &u), product(&u.transpose(), &inverse)),
                };
                Ok(Frame { curvatures: values, axes: Some(Box::new((to, from))) })
            }
            Optimizer::Newton(_) => {
                let (values, axes) = rotation(hessian)?;
                if let Some(&smallest) = values.iter().find(|&&k| k <= 0.0) {
                    return Err(Error::NotPositive { parameter: "hessian".into(), eigenvalue: smallest, strict: true });
                }
                let n = values.len();
                let u = axes.unwrap_or_else(|| DMatrix::identity(n, n));
                let to = DMatrix::from_fn(n, n, |i, j| u[(i, j)] / values[j].sqrt());
                let from = DMatrix::from_fn(n, n, |i, j| u[(j, i)] * values[i].sqrt());
                Ok(Frame { curvatures: vec![1.0; n], axes: Some(Box::new((to, from))) })
            }
            _ => {
                let (curvatures, axes) = rotation(hessian)?;
                Ok(Frame { curvatures, axes: axes.map(|u| Box::new((u.clone(), u.transpose()))) })
            }
        }
    }

    /// `Tᵀ C T` for the covariance of a gradient.
    pub(super) fn covariance(&self, covariance: &DMatrix<f64>) -> DMatrix<f64> {
        let Some(axes) = &self.axes else { return covariance.clone() };
        let product = product(&axes.0.transpose(), &product(covariance, &axes.0));
        // What rounding leaves of a zero is none.
        DMatrix::from_fn(product.nrows(), product.ncols(), |i, j| {
            let entry = 0.5 * (product[(i, j)] + product[(j, i)]);
            let scale = (product[(i, i)] * product[(j, j)]).sqrt();
            if i != j && entry.abs() <= 1e-13 * scale { 0.0 } else { entry }
        })
    }

    /// `Tᵀ F` for a factor of the noise.
    pub(super) fn factor(&self, factor: &DMatrix<f64>) -> DMatrix<f64> {
        self.axes.as_ref().map_or_else(|| factor.clone(), |axes| product(&axes.0.transpose(), factor))
    }

    /// `Tᵀ K T`: a Hessian in these coordinates.
    pub(super) fn hessian(&self, hessian: &DMatrix<f64>) -> DMatrix<f64> {
        match self.axes {
            None => hessian.clone(),
            Some(_) => DMatrix::from_diagonal(&nalgebra::DVector::from_column_slice(&self.curvatures)),
        }
    }

    /// Inputs of a data set, a sample a row, in coordinates in which `x·w` stays what it is: `X T`.
    pub(super) fn inputs(&self, inputs: &DMatrix<f64>) -> DMatrix<f64> {
        self.axes.as_ref().map_or_else(|| inputs.clone(), |axes| product(inputs, &axes.0))
    }

    /// `w = T y` for a block, in place.
    pub(super) fn weights_out(&self, block: &mut [f64]) {
        self.apply(block, |axes, i, j| axes.0[(i, j)]);
    }

    /// `y = T⁻¹ w` for a block, in place.
    pub(super) fn weights_in(&self, block: &mut [f64]) {
        self.apply(block, |axes, i, j| axes.1[(i, j)]);
    }

    /// A velocity is a sum of gradients: out by `T⁻ᵀ`.
    pub(super) fn velocities_out(&self, block: &mut [f64]) {
        self.apply(block, |axes, i, j| axes.1[(j, i)]);
    }

    /// And in by `Tᵀ`.
    pub(super) fn velocities_in(&self, block: &mut [f64]) {
        self.apply(block, |axes, i, j| axes.0[(j, i)]);
    }

    fn apply(&self, block: &mut [f64], entry: impl Fn(&(DMatrix<f64>, DMatrix<f64>), usize, usize) -> f64) {
        let Some(axes) = &self.axes else { return };
        let before = block.to_vec();
        block.fill(0.0);
        for i in 0..self.curvatures.len() {
            let out = &mut block[i * B..(i + 1) * B];
            for j in 0..self.curvatures.len() {
                let entry = entry(axes, i, j);
                if entry != 0.0 {
                    for (out, w) in out.iter_mut().zip(&before[j * B..(j + 1) * B]) {
                        *out += entry * w;
                    }
                }
            }
        }
    }
}

/// Eigenvalues and eigenvectors of a symmetric matrix; no vectors for a diagonal one, which keeps its order.
fn rotation(matrix: &DMatrix<f64>) -> Result<(Vec<f64>, Option<DMatrix<f64>>)> {
    let n = matrix.nrows();
    let diagonal = (0..n).all(|i| (0..n).all(|j| i == j || matrix[(i, j)] == 0.0));
    if diagonal {
        return Ok(((0..n).map(|i| matrix[(i, i)]).collect(), None));
    }
    let mut symmetric = matrix.clone();
    symmetric.fill_upper_triangle_with_lower_triangle();
    let eigen = symmetric_eigen("hessian", &symmetric)?;
    Ok((eigen.values, Some(eigen.vectors)))
}

/// Lower triangular `L` with `L Lᵀ` a positive definite matrix.
fn cholesky(matrix: &DMatrix<f64>) -> Result<DMatrix<f64>> {
    let lower = super::colour::triangular_factor(matrix);
    match (0..matrix.nrows()).find(|&i| lower[(i, i)] <= 0.0) {
        None => Ok(lower),
        Some(_) => Err(Error::NotPositive { parameter: "preconditioner".into(), eigenvalue: 0.0, strict: true }),
    }
}

/// The inverse of a lower triangular matrix, by substitution.
fn inverse_of_lower(lower: &DMatrix<f64>) -> DMatrix<f64> {
    let n = lower.nrows();
    let mut inverse = DMatrix::zeros(n, n);
    for j in 0..n {
        for i in j..n {
            let mut entry = if i == j { 1.0 } else { 0.0 };
            for l in j..i {
                entry -= lower[(i, l)] * inverse[(l, j)];
            }
            inverse[(i, j)] = entry / lower[(i, i)];
        }
    }
    inverse
}
