//! Whether measurements agree with a theory: standard errors, χ² and its probability, never a look.

use serde::Serialize;

/// A theory is said to agree while chance would do worse with more than this probability.
///
/// ```
/// use noisy_descent::agreement::{ACCEPTED, Comparison, agreement};
/// // One deviation by 3.29 standard errors has the probability 1e-3.
/// let off = |z: f64| [Comparison { at: 0.0, measured: z, error: 1.0, theory: 0.0, degrees: None }];
/// let (near, far) = (agreement(&off(3.29)).unwrap(), agreement(&off(3.30)).unwrap());
/// assert!(near.p_value > ACCEPTED && ACCEPTED > far.p_value);
/// ```
pub const ACCEPTED: f64 = 1e-3;

/// One measurement beside what a theory says of it.
///
/// ```
/// use noisy_descent::agreement::Comparison;
/// let mean = Comparison { at: 0.5, measured: 1.2, error: 0.1, theory: 1.0, degrees: None };
/// assert!((mean.z() - 2.0).abs() < 1e-14 && mean.score() == mean.z());
///
/// // A sample variance three times too large, of 8 degrees of freedom: (∛3 − (1 − 1/36))/√(1/36)
/// let variance = Comparison { measured: 3.0, error: 1.5, degrees: Some(8.0), ..mean };
/// assert!((variance.score() - 6.0 * (3f64.cbrt() - 35.0 / 36.0)).abs() < 1e-13);
/// ```
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
    /// Degrees of freedom, where the measurement is a χ² variable as a sample variance is; `None` for a Gaussian one.
    pub degrees: Option<f64>,
}

/// Below so many degrees of freedom the measured error is too uncertain to count deviations in.
const FEW: f64 = 99.0;

impl Comparison {
    /// Deviation in standard errors. A measurement without any spread agrees only with its own value.
    #[must_use]
    pub fn z(&self) -> f64 {
        let difference = self.measured - self.theory;
        if difference == 0.0 { 0.0 } else { difference / self.error }
    }

    /// A standard normal variable, if the theory is right: [`Comparison::z`], or for a χ² variable its cube root in standard
    /// units (Wilson and Hilferty), which holds from a few degrees of freedom on and needs no measured error.
    #[must_use]
    pub fn score(&self) -> f64 {
        match self.degrees {
            Some(degrees) if self.theory > 0.0 && self.measured >= 0.0 => {
                let spread = 2.0 / (9.0 * degrees);
                (libm::cbrt(self.measured / self.theory) - (1.0 - spread)) / libm::sqrt(spread)
            }
            _ => self.z(),
        }
    }
}

/// How well a theory agrees with a set of independent measurements.
///
/// ```
/// use noisy_descent::agreement::{Agreement, Comparison, agreement};
/// let at = |at: f64, measured: f64| Comparison { at, measured, error: 0.5, theory: 1.0, degrees: None };
/// let found: Agreement = agreement(&[at(0.1, 1.5), at(0.2, 0.0), at(0.3, f64::NAN)]).unwrap();
/// assert_eq!((found.points, found.chi_squared), (2, 1.0 + 4.0)); // deviations of 1 and −2 standard errors
/// assert!((found.p_value - (-2.5f64).exp()).abs() < 1e-15 && found.accepted);
/// assert_eq!((found.largest, found.largest_at), (-2.0, 0.2));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Agreement {
    /// Measurements compared.
    pub points: usize,
    /// Sum of squared deviations, each in units of what chance does ([`Comparison::score`]).
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
/// let at = |at: f64, measured: f64| Comparison { at, measured, error: 0.1, theory: 1.0, degrees: None };
/// let good = agreement(&[at(0.1, 1.05), at(0.2, 0.9), at(0.3, 1.1)]).unwrap();
/// assert!(good.accepted && good.chi_squared < 2.3);
/// let bad = agreement(&[at(0.1, 1.05), at(0.2, 2.0)]).unwrap();
/// assert!(!bad.accepted && bad.largest_at == 0.2);
/// ```
#[must_use]
pub fn agreement(comparisons: &[Comparison]) -> Option<Agreement> {
    let usable: Vec<&Comparison> =
        comparisons.iter().filter(|c| c.score().is_finite() && c.error.is_finite()).collect();
    let worst = usable.iter().max_by(|a, b| a.score().abs().total_cmp(&b.score().abs()))?;
    let chi_squared = usable.iter().map(|c| c.score() * c.score()).sum();
    let p_value = chi_squared_tail(chi_squared, usable.len());
    Some(Agreement {
        points: usable.len(),
        chi_squared,
        p_value,
        largest: if worst.degrees.is_some_and(|degrees| degrees < FEW) { worst.score() } else { worst.z() },
        largest_at: worst.at,
        accepted: p_value > ACCEPTED,
    })
}

