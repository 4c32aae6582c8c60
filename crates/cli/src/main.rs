//! `noisy-descent`: the documents of the library from a terminal. Glue only; no arithmetic lives here.
//!
//! Answers are JSON on standard output; the errata are text unless asked for as JSON. Bad input is one line on standard error and the exit status 2.

mod bayes;
mod crew;
mod data;
mod errata;
mod input;
mod kramers;
mod merge;
mod progress;
mod run;
mod sweep;

use bayes::BayesArguments;
use clap::{Parser, Subcommand};
use data::DataArguments;
use errata::ErrataArguments;
use input::{Failure, Source};
use kramers::KramersArguments;
use merge::{MergeArguments, Merged};
use noisy_descent::scenario::{AXES, PARAMETERS};
use progress::interrupted;
use run::{RunAnswer, RunArguments, RunOutput};
use serde::Serialize;
use std::io::{self, Write};
use std::process::ExitCode;
use sweep::{SweepAnswer, SweepArguments};

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
  noisy-descent bayes --curvatures 1,0.1 --data-size 1000 --batch-size 100
  noisy-descent kramers --scale 10
  noisy-descent kramers --polynomial 0,0,0.5,-0.3333333 --white 0.1 --end 2
  noisy-descent errata 3 --set learning_rate=1.2
  noisy-descent data patients.csv --target score --columns bmi,s5
  noisy-descent run scenario.json
  noisy-descent run scenario.json --every 100 --lags 1,2,5,10
  noisy-descent run scenario.json --every 10 --csv > looks.csv
  noisy-descent run scenario.json --every 10 --histogram 1,2:40:-3:3
  noisy-descent run scenario.json --shard 1/2 > a.json; noisy-descent run scenario.json --shard 2/2 > b.json
  noisy-descent sweep sweep.json --csv > points.csv
  noisy-descent sweep sweep.json --shard 1/2 > a.json; noisy-descent sweep sweep.json --shard 2/2 > b.json
  noisy-descent merge a.json b.json
  noisy-descent parameters"#;

#[derive(Subcommand)]
enum Command {
    /// Prints every prediction for a scenario as JSON.
    Predict {
        /// A scenario document; `-` reads standard input.
        scenario: Source,
    },
    /// Prints Table 1 of the paper for a scenario: each optimizer's covariance and training error as published
    /// earlier, in the paper, and exactly.
    Table1 {
        /// A scenario document; `-` reads standard input.
        scenario: Source,
    },
    /// SGD as a sampler: the learning rate whose stationary law is nearest to the posterior.
    Bayes(BayesArguments),
    /// Escape over a barrier: the exact chain, the diffusion, and the paper's formulas.
    Kramers(KramersArguments),
    /// The errata of the paper with their evidence, computed: as printed, corrected, and by code that uses neither.
    Errata(ErrataArguments),
    /// Reads a table of numbers and prints it as JSON: the data of a scenario's loss of the kind `least_squares`.
    Data(DataArguments),
    /// Runs a scenario's ensemble, or a shard of it, and prints what was measured beside every prediction as JSON.
    Run(RunArguments),
    /// Runs a sweep, or a shard of it, and prints its points and the verdict on each theory.
    Sweep(SweepArguments),
    /// Puts the shards of a run or a sweep together: the same numbers, to the last bit, as one run would have printed.
    Merge(MergeArguments),
    /// Prints the parameter table as JSON, and what a sweep varies besides, which has no path in a document.
    Parameters,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // Help and version are what was asked for; anything else is one line.
        Err(error) if !error.use_stderr() => {
            return if error.print().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
        Err(error) => {
            let text = error.render().to_string();
            // What is missing stands below the first line.
            let lines: Vec<&str> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
            eprintln!("noisy-descent: {} (see --help)", lines.join(" ").trim_start_matches("error: "));
            return ExitCode::from(2);
        }
    };
    match run(arguments.command) {
        // As shells say that a program ended by Ctrl-C.
        Ok(()) if interrupted() => ExitCode::from(130),
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
        Command::Table1 { scenario } => print(&noisy_descent::theory::table1(&scenario.scenario()?)?),
        Command::Bayes(arguments) => print(&arguments.answer()?),
        Command::Kramers(arguments) => print(&arguments.answer()?),
        Command::Errata(arguments) => errata(&arguments),
        Command::Data(arguments) => print_on_a_line(&arguments.answer()?),
        Command::Run(arguments) => match arguments.answer()? {
            RunOutput::Whole(answer) => print_run(&answer, arguments.csv),
            RunOutput::Part(part) => print(&part),
        },
        Command::Sweep(arguments) => print_sweep(&arguments.answer()?, arguments.csv),
        Command::Merge(arguments) => match arguments.answer()? {
            Merged::Run(answer) => print_run(&answer, arguments.csv),
            Merged::Sweep(answer) => print_sweep(&answer, arguments.csv),
        },
        Command::Parameters => print(&PARAMETERS.iter().chain(AXES).collect::<Vec<_>>()),
    }
}

fn errata(arguments: &ErrataArguments) -> Result<(), Failure> {
    let errata = arguments.answer()?;
    match (arguments.json, arguments.is_one(), &errata[..]) {
        (true, true, [one]) => print(one),
        (true, ..) => print(&errata),
        (false, ..) => {
            let mut out = io::stdout().lock();
            errata.iter().try_for_each(|erratum| writeln!(out, "{erratum}")).map_err(Failure::Output)
        }
    }
}

fn print_run(answer: &RunAnswer, csv: bool) -> Result<(), Failure> {
    if csv { write!(io::stdout(), "{}", answer.csv()).map_err(Failure::Output) } else { print(answer) }
}

fn print_sweep(answer: &SweepAnswer, csv: bool) -> Result<(), Failure> {
    if csv { write!(io::stdout(), "{}", answer.csv()).map_err(Failure::Output) } else { print(answer) }
}

fn print<T: Serialize>(document: &T) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, document).map_err(|error| Failure::Output(error.into()))?;
    writeln!(out).map_err(Failure::Output)
}

/// For what is long and read by programs alone.
fn print_on_a_line<T: Serialize>(document: &T) -> Result<(), Failure> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    serde_json::to_writer(&mut out, document).map_err(|error| Failure::Output(error.into()))?;
    writeln!(out).and_then(|()| out.flush()).map_err(Failure::Output)
}
