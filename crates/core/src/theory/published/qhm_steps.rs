//! Errata 1a to 1c: the steps of the derivation for QHM (Liu et al. 2021, Eq. 75 to 82), each with the slip that is known of it
//! and everything else at its true value. On one direction with noise of variance one.

use super::positive;
use crate::error::Result;
use crate::optimizer::{Qhm, Step};
use crate::theory::stationary_block;
use nalgebra::Matrix2;

/// `k`, the true block of `(w, m)`, `α`, `β`; `None` where there is no stationary state.
fn truth(optimizer: &Qhm, curvature: f64) -> Result<Option<(Matrix2<f64>, f64, f64)>> {
    optimizer.check()?;
    positive("curvature", curvature)?;
    let (alpha, beta) = optimizer.noise_weights();
    let step = Step::from(*optimizer);
    let stable = optimizer.learning_rate * curvature < step.stability_limit();
    let block = if stable { stationary_block(&step, curvature, curvature) } else { None };
    Ok(block.map(|block| (block, alpha, beta)))
}

/// True lag-one covariance `E[w_t w_{t−1}]` from the true block.
fn lag_one(optimizer: &Qhm, curvature: f64, block: &Matrix2<f64>) -> f64 {
    (optimizer.mode(curvature).transition * block)[(0, 0)]
}

/// Erratum 1a. The variance from Eq. 75, whose noise is printed as `λ²α²C`. It is `α²C`: `α = λ(1−νμ)` holds the learning
/// rate already. `None` where there is no stationary state.
///
/// # Errors
/// Names a number of the optimizer or a curvature that is out of its range.
///
/// ```
/// use noisy_descent::{optimizer::Qhm, theory::published::eq_75};
/// let qhm = Qhm { learning_rate: 0.5, momentum: 0.0, mixing: 1.0 };
/// let truth = 0.5 / 1.5; // plain SGD: λ/(2 − λ)
/// assert!((eq_75(&qhm, 1.0)?.unwrap() - (truth - 0.25 + 0.0625)).abs() < 1e-15); // λ⁴ instead of λ²
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn eq_75(optimizer: &Qhm, curvature: f64) -> Result<Option<f64>> {
    Ok(truth(optimizer, curvature)?.map(|(block, alpha, _)| {
        let decay = 1.0 - alpha * curvature;
        let velocity = optimizer.learning_rate * optimizer.mixing * optimizer.momentum;
        decay * decay * block[(0, 0)] - 2.0 * decay * velocity * block[(0, 1)]
            + velocity * velocity * block[(1, 1)]
            + (optimizer.learning_rate * alpha).powi(2)
    }))
}

/// Erratum 1b. The variance of the velocity from Eq. 77, which takes the last noise for uncorrelated with the weights that it
/// has just moved and so lacks `−2λ(1−ν)αC`. `None` where there is no stationary state, and for `ν = 0`, where the step does
/// not see the velocity.
///
/// # Errors
/// Names a number of the optimizer or a curvature that is out of its range.
///
/// ```
/// use noisy_descent::{optimizer::{Qhm, Step}, theory::{published::eq_77, stationary_block}};
/// let qhm = Qhm { learning_rate: 0.5, momentum: 0.9, mixing: 0.3 };
/// let velocity = stationary_block(&Step::from(qhm), 1.0, 1.0).unwrap()[(1, 1)];
/// assert!(eq_77(&qhm, 1.0)?.unwrap() > 10.0 * velocity);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn eq_77(optimizer: &Qhm, curvature: f64) -> Result<Option<f64>> {
    let (lambda, nu) = (optimizer.learning_rate, optimizer.mixing);
    let Some((block, ..)) = truth(optimizer, curvature)?.filter(|_| nu > 0.0) else { return Ok(None) };
    let fresh = lambda * (1.0 - nu);
    let decay = 1.0 - fresh * curvature;
    let weight = block[(0, 0)];
    let square = (1.0 + decay * decay) * weight - 2.0 * decay * lag_one(optimizer, curvature, &block) + fresh * fresh;
    Ok(Some(square / (lambda * nu).powi(2)))
}

