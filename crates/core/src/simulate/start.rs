//! Where the replicas start.

use super::colour::{sparse_rows, triangular_factor};
use super::kernel::{B, Kernel};
use super::normal::fill_normals;
use super::stream::{Purpose, Stream};
use crate::scenario::{Scenario, Start};
use std::ops::Range;

/// Sets every replica of these blocks of a scenario at its start, at rest. A stationary start is the minimum here: its run follows.
pub(super) fn set_at_start(kernel: &mut dyn Kernel, scenario: &Scenario, point: u32, blocks: Range<usize>) {
    let dimension = scenario.dimension();
    let mut weights = vec![0.0; dimension * B];
    let at_rest = vec![0.0; dimension * B];
    match &scenario.run.start {
        Start::Minimum | Start::Stationary { .. } => {}
        Start::Point { weights: point } => {
            for (coordinates, &weight) in weights.chunks_exact_mut(B).zip(point) {
                coordinates.fill(weight);
            }
            for place in 0..blocks.len() {
                kernel.set(place, &weights, &at_rest);
            }
        }
        Start::Gaussian { covariance } => {
            let factor = sparse_rows(&triangular_factor(covariance));
            let mut normals = vec![0.0; dimension * B];
            for (place, block) in blocks.enumerate() {
                fill_normals(&mut Stream::new(scenario.run.seed, point, block as u32, Purpose::Start), &mut normals);
                weights.fill(0.0);
                for (coordinates, row) in weights.chunks_exact_mut(B).zip(&factor) {
                    for &(j, entry) in row {
                        for (weight, z) in coordinates.iter_mut().zip(&normals[j * B..]) {
                            *weight += entry * f64::from(*z);
                        }
                    }
                }
                kernel.set(place, &weights, &at_rest);
            }
        }
    }
}
