//! Random streams, addressed by what they are for.

use bytemuck::cast;
use rand_core::{Infallible, TryRng};
use wide::{u32x4, u64x2};

/// Lanes of a vector.
pub(super) const LANES: usize = 4;

/// Words that a stream makes at a time: two vectors.
pub(super) const WORDS: usize = 2 * LANES;

/// Rounds after seeding before the first word is used, as the generator's author advises.
const WARM_UP: usize = 15;

/// What the numbers of a stream are used for. Streams of different purposes never overlap in meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// The gradient noise.
    Noise = 1,
    /// The start of each replica.
    Start = 2,
    /// The samples of a synthetic data set.
    Data = 3,
}

/// Eight interleaved generators `sfc32` (Chris Doty-Humphrey's small fast counting generator), 128 bits of state each.
///
/// Word `n` of the stream comes from lane `n mod 8`. The eight lanes are fixed, whatever the width of the machine's
/// vectors, so that the numbers are too. Implements rand's traits, hence works with everything of `rand` and
/// `rand_distr`:
///
/// ```
/// use noisy_descent::simulate::{Purpose, Stream};
/// use rand::RngExt;
/// let mut stream = Stream::new(1, 0, 0, Purpose::Noise);
/// let coin: bool = stream.random();
/// let mut again = Stream::new(1, 0, 0, Purpose::Noise);
/// assert_eq!(coin, again.random::<bool>());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    generator: Generator,
    /// Words made and not yet handed out through rand's traits.
    pending: [u32; WORDS],
    handed_out: usize,
}

/// The state of the eight generators, one in each lane of two vectors: a step waits for the one before, so that with a single vector the
/// processor would wait too. Loops work on a copy, which stays in registers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Generator {
    a: [u32x4; 2],
    b: [u32x4; 2],
    c: [u32x4; 2],
    /// The same in all.
    counter: u32x4,
    /// What the counter goes up by: one. It is part of the state, as is the mask, because engines of WebAssembly make a
    /// vector constant anew at each use, which costs more than reading it.
    increment: u32x4,
    /// All bits but the lowest three.
    mask: u32x4,
}

impl Generator {
    /// The next eight words, one from each lane.
    #[inline(always)]
    pub(super) fn next(&mut self) -> [u32x4; 2] {
        let words = std::array::from_fn(|half| self.step(half));
        self.counter += self.increment;
        words
    }

    #[inline(always)]
    fn step(&mut self, half: usize) -> u32x4 {
        let (a, b, c) = (self.a[half], self.b[half], self.c[half]);
        let out = a + b + self.counter;
        self.a[half] = b ^ (b >> 9_u32);
        // Eight times c. As `c << 3` the sum c + 8c would become a product 9c in the compiler's hands, which takes five times as
        // long on the way from one word to the next; shifted in pairs and masked it stays what it is.
        let eightfold = cast::<u64x2, u32x4>(cast::<u32x4, u64x2>(c) << 3_u64) & self.mask;
        self.b[half] = c + eightfold;
        self.c[half] = ((c << 21_u32) | (c >> 11_u32)) + out;
        out
    }
}

impl Stream {
    /// The stream of a seed, a point of a sweep, a block of replicas and a purpose.
    ///
    /// ```
    /// use noisy_descent::simulate::{Purpose, Stream};
    /// assert_ne!(Stream::new(1, 0, 0, Purpose::Noise), Stream::new(1, 0, 1, Purpose::Noise));
    /// ```
    #[must_use]
    pub fn new(seed: u64, point: u32, block: u32, purpose: Purpose) -> Stream {
        let mut key = SplitMix(seed);
        let mut absorb = |word: u64| key = SplitMix(key.next() ^ word);
        absorb(u64::from(purpose as u32));
        absorb(u64::from(point));
        absorb(u64::from(block));
        let mut half = || {
            let (low, high) = (key.next(), key.next());
            u32x4::new([low as u32, (low >> 32) as u32, high as u32, (high >> 32) as u32])
        };
        let mut state = || [half(), half()];
        let mut generator = Generator {
            a: state(),
            b: state(),
            c: state(),
            counter: u32x4::ONE,
            increment: u32x4::ONE,
            mask: u32x4::splat(!7),
        };
        for _ in 0..WARM_UP {
            generator.next();
        }
        Stream { generator, pending: [0; WORDS], handed_out: WORDS }
    }

