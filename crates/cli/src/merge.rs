//! `merge`: shards of a run or of a sweep become one again.

use crate::input::{Failure, Source};
use crate::run::{RunAnswer, RunPart, merge_runs};
use crate::sweep::{SweepAnswer, merge_sweeps};
use clap::Args;
use serde::de::DeserializeOwned;

/// Parts of one run or sweep to put together.
#[derive(Args)]
pub struct MergeArguments {
    /// Outputs of `run --shard` or of `sweep --shard`, in any order.
    #[arg(required = true)]
    parts: Vec<Source>,
    /// Prints the points of a sweep, or the looks of a run, as comma-separated values.
    #[arg(long)]
    pub csv: bool,
}

/// What the parts were of.
pub enum Merged {
    Run(Box<RunAnswer>),
    Sweep(Box<SweepAnswer>),
}

impl MergeArguments {
    /// Puts the parts together.
    pub fn answer(&self) -> Result<Merged, Failure> {
        let texts = self.parts.iter().map(Source::text).collect::<Result<Vec<_>, _>>()?;
        // What the first is, the others have to be.
        if texts.first().is_some_and(|text| serde_json::from_str::<RunPart>(text).is_ok()) {
            return Ok(Merged::Run(Box::new(merge_runs(&self.read(&texts)?)?)));
        }
        Ok(Merged::Sweep(Box::new(merge_sweeps(self.read(&texts)?)?)))
    }

    fn read<T: DeserializeOwned>(&self, texts: &[String]) -> Result<Vec<(Source, T)>, Failure> {
        let parts = self.parts.iter().zip(texts).map(|(source, text)| match serde_json::from_str(text) {
            Ok(part) => Ok((source.clone(), part)),
            Err(error) => Err(Failure::Part(source.clone(), format!("no shard of a run or sweep: {error}"))),
        });
        parts.collect()
    }
}
