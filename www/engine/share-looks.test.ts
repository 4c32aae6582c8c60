import { describe, expect, test, vi } from "vitest";
import { Caller, Cancelled } from "./caller";
import { Place } from "./place";
import type { FullScenario, Look, Request } from "./protocol";
import { shareLooks } from "./share-looks";
import { FakePort, settled } from "./testing";
import { Turns } from "./turns";

const scenario = { version: 1 } as FullScenario;
/** Lets everything that is ready happen. */
const rest = () => new Promise<void>((resolve) => setTimeout(resolve));

/** Two workers, which share a run of looks. */
function share(following: { signal?: AbortSignal; onProgress?: (share: number) => void } = {}) {
  const ports: FakePort[] = [];
  const hire = () => {
    const port = new FakePort();
    ports.push(port);
    return new Caller(port);
  };
  const pool = [new Place(hire), new Place(hire)];
  const seen: Look[] = [];
  const all = shareLooks<Look>(
    new Turns(pool),
    2,
    {
      run: (worker, part, each) =>
        worker.insist("seriesPart", { scenario, count: 9, logarithmic: false, ...part }, each),
      join: (worker, sums) => worker.insist("look", { scenario, sums }),
    },
    { ...following, onPart: (look) => seen.push(look) },
  );
  type Asked<K> = Request & { kind: K };
  const asked = <K extends Request["kind"]>(port: FakePort | undefined, kind: K) =>
    (port?.sent ?? []).filter((request): request is Asked<K> => request.kind === kind);
  const part = (n: number) => asked(ports[n], "seriesPart").at(-1);
  /** A worker comes to a step; its sums are the number of its part and the step. */
  const come = async (n: number, at: number) => {
    const request = part(n);
    if (!request) throw new Error(`worker ${n} has no part`);
    ports[n]?.reply({
      id: request.id,
      kind: "part",
      part: { at, sums: Float64Array.of(request.part, at) },
    });
    await rest();
  };
  const end = async (n: number) => {
    ports[n]?.reply({ id: part(n)?.id ?? -1, kind: "done", value: null });
    await rest();
  };
  const joins = () => ports.flatMap((port, n) => asked(port, "look").map((request) => ({ n, request })));
  /** Answers the last request to put sums together. */
  const join = async () => {
    const last = joins().at(-1);
    const step = last?.request.sums[0]?.[1] ?? -1;
    if (last)
      ports[last.n]?.reply({
        id: last.request.id,
        kind: "done",
        value: { ok: true, value: { step } as Look },
      });
    await rest();
  };
  return { ports, seen, all, part, come, end, join, joins };
}

describe("sharing a run of looks", () => {
  test("each worker has a part, and a look is told once all of them have come to it, in order", async () => {
    const onProgress = vi.fn();
    const { seen, all, part, come, end, join, joins } = share({ onProgress });
    await rest();
    expect([part(0), part(1)].map((one) => [one?.part, one?.of]).sort()).toEqual([
      [0, 2],
      [1, 2],
    ]);
    await come(0, 0);
    await come(0, 5);
    expect(joins()).toEqual([]);
    await come(1, 0);
    await come(1, 5);
    // One look after the other, whoever is fast.
    expect(joins()).toHaveLength(1);
    await join();
    await join();
    expect(joins().map(({ request }) => request.sums.map(([, at]) => at))).toEqual([
      [0, 0],
      [5, 5],
    ]);
    // By the same worker, which has the theories ready.
    expect(new Set(joins().map(({ n }) => n)).size).toBe(1);
    const done = settled(all);
    await end(0);
    expect(done.now).toBe(false);
    await end(1);
    await all;
    expect(seen).toEqual([{ step: 0 }, { step: 5 }]);
    expect(onProgress).toHaveBeenLastCalledWith(1);
  });

  test("a worker that dies is replaced, and its sums count once", async () => {
    const { ports, seen, all, come, end, join } = share();
    await rest();
    await come(0, 0);
    ports[0]?.break("out of memory");
    await rest();
    await come(1, 0);
    await join();
    for (const at of [0, 5]) await come(2, at);
    await come(1, 5);
    await join();
    await end(1);
    await end(2);
    await all;
    expect(seen).toEqual([{ step: 0 }, { step: 5 }]);
  });

  test("given up, it ends when both have stopped, and tells nothing any more", async () => {
    const abort = new AbortController();
    const { ports, seen, all, come, part } = share({ signal: abort.signal });
    const done = settled(all);
    await rest();
    await come(0, 0);
    abort.abort();
    await come(1, 0);
    expect(done.now).toBe(false);
    for (const n of [0, 1]) ports[n]?.reply({ id: part(n)?.id ?? -1, kind: "cancelled" });
    await expect(all).rejects.toThrow(Cancelled);
    expect(seen).toEqual([]);
  });

  test("sums that do not go together end it with the core's words", async () => {
    const { ports, all, come, joins, part } = share();
    const failed = expect(all).rejects.toThrow("tally cannot be read");
    await rest();
    for (const n of [0, 1]) await come(n, 0);
    const [asked] = joins();
    const problems = [{ message: "tally cannot be read" }] as never;
    if (asked) ports[asked.n]?.reply({ id: asked.request.id, kind: "done", value: { ok: false, problems } });
    await rest();
    for (const n of [0, 1]) ports[n]?.reply({ id: part(n)?.id ?? -1, kind: "cancelled" });
    await failed;
  });
});
