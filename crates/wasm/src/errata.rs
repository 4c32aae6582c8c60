//! The paper's errata and its Table 1.

use crate::outcome::{answer, document, problem, to_js};
use noisy_descent::errata::{self, CATALOGUE, ErratumKind, Evidence};
use noisy_descent::{Error, Scenario, theory};
use serde::Serialize;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A piece of evidence with the core's judgement. */
export interface JudgedEvidence extends Evidence {
  /** Whether the corrected value is the independent one. */
  confirmed: boolean;
  /** Whether the printed value is not. */
  print_refuted: boolean;
}

/** An erratum, computed and judged. */
export interface Demonstration extends Omit<Erratum, "evidence"> {
  evidence: JudgedEvidence[];
}
"#;

#[derive(Serialize)]
struct Judged {
    #[serde(flatten)]
    evidence: Evidence,
    confirmed: bool,
    print_refuted: bool,
}

#[derive(Serialize)]
struct Demonstration {
    number: &'static str,
    place: &'static str,
    title: &'static str,
    kind: ErratumKind,
    values: BTreeMap<&'static str, f64>,
    evidence: Vec<Judged>,
}

/// The list of errata with the parameters of their demonstrations. Nothing is computed for it.
#[wasm_bindgen(unchecked_return_type = "ErratumEntry[]")]
#[must_use]
pub fn errata() -> JsValue {
    to_js(&CATALOGUE.as_slice())
}

/// One erratum with its evidence at given parameters, those that are not given at their defaults.
#[wasm_bindgen(unchecked_return_type = "Outcome<Demonstration>")]
#[must_use]
pub fn demonstrate(
    number: &str,
    #[wasm_bindgen(unchecked_param_type = "Record<string, number>")] values: JsValue,
) -> JsValue {
    let values: Result<BTreeMap<String, f64>, _> = document(values).and_then(|values| {
        serde_json::from_value(values)
            .map_err(|error| problem(Error::Malformed { parameter: "values".into(), message: error.to_string() }))
    });
    let judged = |evidence: Evidence| Judged {
        confirmed: evidence.is_confirmed(),
        print_refuted: evidence.refutes_print(),
        evidence,
    };
    let demonstrated = values.and_then(|values| errata::demonstrate(number, &values).map_err(problem));
    answer(demonstrated.map(|erratum| Demonstration {
        number: erratum.number,
        place: erratum.place,
        title: erratum.title,
        kind: erratum.kind,
        values: erratum.values,
        evidence: erratum.evidence.into_iter().map(judged).collect(),
    }))
}

/// The paper's Table 1 for the loss and noise of a scenario.
#[wasm_bindgen(unchecked_return_type = "Outcome<Table1Row[]>")]
#[must_use]
pub fn table1(#[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue) -> JsValue {
    let rows = |scenario: Scenario| theory::table1(&scenario).map_err(problem);
    answer(document(scenario).and_then(Scenario::read).and_then(rows))
}
