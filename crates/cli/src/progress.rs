//! How far the work is, and whether somebody wants it to end.

use crate::input::Failure;
use std::io::{self, IsTerminal, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Set by Ctrl-C.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C ends the work between two portions, and what is done is printed.
pub fn listen_for_interrupts() -> Result<(), Failure> {
    let heard = || INTERRUPTED.store(true, Ordering::Relaxed);
    ctrlc::set_handler(heard).map_err(|error| Failure::Output(io::Error::other(error)))
}

/// Whether Ctrl-C was pressed.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// A line on standard error that says how far the work is; nothing where that is no terminal.
pub struct ProgressLine {
    shown: bool,
    last: Option<Instant>,
}

impl ProgressLine {
    pub fn new() -> ProgressLine {
        ProgressLine { shown: io::stderr().is_terminal(), last: None }
    }

    /// Shows a share from 0 to 1.
    pub fn show(&mut self, share: f64) {
        if !self.shown || self.last.is_some_and(|last| last.elapsed() < Duration::from_millis(100)) {
            return;
        }
        self.last = Some(Instant::now());
        let filled = (share * 40.0) as usize;
        let _ = write!(io::stderr(), "\r[{:<40}] {:3.0} %", "#".repeat(filled), share * 100.0);
    }

    pub fn clear(&mut self) {
        if self.last.is_some() {
            let _ = write!(io::stderr(), "\r{:50}\r", "");
        }
    }
}
