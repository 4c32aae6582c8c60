/**
 * How runs are shared among workers: a sweep by its points, and where these are few each point by parts of its replicas. Whoever runs
 * a part, and whenever, its sums are the same bits; joined in the core they give what one run would have given.
 */
import type { Following } from "./caller";
import type { Place } from "./place";
import type {
  Escaped,
  EscapeView,
  FullScenario,
  FullSweep,
  Measurement,
  Outcome,
  Share,
  SweepPoint,
} from "./protocol";
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

/**
 * The pieces of a sweep: its points, or parts of them where these are few. The last points are cut in any case, so that nobody waits long
 * for the last piece.
 */
export function piecesOf(workers: number, points: number): Piece[] {
  const usual = partsFor(workers, points);
  const last = workers > 1 ? Math.max(usual, PIECES) : 1;
  return Array.from({ length: points }, (_, index) => {
    const of = index < points - workers ? usual : last;
    return Array.from({ length: of }, (_, part) => ({ index, part, of }));
  }).flat();
}

/**
 * Hands the pieces of a sweep to whichever worker is free. A worker that dies is replaced and its pieces run again. Any other
 * failure is the sweep's: it ends the work of the others. A worker has so many pieces in hand: with two of them it works at one and need not
 * wait for the next.
 */
export async function shareSweep(
  pool: readonly Place[],
  sweep: FullSweep,
  { signal, hold, onProgress, onPoint }: SweepFollowing = {},
  inHand = 1,
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
  let problem: unknown;
  const arrive = (outcome: Outcome<SweepPoint>) => {
    const point = valueOf(outcome);
    points.push(point);
    onPoint?.(point);
  };
  const join = async (worker: Place, index: number) => {
    try {
      const sums = tallies[index] as Float64Array[];
      tallies[index] = [];
      arrive(await worker.insist("point", { sweep, index, tallies: sums }));
    } catch (error) {
      problem ??= error;
      stop.abort();
    }
  };
  const work = async (worker: Place) => {
    // Joined beside the next piece: nobody is idle while a point is on its way here.
    const joins: Promise<void>[] = [];
    try {
      for (let piece = next++; piece < pieces.length; piece = next++) {
        const { index, part, of } = pieces[piece] as Piece;
        const following = {
          signal: stop.signal,
          ...(hold && { hold }),
          onProgress: (share: number) => progress.tell(piece, share),
        };
        if (of === 1) {
          // No sums travel, and nobody is asked twice: messages take time of the page, and of who works beside it.
          arrive(await worker.insist("wholePoint", { sweep, index }, following));
        } else {
          const sums = tallies[index] as Float64Array[];
          sums.push(await worker.insist("pointPart", { sweep, index, part, of }, following));
          if (sums.length === of) joins.push(join(worker, index));
        }
        progress.tell(piece, 1);
      }
    } finally {
      await Promise.all(joins);
    }
  };
  try {
    // Everybody's first piece before anybody's second.
    const hands = Array.from({ length: inHand }, () => pool).flat();
    await allOrNone(hands.map(work), stop);
  } catch (error) {
    throw problem ?? error;
  }
  if (problem !== undefined) throw problem;
  return points.sort((a, b) => a.index - b.index);
}

/** Runs a scenario by parts, each when it is its turn. */
export async function shareRun(
  turns: Turns<Place>,
  workers: number,
  scenario: FullScenario,
  following: Following = {},
): Promise<Measurement> {
  const tallies = await shareParts(turns, workers, following, (worker, share, each) =>
    worker.insist("runPart", { scenario, ...share }, each),
  );
  return valueOf(
    await turns.take((worker) => worker.insist("measurement", { scenario, tallies }), following.signal),
  );
}

/** The same of a scenario whose loss has an exit: how replicas left the well, and where the others are. */
export async function shareEscape(
  turns: Turns<Place>,
  workers: number,
  scenario: FullScenario,
  { points, ...bins }: EscapeView,
  following: Following = {},
): Promise<Escaped> {
  const tallies = await shareParts(turns, workers, following, (worker, share, each) =>
    worker.insist("escapePart", { scenario, ...bins, ...share }, each),
  );
  const escaped = valueOf(
    await turns.take((worker) => worker.insist("escaped", { tallies, points }), following.signal),
  );
  if (!escaped) throw new Error("the loss has no exit");
  return { ...escaped, counts: Uint32Array.from(escaped.counts) };
}

/** The sums of all parts of a run, each made when it is its turn. */
async function shareParts(
  turns: Turns<Place>,
  workers: number,
  { signal, hold, onProgress }: Following,
  run: (worker: Place, share: Share, following: Following) => Promise<Float64Array>,
): Promise<Float64Array[]> {
  const of = partsFor(workers, 1);
  const stop = stopper(signal);
  const progress = new Progress(new Array(of).fill(1 / of), onProgress);
  const part = (number: number) =>
    turns.take(async (worker) => {
      const following = {
        signal: stop.signal,
        ...(hold && { hold }),
        onProgress: (share: number) => progress.tell(number, share),
      };
      const sums = await run(worker, { part: number, of }, following);
      progress.tell(number, 1);
      return sums;
    }, stop.signal);
  return allOrNone(
    Array.from({ length: of }, (_, number) => part(number)),
    stop,
  );
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(outcome.problems.map((problem) => problem.message).join("; "));
}

/** What ends all pieces: the caller's own signal, or a failure of one. */
export function stopper(signal: AbortSignal | undefined): AbortController {
  const stop = new AbortController();
  if (signal?.aborted) stop.abort();
  signal?.addEventListener("abort", () => stop.abort(), { once: true, signal: stop.signal });
  return stop;
}

/** Waits for all, since work is over, or cancelled, when no worker works at it any more. The first failure stops the others. */
export async function allOrNone<T>(work: readonly Promise<T>[], stop: AbortController): Promise<T[]> {
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
export class Progress {
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
