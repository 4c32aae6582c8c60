//! Which blocks of an ensemble somebody runs.

use super::kernel::B;
use crate::error::{Error, Result};
use std::ops::Range;

/// Most parts of an ensemble that have replicas: it is summed up in at most so many sections of neighbouring blocks. Sums are merged block by block within
/// a section, then section by section: a fixed order, in which each section can come from elsewhere.
///
/// ```
/// use noisy_descent::{Scenario, simulate::{Ensemble, MOST_PARTS}};
/// let scenario = Scenario::default(); // 10 000 replicas
/// let part = |index| Ensemble::part(&scenario, 0, index, 2 * MOST_PARTS).map(|part| part.replicas());
/// let empty = (0..2 * MOST_PARTS).filter(|&index| part(index) == Ok(0)).count();
/// assert!(empty >= MOST_PARTS);
/// ```
pub const MOST_PARTS: usize = 32;

/// Some of the sections of an ensemble, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Replicas of the whole.
    pub(super) whole: usize,
    /// Blocks of a section; the last section may have fewer.
    length: usize,
    /// Sections of the whole.
    pub(super) sections: usize,
    /// Those of this part.
    pub(super) own: Range<usize>,
    /// Their blocks, by their numbers in the whole.
    pub(super) blocks: Range<usize>,
}

impl Part {
    /// Part `index` of `of` for so many replicas.
    pub(super) fn new(replicas: usize, index: usize, of: usize) -> Result<Part> {
        if index >= of {
            let (value, allowed) = (index as f64 + 1.0, format!("[1, {of}]"));
            return Err(Error::OutOfRange { parameter: "part".into(), value, allowed });
        }
        let blocks = replicas.div_ceil(B);
        let length = blocks.div_ceil(MOST_PARTS).max(1);
        let sections = blocks.div_ceil(length);
        // Numbers of parts are not limited, so the products may not fit.
        let first = |part: usize| (part as u128 * sections as u128 / of as u128) as usize;
        let own = first(index)..first(index + 1);
        let block = |section: usize| (section * length).min(blocks);
        Ok(Part { whole: replicas, length, sections, blocks: block(own.start)..block(own.end), own })
    }

    /// Replicas of this part.
    pub(super) fn replicas(&self) -> usize {
        let end = |block: usize| (block * B).min(self.whole);
        end(self.blocks.end) - end(self.blocks.start)
    }

    /// Each section's number with its blocks, counted from the part's first.
    pub(super) fn each(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        self.own.clone().map(|section| {
            let place = |section: usize| (section * self.length).clamp(self.blocks.start, self.blocks.end);
            (section, place(section) - self.blocks.start..place(section + 1) - self.blocks.start)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_the_whole_whatever_their_number() {
        for replicas in [2, 255, 256, 257, 8192, 8193, 100_000, 1_000_000] {
            for of in [1, 2, 3, 7, 31, 32, 33, 1000] {
                let parts: Vec<Part> = (0..of).map(|index| Part::new(replicas, index, of).unwrap()).collect();
                assert_eq!(parts.iter().map(Part::replicas).sum::<usize>(), replicas);
                let (mut section, mut block) = (0, 0);
                for part in &parts {
                    for (number, blocks) in part.each() {
                        assert_eq!((number, part.blocks.start + blocks.start), (section, block));
                        assert!(!blocks.is_empty());
                        (section, block) = (section + 1, block + blocks.len());
                    }
                }
                assert_eq!((section, block), (parts[0].sections, replicas.div_ceil(B)));
                assert!(section <= MOST_PARTS);
            }
        }
    }

    #[test]
    fn a_part_that_there_is_not_is_refused() {
        let words = Part::new(100, 3, 3).unwrap_err().to_string();
        assert_eq!(words, "part must lie in [1, 3], got 4");
        assert!(Part::new(100, 0, 0).is_err());
        assert_eq!(Part::new(100, usize::MAX - 1, usize::MAX).unwrap().blocks, 0..1);
    }
}
