//! Second moments of a linear update rule by going through its steps one at a time.

use crate::error::{Error, Result};

/// Most steps until second moments stand still; a direction that is slower counts as one without a stationary state.
const STEPS: usize = 2_000_000;

/// Relative change of a step at which they do: two units in the last place, since the last one may go to and fro.
const STANDSTILL: f64 = 2.0 * f64::EPSILON;

/// Doublings until growth or decay shows: a root within 10⁻¹² of the unit circle.
const DOUBLINGS: usize = 45;

/// A square matrix of a few numbers.
pub(crate) type Square<const N: usize> = [[f64; N]; N];

/// A linear update rule on `N` numbers: the state goes through `transition`, the noise through `input`.
pub(crate) struct Update<const N: usize> {
    pub(crate) transition: Square<N>,
    pub(crate) input: [f64; N],
}

impl<const N: usize> Update<N> {
    /// The matrices of a rule, from what it does to states and a noise of size one.
    pub(crate) fn of(rule: impl Fn([f64; N], f64) -> [f64; N]) -> Update<N> {
        let mut transition = [[0.0; N]; N];
        for j in 0..N {
            let mut unit = [0.0; N];
            unit[j] = 1.0;
            let image = rule(unit, 0.0);
            for i in 0..N {
                transition[i][j] = image[i];
            }
        }
        Update { transition, input: rule([0.0; N], 1.0) }
    }

    /// Covariance of what the noise adds in one step.
    fn noise(&self) -> Square<N> {
        let b = self.input;
        b.map(|x| b.map(|y| x * y))
    }

    /// Stationary second moments for noise of variance one.
    pub(crate) fn stationary(&self) -> Result<Square<N>> {
        stationary(&self.transition, &self.noise())
    }

    /// Second moments after `steps` from the state zero.
    pub(crate) fn after(&self, steps: usize) -> Square<N> {
        let noise = self.noise();
        (0..steps).fold([[0.0; N]; N], |moments, _| step(&self.transition, &moments, &noise))
    }

    /// Whether a deviation grows in the long run.
    pub(crate) fn grows(&self) -> bool {
        grows(&self.transition)
    }
}

/// `A S Aᵀ + Q`.
pub(crate) fn step<const N: usize>(a: &Square<N>, s: &Square<N>, q: &Square<N>) -> Square<N> {
    let half = product(a, s);
    let mut next = *q;
    for i in 0..N {
        for j in 0..N {
            for k in 0..N {
                next[i][j] += half[i][k] * a[j][k];
            }
        }
    }
    next
}

/// The fixed point of `S ← A S Aᵀ + Q`, from zero; infinite where the sum grows without bound.
pub(crate) fn stationary<const N: usize>(a: &Square<N>, q: &Square<N>) -> Result<Square<N>> {
    let mut moments = *q;
    for _ in 0..STEPS {
        let next = step(a, &moments, q);
        let (mut change, mut size) = (0.0_f64, 0.0_f64);
        for i in 0..N {
            for j in 0..N {
                change = change.max((next[i][j] - moments[i][j]).abs());
                size = size.max(next[i][j].abs());
            }
        }
        moments = next;
        if !size.is_finite() {
            return Ok([[f64::INFINITY; N]; N]);
        }
        if change <= STANDSTILL * size {
            return Ok(moments);
        }
    }
    Err(Error::NotConverged { parameter: "the Lyapunov sum".into(), iterations: STEPS })
}

/// Whether the powers of a matrix grow, by squaring it again and again.
pub(crate) fn grows<const N: usize>(a: &Square<N>) -> bool {
    let mut power = *a;
    for _ in 0..DOUBLINGS {
        power = product(&power, &power);
        let size = power.iter().flatten().fold(0.0_f64, |size, x| size.max(x.abs()));
        if !(1e-100..1e100).contains(&size) {
            return size > 1.0;
        }
    }
    true
}

/// `A B`.
pub(crate) fn product<const N: usize>(a: &Square<N>, b: &Square<N>) -> Square<N> {
    let mut product = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..N {
            for k in 0..N {
                product[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    product
}

/// Heavy-ball momentum on a direction of curvature `k`: `m' = μm + g`, `w' = w − λm'`, `g = kw + η`.
pub(crate) fn heavy_ball(learning_rate: f64, momentum: f64, k: f64) -> Update<2> {
    Update::of(move |[w, m], noise| {
        let m = momentum * m + k * w + noise;
        [w - learning_rate * m, m]
    })
}

/// Plain SGD: `w' = w − λ(kw + η)`.
pub(crate) fn sgd(learning_rate: f64, k: f64) -> Update<1> {
    Update::of(move |[w], noise| [w - learning_rate * (k * w + noise)])
}

/// QHM: `m' = μm + (1−μ)g`, `w' = w − λ[(1−ν)g + νm']`, `g = kw + η`.
pub(crate) fn qhm(learning_rate: f64, momentum: f64, mixing: f64, k: f64) -> Update<2> {
    Update::of(move |[w, m], noise| {
        let g = k * w + noise;
        let m = momentum * m + (1.0 - momentum) * g;
        [w - learning_rate * ((1.0 - mixing) * g + mixing * m), m]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_geometric_series_and_its_end() {
        let sum = sgd(0.5, 1.0).stationary().unwrap()[0][0];
        assert!((sum - 1.0 / 3.0).abs() < 1e-15); // 1/4 (1 + 1/4 + 1/16 + …)
        assert_eq!(sgd(0.5, 1.0).after(2)[0][0], 0.3125);
        assert_eq!(sgd(2.1, 1.0).stationary().unwrap()[0][0], f64::INFINITY);
        assert!(sgd(2.1, 1.0).grows() && !sgd(1.9, 1.0).grows());
    }

    #[test]
    fn the_matrices_of_a_rule() {
        let update = heavy_ball(0.5, 0.9, 2.0);
        assert_eq!(update.transition, [[0.0, -0.45], [2.0, 0.9]]);
        assert_eq!(update.input, [-0.5, 1.0]);
    }
}
