//! Sums over the sections of an ensemble as numbers, which parts of it send and somebody joins.

use super::numbers::Numbers;
use crate::error::{Error, Result};

/// What is summed up over a section. Sums of neighbouring sections are merged in their order.
pub(super) trait Sums: Sized {
    /// Appends it as numbers.
    fn write(&self, numbers: &mut Vec<f64>);

    /// And the other way, for so many components; `None` for what is too short or counts wrong.
    fn read(components: usize, numbers: &mut Numbers<'_>) -> Option<Self>;
}

/// The sums of some sections, or of all of them, by their numbers in the whole.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sectioned<S> {
    /// What the sums are of: a step or a lag.
    pub(super) at: u64,
    /// Sections of the whole ensemble.
    pub(super) of: usize,
    pub(super) components: usize,
    pub(super) sections: Vec<(usize, S)>,
}

impl<S: Sums> Sectioned<S> {
    /// The sums in their order.
    pub(super) fn sums(&self) -> impl Iterator<Item = &S> {
        self.sections.iter().map(|(_, sums)| sums)
    }

    pub(super) fn to_numbers(&self) -> Vec<f64> {
        let mut numbers = vec![self.at as f64, self.of as f64, self.components as f64, self.sections.len() as f64];
        for (index, sums) in &self.sections {
            numbers.push(*index as f64);
            sums.write(&mut numbers);
        }
        numbers
    }

    /// The whole, from the numbers of its parts one after the other, in any order.
    pub(super) fn join(numbers: &[f64]) -> Result<Sectioned<S>> {
        let wrong = |message: &str| Error::Malformed { parameter: "tally".into(), message: message.into() };
        let mut numbers = Numbers::of(numbers);
        let mut whole: Option<Sectioned<S>> = None;
        while !numbers.is_empty() {
            let part = Self::read(&mut numbers).ok_or_else(|| wrong("these are not the numbers of a tally"))?;
            match &mut whole {
                None => whole = Some(part),
                Some(whole) if whole.goes_with(&part) => {
                    if whole.sections.is_empty() {
                        whole.at = part.at;
                    }
                    whole.sections.extend(part.sections);
                }
                Some(_) => return Err(wrong("these are parts of different ensembles, or at different steps")),
            }
        }
        let mut whole = whole.ok_or_else(|| wrong("there is none"))?;
        whole.sections.sort_by_key(|(index, _)| *index);
        if whole.sections.iter().map(|(index, _)| *index).eq(0..whole.of) {
            Ok(whole)
        } else {
            Err(wrong("a section is missing, or there twice"))
        }
    }

    /// Whether these are parts of one whole, at one step or lag. A part without replicas stands anywhere.
    fn goes_with(&self, other: &Self) -> bool {
        let anywhere = self.sections.is_empty() || other.sections.is_empty();
        (self.of, self.components) == (other.of, other.components) && (anywhere || self.at == other.at)
    }

    fn read(numbers: &mut Numbers<'_>) -> Option<Sectioned<S>> {
        let (at, of) = (numbers.count()? as u64, numbers.count()?);
        let (components, own) = (numbers.count()?, numbers.count()?);
        let mut sections = Vec::new();
        for _ in 0..own {
            let index = numbers.count().filter(|index| *index < of)?;
            sections.push((index, S::read(components, numbers)?));
        }
        Some(Sectioned { at, of, components, sections })
    }
}
