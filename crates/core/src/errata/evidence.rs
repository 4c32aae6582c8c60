//! A piece of evidence: three values of one quantity, and how near they have to be.

use serde::Serialize;

/// Relative difference that is rounding only: the longest sums here have 10⁵ terms.
const ROUNDING: f64 = 1e-9;

/// A simulated value may be this many standard errors off: once in a million times by chance.
const STANDARD_ERRORS: f64 = 5.0;

/// A printed value is off when it misses the independent one by this many times the tolerance and this many standard errors.
const FAR: f64 = 3.0;
const FAR_STANDARD_ERRORS: f64 = 10.0;

/// How an independent value is found. None of them uses a formula of the paper or of the theory here.
///
/// ```
/// use noisy_descent::errata::{Method, erratum};
/// let curved = erratum("3")?;
/// assert!(curved.evidence.iter().all(|evidence| evidence.method != Method::Simulation)); // no random number in it
/// assert_eq!(Method::LyapunovSum.words(), "Lyapunov sum");
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Method {
    /// The second moments of the update rule, iterated until they stand still: `S ← A S Aᵀ + Q`.
    LyapunovSum,
    /// The update rule itself, or its second moments, over a given number of steps.
    Stepping,
    /// The transition probabilities of the discrete walker on a grid, iterated.
    ExactChain,
    /// An integral by Simpson's rule.
    Quadrature,
    /// Random walkers from a fixed seed, with a standard error.
    Simulation,
    /// A sum over every outcome.
    Enumeration,
    /// A minimum or a threshold found by trying, on values that one of the others gives.
    Search,
}

impl Method {
    /// The method in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Method::LyapunovSum => "Lyapunov sum",
            Method::Stepping => "stepping",
            Method::ExactChain => "exact chain",
            Method::Quadrature => "quadrature",
            Method::Simulation => "simulation",
            Method::Enumeration => "enumeration",
            Method::Search => "search",
        }
    }
}

/// Three values of one quantity: as printed, corrected, and by code that uses neither.
///
/// ```
/// use noisy_descent::errata::{Evidence, Method};
/// let simulated = Evidence {
///     quantity: "a variance".into(),
///     printed: Some(1.25),
///     corrected: 0.75,
///     independent: 0.76,
///     method: Method::Simulation,
///     standard_error: Some(0.01),
///     tolerance: 0.0,
/// };
/// assert!(simulated.is_confirmed()); // one standard error off
/// assert!(simulated.refutes_print()); // 49 of them
/// let vague = Evidence { standard_error: Some(0.05), ..simulated.clone() };
/// assert!(vague.is_confirmed() && !vague.refutes_print()); // 9.8 are not enough
/// assert!(!Evidence { standard_error: None, ..simulated }.is_confirmed()); // not a number that may scatter
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Evidence {
    /// What is computed, with the numbers that are not parameters.
    pub quantity: String,
    /// By the print; `null` where it gives no value: nothing is stationary by it, it is about another quantity, or what it
    /// gives at these parameters is not recorded.
    pub printed: Option<f64>,
    /// By the corrected theory.
    pub corrected: f64,
    /// By neither.
    pub independent: f64,
    /// How the independent value was found.
    pub method: Method,
    /// Standard error of the independent value; `null` unless it is simulated.
    pub standard_error: Option<f64>,
    /// How far the corrected value may be from the independent one, besides the standard error: rounding, or what the corrected
    /// result itself leaves out where it is a limit. Same unit.
    pub tolerance: f64,
}

impl Evidence {
    /// Two values that have to agree to rounding.
    pub(super) fn new(quantity: impl Into<String>, corrected: f64, independent: f64, method: Method) -> Evidence {
        let tolerance = ROUNDING * corrected.abs().max(independent.abs());
        let (printed, standard_error) = (None, None);
        Evidence { quantity: quantity.into(), printed, corrected, independent, method, standard_error, tolerance }
    }

    /// A value that the print has; one that is no number is none.
    pub(super) fn printed(self, value: impl Into<Option<f64>>) -> Evidence {
        Evidence { printed: value.into().filter(|value| value.is_finite()), ..self }
    }

    /// A relative tolerance other than rounding.
    pub(super) fn within(self, relative: f64) -> Evidence {
        Evidence { tolerance: relative * self.independent.abs(), ..self }
    }

    /// An absolute tolerance.
    pub(super) fn within_absolute(self, tolerance: f64) -> Evidence {
        Evidence { tolerance, ..self }
    }

    /// The independent value is simulated.
    pub(super) fn with_standard_error(self, standard_error: f64) -> Evidence {
        Evidence { standard_error: Some(standard_error), ..self }
    }

    /// Whether the corrected value is the independent one, up to the tolerance and five standard errors.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        let error = self.standard_error.unwrap_or(0.0);
        (self.corrected - self.independent).abs() <= self.tolerance + STANDARD_ERRORS * error
    }

    /// Whether the printed value is not: off by more than three times the tolerance and ten standard errors. False where
    /// nothing is printed.
    #[must_use]
    pub fn refutes_print(&self) -> bool {
        let far = FAR * self.tolerance + FAR_STANDARD_ERRORS * self.standard_error.unwrap_or(0.0);
        self.printed.is_some_and(|printed| (printed - self.independent).abs() > far)
    }

    pub(super) fn is_finite(&self) -> bool {
        let error = self.standard_error.unwrap_or(0.0);
        self.corrected.is_finite() && self.independent.is_finite() && self.tolerance.is_finite() && error.is_finite()
    }
}
