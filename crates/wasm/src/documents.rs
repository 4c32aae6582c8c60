//! The documents of a page: what they are, whether they are good, what the theories say about them.

use crate::outcome::{self, answer, document, problem};
use noisy_descent::simulate;
use noisy_descent::sweep::{SweepPoint, verdict};
use noisy_descent::{Scenario, Sweep};
use wasm_bindgen::prelude::*;

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

/// A seed that nobody has chosen, from the platform's source of randomness; 0 to 2⁵³ − 1.
///
/// # Errors
/// The platform's own words when it has no such source.
#[wasm_bindgen]
pub fn fresh_seed() -> Result<f64, JsError> {
    let bits = getrandom::u64()?;
    Ok((bits >> 11) as f64)
}