/// Erratum 1b. The lag-one covariance `X` from Eq. 78, `X + A X = A₁Σ`, which lacks `−αβC` for the same reason. `None` where
/// there is no stationary state.
///
/// # Errors
/// Names a number of the optimizer or a curvature that is out of its range.
///
/// ```
/// use noisy_descent::{optimizer::Qhm, theory::published::eq_78};
/// let heavy_ball = Qhm { learning_rate: 0.5, momentum: 0.5, mixing: 1.0 };
/// assert!((eq_78(&heavy_ball, 1.0)?.unwrap() - 0.272_727_272_727 * 1.25 / 1.5).abs() < 1e-12); // β = 0: right
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn eq_78(optimizer: &Qhm, curvature: f64) -> Result<Option<f64>> {
    let recursion = Step::from(*optimizer).recursion(curvature);
    Ok(truth(optimizer, curvature)?.map(|(block, ..)| recursion.first * block[(0, 0)] / (1.0 + recursion.second)))
}

/// Erratum 1c. The variance from the corrected Eq. 82 without its terms in `KX` and `KXK`, the ones that the print lacks
/// altogether; the print has three more coefficients wrong, which are left right here. `X` is taken from the corrected
/// Eq. 78. `None` where there is no stationary state.
///
/// # Errors
/// Names a number of the optimizer or a curvature that is out of its range.
///
/// ```
/// use noisy_descent::{optimizer::Qhm, theory::published::eq_82_without_lag_terms};
/// let heavy_ball = Qhm { learning_rate: 0.5, momentum: 0.5, mixing: 1.0 };
/// assert!((eq_82_without_lag_terms(&heavy_ball, 1.0)?.unwrap() - 1.0 / 7.0).abs() < 1e-14); // true is 3/11
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn eq_82_without_lag_terms(optimizer: &Qhm, curvature: f64) -> Result<Option<f64>> {
    let (mu, k) = (optimizer.momentum, curvature);
    let recursion = Step::from(*optimizer).recursion(k);
    Ok(truth(optimizer, k)?.map(|(_, alpha, beta)| {
        // X = (A₁Σ − αβ)/(1 + A): what multiplies Σ and what does not.
        let (slope, constant) = (recursion.first / (1.0 + recursion.second), -alpha * beta / (1.0 + recursion.second));
        let of_lag = 2.0 * mu * (1.0 + mu) - 2.0 * (1.0 + mu) * beta * k;
        let of_variance =
            -2.0 * mu * (1.0 + mu) + 2.0 * (alpha * (1.0 + mu) + mu * beta) * k - (alpha * alpha + beta * beta) * k * k;
        let noise = alpha * alpha + beta * beta - 2.0 * mu * alpha * beta - 2.0 * alpha * beta * (1.0 - alpha * k);
        (noise - of_lag * constant) / (of_variance + of_lag * slope)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_the_missing_terms_each_step_is_right() {
        for (learning_rate, momentum, mixing, k) in [(0.5, 0.9, 0.5, 1.0), (1.2, 0.3, 0.7, 0.8), (0.3, 0.6, 1.0, 2.0)] {
            let qhm = Qhm { learning_rate, momentum, mixing };
            let (block, alpha, beta) = truth(&qhm, k).unwrap().unwrap();
            let lag = lag_one(&qhm, k, &block);
            let close = |got: f64, want: f64| assert!((got / want - 1.0).abs() < 1e-12, "{got} {want}");
            close(eq_75(&qhm, k).unwrap().unwrap() + alpha * alpha * (1.0 - learning_rate.powi(2)), block[(0, 0)]);
            let lacking = 2.0 * learning_rate * (1.0 - mixing) * alpha / (learning_rate * mixing).powi(2);
            close(eq_77(&qhm, k).unwrap().unwrap() - lacking, block[(1, 1)]);
            let a = momentum - beta * k;
            close(eq_78(&qhm, k).unwrap().unwrap() - alpha * beta / (1.0 + a), lag);
            // The two terms in X, on the right side instead: the true variance comes back.
            let missing = (-2.0 * momentum * alpha * k + 2.0 * alpha * beta * k * k) * lag;
            let without = eq_82_without_lag_terms(&qhm, k).unwrap().unwrap();
            let slope = (1.0 + momentum - alpha * k) / (1.0 + a);
            let of_lag = 2.0 * momentum * (1.0 + momentum) - 2.0 * (1.0 + momentum) * beta * k;
            let of_variance = -2.0 * momentum * (1.0 + momentum)
                + 2.0 * (alpha * (1.0 + momentum) + momentum * beta) * k
                - (alpha * alpha + beta * beta) * k * k;
            close(without - missing / (of_variance + of_lag * slope), block[(0, 0)]);
        }
    }
}
