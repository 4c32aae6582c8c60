//! The parameter table says the truth about the documents.

use noisy_descent::scenario::{Group, PARAMETERS, Parameter, Values};
use noisy_descent::{Scenario, Sweep};
use serde_json::{Value, json};

/// The document in which a parameter lives: every choice has its default but the one under which the parameter exists.
fn home(parameter: &Parameter) -> Value {
    if matches!(parameter.group, Group::Sweep | Group::View) {
        return serde_json::to_value(Sweep::default()).unwrap();
    }
    let default = |row: &Parameter| -> Value { serde_json::from_str(row.default).expect("JSON") };
    let value = |row: &Parameter| match parameter.only_if {
        Some((choice, options)) if choice == row.name => json!(options[0]),
        _ => default(row),
    };
    let rows = || PARAMETERS.iter().filter(|row| !matches!(row.group, Group::Sweep | Group::View));
    let mut document =
        json!({ "version": 1, "loss": { "kind": "quadratic" }, "noise": {}, "optimizer": {}, "run": {} });
    for row in rows() {
        let there = row.only_if.is_none_or(|(choice, options)| {
            rows().any(|other| other.name == choice && options.iter().any(|&option| value(other) == option))
        });
        if there {
            let keys: Vec<&str> = row.path.split('/').skip(1).collect();
            *keys.iter().fold(&mut document, |place, key| &mut place[*key]) = value(row);
        }
    }
    document
}

#[test]
fn every_number_of_the_default_document_is_in_the_table() {
    fn leaves(value: &Value, path: String, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, inner)| leaves(inner, format!("{path}/{key}"), found)),
            Value::Number(_) => found.push(path),
            _ => {}
        }
    }
    let mut found = Vec::new();
    leaves(&serde_json::to_value(Scenario::default()).unwrap(), String::new(), &mut found);
    for path in found.iter().filter(|path| *path != "/version") {
        assert!(PARAMETERS.iter().any(|parameter| parameter.path == path), "{path} is in no row of the table");
    }
}

#[test]
fn names_are_unique_and_every_row_is_explained() {
    for (n, parameter) in PARAMETERS.iter().enumerate() {
        assert!(PARAMETERS[..n].iter().all(|other| other.name != parameter.name), "{} twice", parameter.name);
        assert!(parameter.doc.ends_with('.') && !parameter.label.is_empty(), "{}", parameter.name);
        if let Values::Number(domain) | Values::Integer(domain) = parameter.values
            && let Some(slider) = domain.slider
        {
            assert!(domain.interval.contains(slider.low) && domain.interval.contains(slider.high));
        }
    }
}

#[test]
fn each_number_is_refused_outside_its_range() {
    for parameter in PARAMETERS {
        let Some(interval) = parameter.interval() else { continue };
        for bad in [json!(interval.high * 2.0 + 1.0), json!(interval.low - 1.0), json!(null), json!("x"), json!([1])] {
            let mut document = home(parameter);
            *document.pointer_mut(parameter.path).unwrap() = bad.clone();
            let problems = match parameter.group {
                Group::Sweep | Group::View => Sweep::read(document).unwrap_err(),
                _ => Scenario::read(document).unwrap_err(),
            };
            assert_eq!(problems[0].parameter(), parameter.name, "{bad}");
            assert!(problems[0].to_string().contains(&interval.to_string()), "{}", problems[0]);
        }
    }
}

#[test]
fn matrices_are_refused_in_words() {
    let with = |hessian: Value, covariance: Value| {
        let mut document = serde_json::to_value(Scenario::default()).unwrap();
        document["loss"]["hessian"] = hessian;
        if !covariance.is_null() {
            document["noise"]["covariance"] = json!({ "kind": "matrix", "matrix": covariance });
        }
        Scenario::read(document).unwrap_err()[0].to_string()
    };
    for (hessian, covariance, words) in [
        (json!([[1, 0.5], [0.4, 1]]), json!(null), "hessian must be symmetric, got 0.5 in row 1, column 2 but 0.4"),
        (json!([[1, 2], [2, 1]]), json!(null), "hessian must be positive definite (every eigenvalue above 0), got"),
        (json!([[1, 0], [0, 0]]), json!(null), "got the eigenvalue 0"),
        (json!([[1, 0]]), json!(null), "hessian must be a square matrix with 1 to 512 rows, got 1 rows and 2 columns"),
        (json!([]), json!(null), "hessian must be a square matrix"),
        (json!([[1, 0], [0]]), json!(null), "hessian cannot be read: row 1 has 2 entries, row 2 has 1"),
        (json!([[1]]), json!([[1, 0], [0, 1]]), "noise_covariance must have the size of hessian, 1, got 2"),
        (json!([[1, 0], [0, 1]]), json!([[1, 2], [2, 1]]), "noise_covariance must be positive semidefinite"),
    ] {
        let got = with(hessian, covariance);
        assert!(got.contains(words), "{got:?} does not say {words:?}");
    }
    // Semidefinite is fine for the noise.
    let mut document = serde_json::to_value(Scenario::default()).unwrap();
    document["noise"]["covariance"] = json!({ "kind": "matrix", "matrix": [[1, 1], [1, 1]] });
    assert!(Scenario::read(document).is_ok());
}

#[test]
fn large_ensembles_are_refused_before_anything_is_allocated() {
    let mut document = serde_json::to_value(Scenario::default()).unwrap();
    let rows: Vec<Vec<f64>> = (0..100).map(|i| (0..100).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    document["loss"]["hessian"] = json!(rows);
    document["run"]["replicas"] = json!(1_000_000);
    let problem = &Scenario::read(document).unwrap_err()[0];
    assert_eq!((problem.kind(), problem.parameter()), ("too_large", "replicas"));
    assert!(problem.to_string().contains("[2, 200000] with 100 coordinates"), "{problem}");
}

#[test]
fn scales_of_any_size_are_read() {
    for scale in [1e-300, 1e-12, 1e12, 1e300] {
        let mut document = serde_json::to_value(Scenario::default()).unwrap();
        document["loss"]["hessian"] = json!([[scale, 0.3 * scale], [0.3 * scale, scale]]);
        let scenario = Scenario::read(document).unwrap_or_else(|problems| panic!("{scale}: {}", problems[0]));
        match noisy_descent::predict(&scenario) {
            Ok(prediction) => assert_eq!(prediction.stability.stable, scale < 1.0),
            // Beyond every number: said, with the parameter that would help.
            Err(error) => assert_eq!((error.parameter(), scale), ("learning_rate", 1e300)),
        }
    }
}
