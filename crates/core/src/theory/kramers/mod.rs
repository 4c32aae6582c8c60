//! Escape over a potential barrier (Liu et al. 2021, Theorem 9 and Fig. 6).
//!
//! An [`Escape`] is a walker `w' = w − λ(L'(w) + η)` in a one-dimensional [`Potential`] that is taken out once it reaches
//! an end beyond the barrier. Three answers to how fast it leaves:
//! - [`chain_escape`]: exact for the discrete walker, from its transition kernel;
//! - [`diffusion_first_passage`] and [`ito_kramers_rate`]: the diffusion in the limit of small `λ`, by quadrature and by
//!   its asymptotic formula. SGD draws its noise before the step, so the limit is the Ito diffusion;
//! - [`self_consistent_rate`]: the paper's correction for a finite learning rate, put together without its slips.
//!
//! Rates are per unit of `s = λt` unless their name says per step; times count update steps. What the paper prints,
//! Eq. 23 and 24 among it, is in [`published::kramers`](crate::theory::published::kramers).

mod chain;
mod diffusion;
mod elimination;
mod escape;
mod grid;
mod piecewise;
mod polynomial;
mod potential;
mod rates;
mod start;
mod two_sided;

pub use chain::{ChainEscape, LARGEST_GRID, chain_escape};
pub use diffusion::{diffusion_first_passage, ito_kramers_rate};
pub use escape::{Escape, EscapeNoise, EscapeStart};
pub use piecewise::PiecewiseQuadratic;
pub use polynomial::{LARGEST_DEGREE, Polynomial};
pub use potential::{BarrierShape, Potential};
pub use rates::{barrier_flux, rare_escape_exponent, self_consistent_rate, well_mass};
