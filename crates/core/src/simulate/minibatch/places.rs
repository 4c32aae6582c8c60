//! Minibatches with replacement of a small data set: where the rows of their samples are, two from each word of the generator.

use crate::simulate::stream::{Generator, WORDS};
use bytemuck::cast;
use std::hint::black_box;
use wide::{i16x8, i32x4, u32x4};

/// Data sets up to this size take two numbers from a word: every pair of numbers then has 2³²/N² words, a thousand or more, give or take a few.
const LARGEST: usize = 2047;

/// Replicas whose minibatches are drawn together: fewer numbers are left over.
const TOGETHER: usize = 8;

/// The minibatches of a few replicas. A place is the number of a sample times `STRIDE`, a power of two, in 16 bits: numbers are counted modulo
/// the size of the data set, about zero, places modulo 2¹⁶, and a table that has a row at each place needs no check.
#[derive(Debug, Clone)]
pub(super) struct Places<const STRIDE: usize> {
    samples: usize,
    batch_size: usize,
    /// Whole vectors.
    drawn: Vec<u16>,
}

impl<const STRIDE: usize> Places<STRIDE> {
    /// None for a data set that is too large.
    pub(super) fn new(samples: usize, batch_size: usize) -> Option<Places<STRIDE>> {
        let drawn = || vec![0; (TOGETHER * batch_size).next_multiple_of(2 * WORDS)];
        (samples <= LARGEST).then(|| Places { samples, batch_size, drawn: drawn() })
    }

    /// Every place that can be drawn, with its sample.
    pub(super) fn all(&self) -> impl Iterator<Item = (usize, usize)> + use<STRIDE> {
        let samples = self.samples as i32;
        (-samples / 2 - 1..=samples / 2)
            .map(move |n| (usize::from((n * STRIDE as i32) as u16), n.rem_euclid(samples) as usize))
    }

    /// The minibatch of a replica; they come in order.
    #[inline(always)]
    pub(super) fn of(&mut self, replica: usize, generator: &mut Generator) -> &[u16] {
        let turn = replica % TOGETHER;
        if turn == 0 {
            fill::<STRIDE>(generator, self.samples, &mut self.drawn);
        }
        &self.drawn[turn * self.batch_size..(turn + 1) * self.batch_size]
    }
}

/// Two places from each word: a word times the number of samples has one in its upper half, and what is below it has the other. A function of
/// its own, since an engine of WebAssembly keeps what a short function works on in registers.
#[inline(never)]
fn fill<const STRIDE: usize>(generator: &mut Generator, samples: usize, places: &mut [u16]) {
    let mut words = *generator;
    let (number, place) = (Factor::new(samples), Factor::new(samples * STRIDE));
    // In registers, because an engine makes a vector constant anew at each use.
    let whole_places = 0xffff & !(STRIDE as u32 - 1);
    let (first, second) = (u32x4::splat(black_box(whole_places)), u32x4::splat(black_box(whole_places << 16)));
    for sixteen in places.as_chunks_mut::<{ 2 * WORDS }>().0 {
        *sixteen = cast(words.next().map(|word| {
            let [low, high] = number.times(word);
            let above = cast::<i32x4, u32x4>(high + (low >> 16_i32));
            let below = cast::<i32x4, u32x4>((high << 16_i32) + low);
            let [low, high] = place.times(below);
            let again = cast::<i32x4, u32x4>(high + (low >> 16_i32));
            ((above >> (16 - STRIDE.ilog2())) & first) | (again & second)
        }));
    }
    *generator = words;
}

/// A factor of words, which are read as `2¹⁶h + l` with both halves from −2¹⁵ to 2¹⁵ − 1: for such halves WebAssembly has a product that
/// processors know, for whole words it has none.
struct Factor {
    of_low: i16x8,
    of_high: i16x8,
}

impl Factor {
    /// A factor below 2¹⁵.
    fn new(factor: usize) -> Factor {
        let factor = i16::try_from(factor).expect("a factor below 2¹⁵");
        let of = |low: bool| i16x8::new(std::array::from_fn(|i| if (i % 2 == 0) == low { factor } else { 0 }));
        Factor { of_low: of(true), of_high: of(false) }
    }

    /// The factor times `l` and times `h`.
    #[inline(always)]
    fn times(&self, word: u32x4) -> [i32x4; 2] {
        let halves: i16x8 = cast(word);
        [halves.dot(self.of_low), halves.dot(self.of_high)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::stream::{LANES, Purpose, Stream};

    /// The two numbers of a word by whole numbers of 64 bits.
    fn numbers(word: u32, samples: usize) -> [usize; 2] {
        let signed = |word: u32| (i64::from((word >> 16) as i16) << 16) + i64::from(word as i16);
        let first = signed(word) * samples as i64;
        let second = signed(first as u32) * samples as i64;
        [first, second].map(|product| (product >> 32).rem_euclid(samples as i64) as usize)
    }

    fn sample_at<const STRIDE: usize>(samples: usize) -> Vec<Option<usize>> {
        let mut at = vec![None; 1 << 16];
        for (place, sample) in Places::<STRIDE>::new(samples, 1).expect("small").all() {
            at[place] = Some(sample);
        }
        at
    }

    fn agrees<const STRIDE: usize>(samples: usize) {
        let at = sample_at::<STRIDE>(samples);
        let edges = [0, 1, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fff_7fff, 0x7fff_8000, 0x8000_0000, u32::MAX];
        let mut stream = Stream::new(5, 0, 0, Purpose::Noise);
        let random: Vec<u32> = (0..4096).map(|_| stream.next_word()).collect();
        let words: Vec<u32> = edges.iter().copied().chain(random).collect();
        for eight in words.chunks_exact(WORDS) {
            let half = |n: usize| u32x4::new(std::array::from_fn(|lane| eight[n * LANES + lane]));
            let mut places = [0; 2 * WORDS];
            fill::<STRIDE>(Stream::about_to_draw(half(0), half(1)).generator(), samples, &mut places);
            for (word, places) in eight.iter().zip(places.chunks_exact(2)) {
                let drawn = [places[0], places[1]].map(|place| at[usize::from(place)]);
                assert_eq!(drawn, numbers(*word, samples).map(Some), "word {word:#x} of {samples}");
            }
        }
    }

    #[test]
    fn places_are_those_of_the_numbers_that_a_word_says() {
        for samples in [1, 2, 3, 441, 442, 1000, 2047] {
            agrees::<1>(samples);
            agrees::<16>(samples);
        }
    }

    #[test]
    fn a_larger_data_set_is_refused() {
        assert!(Places::<16>::new(LARGEST, 10).is_some());
        assert!(Places::<16>::new(LARGEST + 1, 10).is_none());
    }

    /// All pairs of numbers are equally likely: over words that are evenly apart, of which a pair gets its share or a dozen more or fewer.
    #[test]
    fn pairs_are_uniform() {
        for samples in [7_usize, 16, 31] {
            let mut counts = vec![0_u32; samples * samples];
            let words = 1_u32 << 22;
            for n in 0..words {
                let [first, second] = numbers(n.wrapping_mul(0x9e37_79b1), samples);
                counts[first * samples + second] += 1;
            }
            let expected = f64::from(words) / counts.len() as f64;
            let worst = counts.iter().map(|&n| (f64::from(n) - expected).abs()).fold(0.0, f64::max);
            assert!(worst < 12.0, "{samples}: {worst} of {expected}");
        }
    }
}
