//! Laws of the gradient noise: the shape of one coordinate before it is given its covariance.

use serde::{Deserialize, Serialize};

/// Distribution of the noise, of zero mean and unit variance before the covariance is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum NoiseLaw {
    /// The normal distribution.
    #[default]
    Gaussian,
}
