//! What a step does to one direction, over the plane of `λk` and the momentum: a map on which every direction of every
//! scenario has its place.

use super::response::response;
use super::stability::{reaches_limit, spectral_radius};
use crate::check::out_of_range;
use crate::error::Result;
use crate::optimizer::{Momentum, Optimizer, Qhm, Step};

/// Stability and fluctuation on a grid: a row for each share, within it a number for each `λk`.
///
/// ```
/// use noisy_descent::{optimizer::Optimizer, theory::{StabilityMap, stability_map}};
/// // Plain SGD at λk = 0.5, 1 and 2.5: the factor |1 − λk| a step, the variance x/(2 − x) in units of c/k².
/// let StabilityMap { spectral_radius, variance, limit } = stability_map(&Optimizer::default(), &[0.5, 1.0, 2.5], &[0.0])?;
/// assert_eq!((&spectral_radius[..], &limit[..]), (&[0.5, 0.0, 1.5][..], &[2.0][..]));
/// assert!((variance[0] - 1.0 / 3.0).abs() < 1e-15 && (variance[1] - 1.0).abs() < 1e-15 && variance[2].is_nan());
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct StabilityMap {
    /// Largest factor by which a step multiplies a deviation; below 1 when stable.
    pub spectral_radius: Vec<f64>,
    /// Stationary variance in units of `c/k²`, where `c` is the variance of the gradient's noise along the direction; NaN where
    /// there is none.
    pub variance: Vec<f64>,
    /// What `λk` must stay below, one number for each share: `2(1 + μ)` for momentum.
    pub limit: Vec<f64>,
}

/// Most cells of a map: far more than a screen shows.
const MOST: usize = 1 << 20;

/// The map of an optimizer's step over values of `λk` above zero (`products`) and of its share (`shares`): the momentum `μ`
/// in `[0, 1)` or, for QHM, the mixing `ν` in `[0, 1]` at the optimizer's own momentum.
///
/// Its own learning rate and share are not used. Behind a preconditioner `Λ` the `k` are the eigenvalues of `ΛK`; the
/// heavy-ball step of Adam has the learning rate `λ(1 − β₁)` and the momentum `β₁`. Liu et al. 2021, Eq. 6 and 11, and the
/// corrected Theorem 11.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) for a value outside its range, or more than a million cells.
///
/// ```
/// use noisy_descent::{optimizer::{Optimizer, Qhm}, theory::stability_map};
/// // The limit of QHM grows with its mixing: 2(1 + μ)/(1 + μ − 2μν).
/// let qhm = Optimizer::Qhm(Qhm { learning_rate: 1.0, momentum: 0.5, mixing: 0.7 });
/// assert_eq!(stability_map(&qhm, &[1.0], &[0.0, 0.5, 1.0])?.limit, [2.0, 3.0, 6.0]);
/// assert_eq!(stability_map(&qhm, &[0.0], &[0.5]).unwrap_err().to_string(), "learning_rate must lie in (0, ∞), got 0");
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn stability_map(optimizer: &Optimizer, products: &[f64], shares: &[f64]) -> Result<StabilityMap> {
    let cells = products.len().saturating_mul(shares.len());
    if cells > MOST {
        return Err(out_of_range("cells", cells as f64, format!("[0, {MOST}]")));
    }
    let template = step_of(optimizer);
    let mut map = StabilityMap {
        spectral_radius: Vec::with_capacity(cells),
        variance: Vec::with_capacity(cells),
        limit: Vec::with_capacity(shares.len()),
    };
    for &share in shares {
        // The curvature and the noise are the units, so that the learning rate is λk.
        let at = |product: f64| with(&template, product, share);
        map.limit.push(at(1.0).stability_limit());
        for &product in products {
            let step = at(product);
            step.check()?;
            map.spectral_radius.push(spectral_radius(&step, 1.0));
            map.variance.push(if reaches_limit(&step, 1.0) { f64::NAN } else { response(&step, 1.0, 1.0) });
        }
    }
    Ok(map)
}

/// The step in the coordinates that the optimizer works in.
fn step_of(optimizer: &Optimizer) -> Step {
    match optimizer {
        Optimizer::Momentum(step) => Step::Momentum(*step),
        Optimizer::Qhm(step) => Step::Qhm(*step),
        Optimizer::Preconditioned(optimizer) => optimizer.step(),
        Optimizer::Newton(optimizer) => optimizer.step(),
        Optimizer::NaturalGradient(optimizer) => optimizer.step(),
        Optimizer::Adam(optimizer) => optimizer.step(),
    }
}

