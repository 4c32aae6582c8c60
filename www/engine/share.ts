/**
 * How runs are shared among workers: a sweep by its points, and where these are few each point by parts of its replicas. Whoever runs
 * a part, and whenever, its sums are the same bits; joined in the core they give what one run would have given.
 */
import type { Following } from "./caller";
import type { Place } from "./place";
import type { FullScenario, FullSweep, Measurement, Outcome, SweepPoint } from "./protocol";
import type { Turns } from "./turns";

/** How to follow a sweep: its points come in the order in which they are finished. */
export interface SweepFollowing extends Following {
  readonly onPoint?: (point: SweepPoint) => void;
}

/** Pieces of work that there are for each worker at least, so that none is idle for long while another is at the last one. */
const PIECES = 4;

/** Parts that each of so many runs is cut into. */
export function partsFor(workers: number, runs: number): number {
  return workers > 1 ? Math.max(1, Math.ceil((PIECES * workers) / runs)) : 1;
}

/** A part of the replicas of a point of a sweep. */
interface Piece {
  readonly index: number;
  readonly part: number;
  readonly of: number;
}

/** The pieces of a sweep: its points, or parts of them where these are few. The last points are cut in any case: whoever has done with his need not wait for a whole one. */
export function piecesOf(workers: number, points: number): Piece[] {
  const usual = partsFor(workers, points);
  const last = workers > 1 ? Math.max(usual, PIECES) : 1;
  return Array.from({ length: points }, (_, index) => {
    const of = index < points - workers ? usual : last;
    return Array.from({ length: of }, (_, part) => ({ index, part, of }));
  }).flat();
}

/**
 * Hands the pieces of a sweep to whichever worker is free. A worker that dies is replaced and its piece run again. Any other
 * failure is the sweep's: it ends the work of the others.
 */
export async function shareSweep(
  pool: readonly Place[],
  sweep: FullSweep,
  { signal, hold, onProgress, onPoint }: SweepFollowing = {},
): Promise<SweepPoint[]> {
  const pieces = piecesOf(pool.length, sweep.points);
  const points: SweepPoint[] = [];
  const tallies = Array.from({ length: sweep.points }, (): Float64Array[] => []);
  const stop = stopper(signal);
  const progress = new Progress(
    pieces.map(({ of }) => 1 / (of * sweep.points)),
    onProgress,
  );
  let next = 0;
  const work = async (worker: Place) => {
    for (let piece = next++; piece < pieces.length; piece = next++) {
      const { index, part, of } = pieces[piece] as Piece;
      const following = {
        signal: stop.signal,
        ...(hold && { hold }),
        onProgress: (share: number) => progress.tell(piece, share),
      };
      const sums = tallies[index] as Float64Array[];
      sums.push(await worker.insist("pointPart", { sweep, index, part, of }, following));
      if (sums.length === of) {
        const point = valueOf(await worker.insist("point", { sweep, index, tallies: sums }));
        tallies[index] = [];
        points.push(point);
        onPoint?.(point);
      }
      progress.tell(piece, 1);
    }
  };
  await allOrNone(pool.map(work), stop);
  return points.sort((a, b) => a.index - b.index);
}

/** Runs a scenario by parts, each when it is its turn. */
export async function shareRun(
  turns: Turns<Place>,
  workers: number,
  scenario: FullScenario,
  { signal, hold, onProgress }: Following = {},
): Promise<Measurement> {
  const of = partsFor(workers, 1);
  const stop = stopper(signal);
  const progress = new Progress(new Array(of).fill(1 / of), onProgress);
  const run = (part: number) =>
    turns.take(async (worker) => {
      const following = {
        signal: stop.signal,
        ...(hold && { hold }),
        onProgress: (share: number) => progress.tell(part, share),
      };
      const sums = await worker.insist("runPart", { scenario, part, of }, following);
      progress.tell(part, 1);
      return sums;
    }, stop.signal);
  const tallies = await allOrNone(
    Array.from({ length: of }, (_, part) => run(part)),
    stop,
  );
  return valueOf(await turns.take((worker) => worker.insist("measurement", { tallies }), signal));
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(outcome.problems.map((problem) => problem.message).join("; "));
}

/** What ends all pieces: the caller's own signal, or a failure of one. */
function stopper(signal: AbortSignal | undefined): AbortController {
  const stop = new AbortController();
  if (signal?.aborted) stop.abort();
  signal?.addEventListener("abort", () => stop.abort(), { once: true, signal: stop.signal });
  return stop;
}

/** Waits for all, since work is over, or cancelled, when no worker works at it any more. The first failure stops the others. */
async function allOrNone<T>(work: readonly Promise<T>[], stop: AbortController): Promise<T[]> {
  let failure: unknown;
  const ends = await Promise.all(
    work.map((piece) =>
      piece.catch((error: unknown) => {
        failure ??= error;
        stop.abort();
        return undefined;
      }),
    ),
  );
  if (failure !== undefined) throw failure;
  // Takes itself off the caller's signal.
  stop.abort();
  return ends as T[];
}

/** The sum of the pieces' shares, each by its part of the work. A piece that is run again does not go back. */
class Progress {
  readonly #shares: Float64Array;
  readonly #work: readonly number[];
  readonly #onProgress: ((share: number) => void) | undefined;

  constructor(work: readonly number[], onProgress: ((share: number) => void) | undefined) {
    this.#shares = new Float64Array(work.length);
    this.#work = work;
    this.#onProgress = onProgress;
  }

  tell(piece: number, share: number): void {
    this.#shares[piece] = Math.max(share, this.#shares[piece] ?? 0);
    const whole = this.#shares.reduce((sum, one, i) => sum + one * (this.#work[i] ?? 0), 0);
    this.#onProgress?.(this.#shares.every((one) => one === 1) ? 1 : whole);
  }
}
