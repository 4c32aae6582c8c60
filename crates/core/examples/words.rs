//! Raw words of the random streams as little-endian bytes, for batteries of tests, until the reader has enough:
//!
//!     cargo run --release -p noisy-descent --example words -- stream [SEED [POINT [BLOCK]]] | dieharder -g 200 -a
//!     cargo run --release -p noisy-descent --example words -- blocks [SEED [POINT [BLOCK]]] | dieharder -g 200 -a
//!
//! `stream` writes one stream; `blocks` the first 64 words of a block's stream, then those of the next block, and so on: what
//! neighbouring streams have in common shows there. docs/generator.md keeps the results.

use noisy_descent::simulate::{Purpose, Stream};
use rand_core::Rng;
use std::error::Error;
use std::io::{ErrorKind, Write, stdout};

/// Words of a stream in the mode `blocks`: 8 from each of the eight lanes.
const FIRST: usize = 64;

/// Bytes that are written at a time; a whole number of blocks.
const PORTION: usize = 1 << 16;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mode = arguments.next().unwrap_or_default();
    let mut number = |name: &str| -> Result<u64, String> {
        let text = arguments.next().unwrap_or_else(|| "0".into());
        text.parse().map_err(|_| format!("the {name} must be a whole number, got {text}"))
    };
    let seed = number("seed")?;
    let (point, first) = (u32::try_from(number("point")?)?, u32::try_from(number("block")?)?);
    let mut bytes = vec![0; PORTION];
    match mode.as_str() {
        "stream" => {
            let mut stream = Stream::new(seed, point, first, Purpose::Noise);
            until_closed(|| {
                stream.fill_bytes(&mut bytes);
                stdout().write_all(&bytes)
            })
        }
        "blocks" => {
            let mut block = first;
            until_closed(|| {
                for words in bytes.chunks_exact_mut(4 * FIRST) {
                    Stream::new(seed, point, block, Purpose::Noise).fill_bytes(words);
                    // After 2³² blocks, a terabyte, it would begin again.
                    block = block.wrapping_add(1);
                }
                stdout().write_all(&bytes)
            })
        }
        other => Err(format!("the mode must be stream or blocks, got '{other}'").into()),
    }
}

/// Writes portion after portion; a reader who has gone is the end and no error.
fn until_closed(mut write: impl FnMut() -> std::io::Result<()>) -> Result<(), Box<dyn Error>> {
    loop {
        match write() {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}
