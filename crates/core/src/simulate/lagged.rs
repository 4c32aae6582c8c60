//! How the weights of now go with those of an earlier step.

use super::ensemble::{DIVERGED, Ensemble, REPLICAS_PER_BLOCK};
use serde::Serialize;

/// Covariance between the weights at a step and those at a marked one, over the replicas that have diverged at neither.
///
/// ```
/// use noisy_descent::{Scenario, simulate::{Ensemble, LaggedCovariance}};
/// // SGD on k = 1 with λ = 1/2: the autocovariance falls as (1 − λk)^τ.
/// let scenario = Scenario::default().with_number("learning_rate", 0.5)?.with_number("steps", 60.0)?;
/// let mut ensemble = Ensemble::new(&scenario, 0)?;
/// ensemble.run();
/// ensemble.mark();
/// ensemble.set_target(61);
/// ensemble.run();
/// let lagged: LaggedCovariance = ensemble.lagged_covariance().unwrap();
/// assert_eq!((lagged.lag, lagged.replicas), (1, 10_000));
/// let variance = 0.5 / (2.0 - 0.5);
/// assert!((lagged.covariance[0][0] - 0.5 * variance).abs() < 5.0 * lagged.error[0][0]);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct LaggedCovariance {
    /// Steps since the mark.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub lag: u64,
    /// Replicas that are averaged over.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub replicas: u64,
    /// Covariance of coordinate `i` now (row) with coordinate `j` at the mark, unbiased; NaN with fewer than two replicas.
    pub covariance: Vec<Vec<f64>>,
    /// Standard error of each, from the mean squares of the products: no law is assumed.
    pub error: Vec<Vec<f64>>,
}

/// Weights of all blocks at an earlier step.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    step: u64,
    /// `[block][coordinate][replica]`.
    weights: Vec<Vec<f64>>,
}

impl Ensemble {
    /// Remembers the weights of this step, in the place of those that were remembered before: 8 bytes a coordinate of a
    /// replica, until another mark or [`Ensemble::forget_mark`].
    pub fn mark(&mut self) {
        self.mark = None; // frees the room of the old one first
        let weights = (0..self.blocks()).map(|block| self.block(block)).collect();
        self.mark = Some(Mark { step: self.step(), weights });
    }

    /// Frees what [`Ensemble::mark`] remembers.
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::Ensemble};
    /// let mut ensemble = Ensemble::new(&Scenario::default(), 0)?;
    /// ensemble.mark();
    /// ensemble.forget_mark();
    /// assert!(ensemble.lagged_covariance().is_none());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn forget_mark(&mut self) {
        self.mark = None;
    }

    /// How the weights of now go with those of the mark; `None` without a mark.
    #[must_use]
    pub fn lagged_covariance(&self) -> Option<LaggedCovariance> {
        let mark = self.mark.as_ref()?;
        let n = self.dimension();
        let (mut count, mut sums) = (0_u64, vec![[0.0; 2]; n]);
        // Two passes: means of what is kept, then products of deviations.
        self.pairs(mark, |now, then| {
            count += 1;
            for i in 0..n {
                sums[i][0] += now(i);
                sums[i][1] += then(i);
            }
        });
        let means: Vec<[f64; 2]> = sums.iter().map(|sum| sum.map(|sum| sum / count as f64)).collect();
        let mut products = vec![vec![[0.0; 2]; n]; n];
        self.pairs(mark, |now, then| {
            for i in 0..n {
                for j in 0..n {
                    let product = (now(i) - means[i][0]) * (then(j) - means[j][1]);
                    products[i][j][0] += product;
                    products[i][j][1] += product * product;
                }
            }
        });
        let count_of = count as f64;
        let rows = |entry: &dyn Fn([f64; 2]) -> f64| -> Vec<Vec<f64>> {
            products.iter().map(|row| row.iter().map(|sums| entry(*sums)).collect()).collect()
        };
        Some(LaggedCovariance {
            lag: self.step() - mark.step,
            replicas: count,
            covariance: rows(&|[sum, _]| if count < 2 { f64::NAN } else { sum / (count_of - 1.0) }),
            error: rows(&|[sum, squares]| {
                let mean = sum / count_of;
                ((squares / count_of - mean * mean).max(0.0) / count_of).sqrt()
            }),
        })
    }

    /// Every replica that has diverged neither now nor at the mark, in order.
    fn pairs(&self, mark: &Mark, mut see: impl FnMut(&dyn Fn(usize) -> f64, &dyn Fn(usize) -> f64)) {
        for (block, then) in mark.weights.iter().enumerate() {
            let now = self.block(block);
            for replica in 0..self.counted(block) {
                let at = |weights: &[f64], i: usize| weights[i * REPLICAS_PER_BLOCK + replica];
                if (0..self.dimension()).all(|i| at(&now, i).abs() <= DIVERGED && at(then, i).abs() <= DIVERGED) {
                    see(&|i| at(&now, i), &|i| at(then, i));
                }
            }
        }
    }
}
