//! Erratum 21: the Bayesian learning rate.

use super::catalogue::{ErratumEntry, ErratumKind};
use super::evidence::{Evidence, Method};
use super::independent::{moments, search::minimum};
use super::parameters::ErratumParameter;
use crate::error::Result;
use crate::theory::bayes::{BatchFactor, PosteriorMatch};
use crate::theory::published;

/// Samples of the data set.
const DATA_SIZE: u64 = 1000;

/// A minimum is flat: half of the digits of where it is are lost.
const BY_TRYING: f64 = 1e-6;

pub(super) static POSTERIOR: ErratumEntry = ErratumEntry {
    number: "21",
    place: "Theorem 6",
    title: "the optimum exists for every 0 < S < N; the continuous guess may diverge",
    kind: ErratumKind::WrongArgument,
    parameters: &[
        ErratumParameter::new("batch_size", "S", 500.0, "Batch size, of N = 1000 samples.").whole_between(20.0, 980.0),
        ErratumParameter::new(
            "flat_curvature",
            "k₂",
            0.05,
            "Curvature of two of the three directions; the third has one.",
        )
        .between(0.05, 1.0),
    ],
    demonstration: |numbers| {
        let (batch_size, flat) = (numbers.whole("batch_size") as u64, numbers.of("flat_curvature"));
        let evidence = |quantity: &str, curvatures: &[f64]| {
            let posterior = PosteriorMatch::new(curvatures, DATA_SIZE, batch_size, BatchFactor::Paper)?;
            let (corrected, tried) = (posterior.optimum().learning_rate, try_all(curvatures, batch_size)?);
            Ok::<_, crate::Error>(Evidence::new(quantity, corrected, tried, Method::Search).within(BY_TRYING))
        };
        let curvatures = [1.0, flat, flat];
        let printed = published::bayes::continuous_learning_rate(&curvatures, DATA_SIZE as usize, batch_size as usize)?;
        Ok(vec![
            evidence("learning rate nearest to the posterior, printed: λ_c, limit 2", &curvatures)?.printed(printed),
            evidence("the same in one direction, 2S/(Nk), k = 1", &[1.0])?,
        ])
    },
};

/// The learning rate whose stationary law is nearest to the posterior `(NK)⁻¹`, by trying; the variances are Lyapunov sums.
fn try_all(curvatures: &[f64], batch_size: u64) -> Result<f64> {
    let (n, s) = (DATA_SIZE as f64, batch_size as f64);
    let factor = (n - s) / (n * s);
    let divergence = |learning_rate: f64| {
        curvatures.iter().try_fold(0.0, |sum, &k| {
            let variance = factor * k * moments::sgd(learning_rate, k).stationary()?[0][0];
            let ratio = n * k * variance;
            Ok(sum + 0.5 * (ratio - 1.0 - libm::log(ratio)))
        })
    };
    minimum(1e-3, 2.0 - 1e-4, divergence)
}
