//! The theory, one quantity a file, in closed form or by exact linear algebra. Shares no code with [`crate::simulate`].
//!
//! Everything works in K's eigenbasis, see [`Modes`]: a linear optimizer acts on each eigen-direction through the 2x2
//! matrix of its [`Mode`](crate::optimizer::Mode), and every second moment is a sum over pairs of directions.

pub mod bayes;
pub mod continuous;
pub mod kramers;
pub mod minibatch;
mod modes;
mod prediction;
pub mod published;
mod stability;
mod stationary;
mod training_error;
mod transient;

pub use modes::Modes;
pub(crate) use prediction::predict_with;
pub use prediction::{Law, ModePrediction, Prediction, TheoryPrediction, predict, predict_after};
pub use stability::{Stability, stability};
pub use stationary::{lag_one_covariance, momentum_covariance, stationary_block, stationary_covariance};
pub use training_error::{expected_loss, training_error};
pub use transient::{Moments, transient};
