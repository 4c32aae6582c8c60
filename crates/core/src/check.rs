//! Checks of single numbers, shared by the functions that take plain arguments instead of a document.

use crate::error::{Error, Result};

/// The error of a number outside its range.
pub(crate) fn out_of_range(parameter: &str, value: f64, allowed: impl Into<String>) -> Error {
    Error::OutOfRange { parameter: parameter.into(), value, allowed: allowed.into() }
}

/// A finite number above zero.
pub(crate) fn positive(parameter: &str, value: f64) -> Result<f64> {
    if value > 0.0 && value.is_finite() { Ok(value) } else { Err(out_of_range(parameter, value, "(0, ∞)")) }
}

/// A finite number, at least zero.
pub(crate) fn not_negative(parameter: &str, value: f64) -> Result<f64> {
    if value >= 0.0 && value.is_finite() { Ok(value) } else { Err(out_of_range(parameter, value, "[0, ∞)")) }
}

/// A finite number.
pub(crate) fn finite(parameter: &str, value: f64) -> Result<f64> {
    if value.is_finite() { Ok(value) } else { Err(out_of_range(parameter, value, "(-∞, ∞)")) }
}

/// A momentum `μ` in `[0, 1)`.
pub(crate) fn momentum(value: f64) -> Result<f64> {
    if (0.0..1.0).contains(&value) { Ok(value) } else { Err(out_of_range("momentum", value, "[0, 1)")) }
}
