//! How a step follows from the gradients, for the optimizers whose step is not the same matrix everywhere.

use super::kernel::B;
use crate::error::Result;
use crate::matrix::{product, symmetric_eigen};
use crate::noise::NoiseCovariance;
use crate::optimizer::{Adam, NaturalGradient, Step};
use nalgebra::DMatrix;

/// The rule of an optimizer.
#[derive(Debug, Clone)]
pub(super) enum Rule {
    /// Momentum or QHM, coordinate by coordinate.
    Step(Step),
    /// Adam as people run it: every coordinate of every replica by its own averages.
    DiagonalAdam(Adam),
    /// The paper's Adam: the whole second moment of the block's gradients.
    MatrixAdam(Adam),
    /// Natural gradient: the second moment of the block's weights between two Hessians.
    NaturalGradient { optimizer: NaturalGradient, hessian: DMatrix<f64>, start: DMatrix<f64> },
}

impl Rule {
    /// Natural gradient with a second moment to start from. It is above the stationary one, so that the first steps are
    /// short: `(λ + √(λ tr K⁻¹C)) K⁻¹` over `1 − μ`, or with `C = cKΣK` `λ(1 + c) K⁻¹`.
    pub(super) fn natural_gradient(
        optimizer: NaturalGradient,
        hessian: &DMatrix<f64>,
        noise: &NoiseCovariance,
    ) -> Result<Rule> {
        let eigen = symmetric_eigen("hessian", hessian)?;
        eigen.require_positive("hessian", true)?;
        let inverse = eigen.function(|k| 1.0 / k);
        let slow = optimizer.learning_rate / (1.0 - optimizer.momentum);
        let size = match noise {
            NoiseCovariance::Proportional { scale } => slow * (1.0 + scale),
            _ => {
                let covariance = noise.stand_in(hessian).unwrap_or_else(|| hessian.clone());
                slow + (slow * product(&inverse, &covariance).trace().max(0.0)).sqrt()
            }
        };
        Ok(Rule::NaturalGradient { optimizer, hessian: hessian.clone(), start: inverse * size })
    }

    /// The second moment that a block starts with, where the rule keeps one of the weights.
    pub(super) fn first_moment(&self, dimension: usize, proportional: Option<f64>) -> Option<DMatrix<f64>> {
        match (self, proportional) {
            (Rule::NaturalGradient { start, .. }, _) => Some(start.clone()),
            // Twice the stationary one, λ²(1 + c)/4.
            (Rule::MatrixAdam(adam) | Rule::DiagonalAdam(adam), Some(scale)) => {
                let size = 0.5 * adam.learning_rate * adam.learning_rate * (1.0 + scale);
                Some(DMatrix::from_diagonal_element(dimension, dimension, size))
            }
            _ => None,
        }
    }

    /// Share of the newest second moment in its average.
    pub(super) fn averaging(&self) -> f64 {
        match self {
            Rule::NaturalGradient { optimizer, .. } => optimizer.averaging,
            Rule::MatrixAdam(adam) | Rule::DiagonalAdam(adam) => (1.0 - adam.beta2).min(0.5),
            Rule::Step(_) => 1.0,
        }
    }

    /// Whether there is a velocity.
    pub(super) fn remembers(&self) -> bool {
        match self {
            Rule::Step(step) => step.momentum() > 0.0,
            Rule::DiagonalAdam(_) => true,
            Rule::MatrixAdam(adam) => adam.beta1 > 0.0,
            Rule::NaturalGradient { optimizer, .. } => optimizer.momentum > 0.0,
        }
    }
}

/// The mean of `x xᵀ` over the finite replicas of a block; `None` when there is none.
pub(super) fn second_moment(block: &[f64], dimension: usize) -> Option<DMatrix<f64>> {
    let finite: Vec<usize> = (0..B).filter(|n| (0..dimension).all(|i| block[i * B + n].abs() < 1e150)).collect();
    if finite.is_empty() {
        return None;
    }
    let mut moment = DMatrix::zeros(dimension, dimension);
    for i in 0..dimension {
        for j in 0..=i {
            let sum: f64 = finite.iter().map(|n| block[i * B + n] * block[j * B + n]).sum();
            moment[(i, j)] = sum / finite.len() as f64;
            moment[(j, i)] = moment[(i, j)];
        }
    }
    Some(moment)
}
