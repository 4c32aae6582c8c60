//! The core for the browser: documents in, documents or owned typed arrays out. No arithmetic lives here.
//!
//! Bad input crosses as data, `{ ok: false, problems: [...] }`, so that the page can show each problem beside its control; only a
//! broken promise of the page itself (a class made from an unchecked document) is an exception.
//!
//! The site has two modules of it: one without features, which a page waits for, and one with the feature `complete`.

mod clock;
mod documents;
mod ensemble;
mod outcome;

#[cfg(feature = "complete")]
mod data;
#[cfg(feature = "complete")]
mod errata;
#[cfg(feature = "complete")]
mod pictures;
#[cfg(feature = "complete")]
mod series;
#[cfg(feature = "complete")]
mod tables;
#[cfg(feature = "complete")]
mod theory;

pub use documents::{check, curve, fresh_seed, judge, predict, predict_after};
#[cfg(feature = "complete")]
pub use ensemble::escaped_of;
pub use ensemble::{Ensemble, measurement_of, point_of};

#[cfg(feature = "complete")]
pub use data::{data_set, read_csv};
#[cfg(feature = "complete")]
pub use errata::{demonstrate, errata, table1};
#[cfg(feature = "complete")]
pub use pictures::{bayes, data_summary, escape_landscape};
#[cfg(feature = "complete")]
pub use series::{SeriesPart, SeriesWhole, judge_together, times};
#[cfg(feature = "complete")]
pub use tables::{axes, default_sweep, parameters};
#[cfg(feature = "complete")]
pub use theory::{Theory, stability_map};
