//! Where the noisy gradients of a block come from.

use super::colour::{sparse_rows, triangular_factor};
use super::frame::Frame;
use super::kernel::B;
use super::law::fill_samples;
use super::minibatch::Minibatch;
use super::normal::fill_normals;
use super::stream::Stream;
use crate::error::{Error, Result};
use crate::loss::{Loss, PiecewiseQuadratic, Polynomial};
use crate::matrix::product;
use crate::noise::{NoiseCovariance, NoiseLaw};
use crate::scenario::Scenario;
use nalgebra::DMatrix;

type Rows = Vec<Vec<(usize, f64)>>;

/// The noisy gradient at the weights of a block.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// `K w + F ξ` with a constant factor.
    Linear { hessian: Rows, factor: Rows, law: NoiseLaw },
    /// `K w + √c K L ξ` with `L Lᵀ` the second moment of the block's weights.
    Proportional { hessian: DMatrix<f64>, scale: f64, law: NoiseLaw },
    /// The mean over a minibatch.
    Minibatch(Box<Minibatch>),
    /// `L'(w) + √(r |L''(w)| + σ²) ξ` in one dimension; a white noise has `r = 0`.
    Potential { potential: Potential, per_curvature: f64, variance: f64, law: NoiseLaw },
}

/// A loss in one dimension that is no parabola.
#[derive(Debug, Clone)]
pub(super) enum Potential {
    Piecewise(PiecewiseQuadratic),
    Polynomial(Polynomial),
}

impl Potential {
    fn slope(&self, w: f64) -> f64 {
        match self {
            Potential::Piecewise(potential) => potential.slope(w),
            Potential::Polynomial(potential) => potential.slope(w),
        }
    }

    fn curvature(&self, w: f64) -> f64 {
        match self {
            Potential::Piecewise(potential) => potential.curvature(w),
            Potential::Polynomial(potential) => potential.curvature(w),
        }
    }

    fn exits(&self) -> [f64; 2] {
        match self {
            Potential::Piecewise(potential) => [f64::NEG_INFINITY, potential.exit()],
            Potential::Polynomial(potential) => potential.exits(),
        }
    }
}

impl Source {
    /// The gradients of a scenario in the coordinates of a frame.
    pub(super) fn new(scenario: &Scenario, hessian: &DMatrix<f64>, frame: &Frame) -> Result<Source> {
        let (noise, law) = (&scenario.noise.covariance, scenario.noise.law);
        let not_simulated =
            || Error::NotSimulated { parameter: "covariance".into(), value: scenario.noise.covariance.kind().into() };
        let potential = match &scenario.loss {
            Loss::PiecewiseQuadratic(potential) => Potential::Piecewise(*potential),
            Loss::Polynomial(potential) => Potential::Polynomial(potential.clone()),
            Loss::LeastSquares(loss) if matches!(noise, NoiseCovariance::Minibatch { .. }) => {
                let NoiseCovariance::Minibatch { batch_size, sampling } = *noise else { return Err(not_simulated()) };
                let regression = loss.regression()?;
                let inputs = frame.inputs(regression.inputs());
                return Ok(Source::Minibatch(Box::new(Minibatch::new(
                    &inputs,
                    regression.residuals(),
                    batch_size as usize,
                    sampling,
                ))));
            }
            Loss::Quadratic(_) | Loss::LeastSquares(_) => {
                if let NoiseCovariance::Proportional { scale } = *noise {
                    return Ok(Source::Proportional { hessian: hessian.clone(), scale, law });
                }
                let covariance = noise.matrix(hessian).ok_or_else(not_simulated)?;
                return Ok(Source::Linear {
                    hessian: sparse_rows(&frame.hessian(hessian)),
                    factor: sparse_rows(&frame.factor(&triangular_factor(&covariance))),
                    law,
                });
            }
        };
        let (per_curvature, variance) = match *noise {
            NoiseCovariance::Curvature { batch_size, variance } => (1.0 / f64::from(batch_size), variance),
            NoiseCovariance::White { variance } => (0.0, variance),
            _ => return Err(not_simulated()),
        };
        Ok(Source::Potential { potential, per_curvature, variance, law })
    }

    /// Below the first and above the second number a replica has left the well.
    pub(super) fn exits(&self) -> Option<[f64; 2]> {
        match self {
            Source::Potential { potential, .. } => Some(potential.exits()),
            _ => None,
        }
    }

    /// The gradients at the weights of a block (with the steps it has done), `[coordinate][replica]` both; `moment` is the second moment of the block's
    /// weights, for a noise that follows it; `samples` is work space of the same size.
    pub(super) fn gradients(
        &mut self,
        (block, step): (usize, u64),
        stream: &mut Stream,
        weights: &[f64],
        moment: Option<&DMatrix<f64>>,
        samples: &mut [f32],
        gradients: &mut [f64],
    ) {
        match self {
            Source::Linear { hessian, factor, law } => {
                fill_samples(*law, stream, samples);
                gradients.fill(0.0);
                add_product(hessian, |j| &weights[j * B..(j + 1) * B], |w| *w, gradients);
                add_product(factor, |j| &samples[j * B..(j + 1) * B], |z| f64::from(*z), gradients);
            }
            Source::Proportional { hessian, scale, law } => {
                fill_samples(*law, stream, samples);
                gradients.fill(0.0);
                let rows = sparse_rows(hessian);
                add_product(&rows, |j| &weights[j * B..(j + 1) * B], |w| *w, gradients);
                if let Some(moment) = moment {
                    let factor = product(hessian, &triangular_factor(moment)) * scale.sqrt();
                    add_product(&sparse_rows(&factor), |j| &samples[j * B..(j + 1) * B], |z| f64::from(*z), gradients);
                }
            }
            Source::Minibatch(minibatch) => minibatch.gradients(block, step, stream, weights, gradients),
            Source::Potential { potential, per_curvature, variance, law } => {
                match law {
                    NoiseLaw::Gaussian => fill_normals(stream, samples),
                    law => fill_samples(*law, stream, samples),
                }
                for ((g, &w), &z) in gradients.iter_mut().zip(weights).zip(&*samples) {
                    let variance = *per_curvature * potential.curvature(w).abs() + *variance;
                    *g = potential.slope(w) + variance.sqrt() * f64::from(z);
                }
            }
        }
    }

    /// Work of one step of one replica, in multiplications or so.
    pub(super) fn cost(&self) -> u64 {
        let entries = |rows: &Rows| rows.iter().map(|row| row.len() as u64).sum::<u64>();
        match self {
            Source::Linear { hessian, factor, .. } => entries(hessian) + entries(factor),
            Source::Proportional { hessian, .. } => 2 * hessian.len() as u64,
            Source::Minibatch(minibatch) => minibatch.cost(),
            Source::Potential { .. } => 20,
        }
    }
}

/// Adds the product of sparse rows with columns of a block.
#[inline(always)]
fn add_product<'a, X: 'a>(rows: &Rows, column: impl Fn(usize) -> &'a [X], number: impl Fn(&X) -> f64, sum: &mut [f64]) {
    for (row, sum) in rows.iter().zip(sum.chunks_exact_mut(B)) {
        for &(j, entry) in row {
            for (sum, x) in sum.iter_mut().zip(column(j)) {
                *sum += entry * number(x);
            }
        }
    }
}
