//! The document that names a data set.

use super::limits::{check_dimension, check_samples, check_table};
use super::{diabetes, synthetic};
use crate::check::{not_negative, out_of_range, positive};
use crate::choice;
use crate::error::Result;
use crate::loss::LinearRegression;
use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Deserializer, Serialize};

/// Largest seed, 2⁵³ − 1: exact in JSON and JavaScript.
const LARGEST_SEED: u64 = (1 << 53) - 1;

/// A data set of `N` samples: inputs `x_n` of `D` numbers each and targets `y_n`.
///
/// Every number of a loaded set is the same on every platform, bit for bit: the synthetic one comes from the project's own
/// [`Stream`](crate::simulate::Stream), and standardised columns from additions, multiplications, divisions and square
/// roots in a fixed order.
///
/// ```
/// use noisy_descent::data::Data;
/// let data: Data = serde_json::from_str(r#"{ "kind": "diabetes", "columns": ["bmi", "s5"] }"#).unwrap();
/// let loss = data.load()?;
/// assert_eq!((loss.data_size(), loss.dimension()), (442, 2));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Data {
    /// Drawn: `x ~ N(0, diag(input_variances))`, and a target that no input explains, `y ~ N(0, residual_variance)`
    /// (Liu et al. 2021, Sec. 5). The first samples of a longer set are those of a shorter one.
    Synthetic {
        /// Number of samples `N`: at least as many as there are variances, at most [`LARGEST_DATA`](super::LARGEST_DATA) divided by their number.
        #[serde(default = "default_samples")]
        samples: u32,
        /// Variance of each input column, above 0; as many as there are columns, 1 to [`LARGEST_DIMENSION`](crate::matrix::LARGEST_DIMENSION).
        #[serde(default = "default_input_variances")]
        input_variances: Vec<f64>,
        /// Variance `σ²` of the targets, at least 0, unit of a target squared.
        #[serde(default = "default_residual_variance")]
        residual_variance: f64,
        /// Seed of the set, 0 to 2⁵³ − 1; has nothing to do with the seed of a run.
        #[serde(default = "default_seed")]
        #[cfg_attr(feature = "typescript", tsify(type = "number"))]
        seed: u64,
    },
    /// 442 patients and how far their diabetes went on (Efron et al. 2004), every column and the target with mean 0 and
    /// variance 1.
    Diabetes {
        /// Names of the inputs, different ones of [`DIABETES_COLUMNS`](super::DIABETES_COLUMNS).
        #[serde(default = "default_columns")]
        columns: Vec<String>,
    },
    /// A user's own.
    Table {
        /// Inputs `x_n`, a sample a row, `N x D`.
        inputs: Vec<Vec<f64>>,
        /// Targets `y_n`, `N`.
        targets: Vec<f64>,
    },
}

fn default_samples() -> u32 {
    1000
}

fn default_input_variances() -> Vec<f64> {
    vec![1.0]
}

fn default_residual_variance() -> f64 {
    1.0
}

fn default_seed() -> u64 {
    1
}

fn default_columns() -> Vec<String> {
    vec!["bmi".into(), "s5".into()]
}

impl Default for Data {
    /// The paper's Sec. 5 in one dimension: 1000 samples, input and residual of variance 1.
    fn default() -> Self {
        Data::Synthetic {
            samples: default_samples(),
            input_variances: default_input_variances(),
            residual_variance: default_residual_variance(),
            seed: default_seed(),
        }
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        choice::read(deserializer, |fields| match fields.kind() {
            "synthetic" => Ok(Data::Synthetic {
                samples: fields.take_or("samples", default_samples)?,
                input_variances: fields.take_or("input_variances", default_input_variances)?,
                residual_variance: fields.take_or("residual_variance", default_residual_variance)?,
                seed: fields.take_or("seed", default_seed)?,
            }),
            "diabetes" => Ok(Data::Diabetes { columns: fields.take_or("columns", default_columns)? }),
            "table" => Ok(Data::Table { inputs: fields.take("inputs")?, targets: fields.take("targets")? }),
            _ => fields.unknown(&["synthetic", "diabetes", "table"]),
        })
    }
}

impl Data {
    /// The diabetes table with its two most telling columns, `bmi` and `s5`.
    ///
    /// ```
    /// use noisy_descent::data::Data;
    /// assert_eq!(Data::diabetes().dimension(), 2);
    /// ```
    #[must_use]
    pub fn diabetes() -> Data {
        Data::Diabetes { columns: default_columns() }
    }

