//! Optimizers, one a file.
//!
//! A linear optimizer acts on each eigen-direction of the Hessian through a 2x2 matrix and a 2-vector on the state
//! `(w, m)`; it states them once, as a [`Mode`], and the whole second-moment theory follows.

mod momentum;

pub use momentum::Momentum;

use nalgebra::{Matrix2, Vector2};
use serde::{Deserialize, Serialize};

/// The optimizer of a scenario; `kind` in a document.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Optimizer {
    /// SGD with heavy-ball momentum; plain SGD is `momentum = 0`.
    Momentum(Momentum),
}

impl Optimizer {
    /// One step on an eigen-direction of curvature `k`.
    #[must_use]
    pub fn mode(&self, curvature: f64) -> Mode {
        let Optimizer::Momentum(momentum) = self;
        momentum.mode(curvature)
    }
}

impl Default for Optimizer {
    fn default() -> Self {
        Optimizer::Momentum(Momentum::default())
    }
}

/// What one step does to an eigen-direction: `(w', m') = transition · (w, m) + input · η`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mode {
    /// The 2x2 matrix `A(k)` on `(w, m)`.
    pub transition: Matrix2<f64>,
    /// The 2-vector `b(k)` that carries the gradient noise `η` into `(w, m)`.
    pub input: Vector2<f64>,
}
