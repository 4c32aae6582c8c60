import { describe, expect, test, vi } from "vitest";
import { write } from "../state/document";
import { defaults } from "../state/tables";
import { Caller, Cancelled } from "./caller";
import { inOrder, shareSweep } from "./engine";
import { Place } from "./place";
import type { Request, SweepPoint } from "./protocol";
import { FakePort, settled } from "./testing";

const sweep = write(defaults, new Map([["points", 5]]));
const pointAt = (index: number) => ({ index, x: index / 10 }) as SweepPoint;
/** Lets everything that is ready happen. */
const rest = () => new Promise<void>((resolve) => setTimeout(resolve));

function makePool(workers: number) {
  const ports: FakePort[] = [];
  const hire = () => {
    const port = new FakePort();
    ports.push(port);
    return new Caller(port);
  };
  const pool = Array.from({ length: workers }, () => new Place(hire));
  const points = (port: FakePort | undefined) =>
    (port?.sent ?? []).filter((request): request is Request & { kind: "point" } => request.kind === "point");
  const cancels = (port: FakePort | undefined) => (port?.sent ?? []).filter(({ kind }) => kind === "cancel");
  /** Answers what a worker was asked last. */
  const finish = async (worker: number) => {
    const { id, index } = points(ports[worker]).at(-1) ?? { id: -1, index: -1 };
    ports[worker]?.reply({ id, kind: "done", value: { ok: true, value: pointAt(index) } });
    await rest();
  };
  const asked = () => ports.flatMap((port) => points(port).map(({ index }) => index));
  return { ports, pool, points, cancels, finish, asked };
}

