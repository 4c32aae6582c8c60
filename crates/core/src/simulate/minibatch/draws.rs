//! Which samples are in a minibatch.

use crate::noise::Sampling;
use crate::simulate::kernel::B;
use crate::simulate::stream::{Generator, LANES, Stream, WORDS};
use bytemuck::cast;
use wide::u32x4;

/// Minibatches of a data set of any size, by any sampling.
#[derive(Debug, Clone)]
pub(super) struct Draws {
    samples: usize,
    batch_size: usize,
    sampling: Sampling,
    /// Orders of the data: of each replica for epochs, else one, which is as it was after every draw.
    orders: Vec<u32>,
    /// Numbers of the minibatch, and the swaps that led there; whole vectors.
    drawn: Vec<u32>,
    swaps: Vec<u32>,
}

impl Draws {
    pub(super) fn new(samples: usize, batch_size: usize, sampling: Sampling) -> Draws {
        Draws {
            samples,
            batch_size,
            sampling,
            orders: if sampling == Sampling::WithoutReplacement { (0..samples as u32).collect() } else { Vec::new() },
            drawn: vec![0; batch_size.next_multiple_of(WORDS)],
            swaps: vec![0; batch_size.next_multiple_of(WORDS)],
        }
    }

    /// Room for so many blocks: epochs keep an order of the data for every replica.
    pub(super) fn reserve(&mut self, blocks: usize) {
        if self.sampling == Sampling::Epoch {
            self.orders = (0..blocks * B).flat_map(|_| 0..self.samples as u32).collect();
        }
    }

    /// The numbers of the samples in a replica's minibatch at a step.
    pub(super) fn draw(&mut self, block: usize, replica: usize, step: u64, stream: &mut Stream) -> &[u32] {
        match self.sampling {
            Sampling::WithReplacement => {
                fill_below(stream.generator(), self.samples as u32, &mut self.drawn);
            }
            Sampling::WithoutReplacement => {
                // The beginning of Fisher and Yates' shuffle, undone afterwards.
                let mut generator = *stream.generator();
                let mut count = u32x4::splat(self.samples as u32) - u32x4::new([0, 1, 2, 3]);
                for eight in self.swaps.as_chunks_mut::<WORDS>().0 {
                    *eight = cast(generator.next().map(|words| {
                        let swaps = words.mul_keep_high(count);
                        count -= u32x4::splat(LANES as u32);
                        swaps
                    }));
                }
                *stream.generator() = generator;
                for place in 0..self.batch_size {
                    let other = place + self.swaps[place] as usize;
                    self.drawn[place] = self.orders[other];
                    self.orders[other] = self.orders[place];
                }
                for place in (0..self.batch_size).rev() {
                    self.orders[place + self.swaps[place] as usize] = self.drawn[place];
                }
            }
            Sampling::Epoch => {
                let start = (block * B + replica) * self.samples;
                let order = &mut self.orders[start..start + self.samples];
                let part = (step % (self.samples / self.batch_size) as u64) as usize;
                if part == 0 {
                    let below = |word: u32, count: usize| ((u64::from(word) * count as u64) >> 32) as usize;
                    for place in 0..self.samples - 1 {
                        order.swap(place, place + below(stream.next_word(), self.samples - place));
                    }
                }
                let batch = &order[part * self.batch_size..(part + 1) * self.batch_size];
                self.drawn[..self.batch_size].copy_from_slice(batch);
            }
        }
        &self.drawn[..self.batch_size]
    }
}

/// Random numbers below `count`. A function of its own, since an engine of WebAssembly keeps what a short function works on in registers.
#[inline(never)]
fn fill_below(generator: &mut Generator, count: u32, numbers: &mut [u32]) {
    let (mut words, factor) = (*generator, u32x4::splat(count));
    for eight in numbers.as_chunks_mut::<WORDS>().0 {
        *eight = cast(words.next().map(|words| words.mul_keep_high(factor)));
    }
    *generator = words;
}
