//! The theory against expected numbers from an independent oracle (tests/oracle/oracle.py, which uses none of the formulas
//! under test).
//!
//! Reads every `*.json` of the folder in the environment variable `GOLDEN_DIR` (default: tests/golden). A case whose topic
//! is not implemented is reported as skipped, with a count, and never counted as passed.

use crate::golden_topics::{Outcome, run_case};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

fn folder() -> PathBuf {
    match std::env::var_os("GOLDEN_DIR") {
        // cargo runs a test in its package's folder; a relative path means the caller's, two levels up.
        Some(given) => {
            let given = PathBuf::from(given);
            if given.is_absolute() {
                given
            } else {
                PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(given)
            }
        }
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden"),
    }
}

#[test]
fn golden_cases() {
    let folder = folder();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("GOLDEN_DIR {}: {error}", folder.display()))
        .map(|entry| entry.expect("a folder that can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no *.json in {}", folder.display());

    let (mut passed, mut failures, mut skipped) = (0, Vec::new(), BTreeMap::<String, usize>::new());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a readable file");
        let document: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let topic = document["topic"].as_str().unwrap_or_else(|| panic!("{} has no topic", file.display()));
        for case in document["cases"].as_array().expect("cases") {
            match run_case(topic, case) {
                Outcome::Passed => passed += 1,
                Outcome::Failed(why) => failures.push(format!("{topic}/{}: {why}", case["id"])),
                Outcome::Skipped => *skipped.entry(topic.to_string()).or_default() += 1,
            }
        }
    }
    let skipped_total: usize = skipped.values().sum();
    println!("golden: {passed} passed, {} failed, {skipped_total} skipped", failures.len());
    for (topic, count) in &skipped {
        println!("golden: {topic}: {count} skipped, not implemented yet");
    }
    assert!(failures.is_empty(), "{} golden cases failed:\n{}", failures.len(), failures.join("\n"));
    assert!(passed > 0, "no golden case was checked");
}
