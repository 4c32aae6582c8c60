//! The boundary in a dedicated worker, where the page uses it.

#![cfg(target_arch = "wasm32")]

mod common;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

tests!(
    default_scenario_predicts,
    unstable_is_a_result_in_words,
    bad_input_is_named,
    tables_cross,
    errata_cross,
    table_1_crosses,
    matrices_cross,
    maps_cross,
    ensembles_have_their_checksums,
    a_running_ensemble_is_retuned,
    data_sets_have_their_checksums,
    tables_are_read_or_refused,
    a_point_of_the_sweep_agrees_with_the_discrete_theory,
    seeds_differ,
);
