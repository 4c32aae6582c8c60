//! Another loss, noise or optimizer for an ensemble that runs.

use super::ensemble::Ensemble;
use super::kernel::{B, kernel, require_room};
use super::replica_loss::LossOf;
use crate::error::{Error, Result};
use crate::optimizer::{Optimizer, Step};
use crate::scenario::Scenario;

impl Ensemble {
    /// Goes on with the loss, noise and optimizer of another scenario from the next step on: a slider that moves while the ensemble runs. The loss
    /// must be of the same kind and dimension, and the replicas as many; seed, start and steps are not looked at.
    ///
    /// Weights, velocities, random streams, the count of steps and who left the well stay what they are, and so do the orders of the data in epochs
    /// where the loss and the noise stay the same, and averages (of Adam, of the second moment of the weights) where the new optimizer has the same.
    /// What a new optimizer or noise remembers begins here. A velocity that is a sum of gradients becomes an average of them, or the other way, where
    /// the new optimizer counts so. Blocks that lag behind are first brought to the step of the one that is furthest.
    ///
    /// The same scenario changes no bit; another one gives the same bits wherever the ensemble runs, if it comes at the same step.
    ///
    /// # Errors
    /// The first problem of the scenario, or what of it does not fit the ensemble, which is then as it was.
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::Ensemble};
    /// // λ = 1/2 without noise, K = diag(1, 0.1): the first weight is halved in a step.
    /// let mut scenario = Scenario::from_json(
    ///     r#"{ "version": 1, "optimizer": { "kind": "momentum", "learning_rate": 0.5 },
    ///         "noise": { "covariance": { "kind": "white", "variance": 0 } },
    ///         "run": { "replicas": 2, "steps": 2, "start": { "kind": "point", "weights": [8, 0] } } }"#,
    /// )?;
    /// let mut ensemble = Ensemble::new(&scenario, 0)?;
    /// ensemble.run();
    /// assert_eq!(ensemble.positions(1), [2.0, 0.0]);
    /// // λ = 1 jumps to the minimum.
    /// scenario = scenario.with_number("learning_rate", 1.0)?;
    /// ensemble.retune(&scenario)?;
    /// ensemble.set_target(3);
    /// ensemble.run();
    /// assert_eq!(ensemble.positions(1), [0.0, 0.0]);
    ///
    /// let error = ensemble.retune(&scenario.with_number("replicas", 3.0)?).unwrap_err();
    /// assert_eq!(error.to_string(), "replicas must have the size of ensemble, 2, got 3");
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn retune(&mut self, scenario: &Scenario) -> Result<()> {
        scenario.validate()?;
        self.require_same_shape(scenario)?;
        let same_problem = self.scenario.loss == scenario.loss && self.scenario.noise == scenario.noise;
        if same_problem && self.scenario.optimizer == scenario.optimizer {
            return Ok(());
        }
        require_room(scenario)?;
        let mut kernel = kernel(scenario, self.blocks())?;
        let loss = LossOf::new(&scenario.loss)?;
        self.catch_up();
        let factor = velocity_factor(&self.scenario.optimizer, &scenario.optimizer);
        let size = self.dimension() * B;
        let (mut weights, mut velocities) = (vec![0.0; size], vec![0.0; size]);
        for block in 0..self.blocks() {
            self.kernel.weights(block, &mut weights);
            self.kernel.velocities(block, &mut velocities);
            match factor {
                Some(factor) => velocities.iter_mut().for_each(|velocity| *velocity *= factor),
                None => velocities.fill(0.0),
            }
            kernel.set(block, &weights, &velocities);
        }
        if let Some(new) = kernel.general() {
            new.begin_after(&self.done);
            if let Some(old) = self.kernel.general() {
                new.inherit(old, same_problem, &self.done);
            }
        }
        (self.kernel, self.loss) = (kernel, loss);
        self.scenario = scenario.clone();
        Ok(())
    }

    fn require_same_shape(&self, scenario: &Scenario) -> Result<()> {
        let mismatch = |parameter: &str, size: usize, expected: usize| {
            Err(Error::SizeMismatch { parameter: parameter.into(), size, of: "ensemble".into(), expected })
        };
        let (own, other) = (self.scenario.loss.kind(), scenario.loss.kind());
        if own != other {
            return Err(Error::NotCombined {
                parameter: "loss".into(),
                value: other.into(),
                with: format!("one that began with {own}"),
                allowed: "an ensemble that began with it".into(),
            });
        }
        if scenario.dimension() != self.dimension() {
            return mismatch("hessian", scenario.dimension(), self.dimension());
        }
        let (whole, replicas) = (self.whose().whole, scenario.run.replicas as usize);
        if replicas != whole { mismatch("replicas", replicas, whole) } else { Ok(()) }
    }

    /// Brings every block to the step of the one that is furthest, so that what follows changes for all of them at the same one.
    fn catch_up(&mut self) {
        let target = self.target;
        self.target = self.done.iter().copied().max().unwrap_or(target);
        self.cursor = 0;
        self.run();
        self.target = target;
        self.cursor = 0;
    }
}

/// What a velocity is multiplied by to mean the same to another optimizer; `None` where it means nothing there and begins anew.
fn velocity_factor(old: &Optimizer, new: &Optimizer) -> Option<f64> {
    if let Optimizer::Adam(new) = new {
        // Its averages are corrected for their beginning, so they have to begin.
        return matches!(old, Optimizer::Adam(old) if old.form == new.form).then_some(1.0);
    }
    Some(match (averages(old), averages(new)) {
        (false, true) => 1.0 - step_of(old).momentum(),
        (true, false) => 1.0 / (1.0 - step_of(new).momentum()),
        _ => 1.0,
    })
}

/// Whether the velocity of an optimizer is an average of gradients, not a sum.
fn averages(optimizer: &Optimizer) -> bool {
    matches!(optimizer, Optimizer::Adam(_)) || matches!(step_of(optimizer), Step::Qhm(_))
}

/// The step in the coordinates of the preconditioner, where there is one.
fn step_of(optimizer: &Optimizer) -> Step {
    match optimizer {
        Optimizer::Momentum(optimizer) => (*optimizer).into(),
        Optimizer::Qhm(optimizer) => (*optimizer).into(),
        Optimizer::Preconditioned(optimizer) => optimizer.step(),
        Optimizer::Newton(optimizer) => optimizer.step(),
        Optimizer::NaturalGradient(optimizer) => optimizer.step(),
        Optimizer::Adam(optimizer) => optimizer.step(),
    }
}
