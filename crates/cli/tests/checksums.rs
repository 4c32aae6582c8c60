//! The terminal prints the checksums that the library and the page have, whatever the number of threads.

use serde_json::Value;
use std::io::Write as _;
use std::process::{Command, Stdio};

#[test]
fn every_checksum_comes_from_the_terminal_too() {
    let cases: Value = serde_json::from_str(include_str!("../../../tests/checksums.json")).expect("valid JSON");
    let cases = cases.as_array().expect("a list");
    assert!(cases.iter().any(|case| case["point"] != 0));
    for case in cases {
        let (point, name) = (case["point"].to_string(), &case["name"]);
        for threads in ["1", "3"] {
            let mut child = Command::new(env!("CARGO_BIN_EXE_noisy-descent"))
                .args(["run", "-", "--point", &point, "--threads", threads])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .expect("the program starts");
            let scenario = case["scenario"].to_string();
            child.stdin.take().expect("a pipe").write_all(scenario.as_bytes()).expect("it reads");
            let output = child.wait_with_output().expect("it ends");
            assert!(output.status.success(), "{name}");
            let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
            assert_eq!(answer["checksum"], case["checksum"], "{name} on {threads} threads");
        }
    }
}
