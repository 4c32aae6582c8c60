//! A table of numbers with its names.

use super::columns::Columns;
use super::document::Data;
use crate::error::Result;
use crate::matrix::{self, to_rows};
use nalgebra::{DMatrix, DVector};
use serde::{Serialize, Serializer};

/// A column whose part across the columns before it is shorter than this, relative to itself, makes the Hessian singular in
/// double precision: its smallest eigenvalue is then at most the square, 1e-15, of the largest, which
/// [`LinearRegression`](crate::loss::LinearRegression) refuses too, without a name.
const INDEPENDENT: f64 = 3e-8;

/// Inputs and targets that were read from a text, with the names of their columns.
///
/// As a document: `{ names, target, inputs: rows, targets, standardised }`.
///
/// ```
/// use noisy_descent::data::{CsvOptions, read_csv};
/// let table = read_csv("x;y\n1,5;2\n2,5;4\n", &CsvOptions { standardise: false, ..CsvOptions::default() })?;
/// let written = serde_json::to_string(&table).unwrap();
/// assert_eq!(
///     written,
///     r#"{"names":["x"],"target":"y","inputs":[[1.5],[2.5]],"targets":[2.0,4.0],"standardised":null}"#
/// );
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Table {
    /// Names of the input columns, `D`; "column 3" where the text has none.
    pub names: Vec<String>,
    /// Name of the target.
    pub target: String,
    /// Inputs, `N x D`, a sample a row.
    #[serde(serialize_with = "matrix::rows::serialize")]
    #[cfg_attr(feature = "typescript", tsify(type = "number[][]"))]
    pub inputs: DMatrix<f64>,
    /// Targets, `N`.
    #[serde(serialize_with = "entries")]
    #[cfg_attr(feature = "typescript", tsify(type = "number[]"))]
    pub targets: DVector<f64>,
    /// How the columns were shifted and scaled; none for the numbers as they were written.
    pub standardised: Option<Standardisation>,
}

/// Mean and standard deviation (with 1/N) of each column before it was standardised: `x = mean + deviation · standardised`.
///
/// ```
/// use noisy_descent::data::{CsvOptions, Standardisation, read_csv};
/// let table = read_csv("x,y\n1,10\n3,10\n5,40\n", &CsvOptions::default())?;
/// let scaling: Standardisation = table.standardised.unwrap();
/// assert_eq!((scaling.means[0], scaling.target_mean), (3.0, 20.0));
/// assert!((scaling.deviations[0] - (8f64 / 3.0).sqrt()).abs() < 1e-15); // (4 + 0 + 4)/3
/// assert!((scaling.target_deviation - 200f64.sqrt()).abs() < 1e-14); // (100 + 100 + 400)/3
/// assert!((scaling.means[0] + scaling.deviations[0] * table.inputs[(2, 0)] - 5.0).abs() < 1e-15);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Standardisation {
    /// Means of the inputs, `D`.
    pub means: Vec<f64>,
    /// Standard deviations of the inputs, `D`, above 0.
    pub deviations: Vec<f64>,
    /// Mean of the targets.
    pub target_mean: f64,
    /// Standard deviation of the targets, above 0.
    pub target_deviation: f64,
}

impl Table {
    /// The numbers as a data set of a scenario.
    ///
    /// ```
    /// use noisy_descent::data::{CsvOptions, Data, read_csv};
    /// let table = read_csv("1,2\n2,4\n", &CsvOptions { standardise: false, ..CsvOptions::default() })?;
    /// assert_eq!(table.data(), Data::Table { inputs: vec![vec![1.0], vec![2.0]], targets: vec![2.0, 4.0] });
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn data(&self) -> Data {
        Data::Table { inputs: to_rows(&self.inputs), targets: self.targets.as_slice().to_vec() }
    }
}

fn entries<S: Serializer>(vector: &DVector<f64>, serializer: S) -> core::result::Result<S::Ok, S::Error> {
    vector.as_slice().serialize(serializer)
}

/// Names the first column that is zero or a linear combination of the columns before it (Gram and Schmidt's process).
pub(super) fn require_independent(inputs: &DMatrix<f64>, columns: &Columns) -> Result<()> {
    let mut across = inputs.clone();
    for j in 0..inputs.ncols() {
        let place = columns.inputs[j];
        // Scaled to entries of at most 1, so that no square over- or underflows.
        let largest = inputs.column(j).amax();
        if largest == 0.0 {
            return Err(columns.bad(None, place, "0", "it is zero in every line, which makes the Hessian singular"));
        }
        let (before, mut rest) = across.columns_range_pair_mut(..j, j..);
        let mut column = rest.column_mut(0);
        column /= largest;
        let length = column.norm();
        for other in before.column_iter() {
            let along = other.dot(&column);
            column.axpy(-along, &other, 1.0);
        }
        let left = column.norm();
        if left <= INDEPENDENT * length {
            let message = "it is a linear combination of the columns before it, which makes the Hessian singular";
            return Err(columns.bad(None, place, "", message));
        }
        column /= left;
    }
    Ok(())
}
