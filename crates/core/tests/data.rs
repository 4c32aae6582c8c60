//! Data documents: what is wrong is named.

use noisy_descent::Error;
use noisy_descent::data::Data;
use serde_json::json;

fn read(document: serde_json::Value) -> Data {
    serde_json::from_value(document).expect("a data document")
}

#[track_caller]
fn refused(document: serde_json::Value, parameter: &str, words: &str) {
    let data = read(document);
    let error = data.check().expect_err("a problem");
    assert_eq!(error.parameter(), parameter);
    assert_eq!(error.to_string(), words);
    assert_eq!(data.load().expect_err("a problem"), error);
}

#[test]
fn what_is_not_said_has_its_default() {
    assert_eq!(read(json!({ "kind": "synthetic" })), Data::default());
    assert_eq!(read(json!({ "kind": "diabetes" })), Data::diabetes());
    let written = serde_json::to_value(Data::default()).expect("JSON");
    let expected = json!({
        "kind": "synthetic", "samples": 1000, "input_variances": [1.0], "residual_variance": 1.0, "seed": 1
    });
    assert_eq!(written, expected);
    for data in [Data::default(), Data::diabetes(), read(json!({ "kind": "table", "inputs": [[1]], "targets": [2] }))] {
        let written = serde_json::to_value(&data).expect("JSON");
        assert_eq!(written["kind"], data.kind());
        assert_eq!(read(written), data);
    }
    assert!(serde_json::from_value::<Data>(json!({ "kind": "synthetic", "sample": 3 })).is_err());
    assert!(serde_json::from_value::<Data>(json!({ "kind": "table", "inputs": [[1]] })).is_err());
}

#[test]
fn wrong_numbers_are_named() {
    let synthetic = |field: &str, value: serde_json::Value| {
        let mut document = json!({ "kind": "synthetic" });
        document[field] = value;
        document
    };
    refused(synthetic("samples", json!(0)), "samples", "samples must lie in [1, 1000000] for 1 input column, got 0");
    refused(
        synthetic("samples", json!(4_000_000_000_u32)),
        "samples",
        "samples must lie in [1, 1000000] for 1 input column, got 4000000000",
    );
    let mut short = synthetic("samples", json!(2));
    short["input_variances"] = json!([1, 1, 1]);
    refused(short, "samples", "samples must lie in [3, 333333] for 3 input columns, got 2");
    refused(synthetic("input_variances", json!([])), "dimension", "dimension must lie in [1, 512], got 0");
    refused(
        synthetic("input_variances", json!(vec![1.0; 513])),
        "dimension",
        "dimension must lie in [1, 512], got 513",
    );
    refused(
        synthetic("input_variances", json!([1, 0])),
        "input_variances",
        "input_variances must lie in (0, ∞), got 0",
    );
    refused(
        synthetic("residual_variance", json!(-1)),
        "residual_variance",
        "residual_variance must lie in [0, ∞), got -1",
    );
    refused(
        synthetic("seed", json!(1_u64 << 53)),
        "data_seed",
        "data_seed must lie in [0, 9007199254740991], got 9007199254740992",
    );
    assert!(read(synthetic("seed", json!(9_007_199_254_740_991_u64))).load().is_ok());
}

#[test]
fn wrong_tables_are_named() {
    let table = |inputs: serde_json::Value, targets: serde_json::Value| json!({ "kind": "table", "inputs": inputs, "targets": targets });
    refused(table(json!([]), json!([])), "dimension", "dimension must lie in [1, 512], got 0");
    refused(
        table(json!([[1, 2], [1]]), json!([1, 2])),
        "inputs",
        "inputs cannot be read: row 1 has 2 entries, row 2 has 1",
    );
    refused(table(json!([[1], [2]]), json!([1])), "targets", "targets must have the size of inputs, 2, got 1");
    let wide = Data::Table { inputs: vec![vec![1.0; 600]; 600], targets: vec![1.0; 600] };
    assert_eq!(wide.check().unwrap_err().parameter(), "dimension");
    let large = Data::Table { inputs: vec![vec![1.0; 500]; 2001], targets: vec![1.0; 2001] };
    assert_eq!(
        large.load().unwrap_err().to_string(),
        "samples must lie in [500, 2000] for 500 input columns, got 2001"
    );
    for (inputs, targets, parameter, row, column) in [
        (vec![vec![1.0, 2.0], vec![1.0, f64::NAN]], vec![0.0, 0.0], "inputs", 2, 2),
        (vec![vec![1.0, 2.0], vec![1.0, 2.0]], vec![f64::INFINITY, 0.0], "targets", 1, 1),
    ] {
        let data = Data::Table { inputs, targets };
        for result in [data.check(), data.load().map(drop)] {
            match result {
                Err(Error::NotFinite { parameter: p, row: r, column: c, .. }) => {
                    assert_eq!((p.as_str(), r, c), (parameter, row, column));
                }
                other => panic!("{other:?}"),
            }
        }
    }
    let singular = read(table(json!([[1, 2], [2, 4], [3, 6]]), json!([1, 2, 3])));
    assert!(singular.check().is_ok());
    assert_eq!(singular.load().unwrap_err().parameter(), "hessian");
}

#[test]
fn numbers_are_read_to_the_last_bit() {
    // Python's float("990197014.8904179").hex() is 0x1.d829a8b71f937p+29.
    let text = r#"{ "kind": "table", "inputs": [[990197014.8904179]], "targets": [0] }"#;
    let data: Data = serde_json::from_str(text).expect("a data set");
    assert_eq!(data.load().expect("one sample").inputs()[0].to_bits(), 0x41cd_829a_8b71_f937);
}
