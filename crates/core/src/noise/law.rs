//! Laws of the gradient noise: the shape of one coordinate before it is given its covariance.

use crate::choice;
use crate::error::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize};

/// Distribution of the noise, of zero mean and unit variance before the covariance is applied.
///
/// A vector of noise is `η = F ξ` with independent `ξ` of this law and the lower triangular `F` with `F Fᵀ = C`.
///
/// ```
/// use noisy_descent::noise::NoiseLaw;
/// assert_eq!(NoiseLaw::ChiSquared { degrees: 2.0 }.skewness(), Some(2.0)); // the exponential law
/// assert_eq!(NoiseLaw::StudentT { degrees: 4.0 }.excess_kurtosis(), None); // infinite
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum NoiseLaw {
    /// The normal distribution.
    #[default]
    Gaussian,
    /// Student's t distribution: heavy tails.
    StudentT {
        /// Degrees of freedom, above 2 so that there is a variance.
        degrees: f64,
    },
    /// The χ² distribution less its mean: skewed.
    ChiSquared {
        /// Degrees of freedom, above 0.
        degrees: f64,
    },
    /// The double exponential distribution.
    Laplace,
    /// The uniform distribution.
    Uniform,
    /// A fair coin: ±1.
    Rademacher,
}

impl<'de> Deserialize<'de> for NoiseLaw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        choice::read(deserializer, |fields| match fields.kind() {
            "gaussian" => Ok(NoiseLaw::Gaussian),
            "student_t" => Ok(NoiseLaw::StudentT { degrees: fields.take("degrees")? }),
            "chi_squared" => Ok(NoiseLaw::ChiSquared { degrees: fields.take("degrees")? }),
            "laplace" => Ok(NoiseLaw::Laplace),
            "uniform" => Ok(NoiseLaw::Uniform),
            "rademacher" => Ok(NoiseLaw::Rademacher),
            _ => fields.unknown(&["gaussian", "student_t", "chi_squared", "laplace", "uniform", "rademacher"]),
        })
    }
}

impl NoiseLaw {
    /// Skewness, the third moment at unit variance; `None` for Student's t with at most 3 degrees of freedom, which has no
    /// third moment.
    #[must_use]
    pub fn skewness(&self) -> Option<f64> {
        match *self {
            NoiseLaw::ChiSquared { degrees } => Some((8.0 / degrees).sqrt()),
            NoiseLaw::StudentT { degrees } if degrees <= 3.0 => None,
            _ => Some(0.0),
        }
    }

    /// Excess kurtosis, the fourth moment at unit variance less 3; `None` where it is infinite: Student's t with at most
    /// 4 degrees of freedom.
    #[must_use]
    pub fn excess_kurtosis(&self) -> Option<f64> {
        match *self {
            NoiseLaw::Gaussian => Some(0.0),
            NoiseLaw::StudentT { degrees } if degrees <= 4.0 => None,
            NoiseLaw::StudentT { degrees } => Some(6.0 / (degrees - 4.0)),
            NoiseLaw::ChiSquared { degrees } => Some(12.0 / degrees),
            NoiseLaw::Laplace => Some(3.0),
            NoiseLaw::Uniform => Some(-1.2),
            NoiseLaw::Rademacher => Some(-2.0),
        }
    }

    /// Whether moments up to this order are finite: for Student's t those below its degrees of freedom are.
    ///
    /// ```
    /// use noisy_descent::noise::NoiseLaw;
    /// assert!(NoiseLaw::Laplace.has_moment(8));
    /// assert!(NoiseLaw::StudentT { degrees: 4.0 }.has_moment(3) && !NoiseLaw::StudentT { degrees: 4.0 }.has_moment(4));
    /// ```
    #[must_use]
    pub fn has_moment(&self, order: u32) -> bool {
        !matches!(*self, NoiseLaw::StudentT { degrees } if degrees <= f64::from(order))
    }

    /// Checks the degrees of freedom.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] with the range in which the law has a variance.
    ///
    /// ```
    /// use noisy_descent::noise::NoiseLaw;
    /// assert!(NoiseLaw::StudentT { degrees: 2.5 }.check().is_ok());
    /// let problem = NoiseLaw::StudentT { degrees: 2.0 }.check().unwrap_err(); // no variance
    /// assert_eq!(problem.to_string(), "degrees must lie in (2, ∞) for the law student_t, got 2");
    /// ```
    pub fn check(&self) -> Result<()> {
        let (degrees, least) = match *self {
            NoiseLaw::StudentT { degrees } => (degrees, 2.0),
            NoiseLaw::ChiSquared { degrees } => (degrees, 0.0),
            _ => return Ok(()),
        };
        if degrees > least && degrees.is_finite() {
            Ok(())
        } else {
            let allowed = format!("({least}, ∞) for the law {}", self.kind());
            Err(Error::OutOfRange { parameter: "degrees".into(), value: degrees, allowed })
        }
    }

    /// The `kind` of a document.
    ///
    /// ```
    /// use noisy_descent::noise::NoiseLaw;
    /// assert_eq!(NoiseLaw::ChiSquared { degrees: 3.0 }.kind(), "chi_squared");
    /// assert_eq!(serde_json::to_value(NoiseLaw::Laplace).unwrap()["kind"], NoiseLaw::Laplace.kind());
    /// ```
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            NoiseLaw::Gaussian => "gaussian",
            NoiseLaw::StudentT { .. } => "student_t",
            NoiseLaw::ChiSquared { .. } => "chi_squared",
            NoiseLaw::Laplace => "laplace",
            NoiseLaw::Uniform => "uniform",
            NoiseLaw::Rademacher => "rademacher",
        }
    }
}
