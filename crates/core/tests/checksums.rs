//! The same scenario and seed give the same bits: natively here, in wasm in crates/wasm/tests, against one file.

use noisy_descent::data::Data;
use noisy_descent::{Scenario, simulate::Ensemble};
use serde_json::Value;

#[test]
fn ensembles_have_their_checksums() {
    let cases: Value = serde_json::from_str(include_str!("../../../tests/checksums.json")).expect("valid JSON");
    for case in cases.as_array().expect("a list") {
        let scenario = Scenario::read(case["scenario"].clone()).expect("a valid scenario");
        let mut ensemble = Ensemble::new(&scenario, case["point"].as_u64().expect("a point") as u32).expect("valid");
        ensemble.run();
        let checksum = format!("{:016x}", ensemble.checksum());
        assert_eq!(checksum, case["checksum"], "{}: a change of samples belongs into CHANGELOG.md", case["name"]);
    }
}

#[test]
fn data_sets_have_their_checksums() {
    let cases: Value = serde_json::from_str(include_str!("../../../tests/data-checksums.json")).expect("valid JSON");
    for case in cases.as_array().expect("a list") {
        let data: Data = serde_json::from_value(case["data"].clone()).expect("a data set");
        let checksum = format!("{:016x}", data.checksum().expect("a good one"));
        assert_eq!(checksum, case["checksum"], "{}: a change of samples belongs into CHANGELOG.md", case["name"]);
    }
}
