//! From which step on the average that makes a preconditioner has settled, as the theory of natural gradient and Adam takes it to have.

use super::document::AveragePrediction;
use super::predictor::Predictor;
use crate::error::Result;
use crate::noise::NoiseCovariance;
use crate::optimizer::Optimizer;
use crate::scenario::Start;
use crate::theory::relaxation::{LONGEST_RELAXATION, Relaxation, relaxation};
use crate::theory::response::response;
use crate::theory::stability::short;
use crate::theory::stationary_covariance;
use nalgebra::DMatrix;

/// Share of what an average began with that may be left in it: less than the standard error of a million replicas, of a variance 0.14 %.
const LEFT: f64 = 1e-3;

/// Largest share of the newest moment in an average that is as good as slow. Where it goes back `n` steps, the variance is off by
/// `0.15/n` to `0.2/n` in one dimension: 0.2 % for this many.
const FASTEST: f64 = 0.01;

/// The share is the difference of a number near 1 from it.
const ROUNDING: f64 = 1e-9;

/// A share this near to 1 is one: what the noise sustains.
const SUSTAINED: f64 = 1e-6;

/// So many steps, none below 0, or more than are counted.
fn within(steps: f64) -> Relaxation {
    if steps <= LONGEST_RELAXATION as f64 { Relaxation::Within(steps.max(0.0) as u64) } else { Relaxation::Longer }
}

/// A preconditioner that follows the ensemble, and how long it takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Average {
    /// Share of itself that it keeps in a step.
    decay: f64,
    /// Of what, and how it is measured.
    words: (&'static str, &'static str),
    /// Steps after the start of the scenario from which on it has settled.
    pub(super) settled: Relaxation,
}

impl Average {
    /// Steps that it goes back, about.
    fn memory(&self) -> f64 {
        1.0 / (1.0 - self.decay)
    }

    /// Whether it is as slow as the theory takes it to be.
    fn is_slow(&self) -> bool {
        1.0 - self.decay <= FASTEST * (1.0 + ROUNDING)
    }

    /// Whether it is slow and has settled so many steps after the scenario's start.
    pub(super) fn has_settled(&self, steps: u64) -> bool {
        self.is_slow() && matches!(self.settled, Relaxation::Within(settled) if settled <= steps)
    }

    /// What is said of it.
    pub(super) fn document(&self) -> AveragePrediction {
        let settled_after = match self.settled {
            Relaxation::Within(steps) if self.is_slow() => Some(steps),
            _ => None,
        };
        AveragePrediction { memory: self.memory(), settled_after }
    }

    /// Why there is no exact theory so many steps after the start.
    pub(super) fn note(&self, steps: u64) -> String {
        let (of, how) = self.words;
        let back = short(self.memory());
        if !self.is_slow() {
            let least = short(1.0 / FASTEST);
            return format!(
                "the average {of} goes back about {how} = {back} steps; the theory is exact for slow ones, of {least} steps and more"
            );
        }
        let when = match self.settled {
            Relaxation::Within(settled) => format!("from about step {settled} on"),
            Relaxation::Longer => format!("after more than {LONGEST_RELAXATION} steps"),
            Relaxation::Never => "never".into(),
        };
        format!(
            "the average {of} goes back about {how} = {back} steps; it has settled, as the theory takes it to have, {when}, and not after {steps}"
        )
    }
}

impl Predictor {
    /// The average behind the preconditioner; `None` for an optimizer without one.
    ///
    /// Three waits, one after the other: until the weights of a start away from the minimum have come near, at full steps; until of
    /// what the average had then, the gradients of that start, too little is left; until the weights have settled behind it.
    pub(super) fn average(&self) -> Result<Option<Average>> {
        let Some(decay) = self.decay() else { return Ok(None) };
        let words = match self.system.optimizer() {
            Optimizer::Adam(_) => ("of the squared gradient", "1/(1 − β₂)"),
            _ => ("of the gradient's second moment", "1/ε"),
        };
        let (excess, way) = self.start_away();
        let left = LEFT / (1.0 + excess);
        // Where nothing fluctuates in the end, a gradient at the start is beyond any multiple of that.
        let relaxation = if left > 0.0 { self.relaxation_with_average(left)? } else { Relaxation::Never };
        let settled = match relaxation {
            Relaxation::Within(steps) => within(steps as f64 + way.ceil() - self.burn_in()? as f64),
            other => other,
        };
        Ok(Some(Average { decay, words, settled }))
    }

