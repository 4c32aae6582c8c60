//! What an ensemble, or a part of it, adds to a measurement.

use super::ensemble::{DIVERGED, Ensemble, REPLICAS_PER_BLOCK};
use super::escape::EscapeMeasurement;
use super::histogram::Histogram;
use super::measurement::{Exits, Measurement};
use super::moments::Moments;
use super::numbers::Numbers;
use super::scalar::Scalar;
use crate::error::{Error, Result};

/// The first of a tally's numbers: the version of their order.
const VERSION: f64 = 1.0;

/// The same where a histogram follows the sections.
const WITH_HISTOGRAM: f64 = 2.0;

/// Sums over the replicas of an ensemble at one step, section by section (at most 32 of neighbouring blocks). Tallies of parts that were run anywhere
/// join to that of the whole, and everything that is measured follows from it: the same bits as in one run.
///
/// ```
/// use noisy_descent::{Scenario, simulate::{Ensemble, Tally}};
/// let scenario = Scenario::default().with_number("replicas", 600.0)?.with_number("steps", 10.0)?;
/// let tally = |index| -> noisy_descent::Result<Vec<f64>> {
///     let mut part = Ensemble::part(&scenario, 0, index, 2)?;
///     part.run();
///     Ok(part.tally().to_numbers())
/// };
/// let whole = Tally::join(&[tally(1)?, tally(0)?].concat())?;
/// assert_eq!((whole.measurement().step, whole.measurement().replicas), (10, 600));
/// assert!(whole.escape(10).is_none()); // the loss has no exit
/// let mut at_once = Ensemble::new(&scenario, 0)?;
/// at_once.run();
/// assert_eq!((whole.moments(), whole.checksum()), (at_once.moments(), at_once.checksum()));
/// assert_eq!(Tally::join(&whole.to_numbers())?, whole);
///
/// let error = Tally::join(&tally(1)?).unwrap_err();
/// assert_eq!(error.to_string(), "tally cannot be read: sections 1 of 3 are missing");
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    dimension: usize,
    step: u64,
    /// Sections of the whole ensemble.
    of: usize,
    has_exit: bool,
    sections: Vec<Section>,
    /// Where it was asked for.
    histogram: Option<Histogram>,
}

/// The sums of one section.
#[derive(Debug, Clone, PartialEq)]
struct Section {
    /// Its number in the whole, from 0.
    index: usize,
    replicas: usize,
    /// Fingerprint of the bits of the weights.
    fingerprint: u64,
    moments: Moments,
    loss: Scalar,
    /// Step after which each replica left the well, 0 for one that left before the first, NaN for one that is in it; empty without an exit.
    exits: Vec<f64>,
}

impl Ensemble {
    /// The sums of the ensemble where it stands.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.summed_up(|hash, weights| weights.iter().fold(hash, |hash, &weight| fingerprint(hash, weight)))
    }

    /// The same without fingerprints, which take longer than most of it: for measurements alone.
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::Ensemble};
    /// let mut ensemble = Ensemble::new(&Scenario::default().with_number("steps", 5.0)?, 0)?;
    /// ensemble.run();
    /// assert_eq!(ensemble.sums().measurement(), ensemble.tally().measurement());
    /// assert_ne!(ensemble.sums().checksum(), ensemble.tally().checksum());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn sums(&self) -> Tally {
        self.summed_up(|_, _| 0)
    }

    fn summed_up(&self, print: impl Fn(u64, &[f64]) -> u64) -> Tally {
        let dimension = self.dimension();
        let sections = self.whose().each().map(|(index, blocks)| {
            let mut section = Section {
                index,
                replicas: 0,
                fingerprint: BASIS,
                moments: Moments::empty(dimension),
                loss: Scalar::default(),
                exits: Vec::new(),
            };
            for block in blocks {
                let (weights, counted) = (self.block(block), self.counted(block));
                section.replicas += counted;
                section.moments.merge(&Moments::of(&weights, dimension, REPLICAS_PER_BLOCK, counted));
                section.loss.merge(&self.loss_in(&weights, counted));
                for coordinate in weights.chunks_exact(REPLICAS_PER_BLOCK) {
                    section.fingerprint = print(section.fingerprint, &coordinate[..counted]);
                }
                section.exits.extend(self.exits(block).map(|step| step.map_or(f64::NAN, |step| step as f64)));
            }
            section
        });
        Tally {
            dimension,
            step: self.step(),
            of: self.whose().sections,
            has_exit: self.has_exit(),
            sections: sections.collect(),
            histogram: None,
        }
    }

    /// Loss above the minimum over the replicas of a block that are in the well and have not diverged.
    pub(super) fn loss_in(&self, weights: &[f64], counted: usize) -> Scalar {
        let mut losses = Vec::with_capacity(counted);
        for replica in 0..counted {
            let at = |i: usize| weights[i * REPLICAS_PER_BLOCK + replica];
            if (0..self.dimension()).all(|i| at(i).abs() <= DIVERGED) {
                losses.push(self.loss_of(at));
            }
        }
        Scalar::of(&losses)
    }
}

