//! The shape of every list and matrix of a document, before it is read into one: so that each problem is named as itself.

use super::{PARAMETERS, Values};
use crate::check::out_of_range;
use crate::error::{Error, Result};
use crate::matrix::LARGEST_DIMENSION;
use serde_json::Value;

/// Every list or matrix of the table that a document holds and that is not what its row says.
pub(super) fn check_arrays(document: &Value) -> Vec<Error> {
    let there = PARAMETERS.iter().filter_map(|parameter| Some((parameter, document.pointer(parameter.path)?)));
    let checked = there.map(|(parameter, value)| match parameter.values {
        Values::Matrix { .. } => check_matrix(parameter.name, value),
        Values::Rows { most } => check_rows(parameter.name, value, most),
        Values::Words { options } => check_words(parameter.name, value, options),
        Values::Vector { least, most, interval } => {
            let array = array_of(parameter.name, value, "an array of numbers")?;
            if !(least..=most).contains(&array.len()) {
                let allowed = format!("[{least}, {most}] for the number of entries");
                return Err(out_of_range(parameter.name, array.len() as f64, allowed));
            }
            for (i, entry) in array.iter().enumerate() {
                let number = number_of(parameter.name, entry, i, None)?;
                if !interval.contains(number) {
                    return Err(out_of_range(parameter.name, number, interval.to_string()));
                }
            }
            Ok(())
        }
        Values::Number(_) | Values::Integer(_) | Values::Formula { .. } | Values::Choice { .. } => Ok(()),
    });
    checked.filter_map(Result::err).collect()
}

/// Fields that belong to no row, of the choices some of whose kinds have no field of their own: serde lets those have any.
pub(super) fn check_fields(document: &Value) -> Vec<Error> {
    let mut problems = Vec::new();
    for outer in ["/noise/law", "/run/start"] {
        let Some(object) = document.pointer(outer).and_then(Value::as_object) else { continue };
        let kind = object.get("kind").and_then(Value::as_str);
        for key in object.keys().filter(|key| *key != "kind") {
            let known = PARAMETERS.iter().any(|row| {
                row.path.strip_prefix(outer).and_then(|rest| rest.strip_prefix('/')) == Some(key)
                    && row.only_if.is_some_and(|(_, kinds)| kind.is_some_and(|kind| kinds.contains(&kind)))
            });
            if !known {
                problems.push(malformed("scenario", format!("unknown field `{key}` in {outer}")));
            }
        }
    }
    problems
}

/// Lists where objects belong, of a document of this name: serde takes those for the fields in their order.
pub(crate) fn check_objects(name: &str, document: &Value, places: &[&str]) -> Vec<Error> {
    let list = |place: &&&str| document.pointer(place).is_some_and(Value::is_array);
    let there = |place: &str| if place.is_empty() { "it".into() } else { format!("its {}", &place[1..]) };
    let message = |place: &&str| malformed(name, format!("{} must be an object, got a list", there(place)));
    places.iter().filter(list).map(message).collect()
}

fn malformed(name: &str, message: String) -> Error {
    Error::Malformed { parameter: name.into(), message }
}

fn array_of<'a>(name: &str, value: &'a Value, what: &str) -> Result<&'a Vec<Value>> {
    value.as_array().ok_or_else(|| malformed(name, format!("it must be {what}")))
}

/// An entry as a number; its place is a row and a column, or a place in a list.
fn number_of(name: &str, entry: &Value, row: usize, column: Option<usize>) -> Result<f64> {
    match entry {
        Value::Number(number) => Ok(number.as_f64().unwrap_or(f64::NAN)),
        Value::Null => Err(Error::NotFinite {
            parameter: name.into(),
            row: row + 1,
            column: column.unwrap_or(0) + 1,
            value: f64::NAN,
        }),
        other if column.is_some() => Err(malformed(name, format!("{other} in row {} is no number", row + 1))),
        other => Err(malformed(name, format!("{other} in place {} is no number", row + 1))),
    }
}

fn check_matrix(name: &str, value: &Value) -> Result<()> {
    let rows = array_of(name, value, "an array of rows")?;
    let longest = rows.iter().filter_map(Value::as_array).map(Vec::len).max().unwrap_or(0);
    if rows.is_empty() || rows.len().max(longest) > LARGEST_DIMENSION {
        let (parameter, largest) = (name.into(), LARGEST_DIMENSION);
        return Err(Error::NotSquare { parameter, rows: rows.len(), columns: longest, largest });
    }
    check_entries(name, rows)
}

/// Rows of numbers, `most` in all.
fn check_rows(name: &str, value: &Value, most: usize) -> Result<()> {
    let rows = array_of(name, value, "an array of rows")?;
    let count = rows.iter().filter_map(Value::as_array).map(Vec::len).fold(0, usize::saturating_add);
    if !(1..=most).contains(&count) {
        return Err(out_of_range(name, count as f64, format!("[1, {most}] for the number of entries")));
    }
    check_entries(name, rows)
}

/// Rows of one length, of numbers.
fn check_entries(name: &str, rows: &[Value]) -> Result<()> {
    let length = |i: usize| {
        rows[i].as_array().map(Vec::len).ok_or_else(|| malformed(name, format!("row {} is no array of numbers", i + 1)))
    };
    for i in 0..rows.len() {
        let (first, here) = (length(0)?, length(i)?);
        if here != first {
            return Err(malformed(name, format!("row 1 has {first} entries, row {} has {here}", i + 1)));
        }
    }
    for (i, row) in rows.iter().enumerate() {
        for (j, entry) in row.as_array().into_iter().flatten().enumerate() {
            number_of(name, entry, i, Some(j))?;
        }
    }
    Ok(())
}

fn check_words(name: &str, value: &Value, options: &[&str]) -> Result<()> {
    let words = array_of(name, value, "an array of words")?;
    if words.is_empty() {
        return Err(malformed(name, format!("it must have at least one of {}", options.join(", "))));
    }
    for (i, word) in words.iter().enumerate() {
        let known = word.as_str().is_some_and(|word| options.contains(&word));
        if !known {
            return Err(malformed(name, format!("{word} is none of {}", options.join(", "))));
        }
        if words[..i].contains(word) {
            return Err(malformed(name, format!("{word} is there twice")));
        }
    }
    Ok(())
}
