//! Every test of the program at a terminal, side by side.

mod checksums;
mod cli;
mod common;
mod interrupt;
mod looks;
