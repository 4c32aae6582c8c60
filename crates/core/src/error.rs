//! The one error type: bad input, named with its value and what is allowed.
//!
//! A scenario that has no stationary state is *not* an error; it is a result, see [`crate::theory::Stability`].

use serde::ser::{Serialize, SerializeStruct, Serializer};

/// What is wrong with an input. The text names the parameter, the value and the allowed range.
///
/// Serialises to `{ kind, parameter, value, allowed, message }`, all strings, the same fields for every kind, so that
/// a page can show the message beside the control called `parameter`.
///
/// ```
/// use noisy_descent::Scenario;
/// let scenario = Scenario::default().with_number("momentum", 1.2)?;
/// assert_eq!(scenario.validate().unwrap_err().to_string(), "momentum must lie in [0, 1), got 1.2");
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A number outside its range (NaN and infinities included).
    #[error("{parameter} must lie in {allowed}, got {}", shown(*value))]
    OutOfRange {
        /// Name in the parameter table.
        parameter: String,
        /// The value given.
        value: f64,
        /// The allowed range, for example `[0, 1)`.
        allowed: String,
    },
    /// A number with a fractional part where a whole one is needed.
    #[error("{parameter} must be a whole number in {allowed}, got {}", shown(*value))]
    NotInteger {
        /// Name in the parameter table.
        parameter: String,
        /// The value given.
        value: f64,
        /// The allowed range.
        allowed: String,
    },
    /// A matrix whose rows differ in length, or are not as many as its columns, or that has no row at all.
    #[error("{parameter} must be a square matrix with 1 to {largest} rows, got {rows} rows and {columns} columns")]
    NotSquare {
        /// Name in the parameter table.
        parameter: String,
        /// Number of rows given.
        rows: usize,
        /// Number of columns given (of the longest row).
        columns: usize,
        /// Largest size that is allowed.
        largest: usize,
    },
    /// A matrix entry that is NaN or infinite.
    #[error("{parameter} must have finite entries, got {value} in row {row}, column {column}")]
    NotFinite {
        /// Name in the parameter table.
        parameter: String,
        /// Row of the entry, from 1.
        row: usize,
        /// Column of the entry, from 1.
        column: usize,
        /// The entry.
        value: f64,
    },
    /// A matrix that differs from its transpose.
    #[error(
        "{parameter} must be symmetric, got {value} in row {row}, column {column} but {mirrored} in row {column}, column {row}"
    )]
    NotSymmetric {
        /// Name in the parameter table.
        parameter: String,
        /// Row of the first entry that differs, from 1.
        row: usize,
        /// Column of that entry, from 1.
        column: usize,
        /// The entry.
        value: f64,
        /// The entry mirrored in the diagonal.
        mirrored: f64,
    },
    /// A symmetric matrix with an eigenvalue below what is allowed.
    #[error("{parameter} must be positive {what} (every eigenvalue {allowed}), got the eigenvalue {eigenvalue}", what = if *.strict {"definite"} else {"semidefinite"}, allowed = if *.strict {"above 0"} else {"at least 0"})]
    NotPositive {
        /// Name in the parameter table.
        parameter: String,
        /// The smallest eigenvalue.
        eigenvalue: f64,
        /// Whether zero is excluded too (positive definite) or not (semidefinite).
        strict: bool,
    },
    /// Two sizes that must agree and do not.
    #[error("{parameter} must have the size of {of}, {expected}, got {size}")]
    SizeMismatch {
        /// Name in the parameter table.
        parameter: String,
        /// Its size.
        size: usize,
        /// The parameter that sets the size.
        of: String,
        /// The size of that one.
        expected: usize,
    },
    /// A run that would need more memory than is allowed; said before anything is allocated.
    #[error(
        "{parameter} must lie in {allowed} with {dimension} coordinates (at most {limit} coordinates in all), got {value}"
    )]
    TooLarge {
        /// Name in the parameter table.
        parameter: String,
        /// The value given.
        value: f64,
        /// The allowed range for this dimension.
        allowed: String,
        /// Dimension of the scenario.
        dimension: usize,
        /// Limit on the product.
        limit: usize,
    },
    /// A name that is no parameter, or no numeric one where a number is needed.
    #[error("there is no numeric parameter {value:?} in this scenario; known here: {allowed}")]
    UnknownParameter {
        /// The parameter that holds the name.
        parameter: String,
        /// The name given.
        value: String,
        /// The names that would do.
        allowed: String,
    },
    /// A name that is not in a list.
    #[error("there is no {parameter} {value:?}; known: {allowed}")]
    UnknownName {
        /// What the name should be of.
        parameter: String,
        /// The name given.
        value: String,
        /// The names that would do.
        allowed: String,
    },
    /// A document that cannot be read: not JSON, a field missing, of the wrong type, or unknown.
    #[error("{parameter} cannot be read: {message}")]
    Malformed {
        /// Which document.
        parameter: String,
        /// The parser's words, with the position where it has one.
        message: String,
    },
    /// A text `table` that cannot be read, with the place of the first thing that is wrong.
    #[error("table cannot be read: {}{message}", place(*.line, *.column, .name))]
    BadTable {
        /// Line of the text, from 1; none where a column as a whole is wrong.
        line: Option<u64>,
        /// Number of the column, from 1; none where a line as a whole is wrong.
        column: Option<usize>,
        /// The column's name in the header; empty without one.
        name: String,
        /// What stands there.
        value: String,
        /// What is wrong with it.
        message: String,
    },
    /// A formula that cannot be read, with the place of the first sign that is wrong.
    #[error("formula cannot be read: {message} at {position}")]
    BadFormula {
        /// Place in the text, in characters from 1.
        position: usize,
        /// What stands there; empty at the end.
        value: String,
        /// What is wrong with it.
        message: String,
    },
    /// A column that a table does not have.
    #[error("{parameter} names {value:?}, which is no column; there are {allowed}")]
    UnknownColumn {
        /// The parameter that holds the name.
        parameter: String,
        /// The name or number given.
        value: String,
        /// The names that would do.
        allowed: String,
    },
    /// Two choices that are each fine and make no sense together.
    #[error("{parameter} {value} goes only with {allowed}, got {with}")]
    NotCombined {
        /// Name of the choice in the parameter table.
        parameter: String,
        /// What was chosen.
        value: String,
        /// The other choice, as given.
        with: String,
        /// The other choices with which it does make sense.
        allowed: String,
    },
    /// A choice for which there is theory but no experiment.
    #[error("{parameter} {value} has a theory but no experiment")]
    NotSimulated {
        /// Name of the choice in the parameter table.
        parameter: String,
        /// What was chosen.
        value: String,
    },
    /// A choice of which there are approximations and an experiment, but no exact theory.
    #[error("there is no exact theory of {parameter} {value}: {reason}")]
    NoTheory {
        /// Name of the choice in the parameter table.
        parameter: String,
        /// What was chosen.
        value: String,
        /// Why.
        reason: String,
    },
    /// An iteration that did not converge within its cap.
    #[error("{parameter} did not converge within {iterations} iterations")]
    NotConverged {
        /// What was sought.
        parameter: String,
        /// The cap.
        iterations: usize,
    },
}

