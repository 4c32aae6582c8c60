//! The functions of a formula, by libm: the same bits everywhere.

/// A function of one or two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Sqrt,
    Exp,
    Log,
    Sin,
    Cos,
    Tanh,
    Erf,
    Abs,
    Min,
    Max,
}

impl Function {
    /// The function that a word means.
    pub(super) fn of(word: &str) -> Option<Function> {
        Some(match word {
            "sqrt" => Function::Sqrt,
            "exp" => Function::Exp,
            "ln" | "log" => Function::Log,
            "sin" => Function::Sin,
            "cos" => Function::Cos,
            "tanh" => Function::Tanh,
            "erf" => Function::Erf,
            "abs" => Function::Abs,
            "min" => Function::Min,
            "max" => Function::Max,
            _ => return None,
        })
    }

    /// How many numbers it takes.
    pub(super) fn arguments(self) -> usize {
        if matches!(self, Function::Min | Function::Max) { 2 } else { 1 }
    }

    /// Its value; of one number the second does not matter.
    pub(super) fn value(self, x: f64, y: f64) -> f64 {
        match self {
            Function::Sqrt => x.sqrt(),
            Function::Exp => libm::exp(x),
            Function::Log => libm::log(x),
            Function::Sin => libm::sin(x),
            Function::Cos => libm::cos(x),
            Function::Tanh => libm::tanh(x),
            Function::Erf => libm::erf(x),
            Function::Abs => x.abs(),
            Function::Min => x.min(y),
            Function::Max => x.max(y),
        }
    }
}
