//! Text tables: what is wrong is named with its line and column, and what is right is read in every hand.

use noisy_descent::Error;
use noisy_descent::data::{CsvColumn, CsvOptions, read_csv};

fn written() -> CsvOptions {
    CsvOptions { standardise: false, ..CsvOptions::default() }
}

fn columns(names: &[&str]) -> Option<Vec<CsvColumn>> {
    Some(names.iter().map(|&name| name.into()).collect())
}

/// The words after "table cannot be read: ".
#[track_caller]
fn problem(text: &str, options: &CsvOptions) -> String {
    let error = read_csv(text, options).expect_err("a problem");
    assert_eq!((error.kind(), error.parameter()), ("bad_table", "table"), "{error}");
    error.to_string().strip_prefix("table cannot be read: ").expect("the same beginning").into()
}

#[test]
fn each_problem_of_a_text_is_named_with_its_place() {
    for (text, words) in [
        // a value that is missing
        ("a,b\n1,2\n3,\n5,7\n", "line 3, column 2 (b): a value is missing"),
        ("a,b\n,2\n3,4\n", "line 2, column 1 (a): a value is missing"),
        ("1,2\nNA,4\n", "line 2, column 1: a value is missing (\"NA\")"),
        ("1,NA\n2,4\n", "line 1, column 2: a value is missing (\"NA\")"),
        ("a,b\n1,2\n,\n3,4\n", "line 3: every value is missing"),
        // not a number
        ("a,b\n1,2\n3,four\n", "line 3, column 2 (b): \"four\" is not a number"),
        ("a,b\n1,2\n\n\n3,4 5\n", "line 5, column 2 (b): \"4 5\" is not a number"),
        ("a,b\r\n1,2\r\n\r\n3,x\r\n", "line 4, column 2 (b): \"x\" is not a number"),
        ("a,b\r1,2\r\r3,x\r", "line 4, column 2 (b): \"x\" is not a number"),
        ("\"a\nb\",c\n1,2\n3,x\n", "line 4, column 2 (c): \"x\" is not a number"),
        ("a;b\n1;2\n1.000,5;3\n", "line 3, column 1 (a): \"1.000,5\" is not a number"),
        ("a,b\n1,2\n3,\"4\n5,6\n", "line 3, column 2 (b): \"4\\n5,6\" is not a number"),
        // not finite
        ("a,b\n1,2\n1e999,3\n", "line 3, column 1 (a): 1e999 is not a finite number"),
        ("1,2\n3,NaN\n", "line 2, column 2: NaN is not a finite number"),
        ("1,nan\n3,4\n", "line 1, column 2: nan is not a finite number"),
        ("1,2\n3,-inf\n", "line 2, column 2: -inf is not a finite number"),
        // two ways to write a number
        (
            "a;b\n1,5;2\n2,5;1.234\n",
            "line 3, column 2 (b): 1.234 has a decimal point, line 2 the other kind; use one kind",
        ),
        ("a;b\n1.5;2\n2;1,2\n", "line 3, column 2 (b): 1,2 has a decimal comma, line 2 the other kind; use one kind"),
        // ragged
        ("a,b\n1,2\n3,4,5\n", "line 3: it has 3 fields, line 1 has 2; fields were parted by a comma"),
        ("\na;b\n1;2\n\n3\n", "line 5: it has 1 field, line 2 has 2; fields were parted by a semicolon"),
        // names
        ("a,b,a\n1,2,3\n", "line 1, column 3 (a): column 1 has this name too"),
        // nothing there
        ("", "it has no line of data"),
        ("\u{feff}", "it has no line of data"),
        ("\n \r\n,,\n", "it has no line of data"),
        ("a,b\n", "it has no line of data"),
        ("a,b\n\n,\n", "it has no line of data"),
        ("a\n1\n2\n", "line 1: it has one column, and a target and an input are two; fields were parted by a comma"),
        ("a,b,c\n1,2,3\n", "it has 1 sample, and 2 inputs need at least as many"),
        // no use
        ("a,b\n1,2\n1,3\n", "column 1 (a): it is constant, 1.0 in every line, and cannot be standardised"),
        ("1,2\n3,2\n", "column 2: it is constant, 2.0 in every line, and cannot be standardised"),
        (
            "a,b\n1e-200,2\n2e-200,3\n",
            "column 1 (a): its values spread too little or too far to be standardised in double precision",
        ),
        (
            "a,b,c\n1,-2,0\n2,-4,1\n4,-8,5\n",
            "column 2 (b): it is a linear combination of the columns before it, which makes the Hessian singular",
        ),
    ] {
        assert_eq!(problem(text, &CsvOptions::default()), words, "{text:?}");
    }
    assert_eq!(
        problem("a,b\n0,2\n0,3\n", &written()),
        "column 1 (a): it is zero in every line, which makes the Hessian singular"
    );
    match read_csv("a,b\n1,2\n3,four\n", &CsvOptions::default()) {
        Err(Error::BadTable { line: Some(3), column: Some(2), name, value, .. }) => {
            assert_eq!((name.as_str(), value.as_str()), ("b", "four"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn long_and_odd_fields_are_shown_in_part_and_on_one_line() {
    let long = "x".repeat(1000);
    assert_eq!(
        problem(&format!("a,b\n1,2\n3,{long}\n"), &CsvOptions::default()),
        format!("line 3, column 2 (b): \"{}…\" is not a number", "x".repeat(40))
    );
    let words = problem("\"a\nb\",c\nx,1\n2,3\n", &CsvOptions { header: Some(true), ..CsvOptions::default() });
    assert_eq!(words, "line 3, column 1 (a\\nb): \"x\" is not a number");
}

#[test]
fn a_table_ends_where_the_limit_is() {
    // 500 inputs and a target, 2001 lines: one too many, and what follows is not looked at.
    let line =
        |n: usize| (0..=500).map(|i| ((n * 7919 + i * 104_729) % 1009).to_string()).collect::<Vec<_>>().join(",");
    let mut text: String = (0..2001).map(|n| line(n) + "\n").collect();
    text.push_str("this is no data\n");
    let words = problem(&text, &CsvOptions { header: Some(false), ..CsvOptions::default() });
    assert_eq!(words, "line 2001: more than 2000 samples with 500 inputs each");

    let wide = vec!["1"; 514].join(",");
    let error = read_csv(&wide, &CsvOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "dimension must lie in [1, 512], got 513");
    let few = CsvOptions { columns: Some(vec![1.into()]), header: Some(false), ..written() };
    assert!(read_csv(&format!("{wide}\n{wide}"), &few).is_ok(), "columns that are not wanted do not count");
}

#[test]
fn columns_are_chosen_by_name_and_number() {
    let text = "name,x,1,y\nann,1,2,3\nbob,4,4,7\ncid,9,-8,6\n";
    let chosen = |target: Option<CsvColumn>, columns: Option<Vec<CsvColumn>>| {
        read_csv(text, &CsvOptions { target, columns, ..written() })
    };
    let table = chosen(None, columns(&["1", "x"])).expect("a table");
    assert_eq!((table.names, table.target), (vec!["1".to_string(), "x".into()], "y".into()));
    assert_eq!(table.inputs.row(0).iter().copied().collect::<Vec<_>>(), [2.0, 1.0]);
    assert_eq!(table.targets.as_slice(), [3.0, 7.0, 6.0]);
    let table = chosen(Some("x".into()), columns(&["4"])).expect("a table");
    assert_eq!((table.names[0].as_str(), table.target.as_str()), ("y", "x"));
    let table = chosen(Some(2.into()), Some(vec![4.into(), 3.into()])).expect("a table");
    assert_eq!((table.names, table.target), (vec!["y".to_string(), "1".into()], "x".into()));
    let table = read_csv("1,2,3\n2,5,4\n", &written()).expect("a table");
    assert_eq!((table.names, table.target), (vec!["column 1".to_string(), "column 2".into()], "column 3".into()));

    let words = |target, columns| chosen(target, columns).expect_err("a problem").to_string();
    assert_eq!(
        words(Some("z".into()), None),
        "target names \"z\", which is no column; there are name, x, 1, y, 1 to 4"
    );
    assert_eq!(
        words(None, columns(&["0"])),
        "columns names \"0\", which is no column; there are name, x, 1, y, 1 to 4"
    );
    assert!(words(None, Some(vec![5.into()])).starts_with("columns names \"5\""));
    assert_eq!(words(None, columns(&["x", "2"])), "columns cannot be read: x is named twice");
    assert_eq!(words(None, columns(&["x", "y"])), "columns cannot be read: y is the target");
    assert_eq!(words(None, Some(vec![])), "dimension must lie in [1, 512], got 0");
    assert!(words(None, None).contains("line 2, column 1 (name): \"ann\" is not a number"));
    let error = read_csv(text, &CsvOptions { separator: Some('e'), ..written() }).unwrap_err();
    assert_eq!((error.kind(), error.parameter()), ("malformed", "separator"));
}

#[test]
fn options_are_a_document() {
    let read = |text: &str| serde_json::from_str::<CsvOptions>(text);
    assert_eq!(read("{}").expect("options"), CsvOptions::default());
    let all = r#"{ "target": 3, "columns": ["a", 2], "standardise": false, "header": true, "separator": ";" }"#;
    let options = read(all).expect("options");
    let expected = CsvOptions {
        target: Some(3.into()),
        columns: Some(vec!["a".into(), 2.into()]),
        standardise: false,
        header: Some(true),
        separator: Some(';'),
    };
    assert_eq!(options, expected);
    assert_eq!(read(&serde_json::to_string(&options).expect("JSON")).expect("options"), options);
    assert!(read(r#"{ "target": -1 }"#).unwrap_err().to_string().contains("a name or a whole number from 1"));
    assert!(read(r#"{ "titel": "a" }"#).unwrap_err().to_string().contains("titel"));
}

/// Whatever a spreadsheet makes of the same numbers.
#[test]
fn one_table_in_many_hands() {
    let plain = read_csv("a,b\n1.5,2\n-3,4.25\n", &written()).expect("a table");
    assert_eq!(plain.inputs.as_slice(), [1.5, -3.0]);
    for text in [
        "\u{feff}a,b\r\n1.5,2\r\n-3,4.25\r\n",
        "a;b\n1,5;2\n-3;4,25",
        "a\tb\n1,5\t2\n-3\t4,25\n\n\n",
        "\n\na,b\n\n1.5,2\n   \n-3,4.25\n,\n , \n",
        "\"a\",\"b\"\n\"1.5\",\"2\"\n\"-3\",\"4.25\"\n",
        " a , b \n 1.5 , +2 \n -3.0 , 425e-2 \n",
        "a;b\r1.5;2\r-3;4.25\r",
    ] {
        assert_eq!(read_csv(text, &written()).expect(text), plain, "{text:?}");
    }
    let piped = CsvOptions { separator: Some('|'), ..written() };
    assert_eq!(read_csv("a|b\n1,5|2\n-3|4,25\n", &piped).expect("a table"), plain);
    // An index without a name, as some programs write it.
    let indexed = CsvOptions { columns: columns(&["a"]), ..written() };
    assert_eq!(read_csv(",a,b\n0,1.5,2\n1,-3,4.25\n", &indexed).expect("a table"), plain);
    // An intercept that is not standardised is a column like any other.
    assert!(read_csv("one,x,y\n1,2,3\n1,4,4\n", &written()).is_ok());
    // What is said is not found out.
    let headless = CsvOptions { header: Some(false), ..written() };
    assert!(read_csv("a,b\n1,2\n", &headless).unwrap_err().to_string().contains("\"a\" is not a number"));
    let table = read_csv("1,2\n3,4\n5,6\n", &CsvOptions { header: Some(true), ..written() }).expect("a table");
    assert_eq!((table.inputs.nrows(), table.target.as_str()), (2, "2"));
}

#[test]
fn standardised_columns_go_back_to_what_was_written() {
    let text = "a,b,y\n1,2,3\n4,1,9\n-2,8,1e3\n7,7,0.5\n";
    let raw = read_csv(text, &written()).expect("a table");
    let table = read_csv(text, &CsvOptions::default()).expect("a table");
    assert!(raw.standardised.is_none());
    let how = table.standardised.as_ref().expect("means and deviations");
    for i in 0..2 {
        let column = table.inputs.column(i);
        assert!(column.sum().abs() < 1e-14 && (column.norm_squared() / 4.0 - 1.0).abs() < 1e-14);
        for n in 0..4 {
            let back = how.means[i] + how.deviations[i] * column[n];
            assert!((back - raw.inputs[(n, i)]).abs() < 1e-14 * 10.0);
        }
    }
    for n in 0..4 {
        let back = how.target_mean + how.target_deviation * table.targets[n];
        assert!((back - raw.targets[n]).abs() < 1e-12);
    }
    let loss = table.data().load().expect("a data set");
    assert_eq!((loss.inputs(), loss.targets()), (&table.inputs, &table.targets));
}
