/// <reference lib="webworker" />
/** Long work in portions, between which cancels and holds are heard and progress is told. */

import type { Reply } from "../protocol";
import type { Moving } from "./modules";

/** Milliseconds of one portion: a cancel is heard after it, far within the promised 50. */
const PORTION = 8;
/** Milliseconds between two reports of progress. */
const REPORT = 50;
/** Milliseconds between two signs of life of work that rests; who hears nothing for ten seconds takes it for dead. */
const SIGN_OF_LIFE = 3000;

declare const self: DedicatedWorkerGlobalScope;

/** Requests that have been given up. */
const cancelled = new Set<number>();
/** Requests that rest, each with what ends its present wait. */
const resting = new Map<number, () => void>();

export class Cancelled extends Error {}

export const tell = (reply: Reply, transfer: Transferable[] = []) => self.postMessage(reply, transfer);

/**
 * Lets messages in. A timer would wait for four milliseconds, a message to oneself does not. A point of a sweep and a series may
 * take breath in one worker: each has its own turn.
 */
const breath = (() => {
  const { port1, port2 } = new MessageChannel();
  const resting: (() => void)[] = [];
  port1.onmessage = () => resting.shift()?.();
  return () =>
    new Promise<void>((resolve) => {
      resting.push(resolve);
      port2.postMessage(null);
    });
})();

/** Waits while a request is to rest and is not given up. */
async function rest(id: number, share: number): Promise<void> {
  while (resting.has(id) && !cancelled.has(id)) {
    tell({ id, kind: "progress", share });
    await new Promise<void>((resolve) => {
      resting.set(id, resolve);
      setTimeout(resolve, SIGN_OF_LIFE);
    });
  }
}

/** Advances an ensemble to its target, or until `within` milliseconds have passed; its progress is `scale` of the request's. */
export async function run(
  id: number,
  ensemble: Pick<Moving, "advance" | "progress">,
  within: number,
  report: boolean,
  scale = 1,
): Promise<void> {
  const start = performance.now();
  let told = start;
  while (!ensemble.advance(Math.min(PORTION, within))) {
    const now = performance.now();
    if (now - start >= within) return;
    if (report && now - told >= REPORT) {
      tell({ id, kind: "progress", share: scale * ensemble.progress });
      told = now;
    }
    await breath();
    await rest(id, scale * ensemble.progress);
    endIfCancelled(id);
  }
}

/** When the work that stands in line last is over. */
let line: Promise<void> = Promise.resolve();

/** Does work once all that came into the line before is over, and tells meanwhile that it is waiting. */
export async function inLine<T>(id: number, work: () => Promise<T>): Promise<T> {
  const before = line;
  let leave = () => {};
  line = new Promise((resolve) => {
    leave = resolve;
  });
  const alive = setInterval(() => tell({ id, kind: "progress", share: 0 }), SIGN_OF_LIFE);
  try {
    await before;
    clearInterval(alive);
    endIfCancelled(id);
    return await work();
  } finally {
    clearInterval(alive);
    leave();
  }
}

/** Lets messages in, and ends here if the request has been given up. */
export async function pause(id: number): Promise<void> {
  await breath();
  endIfCancelled(id);
}

export function endIfCancelled(id: number): void {
  if (cancelled.has(id)) throw new Cancelled();
}

export const cancel = (id: number) => {
  cancelled.add(id);
  resume(id);
};

export const hold = (id: number) => resting.set(id, () => undefined);

export function resume(id: number): void {
  resting.get(id)?.();
  resting.delete(id);
}

/** A request has its answer. */
export function forget(id: number): void {
  cancelled.delete(id);
  resting.delete(id);
}
