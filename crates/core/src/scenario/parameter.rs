//! What a row of the parameter table says: name, place, type, range, default.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One parameter of a [`Scenario`](crate::Scenario) or a [`Sweep`](crate::Sweep).
///
/// ```
/// use noisy_descent::scenario::{Group, Parameter, Values, parameter};
/// let row: &Parameter = parameter("momentum").unwrap();
/// assert_eq!((row.symbol, row.path, row.group), ("μ", "/optimizer/momentum", Group::Optimizer));
/// assert!(row.is_number() && !row.is_optional());
/// assert!(row.interval().unwrap().contains(0.9) && !row.interval().unwrap().contains(1.0));
///
/// let choice = parameter("optimizer").unwrap();
/// let Values::Choice { options } = choice.values else { panic!("a choice") };
/// assert_eq!((options[0].0, choice.interval()), ("momentum", None));
/// // Without it the exit is twice the barrier.
/// assert!(parameter("exit").unwrap().is_optional());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Parameter {
    /// Name in URLs, errors and sweeps.
    #[cfg_attr(feature = "typescript", tsify(type = "string"))]
    pub name: &'static str,
    /// Place in the document, as a JSON pointer.
    #[cfg_attr(feature = "typescript", tsify(type = "string"))]
    pub path: &'static str,
    /// Which document and panel it belongs to.
    pub group: Group,
    /// Label in words.
    #[cfg_attr(feature = "typescript", tsify(type = "string"))]
    pub label: &'static str,
    /// Symbol in formulas; empty where there is none.
    #[cfg_attr(feature = "typescript", tsify(type = "string"))]
    pub symbol: &'static str,
    /// Unit in words; empty for a pure number.
    #[cfg_attr(feature = "typescript", tsify(type = "string"))]
    pub unit: &'static str,
    /// Type and range.
    pub values: Values,
    /// Default value as JSON text; `null` for a number that a document may leave out, because it follows from others.
    #[cfg_attr(feature = "typescript", tsify(type = "string"))]
    pub default: &'static str,
    /// The choice and those of its values under which the parameter exists at all.
    #[cfg_attr(feature = "typescript", tsify(type = "[string, string[]] | null"))]
    pub only_if: Option<(&'static str, &'static [&'static str])>,
    /// One sentence for a reader.
    #[cfg_attr(feature = "typescript", tsify(type = "string"))]
    pub doc: &'static str,
}

/// The part of the document, and of the page, to which a parameter belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Group {
    /// What is descended.
    Loss,
    /// The gradient's noise.
    Noise,
    /// How it is descended.
    Optimizer,
    /// How often and how long.
    Run,
    /// What a sweep varies and shows; not part of a scenario.
    Sweep,
    /// How a page shows it; part of a sweep's document.
    View,
}

/// The type of a parameter with its range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Values {
    /// A real number.
    Number(Domain),
    /// A whole number.
    Integer(Domain),
    /// A symmetric matrix; `definite` says whether zero eigenvalues are excluded.
    Matrix {
        /// Positive definite, or semidefinite.
        definite: bool,
    },
    /// A list of real numbers.
    Vector {
        /// Smallest number of them.
        least: usize,
        /// Largest number of them.
        most: usize,
        /// Every allowed value.
        interval: Interval,
    },
    /// Rows of real numbers, all of one length.
    Rows {
        /// Largest number of numbers in all.
        most: usize,
    },
    /// A list of words, each at most once.
    Words {
        /// The words.
        #[cfg_attr(feature = "typescript", tsify(type = "string[]"))]
        options: &'static [&'static str],
    },
    /// A formula of a scenario's numbers, or nothing.
    Formula {
        /// Largest number of characters.
        longest: usize,
    },
    /// One of a few words.
    Choice {
        /// The words and what they mean to a reader.
        #[cfg_attr(feature = "typescript", tsify(type = "[string, string][]"))]
        options: &'static [(&'static str, &'static str)],
    },
}

/// What a number may be, and what a slider offers.
///
/// ```
/// use noisy_descent::scenario::{Domain, Slider, Values, parameter};
/// let Values::Number(Domain { interval, slider }) = parameter("learning_rate").unwrap().values else { panic!("a number") };
/// let Slider { low, high, .. } = slider.expect("a slider");
/// assert!(interval.contains(low) && interval.contains(high)); // a slider offers nothing that is refused
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Domain {
    /// Every allowed value.
    pub interval: Interval,
    /// The part that a slider offers; `null` for a plain entry.
    pub slider: Option<Slider>,
}