impl Error {
    /// The name of the parameter that is wrong, as in the parameter table.
    ///
    /// ```
    /// use noisy_descent::{Scenario, matrix::require_positive, nalgebra::dmatrix};
    /// let scenario = Scenario::default().with_number("momentum", 1.2)?;
    /// let error = scenario.validate().unwrap_err();
    /// assert_eq!((error.parameter(), error.kind()), ("momentum", "out_of_range"));
    /// assert_eq!((error.value(), error.allowed()), ("1.2".into(), "[0, 1)".into()));
    ///
    /// let error = require_positive("hessian", &dmatrix![0.0, 1.0; 1.0, 0.0], true).unwrap_err();
    /// assert_eq!((error.parameter(), error.kind()), ("hessian", "not_positive"));
    /// assert_eq!((error.value(), error.allowed()), ("-1".into(), "every eigenvalue above 0".into()));
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn parameter(&self) -> &str {
        match self {
            Error::OutOfRange { parameter, .. }
            | Error::NotInteger { parameter, .. }
            | Error::NotSquare { parameter, .. }
            | Error::NotFinite { parameter, .. }
            | Error::NotSymmetric { parameter, .. }
            | Error::NotPositive { parameter, .. }
            | Error::SizeMismatch { parameter, .. }
            | Error::TooLarge { parameter, .. }
            | Error::UnknownParameter { parameter, .. }
            | Error::UnknownName { parameter, .. }
            | Error::Malformed { parameter, .. }
            | Error::UnknownColumn { parameter, .. }
            | Error::NotCombined { parameter, .. }
            | Error::NotSimulated { parameter, .. }
            | Error::NoTheory { parameter, .. }
            | Error::NotConverged { parameter, .. } => parameter,
            Error::BadTable { .. } => "table",
            Error::BadFormula { .. } => "formula",
        }
    }

