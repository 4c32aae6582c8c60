//! Optimizers, one a file.
//!
//! A linear optimizer acts on each eigen-direction of the Hessian through a 2x2 matrix and a 2-vector on the state
//! `(w, m)`; it states them once, as a [`Mode`], and the whole second-moment theory follows. Two of them do, heavy-ball
//! momentum and QHM, together [`Step`]; the others are one of these in the coordinates that a preconditioner sets.

mod adam;
mod momentum;
mod natural_gradient;
mod newton;
mod preconditioned;
mod qhm;
mod step;

pub use adam::{Adam, AdamForm};
pub use momentum::Momentum;
pub(crate) use natural_gradient::LARGEST_AVERAGING;
pub use natural_gradient::NaturalGradient;
pub use newton::Newton;
pub use preconditioned::Preconditioned;
pub use qhm::Qhm;
pub use step::{Mode, Recursion, Step};

use crate::choice;
use crate::error::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize};
use std::ops::{Add, Mul, Sub};

/// The optimizer of a scenario; `kind` in a document.
///
/// ```
/// use noisy_descent::optimizer::{Momentum, Optimizer};
/// let optimizer: Optimizer = serde_json::from_str(r#"{ "kind": "momentum", "learning_rate": 0.5 }"#).unwrap();
/// assert_eq!(optimizer, Optimizer::Momentum(Momentum { learning_rate: 0.5, momentum: 0.0 }));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Optimizer {
    /// SGD with heavy-ball momentum; plain SGD is `momentum = 0`.
    Momentum(Momentum),
    /// Quasi-hyperbolic momentum.
    Qhm(Qhm),
    /// Momentum or QHM behind a constant matrix.
    Preconditioned(Preconditioned),
    /// Damped Newton: the inverse Hessian as preconditioner.
    Newton(Newton),
    /// Natural gradient: the inverse of `KΣK` as preconditioner.
    NaturalGradient(NaturalGradient),
    /// Adam: the inverse root of the gradient's second moment as preconditioner.
    Adam(Adam),
}

impl Optimizer {
    /// Reads an optimizer that is JSON already; its numbers are not checked yet.
    ///
    /// # Errors
    /// [`Error::Malformed`] in the parser's words.
    ///
    /// ```
    /// use noisy_descent::optimizer::Optimizer;
    /// use serde_json::json;
    /// let newton = Optimizer::read(json!({ "kind": "newton", "learning_rate": 0.5 }))?;
    /// assert_eq!((newton.kind(), newton.learning_rate()), ("newton", 0.5));
    /// assert_eq!(newton.step(), None); // it has a preconditioner
    ///
    /// let too_heavy = Optimizer::read(json!({ "kind": "momentum", "learning_rate": 0.5, "momentum": 1 }))?;
    /// assert!(too_heavy.step().is_some());
    /// assert_eq!(too_heavy.check().unwrap_err().to_string(), "momentum must lie in [0, 1), got 1");
    ///
    /// let problem = Optimizer::read(json!({ "kind": "newton", "beta1": 0.9 })).unwrap_err();
    /// assert_eq!((problem.kind(), problem.parameter()), ("malformed", "optimizer"));
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn read(document: serde_json::Value) -> Result<Optimizer> {
        serde_json::from_value(document)
            .map_err(|error| Error::Malformed { parameter: "optimizer".into(), message: error.to_string() })
    }

    /// Checks every number: in its range, not NaN, finite; and the preconditioner: symmetric and positive definite.
    ///
    /// # Errors
    /// The first number or matrix that is wrong, by its name in the parameter table.
    pub fn check(&self) -> Result<()> {
        match self {
            Optimizer::Momentum(optimizer) => optimizer.check(),
            Optimizer::Qhm(optimizer) => optimizer.check(),
            Optimizer::Preconditioned(optimizer) => optimizer.check(),
            Optimizer::Newton(optimizer) => optimizer.check(),
            Optimizer::NaturalGradient(optimizer) => optimizer.check(),
            Optimizer::Adam(optimizer) => optimizer.check(),
        }
    }

    /// The `kind` of a document.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Optimizer::Momentum(_) => "momentum",
            Optimizer::Qhm(_) => "qhm",
            Optimizer::Preconditioned(_) => "preconditioned",
            Optimizer::Newton(_) => "newton",
            Optimizer::NaturalGradient(_) => "natural_gradient",
            Optimizer::Adam(_) => "adam",
        }
    }

    /// Learning rate `λ`; of a preconditioned optimizer the factor on its matrix.
    #[must_use]
    pub fn learning_rate(&self) -> f64 {
        match self {
            Optimizer::Momentum(optimizer) => optimizer.learning_rate,
            Optimizer::Qhm(optimizer) => optimizer.learning_rate,
            Optimizer::Preconditioned(optimizer) => optimizer.learning_rate,
            Optimizer::Newton(optimizer) => optimizer.learning_rate,
            Optimizer::NaturalGradient(optimizer) => optimizer.learning_rate,
            Optimizer::Adam(optimizer) => optimizer.learning_rate,
        }
    }

    /// The step itself where the optimizer has no preconditioner; `None` for the others.
    #[must_use]
    pub fn step(&self) -> Option<Step> {
        match self {
            Optimizer::Momentum(optimizer) => Some(Step::Momentum(*optimizer)),
            Optimizer::Qhm(optimizer) => Some(Step::Qhm(*optimizer)),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Optimizer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        choice::read(deserializer, |fields| match fields.kind() {
            "momentum" => fields.document().map(Optimizer::Momentum),
            "qhm" => fields.document().map(Optimizer::Qhm),
            "preconditioned" => fields.document().map(Optimizer::Preconditioned),
            "newton" => fields.document().map(Optimizer::Newton),
            "natural_gradient" => fields.rare().map(Optimizer::NaturalGradient),
            "adam" => fields.rare().map(Optimizer::Adam),
            _ => fields.unknown(&["momentum", "qhm", "preconditioned", "newton", "natural_gradient", "adam"]),
        })
    }
}

impl Default for Optimizer {
    fn default() -> Self {
        Optimizer::Momentum(Momentum::default())
    }
}

/// A number in which an update is made: single or double, one or a vector of them.
pub(crate) trait Number: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {}

impl<T: Copy + Add<Output = T> + Sub<Output = T> + Mul<Output = T>> Number for T {}

/// Refuses a learning rate that is not a positive finite number.
fn check_learning_rate(value: f64) -> Result<()> {
    in_range("learning_rate", value, value > 0.0 && value.is_finite(), "(0, ∞)")
}

/// Refuses a share, such as the momentum, outside `[0, 1)`.
fn check_share(parameter: &str, value: f64) -> Result<()> {
    in_range(parameter, value, (0.0..1.0).contains(&value), "[0, 1)")
}

fn in_range(parameter: &str, value: f64, fine: bool, allowed: &str) -> Result<()> {
    if fine { Ok(()) } else { Err(Error::OutOfRange { parameter: parameter.into(), value, allowed: allowed.into() }) }
}
