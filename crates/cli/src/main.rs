//! `noisy-descent`: the documents of the library from a terminal. Glue only; no arithmetic lives here.
//!
//! Answers are JSON on standard output. Bad input is one line on standard error and the exit status 2.

mod input;

use clap::{Parser, Subcommand};
use input::{Failure, Source};
use noisy_descent::scenario::PARAMETERS;
use serde::Serialize;
use std::io::{self, Write};
use std::process::ExitCode;

/// What a finite learning rate does to SGD: predictions by every theory.
#[derive(Parser)]
#[command(name = "noisy-descent", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = r#"Examples:
  noisy-descent predict scenario.json
  echo '{"version":1,"optimizer":{"kind":"momentum","learning_rate":0.5}}' | noisy-descent predict -
  noisy-descent parameters"#;

#[derive(Subcommand)]
enum Command {
    /// Prints every prediction for a scenario as JSON.
    Predict {
        /// A scenario document; `-` reads standard input.
        scenario: Source,
    },
    /// Prints the parameter table as JSON.
    Parameters,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output has read enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("noisy-descent: {failure}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Predict { scenario } => print(&noisy_descent::predict(&scenario.scenario()?)?),
        Command::Parameters => print(&PARAMETERS),
    }
}

fn print<T: Serialize>(document: &T) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, document).map_err(|error| Failure::Output(error.into()))?;
    writeln!(out).map_err(Failure::Output)
}
