//! What the build asks for: scripts/parameters.mjs writes it beside the modules, so that a page has it before a worker starts.

use crate::outcome::to_js;
use noisy_descent::Sweep;
use noisy_descent::scenario::{AXES, PARAMETERS};
use wasm_bindgen::prelude::*;

/// The parameter table.
#[wasm_bindgen(unchecked_return_type = "Parameter[]")]
#[must_use]
pub fn parameters() -> JsValue {
    to_js(&PARAMETERS)
}

/// What a sweep varies besides.
#[wasm_bindgen(unchecked_return_type = "Parameter[]")]
#[must_use]
pub fn axes() -> JsValue {
    to_js(&AXES)
}

/// The default sweep with the default scenario: a page without a hash.
#[wasm_bindgen(unchecked_return_type = "Sweep")]
#[must_use]
pub fn default_sweep() -> JsValue {
    to_js(&Sweep::default())
}
