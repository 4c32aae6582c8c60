//! The errata of the paper as numbers that anybody can compute again: what is printed, what is right, and a third value that
//! uses neither.
//!
//! An [`Erratum`] carries [`Evidence`]. Of each piece, the printed value comes from [`theory::published`](crate::theory::published), the
//! corrected one from [`theory`](crate::theory), and the independent one from code of this module that knows neither: it iterates
//! second moments, steps a walker, sums over minibatches, integrates, or simulates with a fixed seed. No independent value is a
//! constant. The numbers are those of `docs/errata.md`.
//!
//! ```
//! use noisy_descent::errata::{demonstrate, erratum};
//! use std::collections::BTreeMap;
//! let sign = erratum("3")?;
//! let evidence = &sign.evidence[0];
//! assert_eq!((evidence.printed, evidence.corrected), (Some(1.25), 0.75));
//! assert!(evidence.is_confirmed() && evidence.refutes_print());
//!
//! // The same for a reader's own learning rate.
//! let own = demonstrate("3", &BTreeMap::from([("learning_rate".into(), 1.0)]))?;
//! assert!((own.evidence[0].corrected - 0.5).abs() < 1e-12);
//! # Ok::<(), noisy_descent::Error>(())
//! ```

mod alignment;
mod bayes;
mod catalogue;
mod commutator;
mod descent;
mod direction;
mod display;
mod escape;
mod evidence;
mod flux;
mod independent;
mod minibatch;
mod parameters;
mod preconditioned;
mod qhm;
mod second_order;
mod temperature;
mod whiteness;

pub use catalogue::{CATALOGUE, ErratumEntry, ErratumKind};
pub use evidence::{Evidence, Method};
pub use parameters::ErratumParameter;

use crate::error::{Error, Result};
use parameters::Numbers;
use serde::Serialize;
use std::collections::BTreeMap;

/// One erratum with its evidence, computed.
///
/// ```
/// use noisy_descent::errata::{Erratum, erratum};
/// let Erratum { number, place, values, evidence, .. } = erratum("28")?;
/// assert_eq!((number, place), ("28", "Corollaries 5, 6, Theorem 6"));
/// // N = 6, S = 2: (N−S)/(S(N−1)) = 4/10 of one sample's variance, not (N−S)/(NS) = 4/12.
/// assert_eq!((values["data_size"], values["batch_size"]), (6.0, 2.0));
/// assert!((evidence[0].corrected / evidence[0].printed.unwrap() - (4.0 / 10.0) / (4.0 / 12.0)).abs() < 1e-12);
/// assert!(evidence.iter().all(|evidence| evidence.is_confirmed()));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Erratum {
    /// Its number in `docs/errata.md`: `"1"`, `"1a"` to `"1d"`, `"2"` to `"28"`.
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
    /// The parameters of the demonstration, with the values that were used.
    #[cfg_attr(feature = "typescript", tsify(type = "Record<string, number>"))]
    pub values: BTreeMap<&'static str, f64>,
    /// What shows it, the most telling first.
    pub evidence: Vec<Evidence>,
}

/// Every erratum with its evidence at the default parameters, in the order of `docs/errata.md`. Takes a few seconds.
///
/// # Errors
/// None that is known: the default parameters are in range and everything converges for them.
///
/// ```no_run
/// for erratum in noisy_descent::errata::errata()? {
///     println!("{erratum}");
/// }
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn errata() -> Result<Vec<Erratum>> {
    CATALOGUE.iter().map(|entry| erratum(entry.number)).collect()
}

/// One erratum with its evidence at the default parameters.
///
/// # Errors
/// [`Error::UnknownName`] for a number that is not in the list.
///
/// ```
/// let erratum = noisy_descent::errata::erratum("28")?;
/// assert_eq!(erratum.values["data_size"], 6.0);
/// assert_eq!(noisy_descent::errata::erratum("29").unwrap_err().parameter(), "number");
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn erratum(number: &str) -> Result<Erratum> {
    demonstrate(number, &BTreeMap::new())
}

/// One erratum with its evidence at given parameters; those that are not given have their defaults. It takes less than a
/// second.
///
/// # Errors
/// [`Error::UnknownName`] for a number or the name of a parameter that is not in the list; [`Error::OutOfRange`] or
/// [`Error::NotInteger`] for a value that is not in the parameter's range, or that leaves no stationary state;
/// [`Error::NotConverged`] so close to a limit of stability that the independent sum does not end.
///
/// ```
/// use noisy_descent::errata::demonstrate;
/// use std::collections::BTreeMap;
/// let lemma = demonstrate("14", &BTreeMap::from([("momentum".into(), 0.5)]))?;
/// assert!(!lemma.evidence[0].refutes_print()); // at μ = 1/2 the two X are one
/// let error = demonstrate("14", &BTreeMap::from([("momentum".into(), 1.5)])).unwrap_err();
/// assert_eq!(error.to_string(), "momentum must lie in [0, 0.99], got 1.5");
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn demonstrate(number: &str, parameters: &BTreeMap<String, f64>) -> Result<Erratum> {
    let ErratumEntry { number, place, title, kind, parameters: known, demonstration } = *entry(number)?;
    let values = Numbers::new(known, parameters)?;
    let evidence = demonstration(&values)?;
    if !evidence.iter().all(Evidence::is_finite) {
        let (parameter, value) = values.all().next().unwrap_or(("parameters", f64::NAN));
        let allowed = "the range in which every result is a finite number".into();
        return Err(Error::OutOfRange { parameter: parameter.into(), value, allowed });
    }
    Ok(Erratum { number, place, title, kind, values: values.all().collect(), evidence })
}

fn entry(number: &str) -> Result<&'static ErratumEntry> {
    CATALOGUE.iter().copied().find(|entry| entry.number == number).ok_or_else(|| Error::UnknownName {
        parameter: "number".into(),
        value: number.into(),
        allowed: CATALOGUE.map(|entry| entry.number).join(", "),
    })
}
