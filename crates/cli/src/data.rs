//! `data`: a text table as a data set of a scenario.

use crate::input::{Failure, Source};
use clap::{ArgAction, Args};
use noisy_descent::data::{CsvColumn, CsvOptions, Data, read_csv};

/// A text table, and what of it is wanted.
#[derive(Args)]
pub struct DataArguments {
    /// A table of numbers, fields parted by commas, semicolons or tabs; `-` reads standard input.
    table: Source,
    /// Name or number (from 1) of the column of the targets; the last if absent.
    #[arg(long)]
    target: Option<CsvColumn>,
    /// Names or numbers of the columns of the inputs, separated by commas; all others if absent.
    #[arg(long, value_delimiter = ',')]
    columns: Option<Vec<CsvColumn>>,
    /// Take the numbers as they are instead of shifting and scaling each column to mean 0 and variance 1.
    #[arg(long, action = ArgAction::SetFalse)]
    no_standardise: bool,
    /// Whether the first line holds names; found out if absent.
    #[arg(long)]
    header: Option<bool>,
    /// The character between fields; found out if absent.
    #[arg(long)]
    separator: Option<char>,
}

impl DataArguments {
    /// The data set, after a trial that it loads.
    pub fn answer(self) -> Result<Data, Failure> {
        let text = self.table.text()?;
        let options = CsvOptions {
            target: self.target,
            columns: self.columns,
            standardise: self.no_standardise,
            header: self.header,
            separator: self.separator,
        };
        let data = read_csv(&text, &options)?.data();
        data.load()?;
        Ok(data)
    }
}
