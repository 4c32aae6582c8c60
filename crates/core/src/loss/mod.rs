//! Losses, one a file.

mod least_squares;
mod linear_regression;
mod piecewise_quadratic;
mod polynomial;
mod quadratic;

pub use least_squares::LeastSquares;
pub use linear_regression::LinearRegression;
pub use piecewise_quadratic::PiecewiseQuadratic;
pub use polynomial::{LARGEST_DEGREE, Polynomial};
pub use quadratic::Quadratic;

use crate::choice;
use crate::error::Result;
use nalgebra::DMatrix;
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;

/// The loss that is descended; `kind` in a document. Weights are measured from its minimum, where it counts as zero.
///
/// ```
/// use noisy_descent::loss::Loss;
/// let loss: Loss = serde_json::from_str(r#"{ "kind": "piecewise_quadratic", "well_curvature": 2 }"#).unwrap();
/// assert_eq!((loss.kind(), loss.dimension()), ("piecewise_quadratic", 1));
/// assert_eq!(loss.hessian()?[(0, 0)], 2.0);
/// assert_eq!(loss.exits(), Some([f64::NEG_INFINITY, 2.0])); // twice the barrier, which is at 1
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Loss {
    /// `L(w) = wᵀKw/2`.
    Quadratic(Quadratic),
    /// `L(w) = (1/2N) Σ (w·x − y)²` on a data set.
    LeastSquares(LeastSquares),
    /// A well and a barrier, each a parabola, in one dimension.
    PiecewiseQuadratic(PiecewiseQuadratic),
    /// A well in one dimension given by the coefficients of a polynomial.
    Polynomial(Polynomial),
}

impl Loss {
    /// The `kind` of a document.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Loss::Quadratic(_) => "quadratic",
            Loss::LeastSquares(_) => "least_squares",
            Loss::PiecewiseQuadratic(_) => "piecewise_quadratic",
            Loss::Polynomial(_) => "polynomial",
        }
    }

    /// The Hessian `K` at the minimum, `D x D`.
    ///
    /// # Errors
    /// Of a data set what [`LeastSquares::regression`] finds wrong with it.
    pub fn hessian(&self) -> Result<Cow<'_, DMatrix<f64>>> {
        let of_curvature = |curvature: f64| Cow::Owned(DMatrix::from_element(1, 1, curvature));
        Ok(match self {
            Loss::Quadratic(quadratic) => Cow::Borrowed(&quadratic.hessian),
            Loss::LeastSquares(least_squares) => Cow::Borrowed(least_squares.regression()?.hessian()),
            Loss::PiecewiseQuadratic(potential) => of_curvature(potential.curvature(0.0)),
            Loss::Polynomial(potential) => of_curvature(potential.curvature(0.0)),
        })
    }

    /// Number of coordinates `D` of `w`.
    #[must_use]
    pub fn dimension(&self) -> usize {
        match self {
            Loss::Quadratic(quadratic) => quadratic.hessian.nrows(),
            Loss::LeastSquares(least_squares) => least_squares.data().dimension(),
            Loss::PiecewiseQuadratic(_) | Loss::Polynomial(_) => 1,
        }
    }

    /// Where a replica counts as escaped, below the first or above the second number, infinite where there is no exit; `None`
    /// for a loss that has no barrier by its kind.
    #[must_use]
    pub fn exits(&self) -> Option<[f64; 2]> {
        match self {
            Loss::Quadratic(_) | Loss::LeastSquares(_) => None,
            Loss::PiecewiseQuadratic(potential) => Some([f64::NEG_INFINITY, potential.exit()]),
            Loss::Polynomial(potential) => Some(potential.exits()),
        }
    }
}

impl Loss {
    /// Whether a replica can leave it.
    pub(crate) fn has_exit(&self) -> bool {
        self.exits().is_some_and(|exits| exits.into_iter().any(f64::is_finite))
    }
}

impl<'de> Deserialize<'de> for Loss {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        choice::read(deserializer, |fields| match fields.kind() {
            "quadratic" => fields.document().map(Loss::Quadratic),
            "least_squares" => fields.rare().map(Loss::LeastSquares),
            "piecewise_quadratic" => fields.rare().map(Loss::PiecewiseQuadratic),
            "polynomial" => fields.rare().map(Loss::Polynomial),
            _ => fields.unknown(&["quadratic", "least_squares", "piecewise_quadratic", "polynomial"]),
        })
    }
}

impl Default for Loss {
    fn default() -> Self {
        Loss::Quadratic(Quadratic::default())
    }
}
