//! Formulas as the paper prints them, where the print is wrong. They are used only to show the difference.
//!
//! Each names its entry in the list of errata and the function that holds the corrected result. They are transcriptions:
//! they check their input, but what they return may be any number.

mod alignment;
pub mod bayes;
mod decay;
mod effective_loss;
mod escape;
pub mod kramers;
mod lemma_one;
mod qhm;

pub use alignment::{alignment_order, long_run_alignment_ratio};
pub use decay::{decay_error, decay_error_claimed};
pub use effective_loss::{effective_hessian, noise_variance_of_temperature};
pub use escape::corollary_four_step;
pub use lemma_one::momentum_variance;
pub use qhm::{PRINTED_QHM, PrintedQhm, qhm_earlier_covariance, qhm_plain_learning_rate};

use crate::error::{Error, Result};

/// Refuses a number that is not positive and finite.
fn positive(parameter: &str, value: f64) -> Result<()> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(Error::OutOfRange { parameter: parameter.into(), value, allowed: "(0, ∞)".into() })
}
