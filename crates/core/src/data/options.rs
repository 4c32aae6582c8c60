//! What a reader of a text table may be told.

use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::str::FromStr;

/// How to read a text table; the default finds out what it can.
///
/// ```
/// use noisy_descent::data::CsvOptions;
/// let options: CsvOptions = serde_json::from_str(r#"{ "target": "price", "columns": ["area", 3] }"#).unwrap();
/// assert_eq!(options.target, Some("price".into()));
/// assert!(options.standardise);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct CsvOptions {
    /// The column of the targets; the last one if it is not said.
    #[cfg_attr(feature = "typescript", tsify(optional))]
    pub target: Option<CsvColumn>,
    /// The columns of the inputs, in this order; every one but the target's if it is not said. Only these and the target
    /// need hold numbers.
    #[cfg_attr(feature = "typescript", tsify(optional))]
    pub columns: Option<Vec<CsvColumn>>,
    /// Whether each input and the target is shifted and scaled to mean 0 and variance 1 (with 1/N).
    pub standardise: bool,
    /// Whether the first line holds names. If it is not said, it does when one of its fields is no number and stands over a
    /// number, or when none of its fields is a number.
    #[cfg_attr(feature = "typescript", tsify(optional))]
    pub header: Option<bool>,
    /// The character between fields; tab, semicolon or comma, found out, if it is not said.
    #[cfg_attr(feature = "typescript", tsify(optional))]
    pub separator: Option<char>,
}

impl Default for CsvOptions {
    fn default() -> Self {
        CsvOptions { target: None, columns: None, standardise: true, header: None, separator: None }
    }
}

/// A column of a text table: its number from 1, or its name in the header. A name that no column has and that is a whole
/// number counts as that number.
///
/// ```
/// use noisy_descent::data::CsvColumn;
/// assert_eq!(CsvColumn::from(3), serde_json::from_str("3").unwrap());
/// assert_eq!(CsvColumn::from("bmi"), serde_json::from_str(r#""bmi""#).unwrap());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a column is a name or a whole number from 1")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum CsvColumn {
    /// Its number, from 1.
    Number(usize),
    /// Its name.
    Name(String),
}

impl From<usize> for CsvColumn {
    fn from(number: usize) -> Self {
        CsvColumn::Number(number)
    }
}

impl From<&str> for CsvColumn {
    fn from(name: &str) -> Self {
        CsvColumn::Name(name.into())
    }
}

impl FromStr for CsvColumn {
    type Err = Infallible;

    fn from_str(name: &str) -> Result<Self, Infallible> {
        Ok(name.into())
    }
}

impl From<String> for CsvColumn {
    fn from(name: String) -> Self {
        CsvColumn::Name(name)
    }
}
