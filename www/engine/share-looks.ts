/**
 * How a run that is looked at many times is shared: each worker has a part of the replicas and sums it up at every look, and one of them
 * puts the sums together. Whoever runs a part, its sums are the same bits, and so is what they come to.
 */
import type { Following } from "./caller";
import type { Place } from "./place";
import type { Outcome, Share, Sums } from "./protocol";
import { allOrNone, Progress, stopper, valueOf } from "./share";
import type { Turns } from "./turns";

/** How to follow what comes in parts: each once, in order. */
export interface PartsFollowing<Part> extends Omit<Following, "onPart"> {
  readonly onPart: (part: Part) => void;
}

/** What a worker is asked: to run a part and tell its sums at each look, and what the sums of all parts come to. */
export interface Looking<Look> {
  readonly run: (worker: Place, share: Share, following: Following) => Promise<null>;
  readonly join: (worker: Place, sums: readonly Float64Array[]) => Promise<Outcome<Look>>;
}

/** Runs every part when it is its turn, and tells each look once all of them have come to it. */
export async function shareLooks<Look>(
  turns: Turns<Place>,
  workers: number,
  { run, join }: Looking<Look>,
  { signal, hold, onProgress, onPart }: PartsFollowing<Look>,
): Promise<void> {
  const stop = stopper(signal);
  const progress = new Progress(new Array(workers).fill(1 / workers), onProgress);
  const open = new Map<number, Float64Array[]>();
  let [joining, failure]: [Promise<void>, unknown] = [Promise.resolve(), undefined];
  // The same for all looks: what it has prepared for one serves the next.
  let joiner: Place | undefined;

  const take = (worker: Place, { at, sums }: Sums) => {
    const parts = [...(open.get(at) ?? []), sums];
    open.set(at, parts);
    if (parts.length < workers) return;
    open.delete(at);
    const by = joiner ?? worker;
    joiner = by;
    joining = joining.then(async () => {
      if (failure !== undefined || signal?.aborted) return;
      onPart(valueOf(await join(by, parts)));
    });
    joining = joining.catch((error: unknown) => {
      failure ??= error;
      stop.abort();
    });
  };
  const part = (number: number) =>
    turns.take(async (worker) => {
      const following = inOrder(({ at }: Sums) => at, {
        signal: stop.signal,
        ...(hold && { hold }),
        onProgress: (share) => progress.tell(number, share),
        onPart: (sums) => take(worker, sums),
      });
      await run(worker, { part: number, of: workers }, following);
      progress.tell(number, 1);
    }, stop.signal);
  try {
    await allOrNone(
      Array.from({ length: workers }, (_, number) => part(number)),
      stop,
    );
  } catch (error) {
    throw failure ?? error;
  }
  await joining;
  if (failure !== undefined) throw failure;
}

/** Parts of an answer, each told once: a worker that takes the place of a dead one begins anew. */
export function inOrder<Part>(
  placeOf: (part: Part) => number,
  { onPart, ...following }: PartsFollowing<Part>,
): Following {
  let last = Number.NEGATIVE_INFINITY;
  return {
    ...following,
    onPart: (part: Part) => {
      if (placeOf(part) <= last) return;
      last = placeOf(part);
      onPart(part);
    },
  };
}
