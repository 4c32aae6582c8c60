//! The theory, one quantity a file, in closed form or by exact linear algebra. Shares no code with [`crate::simulate`].
//!
//! A [`System`] is a loss, a noise and an optimizer that have been checked and brought to directions that do not mix, see
//! [`Modes`]; every second moment is then a sum over pairs of directions, on each of which a [`Step`](crate::optimizer::Step)
//! acts through the 2x2 matrix of its [`Mode`](crate::optimizer::Mode). What is not stationary is `None`, what is bad input
//! is an error when the system is made.

mod adam;
mod alignment;
pub mod bayes;
mod commuting;
mod congruence;
pub mod continuous;
mod coordinate_shape;
mod correlation;
mod decay;
mod effective_loss;
mod escape_efficiency;
mod expansions;
pub mod kramers;
mod memory;
pub mod minibatch;
mod modes;
mod natural_gradient;
mod newton;
mod prediction;
pub mod published;
mod rank_deficient;
mod relaxation;
mod response;
mod shape;
mod stability;
mod stability_map;
mod stationary;
mod system;
mod table1;
mod training_error;
mod transient;

pub use adam::{adam_covariance, adam_minibatch_covariance, adam_variance};
pub use alignment::{alignment_ratio, alignment_ratio_long_run};
pub use commuting::{hessian_noise_covariance, mixed_noise_covariance, white_noise_covariance};
pub(crate) use coordinate_shape::component_shape;
pub use coordinate_shape::coordinate_shape;
pub use correlation::{
    autocovariance, integrated_autocorrelation_times, long_run_covariance, mode_autocorrelation_times,
};
pub use decay::decay;
pub use effective_loss::{effective_curvatures, effective_hessian, temperature};
pub use escape_efficiency::escape_efficiency;
pub use expansions::second_order_training_error;
pub use memory::Memory;
pub use modes::Modes;
pub use natural_gradient::{natural_gradient_covariance, natural_gradient_minibatch_covariance};
pub use newton::newton_covariance;
pub use prediction::{
    AveragePrediction, BayesPrediction, DataSummary, EscapeEfficiency, EscapeLandscape, EscapePrediction, EscapeRate,
    Law, ModePrediction, NoiseSummary, Prediction, Predictor, SETTLED, TheoryPrediction, bayes_prediction, burn_in,
    data_summary, escape_landscape, predict, predict_after, relaxation_steps,
};
pub(crate) use prediction::{Laws, Memories};
pub use rank_deficient::{RankDeficient, rank_deficient};
pub use relaxation::{LONGEST_RELAXATION, Relaxation, relaxation};
pub use shape::{Shape, mode_shape, shapes};
pub use stability::{Diffusion, LISTED, Stability, stability};
pub use stability_map::{StabilityMap, stability_map};
pub use stationary::{
    lag_one_covariance, mode_covariance, mode_covariance_by_columns, mode_variances, momentum_covariance,
    stationary_block, stationary_covariance,
};
pub use system::System;
pub use table1::{Table1Entry, Table1Row, table1};
pub use training_error::{expected_loss, training_error};
pub use transient::{Moments, transient};
