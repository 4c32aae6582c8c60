//! Whatever is typed as a formula is a formula or a mistake with a place, and nothing else.

use noisy_descent::Error;
use noisy_descent::formula::{Bindings, Formula, Name};
use proptest::prelude::*;

/// Pieces of which texts are made that are nearly formulas.
const PIECES: [&str; 28] = [
    "λ", "lambda", "μ", "nu", "k", "c", "σ", "S", "i", "2", "1.5e-3", "1e308", ".5", "+", "-", "*", "/", "^", "(", ")",
    ",", " ", "sum(", "sqrt(", "min(", "²", "µ", "x_1",
];

fn bindings() -> Bindings {
    let mut bindings = Bindings::new();
    for name in Name::ALL {
        bindings.set(name, 0.7);
    }
    bindings.set_directions(vec![(1.0, 1.0), (0.1, 1.0)]);
    bindings
}

fn is_read_or_refused(text: &str) {
    match Formula::parse(text) {
        Ok(formula) => {
            formula.check(&bindings()).expect("every name has a number");
            let _ = formula.evaluate(&bindings());
        }
        Err(Error::BadFormula { position, .. }) => {
            assert!(1 <= position && position <= text.chars().count() + 1, "{position} in {text:?}");
        }
        Err(other) => panic!("{other}"),
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_its_place(text in ".{0,600}") {
        is_read_or_refused(&text);
    }

    #[test]
    fn near_formulas_too(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..120)) {
        is_read_or_refused(&pieces.concat());
    }

    /// What is written is what is computed.
    #[test]
    fn arithmetic_is_that_of_the_numbers(a in -1e3..1e3_f64, b in 1e-3..1e3_f64, c in -3..4_i32) {
        let formula = Formula::parse(&format!("({a})*{b} - {a}/{b} + ({b})^({c})")).expect("a formula");
        let wanted = a * b - a / b + b.powi(c);
        prop_assert!((formula.evaluate(&Bindings::new()) - wanted).abs() <= 1e-9 * (1.0 + wanted.abs()));
    }
}
