//! Data sets of a reader's own.

use crate::outcome::{answer, document, problem};
use noisy_descent::data::{self, CsvOptions, Data};
use noisy_descent::loss::Loss;
use noisy_descent::{Error, Scenario};
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

/// The samples of a scenario's data set, whichever way it is given, as a data set of the kind `table`; `null` for another loss.
#[wasm_bindgen(unchecked_return_type = "Outcome<Extract<Data, { kind: \"table\" }> | null>")]
#[must_use]
pub fn data_set(#[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue) -> JsValue {
    let samples = |scenario: Scenario| {
        let Loss::LeastSquares(loss) = &scenario.loss else { return Ok(None) };
        let regression = loss.regression().map_err(problem)?;
        let inputs = regression.inputs().row_iter().map(|row| row.iter().copied().collect()).collect();
        Ok(Some(Data::Table { inputs, targets: regression.targets().iter().copied().collect() }))
    };
    answer(document(scenario).and_then(Scenario::read).and_then(samples))
}
