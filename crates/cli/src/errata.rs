//! `errata`: where the paper's print is wrong, with the evidence.

use clap::Args;
use noisy_descent::Error;
use noisy_descent::errata::{Erratum, demonstrate, errata};

/// Which erratum, and with which numbers.
#[derive(Args)]
pub struct ErrataArguments {
    /// Number in the list: 1, 1a to 1d, 2 to 28; all of them without one.
    number: Option<String>,
    /// Print JSON: an object for one erratum, an array for all.
    #[arg(long)]
    pub json: bool,
    /// A parameter of the demonstration, for example `learning_rate=0.5`; may be given more than once.
    #[arg(long = "set", value_name = "NAME=VALUE", requires = "number", value_parser = assignment)]
    set: Vec<(String, f64)>,
}

impl ErrataArguments {
    pub fn answer(&self) -> Result<Vec<Erratum>, Error> {
        match &self.number {
            None => errata(),
            Some(number) => Ok(vec![demonstrate(number, &self.set.iter().cloned().collect())?]),
        }
    }

    /// Whether one erratum is asked for.
    pub fn is_one(&self) -> bool {
        self.number.is_some()
    }
}

/// `NAME=VALUE`.
fn assignment(text: &str) -> Result<(String, f64), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    let value = value.trim().parse().map_err(|_| format!("{value} is not a number"))?;
    Ok((name.trim().into(), value))
}
