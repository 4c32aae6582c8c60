//! What moves the replicas of a block: the kernels behind one face.

use super::REPLICAS_PER_BLOCK;
use super::frame::Frame;
use super::general::General;
use super::linear::{Linear, single_precision_will_do};
use super::rule::Rule;
use super::source::Source;
use super::stream::Stream;
use crate::check::out_of_range;
use crate::complete::Complete;
use crate::error::{Error, Result};
use crate::loss::Loss;
use crate::noise::{NoiseCovariance, Sampling};
use crate::optimizer::{AdamForm, Optimizer, Step};
use crate::scenario::{LARGEST_ENSEMBLE, Scenario};
use std::fmt::Debug;
use wide::{f32x4, f64x4};

/// Replicas in a block, for short.
pub(super) const B: usize = REPLICAS_PER_BLOCK;

/// Numbers of samples that the replicas keep in order in all: 400 megabytes.
const MOST_IN_ORDER: usize = 5 * LARGEST_ENSEMBLE;

/// The state of all blocks of an ensemble, and how it moves. Every block is on its own: what it becomes depends on its own
/// state and stream alone.
pub(super) trait Kernel: Debug + Send + Sync {
    /// Moves a block by some steps; `done` have been done before.
    fn advance(&mut self, block: usize, stream: &mut Stream, done: u64, steps: u64);

    /// Weights of a block in the loss's own coordinates, `[coordinate][replica]`.
    fn weights(&self, block: usize, into: &mut [f64]);

    /// Velocities of a block, likewise; zero where the optimizer has none.
    fn velocities(&self, block: usize, into: &mut [f64]);

    /// Whether no replica of a block is left: each has overflowed to infinity or NaN in some coordinate. Such a block never
    /// comes back.
    fn is_gone(&self, block: usize) -> bool;

    /// Sets weights and velocities of a block.
    fn set(&mut self, block: usize, weights: &[f64], velocities: &[f64]);

    /// Steps after which each replica of a block left the well; 0 for one that is still in it. Empty without a well.
    fn exits(&self, _block: usize) -> &[u64] {
        &[]
    }

    /// The kernel as the one that remembers more than weights and velocities, if it is.
    fn general(&mut self) -> Option<&mut General> {
        None
    }

    /// Work of one step of one replica, in multiplications or so.
    fn cost(&self) -> u64;

    /// A copy behind the same face.
    fn copy(&self) -> Box<dyn Kernel>;
}

impl Clone for Box<dyn Kernel> {
    fn clone(&self) -> Self {
        self.copy()
    }
}

/// The kernel that runs a scenario, with the state of so many blocks.
///
/// # Errors
/// What a decomposition of its matrices finds wrong; [`Error::NotSimulated`] for what only the theory knows.
pub(super) fn kernel(scenario: &Scenario, blocks: usize) -> Result<Box<dyn Kernel>> {
    let hessian = scenario.loss.hessian()?;
    let noise = &scenario.noise;
    let step = match &scenario.optimizer {
        Optimizer::Momentum(optimizer) => Some(Step::from(*optimizer)),
        Optimizer::Qhm(optimizer) => Some(Step::from(*optimizer)),
        Optimizer::Preconditioned(optimizer) => Some(optimizer.step()),
        Optimizer::Newton(optimizer) => Some(optimizer.step()),
        Optimizer::NaturalGradient(_) | Optimizer::Adam(_) => None,
    };
    // Coordinates in which a constant preconditioner is the identity; the others keep the loss's own.
    let frame = match step {
        Some(_) => Frame::new(&hessian, &scenario.optimizer)?,
        None => Frame::identity(scenario.dimension()),
    };
    let constant = matches!(scenario.loss, Loss::Quadratic(_) | Loss::LeastSquares(_));
    if let (Some(step), Some(covariance), true) = (step, noise.covariance.matrix(&hessian), constant) {
        return if single_precision_will_do(&step, &frame.curvatures) {
            Ok(Box::new(Linear::<f32x4>::new(&hessian, &covariance, noise.law, step, frame, blocks)?))
        } else {
            Ok(Box::new(Linear::<f64x4>::new(&hessian, &covariance, noise.law, step, frame, blocks)?))
        };
    }
    // Noise or a step that follows the weights.
    Complete::needed("noise")?;
    let source = Source::new(scenario, &hessian, &frame)?;
    let rule = match (&scenario.optimizer, step) {
        (_, Some(step)) => Rule::Step(step),
        (Optimizer::NaturalGradient(optimizer), _) => Rule::natural_gradient(*optimizer, &hessian, &noise.covariance)?,
        (Optimizer::Adam(optimizer), _) if optimizer.form == AdamForm::Matrix => Rule::MatrixAdam(*optimizer),
        (Optimizer::Adam(optimizer), _) => Rule::DiagonalAdam(*optimizer),
        (other, None) => {
            return Err(Error::NotSimulated { parameter: "optimizer".into(), value: other.kind().into() });
        }
    };
    Ok(Box::new(General::new(frame, source, rule, blocks)?))
}

/// Whether there is room for what each replica keeps of a data set: in epochs an order of its own.
///
/// # Errors
/// [`Error::OutOfRange`] for the replicas, or for the samples where even a block of replicas has no room.
pub(super) fn require_room(scenario: &Scenario) -> Result<()> {
    let (NoiseCovariance::Minibatch { sampling: Sampling::Epoch, .. }, Loss::LeastSquares(loss)) =
        (&scenario.noise.covariance, &scenario.loss)
    else {
        return Ok(());
    };
    let (samples, replicas) = (loss.data().samples(), scenario.run.replicas as usize);
    if replicas.next_multiple_of(B).saturating_mul(samples) <= MOST_IN_ORDER {
        return Ok(());
    }
    let why = format!("orders of all samples, of {MOST_IN_ORDER} in all, are kept for blocks of {B} replicas");
    Err(match MOST_IN_ORDER / samples / B * B {
        0 => out_of_range("the samples of epochs", samples as f64, format!("[1, {}]: {why}", MOST_IN_ORDER / B)),
        most => {
            out_of_range("replicas", replicas as f64, format!("[2, {most}] for epochs of {samples} samples: {why}"))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_say_what_there_is_room_for() {
        let words = |samples: f64, replicas: f64| {
            let document = r#"{ "version": 1, "loss": { "kind": "least_squares" },
                "noise": { "covariance": { "kind": "minibatch", "batch_size": 2, "sampling": "epoch" } } }"#;
            let scenario = Scenario::from_json(document).unwrap().with_number("samples", samples).unwrap();
            require_room(&scenario.with_number("replicas", replicas).unwrap()).map_err(|error| error.to_string())
        };
        assert_eq!(words(1000.0, 99_840.0), Ok(()));
        let many = words(1000.0, 100_000.0).unwrap_err();
        assert!(many.starts_with("replicas must lie in [2, 99840] for epochs of 1000 samples: "), "{many}");
        assert!(many.ends_with("got 100000"), "{many}");
        let large = words(1_000_000.0, 2.0).unwrap_err();
        assert!(large.starts_with("the samples of epochs must lie in [1, 390625]: "), "{large}");
    }
}
