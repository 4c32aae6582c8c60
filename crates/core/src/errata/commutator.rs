//! Erratum 16: the double commutator in the proof of Theorem 5.

use super::catalogue::{ErratumEntry, ErratumKind};
use super::direction::{settled, sgd};
use super::evidence::{Evidence, Method};
use super::independent::moments::{self, Square};
use super::parameters::{self, ErratumParameter};
use crate::nalgebra::dmatrix;
use crate::theory::{System, published, stationary_covariance, training_error};

/// The curvatures of the two directions.
const CURVATURES: [f64; 2] = [1.0, 0.3];

pub(super) static SYMMETRIC: ErratumEntry = ErratumEntry {
    number: "16",
    place: "Theorem 5, proof",
    title: "[K, [K, Σ]] is symmetric, not antisymmetric; its trace vanishes because a trace is cyclic",
    kind: ErratumKind::WrongArgument,
    parameters: &[
        parameters::learning_rate(0.5, 1.99),
        ErratumParameter::new("correlation", "ρ", 0.5, "Correlation of the noise along the two directions.")
            .between(-1.0, 1.0),
    ],
    demonstration: |numbers| {
        let (learning_rate, rho) = (numbers.of("learning_rate"), numbers.of("correlation"));
        let [k, l] = CURVATURES;
        let system = System::new(&dmatrix![k, 0.0; 0.0, l], &dmatrix![1.0, rho; rho, 1.0], &sgd(learning_rate))?;
        let sigma = settled(&system, stationary_covariance(&system))?;
        let by_theory = double_commutator(&[[sigma[(0, 0)], sigma[(0, 1)]], [sigma[(1, 0)], sigma[(1, 1)]]]);
        let square = learning_rate * learning_rate;
        let transition = [[1.0 - learning_rate * k, 0.0], [0.0, 1.0 - learning_rate * l]];
        let noise = [[square, square * rho], [square * rho, square]];
        let summed = moments::stationary(&transition, &noise)?;
        let independent = double_commutator(&summed);
        Ok(vec![
            Evidence::new(
                "entry (2, 1) of [K, [K, Σ]], K = diag(1, 0.3)",
                by_theory[1][0],
                independent[1][0],
                Method::LyapunovSum,
            )
            .printed(published::mirrored_double_commutator(by_theory[0][1])),
            Evidence::new("its trace", trace(&by_theory), trace(&independent), Method::LyapunovSum)
                .within_absolute(1e-12),
            Evidence::new(
                "training error, which sees the diagonal of C alone",
                settled(&system, training_error(&system))?,
                0.5 * (k * summed[0][0] + l * summed[1][1]),
                Method::LyapunovSum,
            ),
        ])
    },
};

/// `[K, [K, Σ]]`, by multiplying out.
fn double_commutator(sigma: &Square<2>) -> Square<2> {
    let hessian = [[CURVATURES[0], 0.0], [0.0, CURVATURES[1]]];
    let commutator = |b: &Square<2>| {
        let (left, right) = (moments::product(&hessian, b), moments::product(b, &hessian));
        [0, 1].map(|i| [0, 1].map(|j| left[i][j] - right[i][j]))
    };
    commutator(&commutator(sigma))
}

fn trace(matrix: &Square<2>) -> f64 {
    matrix[0][0] + matrix[1][1]
}
