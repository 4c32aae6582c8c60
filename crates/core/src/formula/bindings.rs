//! What the names of a formula stand for at one place.

use super::Name;
use crate::error::Error;

/// Numbers for the names of a formula, and the eigen-directions that `sum` goes through.
///
/// ```
/// use noisy_descent::formula::{Bindings, Name};
/// let mut here = Bindings::new();
/// here.set(Name::Momentum, 0.9);
/// here.set_directions(vec![(1.0, 1.0)]);
/// assert_eq!((here.get(Name::Momentum), here.get(Name::Mixing)), (Some(0.9), None));
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bindings {
    values: [Option<f64>; Name::ALL.len()],
    /// Curvature and variance of the noise of each eigen-direction, sharpest first.
    pub(super) directions: Vec<(f64, f64)>,
}

impl Bindings {
    /// No name has a number.
    #[must_use]
    pub fn new() -> Bindings {
        Bindings::default()
    }

    /// Gives a name its number.
    pub fn set(&mut self, name: Name, value: f64) {
        self.values[name as usize] = Some(value);
    }

    /// Gives `sum` its directions: curvature `k` and variance `c` of the noise, sharpest first.
    pub fn set_directions(&mut self, directions: Vec<(f64, f64)>) {
        self.directions = directions;
    }

    /// The number of a name.
    #[must_use]
    pub fn get(&self, name: Name) -> Option<f64> {
        self.values[name as usize]
    }

    /// What to say of a name without a number.
    pub(super) fn missing(&self, name: Name, position: usize) -> Error {
        let symbol = name.symbol();
        let message = match name {
            Name::Curvature | Name::FirstCurvature | Name::SecondCurvature | Name::Noise => {
                format!("{symbol} belongs to one direction, say sum(…{symbol}…) over all: it stands")
            }
            Name::First | Name::Second => format!("no coordinate is shown, so {symbol} needs sum(…): it stands"),
            _ => format!("this scenario has no {symbol}, which stands"),
        };
        Error::BadFormula { position, value: symbol.into(), message }
    }
}
