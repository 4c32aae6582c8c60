//! The same scenario and seed give the same bits: natively here, at a terminal in crates/cli/tests, in wasm in crates/wasm/tests, against one file.
//!
//! A change of samples that is meant is pinned anew by
//! `PIN_CHECKSUMS=1 cargo test -p noisy-descent --test all checksums`, which writes the files; it belongs into CHANGELOG.md.

use noisy_descent::data::Data;
use noisy_descent::{Scenario, simulate::Ensemble};
use serde_json::Value;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/checksums.json");
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data-checksums.json");

#[test]
fn ensembles_have_their_checksums() {
    compare(FILE, checksum_of);
}

/// Holds the checksum of each case of a file against what is found, or pins what is found.
fn compare(file: &str, checksum_of: fn(&Value) -> String) {
    let text = std::fs::read_to_string(file).expect("a file");
    let cases: Value = serde_json::from_str(&text).expect("valid JSON");
    let found: Vec<String> = cases.as_array().expect("a list").iter().map(checksum_of).collect();
    if std::env::var_os("PIN_CHECKSUMS").is_some() {
        return std::fs::write(file, pinned(&text, &found)).expect("a file");
    }
    for (case, found) in cases.as_array().expect("a list").iter().zip(found) {
        assert_eq!(found, case["checksum"], "{}: a change of samples belongs into CHANGELOG.md", case["name"]);
    }
}

fn checksum_of(case: &Value) -> String {
    let scenario = Scenario::read(case["scenario"].clone()).unwrap_or_else(|problems| panic!("{}", problems[0]));
    let mut ensemble = Ensemble::new(&scenario, case["point"].as_u64().expect("a point") as u32).expect("valid");
    ensemble.run();
    format!("{:016x}", ensemble.checksum())
}

/// The file with other checksums, one a case in their order, and nothing else changed.
fn pinned(text: &str, checksums: &[String]) -> String {
    const KEY: &str = "\"checksum\": \"";
    let mut parts = text.split(KEY);
    let mut pinned = parts.next().expect("the beginning").to_string();
    assert_eq!(parts.clone().count(), checksums.len(), "a checksum a case");
    for (part, checksum) in parts.zip(checksums) {
        pinned.extend([KEY, checksum, &part[16..]]);
    }
    pinned
}

#[test]
fn pinning_changes_the_checksums_alone() {
    let text = std::fs::read_to_string(FILE).expect("a file");
    let cases: Value = serde_json::from_str(&text).expect("valid JSON");
    let there: Vec<String> =
        cases.as_array().expect("a list").iter().map(|case| case["checksum"].as_str().expect("text").into()).collect();
    assert_eq!(pinned(&text, &there), text);
    let other: Vec<String> = (0..there.len()).map(|n| format!("{n:016x}")).collect();
    assert_eq!(pinned(&pinned(&text, &other), &there), text);
}

#[test]
fn data_sets_have_their_checksums() {
    compare(DATA, |case| {
        let data: Data = serde_json::from_value(case["data"].clone()).expect("a data set");
        format!("{:016x}", data.checksum().expect("a good one"))
    });
}
