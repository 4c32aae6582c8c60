//! The core for the browser: documents in, documents or owned typed arrays out. No arithmetic lives here.
//!
//! Bad input crosses as data, `{ ok: false, problems: [...] }`, so that the page can show each problem beside its control; only a
//! broken promise of the page itself (a class made from an unchecked document) is an exception.
//!
//! The site has three modules of it: the feature `live` is what every instrument needs, `rare` what few ask for, `series` what
//! follows a run, which brings the experiment along.

mod outcome;

#[cfg(feature = "rare")]
mod data;
#[cfg(feature = "rare")]
mod errata;
#[cfg(feature = "rare")]
mod pictures;
#[cfg(feature = "series")]
mod series;
#[cfg(feature = "rare")]
mod tables;
#[cfg(feature = "rare")]
mod theory;

#[cfg(any(feature = "live", feature = "series"))]
mod clock;
#[cfg(feature = "live")]
mod documents;
#[cfg(feature = "live")]
mod ensemble;

#[cfg(feature = "rare")]
pub use data::{data_set, read_csv};
#[cfg(feature = "rare")]
pub use errata::{demonstrate, errata, table1};
#[cfg(feature = "rare")]
pub use pictures::{bayes, data_summary, escape_landscape};
#[cfg(feature = "series")]
pub use series::{Series, judge_together, times};
#[cfg(feature = "rare")]
pub use tables::{default_sweep, parameters};
#[cfg(feature = "rare")]
pub use theory::{Theory, stability_map};

#[cfg(feature = "live")]
pub use documents::{check, curve, fresh_seed, judge, predict, predict_after};
#[cfg(feature = "live")]
pub use ensemble::{Ensemble, measurement_of, point_of};
