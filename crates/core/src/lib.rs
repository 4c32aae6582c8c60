//! How far stochastic gradient descent with a finite learning rate fluctuates around a minimum.
//!
//! The exact discrete-time theory of Liu, Ziyin and Ueda, *Noise and Fluctuation of Finite Learning Rate Stochastic
//! Gradient Descent* (ICML 2021), the continuous-time (diffusion) approximations that it replaces, and a seeded
//! experiment to hold both against. One document, the [`Scenario`], describes a loss, a gradient noise, an optimizer and
//! a run:
//!
//! ```
//! use noisy_descent::{Scenario, predict, simulate::Ensemble};
//!
//! // K = diag(1, 0.1), white noise of variance 1
//! let scenario = Scenario::default().with_number("learning_rate", 1.5)?.with_number("steps", 200.0)?;
//!
//! let prediction = predict(&scenario)?;
//! let discrete = prediction.discrete.expect("1.5 is below the limit of 2");
//! assert!((discrete.at_end.covariance[0][0] - 3.0).abs() < 1e-12);
//! let continuous = prediction.continuous;
//! assert!((continuous.at_end.covariance[0][0] - 0.75).abs() < 1e-12);
//!
//! let mut ensemble = Ensemble::new(&scenario, 0)?;
//! ensemble.run();
//! let measured = ensemble.measure();
//! let z = (measured.covariance[0][0] - 3.0) / measured.covariance_error[0][0];
//! assert!(z.abs() < 5.0);
//! # Ok::<(), noisy_descent::Error>(())
//! ```
//!
//! The crate is pure: no clock, no input or output, no global randomness. [`theory`] and [`simulate`] share no code, so
//! that each is the other's test.
//!
//! Conventions: `K` is the Hessian of `L(w) = wᵀKw/2` at the minimum `w = 0`, `C` the covariance of one draw of the gradient
//! noise, `λ` the learning rate, `μ` the momentum, `Σ` the covariance of `w`. Time counts update steps. `λk` is
//! dimensionless.

pub mod agreement;
mod check;
mod choice;
mod complete;
pub mod data;
pub mod errata;
mod error;
pub mod formula;
pub mod loss;
pub mod matrix;
pub mod noise;
pub mod optimizer;
mod roots;
pub mod scenario;
pub mod series;
pub mod simulate;
pub mod sweep;
pub mod tails;
pub mod theory;

pub use error::{Error, Result};
pub use nalgebra;
pub use scenario::Scenario;
pub use sweep::Sweep;
pub use theory::{Prediction, predict};
