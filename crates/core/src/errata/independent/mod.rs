//! What the errata are held against: plain computations that use no formula of the paper and nothing of the theory here.

pub(super) mod batches;
pub(super) mod integral;
pub(super) mod moments;
pub(super) mod random;
pub(super) mod search;
pub(super) mod walker;
