//! The golden cases again, in wasm in a browser: the same code as `cargo test -p noisy-descent --test all golden::`, on the files of
//! tests/golden.

#![cfg(target_arch = "wasm32")]

#[path = "../../core/tests/golden_topics/mod.rs"]
mod golden_topics;

use golden_topics::{Outcome, run_case};
use serde_json::Value;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

macro_rules! golden {
    ($($topic:ident),* $(,)?) => {
        $(#[wasm_bindgen_test]
        fn $topic() {
            check(include_str!(concat!("../../../tests/golden/", stringify!($topic), ".json")));
        })*
    };
}

golden!(
    alignment,
    autocorrelation,
    bayes,
    escape_first,
    kramers,
    minibatch,
    noise_shape,
    ou_transient,
    preconditioned,
    qhm,
    rank_deficient,
    second_order,
    stability,
    stationary,
    trajectory,
    transient,
);

fn check(text: &str) {
    let document: Value = serde_json::from_str(text).expect("JSON");
    let topic = document["topic"].as_str().expect("a topic");
    let (mut passed, mut skipped, mut failures) = (0, 0, Vec::new());
    for case in document["cases"].as_array().expect("cases") {
        match run_case(topic, case) {
            Outcome::Passed => passed += 1,
            Outcome::Skipped => skipped += 1,
            Outcome::Failed(why) => failures.push(format!("{}: {why}", case["id"])),
        }
    }
    console_log!("golden {topic}: {passed} passed, {} failed, {skipped} skipped", failures.len());
    assert!(failures.is_empty(), "{topic}: {}", failures.join("\n"));
}
