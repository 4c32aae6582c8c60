//! The parameter table: one row per parameter of a document, from which validation, TypeScript types, the page's controls
//! and its URL all come.

mod axes;
mod loss;
mod noise;
mod optimizer;
mod run;
mod sweep;

pub use axes::AXES;

use super::parameter::{Group, Parameter};

/// The row of the table with this name.
///
/// ```
/// use noisy_descent::scenario::parameter;
/// assert_eq!(parameter("momentum").unwrap().interval().unwrap().to_string(), "[0, 1)");
/// ```
#[must_use]
pub fn parameter(name: &str) -> Option<&'static Parameter> {
    PARAMETERS.iter().find(|parameter| parameter.name == name)
}

/// The row of what a sweep varies: a parameter, or a number that several of them follow.
pub(crate) fn axis(name: &str) -> Option<&'static Parameter> {
    parameter(name).or_else(|| AXES.iter().find(|row| row.name == name))
}

/// Largest whole number that is exact in JSON and JavaScript.
const LARGEST_SEED: f64 = 9_007_199_254_740_991.0;

const GROUPS: [&[Parameter]; 6] = [optimizer::OPTIMIZER, loss::LOSS, noise::NOISE, run::RUN, sweep::SWEEP, sweep::VIEW];

const COUNT: usize = {
    let (mut count, mut group) = (0, 0);
    while group < GROUPS.len() {
        count += GROUPS[group].len();
        group += 1;
    }
    count
};

/// Every parameter, in the order in which a page shows them: a choice before what it brings.
///
/// ```
/// use noisy_descent::{Scenario, scenario::{PARAMETERS, parameter}};
/// assert!(PARAMETERS.iter().all(|row| parameter(row.name) == Some(row))); // no name twice
/// let default = serde_json::to_value(Scenario::default()).unwrap();
/// let row = parameter("learning_rate").unwrap();
/// assert_eq!(default.pointer(row.path).unwrap(), &serde_json::from_str::<serde_json::Value>(row.default).unwrap());
/// ```
pub static PARAMETERS: &[Parameter] = &joined();

const fn joined() -> [Parameter; COUNT] {
    let mut all = [Parameter::of(Group::View); COUNT];
    let (mut next, mut group) = (0, 0);
    while group < GROUPS.len() {
        let mut row = 0;
        while row < GROUPS[group].len() {
            all[next] = GROUPS[group][row].shortened();
            next += 1;
            row += 1;
        }
        group += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Scenario, Values};
    use serde_json::{Value, json};
    use std::collections::BTreeMap;

    fn in_scenario(row: &Parameter) -> bool {
        !matches!(row.group, Group::Sweep | Group::View)
    }

    fn rows() -> impl Iterator<Item = &'static Parameter> {
        PARAMETERS.iter().filter(|row| in_scenario(row))
    }

    /// What must be chosen besides, so that a choice makes sense.
    fn company(chosen: &str) -> Option<(&'static str, &'static str)> {
        match chosen {
            "proportional" => Some(("optimizer", "adam")),
            "minibatch" => Some(("loss", "least_squares")),
            "curvature" => Some(("loss", "piecewise_quadratic")),
            _ => None,
        }
    }

    /// The document in which every choice has its default but one and those without which it cannot be made, with the defaults
    /// of what these choices bring.
    fn document(choice: &str, chosen: &str) -> Value {
        let mut made = BTreeMap::from([(choice.to_string(), chosen.to_string())]);
        let mut next = (choice.to_string(), chosen.to_string());
        loop {
            let outer = parameter(&next.0).expect("a row").only_if.map(|(name, words)| (name, words[0]));
            let Some((name, word)) = outer.or(company(&next.1)) else { break };
            made.insert(name.into(), word.into());
            next = (name.into(), word.into());
        }
        let value_of = |row: &Parameter| match made.get(row.name) {
            Some(word) => json!(word),
            None => serde_json::from_str(row.default).expect("a default is JSON"),
        };
        fn there(row: &Parameter, value_of: &dyn Fn(&Parameter) -> Value) -> bool {
            row.only_if.is_none_or(|(name, words)| {
                let choice = parameter(name).expect("a choice of the table");
                there(choice, value_of) && words.iter().any(|&word| value_of(choice) == word)
            })
        }
        let mut document = json!({ "version": 1 });
        for row in rows().filter(|row| !row.is_optional() && there(row, &value_of)) {
            let keys = row.path.trim_start_matches('/').split('/');
            *keys.fold(&mut document, |place, key| &mut place[key]) = value_of(row);
        }
        document
    }

    #[test]
    fn every_choice_with_its_defaults_is_a_scenario() {
        for row in rows() {
            let Values::Choice { options } = row.values else { continue };
            for (option, _) in options {
                let document = document(row.name, option);
                let scenario =
                    Scenario::read(document.clone()).unwrap_or_else(|errors| panic!("{document}: {errors:?}"));
                let again = serde_json::to_value(&scenario).unwrap();
                assert_eq!(again.pointer(row.path), Some(&json!(option)));
                for row in rows() {
                    assert!(
                        document.pointer(row.path).is_none_or(|value| Some(value) == again.pointer(row.path)),
                        "{}",
                        row.name
                    );
                }
                crate::predict(&scenario).unwrap_or_else(|error| panic!("{document}: {error}"));
            }
        }
    }

    #[test]
    fn the_defaults_are_the_default_scenario() {
        let default = serde_json::to_value(Scenario::default()).unwrap();
        for row in PARAMETERS {
            if let Some(value) = default.pointer(row.path) {
                assert_eq!(*value, serde_json::from_str::<Value>(row.default).unwrap(), "{}", row.name);
            }
            if let Some((name, values)) = row.only_if {
                let Some(Values::Choice { options }) = parameter(name).map(|row| row.values) else {
                    panic!("{name} is no choice")
                };
                assert!(values.iter().all(|value| options.iter().any(|(option, _)| option == value)), "{}", row.name);
                let place = |name| PARAMETERS.iter().position(|row| row.name == name);
                assert!(place(name) < place(row.name), "the choice {name} comes before {}", row.name);
            }
        }
    }

    #[test]
    fn a_sweep_goes_along_every_number_of_a_scenario_that_is_not_negative() {
        let Some(Values::Choice { options }) = parameter("parameter").map(|row| row.values) else { panic!("a choice") };
        let along: Vec<&str> = options.iter().map(|(name, _)| *name).collect();
        let numbers = rows().filter(|row| row.interval().is_some_and(|interval| interval.high > 0.0));
        assert_eq!(along, numbers.chain(AXES).map(|row| row.name).collect::<Vec<_>>());
        for (name, words) in options {
            let row = axis(name).unwrap();
            assert!(words.to_lowercase().contains(&row.label.to_lowercase()), "{words}");
            assert!(words.ends_with(if row.symbol.is_empty() { &words[..] } else { row.symbol }), "{words}");
        }
    }
}
