//! What a replica's weights cost.

use super::colour::sparse_rows;
use crate::error::Result;
use crate::loss::Loss;

/// The loss of a replica above the minimum.
#[derive(Debug, Clone)]
pub(super) enum LossOf {
    /// By the rows of the Hessian without their zeros.
    Quadratic(Vec<Vec<(usize, f64)>>),
    Potential(Loss),
}

impl LossOf {
    pub(super) fn new(loss: &Loss) -> Result<LossOf> {
        Ok(match loss {
            Loss::Quadratic(_) | Loss::LeastSquares(_) => LossOf::Quadratic(sparse_rows(&*loss.hessian()?)),
            potential => LossOf::Potential(potential.clone()),
        })
    }

    /// From its weights.
    pub(super) fn at(&self, weight: impl Fn(usize) -> f64) -> f64 {
        match self {
            LossOf::Quadratic(hessian) => {
                let mut twice = 0.0;
                for (i, row) in hessian.iter().enumerate() {
                    for &(j, entry) in row {
                        twice += weight(i) * entry * weight(j);
                    }
                }
                0.5 * twice
            }
            LossOf::Potential(Loss::PiecewiseQuadratic(potential)) => potential.value(weight(0)),
            LossOf::Potential(Loss::Polynomial(potential)) => potential.value(weight(0)),
            LossOf::Potential(_) => f64::NAN,
        }
    }
}
