//! Errata 5, 6, 7 and 11: the steps to the escape rate.

use super::catalogue::{ErratumEntry, ErratumKind};
use super::direction::{direction, sgd};
use super::evidence::{Evidence, Method};
use super::independent::{moments, walker::Well};
use super::parameters::{self, ErratumParameter, Numbers};
use crate::error::Result;
use crate::theory::kramers::{
    BarrierShape, PiecewiseQuadratic, Potential, barrier_flux, self_consistent_rate, well_mass,
};
use crate::theory::{Moments, continuous, published, transient};

/// A barrier so low that the flux over it is the flux over its top.
const NO_CLIMB: f64 = 1e-300;

pub(super) const BATCH_SIZE: ErratumParameter =
    ErratumParameter::new("batch_size", "S", 1.0, "Batch size: the noise has the variance |L″|/S.").between(0.5, 100.0);

/// Simpson's rule on a Gaussian, and on the slope of a parabola, is as good as this.
const BY_QUADRATURE: f64 = 1e-9;

pub(super) static INVERTED: ErratumEntry = ErratumEntry {
    number: "5",
    place: "Eq. 22",
    title: "the rate is flux over probability, not probability over flux",
    kind: ErratumKind::WrongResult,
    parameters: &[parameters::learning_rate(0.15, 1.5)],
    demonstration: |numbers| {
        let (shape, well, variance) = fig_6(1.0, numbers.of("learning_rate"), 1.0)?;
        let corrected = self_consistent_rate(&shape, 1.0, well.learning_rate)?;
        let quantity = "escape rate per unit of s = λt, k_a = |k_b| = b = S = 1";
        let evidence = Evidence::new(quantity, corrected, well.flux_over_probability(variance), Method::Quadrature);
        let printed = published::kramers::eq_22(&shape, 1.0, well.learning_rate)?;
        Ok(vec![evidence.printed(printed).within(BY_QUADRATURE)])
    },
};

pub(super) static MASS: ErratumEntry = ErratumEntry {
    number: "6",
    place: "Eq. 66",
    title: "λ is on the wrong side, and a factor 1/2 is lost, in the probability in the well",
    kind: ErratumKind::WrongResult,
    parameters: &[
        parameters::learning_rate(0.3, 1.9),
        parameters::curvature(1.0),
        ErratumParameter { default: 2.0, ..BATCH_SIZE },
        ErratumParameter::new("height", "ΔL", 0.4, "Height of the barrier over the well.").between(0.01, 10.0),
    ],
    demonstration: |numbers| {
        let (learning_rate, k) = (numbers.of("learning_rate"), numbers.of("curvature"));
        let (batch_size, height) = (numbers.of("batch_size"), numbers.of("height"));
        let shape = BarrierShape { well_curvature: k, barrier_curvature: 1.0, height, fraction: 0.5 };
        let corrected = well_mass(&shape, batch_size, learning_rate)?;
        // The Gaussian of SGD in the well with noise of variance k/S.
        let variance = k / batch_size * moments::sgd(learning_rate, k).stationary()?[0][0];
        let well = Well { well_curvature: k, barrier_curvature: 1.0, top: 1.0, batch_size, learning_rate };
        let quantity = "probability in the well over the density at its bottom";
        let evidence = Evidence::new(quantity, corrected, well.mass(variance, height), Method::Quadrature);
        let printed = published::kramers::eq_66(&shape, batch_size, learning_rate)?;
        Ok(vec![evidence.printed(printed).within(BY_QUADRATURE)])
    },
};