    /// Steps from the minimum until the fluctuation is within a relative tolerance of the stationary one by the discrete theory, and of what
    /// an average began with no more than that is left.
    pub(super) fn relaxation_with_average(&self, tolerance: f64) -> Result<Relaxation> {
        let relaxation = relaxation(&self.system, tolerance)?;
        let (Some(decay), Relaxation::Within(steps)) = (self.decay(), relaxation) else { return Ok(relaxation) };
        // A noise that follows the fluctuation feeds it back: of what it does not sustain, the share that comes again in a step of
        // the average is r instead of none.
        let fed_back = 1.0 - (1.0 - decay) * (1.0 - self.fed_back());
        let forgotten = if fed_back > 0.0 { (libm::log(tolerance) / libm::log(fed_back)).ceil() } else { 1.0 };
        Ok(within(steps as f64 + forgotten))
    }

    /// Share of itself that the average of a preconditioner keeps in a step; `None` for an optimizer without one.
    fn decay(&self) -> Option<f64> {
        match self.system.optimizer() {
            Optimizer::NaturalGradient(natural) => Some(1.0 - natural.averaging),
            Optimizer::Adam(adam) => Some(adam.beta2),
            _ => None,
        }
    }

    /// The largest `r = c k_i k_j ∂Σ~_ij/∂C~_ij` below 1 of all pairs of directions under the noise `C = c K Σ K`: 1 is what lasts.
    fn fed_back(&self) -> f64 {
        let NoiseCovariance::Proportional { scale } = self.scenario().noise.covariance else { return 0.0 };
        let (step, k) = (self.system.step(), self.system.modes().curvatures());
        let mut largest = 0.0_f64;
        for (i, &first) in k.iter().enumerate() {
            for &second in &k[i..] {
                let share = scale * first * second * response(step, first, second);
                largest = largest.max(if share < 1.0 - SUSTAINED { share } else { 0.0 });
            }
        }
        largest
    }

    /// By how much the second moment of the gradient at the start exceeds the stationary one, relatively, along the direction in which it
    /// does most, and the steps to the minimum of an optimizer whose steps are as long as at first.
    fn start_away(&self) -> (f64, f64) {
        let n = self.system.dimension();
        let begun = match &self.start {
            Start::Minimum | Start::Stationary { .. } => return (0.0, 0.0),
            Start::Point { weights } => DMatrix::from_fn(n, n, |i, j| weights[i] * weights[j]),
            Start::Gaussian { covariance } => covariance.clone(),
        };
        let modes = self.system.hessian_modes();
        let Some(stationary) = stationary_covariance(&self.system) else { return (0.0, 0.0) };
        let along = |matrix: &DMatrix<f64>, i: usize| {
            let direction = modes.directions().column(i);
            direction.dot(&(matrix * direction))
        };
        let lambda = self.system.optimizer().learning_rate();
        let adam = matches!(self.system.optimizer(), Optimizer::Adam(_));
        let (mut excess, mut way) = (0.0_f64, 0.0_f64);
        for (i, &k) in modes.curvatures().iter().enumerate() {
            let (start, settled) = (along(&begun, i), along(&stationary, i));
            let moment = k * k * settled + if adam { modes.noise()[(i, i)] } else { 0.0 };
            excess = excess.max(if start > 0.0 { k * k * start / moment } else { 0.0 });
            // Adam's step is λ, natural gradient's λ/(kw).
            way = way.max(if adam { start.sqrt() / lambda } else { 0.5 * k * start / lambda });
        }
        (excess, way)
    }
}
