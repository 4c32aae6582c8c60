//! What the instruments of escape, of the posterior and of the data set show, a document each.

use crate::outcome::{answer, document, problem};
use noisy_descent::{Error, Scenario, theory};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// The potential of a scenario on a grid with the densities of every theory; `null` for a loss without an exit.
#[wasm_bindgen(unchecked_return_type = "Outcome<EscapeLandscape | null>")]
#[must_use]
pub fn escape_landscape(#[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue, samples: u32) -> JsValue {
    of(scenario, |scenario| theory::escape_landscape(scenario, samples))
}

/// How far SGD is from the Bayesian posterior, along the learning rate. `data_size` and `batch_size` stand in for what the
/// scenario has not.
#[wasm_bindgen(unchecked_return_type = "Outcome<BayesPrediction>")]
#[must_use]
pub fn bayes(
    #[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue,
    data_size: f64,
    batch_size: f64,
    samples: u32,
) -> JsValue {
    of(scenario, |scenario| theory::bayes_prediction(scenario, data_size as u64, batch_size as u64, samples))
}

/// Samples of the data set along two columns (0 is the target, inputs count from 1) and the noise of its minibatches; `null`
/// for a loss without data.
#[wasm_bindgen(unchecked_return_type = "Outcome<DataSummary | null>")]
#[must_use]
pub fn data_summary(
    #[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue,
    x: usize,
    y: usize,
    most: usize,
) -> JsValue {
    of(scenario, |scenario| theory::data_summary(scenario, x, y, most))
}

fn of<T: Serialize>(scenario: JsValue, find: impl Fn(&Scenario) -> Result<T, Error>) -> JsValue {
    let found = |scenario: Scenario| find(&scenario).map_err(problem);
    answer(document(scenario).and_then(Scenario::read).and_then(found))
}
