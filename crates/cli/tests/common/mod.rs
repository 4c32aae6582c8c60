//! The program as the tests start it.

use serde_json::Value;
use std::io::Write as _;
use std::process::{Child, Command, Output, Stdio};

/// Starts the program and hands it its input.
pub fn start(arguments: &[&str], input: &str) -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_noisy-descent"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A command that reads no input may have ended already.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child
}

pub fn run(arguments: &[&str], input: &str) -> Output {
    start(arguments, input).wait_with_output().expect("it ends")
}

pub fn text(arguments: &[&str], input: &str) -> String {
    let output = run(arguments, input);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

pub fn json(arguments: &[&str], input: &str) -> Value {
    serde_json::from_str(&text(arguments, input)).expect("JSON")
}

/// What is wrong with the call or its document is one line, with the status 2 and no answer.
#[track_caller]
pub fn refused(arguments: &[&str], input: &str, words: &str) {
    let output = run(arguments, input);
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
    assert!(output.stdout.is_empty());
    assert_eq!(text.lines().count(), 1, "one line: {text:?}");
    assert!(text.starts_with("noisy-descent: ") && text.contains(words), "{text:?} does not say {words:?}");
}