impl Tally {
    /// Averages with standard errors. The sections are merged in their order.
    #[must_use]
    pub fn measurement(&self) -> Measurement {
        let in_the_well = || self.exits().map(|step| if step.is_nan() { self.step } else { step as u64 });
        let exits = Exits {
            left_before: self.exits().filter(|step| *step == 0.0).count() as u64,
            escaped: self.exits().filter(|step| *step > 0.0).count() as u64,
            steps_in_well: in_the_well().sum(),
            // A sum of nothing is −0.
            squared_steps_in_well: 0.0 + in_the_well().map(|steps| steps as f64 * steps as f64).sum::<f64>(),
        };
        Measurement::of(self.step, exits, self.replicas(), &self.moments(), self.loss())
    }

    /// Moments of the weights.
    #[must_use]
    pub fn moments(&self) -> Moments {
        let mut moments = Moments::empty(self.dimension);
        for section in &self.sections {
            moments.merge(&section.moments);
        }
        moments
    }

    /// How the replicas left the well so far; see [`Ensemble::escape`].
    #[must_use]
    pub fn escape(&self, points: usize) -> Option<EscapeMeasurement> {
        let exits: Vec<Option<u64>> = self.exits().map(|step| (!step.is_nan()).then_some(step as u64)).collect();
        self.has_exit.then(|| EscapeMeasurement::of(&exits, self.step, points))
    }

