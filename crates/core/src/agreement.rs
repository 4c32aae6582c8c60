//! Whether measurements agree with a theory: standard errors, χ² and its probability, never a look.

use serde::Serialize;

/// A theory is said to agree while chance would do worse with more than this probability.
pub const ACCEPTED: f64 = 1e-3;

/// One measurement beside what a theory says of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Where it was measured: the value of the parameter swept.
    pub at: f64,
    /// The measurement.
    pub measured: f64,
    /// Its standard error.
    pub error: f64,
    /// The theory's value.
    pub theory: f64,
}

impl Comparison {
    /// Deviation in standard errors. A measurement without any spread agrees only with its own value.
    #[must_use]
    pub fn z(&self) -> f64 {
        let difference = self.measured - self.theory;
        if difference == 0.0 { 0.0 } else { difference / self.error }
    }
}

/// How well a theory agrees with a set of independent measurements.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Agreement {
    /// Measurements compared.
    pub points: usize,
    /// Sum of squared deviations in standard errors.
    pub chi_squared: f64,
    /// Probability of a larger sum by chance, if the theory is right.
    pub p_value: f64,
    /// The largest deviation, in standard errors, with its sign (positive: the measurement lies above).
    pub largest: f64,
    /// Where it is.
    pub largest_at: f64,
    /// Whether the probability is above [`ACCEPTED`].
    pub accepted: bool,
}

/// Compares; points whose error is not finite are left out, and none leaves nothing to say.
///
/// ```
/// use noisy_descent::agreement::{Comparison, agreement};
/// let at = |at: f64, measured: f64| Comparison { at, measured, error: 0.1, theory: 1.0 };
/// let good = agreement(&[at(0.1, 1.05), at(0.2, 0.9), at(0.3, 1.1)]).unwrap();
/// assert!(good.accepted && good.chi_squared < 2.3);
/// let bad = agreement(&[at(0.1, 1.05), at(0.2, 2.0)]).unwrap();
/// assert!(!bad.accepted && bad.largest_at == 0.2);
/// ```
#[must_use]
pub fn agreement(comparisons: &[Comparison]) -> Option<Agreement> {
    let usable: Vec<&Comparison> = comparisons.iter().filter(|c| c.z().is_finite() && c.error.is_finite()).collect();
    let worst = usable.iter().max_by(|a, b| a.z().abs().total_cmp(&b.z().abs()))?;
    let chi_squared = usable.iter().map(|c| c.z() * c.z()).sum();
    let p_value = chi_squared_tail(chi_squared, usable.len());
    Some(Agreement {
        points: usable.len(),
        chi_squared,
        p_value,
        largest: worst.z(),
        largest_at: worst.at,
        accepted: p_value > ACCEPTED,
    })
}

/// Probability that χ² with `n` degrees of freedom exceeds `x`: the regularised upper incomplete gamma function
/// `Q(n/2, x/2)` in its finite sums for whole and half-whole arguments.
#[must_use]
pub fn chi_squared_tail(x: f64, n: usize) -> f64 {
    if x.is_nan() {
        return f64::NAN;
    }
    if x <= 0.0 || n == 0 {
        return 1.0;
    }
    let half = 0.5 * x;
    // Q(a + 1, y) = Q(a, y) + y^a e^{-y}/Γ(a + 1), from Q(1/2, y) = erfc √y or Q(0, y) = 0.
    let (mut total, mut a) = if n % 2 == 1 { (libm::erfc(libm::sqrt(half)), 0.5) } else { (0.0, 0.0) };
    while a < 0.5 * n as f64 {
        total += libm::exp(a * libm::log(half) - half - libm::lgamma(a + 1.0));
        a += 1.0;
    }
    total.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tail_of_chi_squared() {
        // Independent values to 12 digits, from 50-digit arithmetic (mpmath, gammainc(n/2, x/2, inf, regularized=True)).
        for (x, n, want) in [
            (1.0, 1, 0.317310507863),
            (1.0, 2, 0.606530659713),
            (30.0, 30, 0.465653708944),
            (80.0, 30, 1.97562324349e-6),
            (7.5, 3, 0.0575584519726),
            (900.0, 31, 3.37613941573e-169),
        ] {
            let got = chi_squared_tail(x, n);
            assert!((got - want).abs() < 1e-11 * want, "Q({n}/2, {x}/2) = {got}, not {want}");
        }
        assert_eq!(chi_squared_tail(0.0, 5), 1.0);
    }

    #[test]
    fn no_measurement_says_nothing() {
        assert_eq!(agreement(&[]), None);
        assert_eq!(agreement(&[Comparison { at: 1.0, measured: f64::NAN, error: f64::NAN, theory: 1.0 }]), None);
    }
}
