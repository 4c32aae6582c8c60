//! Simpson's rule.

/// `∫ f` from `from` to `to` with `2n` panels.
pub(crate) fn integral(f: impl Fn(f64) -> f64, from: f64, to: f64, n: usize) -> f64 {
    let h = (to - from) / (2 * n) as f64;
    let ends = f(from) + f(to);
    let inner: f64 = (1..2 * n).map(|i| if i % 2 == 1 { 4.0 } else { 2.0 } * f(from + h * i as f64)).sum();
    (ends + inner) * h / 3.0
}

/// Nodes and weights of the same rule.
pub(crate) fn nodes(from: f64, to: f64, n: usize) -> Vec<(f64, f64)> {
    let h = (to - from) / (2 * n) as f64;
    let weight = |i: usize| match i {
        0 => 1.0,
        _ if i == 2 * n => 1.0,
        _ if i % 2 == 1 => 4.0,
        _ => 2.0,
    };
    (0..=2 * n).map(|i| (from + h * i as f64, weight(i) * h / 3.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cubes_are_exact() {
        assert!((integral(|x| x * x * x, 1.0, 3.0, 2) - 20.0).abs() < 1e-13);
        let by_nodes: f64 = nodes(1.0, 3.0, 2).iter().map(|(x, weight)| weight * x * x * x).sum();
        assert!((by_nodes - 20.0).abs() < 1e-13);
    }
}
