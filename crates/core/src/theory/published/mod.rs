//! Formulas as the paper prints them, where the print is wrong. They are used only to show the difference.
//!
//! Each names its entry in the list of errata and the function that holds the corrected result. They are transcriptions:
//! they check their input, but what they return may be any number.

mod alignment;
mod arguments;
pub mod bayes;
mod decay;
mod effective_loss;
mod escape;
pub mod kramers;
mod lemma_one;
mod qhm;
mod qhm_steps;
mod second_order;
mod stability;

pub use alignment::{alignment_order, long_run_alignment_ratio};
pub use arguments::{mirrored_double_commutator, variance_under_gaussian_noise};
pub use decay::{decay_error, decay_error_claimed};
pub use effective_loss::{effective_hessian, noise_variance_of_temperature};
pub use escape::corollary_four_step;
pub use lemma_one::momentum_variance;
pub use qhm::{PRINTED_QHM, PrintedQhm, printed_qhm, qhm_earlier_covariance, qhm_plain_learning_rate};
pub use qhm_steps::{eq_75, eq_77, eq_78, eq_82_without_lag_terms};
pub use second_order::{adam_growth, eq_115, natural_gradient_without_noise};
pub use stability::{allows, contracts};

use crate::error::{Error, Result};

/// Refuses a number that is not positive and finite.
fn positive(parameter: &str, value: f64) -> Result<()> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(Error::OutOfRange { parameter: parameter.into(), value, allowed: "(0, ∞)".into() })
}
