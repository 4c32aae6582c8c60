//! The platform's clock, for portions of work that end on time. Nothing that is computed depends on it.

use wasm_bindgen::JsCast;
use web_sys::{Performance, Window, WorkerGlobalScope};

/// Milliseconds since some start; 0 where there is no clock, and work then goes on in portions of its own size.
pub fn now() -> f64 {
    let global = js_sys::global();
    let performance: Option<Performance> = match global.dyn_ref::<WorkerGlobalScope>() {
        Some(worker) => worker.performance(),
        None => global.dyn_ref::<Window>().and_then(Window::performance),
    };
    performance.map_or(0.0, |performance| performance.now())
}