/// How far a theory is from measurements that need not be independent, such as those of one ensemble at several times: by the
/// largest deviation alone.
///
/// ```
/// use noisy_descent::agreement::{Comparison, Furthest, furthest};
/// let at = |at: f64, measured: f64| Comparison { at, measured, error: 0.5, theory: 1.0, degrees: None };
/// let found: Furthest = furthest(&[at(1.0, 1.5), at(2.0, -0.645), at(3.0, 1.0)]).unwrap();
/// assert_eq!((found.points, found.largest_at), (3, 2.0));
/// // 3.29 standard errors: by chance at one time with probability 1e-3, at one of three with 3e-3 at most.
/// assert!((found.largest + 3.29).abs() < 1e-12 && (found.p_bound - 0.0030056).abs() < 1e-6 && found.accepted);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Furthest {
    /// Measurements compared.
    pub points: usize,
    /// The largest deviation, in standard errors, with its sign (positive: the measurement lies above).
    pub largest: f64,
    /// Where it is.
    pub largest_at: f64,
    /// The probability that chance makes one of them as large, if the theory is right, is at most this, however they depend on
    /// each other (Bonferroni).
    pub p_bound: f64,
    /// Whether the bound is above [`ACCEPTED`].
    pub accepted: bool,
}

/// Compares; a measurement without a finite error, or without any spread, is left out, and none leaves nothing to say.
#[must_use]
pub fn furthest(comparisons: &[Comparison]) -> Option<Furthest> {
    let usable: Vec<&Comparison> =
        comparisons.iter().filter(|c| c.score().is_finite() && c.error.is_finite() && c.error > 0.0).collect();
    let worst = usable.iter().max_by(|a, b| a.score().abs().total_cmp(&b.score().abs()))?;
    let p_bound = (usable.len() as f64 * chi_squared_tail(worst.score() * worst.score(), 1)).min(1.0);
    Some(Furthest {
        points: usable.len(),
        largest: if worst.degrees.is_some_and(|degrees| degrees < FEW) { worst.score() } else { worst.z() },
        largest_at: worst.at,
        p_bound,
        accepted: p_bound > ACCEPTED,
    })
}

/// Probability that χ² with `n` degrees of freedom exceeds `x`: the regularised upper incomplete gamma function
/// `Q(n/2, x/2)` in its finite sums for whole and half-whole arguments.
///
/// ```
/// use noisy_descent::agreement::chi_squared_tail;
/// assert!((chi_squared_tail(3.0, 2) - (-1.5f64).exp()).abs() < 1e-15); // e^{−x/2}
/// assert!((chi_squared_tail(3.0, 4) - 2.5 * (-1.5f64).exp()).abs() < 1e-15); // (1 + x/2) e^{−x/2}
/// assert!((chi_squared_tail(1.959_963_984_540_054_f64.powi(2), 1) - 0.05).abs() < 1e-12); // the two-sided 5 %
/// ```
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
    fn small_samples_are_not_refused_more_often_than_chance_says() {
        use crate::simulate::Ensemble;
        use crate::{Scenario, Sweep};
        for replicas in [2.0, 3.0, 5.0, 20.0, 300.0] {
            let mut refused = 0;
            for seed in 0..300 {
                let scenario = Scenario::default()
                    .with_number("replicas", replicas)
                    .and_then(|s| s.with_number("steps", 30.0))
                    .and_then(|s| s.with_number("seed", f64::from(seed)))
                    .unwrap();
                let sweep = Sweep { scenario, points: 8, ..Sweep::default() };
                let points: Vec<_> = (0..8)
                    .map(|n| {
                        let mut ensemble = Ensemble::new(&sweep.scenario_at(n).unwrap(), n).unwrap();
                        ensemble.run();
                        sweep.point(n, &ensemble.measure()).unwrap()
                    })
                    .collect();
                refused += u32::from(!crate::sweep::verdict(&points).discrete.unwrap().accepted);
            }
            // 0.3 expected of 300 at p = 0.001; five or more have a chance of 2e-5.
            assert!(refused < 5, "{replicas} replicas: {refused} of 300 refused");
        }
    }

    #[test]
    fn no_measurement_says_nothing() {
        assert_eq!(agreement(&[]), None);
        assert_eq!(
            agreement(&[Comparison { at: 1.0, measured: f64::NAN, error: f64::NAN, theory: 1.0, degrees: None }]),
            None
        );
    }
}