    /// The `kind` of a document.
    ///
    /// ```
    /// use noisy_descent::data::Data;
    /// assert_eq!((Data::default().kind(), Data::diabetes().kind()), ("synthetic", "diabetes"));
    /// assert_eq!(Data::Table { inputs: vec![vec![1.0]], targets: vec![2.0] }.kind(), "table");
    /// ```
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Data::Synthetic { .. } => "synthetic",
            Data::Diabetes { .. } => "diabetes",
            Data::Table { .. } => "table",
        }
    }

    /// Number of samples `N`, at no cost.
    ///
    /// ```
    /// use noisy_descent::data::Data;
    /// assert_eq!((Data::default().samples(), Data::diabetes().samples()), (1000, 442));
    /// ```
    #[must_use]
    pub fn samples(&self) -> usize {
        match self {
            Data::Synthetic { samples, .. } => *samples as usize,
            Data::Diabetes { .. } => diabetes::SAMPLES,
            Data::Table { inputs, .. } => inputs.len(),
        }
    }

    /// Number of inputs `D` of a sample, hence of weights, at no cost.
    ///
    /// ```
    /// use noisy_descent::data::Data;
    /// assert_eq!(Data::default().dimension(), 1);
    /// ```
    #[must_use]
    pub fn dimension(&self) -> usize {
        match self {
            Data::Synthetic { input_variances, .. } => input_variances.len(),
            Data::Diabetes { columns } => columns.len(),
            Data::Table { inputs, .. } => inputs.first().map_or(0, Vec::len),
        }
    }

    /// Checks sizes, ranges and names without drawing or reading a number: cheap, except that it looks at every entry of a
    /// table. Whether the inputs determine a minimum is seen when the set is loaded.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) for `dimension`, `samples`, `input_variances`, `residual_variance` or `data_seed`,
    /// [`Error::UnknownColumn`](crate::Error::UnknownColumn), and for a table [`Error::Malformed`](crate::Error::Malformed) when a row has another length than the first,
    /// [`Error::SizeMismatch`](crate::Error::SizeMismatch) and [`Error::NotFinite`](crate::Error::NotFinite).
    ///
    /// ```
    /// use noisy_descent::data::Data;
    /// let data = Data::Diabetes { columns: vec!["height".into()] };
    /// assert_eq!(
    ///     data.check().unwrap_err().to_string(),
    ///     "columns names \"height\", which is no column; there are age, sex, bmi, bp, s1, s2, s3, s4, s5, s6"
    /// );
    /// ```
    pub fn check(&self) -> Result<()> {
        check_dimension(self.dimension())?;
        check_samples(self.samples(), self.dimension())?;
        match self {
            Data::Synthetic { input_variances, residual_variance, seed, .. } => {
                for &variance in input_variances {
                    positive("input_variances", variance)?;
                }
                not_negative("residual_variance", *residual_variance)?;
                if *seed > LARGEST_SEED {
                    return Err(out_of_range("data_seed", *seed as f64, format!("[0, {LARGEST_SEED}]")));
                }
                Ok(())
            }
            Data::Diabetes { columns } => diabetes::check(columns),
            Data::Table { inputs, targets } => check_table(inputs, targets),
        }
    }

    /// The data set, ready for the theory.
    ///
    /// # Errors
    /// Those of [`Data::check`], and those of [`LinearRegression::new`]: a `hessian` that is not positive definite when one
    /// input is a linear combination of others.
    ///
    /// ```
    /// use noisy_descent::data::Data;
    /// let loss = Data::default().load()?;
    /// // 1000 samples of variance 1: five standard errors of √(2/1000)
    /// assert!((loss.hessian()[(0, 0)] - 1.0).abs() < 0.22);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn load(&self) -> Result<LinearRegression> {
        self.check()?;
        let (inputs, targets) = match self {
            Data::Synthetic { input_variances, residual_variance, seed, .. } => {
                synthetic::draw(self.samples(), input_variances, *residual_variance, *seed)
            }
            Data::Diabetes { columns } => diabetes::read(columns),
            Data::Table { inputs, targets } => (
                DMatrix::from_row_iterator(self.samples(), self.dimension(), inputs.iter().flatten().copied()),
                DVector::from_column_slice(targets),
            ),
        };
        LinearRegression::new(inputs, targets)
    }

    /// A fingerprint of every bit of the inputs, sample by sample, and the targets (FNV-1a, 64 bits): equal on every
    /// platform.
    ///
    /// # Errors
    /// Those of [`Data::load`].
    ///
    /// ```
    /// use noisy_descent::data::Data;
    /// assert_eq!(Data::default().checksum()?, Data::default().checksum()?);
    /// assert_ne!(Data::default().checksum()?, Data::diabetes().checksum()?);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn checksum(&self) -> Result<u64> {
        let loss = self.load()?;
        let inputs = loss.inputs().transpose();
        let bytes = inputs.iter().chain(loss.targets()).flat_map(|value| value.to_bits().to_le_bytes());
        Ok(bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)))
    }
}
