//! The list of errata, in the order of `docs/errata.md`.

use super::evidence::Evidence;
use super::parameters::{ErratumParameter, Numbers};
use super::{
    alignment, bayes, commutator, descent, escape, flux, minibatch, preconditioned, qhm, second_order, temperature,
    whiteness,
};
use crate::error::Result;
use serde::Serialize;

/// Whether a result is wrong or only what leads to it.
///
/// ```
/// use noisy_descent::errata::{CATALOGUE, ErratumKind};
/// let wrong = CATALOGUE.iter().filter(|entry| entry.kind == ErratumKind::WrongResult).count();
/// let argued = CATALOGUE.iter().filter(|entry| entry.kind == ErratumKind::WrongArgument).count();
/// assert!(wrong > 0 && argued > 0 && wrong + argued == 32);
/// assert_eq!(ErratumKind::WrongArgument.words(), "wrong argument");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum ErratumKind {
    /// A result changes.
    WrongResult,
    /// The result stands, on another argument or with another word.
    WrongArgument,
}

impl ErratumKind {
    /// The kind in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            ErratumKind::WrongResult => "wrong result",
            ErratumKind::WrongArgument => "wrong argument",
        }
    }
}

/// What the list says of an erratum, and the parameters of its demonstration. Nothing is computed for it.
///
/// ```
/// use noisy_descent::errata::{CATALOGUE, ErratumEntry, demonstrate};
/// let entry: &ErratumEntry = CATALOGUE.iter().find(|entry| entry.number == "3").unwrap();
/// let rate = entry.parameters.iter().find(|parameter| parameter.name == "learning_rate").unwrap();
/// let defaults = entry.parameters.iter().map(|parameter| (parameter.name.to_string(), parameter.default));
/// let erratum = demonstrate(entry.number, &defaults.collect())?;
/// assert_eq!((erratum.title, erratum.values["learning_rate"]), (entry.title, rate.default));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct ErratumEntry {
    /// Its number in `docs/errata.md`.
    #[cfg_attr(feature = "typescript", tsify(type = "string"))]
    pub number: &'static str,
    /// Where it is in the paper.
    #[cfg_attr(feature = "typescript", tsify(type = "string"))]
    pub place: &'static str,
    /// What is wrong, in a line.
    #[cfg_attr(feature = "typescript", tsify(type = "string"))]
    pub title: &'static str,
    /// Whether a result is wrong or only what leads to it.
    pub kind: ErratumKind,
    /// What a reader may change.
    #[cfg_attr(feature = "typescript", tsify(type = "ErratumParameter[]"))]
    pub parameters: &'static [ErratumParameter],
    /// The computation, at checked parameters.
    #[serde(skip)]
    pub(super) demonstration: fn(&Numbers) -> Result<Vec<Evidence>>,
}

/// Every erratum.
///
/// ```
/// let last = noisy_descent::errata::CATALOGUE.last().unwrap();
/// assert_eq!((last.number, last.parameters[0].name), ("28", "data_size"));
/// ```
pub static CATALOGUE: [&ErratumEntry; 32] = [
    &qhm::SYSTEM,
    &qhm::NOISE_TWICE,
    &qhm::CROSS_TERMS,
    &qhm::LAG_TERMS,
    &qhm::LAG_ONE,
    &qhm::TABLE,
    &temperature::EFFECTIVE_LOSS,
    &temperature::TEMPERATURE,
    &flux::INVERTED,
    &flux::MASS,
    &flux::FLUX,
    &escape::PREFACTORS,
    &escape::ITO,
    &escape::EXPONENT,
    &flux::DIFFUSION,
    &alignment::LONG_RUN,
    &alignment::ORDER,
    &descent::LEMMA,
    &descent::COROLLARY,
    &commutator::SYMMETRIC,
    &descent::STABILITY,
    &descent::ONE_STEP,
    &descent::AT_ONCE,
    &qhm::PLAIN,
    &bayes::POSTERIOR,
    &whiteness::WHITE,
    &preconditioned::LOST_SIGMA,
    &second_order::NATURAL_GRADIENT,
    &second_order::ADAM,
    &minibatch::HALF,
    &minibatch::OVERESTIMATES,
    &minibatch::FACTOR,
];
