//! Formulas as they are printed and wrong, each with the number of its erratum in docs/errata.md. They are here to show
//! the difference; nothing else in the crate uses them.

pub mod bayes;
pub mod kramers;
