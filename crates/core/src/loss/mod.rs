//! Losses, one a file.

mod linear_regression;
mod quadratic;

pub use linear_regression::LinearRegression;
pub use quadratic::Quadratic;

use serde::{Deserialize, Serialize};

/// The loss that is descended; `kind` in a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Loss {
    /// `L(w) = wᵀKw/2`.
    Quadratic(Quadratic),
}

impl Loss {
    /// The Hessian `K` at the minimum, `D x D`.
    #[must_use]
    pub fn hessian(&self) -> &nalgebra::DMatrix<f64> {
        let Loss::Quadratic(quadratic) = self;
        &quadratic.hessian
    }

    /// Number of coordinates `D` of `w`.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.hessian().nrows()
    }
}

impl Default for Loss {
    fn default() -> Self {
        Loss::Quadratic(Quadratic::default())
    }
}
