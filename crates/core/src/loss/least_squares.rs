//! Least squares as part of a document: the data set by its name, loaded once.

use super::LinearRegression;
use crate::complete::Complete;
use crate::data::Data;
use crate::error::Result;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// `L(w) = (1/2N) Σ (w·x_n − y_n)²` over a data set, with `w` measured from the least-squares solution `w*` and the loss from
/// its value there.
///
/// The data set is loaded when it is first needed; copies share it.
///
/// ```
/// use noisy_descent::loss::LeastSquares;
/// let document = r#"{ "data": { "kind": "table", "inputs": [[1], [1]], "targets": [0, 2] } }"#;
/// let loss: LeastSquares = serde_json::from_str(document).unwrap();
/// assert_eq!(loss.regression()?.minimum()[0], 1.0); // w* = 1 is the weight 0 of the descent
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct LeastSquares {
    /// The data set.
    #[serde(default, with = "shared")]
    #[cfg_attr(feature = "typescript", tsify(type = "Data", optional))]
    data: Arc<Data>,
    #[serde(skip)]
    loaded: OnceLock<Arc<LinearRegression>>,
}

impl LeastSquares {
    /// On a data set, which is not looked at yet.
    ///
    /// ```
    /// use noisy_descent::{data::Data, loss::LeastSquares};
    /// let loss = LeastSquares::new(Data::diabetes());
    /// assert_eq!((loss.data().samples(), loss.data().dimension()), (442, 2)); // nothing is loaded for that
    /// // Standardised columns: the Hessian is the correlation matrix.
    /// let hessian = loss.regression()?.hessian();
    /// assert!((hessian[(0, 0)] - 1.0).abs() < 1e-14 && hessian[(0, 1)].abs() < 1.0);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn new(data: Data) -> LeastSquares {
        LeastSquares { data: Arc::new(data), loaded: OnceLock::new() }
    }

    /// The data set as it is named in the document.
    #[must_use]
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// The data set with its minimum, Hessian and residuals.
    ///
    /// # Errors
    /// Those of [`Data::load`].
    pub fn regression(&self) -> Result<&LinearRegression> {
        if let Some(loaded) = self.loaded.get() {
            return Ok(loaded);
        }
        Complete::needed("data")?;
        let regression = Arc::new(self.data.load()?);
        Ok(self.loaded.get_or_init(|| regression))
    }

    /// The data set where it is a drawn one, to be drawn anew.
    pub(crate) fn drawn_mut(&mut self) -> Option<&mut Data> {
        if !matches!(*self.data, Data::Synthetic { .. }) {
            return None;
        }
        self.loaded = OnceLock::new();
        Some(Arc::make_mut(&mut self.data))
    }
}

impl PartialEq for LeastSquares {
    fn eq(&self, other: &LeastSquares) -> bool {
        Arc::ptr_eq(&self.data, &other.data) || self.data == other.data
    }
}

impl fmt::Debug for LeastSquares {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeastSquares").field("data", &self.data).finish_non_exhaustive()
    }
}

/// Serde of the shared data set as if it were not shared.
mod shared {
    use super::{Arc, Data};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(data: &Arc<Data>, serializer: S) -> Result<S::Ok, S::Error> {
        data.as_ref().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Data>, D::Error> {
        Data::deserialize(deserializer).map(Arc::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_share_the_data_set_and_are_equal() {
        let loss = LeastSquares::default();
        let copy = loss.clone();
        let first: *const LinearRegression = loss.regression().unwrap();
        assert!(std::ptr::eq(first, loss.regression().unwrap()), "loaded once");
        assert!(std::ptr::eq(first, loss.clone().regression().unwrap()), "a copy has it");
        assert_eq!(copy, loss);
        assert_ne!(LeastSquares::new(Data::Diabetes { columns: vec!["bmi".into()] }), loss);
        assert!(format!("{loss:?}").len() < 200, "no thousand samples");
    }
}
