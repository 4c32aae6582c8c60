//! The one document: a loss, a gradient noise, an optimizer and a run.

mod arrays;
mod combinations;
mod numbers;
mod parameter;
mod parameters;
mod run;
mod validate;

pub(crate) use arrays::check_objects;
pub(crate) use numbers::{check_number, check_numbers};
pub use parameter::{Domain, Group, Interval, Parameter, Scale, Slider, Values};
pub(crate) use parameters::axis;
pub use parameters::{AXES, PARAMETERS, parameter};
pub use run::{Run, Start};
pub use validate::LARGEST_ENSEMBLE;

use crate::error::{Error, Result};
use crate::loss::Loss;
use crate::noise::Noise;
use crate::optimizer::Optimizer;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Version of the document; a reader refuses another.
///
/// ```
/// use noisy_descent::{Scenario, scenario::VERSION};
/// assert_eq!(Scenario::default().version, VERSION);
/// let problem = Scenario::from_json(r#"{ "version": 2 }"#).unwrap_err();
/// assert_eq!(problem.to_string(), "scenario cannot be read: version 2 is not known here, this is version 1");
/// ```
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
    ///
    /// ```
    /// use noisy_descent::Scenario;
    /// use serde_json::json;
    /// let scenario = Scenario::read(json!({ "version": 1, "loss": { "kind": "quadratic", "hessian": [[2]] } })).unwrap();
    /// assert_eq!(scenario.dimension(), 1);
    ///
    /// let document = json!({
    ///     "version": 1,
    ///     "optimizer": { "kind": "momentum", "learning_rate": 0.1, "momentum": 1.2 },
    ///     "run": { "replicas": 1e12 }
    /// });
    /// let problems = Scenario::read(document).unwrap_err();
    /// let names: Vec<&str> = problems.iter().map(|problem| problem.parameter()).collect();
    /// assert_eq!(names, ["momentum", "replicas"]);
    /// ```
    pub fn read(document: Value) -> core::result::Result<Scenario, Vec<Error>> {
        let mut problems = check_objects("scenario", &document, &["", "/run", "/noise"]);
        problems.extend(check_numbers(&document, |group| group != Group::Sweep));
        problems.extend(arrays::check_arrays(&document));
        problems.extend(arrays::check_fields(&document));
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
