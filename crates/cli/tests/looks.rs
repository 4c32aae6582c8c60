//! A run that is looked at on its way: comma-separated values and histograms.

use crate::common::{json, refused, text};
use serde_json::{Value, json};

const SCENARIO: &str = r#"{"version":1,"optimizer":{"kind":"momentum","learning_rate":1.5,"momentum":0.3},
    "run":{"replicas":700,"steps":60,"seed":4}}"#;

/// Rows of fields under their names.
fn table(csv: &str) -> Vec<Vec<(String, String)>> {
    let mut lines = csv.lines().map(|line| line.split(',').map(String::from).collect::<Vec<_>>());
    let names = lines.next().expect("a line of names");
    lines
        .map(|fields| {
            assert_eq!(fields.len(), names.len());
            names.iter().cloned().zip(fields).collect()
        })
        .collect()
}

#[test]
fn looks_are_comma_separated_values() {
    let answer = json(&["run", "-", "--every", "25"], SCENARIO);
    let rows = table(&text(&["run", "-", "--every", "25", "--csv"], SCENARIO));
    let mut looks = answer["over_time"].as_array().expect("looks").clone();
    looks.push(answer["measurement"].clone());
    assert_eq!((rows.len(), looks.len()), (4, 4));
    for (row, look) in rows.iter().zip(&looks) {
        let field = |name: &str| &row.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no {name}")).1;
        let same = |name: &str, value: &Value| match value.as_f64() {
            Some(number) => assert_eq!(field(name).parse::<f64>(), Ok(number), "{name}"),
            None => assert_eq!(field(name), "", "{name}"),
        };
        for name in ["step", "replicas", "diverged", "left_before", "escaped", "steps_in_well", "training_error"] {
            same(name, &look[name]);
        }
        same("training_error_error", &look["training_error_error"]);
        for i in 0..2 {
            for name in ["mean", "skewness", "excess_kurtosis"] {
                same(&format!("{name}_{}", i + 1), &look[name][i]);
                same(&format!("{name}_{}_error", i + 1), &look[format!("{name}_error")][i]);
            }
            for j in i..2 {
                same(&format!("covariance_{}_{}", i + 1, j + 1), &look["covariance"][i][j]);
                same(&format!("covariance_{}_{}_error", i + 1, j + 1), &look["covariance_error"][i][j]);
            }
        }
    }
    // The last step once, and alone where nothing else is asked for.
    assert_eq!(table(&text(&["run", "-", "--every", "20", "--csv"], SCENARIO)).len(), 4);
    assert_eq!(table(&text(&["run", "-", "--csv"], SCENARIO)).len(), 1);
    for more in [["--shard", "1/2"], ["--histogram", "1:2:0:1"], ["--lags", "1"]] {
        refused(&[&["run", "-", "--csv"], &more[..]].concat(), SCENARIO, "cannot be used with");
    }
}

#[test]
fn an_escape_has_its_times_there_and_shards_give_the_same() {
    let well = r#"{"version":1,"loss":{"kind":"piecewise_quadratic"},"noise":{"covariance":{"kind":"curvature"}},
        "optimizer":{"kind":"momentum","learning_rate":0.5},"run":{"replicas":600,"steps":200}}"#;
    let answer = json(&["run", "-"], well);
    let csv = text(&["run", "-", "--every", "100", "--csv"], well);
    let rows = table(&csv);
    assert_eq!(rows.len(), 3);
    let field = |row: &[(String, String)], name: &str| row.iter().find(|(known, _)| known == name).unwrap().1.clone();
    for name in ["mean_first_passage_time", "mean_first_passage_time_error", "rate", "rate_error"] {
        assert_eq!(field(&rows[0], name), "", "nobody has left at the start");
        assert_eq!(field(&rows[2], name).parse::<f64>().ok(), answer["escape"][name].as_f64(), "{name}");
    }
    assert!(!table(&text(&["run", "-", "--csv"], SCENARIO))[0].iter().any(|(name, _)| name == "rate"));
    let folder = std::env::temp_dir().join(format!("noisy-descent-csv-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let parts = ["1/2", "2/2"].map(|shard| {
        let path = folder.join(shard.replace('/', "-")).to_str().expect("a path").to_string();
        std::fs::write(&path, text(&["run", "-", "--every", "100", "--shard", shard], well)).expect("a file");
        path
    });
    assert_eq!(text(&["merge", "--csv", &parts[0], &parts[1]], ""), csv);
    std::fs::remove_dir_all(&folder).expect("a folder");
}

#[test]
fn the_first_look_comes_after_the_burn_in() {
    let scenario = r#"{"version":1,"run":{"replicas":700,"steps":10,"start":{"kind":"stationary","burn_in":60}}}"#;
    let answer = json(&["run", "-", "--every", "5"], scenario);
    let first = &answer["over_time"][0];
    assert_eq!(first["step"], 0);
    assert!(first["covariance"][0][0].as_f64().expect("a variance") > 0.1, "{first}");
    assert!(answer.get("burn_in_left").is_none());
}

