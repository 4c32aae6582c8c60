//! A formula that a person types, to be drawn beside the theories: parsed by a grammar, never run as code.

mod bindings;
mod evaluate;
mod function;
mod name;
mod parse;

pub use bindings::Bindings;
pub use name::Name;

use crate::complete::Complete;
use crate::error::{Error, Result};
use evaluate::value_of;
use function::Function;

/// Longest formula that is read, in characters.
///
/// ```
/// use noisy_descent::formula::{Formula, LONGEST};
/// let problem = Formula::parse(&"1+".repeat(LONGEST)).unwrap_err();
/// assert_eq!(problem.to_string(), "formula cannot be read: it has 1000 characters, of which 500 are read: it ends at 500");
/// ```
pub const LONGEST: usize = 500;

/// How deep parentheses, functions, signs and powers may be nested.
///
/// ```
/// use noisy_descent::formula::{DEEPEST, Formula};
/// let nested = |deep: usize| format!("{}1{}", "(".repeat(deep), ")".repeat(deep));
/// assert!(Formula::parse(&nested(DEEPEST / 2)).is_ok());
/// let problem = Formula::parse(&nested(DEEPEST + 1)).unwrap_err();
/// assert!(problem.to_string().starts_with("formula cannot be read: it is nested more than 64 deep at "));
/// ```
pub const DEEPEST: usize = 64;

/// An expression of the numbers of a scenario, such as `λc/(k(2−λk))` written `lambda*c/(k*(2-lambda*k))`.
///
/// Numbers, names (see [`Name`]), `+ - * / ^`, parentheses, and the functions `sqrt exp ln log sin cos tanh erf abs min max`
/// and `sum`. Inside `sum(…)` the names `k`, `c`, `i` and `j` go through the eigen-directions of the Hessian.
///
/// ```
/// use noisy_descent::formula::{Bindings, Formula, Name};
/// let variance = Formula::parse("λ*c/(k*(2-lambda*k))")?;
/// let mut here = Bindings::new();
/// for (name, value) in [(Name::LearningRate, 1.5), (Name::Noise, 1.0), (Name::Curvature, 1.0)] {
///     here.set(name, value);
/// }
/// variance.check(&here)?;
/// assert_eq!(variance.evaluate(&here), 3.0);
///
/// let problem = Formula::parse("lambda*c/(2-k))").unwrap_err();
/// assert_eq!(problem.to_string(), "formula cannot be read: unexpected ')' at 15");
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    root: Node,
    complete: Complete,
}

/// A piece of a formula.
#[derive(Debug, Clone, PartialEq)]
enum Node {
    Number(f64),
    /// A name, and where it stands, from 1.
    Name(Name, usize),
    Negative(Box<Node>),
    Of(Operator, Box<[Node; 2]>),
    Call(Function, Vec<Node>),
    /// The sum over the eigen-directions.
    Sum(Box<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Operator {
    Plus,
    Minus,
    Times,
    Over,
    Power,
}

impl Formula {
    /// Reads a formula.
    ///
    /// # Errors
    /// [`Error::BadFormula`] with the place of the first sign that is wrong, from 1.
    ///
    /// ```
    /// use noisy_descent::formula::Formula;
    /// for (text, words) in [
    ///     ("2*", "unexpected end at 3"),
    ///     ("2*(k", "a ')' is missing for the '(' at 3"),
    ///     ("2k", "an operator such as * is missing before 'k' at 2"),
    ///     ("alpha", "unknown name 'alpha' at 1"),
    ///     ("alert(1)", "unknown function 'alert' at 1"),
    /// ] {
    ///     let problem = Formula::parse(text).unwrap_err();
    ///     assert_eq!(problem.to_string(), format!("formula cannot be read: {words}"));
    /// }
    /// ```
    pub fn parse(text: &str) -> Result<Formula> {
        let complete = Complete::needed("formula")?;
        let length = text.chars().count();
        if length > LONGEST {
            let message = format!("it has {length} characters, of which {LONGEST} are read: it ends");
            return Err(Error::BadFormula { position: LONGEST, value: String::new(), message });
        }
        parse::parse(text).map(|root| Formula { root, complete })
    }

    /// Whether every name has a number here.
    ///
    /// # Errors
    /// [`Error::BadFormula`] with the place of the first that has none.
    ///
    /// ```
    /// use noisy_descent::formula::{Bindings, Formula};
    /// let problem = Formula::parse("1 + nu")?.check(&Bindings::new()).unwrap_err();
    /// assert_eq!(problem.to_string(), "formula cannot be read: this scenario has no ν, which stands at 5");
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn check(&self, bindings: &Bindings) -> Result<()> {
        match evaluate::unbound(&self.root, bindings, false) {
            None => Ok(()),
            Some((name, position)) => Err(bindings.missing(name, position)),
        }
    }

    /// Its value; NaN where it has none, as for a root of a negative number or a name without a number.
    ///
    /// ```
    /// use noisy_descent::formula::{Bindings, Formula};
    /// let mut here = Bindings::new();
    /// here.set_directions(vec![(1.0, 2.0), (0.5, 4.0)]); // k and c of each
    /// assert_eq!(Formula::parse("sum(c/(2*k))")?.evaluate(&here), 1.0 + 4.0);
    /// assert_eq!(Formula::parse("sum(i)")?.evaluate(&here), 3.0);
    /// assert!(Formula::parse("sqrt(-1)")?.evaluate(&here).is_nan());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn evaluate(&self, bindings: &Bindings) -> f64 {
        value_of(&self.root, bindings, None)
    }
}
