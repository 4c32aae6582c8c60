//! Data sets of a reader's own.

use crate::outcome::{answer, document, problem};
use noisy_descent::Error;
use noisy_descent::data::{self, CsvOptions};
use wasm_bindgen::prelude::*;

/// Reads a text table of numbers: `{ kind: "table", inputs, targets }` of the answer is a data set of a scenario.
#[wasm_bindgen(unchecked_return_type = "Outcome<Table>")]
#[must_use]
pub fn read_csv(text: &str, #[wasm_bindgen(unchecked_optional_param_type = "CsvOptions")] options: JsValue) -> JsValue {
    // By way of JSON, as every document: an unknown field is refused.
    let options = document(options).and_then(|options| {
        serde_json::from_value::<Option<CsvOptions>>(options)
            .map_err(|error| problem(Error::Malformed { parameter: "options".into(), message: error.to_string() }))
    });
    answer(options.and_then(|options| data::read_csv(text, &options.unwrap_or_default()).map_err(problem)))
}
