//! The second-order expansions of the training error of earlier work (Gitman et al. 2019; Liu et al. 2021, Table 1).

use super::System;
use crate::optimizer::Step;

/// Training error to second order in the learning rate, unit of the loss; the exact one has every order.
///
/// - momentum: `λ tr C/(4(1−μ)) + λ² tr(KC)/(8(1−μ²))`, SGD with `μ = 0`
/// - QHM: `λ tr C/4 + (λ²/8) [1 + (2μν/(1−μ))(2μν/(1+μ) − 1)] tr(KC)`
///
/// Behind a preconditioner `K` and `C` are those of its directions. It never sees the limit of stability.
///
/// ```
/// use noisy_descent::{nalgebra::dmatrix, optimizer::{Momentum, Optimizer}};
/// use noisy_descent::theory::{System, second_order_training_error, training_error};
/// let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.01, momentum: 0.5 });
/// let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &sgd)?;
/// assert!((second_order_training_error(&system) - training_error(&system).unwrap()).abs() < 0.01_f64.powi(3));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn second_order_training_error(system: &System) -> f64 {
    let (modes, step) = (system.modes(), system.step());
    let (lambda, mu) = (step.learning_rate(), step.momentum());
    let noise = modes.noise().trace();
    let weighted: f64 = modes.curvatures().iter().enumerate().map(|(i, k)| k * modes.noise()[(i, i)]).sum();
    let second = match step {
        Step::Momentum(_) => 1.0 / (1.0 - mu * mu),
        Step::Qhm(qhm) => {
            let share = 2.0 * mu * qhm.mixing;
            1.0 + share / (1.0 - mu) * (share / (1.0 + mu) - 1.0)
        }
    };
    step.effective_learning_rate() * noise / 4.0 + lambda * lambda / 8.0 * second * weighted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizer::{Optimizer, Qhm};
    use crate::theory::training_error;
    use nalgebra::dmatrix;

    #[test]
    fn what_is_left_out_is_of_third_order() {
        // Values of the error over λ³ from an independent Lyapunov sum.
        for (learning_rate, want) in [(0.1, 0.90), (0.05, 1.01), (0.025, 1.07)] {
            let qhm = Optimizer::Qhm(Qhm { learning_rate, momentum: 0.9, mixing: 0.7 });
            let system = System::new(&dmatrix![1.0], &dmatrix![1.0], &qhm).unwrap();
            let left_out = training_error(&system).unwrap() - second_order_training_error(&system);
            let ratio = left_out.abs() / learning_rate.powi(3);
            assert!((ratio - want).abs() < 0.006, "{ratio} at {learning_rate}, not {want}");
        }
    }
}
