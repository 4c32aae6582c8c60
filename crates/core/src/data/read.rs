//! Reads a text table: names every problem with its line and column.

use super::columns::{Columns, bad_table, shown};
use super::dialect::{Field, check_separator, find_separator, is_header, separator_name};
use super::limits::most_samples;
use super::options::CsvOptions;
use super::standardise::standardise;
use super::table::{Table, require_independent};
use crate::error::{Error, Result};
use csv::{ReaderBuilder, StringRecord};
use nalgebra::{DMatrix, DVector};

/// Reads a text table of numbers with a line for each sample: fields parted by commas, semicolons or tabs, with or without
/// a header, quoted or not. Where commas do not part the fields, numbers may have decimal commas. Blank lines are passed over.
///
/// # Errors
/// [`Error::BadTable`] with line and column: a missing value, a text or an infinite value where a number is needed, a line
/// with another number of fields than the first, two equal names, no or too few samples, more than
/// [`LARGEST_DATA`](super::LARGEST_DATA) numbers, a column that is constant or a linear combination of those before it.
/// [`Error::UnknownColumn`], [`Error::Malformed`] or [`Error::OutOfRange`] for `target`, `columns`, `separator` or the
/// `dimension`.
///
/// ```
/// use noisy_descent::data::{CsvOptions, read_csv};
/// let text = "height,weight\n1.6,60\n1.7,72\n1.9,84\n";
/// let table = read_csv(text, &CsvOptions::default())?;
/// assert_eq!((table.names[0].as_str(), table.target.as_str()), ("height", "weight"));
/// assert!((table.data().load()?.hessian()[(0, 0)] - 1.0).abs() < 1e-15); // standardised
///
/// let error = read_csv("height,weight\n1.6,60\n1.7,\n", &CsvOptions::default()).unwrap_err();
/// assert_eq!(error.to_string(), "table cannot be read: line 3, column 2 (weight): a value is missing");
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn read_csv(text: &str, options: &CsvOptions) -> Result<Table> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let separator = match options.separator {
        Some(separator) => check_separator(separator)?,
        None => find_separator(text),
    };
    let mut records = Records::new(text, separator);
    let none = || bad_table(None, None, "", "", "it has no line of data");
    let first = records.next()?.ok_or_else(none)?;
    let second = records.next()?;
    let below = second.iter().flat_map(|record| record.fields.iter());
    let header = options.header.unwrap_or_else(|| is_header(first.fields.iter(), below, separator));
    let fields: Vec<&str> = first.fields.iter().collect();
    let columns = Columns::choose(first.line, &fields, header, separator, options)?;

    let mut numbers = Numbers::new(&columns, separator);
    let start = if header { None } else { Some(first) };
    for record in start.into_iter().chain(second) {
        numbers.take(&record)?;
    }
    while let Some(record) = records.next()? {
        numbers.take(&record)?;
    }
    if numbers.targets.is_empty() {
        return Err(none());
    }
    let (inputs, targets) = numbers.finish()?;
    let names = columns.inputs.iter().map(|&place| columns.name(place)).collect();
    let mut table = Table { names, target: columns.name(columns.target), inputs, targets, standardised: None };
    if options.standardise {
        table.standardised = Some(standardise(&mut table.inputs, &mut table.targets, &columns)?);
    }
    require_independent(&table.inputs, &columns)?;
    Ok(table)
}

/// A line of a table, or several where a quoted field holds line breaks.
struct Record {
    /// Number of its first line, from 1.
    line: u64,
    fields: StringRecord,
}

