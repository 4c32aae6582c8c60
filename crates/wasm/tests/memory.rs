//! How much memory an ensemble takes. In a file of its own, so that the module's memory, which only ever grows, is its own.

#![cfg(target_arch = "wasm32")]

use core::arch::wasm32::memory_size;
use js_sys::{JSON, Reflect};
use noisy_descent_wasm::Ensemble;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Pages of 64 kB in 64 MB, counted in powers of two.
const LIMIT: usize = 1024;

/// Pages that reading a document may take.
const READING: usize = 16;

fn ensemble(hessian: &Value, optimizer: &Value) -> Result<Ensemble, JsValue> {
    let scenario = json!({
        "version": 1,
        "loss": { "kind": "quadratic", "hessian": hessian },
        "optimizer": optimizer,
        "run": { "replicas": 1_000_000, "steps": 3, "seed": 1 },
    });
    Ensemble::new(JSON::parse(&scenario.to_string()).expect("valid JSON"), 0)
}

fn momentum(momentum: f64) -> Value {
    json!({ "kind": "momentum", "learning_rate": 0.5, "momentum": momentum })
}

/// Everything that can be asked of an ensemble, after a few steps; the pages of memory that are then there.
fn used(optimizer: &Value) -> usize {
    let mut run = ensemble(&json!([[1, 0.3], [0.3, 0.5]]), optimizer).expect("a valid scenario");
    while !run.advance(20.0) {}
    let replicas = Reflect::get(&run.measure(), &"replicas".into()).expect("a measurement");
    assert_eq!((run.step(), replicas.as_f64()), (3.0, Some(1e6)));
    let grid = run.density(0, 1, 200, 200, &[-9.0, -9.0], &[9.0, 9.0]).expect("coordinates");
    assert_eq!(grid.to_vec().into_iter().sum::<u32>(), 1_000_000);
    // More than any plot draws.
    assert_eq!(run.positions(100_000).length(), 200_000);
    assert_eq!(run.checksum().len(), 16);
    let pages = memory_size::<0>();
    console_log!("{optimizer}: {pages} pages of 64 kB");
    pages
}

#[wasm_bindgen_test]
fn a_million_replicas_in_two_dimensions() {
    // One that is too large is refused in words, before anything is allocated for it: 10⁶ replicas of 40 coordinates.
    let before = memory_size::<0>();
    let identity = (0..40).map(|i| (0..40).map(|j| f64::from(i == j)).collect()).collect::<Vec<Vec<f64>>>();
    let refused = ensemble(&json!(identity), &momentum(0.9)).err().expect("a refusal");
    let words = String::from(JSON::stringify(&refused).expect("a document"));
    assert!(words.contains("too_large") && words.contains("[2, 500000]") && words.contains("1000000"), "{words}");
    assert!(memory_size::<0>() - before <= READING, "{before} pages became {}", memory_size::<0>());

    // In single precision; in double precision (momentum above 0.999); a state of three numbers a coordinate (Adam).
    let adam = json!({ "kind": "adam", "learning_rate": 0.01, "form": "diagonal" });
    for optimizer in [momentum(0.9), momentum(0.9995), adam] {
        let pages = used(&optimizer);
        assert!(pages < LIMIT, "{optimizer}: {pages} pages of 64 kB, {LIMIT} allowed");
    }
}
