//! The core for the browser: documents in, documents or owned typed arrays out. No arithmetic lives here.
//!
//! Bad input crosses as data, `{ ok: false, problems: [...] }`, so that the page can show each problem beside its control; only a
//! broken promise of the page itself (a class made from an unchecked document) is an exception.

mod clock;
mod ensemble;
mod errata;
mod outcome;
mod theory;

use noisy_descent::data::{self, CsvOptions};
use noisy_descent::scenario::PARAMETERS;
use noisy_descent::simulate;
use noisy_descent::sweep::{SweepPoint, verdict};
use noisy_descent::{Error, Scenario, Sweep};
use outcome::{answer, document, problem, to_js};
use wasm_bindgen::prelude::*;

pub use ensemble::Ensemble;
pub use errata::{demonstrate, errata, table1};
pub use theory::{Theory, stability_map};

/// The parameter table.
#[wasm_bindgen(unchecked_return_type = "Parameter[]")]
#[must_use]
pub fn parameters() -> JsValue {
    to_js(&PARAMETERS)
}

/// The default sweep with the default scenario: a page without a hash.
#[wasm_bindgen(unchecked_return_type = "Sweep")]
#[must_use]
pub fn default_sweep() -> JsValue {
    to_js(&Sweep::default())
}

/// Checks a sweep and its scenario, and that the experiment runs it: the document as it is understood, or every problem.
#[wasm_bindgen(unchecked_return_type = "Outcome<Sweep>")]
#[must_use]
pub fn check(#[wasm_bindgen(unchecked_param_type = "Sweep")] sweep: JsValue) -> JsValue {
    let runs = |sweep: Sweep| simulate::Ensemble::runs(&sweep.scenario).map(|()| sweep).map_err(problem);
    answer(document(sweep).and_then(Sweep::read).and_then(runs))
}

/// What every theory predicts for a scenario.
#[wasm_bindgen(unchecked_return_type = "Outcome<Prediction>")]
#[must_use]
pub fn predict(#[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue) -> JsValue {
    answer(
        document(scenario)
            .and_then(Scenario::read)
            .and_then(|scenario| noisy_descent::predict(&scenario).map_err(problem)),
    )
}

/// The same after another number of steps than the scenario's own.
#[wasm_bindgen(unchecked_return_type = "Outcome<Prediction>")]
#[must_use]
pub fn predict_after(#[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue, steps: f64) -> JsValue {
    let predict = |scenario: Scenario| noisy_descent::theory::predict_after(&scenario, steps as u64).map_err(problem);
    answer(document(scenario).and_then(Scenario::read).and_then(predict))
}

/// The theories along a sweep.
#[wasm_bindgen(unchecked_return_type = "Outcome<Curve>")]
#[must_use]
pub fn curve(#[wasm_bindgen(unchecked_param_type = "Sweep")] sweep: JsValue, samples: u32) -> JsValue {
    answer(document(sweep).and_then(Sweep::read).and_then(|sweep| sweep.curve(samples).map_err(problem)))
}

/// The verdict on each theory from the points measured so far.
#[wasm_bindgen(unchecked_return_type = "Outcome<Verdict>")]
#[must_use]
pub fn judge(#[wasm_bindgen(unchecked_param_type = "SweepPoint[]")] points: JsValue) -> JsValue {
    let points: Result<Vec<SweepPoint>, _> = serde_wasm_bindgen::from_value(points);
    answer(points.map(|points| verdict(&points)).map_err(outcome::unreadable))
}

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

/// A seed that nobody has chosen, from the platform's source of randomness; 0 to 2⁵³ − 1.
///
/// # Errors
/// The platform's own words when it has no such source.
#[wasm_bindgen]
pub fn fresh_seed() -> Result<f64, JsError> {
    let bits = getrandom::u64()?;
    Ok((bits >> 11) as f64)
}
