import { describe, expect, test, vi } from "vitest";
import { write } from "../state/document";
import { defaults } from "../state/tables";
import { Caller, Cancelled } from "./caller";
import { Place } from "./place";
import type { FullScenario, Measurement, Reply, Request, SweepPoint } from "./protocol";
import { partsFor, piecesOf, shareRun, shareSweep } from "./share";
import { inOrder } from "./share-looks";
import { FakePort, settled } from "./testing";
import { Turns } from "./turns";

/** Enough points for two workers: none is cut into parts but the last two. */
const sweep = write(defaults, new Map([["points", 10]]));
const all8 = [0, 1, 2, 3, 4, 5, 6, 7];
const all10 = [...all8, 8, 9];
/** As often as they have parts. */
const last8 = [8, 9].flatMap((index) => [index, index, index, index]);
const pointAt = (index: number) => ({ index, x: index / 10 }) as SweepPoint;
type Piece = Request & { kind: "pointPart" | "wholePoint" };
/** A part answers with its sums, here with what it was; a whole point with itself. */
const answerTo = (piece: Piece): Reply => ({
  id: piece.id,
  kind: "done",
  value:
    piece.kind === "wholePoint"
      ? { ok: true, value: pointAt(piece.index) }
      : Float64Array.of(piece.index, piece.part),
});
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
    (port?.sent ?? []).filter(
      (request): request is Piece => request.kind === "pointPart" || request.kind === "wholePoint",
    );
  const cancels = (port: FakePort | undefined) => (port?.sent ?? []).filter(({ kind }) => kind === "cancel");
  /** Answers what a worker was asked last, and then for the point if that was the last part. */
  const finish = async (worker: number) => {
    const piece = points(ports[worker]).at(-1);
    if (!piece) return;
    ports[worker]?.reply(answerTo(piece));
    await rest();
    const { index } = piece;
    const asked = ports[worker]?.sent.findLast(({ kind }) => kind === "point");
    if (asked?.kind !== "point" || asked.index !== index) return;
    ports[worker]?.reply({ id: asked.id, kind: "done", value: { ok: true, value: pointAt(index) } });
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
    for (const worker of [1, 1, 1, 0, 1, 1, 0, 1]) await finish(worker);
    // The parts of the last two.
    for (const worker of [1, 0, 1, 0, 1, 0, 1, 0]) await finish(worker);
    expect((await all).map(({ index }) => index)).toEqual(all10);
    expect(points(ports[0]).map(({ index }) => index)).toEqual([0, 5, 8, 8, 9, 9]);
    expect(points(ports[1]).map(({ index }) => index)).toEqual([1, 2, 3, 4, 6, 7, 8, 8, 9, 9]);
    expect(seen).toEqual([1, 2, 3, 0, 4, 6, 5, 7, 8, 9]);
    expect(points(ports[1]).every((request) => request.sweep === sweep)).toBe(true);
  });
  test("who runs a whole point gives it, and nobody is asked to join it", async () => {
    const { ports, pool, finish } = makePool(1);
    const all = shareSweep(pool, write(defaults, new Map([["points", 2]])));
    for (let point = 0; point < 2; point++) await finish(0);
    expect((await all).map(({ index }) => index)).toEqual([0, 1]);
    expect(ports[0]?.sent.map(({ kind }) => kind)).toEqual(["wholePoint", "wholePoint"]);
  });
  test("few points are cut into parts, and a point is there when all of its parts are", async () => {
    const { ports, pool, points, finish } = makePool(2);
    const seen: number[] = [];
    const all = shareSweep(pool, write(defaults, new Map([["points", 2]])), {
      onPoint: ({ index }) => seen.push(index),
    });
    // Worker 0 is slow with its second part, of the first point.
    for (const worker of [0, 1, 1, 1, 1, 1]) await finish(worker);
    expect(seen).toEqual([]);
    await finish(0);
    expect(seen).toEqual([0]);
    await finish(1);
    expect((await all).map(({ index }) => index)).toEqual([0, 1]);
    const pieces = ports
      .flatMap(points)
      .map((piece) => (piece.kind === "pointPart" ? [piece.index, piece.part, piece.of] : []));
    expect(pieces.sort()).toEqual([0, 1].flatMap((index) => [0, 1, 2, 3].map((part) => [index, part, 4])));
    const joins = ports.flatMap(({ sent }) => sent).filter((request) => request.kind === "point");
    // In order of arrival: the core knows which part is which.
    expect(
      joins.map((request) => request.kind === "point" && request.tallies.map((sums) => [...sums])),
    ).toEqual([
      [
        [0, 0],
        [0, 1],
        [0, 3],
        [0, 2],
      ],
      [
        [1, 0],
        [1, 1],
        [1, 2],
        [1, 3],
      ],
    ]);
  });
  test("enough pieces for everybody, whole runs where there are enough of these", () => {
    expect([1, 2, 4, 8].map((workers) => partsFor(workers, 30))).toEqual([1, 1, 1, 2]);
    expect([1, 2, 4, 8].map((workers) => partsFor(workers, 1))).toEqual([1, 8, 16, 32]);
  });
  test("the last points are cut, so that nobody waits for a whole one", () => {
    const parts = (workers: number, points: number) => {
      const pieces = piecesOf(workers, points);
      const counts = Array.from({ length: points }, (_, at) => pieces.filter(({ index }) => index === at));
      for (const point of counts) expect(point.map(({ part }) => part)).toEqual(point.map((_, part) => part));
      for (const { of, index } of pieces) expect(of).toBe(counts[index]?.length);
      return counts.map(({ length }) => length);
    };
    expect(parts(1, 3)).toEqual([1, 1, 1]);
    expect(parts(2, 10)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 4, 4]);
    expect(parts(2, 5)).toEqual([2, 2, 2, 4, 4]);
    expect(parts(4, 2)).toEqual([8, 8]);
  });
  test("progress is the mean over all points, and ends at 1", async () => {
    const { pool, ports, finish } = makePool(2);
    const onProgress = vi.fn();
    const all = shareSweep(pool, sweep, { onProgress });
    ports[0]?.reply({ id: 1, kind: "progress", share: 0.5 });
    expect(onProgress).toHaveBeenLastCalledWith(0.5 / 10);
    await finish(0);
    expect(onProgress).toHaveBeenLastCalledWith(1 / 10);
    for (const worker of [1, 0, 1, 0, 1, 1, 0]) await finish(worker);
    await finish(0);
    expect(onProgress.mock.lastCall?.[0]).toBeCloseTo(8.25 / 10, 12);
    for (const worker of [1, 1, 0, 1, 0, 0, 1]) await finish(worker);
    await all;
    const shares = onProgress.mock.calls.map(([share]) => share as number);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });
});

