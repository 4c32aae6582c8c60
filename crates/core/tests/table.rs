//! The parameter table says the truth about the documents.

use noisy_descent::scenario::{Group, PARAMETERS, Parameter, Values};
use noisy_descent::{Scenario, Sweep};
use serde_json::{Value, json};

/// The document in which a parameter lives: every choice has its default but those under which the parameter exists.
fn home(parameter: &Parameter) -> Value {
    if matches!(parameter.group, Group::Sweep | Group::View) {
        return serde_json::to_value(Sweep::default()).unwrap();
    }
    let rows = || PARAMETERS.iter().filter(|row| !matches!(row.group, Group::Sweep | Group::View));
    let named = |name: &str| rows().find(|row| row.name == name).expect("a choice of the table");
    let mut made = Vec::new();
    let mut next = parameter;
    while let Some((choice, options)) = next.only_if {
        made.push((choice, options[0]));
        next = named(choice);
    }
    let value = |row: &Parameter| match made.iter().find(|(choice, _)| *choice == row.name) {
        Some((_, option)) => json!(option),
        None => serde_json::from_str(row.default).expect("JSON"),
    };
    let mut document = json!({ "version": 1 });
    for row in rows() {
        let mut there = true;
        let mut inner = row;
        while let Some((choice, options)) = inner.only_if {
            inner = named(choice);
            there &= options.iter().any(|&option| value(inner) == option);
        }
        if there && (!row.is_optional() || row.name == parameter.name) {
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
        (
            json!([[1, 2], [2, 1]]),
            json!(null),
            "hessian must be positive semidefinite (every eigenvalue at least 0), got the eigenvalue -1",
        ),
        (json!([[0, 0], [0, 0]]), json!(null), "hessian must lie in (0, ∞) for its largest eigenvalue, got 0"),
        (json!([[1, 0]]), json!(null), "hessian must be a square matrix with 1 to 512 rows, got 1 rows and 2 columns"),
        (json!([]), json!(null), "hessian must be a square matrix"),
        (json!([[1, 0], [0]]), json!(null), "hessian cannot be read: row 1 has 2 entries, row 2 has 1"),
        (json!([[1]]), json!([[1, 0], [0, 1]]), "noise_covariance must have the size of hessian, 1, got 2"),
        (json!([[1, 0], [0, 1]]), json!([[1, 2], [2, 1]]), "noise_covariance must be positive semidefinite"),
    ] {
        let got = with(hessian, covariance);
        assert!(got.contains(words), "{got:?} does not say {words:?}");
    }
    // Semidefinite is fine for the noise and the loss, not for a preconditioner; the table says so.
    for parameter in PARAMETERS {
        let Values::Matrix { definite } = parameter.values else { continue };
        let mut document = home(parameter);
        *document.pointer_mut(parameter.path).unwrap() = json!([[1, 1], [1, 1]]);
        match Scenario::read(document) {
            Ok(_) => assert!(!definite, "{}", parameter.name),
            Err(problems) => {
                assert!(definite, "{}: {}", parameter.name, problems[0]);
                assert_eq!((problems[0].kind(), problems[0].parameter()), ("not_positive", parameter.name));
            }
        }
    }
}

#[test]
fn lists_are_refused_in_words() {
    let with = |name: &str, value: Value| {
        let row = PARAMETERS.iter().find(|row| row.name == name).expect("a row");
        let mut document = home(row);
        *document.pointer_mut(row.path).expect("a place") = value;
        Scenario::read(document).unwrap_err()[0].to_string()
    };
    let many = vec![1.0; 513];
    for (name, value, words) in [
        ("input_variances", json!([]), "input_variances must lie in [1, 512] for the number of entries, got 0"),
        ("input_variances", json!(many), "input_variances must lie in [1, 512] for the number of entries, got 513"),
        ("input_variances", json!([1, 0]), "input_variances must lie in (0, 1000000000000], got 0"),
        ("input_variances", json!(7), "input_variances cannot be read: it must be an array of numbers"),
        ("input_variances", json!([1, "a"]), "input_variances cannot be read: \"a\" in place 2 is no number"),
        ("coefficients", json!([0, 0, null]), "coefficients must have finite entries, got NaN in row 3, column 1"),
        ("coefficients", json!([0, 0]), "coefficients must lie in [3, 33] for the number of entries, got 2"),
        ("coefficients", json!([0, 0, -1]), "coefficients must lie in (0, ∞) for that of w², so that"),
        ("start_weights", json!([1]), "start_weights must have the size of hessian, 2, got 1"),
        ("start_weights", json!([1e300, 0]), "start_weights must lie in [-1000000000000, 1000000000000], got 1e300"),
        ("columns", json!([]), "columns cannot be read: it must have at least one of age, sex, bmi"),
        ("columns", json!(["weight"]), "columns cannot be read: \"weight\" is none of age, sex, bmi"),
        ("columns", json!(["bmi", "bmi"]), "columns cannot be read: \"bmi\" is there twice"),
        ("inputs", json!([[1], [1, 2]]), "inputs cannot be read: row 1 has 1 entries, row 2 has 2"),
        ("inputs", json!([[1], [null]]), "inputs must have finite entries, got NaN in row 2, column 1"),
        ("inputs", json!([]), "inputs must lie in [1, 1000000] for the number of entries, got 0"),
        ("inputs", json!([[1], [2], [3]]), "targets must have the size of inputs, 3, got 2"),
        ("targets", json!([1, f64::INFINITY]), "targets must have finite entries, got NaN in row 2, column 1"),
    ] {
        let got = with(name, value);
        assert!(got.starts_with(words), "{got:?} does not start with {words:?}");
    }
    let row = PARAMETERS.iter().find(|row| row.name == "inputs").expect("a row");
    let mut document = home(row);
    *document.pointer_mut("/loss/data/inputs").expect("a place") = json!([[1, 2], [2, 4], [3, 6]]);
    *document.pointer_mut("/loss/data/targets").expect("a place") = json!([1, 2, 3]);
    let problem = &Scenario::read(document).unwrap_err()[0];
    assert_eq!((problem.kind(), problem.parameter()), ("not_positive", "hessian"));
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
