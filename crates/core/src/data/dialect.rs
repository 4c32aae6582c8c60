//! How a text table writes its numbers and keeps its fields apart.

use crate::error::{Error, Result};

/// Separators that are found out, the surest first: a tab is hardly ever text, a comma may be decimal.
const CANDIDATES: [char; 3] = ['\t', ';', ','];

/// Records that are looked at to find the separator out.
const LOOKED_AT: usize = 10;

/// What people and programs write where a number is missing.
const MISSING: [&str; 8] = ["", "na", "n/a", "null", "none", "?", "-", "."];

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Field {
    /// A finite number.
    Number(f64),
    /// Infinite, not a number, or beyond the largest double.
    NotFinite,
    /// Nothing, or a word for it.
    Missing,
    /// Anything else.
    Text,
}

impl Field {
    /// Reads a field. Where commas do not separate, one may stand for the decimal point; thousands are never separated.
    pub(super) fn read(text: &str, separator: char) -> Field {
        let text = text.trim();
        let decimal_comma = separator != ',' && text.matches(',').count() == 1 && !text.contains('.');
        let number = if decimal_comma { text.replace(',', ".").parse() } else { text.parse::<f64>() };
        match number {
            Ok(value) if value.is_finite() => Field::Number(value),
            Ok(_) => Field::NotFinite,
            Err(_) if MISSING.iter().any(|word| word.eq_ignore_ascii_case(text)) => Field::Missing,
            Err(_) => Field::Text,
        }
    }

    fn is_numeric(self) -> bool {
        matches!(self, Field::Number(_) | Field::NotFinite)
    }
}

/// Whether the first record holds names: where one of its texts stands over a number, or where it has text and no number.
/// A record of numbers with a word for a missing one, or with the text of a column of texts, is data.
pub(super) fn is_header<'a>(
    first: impl Iterator<Item = &'a str>,
    second: impl Iterator<Item = &'a str>,
    separator: char,
) -> bool {
    let first: Vec<Field> = first.map(|field| Field::read(field, separator)).collect();
    let over_a_number =
        first.iter().zip(second).any(|(&top, below)| top == Field::Text && Field::read(below, separator).is_numeric());
    over_a_number || (first.contains(&Field::Text) && !first.iter().any(|field| field.is_numeric()))
}

/// The separator that a text seems to use: the surest candidate that stands equally often in each of the first records, else
/// the surest in the first record, else a comma.
pub(super) fn find_separator(text: &str) -> char {
    let counts = counts(text);
    let first = counts.first().copied().unwrap_or_default();
    let regular = |&i: &usize| first[i] > 0 && counts.iter().all(|count| count[i] == first[i]);
    let found = (0..CANDIDATES.len()).find(regular).or_else(|| (0..CANDIDATES.len()).find(|&i| first[i] > 0));
    found.map_or(',', |i| CANDIDATES[i])
}

/// How often each candidate stands outside quotes in each of the first records that are not blank.
fn counts(text: &str) -> Vec<[usize; CANDIDATES.len()]> {
    let mut found = Vec::new();
    let mut count = [0; CANDIDATES.len()];
    // A quote opens at the start of a field, and again where it has just closed: two stand for one.
    let (mut quoted, mut may_open, mut blank) = (false, true, true);
    for character in text.chars().chain(['\n']) {
        if quoted {
            quoted = character != '"';
            may_open = !quoted;
            continue;
        }
        let candidate = CANDIDATES.iter().position(|&known| known == character);
        if character == '"' && may_open {
            quoted = true;
        } else if let Some(i) = candidate {
            count[i] += 1;
        } else if matches!(character, '\n' | '\r') && !std::mem::replace(&mut blank, true) {
            found.push(std::mem::take(&mut count));
            if found.len() == LOOKED_AT {
                break;
            }
        }
        may_open = candidate.is_some() || matches!(character, '\n' | '\r');
        blank &= character.is_whitespace();
    }
    found
}

