//! Every test of the core from outside, in one program: linked once, and all of them side by side.
//!
//! `cargo test -p noisy-descent --test all NAME::` runs those of one file.

mod adaptive;
mod averages;
mod checksums;
mod combinations;
mod data;
mod deviation;
mod diabetes;
mod documented;
mod documents;
mod epochs;
mod errata;
mod escape;
mod escape_precision;
mod escape_starts;
mod escape_times;
mod formulas;
mod golden;
mod golden_topics;
mod kernels;
mod minibatch_descent;
mod minibatches;
mod predictions;
mod properties;
mod properties_special;
mod retune;
mod rooms;
mod statistics;
mod table;
mod tables;
mod tables_properties;
