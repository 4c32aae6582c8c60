//! Ctrl-C: the program ends soon, says so as shells do, and prints what it has.
#![cfg(unix)]

use crate::common::{refused, start};
use noisy_descent::Scenario;
use noisy_descent::simulate::Ensemble;
use serde_json::{Value, json};
use std::io::Read as _;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Time within which the program has to end: many stages, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts the program and presses Ctrl-C once it works and listens; what it printed.
fn broken_off(arguments: &[&str], input: &str) -> String {
    let mut child = start(arguments, input);
    let mut output = child.stdout.take().expect("a pipe");
    // What is long would wait for a reader.
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        output.read_to_string(&mut text).map(|_| text)
    });
    wait_until_it_listens(&mut child);
    std::thread::sleep(Duration::from_millis(300));
    let pressed = Instant::now();
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("a signal");
    assert!(kill.success());
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        if pressed.elapsed() > PATIENCE {
            child.kill().expect("a child");
            panic!("{arguments:?} did not hear Ctrl-C");
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(status.code(), Some(130), "{arguments:?}");
    let mut errors = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut errors).expect("text");
    assert_eq!(errors, "", "{arguments:?}");
    reader.join().expect("a reader").expect("text")
}

/// Where the system tells which signals a process catches it is asked, elsewhere a second will do.
fn wait_until_it_listens(child: &mut Child) {
    const INTERRUPT: u64 = 1 << (2 - 1);
    let file = format!("/proc/{}/status", child.id());
    if std::fs::metadata(&file).is_err() {
        return std::thread::sleep(Duration::from_secs(1));
    }
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let status = std::fs::read_to_string(&file).unwrap_or_default();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap_or("0");
        if u64::from_str_radix(caught.trim(), 16).is_ok_and(|signals| signals & INTERRUPT != 0) {
            return;
        }
        assert_eq!(child.try_wait().expect("a child"), None, "it ended before anybody pressed a key");
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("it never listened");
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

const SHORT: &str = r#"{"version":1,"run":{"replicas":10000,"steps":10000000}}"#;

/// More steps than anybody waits for.
fn scenario(replicas: u32, start: &Value) -> String {
    json!({ "version": 1, "run": { "replicas": replicas, "steps": 10_000_000, "seed": 2, "start": start } }).to_string()
}

#[test]
fn a_run_prints_the_bits_of_the_step_that_it_reached() {
    let document = scenario(600, &json!({ "kind": "minimum" }));
    for threads in ["1", "2"] {
        let answer = parsed(&broken_off(&["run", "-", "--threads", threads, "--every", "1000"], &document));
        assert_eq!(answer["complete"], false);
        let step = answer["measurement"]["step"].as_u64().expect("a step");
        assert!(step < 10_000_000);
        let mut ensemble =
            Ensemble::new(&Scenario::from_json(&document).expect("a good scenario"), 0).expect("it runs");
        ensemble.set_target(step);
        ensemble.run();
        assert_eq!(answer["checksum"], format!("{:016x}", ensemble.checksum()), "at step {step}");
        let looks: Vec<u64> = answer["over_time"]
            .as_array()
            .expect("looks")
            .iter()
            .map(|look| look["step"].as_u64().expect("a step"))
            .collect();
        assert!(looks.iter().enumerate().all(|(n, look)| *look == 1000 * n as u64), "{looks:?}");
        assert!(looks.len() as u64 == step / 1000 + 1, "{} looks up to {step}", looks.len());
    }
    let csv = broken_off(&["run", "-", "--every", "100000", "--csv"], &document);
    let fields: Vec<usize> = csv.lines().map(|line| line.split(',').count()).collect();
    assert!(fields.len() >= 2 && fields.iter().all(|count| *count == fields[0]), "{csv}");
}

#[test]
fn a_burn_in_hears_it_too() {
    let document = scenario(10_000, &json!({ "kind": "stationary", "burn_in": 10_000_000 }));
    let answer = parsed(&broken_off(&["run", "-"], &document));
    assert_eq!((&answer["complete"], &answer["measurement"]["step"]), (&json!(false), &json!(0)));
    let left = answer["burn_in_left"].as_u64().expect("what is left of it");
    assert!(left > 0 && left < 10_000_000, "{left}");
    let part = parsed(&broken_off(&["run", "-", "--shard", "1/2"], &document));
    assert!(part["burn_in_left"].as_u64().is_some_and(|left| left > 0) && part["complete"] == false);
}

/// Many looks, or lags, on the way make no stage of what follows longer than it should be.
#[test]
fn it_is_heard_after_looks_and_between_lags() {
    let document = SHORT.replace("10000000", "100");
    let lags = "1,2,3,4,5,6,7,8,9,10,11,12,100000000";
    let answer = parsed(&broken_off(&["run", "-", "--every", "10", "--lags", lags], &document));
    assert_eq!((&answer["complete"], &answer["measurement"]["step"]), (&json!(false), &json!(100)));
    assert_eq!(answer["autocovariance"].as_array().map(Vec::len), Some(12));
    // A shard that was broken off is of no use to the others, and says so.
    let file = std::env::temp_dir().join(format!("noisy-descent-broken-off-{}", std::process::id()));
    std::fs::write(&file, broken_off(&["run", "-", "--shard", "1/2"], SHORT)).expect("a file");
    let path = file.to_str().expect("a path");
    refused(&["merge", path], "", "Ctrl-C broke it off: shard 1/2 has to be run again");
    std::fs::remove_file(&file).expect("a file");
}

#[test]
fn a_sweep_prints_the_points_that_were_done() {
    let sweep = json!({ "scenario": { "version": 1, "run": { "replicas": 2000, "steps": 200_000 } },
        "parameter": "learning_rate", "from": 0.1, "to": 1.5, "points": 200 })
    .to_string();
    let answer = parsed(&broken_off(&["sweep", "-"], &sweep));
    let points = answer["points"].as_array().expect("points");
    assert!(answer["complete"] == false && points.len() < 200);
    assert!(points.iter().all(|point| point["measured"].is_f64() && point["exact"].is_f64()));
}
