//! Data sets for least squares: drawn from a seed, one that is shipped, and a user's own table.
//!
//! A [`Data`] is the small document that names a data set; [`Data::load`] makes the numbers. [`read_csv`] makes such a
//! document from a text file.

mod columns;
mod diabetes;
mod dialect;
mod document;
mod limits;
mod options;
mod read;
mod standardise;
mod synthetic;
mod table;

pub use diabetes::DIABETES_COLUMNS;
pub use document::Data;
pub use limits::LARGEST_DATA;
pub use options::{CsvColumn, CsvOptions};
pub use read::read_csv;
pub use table::{Standardisation, Table};