    /// The generators, for a loop that takes whole vectors of words.
    #[inline(always)]
    pub(super) fn generator(&mut self) -> &mut Generator {
        &mut self.generator
    }

    /// The next word.
    #[inline]
    pub(super) fn next_word(&mut self) -> u32 {
        if self.handed_out == WORDS {
            self.pending = cast(self.generator.next());
            self.handed_out = 0;
        }
        self.handed_out += 1;
        self.pending[self.handed_out - 1]
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next_word())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let low = u64::from(self.next_word());
        Ok(low | u64::from(self.next_word()) << 32)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(4) {
            chunk.copy_from_slice(&self.next_word().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// Steele, Lea and Flood's `SplitMix64`: spreads an address over the state of a generator.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
impl Stream {
    /// The stream whose next words are these, for tests that choose the words: with `b = 0` the next is `a + counter`.
    pub(super) fn about_to_draw(first: u32x4, second: u32x4) -> Stream {
        let generator = Generator {
            a: [first, second].map(|words| words - u32x4::ONE),
            b: [u32x4::ZERO; 2],
            c: [u32x4::ZERO; 2],
            counter: u32x4::ONE,
            increment: u32x4::ONE,
            mask: u32x4::splat(!7),
        };
        Stream { generator, pending: [0; WORDS], handed_out: WORDS }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::Rng;

    /// `sfc32` as its definition says, one lane, to hold the interleaved version against.
    fn one_lane(mut a: u32, mut b: u32, mut c: u32, mut counter: u32) -> impl FnMut() -> u32 {
        move || {
            let out = a.wrapping_add(b).wrapping_add(counter);
            counter = counter.wrapping_add(1);
            a = b ^ (b >> 9);
            b = c.wrapping_add(c << 3);
            c = c.rotate_left(21).wrapping_add(out);
            out
        }
    }

    fn words(halves: [u32x4; 2]) -> [u32; WORDS] {
        cast(halves)
    }

    #[test]
    fn each_lane_is_sfc32() {
        let mut stream = Stream::new(7, 1, 2, Purpose::Noise);
        for lane in 0..WORDS {
            let Generator { a, b, c, counter, .. } = stream.generator;
            let [a, b, c, counter] = [a, b, c, [counter; 2]].map(|state| words(state)[lane]);
            let mut alone = one_lane(a, b, c, counter);
            let mut copy = stream.clone();
            for _ in 0..100 {
                assert_eq!(words(copy.generator.next())[lane], alone());
            }
        }
        assert_eq!(stream.generator.next(), { Stream::new(7, 1, 2, Purpose::Noise) }.generator.next());
    }

    #[test]
    fn words_can_be_chosen() {
        let (first, second) = (u32x4::new([0, 1, 77, u32::MAX]), u32x4::new([5, 0, 1 << 31, 0xdead_beef]));
        let mut stream = Stream::about_to_draw(first, second);
        assert_eq!(stream.generator.next(), [first, second]);
    }

    #[test]
    fn traits_hand_out_the_words_in_order() {
        let mut by_words = Stream::new(3, 0, 0, Purpose::Noise);
        let mut by_trait = by_words.clone();
        for _ in 0..5 {
            for word in words(by_words.generator.next()) {
                assert_eq!(by_trait.next_u32(), word);
            }
        }
    }

    #[test]
    fn every_part_of_the_address_matters() {
        let first = |mut stream: Stream| words(stream.generator.next());
        let base = first(Stream::new(1, 0, 0, Purpose::Noise));
        for other in [
            Stream::new(2, 0, 0, Purpose::Noise),
            Stream::new(1, 1, 0, Purpose::Noise),
            Stream::new(1, 0, 1, Purpose::Noise),
            Stream::new(1, 0, 0, Purpose::Start),
            Stream::new(1 << 32 | 1, 0, 0, Purpose::Noise),
        ] {
            assert_ne!(base, first(other));
        }
    }

    #[test]
    fn bits_are_fair_within_and_across_streams() {
        // 4096 first words of neighbouring streams: each of the 32 bits is set 2048 ± 32 times; 6 standard errors.
        let mut set = [0u32; 32];
        for block in 0..512 {
            for word in words(Stream::new(11, 0, block, Purpose::Noise).generator.next()) {
                for (bit, count) in set.iter_mut().enumerate() {
                    *count += word >> bit & 1;
                }
            }
        }
        assert!(set.iter().all(|&count| (count as f64 - 2048.0).abs() < 6.0 * 32.0), "{set:?}");
    }
}