pub(super) static FLUX: ErratumEntry = ErratumEntry {
    number: "7",
    place: "Eq. 70",
    title: "the flux has lost its diffusion coefficient T_b",
    kind: ErratumKind::WrongResult,
    parameters: &[
        parameters::learning_rate(0.2, 1.5),
        ErratumParameter::new("barrier_curvature", "|k_b|", 3.0, "Curvature at the top of the barrier.")
            .between(0.1, 10.0),
        BATCH_SIZE,
    ],
    demonstration: |numbers| {
        let (learning_rate, k) = (numbers.of("learning_rate"), numbers.of("barrier_curvature"));
        let batch_size = numbers.of("batch_size");
        let shape = BarrierShape { well_curvature: 1.0, barrier_curvature: k, height: NO_CLIMB, fraction: 0.5 };
        let corrected = barrier_flux(&shape, batch_size, learning_rate)?;
        let well = Well { well_curvature: 1.0, barrier_curvature: k, top: 1.0, batch_size, learning_rate };
        let quantity = "flux over the top per unit of the density there, per unit of s = λt";
        let evidence = Evidence::new(quantity, corrected, well.top_flux(), Method::Quadrature);
        let printed = published::kramers::eq_70(&shape, batch_size, learning_rate)?;
        Ok(vec![evidence.printed(printed).within(BY_QUADRATURE)])
    },
};

pub(super) static DIFFUSION: ErratumEntry = ErratumEntry {
    number: "11",
    place: "Eq. 21",
    title: "D = C/2 is neither the diffusion of a step, λ²C/2, nor of a unit of s = λt, λC/2",
    kind: ErratumKind::WrongResult,
    parameters: &[
        parameters::learning_rate(0.15, 1.0),
        ErratumParameter::new("noise_variance", "C", 1.0, "Variance of the gradient noise.").between(0.01, 100.0),
    ],
    demonstration: |numbers| {
        let (learning_rate, noise) = (numbers.of("learning_rate"), numbers.of("noise_variance"));
        let printed = published::kramers::eq_21(noise)?;
        let system = direction(&sgd(learning_rate), FLAT)?;
        let after = transient(&system, &Moments::at_minimum(1), 1)?.covariance[(0, 0)];
        let slowly = continuous::transient(&system, &Moments::at_minimum(1), STEPS as f64)?.covariance[(0, 0)];
        // Two equally likely steps, from noise of either sign.
        let outcomes = [1.0, -1.0].map(|sign: f64| -learning_rate * sign * noise.sqrt());
        let one_step = 0.5 * outcomes.map(|w| w * w).iter().sum::<f64>();
        let stepped = noise * moments::sgd(learning_rate, FLAT).after(STEPS)[0][0];
        let time = learning_rate * STEPS as f64;
        Ok(vec![
            Evidence::new("diffusion coefficient per step", 0.5 * noise * after, 0.5 * one_step, Method::Enumeration)
                .printed(printed),
            Evidence::new(
                "diffusion coefficient per unit of s = λt",
                0.5 * noise * slowly / time,
                0.5 * stepped / time,
                Method::Stepping,
            )
            .printed(printed)
            .within(1e-6),
        ])
    },
};

/// A loss so flat that nothing but the noise moves the weights in the steps below.
const FLAT: f64 = 1e-12;

const STEPS: usize = 1000;

/// The well and barrier of Fig. 6(b), `r` times as high, for the theory and for the walker, with the variance in the well.
pub(super) fn fig_6(scale: f64, learning_rate: f64, batch_size: f64) -> Result<(BarrierShape, Well, f64)> {
    let potential = PiecewiseQuadratic::new(scale, scale, 1.0)?;
    let shape = Potential::from(potential).barrier_shape()?;
    let well = Well { well_curvature: scale, barrier_curvature: scale, top: 1.0, batch_size, learning_rate };
    // Checks the learning rate before the sum goes on for ever.
    well_mass(&shape, batch_size, learning_rate)?;
    let variance = scale / batch_size * moments::sgd(learning_rate, scale).stationary()?[0][0];
    Ok((shape, well, variance))
}

/// The factor `r` on the potential of Fig. 6(b).
pub(super) fn scale(numbers: &Numbers) -> f64 {
    numbers.of("scale")
}