fn with(template: &Step, learning_rate: f64, share: f64) -> Step {
    match *template {
        Step::Momentum(_) => Step::Momentum(Momentum { learning_rate, momentum: share }),
        Step::Qhm(Qhm { momentum, .. }) => Step::Qhm(Qhm { learning_rate, momentum, mixing: share }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizer::{Adam, AdamForm, Newton};
    use crate::theory::{System, stability, stationary_block, stationary_covariance};
    use nalgebra::dmatrix;

    const PRODUCTS: [f64; 6] = [0.01, 0.4, 1.0, 1.9, 2.6, 3.7];
    const SHARES: [f64; 4] = [0.0, 0.3, 0.75, 0.95];

    fn optimizers() -> [Optimizer; 2] {
        let (learning_rate, momentum) = (0.1, 0.6);
        [
            Optimizer::Momentum(Momentum { learning_rate, momentum }),
            Optimizer::Qhm(Qhm { learning_rate, momentum, mixing: 0.2 }),
        ]
    }

    fn cells(map: &StabilityMap) -> impl Iterator<Item = (f64, f64, f64, f64)> {
        (0..map.variance.len()).map(|cell| {
            let (row, column) = (cell / PRODUCTS.len(), cell % PRODUCTS.len());
            (PRODUCTS[column], SHARES[row], map.spectral_radius[cell], map.variance[cell])
        })
    }

    #[test]
    fn each_cell_is_what_a_system_of_that_step_says() {
        for optimizer in optimizers() {
            let map = stability_map(&optimizer, &PRODUCTS, &SHARES).unwrap();
            let (mut stable, mut unstable) = (0, 0);
            for (product, share, radius, variance) in cells(&map) {
                // Another curvature and noise, so that the units count: λ = x/k.
                let (k, c) = (2.5, 0.7);
                let there = match with(&step_of(&optimizer), product / k, share) {
                    Step::Momentum(step) => Optimizer::Momentum(step),
                    Step::Qhm(step) => Optimizer::Qhm(step),
                };
                let system = System::new(&dmatrix![k], &dmatrix![c], &there).unwrap();
                let found = stability(&system);
                assert!((found.spectral_radius - radius).abs() < 1e-7 * (1.0 + radius), "{product}, {share}");
                assert_eq!(found.stable, radius < 1.0, "{product}, {share}");
                assert_eq!(found.stable, variance.is_finite());
                match stationary_covariance(&system) {
                    Some(sigma) => {
                        stable += 1;
                        assert!((sigma[(0, 0)] * k * k / c / variance - 1.0).abs() < 1e-12, "{product}, {share}");
                    }
                    None => unstable += 1,
                }
            }
            assert!(stable > 8 && unstable > 2, "{stable} and {unstable}");
        }
    }

    #[test]
    fn the_variance_is_the_sum_over_all_noises_past() {
        for optimizer in optimizers() {
            let map = stability_map(&optimizer, &PRODUCTS, &SHARES).unwrap();
            for (product, share, _, variance) in cells(&map).filter(|cell| cell.3.is_finite()) {
                let block = stationary_block(&with(&step_of(&optimizer), product, share), 1.0, 1.0).unwrap();
                assert!((block[(0, 0)] / variance - 1.0).abs() < 1e-11, "{product}, {share}");
            }
        }
    }

    #[test]
    fn the_limit_is_where_the_radius_is_one() {
        for optimizer in optimizers() {
            for (row, &limit) in stability_map(&optimizer, &[], &SHARES).unwrap().limit.iter().enumerate() {
                let near = [limit * (1.0 - 1e-6), limit, limit * (1.0 + 1e-6)];
                let map = stability_map(&optimizer, &near, &SHARES[row..=row]).unwrap();
                assert!(map.spectral_radius[0] < 1.0 && map.spectral_radius[2] > 1.0);
                assert!((map.spectral_radius[1] - 1.0).abs() < 1e-9);
                assert!(map.variance[0] > 0.0 && map.variance[1].is_nan() && map.variance[2].is_nan());
            }
        }
    }

    #[test]
    fn optimizers_behind_a_preconditioner_have_their_own_step() {
        let newton = Optimizer::Newton(Newton { learning_rate: 0.1, momentum: 0.5 });
        let form = AdamForm::Diagonal;
        let adam = Optimizer::Adam(Adam { learning_rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 0.0, form });
        let plain = stability_map(&optimizers()[0], &PRODUCTS, &SHARES).unwrap();
        for optimizer in [newton, adam] {
            let map = stability_map(&optimizer, &PRODUCTS, &SHARES).unwrap();
            assert_eq!((&map.spectral_radius, &map.limit), (&plain.spectral_radius, &plain.limit));
        }
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        let [momentum, qhm] = optimizers();
        for (optimizer, product, share, name) in [
            (&momentum, -1.0, 0.5, "learning_rate"),
            (&momentum, f64::NAN, 0.5, "learning_rate"),
            (&momentum, 1.0, 1.0, "momentum"),
            (&qhm, 1.0, 1.5, "mixing"),
        ] {
            assert_eq!(stability_map(optimizer, &[product], &[share]).unwrap_err().parameter(), name);
        }
        let many = vec![1.0; 1100];
        assert_eq!(stability_map(&momentum, &many, &many).unwrap_err().parameter(), "cells");
    }
}
