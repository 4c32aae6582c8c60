//! The binary as a person at a terminal uses it.

use crate::common::{json, refused, run};
use serde_json::{Value, json};

#[test]
fn predicts_from_standard_input_and_from_a_file() {
    let scenario = r#"{"version":1,"optimizer":{"kind":"momentum","learning_rate":1.5}}"#;
    let from_input = json(&["predict", "-"], scenario);
    assert!((from_input["discrete"]["stationary"]["covariance"][0][0].as_f64().unwrap() - 3.0).abs() < 1e-12);
    let file = std::env::temp_dir().join(format!("noisy-descent-{}.json", std::process::id()));
    std::fs::write(&file, scenario).expect("a file");
    let from_file = json(&["predict", file.to_str().expect("a path")], "");
    std::fs::remove_file(&file).expect("a file");
    assert_eq!(from_input, from_file);
}

#[test]
fn an_unstable_scenario_is_an_answer() {
    let answer = json(&["predict", "-"], r#"{"version":1,"optimizer":{"kind":"momentum","learning_rate":2.5}}"#);
    assert_eq!(answer["stability"]["stable"], false);
    assert!(answer["discrete"].is_null());
}

#[test]
fn bad_documents_are_one_line_and_status_two() {
    for (input, words) in [
        (
            r#"{"version":1,"optimizer":{"kind":"momentum","learning_rate":-1}}"#,
            "learning_rate must lie in (0, 1000000], got -1",
        ),
        (r#"{"version":1,"loss":{"kind":"quadratic","hessian":[[1,2],[2,1]]}}"#, "hessian must be positive"),
        (r#"{"version":2}"#, "version 2"),
        (r#"{"version":1,"extra":0}"#, "extra"),
        ("{", "scenario cannot be read: EOF"),
        ("", "scenario cannot be read: EOF"),
        ("\u{fffd}", "scenario cannot be read"),
    ] {
        refused(&["predict", "-"], input, words);
    }
    refused(&["predict", "/no/such/file"], "", "cannot read /no/such/file");
    refused(&["predict"], "", "required arguments");
    refused(&["nonsense"], "", "unrecognized subcommand 'nonsense'");
}

#[test]
fn bayes_and_kramers_answer() {
    let bayes = json(&["bayes", "--curvatures", "2", "--data-size", "1000", "--batch-size", "100"], "");
    // One direction: λ* = 2S/(Nk), Liu et al. 2021, Theorem 6.
    assert!((bayes["optimum"]["learning_rate"].as_f64().unwrap() - 0.1).abs() < 1e-12);
    let full_batch = ["bayes", "--curvatures", "1", "--data-size", "10", "--batch-size", "10"];
    refused(&full_batch, "", "batch_size must lie in [1, 9], got 10");
    refused(&["bayes", "--curvatures", "x", "--data-size", "10", "--batch-size", "1"], "", "invalid value 'x'");

    let escape = json(&["kramers", "--scale", "10"], "");
    // Fig. 6(b) at r = 10: 2.46e-2 of r |k_b| per unit s by the exact chain.
    assert!((escape["exact"]["rate"].as_f64().unwrap() / 10.0 - 2.46e-2).abs() < 5e-5);
    refused(&["kramers", "--scale", "NaN"], "", "scale must lie in");
    refused(&["kramers", "--end", "-1"], "", "end");
}

#[test]
fn errata_are_text_or_json() {
    let all = json(&["errata", "--json"], "");
    let all = all.as_array().expect("an array");
    assert_eq!(all.len(), 32);
    assert_eq!((all[1]["number"].as_str(), all[31]["number"].as_str()), (Some("1a"), Some("28")));

    let one = json(&["errata", "3", "--json", "--set", "learning_rate=1", "--set", "curvature=0.5"], "");
    assert_eq!(one["values"]["learning_rate"], 1.0);
    // K - (λ/2) K², not K + (λ/2) K²
    assert!((one["evidence"][0]["corrected"].as_f64().unwrap() - 0.375).abs() < 1e-12);
    assert!((one["evidence"][0]["printed"].as_f64().unwrap() - 0.625).abs() < 1e-12);

    let output = run(&["errata", "28"], "");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success() && text.starts_with("28  Corollaries 5, 6, Theorem 6: without replacement"));
    let line = text.lines().last().expect("a line");
    assert!(line.is_empty(), "a blank line between errata");
    assert!(text.contains("printed     0.333333  corrected          0.4  by enumeration 0.4\n"), "{text}");

    refused(&["errata", "29"], "", "there is no number \"29\"; known: 1, 1a");
    refused(
        &["errata", "3", "--set", "speed=1"],
        "",
        "there is no parameter \"speed\"; known: learning_rate, curvature",
    );
    refused(&["errata", "3", "--set", "learning_rate=9"], "", "learning_rate must lie in [0.001, 1.9], got 9");
    refused(&["errata", "3", "--set", "learning_rate"], "", "write NAME=VALUE");
    refused(&["errata", "3", "--set", "learning_rate=x"], "", "x is not a number");
    refused(&["errata", "--set", "learning_rate=1"], "", "required arguments");
}

#[test]
fn table_one_has_its_rows() {
    let rows = json(&["table1", "-"], r#"{"version":1,"optimizer":{"kind":"momentum","learning_rate":0.5}}"#);
    let rows = rows.as_array().expect("rows");
    assert_eq!(rows.len(), 6, "SGD, momentum, QHM, damped Newton, natural gradient, Adam");
    refused(&["table1", "-"], r#"{"version":1,"optimizer":{"kind":"momentum","learning_rate":0}}"#, "learning_rate");
}

#[test]
fn data_is_the_table_as_a_document() {
    let text = "name;bmi;score\nann;1,5;2\nbob;2,5;6\n";
    let standardised = json(&["data", "-", "--columns", "bmi"], text);
    assert_eq!(standardised, json!({ "kind": "table", "inputs": [[-1.0], [1.0]], "targets": [-1.0, 1.0] }));
    let raw = json(&["data", "-", "--target", "bmi", "--columns", "3", "--no-standardise"], text);
    assert_eq!(raw, json!({ "kind": "table", "inputs": [[2.0], [6.0]], "targets": [1.5, 2.5] }));
    let told = json(&["data", "-", "--header", "false", "--separator", "|", "--no-standardise"], "1|2\n3|4\n");
    assert_eq!(told, json!({ "kind": "table", "inputs": [[1.0], [3.0]], "targets": [2.0, 4.0] }));

    let file = std::env::temp_dir().join(format!("noisy-descent-{}.csv", std::process::id()));
    std::fs::write(&file, text).expect("a file");
    let from_file = json(&["data", file.to_str().expect("a path"), "--columns", "bmi"], "");
    std::fs::write(&file, b"caf\xe9,y\n1,2\n").expect("a file");
    refused(&["data", file.to_str().expect("a path")], "", "UTF-8");
    std::fs::remove_file(&file).expect("a file");
    assert_eq!(from_file, standardised);

    refused(&["data", "-"], text, r#"table cannot be read: line 2, column 1 (name): "ann" is not a number"#);
    refused(&["data", "-", "--columns", "height"], text, r#"names "height", which is no column; there are name, bmi"#);
    refused(&["data", "-"], "", "table cannot be read: it has no line of data");
    refused(&["data", "-", "--separator", ";;"], text, "separator");
    refused(&["data", "/no/such/file"], "", "cannot read /no/such/file");
    // Nearly the same column twice: only the Hessian tells.
    let nearly = "1,1.0000003,1\n2,2,5\n4,3.9999997,2\n3,3,1\n";
    refused(&["data", "-"], nearly, "hessian must be positive definite");
}

#[test]
fn parameters_are_the_table_and_help_has_examples() {
    let table = json(&["parameters"], "");
    let names: Vec<&str> = table.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"learning_rate") && names.contains(&"seed"));
    let pathless =
        table.as_array().unwrap().iter().filter(|row| row["path"] == "").map(|row| row["name"].as_str().unwrap());
    assert_eq!(pathless.collect::<Vec<_>>(), ["curvature", "dimension"], "what only a sweep has");
    let help = run(&["--help"], "");
    assert!(help.status.success());
    assert!(String::from_utf8_lossy(&help.stdout).contains("Examples:"));
}

const SCENARIO: &str = r#"{"version":1,"optimizer":{"kind":"momentum","learning_rate":1.5,"momentum":0.3},
    "run":{"replicas":700,"steps":60,"seed":4}}"#;

#[test]
fn a_run_has_the_bits_of_the_library() {
    let answer = json(&["run", "-"], SCENARIO);
    let scenario = noisy_descent::Scenario::from_json(SCENARIO).expect("a good scenario");
    let mut ensemble = noisy_descent::simulate::Ensemble::new(&scenario, 0).expect("it runs");
    ensemble.run();
    assert_eq!(answer["checksum"], format!("{:016x}", ensemble.checksum()));
    assert_eq!(answer["measurement"], serde_json::to_value(ensemble.measure()).expect("JSON"));
    assert_eq!((&answer["complete"], &answer["escape"]), (&json!(true), &Value::Null));
    assert!(answer["prediction"]["discrete"]["at_end"]["covariance"][0][0].is_number());
    let well = r#"{"version":1,"loss":{"kind":"piecewise_quadratic"},"noise":{"covariance":{"kind":"curvature"}},
        "optimizer":{"kind":"momentum","learning_rate":0.5},"run":{"replicas":300,"steps":200}}"#;
    assert!(json(&["run", "-"], well)["escape"]["mean_first_passage_time"].as_f64().expect("a time") > 1.0);
}

#[test]
fn a_run_is_followed_over_time_and_beyond() {
    let plain = json(&["run", "-"], SCENARIO);
    let answer = json(&["run", "-", "--every", "25", "--lags", "3,0"], SCENARIO);
    assert_eq!((&answer["measurement"], &answer["checksum"]), (&plain["measurement"], &plain["checksum"]));
    assert!(plain.get("over_time").is_none() && plain.get("autocovariance").is_none());
    let steps = |list: &str, name: &str| -> Vec<u64> {
        answer[list].as_array().expect("a list").iter().map(|row| row[name].as_u64().expect("a number")).collect()
    };
    assert_eq!(steps("over_time", "step"), [0, 25, 50]);
    assert_eq!(steps("autocovariance", "lag"), [0, 3]);
    let (now, lagged) = (&answer["measurement"]["covariance"][0][0], &answer["autocovariance"][0]["covariance"][0][0]);
    let ratio = now.as_f64().expect("a number") / lagged.as_f64().expect("a number");
    assert!((ratio - 1.0).abs() < 1e-12, "at lag 0 it is the variance");
    refused(&["run", "-", "--every", "0"], SCENARIO, "0 is not in 1..");
}

#[test]
fn a_run_is_the_same_by_threads_and_by_shards() {
    let well = r#"{"version":1,"loss":{"kind":"piecewise_quadratic"},"noise":{"covariance":{"kind":"curvature"}},
        "optimizer":{"kind":"momentum","learning_rate":0.5},"run":{"replicas":9000,"steps":50}}"#;
    let folder = std::env::temp_dir().join(format!("noisy-descent-run-shards-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let without_time = |mut answer: Value| {
        answer.as_object_mut().expect("an object").remove("seconds").expect("a time");
        answer
    };
    for scenario in [SCENARIO, well] {
        let of = |more: &[&str]| json(&[&["run", "-", "--every", "20", "--lags", "1,4"], more].concat(), scenario);
        let whole = without_time(of(&["--threads", "1"]));
        assert_eq!(without_time(of(&["--threads", "3"])), whole);
        // More threads than there are blocks of replicas.
        assert_eq!(without_time(of(&["--threads", "40"])), whole);
        let parts: Vec<String> = ["2/3", "3/3", "1/3"]
            .iter()
            .map(|shard| {
                let path = folder.join(shard.replace('/', "-")).to_str().expect("a path").to_string();
                let part = of(&["--shard", shard, "--threads", "2"]);
                assert!(part.get("measurement").is_none(), "a shard has no verdict of its own");
                std::fs::write(&path, part.to_string()).expect("a file");
                path
            })
            .collect();
        assert_eq!(without_time(json(&["merge", &parts[0], &parts[1], &parts[2]], "")), whole);
        refused(&["merge", &parts[0], &parts[1]], "", "of its shards 1/3 are missing");
        let twice = format!("it is shard 2/3, and so is {}", parts[0]);
        refused(&["merge", &parts[0], &parts[0], &parts[1]], "", &twice);
        let other = folder.join("other").to_str().expect("a path").to_string();
        std::fs::write(&other, of(&["--shard", "1/4"]).to_string()).expect("a file");
        refused(&["merge", &parts[0], &other], "", "belongs to another run than the first");
        let mut spoilt = of(&["--shard", "1/3"]);
        spoilt["tallies"][0] = json!("+".repeat(16));
        std::fs::write(&other, spoilt.to_string()).expect("a file");
        refused(&["merge", &parts[0], &other], "", "not hexadecimal");
        refused(&["merge", "-"], "{}", "no shard of a run or sweep");
    }
    std::fs::remove_dir_all(&folder).expect("a folder");
}

/// A shard that has no replicas has nothing to add, at whatever step it stands.
#[test]
fn shards_without_replicas_are_merged_too() {
    let folder = std::env::temp_dir().join(format!("noisy-descent-empty-shards-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let diverging = SCENARIO.replace("1.5", "3.1");
    for (scenario, of) in [(SCENARIO, 7), (&diverging, 40)] {
        let call = |more: &[&str]| {
            let looks = ["run", "-", "--every", "20", "--histogram", "1:4:-2:2", "--lags", "2"];
            let mut answer = json(&[&looks, more].concat(), scenario);
            answer.as_object_mut().expect("an object").remove("seconds").expect("a time");
            answer
        };
        let parts: Vec<String> = (1..=of)
            .map(|part| {
                let path = folder.join(format!("{part}-{of}")).to_str().expect("a path").to_string();
                let mut part = call(&["--shard", &format!("{part}/{of}")]);
                part["seconds"] = json!(0.5);
                std::fs::write(&path, part.to_string()).expect("a file");
                path
            })
            .collect();
        let arguments: Vec<&str> = ["merge"].into_iter().chain(parts.iter().map(String::as_str)).collect();
        let mut merged = json(&arguments, "");
        assert_eq!(merged.as_object_mut().expect("an object").remove("seconds"), Some(json!(0.5 * f64::from(of))));
        assert_eq!(merged, call(&[]));
        refused(&arguments[..2], "", "are missing");
    }
    std::fs::remove_dir_all(&folder).expect("a folder");
}

#[test]
fn what_there_is_no_room_for_is_said_before_the_work() {
    let long = SCENARIO.replace("\"steps\":60", "\"steps\":10000000");
    let grid = ["run", "-", "--threads", "1", "--every", "1", "--histogram", "1,2:1000:-5:5"];
    refused(&grid, &long, "the number of looks must lie in [1, 134] where each keeps");
    refused(&["run", "-", "--threads", "100000000"], SCENARIO, "100000000 is not in 1..=1024");
    refused(&["run", "-", "--threads", "0"], SCENARIO, "0 is not in 1..=1024");
    refused(&["sweep", "-", "--threads", "1025"], "{}", "1025 is not in 1..=1024");
    refused(&["run", "-", "--shard", "1/1000001"], SCENARIO, "1 ≤ i ≤ n ≤ 1000000");
    refused(&["run", "-", "--lags", "4294967296"], SCENARIO, "4294967296 is not in");
    refused(&["run"], "", "not provided: <SCENARIO> (see --help)");
    // What a text editor puts before the first letter.
    assert_eq!(json(&["predict", "-"], &format!("\u{feff}{SCENARIO}")), json(&["predict", "-"], SCENARIO));
}

#[test]
fn a_sweep_is_the_same_by_threads_and_by_shards() {
    let sweep =
        json!({ "scenario": serde_json::from_str::<Value>(SCENARIO).expect("JSON"), "parameter": "learning_rate",
        "from": 0.0, "to": 2.2, "points": 7, "quantity": "variance", "coordinate": 1 })
        .to_string();
    let of = |more: &[&str]| {
        let output = run(&[&["sweep", "-"], more].concat(), &sweep);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let whole = of(&[]);
    assert_eq!(of(&["--threads", "1"]), whole);
    assert_eq!(of(&["--threads", "3"]), whole);
    assert_eq!(of(&["--threads", "20"]), whole); // three for each point
    let folder = std::env::temp_dir().join(format!("noisy-descent-shards-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let parts: Vec<String> = ["3/3", "1/3", "2/3"]
        .iter()
        .map(|shard| {
            let path = folder.join(shard.replace('/', "-")).to_str().expect("a path").to_string();
            std::fs::write(&path, of(&["--shard", shard])).expect("a file");
            path
        })
        .collect();
    let merged = run(&["merge", &parts[0], &parts[1], &parts[2]], "");
    assert_eq!(merged.stdout, whole);
    refused(&["merge", &parts[0], &parts[1]], "", "points 1, 4 are in no part");
    refused(&["merge", &parts[0], &parts[0]], "", "is in another part too");
    refused(&["sweep", "-", "--shard", "4/3"], &sweep, "1 ≤ i ≤ n");
    std::fs::remove_dir_all(&folder).expect("a folder");
    let csv = String::from_utf8(of(&["--csv"])).expect("text");
    assert_eq!(csv.lines().count(), 8);
    assert!(csv.starts_with("index,x,measured,error,"));
}

#[test]
fn a_covariance_along_the_curvature_and_a_mean_along_the_dimension() {
    let scenario = json!({ "version": 1, "loss": { "kind": "quadratic", "hessian": [[1, 0], [0, 0.5]] },
        "noise": { "covariance": { "kind": "matrix", "matrix": [[1, 0.6], [0.6, 1]] } },
        "run": { "replicas": 2000, "steps": 6, "start": { "kind": "point", "weights": [4, -2] } } });
    let along = |parameter: &str, to: f64, more: &Value| {
        let mut sweep = json!({ "parameter": parameter, "from": 0.2, "to": to, "points": 4, "scenario": scenario });
        more.as_object().expect("an object").iter().for_each(|(key, value)| sweep[key] = value.clone());
        json(&["sweep", "-"], &sweep.to_string())
    };
    // λ = 1.5: the limit is k = 4/3.
    let covariance = along("curvature", 1.2, &json!({ "quantity": "covariance", "coordinate": 2, "other": 1 }));
    assert_eq!(covariance["verdict"]["discrete"]["accepted"], true, "{covariance}");
    assert_eq!(covariance["verdict"]["continuous"]["accepted"], false);
    let mean = along("dimension", 5.0, &json!({ "quantity": "mean" }));
    assert_eq!(
        (mean["verdict"]["discrete"]["accepted"].as_bool(), mean["points"][3]["x"].as_f64()),
        (Some(true), Some(4.0))
    );
    let sweep =
        json!({ "parameter": "curvature", "scenario": { "version": 1, "loss": { "kind": "piecewise_quadratic" } } });
    refused(&["sweep", "-"], &sweep.to_string(), "there is no numeric parameter \"curvature\" in this scenario");
}

#[test]
fn a_formula_is_judged_beside_the_theories() {
    let sweep = |formula: &str| {
        json!({ "formula": formula, "from": 0.5, "to": 1.9, "points": 4, "scenario": { "version": 1, "run": { "replicas": 400, "steps": 100 } } })
            .to_string()
    };
    let right = sweep("sigma^2*lambda/(k*(2-lambda*k))");
    let answer = json(&["sweep", "-"], &right);
    assert_eq!(
        (answer["verdict"]["formula"]["accepted"].as_bool(), answer["points"][3]["formula"].is_f64()),
        (Some(true), true)
    );
    let wrong = json(&["sweep", "-"], &sweep("λ/2"));
    assert_eq!(wrong["verdict"]["formula"]["accepted"], false);
    let output = run(&["sweep", "-", "--csv"], &right);
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.lines().next().is_some_and(|line| line.ends_with(",exact,formula")), "{text}");
    assert!(text.lines().all(|line| line.split(',').count() == 10), "{text}");
    refused(&["sweep", "-"], &sweep("λ*(k"), "formula cannot be read: a ')' is missing for the '(' at 3");
}