    /// The histogram of [`Ensemble::tally_with`].
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::{Bins, Ensemble}};
    /// let mut ensemble = Ensemble::new(&Scenario::default(), 0)?;
    /// ensemble.run();
    /// let tally = ensemble.tally_with(&Bins::new(&[0], 20, [-5.0, 5.0])?)?;
    /// let histogram = tally.histogram().expect("asked for");
    /// assert_eq!(histogram.counts.len(), 20);
    /// assert!(ensemble.tally().histogram().is_none());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn histogram(&self) -> Option<&Histogram> {
        self.histogram.as_ref()
    }

    pub(super) fn with_histogram(self, histogram: Histogram) -> Tally {
        Tally { histogram: Some(histogram), ..self }
    }

    /// A fingerprint of every bit of the weights and of the moments; see [`Ensemble::checksum`].
    #[must_use]
    pub fn checksum(&self) -> u64 {
        let moments = self.moments();
        let hash = self.sections.iter().fold(BASIS, |hash, section| bytes(hash, section.fingerprint));
        let variances = (0..self.dimension).map(|i| moments.covariance(i, i));
        moments.mean.iter().copied().chain(variances).fold(hash, fingerprint)
    }

    /// Loss above the minimum over all replicas that are in the well and have not diverged.
    pub(super) fn loss(&self) -> Scalar {
        let mut loss = Scalar::default();
        for section in &self.sections {
            loss.merge(&section.loss);
        }
        loss
    }

    fn replicas(&self) -> usize {
        self.sections.iter().map(|section| section.replicas).sum()
    }

    fn exits(&self) -> impl Iterator<Item = f64> {
        self.sections.iter().flat_map(|section| section.exits.iter().copied())
    }

    /// All of it as one row of numbers, to be sent or kept.
    #[must_use]
    pub fn to_numbers(&self) -> Vec<f64> {
        let count = |n: usize| n as f64;
        let has_exit = if self.has_exit { 1.0 } else { 0.0 };
        let mut numbers = vec![
            if self.histogram.is_some() { WITH_HISTOGRAM } else { VERSION },
            count(self.dimension),
            self.step as f64,
            count(self.of),
            has_exit,
            count(self.sections.len()),
        ];
        for section in &self.sections {
            numbers.extend([count(section.index), count(section.replicas)]);
            // Halves, since not every pattern of bits survives as a number.
            numbers.extend([(section.fingerprint >> 32) as f64, f64::from(section.fingerprint as u32)]);
            section.moments.write(&mut numbers);
            section.loss.write(&mut numbers);
            numbers.extend(&section.exits);
        }
        if let Some(histogram) = &self.histogram {
            histogram.write(&mut numbers);
        }
        numbers
    }

    /// The tally of a whole ensemble from the numbers of its parts' tallies, one after the other in any order.
    ///
    /// # Errors
    /// [`Error::Malformed`] for numbers that are no tallies, for tallies that do not belong together, and for sections that are missing or
    /// there twice.
    pub fn join(numbers: &[f64]) -> Result<Tally> {
        let wrong = |message: String| Error::Malformed { parameter: "tally".into(), message };
        let mut numbers = Numbers::of(numbers);
        let mut whole: Option<Tally> = None;
        while !numbers.is_empty() {
            let part = Tally::read(&mut numbers).ok_or_else(|| wrong("these are not the numbers of a tally".into()))?;
            let Some(whole) = &mut whole else {
                whole = Some(part);
                continue;
            };
            let key = |tally: &Tally| (tally.dimension, tally.of, tally.has_exit);
            let joined = match (&mut whole.histogram, &part.histogram) {
                (Some(whole), Some(part)) if whole.is_like(part) => {
                    whole.add(part);
                    true
                }
                (None, None) => true,
                _ => false,
            };
            // A part without replicas stands anywhere.
            let anywhere = part.sections.is_empty() || whole.sections.is_empty();
            if key(&part) != key(whole) || !joined || !(anywhere || part.step == whole.step) {
                return Err(wrong("these are parts of different ensembles, or at different steps".into()));
            }
            if whole.sections.is_empty() {
                whole.step = part.step;
            }
            whole.sections.extend(part.sections);
        }
        let mut whole = whole.ok_or_else(|| wrong("there is none".into()))?;
        whole.sections.sort_by_key(|section| section.index);
        if let Some(twice) = whole.sections.windows(2).find(|pair| pair[0].index == pair[1].index) {
            return Err(wrong(format!("section {} is there twice", twice[0].index + 1)));
        }
        let there = |index: &usize| whole.sections.iter().any(|section| section.index == *index);
        let missing: Vec<String> =
            (0..whole.of).filter(|index| !there(index)).map(|index| (index + 1).to_string()).collect();
        if missing.is_empty() {
            return Ok(whole);
        }
        Err(wrong(format!("sections {} of {} are missing", missing.join(", "), whole.of)))
    }

    fn read(numbers: &mut Numbers<'_>) -> Option<Tally> {
        let version = numbers.next()?;
        if version != VERSION && version != WITH_HISTOGRAM {
            return None;
        }
        let (dimension, step, of) = (numbers.count()?, numbers.count()? as u64, numbers.count()?);
        let has_exit = numbers.next()? == 1.0;
        let own = numbers.count()?;
        let mut tally = Tally { dimension, step, of, has_exit, sections: Vec::new(), histogram: None };
        for _ in 0..own {
            let (index, replicas) = (numbers.count()?, numbers.count()?);
            if index >= of {
                return None;
            }
            let fingerprint = (numbers.count()? as u64) << 32 | numbers.count()? as u64;
            let moments = Moments::read(dimension, numbers)?;
            let loss = Scalar::read(numbers)?;
            let exits = numbers.take(if has_exit { replicas } else { 0 })?.to_vec();
            tally.sections.push(Section { index, replicas, fingerprint, moments, loss, exits });
        }
        if version == WITH_HISTOGRAM {
            tally.histogram = Some(Histogram::read(numbers)?);
        }
        Some(tally)
    }
}

