//! Which columns of a text table are inputs and which is the target.

use super::dialect::separator_name;
use super::limits::check_dimension;
use super::options::{CsvColumn, CsvOptions};
use crate::error::{Error, Result};
use std::collections::HashMap;

/// Longest part of a field or name that is shown in a message.
const SHOWN: usize = 40;

/// Most names that are listed in a message.
const LISTED: usize = 30;

/// The chosen columns.
#[derive(Debug)]
pub(super) struct Columns {
    /// The names of all columns; empty without a header.
    header: Vec<String>,
    /// Places of the inputs, from 0.
    pub inputs: Vec<usize>,
    /// Place of the target, from 0.
    pub target: usize,
}

impl Columns {
    /// Chooses among the columns of a table whose first record has these fields.
    pub(super) fn choose(
        line: u64,
        first: &[&str],
        header: bool,
        separator: char,
        options: &CsvOptions,
    ) -> Result<Columns> {
        let width = first.len();
        let header = if header { names(line, first)? } else { Vec::new() };
        if width < 2 {
            let message = format!(
                "it has one column, and a target and an input are two; fields were parted by {}",
                separator_name(separator)
            );
            return Err(bad_table(Some(line), None, "", first.first().unwrap_or(&""), message));
        }
        let mut columns = Columns { header, inputs: Vec::new(), target: width - 1 };
        if let Some(target) = &options.target {
            columns.target = columns.find("target", target, width)?;
        }
        columns.inputs = match &options.columns {
            None => (0..width).filter(|&place| place != columns.target).collect(),
            Some(chosen) => {
                chosen.iter().map(|column| columns.find("columns", column, width)).collect::<Result<_>>()?
            }
        };
        check_dimension(columns.inputs.len())?;
        let mut taken = HashMap::from([(columns.target, "is the target")]);
        for &place in &columns.inputs {
            if let Some(how) = taken.insert(place, "is named twice") {
                let message = format!("{} {how}", shown(&columns.name(place)));
                return Err(Error::Malformed { parameter: "columns".into(), message });
            }
        }
        Ok(columns)
    }

    fn find(&self, parameter: &str, column: &CsvColumn, width: usize) -> Result<usize> {
        let (by_name, number, value) = match column {
            CsvColumn::Number(number) => (None, Some(*number), number.to_string()),
            CsvColumn::Name(name) => {
                let name = name.trim();
                (self.header.iter().position(|known| known == name), name.parse().ok(), shown(name))
            }
        };
        let by_number = number.filter(|number| (1..=width).contains(number)).map(|number| number - 1);
        by_name.or(by_number).ok_or_else(|| {
            let mut allowed: Vec<String> = self.header.iter().take(LISTED).map(|name| shown(name)).collect();
            if self.header.len() > LISTED {
                allowed.push("…".into());
            }
            allowed.push(format!("1 to {width}"));
            Error::UnknownColumn { parameter: parameter.into(), value, allowed: allowed.join(", ") }
        })
    }

    /// The name of a column in the header, or its number in words.
    pub(super) fn name(&self, place: usize) -> String {
        self.header.get(place).cloned().unwrap_or_else(|| numbered(place))
    }

    /// The error of a field or of a whole column.
    pub(super) fn bad(&self, line: Option<u64>, place: usize, value: &str, message: impl Into<String>) -> Error {
        let name = self.header.get(place).filter(|name| **name != numbered(place)).map_or("", String::as_str);
        bad_table(line, Some(place + 1), name, value, message)
    }
}

/// The names of a header, all different; an empty one is its number in words.
fn names(line: u64, first: &[&str]) -> Result<Vec<String>> {
    let mut seen = HashMap::new();
    let mut names = Vec::with_capacity(first.len());
    for (place, field) in first.iter().enumerate() {
        let name = if field.trim().is_empty() { numbered(place) } else { field.trim().to_string() };
        if let Some(before) = seen.insert(name.clone(), place) {
            let message = format!("column {} has this name too", before + 1);
            return Err(bad_table(Some(line), Some(place + 1), &name, &name, message));
        }
        names.push(name);
    }
    Ok(names)
}

fn numbered(place: usize) -> String {
    format!("column {}", place + 1)
}

/// The error of a place in a text table.
pub(super) fn bad_table(
    line: Option<u64>,
    column: Option<usize>,
    name: &str,
    value: &str,
    message: impl Into<String>,
) -> Error {
    Error::BadTable { line, column, name: shown(name), value: shown(value), message: message.into() }
}

/// The beginning of a text, on one line.
pub(super) fn shown(text: &str) -> String {
    let mut start: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN).is_some() {
        start.push('…');
    }
    start
}
