//! Gradient noise: how large (its covariance) and of which shape (its law).

mod covariance;
mod law;
mod sampling;

pub use covariance::NoiseCovariance;
pub use law::NoiseLaw;
pub use sampling::Sampling;

use serde::{Deserialize, Serialize};

/// The noise `η` that is added to each gradient: zero mean, white in time.
///
/// ```
/// use noisy_descent::noise::{Noise, NoiseCovariance, NoiseLaw};
/// let noise: Noise = serde_json::from_str(r#"{ "law": { "kind": "laplace" } }"#).unwrap();
/// assert_eq!(noise, Noise { covariance: NoiseCovariance::White { variance: 1.0 }, law: NoiseLaw::Laplace });
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Noise {
    /// Covariance `C` of one draw.
    #[serde(default)]
    pub covariance: NoiseCovariance,
    /// Shape of the distribution.
    #[serde(default)]
    pub law: NoiseLaw,
}
