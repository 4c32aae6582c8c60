//! The names of a formula.

/// A number of a scenario that a formula can use, by its Greek or its spelt-out name.
///
/// ```
/// use noisy_descent::formula::Name;
/// assert_eq!((Name::of("lambda"), Name::of("λ")), (Some(Name::LearningRate), Some(Name::LearningRate)));
/// assert_eq!((Name::of("Lambda"), Name::BatchSize.symbol()), (None, "S"));
/// assert!(Name::ALL.iter().all(|name| Name::of(name.symbol()) == Some(*name)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// `λ`, the learning rate.
    LearningRate,
    /// `μ`, the momentum.
    Momentum,
    /// `ν`, the mixing of QHM.
    Mixing,
    /// `k`, the curvature along the coordinate that is shown, `K_ij` of two; inside `sum` of each eigen-direction.
    Curvature,
    /// `k_i`, the curvature along the first of two coordinates that are shown.
    FirstCurvature,
    /// `k_j`, that along the second.
    SecondCurvature,
    /// `c`, the variance of the gradient's noise along the same as `k`; at the minimum where it depends on the weights.
    Noise,
    /// `σ`, the standard deviation of white noise.
    Deviation,
    /// `a`, the scale of a noise that follows the Hessian.
    Scale,
    /// `S`, the batch size.
    BatchSize,
    /// `N`, the samples of the data set.
    Samples,
    /// `D`, the number of coordinates.
    Dimension,
    /// `t`, the steps of the run.
    Steps,
    /// `i`, the coordinate that is shown, from 1; inside `sum` the number of the eigen-direction, sharpest first.
    First,
    /// `j`, the other one of a covariance, and otherwise the same: what is shown is on the diagonal of `Σ`.
    Second,
}

impl Name {
    /// Every name.
    pub const ALL: [Name; 15] = [
        Name::LearningRate,
        Name::Momentum,
        Name::Mixing,
        Name::Curvature,
        Name::FirstCurvature,
        Name::SecondCurvature,
        Name::Noise,
        Name::Deviation,
        Name::Scale,
        Name::BatchSize,
        Name::Samples,
        Name::Dimension,
        Name::Steps,
        Name::First,
        Name::Second,
    ];

    /// The name that a word means.
    #[must_use]
    pub fn of(word: &str) -> Option<Name> {
        Some(match word {
            "λ" | "lambda" => Name::LearningRate,
            // The Greek letter and the sign for a millionth look alike.
            "μ" | "µ" | "mu" => Name::Momentum,
            "ν" | "nu" => Name::Mixing,
            "k" => Name::Curvature,
            "k_i" | "kᵢ" => Name::FirstCurvature,
            "k_j" | "kⱼ" => Name::SecondCurvature,
            "c" => Name::Noise,
            "σ" | "sigma" => Name::Deviation,
            "a" => Name::Scale,
            "S" => Name::BatchSize,
            "N" => Name::Samples,
            "D" => Name::Dimension,
            "t" => Name::Steps,
            "i" => Name::First,
            "j" => Name::Second,
            _ => return None,
        })
    }

    /// The symbol of a paper.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Name::LearningRate => "λ",
            Name::Momentum => "μ",
            Name::Mixing => "ν",
            Name::Curvature => "k",
            Name::FirstCurvature => "k_i",
            Name::SecondCurvature => "k_j",
            Name::Noise => "c",
            Name::Deviation => "σ",
            Name::Scale => "a",
            Name::BatchSize => "S",
            Name::Samples => "N",
            Name::Dimension => "D",
            Name::Steps => "t",
            Name::First => "i",
            Name::Second => "j",
        }
    }

    /// Whether it is a curvature: inside `sum`, where both coordinates are one direction, all of them are the same.
    pub(super) fn is_curvature(self) -> bool {
        matches!(self, Name::Curvature | Name::FirstCurvature | Name::SecondCurvature)
    }

    /// Whether `sum` gives it another value for each direction.
    pub(super) fn is_of_a_direction(self) -> bool {
        self.is_curvature() || matches!(self, Name::Noise | Name::First | Name::Second)
    }
}
