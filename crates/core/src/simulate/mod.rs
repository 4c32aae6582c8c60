//! The experiment: an ensemble of independent replicas, seeded, and its moments with standard errors.
//!
//! Three stages, each in its own file: random streams and normal samples ([`Stream`], [`fill_normals`]), the update
//! ([`Ensemble`]), and statistics ([`Moments`]). Shares no code with [`crate::theory`].
//!
//! The same scenario and seed give the same bits on every platform: random streams are addressed by seed, point, block
//! and purpose; only additions, multiplications, divisions and square roots touch a sample, never a fused multiply-add
//! nor a platform's mathematical functions; moments are merged in the order of the blocks, section by section ([`Tally`]).

mod along;
mod colour;
mod ensemble;
mod escape;
mod frame;
mod general;
mod histogram;
mod joint;
mod kernel;
mod lagged;
mod law;
mod linear;
mod measurement;
mod minibatch;
mod moments;
mod normal;
#[cfg(test)]
mod normal_quality;
mod numbers;
mod part;
#[cfg(test)]
mod precision;
mod recollection;
mod replica_loss;
mod retune;
mod rule;
mod scalar;
mod sectioned;
mod source;
mod start;
mod steps;
mod stream;
mod tally;

pub use along::{AlongTally, Component, Components};
pub use ensemble::{DIVERGED, Ensemble, REPLICAS_PER_BLOCK};
pub use escape::EscapeMeasurement;
pub use histogram::{Bins, Histogram, LARGEST_HISTOGRAM};
pub use lagged::{LaggedCovariance, MarkedTally};
pub use law::fill_samples;
pub use measurement::{Density, Measurement};
pub use moments::Moments;
pub use normal::fill_normals;
pub use part::MOST_PARTS;
pub use recollection::{Lagged, LaggedComponent, LaggedTally, Recollection};
pub use scalar::Scalar;
pub use stream::{Purpose, Stream};
pub use tally::Tally;