/// Where a fingerprint begins (FNV-1a, 64 bits).
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

fn bytes(hash: u64, bits: u64) -> u64 {
    bits.to_le_bytes().iter().fold(hash, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// Goes on with one number. Every NaN counts as the same one: their bits are the platform's own.
fn fingerprint(hash: u64, value: f64) -> u64 {
    bytes(hash, if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn scenario(document: &str) -> Scenario {
        Scenario::from_json(document).unwrap()
    }

    const LEAVING: &str = r#"{ "version": 1, "loss": { "kind": "piecewise_quadratic" }, "noise": { "covariance": { "kind": "curvature" } },
        "optimizer": { "kind": "momentum", "learning_rate": 0.5 }, "run": { "replicas": 9000, "steps": 40 } }"#;

    #[test]
    fn parts_give_the_bits_of_the_whole() {
        let epochs = r#"{ "version": 1, "loss": { "kind": "least_squares", "data": { "kind": "synthetic", "samples": 40 } },
            "noise": { "covariance": { "kind": "minibatch", "batch_size": 8, "sampling": "epoch" } },
            "optimizer": { "kind": "momentum", "learning_rate": 0.3 },
            "run": { "replicas": 2000, "steps": 11, "start": { "kind": "gaussian", "covariance": [[1]] } } }"#;
        let diverging = r#"{ "version": 1, "optimizer": { "kind": "momentum", "learning_rate": 2.1 }, "run": { "replicas": 700, "steps": 3000 } }"#;
        for document in [epochs, diverging, LEAVING] {
            let scenario = scenario(document);
            let mut whole = Ensemble::new(&scenario, 3).unwrap();
            whole.run();
            for of in [2, 5, 50] {
                let mut numbers = Vec::new();
                for index in (0..of).rev() {
                    let mut part = Ensemble::part(&scenario, 3, index, of).unwrap();
                    while !part.advance(10_000) {}
                    numbers.extend(part.tally().to_numbers());
                }
                let joined = Tally::join(&numbers).unwrap();
                assert_eq!(joined.checksum(), whole.checksum());
                assert_eq!(format!("{:?}", joined.measurement()), format!("{:?}", whole.measure()));
                assert_eq!(format!("{:?}", joined.escape(20)), format!("{:?}", whole.escape(20)));
            }
        }
    }

    #[test]
    fn what_does_not_belong_together_is_refused() {
        let scenario = scenario(LEAVING);
        let part = |index| Ensemble::part(&scenario, 0, index, 2).unwrap().tally().to_numbers();
        let words = |numbers: &[f64]| Tally::join(numbers).unwrap_err().to_string();
        assert_eq!(words(&[]), "tally cannot be read: there is none");
        assert_eq!(words(&[part(0), part(0)].concat()), "tally cannot be read: section 1 is there twice");
        let other = Ensemble::part(&Scenario::default(), 0, 1, 2).unwrap();
        assert!(words(&[part(0), other.tally().to_numbers()].concat()).contains("different ensembles"));
        let whole = [part(0), part(1)].concat();
        assert!(Tally::join(&whole).is_ok());
        // Cut off, or with a number that counts nothing, at every place of the head.
        for place in 0..10 {
            assert!(Tally::join(&whole[..place.max(1)]).is_err());
            for bad in [f64::NAN, -1.0, 0.5, 1e300] {
                let mut numbers = whole.clone();
                numbers[place] = bad;
                assert!(place == 4 || Tally::join(&numbers).is_err(), "{place}: {bad}");
            }
        }
    }
}