    /// The kind of the error in `snake_case`, for programs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Error::OutOfRange { .. } => "out_of_range",
            Error::NotInteger { .. } => "not_integer",
            Error::NotSquare { .. } => "not_square",
            Error::NotFinite { .. } => "not_finite",
            Error::NotSymmetric { .. } => "not_symmetric",
            Error::NotPositive { .. } => "not_positive",
            Error::SizeMismatch { .. } => "size_mismatch",
            Error::TooLarge { .. } => "too_large",
            Error::UnknownParameter { .. } => "unknown_parameter",
            Error::UnknownName { .. } => "unknown_name",
            Error::Malformed { .. } => "malformed",
            Error::BadTable { .. } => "bad_table",
            Error::BadFormula { .. } => "bad_formula",
            Error::UnknownColumn { .. } => "unknown_column",
            Error::NotCombined { .. } => "not_combined",
            Error::NotSimulated { .. } => "not_simulated",
            Error::NoTheory { .. } => "no_theory",
            Error::NotConverged { .. } => "not_converged",
        }
    }

    /// The offending value as text.
    #[must_use]
    pub fn value(&self) -> String {
        match self {
            Error::OutOfRange { value, .. }
            | Error::NotInteger { value, .. }
            | Error::NotFinite { value, .. }
            | Error::NotSymmetric { value, .. }
            | Error::TooLarge { value, .. } => shown(*value),
            Error::NotSquare { rows, columns, .. } => format!("{rows} x {columns}"),
            Error::NotPositive { eigenvalue, .. } => eigenvalue.to_string(),
            Error::SizeMismatch { size, .. } => size.to_string(),
            Error::UnknownParameter { value, .. }
            | Error::UnknownName { value, .. }
            | Error::BadTable { value, .. }
            | Error::BadFormula { value, .. }
            | Error::UnknownColumn { value, .. }
            | Error::NotCombined { value, .. }
            | Error::NotSimulated { value, .. }
            | Error::NoTheory { value, .. } => value.clone(),
            Error::Malformed { .. } | Error::NotConverged { .. } => String::new(),
        }
    }

    /// What is allowed, as text.
    #[must_use]
    pub fn allowed(&self) -> String {
        match self {
            Error::OutOfRange { allowed, .. }
            | Error::NotInteger { allowed, .. }
            | Error::TooLarge { allowed, .. }
            | Error::NotCombined { allowed, .. }
            | Error::UnknownColumn { allowed, .. }
            | Error::UnknownName { allowed, .. }
            | Error::UnknownParameter { allowed, .. } => allowed.clone(),
            Error::NotSquare { largest, .. } => format!("square, 1 to {largest} rows"),
            Error::NotFinite { .. } => "finite entries".into(),
            Error::NotSymmetric { .. } => "symmetric".into(),
            Error::NotPositive { strict, .. } => {
                if *strict {
                    "every eigenvalue above 0".into()
                } else {
                    "every eigenvalue at least 0".into()
                }
            }
            Error::SizeMismatch { expected, .. } => expected.to_string(),
            Error::Malformed { .. }
            | Error::BadTable { .. }
            | Error::BadFormula { .. }
            | Error::NotSimulated { .. }
            | Error::NoTheory { .. }
            | Error::NotConverged { .. } => String::new(),
        }
    }
}

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Error", 5)?;
        fields.serialize_field("kind", self.kind())?;
        fields.serialize_field("parameter", self.parameter())?;
        fields.serialize_field("value", &self.value())?;
        fields.serialize_field("allowed", &self.allowed())?;
        fields.serialize_field("message", &self.to_string())?;
        fields.end()
    }
}

/// A number as a person reads it: no 309 digits of 1e308.
fn shown(value: f64) -> String {
    if value != 0.0 && value.is_finite() && !(1e-5..1e16).contains(&value.abs()) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

/// A place in a table as a person looks for it: "line 7, column 3 (sex): ".
fn place(line: Option<u64>, column: Option<usize>, name: &str) -> String {
    let line = line.map(|line| format!("line {line}"));
    let column = column.map(|column| match name {
        "" => format!("column {column}"),
        name => format!("column {column} ({name})"),
    });
    let words: Vec<String> = line.into_iter().chain(column).collect();
    if words.is_empty() { String::new() } else { format!("{}: ", words.join(", ")) }
}

/// `Result` with this crate's [`Error`].
///
/// ```
/// use noisy_descent::{Error, Result, Scenario};
/// fn variance(learning_rate: f64) -> Result<f64> {
///     let scenario = Scenario::default().with_number("learning_rate", learning_rate)?;
///     scenario.validate()?;
///     Ok(learning_rate / (2.0 - learning_rate))
/// }
/// assert_eq!(variance(1.0)?, 1.0);
/// assert!(matches!(variance(-1.0), Err(Error::OutOfRange { value: -1.0, .. })));
/// # Ok::<(), Error>(())
/// ```
pub type Result<T> = std::result::Result<T, Error>;
