//! Composite Gauss-Legendre quadrature on panels of 20 nodes.

use crate::check::out_of_range;
use crate::error::Result;

/// Nodes of a panel.
pub(super) const ORDER: usize = 20;

/// Newton steps to a node: quadratic convergence needs five or six.
const NEWTON_STEPS: usize = 20;

/// The rule on `[−1, 1]`.
pub(super) struct GaussLegendre {
    pub(super) nodes: [f64; ORDER],
    pub(super) weights: [f64; ORDER],
}

impl GaussLegendre {
    pub(super) fn new() -> GaussLegendre {
        let (mut nodes, mut weights) = ([0.0; ORDER], [0.0; ORDER]);
        for i in 0..ORDER {
            let mut x = -libm::cos(std::f64::consts::PI * (i as f64 + 0.75) / (ORDER as f64 + 0.5));
            let mut slope = 1.0;
            for _ in 0..NEWTON_STEPS {
                let p = legendre(x);
                slope = ORDER as f64 * (x * p[ORDER] - p[ORDER - 1]) / (x * x - 1.0);
                let change = p[ORDER] / slope;
                x -= change;
                if change.abs() < 1e-16 {
                    break;
                }
            }
            nodes[i] = x;
            weights[i] = 2.0 / ((1.0 - x * x) * slope * slope);
        }
        GaussLegendre { nodes, weights }
    }

    /// Row `i`: weights of the integral from −1 to node `i`, exact for polynomials of degree below [`ORDER`].
    pub(super) fn running_weights(&self) -> [[f64; ORDER]; ORDER] {
        let at: Vec<[f64; ORDER + 1]> = self.nodes.iter().map(|&x| legendre(x)).collect();
        let mut running = [[0.0; ORDER]; ORDER];
        for i in 0..ORDER {
            for j in 0..ORDER {
                let mut sum = self.nodes[i] + 1.0;
                for k in 1..ORDER {
                    sum += at[j][k] * (at[i][k + 1] - at[i][k - 1]);
                }
                running[i][j] = 0.5 * self.weights[j] * sum;
            }
        }
        running
    }
}

/// `P_0(x) … P_20(x)`.
fn legendre(x: f64) -> [f64; ORDER + 1] {
    let mut p = [1.0; ORDER + 1];
    p[1] = x;
    for k in 1..ORDER {
        let n = k as f64;
        p[k + 1] = ((2.0 * n + 1.0) * x * p[k] - n * p[k - 1]) / (n + 1.0);
    }
    p
}

/// Nodes and weights over an interval.
pub(super) struct Grid {
    pub(super) positions: Vec<f64>,
    pub(super) weights: Vec<f64>,
}

impl Grid {
    /// Panels over `[low, high]`, none across a break and none wider than `width` allows within it.
    ///
    /// The error of more than `largest` nodes comes before they are allocated.
    pub(super) fn new(low: f64, high: f64, breaks: &[f64], width: impl Fn(f64) -> f64, largest: usize) -> Result<Grid> {
        let edges = panels(low, high, breaks, width, largest / ORDER)?;
        let rule = GaussLegendre::new();
        let (mut positions, mut weights) = (Vec::new(), Vec::new());
        for edge in edges.windows(2) {
            let (centre, half) = (0.5 * (edge[0] + edge[1]), 0.5 * (edge[1] - edge[0]));
            positions.extend(rule.nodes.iter().map(|x| centre + half * x));
            weights.extend(rule.weights.iter().map(|w| half * w));
        }
        Ok(Grid { positions, weights })
    }
}

/// The edges of panels over `[low, high]`, see [`Grid::new`].
pub(super) fn panels(
    low: f64,
    high: f64,
    breaks: &[f64],
    width: impl Fn(f64) -> f64,
    largest: usize,
) -> Result<Vec<f64>> {
    let too_many = |count: f64| {
        let allowed = format!("[1, {}]; a larger learning rate or a nearer end needs fewer", largest * ORDER);
        Err(out_of_range("grid_nodes", count * ORDER as f64, allowed))
    };
    let mut ends: Vec<f64> = breaks.iter().copied().filter(|&w| w > low && w < high).collect();
    ends.push(high);
    ends.reverse();
    let mut edges = vec![low];
    while let Some(&to) = ends.last() {
        let from = edges[edges.len() - 1];
        // A width that is no number counts as none, and the halves run into the limit below.
        let samples = [0.01, 0.25, 0.5, 0.75, 0.99].map(|fraction| width(from + fraction * (to - from)).max(0.0));
        let narrowest = samples.iter().copied().fold(f64::INFINITY, f64::min);
        let widest = samples.iter().copied().fold(0.0, f64::max);
        let count = ((to - from) / narrowest).ceil();
        if count <= 1.0 {
            edges.push(to);
            ends.pop();
        } else if widest < 1.5 * narrowest {
            if edges.len() as f64 + count > largest as f64 + 1.0 {
                return too_many(edges.len() as f64 - 1.0 + count);
            }
            edges.extend((1..count as usize).map(|i| from + (to - from) * i as f64 / count));
            edges.push(to);
            ends.pop();
        } else {
            ends.push(0.5 * (from + to));
        }
        if edges.len() + ends.len() > largest + 1 {
            return too_many((edges.len() + ends.len()) as f64);
        }
    }
    Ok(edges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_exact_for_polynomials() {
        let rule = GaussLegendre::new();
        for degree in 0..2 * ORDER {
            let got: f64 = rule.nodes.iter().zip(&rule.weights).map(|(x, w)| w * x.powi(degree as i32)).sum();
            let want = if degree % 2 == 0 { 2.0 / (degree as f64 + 1.0) } else { 0.0 };
            assert!((got - want).abs() < 1e-14, "degree {degree}: {got}");
        }
        let running = rule.running_weights();
        for (i, x) in rule.nodes.iter().enumerate() {
            let got: f64 = running[i].iter().zip(&rule.nodes).map(|(w, t)| w * t.exp()).sum();
            assert!((got - (x.exp() - (-1f64).exp())).abs() < 1e-14);
        }
    }

    #[test]
    fn panels_respect_breaks_and_widths() {
        let edges = panels(0.0, 10.0, &[3.0, 20.0], |w| if w < 3.0 { 1.0 } else { 0.3 * w }, 100).unwrap();
        assert!(edges.contains(&3.0) && edges[0] == 0.0 && *edges.last().unwrap() == 10.0);
        assert!(edges.windows(2).all(|e| e[1] > e[0] && e[1] - e[0] <= 0.3 * e[1] + 1.0));
        assert!(panels(0.0, 10.0, &[], |_| 0.01, 100).is_err());
        assert!(panels(0.0, 10.0, &[], |_| f64::NAN, 100).is_err());
        assert!(panels(0.0, 10.0, &[], |_| 0.0, 100).is_err());
    }
}
