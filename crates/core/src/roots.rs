//! Where a polynomial changes its sign.

/// Halvings of a bracket around a root; it ends earlier, when no number lies between.
const BISECTIONS: usize = 300;

/// The polynomial at a point, coefficients in ascending order.
pub(crate) fn horner(coefficients: &[f64], w: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * w + c)
}

/// Coefficients of the derivative.
pub(crate) fn derivative(coefficients: &[f64]) -> Vec<f64> {
    coefficients.iter().enumerate().skip(1).map(|(power, c)| power as f64 * c).collect()
}

/// The points where a polynomial changes its sign, in ascending order: between neighbouring extrema, which are the
/// sign changes of its derivative, there is at most one.
pub(crate) fn sign_changes(coefficients: &[f64]) -> Vec<f64> {
    let Some((&leading, rest)) = coefficients.split_last() else {
        return Vec::new();
    };
    if rest.is_empty() {
        return Vec::new();
    }
    if rest.len() == 1 {
        return vec![-rest[0] / leading];
    }
    // Cauchy's bound on the roots.
    let bound = 1.0 + rest.iter().map(|c| (c / leading).abs()).fold(0.0, f64::max);
    let mut points = vec![-bound];
    points.extend(sign_changes(&derivative(coefficients)));
    points.push(bound);
    let mut roots = Vec::new();
    let mut left = None::<(f64, bool)>;
    let mut zero = None;
    for point in points {
        let value = horner(coefficients, point);
        if value == 0.0 {
            zero = Some(point);
            continue;
        }
        let positive = value > 0.0;
        if let Some((from, was)) = left
            && was != positive
        {
            roots.push(zero.unwrap_or_else(|| bisect(coefficients, from, point, was)));
        }
        (left, zero) = (Some((point, positive)), None);
    }
    roots
}

fn bisect(coefficients: &[f64], mut low: f64, mut high: f64, positive_at_low: bool) -> f64 {
    for _ in 0..BISECTIONS {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        let value = horner(coefficients, middle);
        if value == 0.0 {
            return middle;
        }
        if (value > 0.0) == positive_at_low { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}