/// An interval of numbers, ends in or out.
///
/// ```
/// use noisy_descent::scenario::Interval;
/// let share = Interval { low: 0.0, high: 1.0, low_open: false, high_open: true };
/// assert!(share.contains(0.0) && !share.contains(1.0) && !share.contains(f64::NAN));
/// assert_eq!(share.to_string(), "[0, 1)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Whether the lower end is excluded.
    pub low_open: bool,
    /// Whether the upper end is excluded.
    pub high_open: bool,
}

/// The range of a slider.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Slider {
    /// Left end.
    pub low: f64,
    /// Right end.
    pub high: f64,
    /// Step: added on a linear scale, the number of steps per factor of ten on a logarithmic one.
    pub step: f64,
    /// Even steps in the number, or in its logarithm.
    pub scale: Scale,
}

/// The scale of a slider or an axis.
///
/// ```
/// use noisy_descent::{Sweep, scenario::Scale};
/// let decades = Sweep { from: 0.001, to: 10.0, points: 3, scale: Scale::Log, ..Sweep::default() };
/// let values = decades.values();
/// assert!((values[1] / values[0] - 10.0).abs() < 1e-12 && (values[2] / values[1] - 10.0).abs() < 1e-12);
/// assert_eq!(serde_json::to_value(Scale::Log).unwrap(), "log");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Scale {
    /// Even steps in the number.
    Linear,
    /// Even steps in its logarithm.
    Log,
}

impl Interval {
    /// Every finite number.
    pub(super) const ANY: Interval = Interval::closed(f64::MIN, f64::MAX);

    pub(super) const fn closed(low: f64, high: f64) -> Interval {
        Interval { low, high, low_open: false, high_open: false }
    }

    pub(super) const fn open_below(low: f64, high: f64) -> Interval {
        Interval { low, high, low_open: true, high_open: false }
    }

    pub(super) const fn open_above(low: f64, high: f64) -> Interval {
        Interval { low, high, low_open: false, high_open: true }
    }

    /// Whether a value lies in the interval; NaN lies in none.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        let above = if self.low_open { value > self.low } else { value >= self.low };
        let below = if self.high_open { value < self.high } else { value <= self.high };
        above && below
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Interval::ANY {
            return write!(f, "(-∞, ∞)");
        }
        let open = if self.low_open { '(' } else { '[' };
        let close = if self.high_open { ')' } else { ']' };
        write!(f, "{open}{}, {}{close}", self.low, self.high)
    }
}

impl Parameter {
    /// An empty row of a group, for the fields that a row leaves out.
    pub(super) const fn of(group: Group) -> Parameter {
        Parameter {
            name: "",
            path: "",
            group,
            label: "",
            symbol: "",
            unit: "",
            values: Values::Words { options: &[] },
            default: "",
            only_if: None,
            doc: "",
        }
    }

    /// Without the words for a reader, where the build is not the complete one: a page has them from its own table.
    pub(super) const fn shortened(self) -> Parameter {
        if cfg!(feature = "complete") { self } else { Parameter { label: "", symbol: "", unit: "", doc: "", ..self } }
    }

    /// Whether a document may leave it out, because it follows from others.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        self.default == "null"
    }

    /// Whether it is a real or whole number.
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.interval().is_some()
    }

    /// The allowed interval of a number.
    #[must_use]
    pub fn interval(&self) -> Option<&Interval> {
        match &self.values {
            Values::Number(domain) | Values::Integer(domain) => Some(&domain.interval),
            _ => None,
        }
    }
}

pub(super) const fn number(interval: Interval, slider: Option<Slider>) -> Values {
    Values::Number(Domain { interval, slider })
}

pub(super) const fn integer(low: f64, high: f64, slider: Option<Slider>) -> Values {
    Values::Integer(Domain { interval: Interval::closed(low, high), slider })
}

pub(super) const fn linear(low: f64, high: f64, step: f64) -> Option<Slider> {
    Some(Slider { low, high, step, scale: Scale::Linear })
}

pub(super) const fn log(low: f64, high: f64, step: f64) -> Option<Slider> {
    Some(Slider { low, high, step, scale: Scale::Log })
}
