//! The loops of the linear kernel.

use super::kernel::B;
use crate::optimizer::Number;
use nalgebra::DMatrix;
use wide::{f32x4, f64x4};

/// Replicas of a vector.
pub(super) const LANES: usize = 4;

/// Vectors that are moved together; their gradients stay in registers.
pub(super) const TILE: usize = 8;

/// Tiles of a coordinate in a block.
pub(super) const TILES: usize = B / (TILE * LANES);

/// Four numbers of the state, one each of four replicas: single or double precision.
pub(super) trait Real: Number + Default + Send + Sync + std::fmt::Debug + 'static {
    fn splat(value: f64) -> Self;
    fn from_samples(samples: f32x4) -> Self;
    fn from_array(values: [f64; LANES]) -> Self;
    fn to_array(self) -> [f64; LANES];
}

impl Real for f32x4 {
    #[inline(always)]
    fn splat(value: f64) -> Self {
        f32x4::splat(value as f32)
    }
    #[inline(always)]
    fn from_samples(samples: f32x4) -> Self {
        samples
    }
    fn from_array(values: [f64; LANES]) -> Self {
        f32x4::new(values.map(|value| value as f32))
    }
    fn to_array(self) -> [f64; LANES] {
        f32x4::to_array(self).map(f64::from)
    }
}

impl Real for f64x4 {
    #[inline(always)]
    fn splat(value: f64) -> Self {
        f64x4::splat(value)
    }
    #[inline(always)]
    fn from_samples(samples: f32x4) -> Self {
        f64x4::new(samples.to_array().map(f64::from))
    }
    fn from_array(values: [f64; LANES]) -> Self {
        f64x4::new(values)
    }
    fn to_array(self) -> [f64; LANES] {
        f64x4::to_array(self)
    }
}

/// The factor that makes the noise of a step from white samples, row by row without its zeros.
#[derive(Debug, Clone)]
pub(super) struct Factor<V> {
    rows: Vec<Vec<(usize, V)>>,
    /// Whether it is lower triangular with ones on its diagonal, which the rows then leave out.
    unit_diagonal: bool,
}

impl<V: Real> Factor<V> {
    pub(super) fn new(matrix: &DMatrix<f64>) -> Factor<V> {
        let n = matrix.nrows();
        let unit_diagonal = (0..n).all(|i| matrix[(i, i)] == 1.0 && (i + 1..n).all(|j| matrix[(i, j)] == 0.0));
        let row = |i: usize| {
            let kept = (0..n).filter(|&j| matrix[(i, j)] != 0.0 && !(unit_diagonal && j == i));
            kept.map(|j| (j, V::splat(matrix[(i, j)]))).collect()
        };
        Factor { rows: (0..n).map(row).collect(), unit_diagonal }
    }

    /// Work of one step of a replica, in multiplications or so.
    pub(super) fn cost(&self) -> u64 {
        self.rows.iter().map(|row| row.len() as u64 + 6).sum()
    }
}

/// The steps of one block for which there are samples.
pub(super) struct Steps<'a, V> {
    /// A number of each coordinate for the update.
    pub(super) coefficients: &'a [V],
    pub(super) factor: &'a Factor<V>,
    /// `[step][coordinate][tile]`.
    pub(super) samples: &'a [[f32x4; TILE]],
}

