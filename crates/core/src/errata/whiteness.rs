//! Erratum 22: white in time, not Gaussian.

use super::catalogue::{ErratumEntry, ErratumKind};
use super::direction::{direction, heavy_ball, sgd, variance};
use super::evidence::{Evidence, Method};
use super::independent::moments;
use super::parameters::{self, ErratumParameter};
use crate::theory::{escape_efficiency, published};

/// Steps of the enumeration: 2¹² sequences of signs.
const STEPS: u32 = 12;

pub(super) static WHITE: ErratumEntry = ErratumEntry {
    number: "22",
    place: "Eq. 57, 58",
    title: "the cross terms vanish because the noise is white in time, Gaussian or not",
    kind: ErratumKind::WrongArgument,
    parameters: &[
        parameters::learning_rate(0.5, 0.99),
        ErratumParameter::new("memory", "ρ", 0.5, "Correlation of the Gaussian noise of one step and the next.")
            .between(0.0, 0.95),
    ],
    demonstration: |numbers| {
        let (learning_rate, rho) = (numbers.of("learning_rate"), numbers.of("memory"));
        // w' = rw − λη, η' = ρη + ε: without η it is heavy ball of momentum rρ, with λk = (1−r)(1−ρ), for the white ε.
        let r = 1.0 - learning_rate;
        let white = 1.0 - rho * rho;
        let as_momentum = direction(&heavy_ball(learning_rate, r * rho), 1.0 - rho)?;
        let with_memory = moments::Update::of(|[w, eta]: [f64; 2], fresh| {
            let eta = rho * eta + fresh;
            [w - learning_rate * (w + eta), eta]
        });
        let signs = direction(&sgd(learning_rate), 1.0)?;
        Ok(vec![
            Evidence::new(
                "variance under Gaussian noise with memory, k = C = 1",
                white * variance(&as_momentum)?,
                white * with_memory.stationary()?[0][0],
                Method::LyapunovSum,
            )
            .printed(published::variance_under_gaussian_noise(learning_rate, 1.0, 1.0)?),
            Evidence::new(
                "loss after 12 steps under white noise of ±1, k = 1",
                escape_efficiency(&signs, u64::from(STEPS)),
                enumerate(learning_rate),
                Method::Enumeration,
            ),
        ])
    },
};

/// Mean loss over every sequence of signs.
fn enumerate(learning_rate: f64) -> f64 {
    let sequences = 1_u32 << STEPS;
    let losses = (0..sequences).map(|signs| {
        let end = (0..STEPS).fold(0.0_f64, |w, step| {
            let noise = if signs >> step & 1 == 1 { 1.0 } else { -1.0 };
            w - learning_rate * (w + noise)
        });
        0.5 * end * end
    });
    losses.sum::<f64>() / f64::from(sequences)
}
