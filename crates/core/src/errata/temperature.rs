//! Errata 3 and 4: the loss that the fluctuation samples, and its temperature.

use super::catalogue::{ErratumEntry, ErratumKind};
use super::direction::{direction, settled, sgd};
use super::evidence::{Evidence, Method};
use super::independent::moments;
use super::parameters::{self, ErratumParameter};
use crate::theory::{effective_hessian, published, temperature};

pub(super) static EFFECTIVE_LOSS: ErratumEntry = ErratumEntry {
    number: "3",
    place: "Sec. 4.6, effective loss",
    title: "the effective Hessian is K − (λ/2)K²: confinement gets weaker, no weight decay",
    kind: ErratumKind::WrongResult,
    parameters: &[parameters::learning_rate(0.5, 1.9), parameters::curvature(1.0)],
    demonstration: |numbers| {
        let (learning_rate, k) = (numbers.of("learning_rate"), numbers.of("curvature"));
        let system = direction(&sgd(learning_rate), k)?;
        let corrected = settled(&system, effective_hessian(&system))?[(0, 0)];
        let variance = moments::sgd(learning_rate, k).stationary()?[0][0];
        let quantity = "effective curvature, λσ²/(2Σ) for white noise";
        let evidence = Evidence::new(quantity, corrected, 0.5 * learning_rate / variance, Method::LyapunovSum);
        Ok(vec![evidence.printed(published::effective_hessian(&system)[(0, 0)])])
    },
};

pub(super) static TEMPERATURE: ErratumEntry = ErratumEntry {
    number: "4",
    place: "Eq. 13",
    title: "C = 2TI fits neither exp(−wᵀKw/T) nor exp(−L/T)",
    kind: ErratumKind::WrongResult,
    parameters: &[
        parameters::learning_rate(0.01, 0.1),
        ErratumParameter::new("temperature", "T", 1.0, "Temperature of the density, unit of the loss.")
            .between(0.01, 100.0),
    ],
    demonstration: |numbers| {
        let (learning_rate, t) = (numbers.of("learning_rate"), numbers.of("temperature"));
        let system = direction(&sgd(learning_rate), 1.0)?;
        let printed = published::noise_variance_of_temperature(t)?;
        let of_unit_noise = moments::sgd(learning_rate, 1.0).stationary()?[0][0];
        let of_density = |quantity: &str, temperature_of_loss: f64, variance: f64| {
            let corrected = temperature_of_loss / temperature(&system, 1.0);
            // The densities are those of small learning rates: Σ is above by λk/2 of itself.
            Evidence::new(quantity, corrected, variance / of_unit_noise, Method::LyapunovSum)
                .printed(printed)
                .within(learning_rate)
        };
        // With k = 1 the density exp(−L/T) has the variance T, and exp(−w²/T), that of T/2, half of it.
        Ok(vec![
            of_density("noise variance for the density exp(−wᵀKw/T), k = 1", 0.5 * t, 0.5 * t),
            of_density("noise variance for the density exp(−L/T), k = 1", t, t),
        ])
    },
};