describe("sharing a sweep", () => {
  test("every point is asked for once, and whoever is free takes the next", async () => {
    const { pool, points, ports, finish, asked } = makePool(2);
    const seen: number[] = [];
    const all = shareSweep(pool, sweep, { onPoint: ({ index }) => seen.push(index) });
    expect(asked()).toEqual([0, 1]);
    for (const worker of [1, 1, 1, 0, 1]) await finish(worker);
    expect((await all).map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(points(ports[0]).map(({ index }) => index)).toEqual([0]);
    expect(points(ports[1]).map(({ index }) => index)).toEqual([1, 2, 3, 4]);
    expect(seen).toEqual([1, 2, 3, 0, 4]);
    expect(points(ports[1]).every((request) => request.sweep === sweep)).toBe(true);
  });
  test("more workers than points leave the others in peace", async () => {
    const { pool, ports, finish } = makePool(8);
    const all = shareSweep(pool, sweep);
    for (const worker of [4, 3, 2, 1, 0]) await finish(worker);
    expect((await all).map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(ports.map(({ sent }) => sent.length)).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
  });
  test("progress is the mean over all points, and ends at 1", async () => {
    const { pool, ports, finish } = makePool(2);
    const onProgress = vi.fn();
    const all = shareSweep(pool, sweep, { onProgress });
    ports[0]?.reply({ id: 1, kind: "progress", share: 0.5 });
    expect(onProgress).toHaveBeenLastCalledWith(0.1);
    await finish(0);
    expect(onProgress).toHaveBeenLastCalledWith(0.2);
    for (const worker of [1, 0, 1, 0]) await finish(worker);
    await all;
    const shares = onProgress.mock.calls.map(([share]) => share as number);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });
});

describe("cancelling a sweep", () => {
  test("asks every worker and ends when all of them have stopped", async () => {
    const { pool, ports, cancels, finish, asked } = makePool(2);
    const abort = new AbortController();
    const all = shareSweep(pool, sweep, { signal: abort.signal });
    const done = settled(all);
    await finish(0);
    abort.abort();
    expect(ports.map((port) => cancels(port).length)).toEqual([1, 1]);
    ports[0]?.reply({ id: 2, kind: "cancelled" });
    await rest();
    expect(done.now).toBe(false);
    ports[1]?.reply({ id: 1, kind: "cancelled" });
    await expect(all).rejects.toThrow(Cancelled);
    expect(asked().sort()).toEqual([0, 1, 2]);
  });
  test("a point that was finished meanwhile is still told, and no other begun", async () => {
    const { pool, ports, finish, asked } = makePool(2);
    const abort = new AbortController();
    const seen: number[] = [];
    const all = shareSweep(pool, sweep, { signal: abort.signal, onPoint: ({ index }) => seen.push(index) });
    const done = settled(all);
    abort.abort();
    await finish(0);
    expect(seen).toEqual([0]);
    expect(done.now).toBe(false);
    ports[1]?.reply({ id: 1, kind: "cancelled" });
    await expect(all).rejects.toThrow(Cancelled);
    expect(asked()).toEqual([0, 1]);
  });
  test("before the start, nothing is asked", async () => {
    const { pool, asked } = makePool(2);
    await expect(shareSweep(pool, sweep, { signal: AbortSignal.abort() })).rejects.toThrow(Cancelled);
    expect(asked()).toEqual([]);
  });
});

describe("a failure", () => {
  test("of a worker is nobody's: another takes its place and its point", async () => {
    const { pool, ports, points, finish, asked } = makePool(2);
    const onProgress = vi.fn();
    const all = shareSweep(pool, sweep, { onProgress });
    ports[0]?.reply({ id: 1, kind: "progress", share: 0.5 });
    ports[0]?.break("out of memory");
    await rest();
    expect(ports[0]?.ended).toBe(true);
    expect(ports).toHaveLength(3);
    expect(points(ports[2]).map(({ index }) => index)).toEqual([0]);
    ports[2]?.reply({ id: 1, kind: "progress", share: 0.1 });
    expect(onProgress).toHaveBeenLastCalledWith(0.1); // half of one of five points stays half
    for (const worker of [2, 1, 2, 1, 2]) await finish(worker);
    expect((await all).map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(asked().sort()).toEqual([0, 0, 1, 2, 3, 4]);
  });
  test("that every worker shares is the sweep's: the others are stopped, and nothing else is handed out", async () => {
    const { pool, ports, cancels, asked } = makePool(2);
    const all = shareSweep(pool, sweep);
    const done = settled(all);
    for (const worker of [0, 2, 3]) {
      ports[worker]?.break("out of memory");
      await rest();
    }
    expect(ports).toHaveLength(4);
    expect(done.now).toBe(false);
    expect(cancels(ports[1])).toHaveLength(1);
    ports[1]?.reply({ id: 1, kind: "cancelled" });
    await expect(all).rejects.toThrow("the worker stopped: out of memory");
    expect(asked().sort()).toEqual([0, 0, 0, 1]);
  });
  test("without a word shows after ten seconds of silence", async () => {
    vi.useFakeTimers();
    try {
      const { pool, ports } = makePool(1);
      const all = shareSweep(pool, write(defaults, new Map([["points", 1]])));
      // Before the first word it may still be loading.
      await vi.advanceTimersByTimeAsync(60_000);
      expect(ports).toHaveLength(1);
      ports[0]?.reply({ id: 1, kind: "progress", share: 0.5 });
      await vi.advanceTimersByTimeAsync(9_000);
      ports[0]?.reply({ id: 1, kind: "progress", share: 0.6 });
      await vi.advanceTimersByTimeAsync(9_000);
      expect(ports).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(ports[0]?.ended).toBe(true);
      ports[1]?.reply({ id: 1, kind: "done", value: { ok: true, value: pointAt(0) } });
      expect(await all).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });
  test("of the document comes with every problem's words", async () => {
    const { pool, ports } = makePool(1);
    const all = shareSweep(pool, sweep);
    const problems = [{ message: "first" }, { message: "second" }];
    ports[0]?.reply({ id: 1, kind: "done", value: { ok: false, problems } as never });
    await expect(all).rejects.toThrow("first; second");
  });
});

describe("parts of an answer", () => {
  test("are told once, though a worker that takes another's place begins anew", async () => {
    const { ports, pool } = makePool(1);
    const seen: number[] = [];
    const onProgress = vi.fn();
    const following = inOrder((part: { step: number }) => part.step, {
      onPart: ({ step }) => seen.push(step),
      onProgress,
    });
    const all = pool[0]?.insist("series", {} as never, following);
    const tell = (port: FakePort | undefined, step: number) =>
      port?.reply({ id: 1, kind: "part", part: { step } as never });
    tell(ports[0], 0);
    tell(ports[0], 1);
    ports[0]?.reply({ id: 1, kind: "progress", share: 0.5 });
    ports[0]?.break("out of memory");
    await rest();
    for (const step of [0, 1, 2]) tell(ports[1], step);
    ports[1]?.reply({ id: 1, kind: "done", value: null });
    await all;
    expect(seen).toEqual([0, 1, 2]);
    expect(onProgress).toHaveBeenCalledWith(0.5);
  });
});
