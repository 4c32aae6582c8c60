//! What a reader may change in a demonstration.

use crate::error::{Error, Result};
use crate::scenario::Interval;
use serde::Serialize;
use std::collections::BTreeMap;

/// One number of a demonstration.
///
/// ```
/// use noisy_descent::errata::{CATALOGUE, ErratumParameter};
/// let size: &ErratumParameter = &CATALOGUE.last().unwrap().parameters[0];
/// assert_eq!((size.name, size.symbol, size.default, size.whole), ("data_size", "N", 6.0, true));
/// assert!(size.interval.contains(16.0) && !size.interval.contains(17.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct ErratumParameter {
    /// Its name, as far as possible the one in the parameter table of scenarios.
    #[cfg_attr(feature = "typescript", tsify(type = "string"))]
    pub name: &'static str,
    /// Symbol in formulas.
    #[cfg_attr(feature = "typescript", tsify(type = "string"))]
    pub symbol: &'static str,
    /// Its value unless another is given, the one in `docs/errata.md` where that names one.
    pub default: f64,
    /// Every allowed value.
    pub interval: Interval,
    /// Whether only whole numbers are allowed.
    pub whole: bool,
    /// One sentence for a reader.
    #[cfg_attr(feature = "typescript", tsify(type = "string"))]
    pub doc: &'static str,
}

impl ErratumParameter {
    pub(super) const fn new(name: &'static str, symbol: &'static str, default: f64, doc: &'static str) -> Self {
        let interval = Interval { low: 0.0, high: 1.0, low_open: false, high_open: false };
        ErratumParameter { name, symbol, default, interval, whole: false, doc }
    }

    /// From `low` to `high`, ends included.
    pub(super) const fn between(self, low: f64, high: f64) -> Self {
        ErratumParameter { interval: Interval { low, high, low_open: false, high_open: false }, ..self }
    }

    /// Whole numbers from `low` to `high`.
    pub(super) const fn whole_between(self, low: f64, high: f64) -> Self {
        ErratumParameter { whole: true, ..self.between(low, high) }
    }

    fn check(&self, value: f64) -> Result<f64> {
        if !self.interval.contains(value) {
            let (parameter, allowed) = (self.name.into(), self.interval.to_string());
            return Err(Error::OutOfRange { parameter, value, allowed });
        }
        if self.whole && value.fract() != 0.0 {
            let (parameter, allowed) = (self.name.into(), self.interval.to_string());
            return Err(Error::NotInteger { parameter, value, allowed });
        }
        Ok(value)
    }
}

/// The learning rate, from nearly nothing to `high`.
pub(super) const fn learning_rate(default: f64, high: f64) -> ErratumParameter {
    ErratumParameter::new("learning_rate", "λ", default, "Length of a step per unit of gradient.").between(1e-3, high)
}

/// The momentum.
pub(super) const fn momentum(default: f64) -> ErratumParameter {
    ErratumParameter::new("momentum", "μ", default, "Share of the last velocity that each step keeps.")
        .between(0.0, 0.99)
}

/// The mixing of QHM.
pub(super) const fn mixing(default: f64) -> ErratumParameter {
    ErratumParameter::new("mixing", "ν", default, "Share of the velocity in a step; the rest is the fresh gradient.")
}

/// The curvature of the one direction.
pub(super) const fn curvature(default: f64) -> ErratumParameter {
    ErratumParameter::new("curvature", "k", default, "Curvature of the loss along the direction.").between(0.1, 4.0)
}

/// Checked values of a demonstration's parameters.
pub(super) struct Numbers(Vec<(&'static str, f64)>);

impl Numbers {
    pub(super) fn new(parameters: &'static [ErratumParameter], given: &BTreeMap<String, f64>) -> Result<Numbers> {
        if let Some(unknown) = given.keys().find(|name| parameters.iter().all(|parameter| parameter.name != **name)) {
            let names: Vec<_> = parameters.iter().map(|parameter| parameter.name).collect();
            let allowed = if names.is_empty() { "no parameter".into() } else { names.join(", ") };
            return Err(Error::UnknownName { parameter: "parameter".into(), value: unknown.clone(), allowed });
        }
        let value = |parameter: &ErratumParameter| {
            let value = given.get(parameter.name).copied().unwrap_or(parameter.default);
            Ok((parameter.name, parameter.check(value)?))
        };
        Ok(Numbers(parameters.iter().map(value).collect::<Result<_>>()?))
    }

    /// The value of a parameter that the demonstration has; NaN, which every theory refuses by name, for another.
    pub(super) fn of(&self, name: &str) -> f64 {
        self.0.iter().find(|(known, _)| *known == name).map_or(f64::NAN, |(_, value)| *value)
    }

    /// A whole number.
    pub(super) fn whole(&self, name: &str) -> usize {
        self.of(name) as usize
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, f64)> + '_ {
        self.0.iter().copied()
    }
}
