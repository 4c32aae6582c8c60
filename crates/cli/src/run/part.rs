//! Shards of a run: what one of them writes, and how they become the run again.

use super::answer::{RunAnswer, Sums, is_zero};
use crate::crew::Shard;
use crate::input::{Failure, Source};
use noisy_descent::{Error, Scenario};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// Most missing shards that are named.
const MOST_NAMED: usize = 8;

/// A shard of a run: sums from which the rest follows once all shards are there.
#[derive(Serialize, Deserialize)]
pub struct RunPart {
    scenario: Scenario,
    #[serde(default, skip_serializing_if = "is_zero")]
    point: u32,
    shard: Shard,
    complete: bool,
    #[serde(default, skip_serializing_if = "is_zero")]
    burn_in_left: u64,
    /// At each step that is looked at, the last one last: the tally's numbers, 16 hexadecimal digits of bits each.
    tallies: Vec<String>,
    /// The same at each lag.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lags: Vec<String>,
    seconds: f64,
}

impl RunPart {
    pub fn new(scenario: Scenario, shard: Shard, sums: &Sums) -> RunPart {
        let all = |looks: &[Vec<f64>]| looks.iter().map(|numbers| written(numbers)).collect();
        RunPart {
            scenario,
            shard,
            point: sums.point,
            complete: sums.complete,
            burn_in_left: sums.burn_in_left,
            seconds: sums.seconds,
            tallies: all(&sums.looks),
            lags: all(&sums.lags),
        }
    }

    fn sums(&self) -> Result<Sums, Error> {
        let all = |texts: &[String]| -> Result<Vec<Vec<f64>>, Error> {
            texts.iter().map(|text| read(text).ok_or_else(|| malformed("it is not hexadecimal"))).collect()
        };
        Ok(Sums {
            complete: self.complete,
            point: self.point,
            burn_in_left: self.burn_in_left,
            seconds: self.seconds,
            looks: all(&self.tallies)?,
            lags: all(&self.lags)?,
        })
    }
}

/// The run of which these are the parts.
pub fn merge_runs(parts: &[(Source, RunPart)]) -> Result<RunAnswer, Failure> {
    let Some((_, first)) = parts.first() else { return Err(malformed("there is none").into()) };
    let mut sums = first.sums()?;
    for (number, (source, part)) in parts.iter().enumerate() {
        let wrong = |words: String| Failure::Part(source.clone(), words);
        let Shard { part: shard, of } = part.shard;
        if (&part.scenario, part.point, of) != (&first.scenario, first.point, first.shard.of) {
            return Err(wrong("it belongs to another run than the first".into()));
        }
        if let Some((twin, _)) = parts[..number].iter().find(|(_, other)| other.shard == part.shard) {
            return Err(wrong(format!("it is shard {shard}/{of}, and so is {twin}")));
        }
        if !part.complete && of > 1 {
            return Err(wrong(format!("Ctrl-C broke it off: shard {shard}/{of} has to be run again")));
        }
        if (part.tallies.len(), part.lags.len()) != (sums.looks.len(), sums.lags.len()) {
            return Err(wrong("it looked at other steps than the first".into()));
        }
        if number > 0 {
            let more = part.sums()?;
            for (numbers, more) in sums.looks.iter_mut().zip(more.looks).chain(sums.lags.iter_mut().zip(more.lags)) {
                numbers.extend(more);
            }
            sums.seconds += more.seconds;
        }
    }
    let of = first.shard.of;
    let there = |shard: &usize| parts.iter().any(|(_, part)| part.shard.part == *shard);
    let missing: Vec<String> = (1..=of).filter(|shard| !there(shard)).map(|shard| format!("{shard}/{of}")).collect();
    if missing.is_empty() {
        return RunAnswer::new(first.scenario.clone(), &sums);
    }
    let (named, others) = missing.split_at(missing.len().min(MOST_NAMED));
    let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
    Err(malformed(&format!("of its shards {}{more} are missing", named.join(", "))).into())
}

pub(super) fn malformed(message: &str) -> Error {
    Error::Malformed { parameter: "run".into(), message: message.into() }
}

/// The bits of numbers in hexadecimal: JSON has no infinities, and a tally may.
fn written(numbers: &[f64]) -> String {
    numbers.iter().fold(String::with_capacity(16 * numbers.len()), |mut text, number| {
        let _ = write!(text, "{:016x}", number.to_bits());
        text
    })
}

fn read(text: &str) -> Option<Vec<f64>> {
    let (digits, rest) = text.as_bytes().as_chunks::<16>();
    let number = |digits: &[u8; 16]| {
        let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|c| c.is_ascii_hexdigit()))?;
        u64::from_str_radix(text, 16).ok().map(f64::from_bits)
    };
    rest.is_empty().then(|| digits.iter().map(number).collect()).flatten()
}