describe("two pieces in hand", () => {
  const started = (workers: number) => {
    const { pool, points, ports } = makePool(workers);
    const seen: number[] = [];
    const all = shareSweep(pool, sweep, { onPoint: ({ index }) => seen.push(index) }, 2);
    const answered = new Set<Request>();
    /** Answers the piece that has waited longest, and all that is asked of points. */
    const finish = async (worker: number) => {
      const open = points(ports[worker]).find((request) => !answered.has(request));
      if (!open) return;
      answered.add(open);
      ports[worker]?.reply(answerTo(open));
      await rest();
      for (const request of ports[worker]?.sent ?? [])
        if (request.kind === "point" && !answered.has(request)) {
          answered.add(request);
          ports[worker]?.reply({
            id: request.id,
            kind: "done",
            value: { ok: true, value: pointAt(request.index) },
          });
        }
      await rest();
    };
    return { all, seen, ports, points, finish };
  };
  test("a worker is asked for the next before it has done the one", async () => {
    const { all, seen, ports, points, finish } = started(2);
    expect(ports.map((port) => points(port).map(({ index }) => index))).toEqual([
      [0, 2],
      [1, 3],
    ]);
    await finish(1);
    expect(points(ports[1]).map(({ index }) => index)).toEqual([1, 3, 4]);
    for (let turn = 0; turn < 20; turn++) await finish(turn % 2);
    expect((await all).map(({ index }) => index)).toEqual(all10);
    expect([...seen].sort()).toEqual(all10);
  });
  test("who dies loses both, and both are run again", async () => {
    const { all, ports, points, finish } = started(1);
    ports[0]?.break("out of memory");
    await rest();
    expect(points(ports[1]).map(({ index }) => index)).toEqual([0, 1]);
    for (let turn = 0; turn < 10; turn++) await finish(1);
    expect((await all).map(({ index }) => index)).toEqual(all10);
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
    expect(onProgress).toHaveBeenLastCalledWith(0.5 / 10); // half of one of ten points stays half
    for (const worker of [2, 1, 2, 1, 2, 1, 1, 2]) await finish(worker);
    for (const worker of [2, 1, 2, 1, 2, 1, 1, 2]) await finish(worker);
    expect((await all).map(({ index }) => index)).toEqual(all10);
    expect(asked().sort()).toEqual([0, ...all8, ...last8]);
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
      await vi.advanceTimersByTimeAsync(59_000);
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
  test("that comes before the first word shows after a minute", async () => {
    vi.useFakeTimers();
    try {
      const { pool, ports } = makePool(1);
      const all = shareSweep(pool, write(defaults, new Map([["points", 1]])));
      await vi.advanceTimersByTimeAsync(60_000);
      expect(ports[0]?.ended).toBe(true);
      ports[1]?.reply({ id: 1, kind: "done", value: { ok: true, value: pointAt(0) } });
      expect(await all).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });
  test("of the document comes with every problem's words", async () => {
    const { pool, ports, asked } = makePool(1);
    const all = shareSweep(pool, sweep);
    const problems = [{ message: "first" }, { message: "second" }];
    ports[0]?.reply({ id: 1, kind: "done", value: { ok: false, problems } as never });
    await expect(all).rejects.toThrow("first; second");
    expect(asked()).toEqual([0]);
  });
  test("of a point of parts likewise, once the others have stopped", async () => {
    const { pool, ports, points, finish } = makePool(2);
    const all = shareSweep(pool, write(defaults, new Map([["points", 2]])));
    for (const worker of [1, 0, 0]) await finish(worker);
    ports[1]?.reply(answerTo(points(ports[1]).at(-1) as Piece));
    await rest();
    const problems = [{ message: "first" }, { message: "second" }];
    const asked = ports.flatMap((port) =>
      port.sent.filter(({ kind }) => kind === "point").map(({ id }) => ({ port, id })),
    );
    expect(asked).toHaveLength(1);
    for (const { port, id } of asked)
      port.reply({ id, kind: "done", value: { ok: false, problems } as never });
    await rest();
    // The next pieces had been handed out.
    for (const port of ports) port.reply({ id: points(port).at(-1)?.id ?? 0, kind: "cancelled" });
    await expect(all).rejects.toThrow("first; second");
  });
});

describe("parts of an answer", () => {
  test("are told once, though a worker that takes another's place begins anew", async () => {
    const { ports, pool } = makePool(1);
    const seen: number[] = [];
    const onProgress = vi.fn();
    const following = inOrder((part: { at: number }) => part.at, {
      onPart: ({ at }) => seen.push(at),
      onProgress,
    });
    const all = pool[0]?.insist("seriesPart", {} as never, following);
    const tell = (port: FakePort | undefined, at: number) =>
      port?.reply({ id: 1, kind: "part", part: { at } as never });
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

describe("sharing a run", () => {
  const measurement = { step: 7 } as Measurement;
  const scenario = { version: 1 } as FullScenario;
  /** Answers everything that a worker was asked and has not answered. */
  const answerAll = async (ports: FakePort[], answered: Set<Request>) => {
    for (const port of ports) {
      for (const request of port.sent.filter((one) => !answered.has(one))) {
        answered.add(request);
        if (request.kind === "runPart")
          port.reply({ id: request.id, kind: "done", value: Float64Array.of(request.part) });
        if (request.kind === "measurement")
          port.reply({ id: request.id, kind: "done", value: { ok: true, value: measurement } });
      }
    }
    await rest();
  };

  test("each part is run once, by whoever is free, and the sums are joined", async () => {
    const { ports, pool } = makePool(2);
    const onProgress = vi.fn();
    const all = shareRun(new Turns(pool), 2, scenario, { onProgress });
    const answered = new Set<Request>();
    for (let round = 0; round < 6; round++) await answerAll(ports, answered);
    expect(await all).toBe(measurement);
    const parts = [...answered].flatMap((request) =>
      request.kind === "runPart" ? [[request.part, request.of]] : [],
    );
    expect(parts.sort()).toEqual(Array.from({ length: 8 }, (_, part) => [part, 8]));
    expect(ports.map(({ sent }) => sent.length > 3)).toEqual([true, true]);
    const joins = [...answered].flatMap((request) =>
      request.kind === "measurement" ? [request.tallies] : [],
    );
    expect(joins.map((tallies) => tallies.map(([part]) => part))).toEqual([all8]);
    expect(onProgress).toHaveBeenLastCalledWith(1);
  });
  test("given up, it begins no other part and ends when its workers have stopped", async () => {
    const { ports, pool, cancels } = makePool(2);
    const abort = new AbortController();
    const all = shareRun(new Turns(pool), 2, scenario, { signal: abort.signal });
    const done = settled(all);
    await rest();
    abort.abort();
    await rest();
    expect(ports.map((port) => cancels(port).length)).toEqual([1, 1]);
    expect(done.now).toBe(false);
    for (const port of ports) port.reply({ id: 1, kind: "cancelled" });
    await expect(all).rejects.toThrow(Cancelled);
    expect(ports.map(({ sent }) => sent.length)).toEqual([2, 2]);
  });
});
