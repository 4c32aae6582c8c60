//! Documents from files and standard input, and what can go wrong with them.

use noisy_descent::{Error, Scenario};
use std::io::{self, Read};
use std::path::PathBuf;
use std::str::FromStr;
use std::{fmt, fs};

/// Longest document that is read, in bytes.
const LONGEST: u64 = 64 << 20;

/// Where a document comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `-`.
    StandardInput,
    /// A path.
    File(PathBuf),
}

impl FromStr for Source {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Source, Self::Err> {
        Ok(if text == "-" { Source::StandardInput } else { Source::File(text.into()) })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::StandardInput => write!(f, "standard input"),
            Source::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// Why a command stops.
#[derive(Debug)]
pub enum Failure {
    /// A document cannot be read.
    Read(Source, io::Error),
    /// A file is no part of the sweep.
    Part(Source, String),
    /// A document is wrong.
    Document(Error),
    /// The output cannot be written.
    Output(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Read(source, error) => write!(f, "cannot read {source}: {error}"),
            Failure::Part(source, words) => write!(f, "{source}: {words}"),
            Failure::Document(error) => write!(f, "{error}"),
            Failure::Output(error) => write!(f, "cannot write: {error}"),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Document(error)
    }
}

impl Source {
    /// All of it as text.
    pub fn text(&self) -> Result<String, Failure> {
        let failed = |error| Failure::Read(self.clone(), error);
        let reader: Box<dyn Read> = match self {
            Source::StandardInput => Box::new(io::stdin()),
            Source::File(path) => Box::new(fs::File::open(path).map_err(failed)?),
        };
        let mut text = String::new();
        reader.take(LONGEST + 1).read_to_string(&mut text).map_err(failed)?;
        if text.len() as u64 > LONGEST {
            let long = format!("it has more than {LONGEST} bytes");
            return Err(failed(io::Error::new(io::ErrorKind::InvalidData, long)));
        }
        // Some editors begin a file with a mark of their own.
        if text.starts_with('\u{feff}') {
            text.remove(0);
        }
        Ok(text)
    }

    /// The scenario that it holds, checked.
    pub fn scenario(&self) -> Result<Scenario, Failure> {
        Ok(Scenario::from_json(&self.text()?)?)
    }
}
