//! Gradients of true minibatches of a data set.

mod draws;
mod inputs;
mod places;
#[cfg(test)]
mod precision;
mod products;
mod whole;

use super::stream::Stream;
use crate::noise::Sampling;
use inputs::Inputs;
use nalgebra::{DMatrix, DVector};
use products::Products;
use whole::WholeProducts;

/// Minibatches of least squares, `g = (1/S) Σ x (x·w + r)` with the residuals `r` at the minimum.
///
/// The gradient is a sum of the products `x_i x_j` and `x_i r` over the minibatch, in few dimensions of rows of a table, in single precision
/// or in whole numbers: rounding is far below the spread between minibatches, see `precision.rs`.
#[derive(Debug, Clone)]
pub(super) struct Minibatch {
    sums: Sums,
    /// Work of one step of one replica, in multiplications or so.
    cost: u64,
}

#[derive(Debug, Clone)]
enum Sums {
    One(Products<1, 1>),
    Two(Products<2, 2>),
    TwoWhole(WholeProducts),
    Three(Products<3, 3>),
    Four(Products<4, 4>),
    More(Inputs),
}

/// The same of whichever kind of sums it is.
macro_rules! each {
    ($sums:expr, $kind:ident => $work:expr) => {
        match $sums {
            Sums::One($kind) => $work,
            Sums::Two($kind) => $work,
            Sums::TwoWhole($kind) => $work,
            Sums::Three($kind) => $work,
            Sums::Four($kind) => $work,
            Sums::More($kind) => $work,
        }
    };
}

impl Minibatch {
    pub(super) fn new(
        inputs: &DMatrix<f64>,
        residuals: &DVector<f64>,
        batch_size: usize,
        sampling: Sampling,
    ) -> Minibatch {
        let whole = || match (sampling, inputs.ncols()) {
            (Sampling::WithReplacement, 2) => WholeProducts::new(inputs, residuals, batch_size),
            _ => None,
        };
        let sums = match inputs.ncols() {
            1 => Sums::One(Products::new(inputs, residuals, batch_size, sampling)),
            2 => whole()
                .map_or_else(|| Sums::Two(Products::new(inputs, residuals, batch_size, sampling)), Sums::TwoWhole),
            3 => Sums::Three(Products::new(inputs, residuals, batch_size, sampling)),
            4 => Sums::Four(Products::new(inputs, residuals, batch_size, sampling)),
            _ => Sums::More(Inputs::new(inputs, residuals, batch_size, sampling)),
        };
        let dimension = inputs.ncols();
        let columns = if dimension <= 4 { dimension * (dimension + 3) / 2 } else { dimension + 1 };
        Minibatch { sums, cost: (batch_size * (columns.next_multiple_of(4) + 4)) as u64 }
    }

    /// Room for so many blocks: epochs keep an order of the data for every replica.
    pub(super) fn reserve(&mut self, blocks: usize) {
        each!(&mut self.sums, sums => sums.reserve(blocks));
    }

    /// The gradients of a block, each replica from a minibatch of its own.
    pub(super) fn gradients(
        &mut self,
        block: usize,
        step: u64,
        stream: &mut Stream,
        weights: &[f64],
        gradients: &mut [f64],
    ) {
        each!(&mut self.sums, sums => sums.gradients(block, step, stream, weights, gradients));
    }

    /// Work of one step of one replica, in multiplications or so.
    pub(super) fn cost(&self) -> u64 {
        self.cost
    }
}
