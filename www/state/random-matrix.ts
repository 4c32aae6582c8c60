/** A symmetric matrix with chosen eigenvalues, turned by a rotation that a seed names. */

/** Figures that are kept, relative to the largest eigenvalue: an address is short, and hides what platforms compute differently. */
const FIGURES = 10;
/** An eigenvalue below this share of the largest would not survive the rounding. */
const SMALL = 1e-6;

/** Random numbers in (0, 1) from a seed, 32 bits each (Steele and Vigna's mulberry32). */
function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 + 2 ** -33;
  };
}

/** An orthonormal basis of `size` vectors, uniform among all of them: Gaussian vectors, each less its part along the earlier ones. */
export function randomBasis(size: number, seed: number): number[][] {
  const next = uniforms(seed);
  const normal = () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
  const basis: number[][] = [];
  while (basis.length < size) {
    let vector = Array.from({ length: size }, normal);
    // Twice, since the first time leaves a rounding along them.
    for (let pass = 0; pass < 2; pass++)
      for (const other of basis) {
        const share = dot(vector, other);
        vector = vector.map((entry, i) => entry - share * (other[i] ?? 0));
      }
    const length = Math.sqrt(dot(vector, vector));
    if (length > 1e-6) basis.push(vector.map((entry) => entry / length));
  }
  return basis;
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, entry, i) => sum + entry * (b[i] ?? 0), 0);

/** The matrix with these eigenvalues along a random basis. */
export function randomMatrix(eigenvalues: readonly number[], seed: number): number[][] {
  const size = eigenvalues.length;
  const basis = randomBasis(size, seed);
  const largest = Math.max(...eigenvalues.map(Math.abs));
  const exact = eigenvalues.some((value) => Math.abs(value) < SMALL * largest);
  const decimals = FIGURES - Math.ceil(Math.log10(largest));
  const round = (entry: number) =>
    exact || decimals < 0 || decimals > 100 ? entry : Number(entry.toFixed(decimals));
  const matrix = Array.from({ length: size }, () => Array<number>(size).fill(0));
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      const entry = basis.reduce(
        (sum, vector, n) => sum + (eigenvalues[n] ?? 0) * (vector[i] ?? 0) * (vector[j] ?? 0),
        0,
      );
      // Zero has no sign.
      const value = round(entry) + 0;
      (matrix[i] as number[])[j] = value;
      (matrix[j] as number[])[i] = value;
    }
  return matrix;
}

/** So many eigenvalues from 1 down to 0.1, in even ratios. */
export function usualSpectrum(size: number): number[] {
  return Array.from({ length: size }, (_, i) =>
    Number((10 ** -(size > 1 ? i / (size - 1) : 0)).toPrecision(3)),
  );
}