#[test]
fn histograms_over_time_are_the_same_by_threads_and_by_shards() {
    let folder = std::env::temp_dir().join(format!("noisy-descent-histograms-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let scenario = SCENARIO.replace("700", "9000");
    for (grid, cells, coordinates) in [("2:40:-3:3", 40, json!([2])), ("1,2:8:-2.5:2.5", 64, json!([1, 2]))] {
        let of = |more: &[&str]| {
            json(&[&["run", "-", "--every", "30", "--point", "2", "--histogram", grid], more].concat(), &scenario)
        };
        let whole = of(&["--threads", "1"]);
        let histograms = whole["histograms"].as_array().expect("histograms");
        let steps: Vec<u64> = histograms.iter().map(|at| at["step"].as_u64().expect("a step")).collect();
        assert_eq!(steps, [0, 30, 60, 60]);
        for at in histograms {
            let counts: Vec<u64> =
                at["counts"].as_array().expect("counts").iter().map(|n| n.as_u64().expect("a count")).collect();
            assert_eq!((counts.len(), &at["coordinates"]), (cells, &coordinates));
            assert_eq!(counts.iter().sum::<u64>() + at["outside"].as_u64().expect("a count"), 9000);
            for (count, error) in counts.iter().zip(at["errors"].as_array().expect("errors")) {
                let share = *count as f64 / 9000.0;
                let error = error.as_f64().expect("an error");
                assert!((error - (9000.0 * share * (1.0 - share)).sqrt()).abs() < 1e-9, "{count} ± {error}");
            }
        }
        assert_ne!(histograms[0]["counts"], histograms[1]["counts"]);
        assert_eq!(of(&["--threads", "3"])["histograms"], whole["histograms"]);
        let parts: Vec<String> = ["2/2", "1/2"]
            .iter()
            .map(|shard| {
                let path = folder.join(shard.replace('/', "-")).to_str().expect("a path").to_string();
                std::fs::write(&path, of(&["--shard", shard]).to_string()).expect("a file");
                path
            })
            .collect();
        let merged = json(&["merge", &parts[0], &parts[1]], "");
        for same in ["histograms", "checksum", "point", "over_time"] {
            assert_eq!(merged[same], whole[same], "{same}");
        }
    }
    std::fs::remove_dir_all(&folder).expect("a folder");
    refused(&["run", "-", "--histogram", "3:40:-3:3"], SCENARIO, "coordinate must lie in [1, 2], got 3");
    refused(&["run", "-", "--histogram", "0:40:-3:3"], SCENARIO, "with coordinates from 1");
    refused(&["run", "-", "--histogram", "1:40:3"], SCENARIO, "X[,Y]:BINS:LOW:HIGH");
    refused(&["run", "-", "--histogram", "1:0:-3:3"], SCENARIO, "bins must lie in");
}

const HEAVY: &str =
    r#"{"version":1,"noise":{"law":{"kind":"student_t","degrees":3}},"run":{"replicas":600,"steps":20}}"#;

#[test]
fn a_standard_error_without_its_moment_is_left_out() {
    let answer = json(&["run", "-", "--every", "10", "--lags", "1"], HEAVY);
    for look in answer["over_time"].as_array().expect("looks").iter().skip(1).chain([&answer["measurement"]]) {
        assert!(look["covariance"][0][0].is_f64() && look["mean_error"][0].is_f64());
        assert!(look["covariance_error"][0][1].is_null() && look["training_error_error"].is_null());
        assert!(look["skewness"][0].is_null() && look["excess_kurtosis"][1].is_null());
    }
    assert!(answer["autocovariance"][0]["error"][0][0].is_null());
    assert_eq!(answer["lacking_moments"]["squares"], 4);
    let csv = table(&text(&["run", "-", "--csv"], HEAVY));
    assert!(csv[0].iter().any(|(name, field)| name == "covariance_1_1_error" && field.is_empty()));
    assert!(json(&["run", "-"], SCENARIO).get("lacking_moments").is_none());
}

/// Every name of an answer stands in its documentation.
#[test]
fn what_is_printed_is_documented() {
    fn names(value: &Value, into: &mut Vec<String>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| {
                into.push(name.clone());
                // These have documents of their own.
                if !["scenario", "prediction", "sweep"].contains(&name.as_str()) {
                    names(value, into);
                }
            }),
            Value::Array(list) => list.iter().for_each(|value| names(value, into)),
            _ => (),
        }
    }
    let well = r#"{"version":1,"loss":{"kind":"piecewise_quadratic"},"noise":{"covariance":{"kind":"curvature"}},
        "run":{"replicas":60,"steps":20}}"#;
    let run = json(&["run", "-", "--every", "10", "--lags", "1", "--histogram", "1:2:0:1", "--point", "1"], well);
    let sweep = r#"{"points":2,"scenario":{"version":1,"run":{"replicas":60,"steps":20}}}"#;
    let mut found = Vec::new();
    names(&run, &mut found);
    names(&json(&["run", "-"], HEAVY), &mut found);
    names(&json(&["sweep", "-"], sweep), &mut found);
    assert!(found.len() > 60, "{found:?}");
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/terminal.md")).expect("it");
    for name in found {
        let short = name.strip_suffix("_error").unwrap_or(&name);
        assert!(page.contains(&format!("`{name}`")) || page.contains(&format!("`{short}`")), "{name} is not in it");
    }
}