impl<V: Real> Steps<'_, V> {
    /// All steps, with the update of a coordinate as a function of its coefficient, weight, memory and noise.
    #[inline(always)]
    pub(super) fn run<const REMEMBERS: bool>(
        &self,
        weights: &mut [[V; TILE]],
        memory: &mut [[V; TILE]],
        update: &impl Fn(V, V, V, V) -> (V, V),
    ) {
        match (self.coefficients.len(), self.factor.unit_diagonal) {
            (1 | 2, true) => {
                for (i, row) in self.factor.rows.iter().enumerate() {
                    if row.is_empty() {
                        self.run_coordinate::<0, REMEMBERS>(i, weights, memory, update);
                    } else {
                        self.run_coordinate::<1, REMEMBERS>(i, weights, memory, update);
                    }
                }
            }
            (_, true) => self.run_any::<REMEMBERS, true>(weights, memory, update),
            (_, false) => self.run_any::<REMEMBERS, false>(weights, memory, update),
        }
    }

    /// A step after the other, coordinate by coordinate. This and the next are functions of their own because an engine of WebAssembly
    /// keeps what a short function works on in registers.
    #[inline(never)]
    fn run_any<const REMEMBERS: bool, const UNIT: bool>(
        &self,
        weights: &mut [[V; TILE]],
        memory: &mut [[V; TILE]],
        update: &impl Fn(V, V, V, V) -> (V, V),
    ) {
        for samples in self.samples.chunks_exact(self.coefficients.len() * TILES) {
            for (i, (&coefficient, row)) in self.coefficients.iter().zip(&self.factor.rows).enumerate() {
                for tile in 0..TILES {
                    let mut noise = [V::default(); TILE];
                    if UNIT {
                        noise = samples[i * TILES + tile].map(V::from_samples);
                    }
                    for &(j, entry) in row {
                        let z = &samples[j * TILES + tile];
                        for n in 0..TILE {
                            noise[n] = noise[n] + entry * V::from_samples(z[n]);
                        }
                    }
                    let w = &mut weights[i * TILES + tile];
                    if REMEMBERS {
                        let m = &mut memory[i * TILES + tile];
                        for n in 0..TILE {
                            (w[n], m[n]) = update(coefficient, w[n], m[n], noise[n]);
                        }
                    } else {
                        for n in 0..TILE {
                            w[n] = update(coefficient, w[n], V::default(), noise[n]).0;
                        }
                    }
                }
            }
        }
    }

    /// In few dimensions a coordinate by itself: a group of replicas goes through all steps in the processor's registers. `TERMS` is the length of
    /// the coordinate's row in a factor with ones on its diagonal.
    #[inline(never)]
    fn run_coordinate<const TERMS: usize, const REMEMBERS: bool>(
        &self,
        i: usize,
        weights: &mut [[V; TILE]],
        memory: &mut [[V; TILE]],
        update: &impl Fn(V, V, V, V) -> (V, V),
    ) {
        let coefficient = self.coefficients[i];
        let row: [(usize, V); TERMS] = std::array::from_fn(|term| self.factor.rows[i][term]);
        let weights = &mut grouped_mut(weights)[i];
        let memory: &mut [_] = if REMEMBERS { &mut grouped_mut(memory)[i] } else { &mut [] };
        let samples = grouped(self.samples);
        let dimension = self.coefficients.len();
        for group in 0..GROUPS {
            let mut w = weights[group];
            let mut m = if REMEMBERS { memory[group] } else { [V::default(); WIDTH] };
            for samples in samples.chunks_exact(dimension) {
                for n in 0..WIDTH {
                    let mut noise = V::from_samples(samples[i][group][n]);
                    for (j, entry) in row {
                        noise = noise + entry * V::from_samples(samples[j][group][n]);
                    }
                    (w[n], m[n]) = update(coefficient, w[n], m[n], noise);
                }
            }
            weights[group] = w;
            if REMEMBERS {
                memory[group] = m;
            }
        }
    }
}

/// Vectors of a group.
const WIDTH: usize = 4;

/// Groups of a coordinate in a block.
const GROUPS: usize = B / (WIDTH * LANES);

/// The tiles of one coordinate after another as groups.
fn grouped<T>(tiles: &[[T; TILE]]) -> &[[[T; WIDTH]; GROUPS]] {
    tiles.as_flattened().as_chunks().0.as_chunks().0
}

fn grouped_mut<T>(tiles: &mut [[T; TILE]]) -> &mut [[[T; WIDTH]; GROUPS]] {
    tiles.as_flattened_mut().as_chunks_mut().0.as_chunks_mut().0
}