/// Checks a separator that was given.
pub(super) fn check_separator(separator: char) -> Result<char> {
    let in_a_number = separator.is_ascii_alphanumeric() || matches!(separator, '"' | '+' | '-' | '.');
    if separator == '\t' || (matches!(separator, ' '..='~') && !in_a_number) {
        return Ok(separator);
    }
    let message =
        format!("it must be a tab, a space or a mark such as , ; | of ASCII that is in no number, got {separator:?}");
    Err(Error::Malformed { parameter: "separator".into(), message })
}

/// A separator's name.
pub(super) fn separator_name(separator: char) -> String {
    match separator {
        ',' => "a comma".into(),
        ';' => "a semicolon".into(),
        '\t' => "a tab".into(),
        ' ' => "a space".into(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read() {
        for (text, separator, field) in [
            ("1.5", ',', Field::Number(1.5)),
            (" -2e-3\t", ',', Field::Number(-0.002)),
            ("+.5", ',', Field::Number(0.5)),
            ("1,5", ';', Field::Number(1.5)),
            ("-1,5e2", '\t', Field::Number(-150.0)),
            ("1,5", ',', Field::Text),
            ("1.234,5", ';', Field::Text),
            ("1,234,567", ';', Field::Text),
            ("1 000", ';', Field::Text),
            ("1e999", ',', Field::NotFinite),
            ("NaN", ',', Field::NotFinite),
            ("-inf", ',', Field::NotFinite),
            ("", ',', Field::Missing),
            ("  ", ',', Field::Missing),
            ("NA", ',', Field::Missing),
            ("?", ',', Field::Missing),
            ("female", ',', Field::Text),
            ("0x10", ',', Field::Text),
        ] {
            assert_eq!(Field::read(text, separator), field, "{text:?} with {separator:?}");
        }
    }

    #[test]
    fn separators_are_found() {
        for (text, separator) in [
            ("a,b\n1,2\n", ','),
            ("a;b\n1;2\n", ';'),
            ("a\tb\n1\t2\n", '\t'),
            ("1,5;2,5;3,5\n4,5;5,5;6,5\n", ';'),
            ("temperature;C,humidity\n1,2\n3,4\n", ','),
            ("\"a;b\",c,d\n1,2,3\n", ','),
            ("\"a\"\";b\",c\n1,2\n", ','),
            ("a;\"b\nc\"\n1;2\n", ';'),
            ("\n\r\na;b;c\r\n1;2;3\r\n", ';'),
            ("a;b;c\n1;2\n3;4;5\n", ';'),
            ("17\" disk;x\n1;2\n", ';'),
            ("a\n1\n", ','),
            ("", ','),
        ] {
            assert_eq!(find_separator(text), separator, "{text:?}");
        }
    }

    #[test]
    fn headers_are_found() {
        for (first, second, header) in [
            ("a b", "1 2", true),
            ("1 2", "3 4", false),
            ("1990 1991 y", "1 2 3", true),
            ("1 NA", "3 4", false),
            ("1 nan", "3 4", false),
            ("5.1 setosa", "4.9 setosa", false),
            ("length kind", "4.9 setosa", true),
            ("a b", "kg m", true),
            ("a b", "NA 1", true),
            ("a b", "", true),
            ("NA NA", "1 2", false),
        ] {
            assert_eq!(is_header(first.split(' '), second.split(' '), ','), header, "{first} over {second}");
        }
    }

    #[test]
    fn a_separator_is_no_part_of_a_number() {
        for good in [',', ';', '\t', '|', ' ', ':'] {
            assert_eq!(check_separator(good), Ok(good));
        }
        for bad in ['1', 'e', '.', '-', '+', '"', '\n', '\r', 'é', '\0', '\u{7f}'] {
            assert_eq!(check_separator(bad).unwrap_err().parameter(), "separator", "{bad:?}");
        }
    }
}
