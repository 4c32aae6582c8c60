//! The one document: a loss, a gradient noise, an optimizer and a run.

mod parameter;
mod parameters;
mod run;
mod validate;

pub use parameter::{Domain, Group, Interval, Parameter, Scale, Slider, Values};
pub use parameters::{PARAMETERS, parameter};
pub use run::{Run, Start};
pub use validate::LARGEST_ENSEMBLE;
pub(crate) use validate::check_numbers;

use crate::error::{Error, Result};
use crate::loss::Loss;
use crate::noise::Noise;
use crate::optimizer::Optimizer;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Version of the document; a reader refuses another.
pub const VERSION: u32 = 1;

/// Everything that describes an experiment. The same document is a page's state, a command line's input, a test case.
///
/// ```
/// use noisy_descent::Scenario;
/// let scenario = Scenario::from_json(r#"{ "version": 1, "optimizer": { "kind": "momentum", "learning_rate": 0.5 } }"#)?;
/// assert_eq!(scenario.number("learning_rate"), Some(0.5));
/// assert_eq!(scenario.number("noise_variance"), Some(1.0)); // what is not said has its default
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Scenario {
    /// Version of the document, [`VERSION`].
    pub version: u32,
    /// What is descended.
    #[serde(default)]
    pub loss: Loss,
    /// The gradient's noise.
    #[serde(default)]
    pub noise: Noise,
    /// How it is descended.
    #[serde(default)]
    pub optimizer: Optimizer,
    /// How often and how long.
    #[serde(default)]
    pub run: Run,
}

impl Scenario {
    /// Reads a JSON document and checks it.
    ///
    /// # Errors
    /// [`Error::Malformed`] with the parser's position, or the first problem that [`Scenario::read`] finds.
    pub fn from_json(text: &str) -> Result<Scenario> {
        let document = serde_json::from_str(text)
            .map_err(|error| Error::Malformed { parameter: "scenario".into(), message: error.to_string() })?;
        Scenario::read(document).map_err(|mut problems| problems.swap_remove(0))
    }

    /// Reads a document that is JSON already and checks it.
    ///
    /// # Errors
    /// Every problem that can be told apart, at least one. Numbers are checked against the table before anything else,
    /// so that `"replicas": 1e12` is named as out of range and not as something that does not fit an integer.
    pub fn read(document: Value) -> core::result::Result<Scenario, Vec<Error>> {
        let mut problems = check_numbers(&document, |group| group != Group::Sweep);
        problems.extend(validate::check_matrices(&document));
        if !problems.is_empty() {
            return Err(problems);
        }
        let scenario: Scenario = serde_json::from_value(document)
            .map_err(|error| vec![Error::Malformed { parameter: "scenario".into(), message: error.to_string() }])?;
        let problems = scenario.check();
        if problems.is_empty() { Ok(scenario) } else { Err(problems) }
    }

    /// Number of coordinates `D` of the weights.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.loss.dimension()
    }

    /// The value of a numeric parameter of the table, `None` where this scenario has no such parameter.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        let path = parameter(name).filter(|known| known.is_number())?.path;
        serde_json::to_value(self).ok()?.pointer(path)?.as_f64()
    }

    /// This scenario with a numeric parameter of the table set to another value; how a sweep moves.
    ///
    /// The value is not checked against its range, so that [`Scenario::check`] can name it.
    ///
    /// # Errors
    /// [`Error::UnknownParameter`] if this scenario has no such number; [`Error::NotInteger`] for a fraction (or a value
    /// that no integer holds) where a whole number is needed.
    pub fn with_number(&self, name: &str, value: f64) -> Result<Scenario> {
        let unknown = || Error::UnknownParameter {
            parameter: "parameter".into(),
            value: name.into(),
            allowed: self.numeric_parameters().join(", "),
        };
        let known = parameter(name).filter(|known| known.is_number()).ok_or_else(unknown)?;
        let mut document = serde_json::to_value(self).map_err(|_| unknown())?;
        let place = document.pointer_mut(known.path).ok_or_else(unknown)?;
        *place = match known.values {
            Values::Integer(ref domain) => {
                if value.fract() != 0.0 || !(0.0..=9e15).contains(&value) {
                    let (parameter, allowed) = (known.name.into(), domain.interval.to_string());
                    return Err(Error::NotInteger { parameter, value, allowed });
                }
                Value::from(value as u64)
            }
            _ if value.is_finite() => Value::from(value),
            _ => {
                let allowed = known.interval().map(ToString::to_string).unwrap_or_default();
                return Err(Error::OutOfRange { parameter: known.name.into(), value, allowed });
            }
        };
        serde_json::from_value(document)
            .map_err(|error| Error::Malformed { parameter: name.into(), message: error.to_string() })
    }

    /// Names of the numeric parameters that this scenario has.
    #[must_use]
    pub fn numeric_parameters(&self) -> Vec<&'static str> {
        let document = serde_json::to_value(self).unwrap_or(Value::Null);
        PARAMETERS.iter().filter(|p| p.is_number() && document.pointer(p.path).is_some()).map(|p| p.name).collect()
    }
}

impl Default for Scenario {
    /// The paper's setting of Figs. 2(a) and 3: `K = diag(1, 0.1)`, white noise of variance 1, plain SGD.
    fn default() -> Self {
        Scenario {
            version: VERSION,
            loss: Loss::default(),
            noise: Noise::default(),
            optimizer: Optimizer::default(),
            run: Run::default(),
        }
    }
}
