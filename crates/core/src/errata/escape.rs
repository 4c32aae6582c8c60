//! Errata 8, 9 and 10: the escape rate as a whole, against the walker itself.

use super::catalogue::{ErratumEntry, ErratumKind};
use super::evidence::{Evidence, Method};
use super::flux::{fig_6, scale};
use super::independent::walker::Well;
use super::parameters::{self, ErratumParameter};
use crate::error::Result;
use crate::theory::kramers::{
    Escape, EscapeNoise, PiecewiseQuadratic, Potential, chain_escape, diffusion_first_passage, ito_kramers_rate,
    rare_escape_exponent, self_consistent_rate,
};
use crate::theory::published::kramers as published;

/// The learning rate of Fig. 6(b).
const LEARNING_RATE: f64 = 0.15;

/// Where a walker of Fig. 6(b) is out: at the top itself half of them would come back.
const END: f64 = 2.0;

/// What the plain grids of the chain and of the diffusion give away.
const BY_GRID: f64 = 1e-5;

/// Batch sizes between which the logarithm of the rate falls as its exponent does, but for the logarithm of a prefactor that
/// goes as a power of S of order one.
const BATCH_SIZES: (f64, f64) = (40.0, 50.0);
const PREFACTOR: f64 = 0.02;

/// How far Kramers' rate for a high barrier is from the diffusion's, in units of the temperature over the barrier.
const HIGH_BARRIER: f64 = 0.4;

const SCALE: ErratumParameter =
    ErratumParameter::new("scale", "r", 10.0, "Factor on the whole potential of Fig. 6(b).").between(1.0, 13.0);

pub(super) static PREFACTORS: ErratumEntry = ErratumEntry {
    number: "8",
    place: "Eq. 23, 71",
    title: "both factors belong into the denominator; even then it is not the exact chain",
    kind: ErratumKind::WrongResult,
    parameters: &[SCALE.between(0.3, 13.0)],
    demonstration: |numbers| {
        let r = scale(numbers);
        let (shape, well, variance) = fig_6(r, LEARNING_RATE, 1.0)?;
        let printed = published::eq_23(&shape, 1.0, LEARNING_RATE)? / r;
        let consistent = self_consistent_rate(&shape, 1.0, LEARNING_RATE)? / r;
        let by_flux = well.flux_over_probability(variance) / r;
        let chain = chain_escape(&escape(r, r, LEARNING_RATE, 1.0)?)?.rate / r;
        let by_grid = well.chain_rate(END, variance)? / r;
        Ok(vec![
            Evidence::new(
                "rate/r of Fig. 6(b) by flux over probability, λ = 0.15",
                consistent,
                by_flux,
                Method::Quadrature,
            )
            .printed(printed),
            Evidence::new("rate/r of the walker itself", chain, by_grid, Method::ExactChain)
                .printed(printed)
                .within(BY_GRID),
        ])
    },
};

pub(super) static ITO: ErratumEntry = ErratumEntry {
    number: "9",
    place: "Eq. 23, 24, prefactor",
    title: "the prefactor is k_a/2π: SGD takes its noise before the step",
    kind: ErratumKind::WrongResult,
    parameters: &[
        parameters::learning_rate(0.2, 0.5).between(0.02, 0.5),
        ErratumParameter::new("barrier_curvature", "|k_b|", 4.0, "Curvature at the top of the barrier.")
            .between(0.25, 4.0),
    ],
    demonstration: |numbers| {
        let (learning_rate, kb) = (numbers.of("learning_rate"), numbers.of("barrier_curvature"));
        let shape = Potential::from(PiecewiseQuadratic::new(1.0, kb, 1.0)?).barrier_shape()?;
        let compare = |quantity: &str, learning_rate: f64, rate: fn(&Escape) -> Result<f64>| {
            let corrected = rate(&escape(1.0, kb, learning_rate, 1.0)?)?;
            let well = Well { well_curvature: 1.0, barrier_curvature: kb, top: 1.0, batch_size: 1.0, learning_rate };
            let printed = published::eq_24(&shape, 1.0, learning_rate)?;
            let independent = well.diffusion_rate(END);
            let evidence = Evidence::new(quantity, corrected / kb, independent / kb, Method::Quadrature);
            Ok::<_, crate::Error>(evidence.printed(printed / kb))
        };
        let exact = |escape: &Escape| Ok(1.0 / (escape.learning_rate() * diffusion_first_passage(escape)?));
        // Kramers' rate is that of a high barrier.
        let warmth = HIGH_BARRIER * 0.5 * learning_rate * kb.max(1.0) / shape.height;
        Ok(vec![
            compare("rate/|k_b| of the diffusion, k_a = b = S = 1", learning_rate, exact)?.within(BY_GRID),
            compare("the same by the prefactor k_a/2π", learning_rate, ito_kramers_rate)?.within(warmth),
            compare("the same by it for a tenth of λ", 0.1 * learning_rate, ito_kramers_rate)?.within(0.1 * warmth),
        ])
    },
};

pub(super) static EXPONENT: ErratumEntry = ErratumEntry {
    number: "10",
    place: "Eq. 23, exponent",
    title: "the first order in λk cancels: 1 − (λk)²/4 for k_a = |k_b|, not 1 − λk/4",
    kind: ErratumKind::WrongResult,
    // The corrected exponent is the limit of large S as long as λk < √3.
    parameters: &[SCALE.between(1.0, 11.5)],
    demonstration: |numbers| {
        let r = scale(numbers);
        let log_rate = |batch_size: f64| {
            let (_, well, variance) = fig_6(r, LEARNING_RATE, batch_size)?;
            Ok::<_, crate::Error>(libm::log(well.chain_rate(END, variance)?))
        };
        let log_rate_by_theory = |batch_size| {
            Ok::<_, crate::Error>(libm::log(chain_escape(&escape(r, r, LEARNING_RATE, batch_size)?)?.rate))
        };
        let (small, large) = BATCH_SIZES;
        let slope = (log_rate(small)? - log_rate(large)?) / (large - small);
        let exponent = rare_escape_exponent(r, 1.0, 1.0, LEARNING_RATE)?;
        let printed = published::eq_23_exponent(r, 1.0, 1.0, LEARNING_RATE)?;
        Ok(vec![
            Evidence::new("fall of ln rate per unit of S, from S = 40 to 50", exponent, slope, Method::ExactChain)
                .printed(printed)
                .within_absolute(PREFACTOR),
            Evidence::new(
                "the same from S = 4 to 5, corrected: the chain of the theory",
                log_rate_by_theory(4.0)? - log_rate_by_theory(5.0)?,
                log_rate(4.0)? - log_rate(5.0)?,
                Method::ExactChain,
            )
            .printed(printed)
            .within(BY_GRID),
        ])
    },
};

/// A walker in the well and over the barrier of these curvatures with the noise of a batch.
fn escape(well: f64, barrier: f64, learning_rate: f64, batch_size: f64) -> Result<Escape> {
    let noise = EscapeNoise::Curvature { batch_size, white: 0.0 };
    Escape::new(PiecewiseQuadratic::new(well, barrier, 1.0)?, noise, learning_rate, END)
}