/// The records of a text that are not blank.
struct Records<'a> {
    text: &'a [u8],
    reader: csv::Reader<&'a [u8]>,
    separator: char,
    /// Up to where lines are counted, and how many began there.
    counted: (usize, u64),
    /// Line and number of fields of the first record.
    first: Option<(u64, usize)>,
    /// Line of a record of separators alone: blank at the end of a text, a hole before other records.
    hole: Option<u64>,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, separator: char) -> Self {
        let mut builder = ReaderBuilder::new();
        // `check_separator` lets nothing but ASCII pass.
        builder.has_headers(false).flexible(true).delimiter(separator as u8);
        let text = text.as_bytes();
        Records { text, reader: builder.from_reader(text), separator, counted: (0, 1), first: None, hole: None }
    }

    fn next(&mut self) -> Result<Option<Record>> {
        let mut fields = StringRecord::new();
        loop {
            let start = self.reader.position().byte() as usize;
            let read = self.reader.read_record(&mut fields);
            let found = read
                .map_err(|error| Error::Malformed { parameter: "table".into(), message: shown(&error.to_string()) })?;
            if !found {
                return Ok(None);
            }
            let line = self.line(start);
            let width = fields.len();
            if fields.iter().all(|field| field.trim().is_empty()) {
                if width > 1 {
                    self.hole.get_or_insert(line);
                }
                continue;
            }
            if let Some(hole) = self.hole {
                return Err(bad_table(Some(hole), None, "", "", "every value is missing"));
            }
            let (first, expected) = *self.first.get_or_insert((line, width));
            if width != expected {
                let separator = separator_name(self.separator);
                let message = format!(
                    "it has {width} {}, line {first} has {expected}; fields were parted by {separator}",
                    if width == 1 { "field" } else { "fields" }
                );
                return Err(bad_table(Some(line), None, "", &width.to_string(), message));
            }
            return Ok(Some(Record { line, fields }));
        }
    }

    /// The line of the first record at or after a place: the reader's own count stands before the blank lines that it skips.
    fn line(&mut self, start: usize) -> u64 {
        let (mut place, mut line) = self.counted;
        let ends_line = |place: usize| match self.text.get(place) {
            Some(b'\n') => true,
            Some(b'\r') => self.text.get(place + 1) != Some(&b'\n'),
            _ => false,
        };
        while place < start || matches!(self.text.get(place), Some(b'\n' | b'\r')) {
            line += u64::from(ends_line(place));
            place += 1;
        }
        self.counted = (place, line);
        line
    }
}

/// The numbers of the chosen columns, collected.
struct Numbers<'a> {
    columns: &'a Columns,
    separator: char,
    most: usize,
    inputs: Vec<f64>,
    targets: Vec<f64>,
    /// The first lines with a decimal comma and with a decimal point.
    comma: Option<u64>,
    point: Option<u64>,
}

impl<'a> Numbers<'a> {
    fn new(columns: &'a Columns, separator: char) -> Self {
        let most = most_samples(columns.inputs.len());
        Numbers { columns, separator, most, inputs: Vec::new(), targets: Vec::new(), comma: None, point: None }
    }

    fn take(&mut self, record: &Record) -> Result<()> {
        if self.targets.len() == self.most {
            let message = format!("more than {} samples with {} inputs each", self.most, self.columns.inputs.len());
            return Err(bad_table(Some(record.line), None, "", "", message));
        }
        for &place in &self.columns.inputs {
            let number = self.number(record, place)?;
            self.inputs.push(number);
        }
        let number = self.number(record, self.columns.target)?;
        self.targets.push(number);
        Ok(())
    }

    fn number(&mut self, record: &Record, place: usize) -> Result<f64> {
        let field = record.fields.get(place).unwrap_or_default().trim();
        let bad = |message: String| Err(self.columns.bad(Some(record.line), place, field, message));
        let value = match Field::read(field, self.separator) {
            Field::Number(value) => value,
            Field::Missing if field.is_empty() => return bad("a value is missing".into()),
            Field::Missing => return bad(format!("a value is missing (\"{}\")", shown(field))),
            Field::NotFinite => return bad(format!("{} is not a finite number", shown(field))),
            Field::Text => return bad(format!("\"{}\" is not a number", shown(field))),
        };
        // "1.234" beside "1,5" means 1234 to some and 1.234 to others: not to be guessed.
        let (mark, other) = if field.contains(',') {
            (&mut self.comma, self.point)
        } else if field.contains('.') {
            (&mut self.point, self.comma)
        } else {
            return Ok(value);
        };
        mark.get_or_insert(record.line);
        match other {
            None => Ok(value),
            Some(line) => {
                let message = format!(
                    "{} has a decimal {}, line {line} the other kind; use one kind",
                    shown(field),
                    if field.contains(',') { "comma" } else { "point" }
                );
                Err(self.columns.bad(Some(record.line), place, field, message))
            }
        }
    }

    fn finish(self) -> Result<(DMatrix<f64>, DVector<f64>)> {
        let (samples, dimension) = (self.targets.len(), self.columns.inputs.len());
        if samples < dimension {
            let message = format!(
                "it has {samples} {}, and {dimension} inputs need at least as many",
                if samples == 1 { "sample" } else { "samples" }
            );
            return Err(bad_table(None, None, "", &samples.to_string(), message));
        }
        Ok((DMatrix::from_row_slice(samples, dimension, &self.inputs), DVector::from_vec(self.targets)))
    }
}
