//! How often and how long a scenario is run.

use serde::{Deserialize, Serialize};

/// The run of an ensemble of independent replicas.
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

/// Where the replicas start; the velocity starts at zero.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Start {
    /// At the minimum, `w = 0`.
    #[default]
    Minimum,
}

impl Default for Run {
    fn default() -> Self {
        Run { replicas: 10_000, steps: 1000, seed: 1, start: Start::Minimum }
    }
}
