//! What the feature `complete` adds to a build.
//!
//! A page waits for a build without it: quadratic losses, a constant step and a constant noise. Data sets, potentials, formulas,
//! and what follows the weights need a [`Complete`], of which there is no value then, so that the compiler leaves out all behind it.

use crate::error::Result;
#[cfg(not(feature = "complete"))]
use {crate::error::Error, std::convert::Infallible};

/// Proof that this build is the complete one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Complete(#[cfg(not(feature = "complete"))] Infallible);

impl Complete {
    /// For what only the complete build has.
    #[cfg(feature = "complete")]
    #[inline(always)]
    pub(crate) fn needed(_parameter: &str) -> Result<Complete> {
        Ok(Complete())
    }

    /// For what only the complete build has.
    ///
    /// # Errors
    /// [`Error::Malformed`] with the parameter that asks for it.
    #[cfg(not(feature = "complete"))]
    pub(crate) fn needed(parameter: &str) -> Result<Complete> {
        let message = "only a build with the feature `complete` knows it".into();
        Err(Error::Malformed { parameter: parameter.into(), message })
    }
}
