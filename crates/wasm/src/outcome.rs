//! Documents across the boundary, and the answer that is either a document or the problems with one.

use noisy_descent::Error;
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What is wrong with an input; `parameter` is a name of the parameter table. */
export interface Problem {
  kind: string;
  parameter: string;
  value: string;
  allowed: string;
  message: string;
}

/** A document, or every problem with the one that was given. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };
"#;

#[derive(Serialize)]
#[serde(untagged)]
enum Outcome<T> {
    Value { ok: bool, value: T },
    Problems { ok: bool, problems: Vec<Error> },
}

/// A document as JavaScript reads JSON: `null` for what is missing, plain objects.
pub fn to_js<T: Serialize>(value: &T) -> JsValue {
    // Documents hold strings, numbers, arrays and structs: nothing of which serialising can fail.
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}

/// Reads what JavaScript gave as JSON; NaN and infinities become null and are named by the check that follows.
pub fn document(value: JsValue) -> Result<Value, Vec<Error>> {
    serde_wasm_bindgen::from_value(value).map_err(unreadable)
}

/// One problem as a list.
pub fn problem(error: Error) -> Vec<Error> {
    vec![error]
}

/// A value that is no document at all.
pub fn unreadable(error: serde_wasm_bindgen::Error) -> Vec<Error> {
    vec![Error::Malformed { parameter: "scenario".into(), message: error.to_string() }]
}

/// The answer for JavaScript.
pub fn answer<T: Serialize>(result: Result<T, Vec<Error>>) -> JsValue {
    to_js(&match result {
        Ok(value) => Outcome::Value { ok: true, value },
        Err(problems) => Outcome::Problems { ok: false, problems },
    })
}
