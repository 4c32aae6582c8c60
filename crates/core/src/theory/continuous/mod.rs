//! The continuous-time (diffusion) approximations of earlier work, which the discrete theory replaces.
//!
//! `dw = −e K w dt + e C^{1/2} dW` with `e = λ/(1−μ)` (for QHM `e = λ`), time in update steps: an Ornstein-Uhlenbeck process
//! (Mandt et al. 2017). It never sees the limit of stability, and every quantity here is finite for any learning rate. Behind
//! a preconditioner the same holds in the directions of [`Modes`](super::Modes).

mod correlation;
mod escape_efficiency;
mod stationary;
mod transient;

pub use correlation::{
    autocovariance, integrated_autocorrelation_times, long_run_covariance, mode_autocorrelation_times,
};
pub use escape_efficiency::{alignment_ratio, alignment_ratio_long_run, escape_efficiency};
pub use stationary::{
    effective_hessian, lag_one_covariance, mode_variances, shape, stationary_covariance, training_error,
};
pub use transient::{decay, transient};
