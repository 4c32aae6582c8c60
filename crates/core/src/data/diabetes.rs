//! The diabetes table of Efron, Hastie, Johnstone and Tibshirani, "Least Angle Regression", Annals of Statistics 32 (2004).

use super::{CsvOptions, Table, read_csv};
use crate::error::{Error, Result};

/// The table, unscaled, with a header.
const TEXT: &str = include_str!("../../data/diabetes.csv");

/// Its number of patients.
pub(super) const SAMPLES: usize = 442;

/// Its target: a score of how far the disease went on in a year.
const TARGET: &str = "target";

/// The baseline variables of the diabetes table: age, sex, body mass index, blood pressure and six blood serum measurements.
///
/// ```
/// use noisy_descent::data::{DIABETES_COLUMNS, Data};
/// let all = Data::Diabetes { columns: DIABETES_COLUMNS.map(String::from).to_vec() };
/// assert_eq!(all.load()?.dimension(), 10);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub const DIABETES_COLUMNS: [&str; 10] = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"];

/// Checks that the names are different columns.
pub(super) fn check(columns: &[String]) -> Result<()> {
    for (i, name) in columns.iter().enumerate() {
        if !DIABETES_COLUMNS.contains(&name.as_str()) {
            return Err(Error::UnknownColumn {
                parameter: "columns".into(),
                value: name.clone(),
                allowed: DIABETES_COLUMNS.join(", "),
            });
        }
        if columns[..i].contains(name) {
            return Err(Error::Malformed { parameter: "columns".into(), message: format!("{name} is named twice") });
        }
    }
    Ok(())
}

/// The standardised columns and target.
pub(super) fn read(columns: &[String]) -> Result<Table> {
    let columns = columns.iter().map(|name| name.as_str().into()).collect();
    read_csv(TEXT, &CsvOptions { target: Some(TARGET.into()), columns: Some(columns), ..CsvOptions::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_what_it_is_said_to_be() {
        let header = TEXT.lines().next().expect("a header");
        assert_eq!(header, [DIABETES_COLUMNS.as_slice(), &[TARGET]].concat().join(","));
        let table = read(&DIABETES_COLUMNS.map(String::from)).expect("the table");
        assert_eq!(table.inputs.shape(), (SAMPLES, 10));
        assert_eq!(table.names, DIABETES_COLUMNS);
        let standardised = table.standardised.expect("means and deviations");
        // The mean score of the 442 patients as the literature gives it, 152.133 (scikit-learn's guide among others).
        assert!((standardised.target_mean - 152.133).abs() < 5e-4);
    }

    #[test]
    fn columns_are_different_and_known() {
        let problem = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            check(&names).expect_err("a problem").to_string()
        };
        assert!(problem(&["bmi", "target"]).contains("names \"target\", which is no column; there are age, sex, bmi"));
        assert_eq!(problem(&["bmi", "s5", "bmi"]), "columns cannot be read: bmi is named twice");
    }
}
