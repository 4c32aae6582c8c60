//! The ensemble: independent replicas that descend, block by block.

use super::kernel::{B, Kernel, kernel, require_room};
use super::lagged::Mark;
use super::part::Part;
use super::replica_loss::LossOf;
use super::start::set_at_start;
use super::stream::{Purpose, Stream};
use crate::error::Result;
use crate::scenario::{Scenario, Start};
use std::fmt;

/// Replicas in a block. A block has its own random stream; a change of this number changes every sample.
///
/// ```
/// use noisy_descent::{Scenario, simulate::{Ensemble, REPLICAS_PER_BLOCK}};
/// let scenario = Scenario::default().with_number("replicas", 1000.0)?;
/// // 1000 = 3·256 + 232
/// assert_eq!((Ensemble::new(&scenario, 0)?.blocks(), 1000 % REPLICAS_PER_BLOCK), (4, 232));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub const REPLICAS_PER_BLOCK: usize = 256;

/// A replica with a coordinate beyond this is counted as diverged; up to here fourth moments stay finite.
///
/// ```
/// use noisy_descent::simulate::{DIVERGED, Moments};
/// let moments = Moments::of(&[1.0, 3.0, 2.0 * DIVERGED], 1, 3, 3); // three samples of one coordinate
/// assert_eq!((moments.count, moments.diverged, moments.mean[0]), (2, 1, 2.0));
/// assert!((DIVERGED.powi(4) * 1e6).is_finite()); // fourth moments of a million replicas
/// ```
pub const DIVERGED: f64 = 1e60;

/// After at most so many steps of a block it is seen whether anything of it is left to move.
const STRETCH: u64 = 1024;

/// Independent replicas of a scenario's descent.
///
/// Blocks advance one after the other, each through all its steps, so that their state stays in the cache; between two calls
/// of [`Ensemble::advance`] they may stand at different steps, and are together again when it returns `true`.
///
/// ```
/// use noisy_descent::{Scenario, simulate::Ensemble};
/// let mut ensemble = Ensemble::new(&Scenario::default().with_number("steps", 10.0)?, 0)?;
/// while !ensemble.advance(1_000_000) {} // in portions, for progress and cancel
/// assert_eq!(ensemble.measure().step, 10);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Clone)]
pub struct Ensemble {
    dimension: usize,
    replicas: usize,
    /// Which of the scenario's blocks these are.
    part: Part,
    pub(super) kernel: Box<dyn Kernel>,
    pub(super) loss: LossOf,
    /// The loss, noise and optimizer that move it.
    pub(super) scenario: Scenario,
    /// Steps before the first that counts: the run that makes a stationary start.
    burn_in: u64,
    streams: Vec<Stream>,
    /// Steps that each block has done.
    pub(super) done: Vec<u64>,
    /// Step up to which the blocks advance.
    pub(super) target: u64,
    /// First block that may still have to advance.
    pub(super) cursor: usize,
    /// Weights of an earlier step, if they are wanted.
    pub(super) mark: Option<Mark>,
}

/// Where it stands; the state of a million replicas is not for reading.
impl fmt::Debug for Ensemble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ensemble")
            .field("dimension", &self.dimension)
            .field("replicas", &self.replicas)
            .field("step", &self.step())
            .finish_non_exhaustive()
    }
}

