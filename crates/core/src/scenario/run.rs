//! How often, from where and how long a scenario is run.

use crate::{choice, matrix};
use nalgebra::DMatrix;
use serde::{Deserialize, Deserializer, Serialize};

/// The run of an ensemble of independent replicas.
///
/// ```
/// use noisy_descent::scenario::{Run, Start};
/// let run: Run = serde_json::from_str(r#"{ "steps": 50 }"#).unwrap();
/// assert_eq!(run, Run { replicas: 10_000, steps: 50, seed: 1, start: Start::Minimum });
/// assert_eq!(run.start.kind(), "minimum");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Run {
    /// Number of independent replicas, 2 to a million.
    pub replicas: u32,
    /// Number of update steps, 1 to ten million.
    pub steps: u32,
    /// Seed of every random number of the run, 0 to 2⁵³ − 1 (so that it is exact in JSON and JavaScript).
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub seed: u64,
    /// Where the replicas start.
    pub start: Start,
}

/// Where the replicas start; the velocity starts at zero, but in a stationary start, where it is whatever it is then.
///
/// ```
/// use noisy_descent::scenario::Start;
/// let start: Start = serde_json::from_str(r#"{ "kind": "stationary" }"#).unwrap();
/// assert_eq!(start, Start::Stationary { burn_in: None });
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Start {
    /// At the minimum, `w = 0`.
    #[default]
    Minimum,
    /// All at one point.
    Point {
        /// The weights, `D` numbers, measured from the minimum.
        weights: Vec<f64>,
    },
    /// Gaussian around the minimum, independent from replica to replica.
    Gaussian {
        /// Covariance, `D x D`: symmetric, positive semidefinite.
        #[serde(with = "matrix::rows")]
        #[cfg_attr(feature = "typescript", tsify(type = "number[][]"))]
        covariance: DMatrix<f64>,
    },
    /// After a run from the minimum that is not shown and whose steps are not counted.
    Stationary {
        /// Number of its steps, 0 to ten million; without it as many as the scenario needs to settle, see
        /// [`burn_in`](crate::theory::burn_in).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", tsify(optional))]
        burn_in: Option<u32>,
    },
}

impl<'de> Deserialize<'de> for Start {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        choice::read(deserializer, |fields| match fields.kind() {
            "minimum" => Ok(Start::Minimum),
            "point" => Ok(Start::Point { weights: fields.take("weights")? }),
            "gaussian" => Ok(Start::Gaussian { covariance: matrix::rows::deserialize(fields.json("covariance")?)? }),
            "stationary" => Ok(Start::Stationary { burn_in: fields.take_or("burn_in", Option::default)? }),
            _ => fields.unknown(&["minimum", "point", "gaussian", "stationary"]),
        })
    }
}

impl Start {
    /// The `kind` of a document.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Start::Minimum => "minimum",
            Start::Point { .. } => "point",
            Start::Gaussian { .. } => "gaussian",
            Start::Stationary { .. } => "stationary",
        }
    }
}

impl Default for Run {
    fn default() -> Self {
        Run { replicas: 10_000, steps: 1000, seed: 1, start: Start::Minimum }
    }
}
