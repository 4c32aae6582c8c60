//! Text tables at random: what is written is read back, and no text makes the reader panic.

use noisy_descent::data::{CsvOptions, Table, read_csv};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use std::time::{Duration, Instant};

/// A table and how it is written down.
#[derive(Debug, Clone)]
struct Written {
    /// Rows of inputs with the target last.
    rows: Vec<Vec<f64>>,
    separator: char,
    header: bool,
    decimal_comma: bool,
    quoted: bool,
    line_end: &'static str,
    byte_order_mark: bool,
    blank_lines: usize,
}

/// Numbers of one size, so that no column is by rounding a combination of others.
fn numbers() -> impl Strategy<Value = BoxedStrategy<f64>> {
    prop::sample::select(vec![
        (-1e9..1e9_f64).boxed(),
        (-1.0..1.0_f64).boxed(),
        (-1e-9..1e-9_f64).boxed(),
        (-1_000_000..1_000_000).prop_map(f64::from).boxed(),
    ])
}

prop_compose! {
    fn written()(width in 2..6_usize, number in numbers())(
        // Smaller numbers would be singular tables rather than simpler ones.
        rows in prop::collection::vec(prop::collection::vec(number, width), width + 3..30).no_shrink(),
        separator in prop::sample::select(vec![',', ';', '\t']),
        header in any::<bool>(),
        decimal_comma in any::<bool>(),
        quoted in any::<bool>(),
        line_end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        byte_order_mark in any::<bool>(),
        blank_lines in 0..3_usize,
    ) -> Written {
        let decimal_comma = decimal_comma && separator != ',';
        Written { rows, separator, header, decimal_comma, quoted, line_end, byte_order_mark, blank_lines }
    }
}

impl Written {
    fn name(i: usize) -> String {
        format!("x{i}, the {i};th")
    }

    fn text(&self) -> String {
        let width = self.rows[0].len();
        let line = |fields: Vec<String>| fields.join(&self.separator.to_string()) + self.line_end;
        let number = |value: &f64| {
            let text = if self.decimal_comma { value.to_string().replace('.', ",") } else { value.to_string() };
            if self.quoted { format!("\"{text}\"") } else { text }
        };
        let mut text = String::new();
        if self.byte_order_mark {
            text.push('\u{feff}');
        }
        if self.header {
            text += &line((0..width).map(|i| format!("\"{}\"", Written::name(i))).collect());
        }
        for row in &self.rows {
            text += &line(row.iter().map(number).collect());
        }
        text + &self.line_end.repeat(self.blank_lines)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(written in written()) {
        let options = CsvOptions { standardise: false, ..CsvOptions::default() };
        let text = written.text();
        let table = read_csv(&text, &options).map_err(|error| TestCaseError::fail(format!("{error}: {text:?}")))?;
        let inputs = written.rows[0].len() - 1;
        prop_assert_eq!(table.inputs.shape(), (written.rows.len(), inputs));
        for (n, row) in written.rows.iter().enumerate() {
            for (i, value) in row[..inputs].iter().enumerate() {
                prop_assert_eq!(table.inputs[(n, i)].to_bits(), value.to_bits());
            }
            prop_assert_eq!(table.targets[n].to_bits(), row[inputs].to_bits());
        }
        if written.header {
            prop_assert_eq!(&table.names, &(0..inputs).map(Written::name).collect::<Vec<_>>());
        }
        // What is read is a data set, and the document of it the same one.
        let data = table.data();
        let json = serde_json::to_string(&data).expect("JSON");
        prop_assert_eq!(&serde_json::from_str::<noisy_descent::data::Data>(&json).expect("a document"), &data);
        prop_assert!(data.load().is_ok());
    }
}

fn garbage() -> impl Strategy<Value = String> {
    let bytes =
        prop::collection::vec(any::<u8>(), 0..200).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let pieces = prop::sample::select(vec![
        ",", ";", "\t", "|", "\n", "\r", "\r\n", "\"", "\"\"", " ", "1", "-2.5", "3,5", "1e999", "NaN", "NA", "-", ".",
        "e", "a", "y", "\u{feff}", "é", "\0", "1e-320", "1e308", "-1e308", "0",
    ]);
    let almost = prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat());
    let lines = (2..4_usize).prop_flat_map(|width| {
        let field = prop_oneof![6 => (-9..9_i32).prop_map(|n| n.to_string()), 1 => prop::sample::select(vec!["", "x", "1e308", "1e-308", "-1e308", "NaN", "\"", "0.5"]).prop_map(String::from)];
        let row = prop::collection::vec(field, width).prop_map(|fields| fields.join(",") + "\n");
        prop::collection::vec(row, 0..8).prop_map(|rows| rows.concat())
    });
    prop_oneof![bytes, almost, lines]
}

fn options() -> impl Strategy<Value = CsvOptions> {
    let column = prop_oneof![
        (0..5_usize).prop_map(Into::into),
        prop::sample::select(vec!["a", "y", "1", ""]).prop_map(Into::into)
    ];
    let separator = prop_oneof![prop::sample::select(vec![',', ';', '\t', '|', ' ']), any::<char>()];
    (
        prop::option::weighted(0.2, column.clone()),
        prop::option::weighted(0.2, prop::collection::vec(column, 0..4)),
        any::<bool>(),
        prop::option::weighted(0.3, any::<bool>()),
        prop::option::weighted(0.3, separator),
    )
        .prop_map(|(target, columns, standardise, header, separator)| CsvOptions {
            target,
            columns,
            standardise,
            header,
            separator,
        })
}

/// What must hold of any text: a table of finite numbers, which loads or is refused in words, or a problem on one line.
fn read_or_refused(text: &str, options: &CsvOptions) -> Result<bool, TestCaseError> {
    match read_csv(text, options) {
        Err(problem) => {
            let words = problem.to_string();
            prop_assert!(!words.is_empty() && !problem.parameter().is_empty());
            prop_assert!(!words.contains(['\n', '\r', '\0']) && words.chars().count() < 2000, "{words:?}");
            Ok(false)
        }
        Ok(Table { names, inputs, targets, standardised, .. }) if inputs.ncols() == names.len() => {
            prop_assert!(inputs.iter().chain(targets.iter()).all(|value| value.is_finite()));
            prop_assert_eq!(standardised.is_some(), options.standardise);
            if let Err(problem) = read_csv(text, options).expect("the same again").data().load() {
                prop_assert!(!problem.to_string().is_empty());
            }
            Ok(true)
        }
        Ok(odd) => Err(TestCaseError::fail(format!("{odd:?}"))),
    }
}

/// Runs for as many seconds as the environment variable `FUZZ_SECONDS` says, 2 without it; always the same texts in the same
/// order, so that what fails once fails again.
#[test]
fn texts_are_read_or_refused() {
    let seconds = std::env::var("FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let end = Instant::now() + Duration::from_secs(seconds);
    let (seen, tables) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    for batch in 0_u64.. {
        let config = ProptestConfig {
            cases: 500,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(batch),
            ..ProptestConfig::default()
        };
        let outcome = TestRunner::new(config).run(&(garbage(), options()), |(text, options)| {
            seen.set(seen.get() + 1);
            tables.set(tables.get() + u32::from(read_or_refused(&text, &options)?));
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("batch {batch}: {error}");
        }
        if Instant::now() >= end {
            break;
        }
    }
    println!("fuzz: {} texts, {} of them tables", seen.get(), tables.get());
    assert!(tables.get() > 0, "no text was a table");
}
