//! Erratum 23: the equation behind Adam before anything commutes.

use super::catalogue::{ErratumEntry, ErratumKind};
use super::evidence::{Evidence, Method};
use super::independent::moments::{self, Square};
use super::independent::search::threshold;
use super::parameters::ErratumParameter;
use crate::nalgebra::{DMatrix, dmatrix};
use crate::optimizer::{Optimizer, Preconditioned};
use crate::theory::{System, published, stability};

pub(super) static LOST_SIGMA: ErratumEntry = ErratumEntry {
    number: "23",
    place: "Eq. 115",
    title: "the general equation has lost a Σ: ΣΛ⁻¹K⁻¹ + K⁻¹Λ⁻¹Σ = (1+c)Σ",
    kind: ErratumKind::WrongArgument,
    parameters: &[
        ErratumParameter::new("learning_rate", "λ", 0.5, "Factor on the preconditioner diag(1, 2).").between(0.05, 0.7),
        ErratumParameter::new("coupling", "k₁₂", 0.3, "Off-diagonal entry of the Hessian (1, k₁₂; k₁₂, 0.5).")
            .between(-0.6, 0.6),
    ],
    demonstration: |numbers| {
        let (learning_rate, coupling) = (numbers.of("learning_rate"), numbers.of("coupling"));
        let hessian = dmatrix![1.0, coupling; coupling, 0.5];
        let shape = dmatrix![1.0, 0.0; 0.0, 2.0];
        let optimizer = Preconditioned { preconditioner: shape.clone(), learning_rate, momentum: 0.0, mixing: None };
        let system = System::new(&hessian, &hessian, &Optimizer::Preconditioned(optimizer))?;
        // Along an eigenvector of ΛK with the eigenvalue m, Σ = v vᵀ solves the equation with 1 + c = 2/m, least for the largest.
        let corrected = 2.0 / stability(&system).largest;
        let printed: DMatrix<f64> = published::eq_115(&hessian, &(shape * learning_rate))?;
        let drift = [[learning_rate, learning_rate * coupling], [2.0 * learning_rate * coupling, learning_rate]];
        let keeps = threshold(0.0, 1e4, |strength| !fluctuation_grows(&drift, strength));
        let quantity = "1 + c for which C = cKΣK keeps up Σ behind Λ = λ diag(1, 2)";
        let evidence = Evidence::new(quantity, corrected, keeps, Method::Search);
        Ok(vec![evidence.printed(printed[(0, 0)])])
    },
};

/// Whether the covariance grows under `Σ ← (I−ΛK)Σ(I−KΛ) + cΛKΣKΛ`, `1 + c = strength`, a map of its three entries.
fn fluctuation_grows(drift: &Square<2>, strength: f64) -> bool {
    let step = |[a, b, d]: [f64; 3]| {
        let sigma = [[a, b], [b, d]];
        let drifted = moments::product(drift, &sigma);
        let transposed = [[drift[0][0], drift[1][0]], [drift[0][1], drift[1][1]]];
        let squared = moments::product(&drifted, &transposed);
        let entry = |i: usize, j: usize| sigma[i][j] - drifted[i][j] - drifted[j][i] + strength * squared[i][j];
        [entry(0, 0), entry(0, 1), entry(1, 1)]
    };
    moments::Update::of(|covariance: [f64; 3], _| step(covariance)).grows()
}
