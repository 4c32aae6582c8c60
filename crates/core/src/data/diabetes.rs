//! The diabetes table of Efron, Hastie, Johnstone and Tibshirani, "Least Angle Regression", Annals of Statistics 32 (2004).

use super::standardise::standardise_column;
use crate::error::{Error, Result};
use nalgebra::{DMatrix, DVector};

/// The table, unscaled, with a header.
const TEXT: &str = include_str!("../../data/diabetes.csv");

/// Its number of patients.
pub(super) const SAMPLES: usize = 442;

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

/// The standardised columns, and the target: a score of how far the disease went on in a year. The text is our own, without quotes
/// or gaps; what reads a user's table would be nine tenths of the code.
pub(super) fn read(columns: &[String]) -> (DMatrix<f64>, DVector<f64>) {
    let column = |place: usize| {
        let fields = TEXT.lines().skip(1).filter_map(|line| line.split(',').nth(place));
        let mut values: Vec<f64> = fields.filter_map(|field| field.parse().ok()).collect();
        standardise_column(&mut values);
        DVector::from_vec(values)
    };
    let place = |name: &String| DIABETES_COLUMNS.iter().position(|known| known == name);
    let inputs: Vec<DVector<f64>> = columns.iter().filter_map(place).map(column).collect();
    (DMatrix::from_columns(&inputs), column(DIABETES_COLUMNS.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{CsvOptions, read_csv};

    #[test]
    fn the_table_is_what_it_is_said_to_be() {
        let header = TEXT.lines().next().expect("a header");
        assert_eq!(header, [DIABETES_COLUMNS.as_slice(), &["target"]].concat().join(","));
        let table = read_csv(TEXT, &CsvOptions::default()).expect("the table");
        assert_eq!(table.inputs.shape(), (SAMPLES, 10));
        assert_eq!(table.names, DIABETES_COLUMNS);
        // To the bit what the reader of users' tables makes of it, in any order of columns.
        assert_eq!(read(&DIABETES_COLUMNS.map(String::from)), (table.inputs.clone(), table.targets));
        let (some, _) = read(&["s5".into(), "age".into()]);
        assert_eq!(some, table.inputs.select_columns(&[8, 0]));
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
