//! Thresholds and minima, by trying.

/// Halvings of a bracket, down to double precision.
const BISECTIONS: usize = 60;

/// Shrinkings of a bracket by the golden ratio; a minimum is flat, so half the digits are all there is.
const SHRINKINGS: usize = 90;

/// Where a property that holds at `low` and not at `high` ends.
pub(crate) fn threshold(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..BISECTIONS {
        let middle = 0.5 * (low + high);
        if holds(middle) { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Where a function with one minimum between `low` and `high` has it.
pub(crate) fn minimum<E>(mut low: f64, mut high: f64, f: impl Fn(f64) -> Result<f64, E>) -> Result<f64, E> {
    let ratio = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut left, mut right) = (high - ratio * (high - low), low + ratio * (high - low));
    let (mut at_left, mut at_right) = (f(left)?, f(right)?);
    for _ in 0..SHRINKINGS {
        if at_left < at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - ratio * (high - low);
            at_left = f(left)?;
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + ratio * (high - low);
            at_right = f(right)?;
        }
    }
    Ok(0.5 * (low + high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_and_a_vertex() {
        assert!((threshold(0.0, 2.0, |x| x * x < 2.0) - 2.0_f64.sqrt()).abs() < 1e-15);
        assert!((minimum(-1.0, 3.0, |x| Ok::<_, ()>((x - 0.3).powi(2))).unwrap() - 0.3).abs() < 1e-8);
    }
}