impl Ensemble {
    /// Whether the experiment runs a scenario, before anything is allocated for it.
    ///
    /// # Errors
    /// The first problem of the scenario, or [`Error::NotSimulated`](crate::Error::NotSimulated) for an optimizer, a noise or a law that only the theory
    /// knows.
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::Ensemble};
    /// assert!(Ensemble::runs(&Scenario::default()).is_ok());
    /// let error = Ensemble::runs(&Scenario::default().with_number("momentum", 1.2)?).unwrap_err();
    /// assert_eq!(error.to_string(), "momentum must lie in [0, 1), got 1.2");
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn runs(scenario: &Scenario) -> Result<()> {
        scenario.validate()?;
        require_room(scenario)?;
        kernel(scenario, 0).map(|_| ())
    }

    /// Sets the replicas of a scenario at their start. `point` numbers the scenario within a sweep (0 alone): the random
    /// numbers of different points are independent.
    ///
    /// # Errors
    /// The first problem of the scenario; nothing is allocated then.
    pub fn new(scenario: &Scenario, point: u32) -> Result<Ensemble> {
        Ensemble::part(scenario, point, 0, 1)
    }

    /// Part number `index` (from 0) of `of` nearly equal ones: its replicas move as they do in the whole ensemble, and the tallies of all
    /// parts, joined, are the whole's ([`Tally::join`](super::Tally::join)). So a run is shared among threads, workers or machines. With more
    /// parts than there is work for, some are empty.
    ///
    /// # Errors
    /// The first problem of the scenario, or a part that there is not; nothing is allocated then.
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::{Ensemble, Tally}};
    /// let scenario = Scenario::default().with_number("replicas", 1000.0)?.with_number("steps", 20.0)?;
    /// let mut tallies = Vec::new();
    /// for index in [2, 0, 1] {
    ///     let mut part = Ensemble::part(&scenario, 0, index, 3)?;
    ///     part.run();
    ///     tallies.extend(part.tally().to_numbers());
    /// }
    /// let mut whole = Ensemble::new(&scenario, 0)?;
    /// whole.run();
    /// assert_eq!(Tally::join(&tallies)?.measurement(), whole.measure()); // the same bits
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn part(scenario: &Scenario, point: u32, index: usize, of: usize) -> Result<Ensemble> {
        scenario.validate()?;
        require_room(scenario)?;
        let part = Part::new(scenario.run.replicas as usize, index, of)?;
        let blocks = part.blocks.clone();
        let mut kernel = kernel(scenario, blocks.len())?;
        let burn_in = match scenario.run.start {
            Start::Stationary { .. } => scenario.burn_in()?,
            _ => 0,
        };
        set_at_start(kernel.as_mut(), scenario, point, blocks.clone());
        Ok(Ensemble {
            dimension: scenario.dimension(),
            replicas: part.replicas(),
            kernel,
            loss: LossOf::new(&scenario.loss)?,
            scenario: scenario.clone(),
            burn_in,
            streams: blocks
                .clone()
                .map(|block| Stream::new(scenario.run.seed, point, block as u32, Purpose::Noise))
                .collect(),
            done: vec![0; blocks.len()],
            part,
            target: burn_in + u64::from(scenario.run.steps),
            cursor: 0,
            mark: None,
        })
    }

    /// Number of coordinates.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Number of replicas.
    #[must_use]
    pub fn replicas(&self) -> usize {
        self.replicas
    }

    /// Sets the step up to which [`Ensemble::advance`] goes; one that has passed is reached already.
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::Ensemble};
    /// let scenario = Scenario::default().with_number("replicas", 10.0)?; // 1000 steps unless told otherwise
    /// let mut ensemble = Ensemble::new(&scenario, 0)?;
    /// ensemble.set_target(3);
    /// ensemble.run();
    /// assert_eq!((ensemble.step(), ensemble.progress()), (3, 1.0));
    /// ensemble.set_target(4);
    /// assert_eq!(ensemble.progress(), 0.75);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn set_target(&mut self, step: u64) {
        self.target = self.burn_in + step;
        self.cursor = 0;
    }

    /// The same with the steps of a burn-in counted, so that it can be taken in stages too.
    ///
    /// ```
    /// use noisy_descent::{Scenario, scenario::{Run, Start}, simulate::Ensemble};
    /// let run = Run { replicas: 10, start: Start::Stationary { burn_in: Some(50) }, ..Run::default() };
    /// let mut ensemble = Ensemble::new(&Scenario { run, ..Scenario::default() }, 0)?;
    /// ensemble.set_total_target(20);
    /// ensemble.run();
    /// assert_eq!((ensemble.burn_in(), ensemble.total_steps(), ensemble.step()), (50, 20, 0)); // 30 are left before the start
    /// ensemble.set_total_target(53);
    /// ensemble.run();
    /// assert_eq!((ensemble.total_steps(), ensemble.step()), (53, 3));
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn set_total_target(&mut self, steps: u64) {
        self.target = steps;
        self.cursor = 0;
    }

    /// Steps before the first that counts: of the run that makes a stationary start.
    #[must_use]
    pub fn burn_in(&self) -> u64 {
        self.burn_in
    }

    /// The steps that every block has done, with those of the burn-in.
    #[must_use]
    pub fn total_steps(&self) -> u64 {
        self.done.iter().copied().min().unwrap_or(self.target)
    }

    /// The step that every block has reached.
    #[must_use]
    pub fn step(&self) -> u64 {
        self.total_steps().saturating_sub(self.burn_in)
    }

    /// The share of the way to the target that is done, from 0 to 1.
    #[must_use]
    pub fn progress(&self) -> f64 {
        let total = self.target as f64 * self.done.len() as f64;
        let done: f64 = self.done.iter().map(|&done| done.min(self.target) as f64).sum();
        if total > 0.0 { done / total } else { 1.0 }
    }

    /// Advances towards the target by about `budget` multiplications of a number with a coordinate (at least one
    /// step of one block). Returns whether every block stands at the target.
    ///
    /// However the work is cut into portions, the result is the same.
    pub fn advance(&mut self, budget: u64) -> bool {
        let mut steps_left = (budget / (self.kernel.cost() * B as u64)).max(1);
        while self.cursor < self.done.len() {
            let block = self.cursor;
            let steps = self.target.saturating_sub(self.done[block]).min(steps_left).min(STRETCH);
            if steps > 0 && self.kernel.is_gone(block) {
                // Nothing finite is left to move; the random numbers of a block are its own, so none is skewed.
                self.done[block] = self.target.max(self.done[block]);
            } else {
                self.kernel.advance(block, &mut self.streams[block], self.done[block], steps);
                self.done[block] += steps;
                steps_left -= steps;
            }
            if self.done[block] >= self.target {
                self.cursor += 1;
            } else if steps_left == 0 {
                return false;
            }
        }
        true
    }

    /// Advances to the target.
    pub fn run(&mut self) {
        while !self.advance(u64::MAX) {}
    }

    /// Number of blocks.
    #[must_use]
    pub fn blocks(&self) -> usize {
        self.done.len()
    }

    /// Weights of a block, `[coordinate][replica]`; the last block may hold more replicas than are counted.
    pub(super) fn block(&self, block: usize) -> Vec<f64> {
        let mut weights = vec![0.0; self.dimension * B];
        self.kernel.weights(block, &mut weights);
        weights
    }

    /// Replicas of a block that are counted.
    pub(super) fn counted(&self, block: usize) -> usize {
        (self.replicas - block * B).min(B)
    }

    /// Which of the scenario's blocks these are.
    pub(super) fn whose(&self) -> &Part {
        &self.part
    }

    /// Loss of a replica above the minimum, from its weights.
    pub(super) fn loss_of(&self, weight: impl Fn(usize) -> f64) -> f64 {
        self.loss.at(weight)
    }

    /// Steps after which each counted replica of a block left the potential's well, burn-in not counted: 0 for one that left during it, `None` for
    /// one that is still in the well. Empty for a loss without an exit.
    pub(super) fn exits(&self, block: usize) -> impl Iterator<Item = Option<u64>> {
        let exits = self.kernel.exits(block);
        let counted = self.counted(block).min(exits.len());
        exits[..counted].iter().map(|&step| (step > 0).then(|| step.saturating_sub(self.burn_in)))
    }

    /// Whether the loss has an exit.
    pub(super) fn has_exit(&self) -> bool {
        matches!(self.loss, LossOf::Potential(_))
    }

    /// A fingerprint of every bit of the weights and of the moments: equal for the same scenario, point and
    /// step on every platform.
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::Ensemble};
    /// let scenario = Scenario::default().with_number("replicas", 300.0)?.with_number("steps", 20.0)?;
    /// let mut at_once = Ensemble::new(&scenario, 0)?;
    /// at_once.run();
    /// let mut cut = Ensemble::new(&scenario, 0)?;
    /// while !cut.advance(1000) {} // however the work is cut, the bits are the same
    /// assert_eq!(at_once.checksum(), cut.checksum());
    ///
    /// let mut other_point = Ensemble::new(&scenario, 1)?;
    /// other_point.run();
    /// assert_ne!(at_once.checksum(), other_point.checksum());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn checksum(&self) -> u64 {
        self.tally().checksum()
    }

    /// Weights of the first `most` replicas, replica by replica, `D` numbers each.
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::Ensemble};
    /// let scenario = Scenario::default().with_number("replicas", 3.0)?;
    /// let ensemble = Ensemble::new(&scenario, 0)?;
    /// assert_eq!((ensemble.replicas(), ensemble.dimension()), (3, 2));
    /// assert_eq!(ensemble.positions(100), [0.0; 3 * 2]); // not yet moved from the minimum
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn positions(&self, most: usize) -> Vec<f64> {
        let count = most.min(self.replicas);
        let mut positions = Vec::with_capacity(count * self.dimension);
        let mut block = Vec::new();
        for replica in 0..count {
            if replica % B == 0 {
                block = self.block(replica / B);
            }
            positions.extend((0..self.dimension).map(|i| block[i * B + replica % B]));
        }
        positions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(numbers: &[(&str, f64)]) -> Scenario {
        numbers.iter().fold(Scenario::default(), |scenario, &(name, value)| scenario.with_number(name, value).unwrap())
    }

    #[test]
    fn portions_do_not_matter() {
        let scenario = scenario(&[("replicas", 600.0), ("steps", 40.0), ("momentum", 0.5)]);
        let mut at_once = Ensemble::new(&scenario, 0).unwrap();
        at_once.run();
        let mut in_portions = Ensemble::new(&scenario, 0).unwrap();
        in_portions.set_target(7);
        in_portions.run();
        in_portions.set_target(40);
        while !in_portions.advance(3000) {}
        assert_eq!(at_once.positions(600), in_portions.positions(600));
        assert_eq!(at_once.measure(), in_portions.measure());
    }

    #[test]
    fn replicas_do_not_depend_on_how_many_there_are() {
        let few = scenario(&[("replicas", 300.0), ("steps", 5.0)]);
        let many = scenario(&[("replicas", 2000.0), ("steps", 5.0)]);
        let positions = |scenario| {
            let mut ensemble = Ensemble::new(scenario, 0).unwrap();
            ensemble.run();
            ensemble.positions(300)
        };
        assert_eq!(positions(&few), positions(&many));
    }

    #[test]
    fn divergence_is_counted_not_nan() {
        let mut ensemble =
            Ensemble::new(&scenario(&[("replicas", 300.0), ("steps", 5000.0), ("learning_rate", 3.0)]), 0).unwrap();
        ensemble.run();
        let measured = ensemble.measure();
        assert_eq!((measured.diverged, measured.replicas, measured.step), (300, 300, 5000));
        assert!(measured.covariance[0][0].is_nan() && measured.mean[0].is_nan() && measured.training_error.is_nan());
        let density = ensemble.density(0, Some(1), (4, 4), [-1.0; 2], [1.0; 2]).unwrap();
        assert_eq!(density.outside, 300);
        assert!(ensemble.density(0, Some(2), (4, 4), [-1.0; 2], [1.0; 2]).is_err());
    }

    #[test]
    fn what_is_gone_is_not_moved_on() {
        let steps = 1_000_000.0;
        let mut ensemble =
            Ensemble::new(&scenario(&[("replicas", 256.0), ("steps", steps), ("learning_rate", 3.0)]), 0).unwrap();
        assert!(ensemble.advance(4 * STRETCH * ensemble.kernel.cost() * B as u64), "it is over once it has overflowed");
        assert_eq!((ensemble.step(), ensemble.progress()), (steps as u64, 1.0));
    }

    #[test]
    fn progress_is_reported() {
        let mut ensemble = Ensemble::new(&scenario(&[("replicas", 1000.0), ("steps", 100.0)]), 0).unwrap();
        let mut last = ensemble.progress();
        assert_eq!(last, 0.0);
        while !ensemble.advance(20_000) {
            assert!(ensemble.progress() > last);
            last = ensemble.progress();
        }
        assert_eq!(ensemble.progress(), 1.0);
    }
}
