import { expect, test } from "vitest";
import { Caller, Cancelled } from "./caller";
import { FakePort } from "./testing";
import { Turns } from "./turns";

/** Work that ends when it is told to. */
function job() {
  let end: (value: string) => void = () => {};
  const begun: Caller[] = [];
  const act = (caller: Caller) => {
    begun.push(caller);
    return new Promise<string>((resolve) => {
      end = resolve;
    });
  };
  return { act, begun, end: (value: string) => end(value) };
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 0));

test("each worker has one piece of work, the next one waits its turn", async () => {
  const [one, two] = [new Caller(new FakePort()), new Caller(new FakePort())];
  const turns = new Turns([one, two]);
  const [a, b, c, d] = [job(), job(), job(), job()] as const;
  const answers = [a, b, c, d].map(({ act }) => turns.take(act));
  await tick();
  expect([a.begun.length, b.begun.length, c.begun.length, d.begun.length]).toEqual([1, 1, 0, 0]);
  expect(a.begun[0]).not.toBe(b.begun[0]);
  b.end("b");
  expect(await answers[1]).toBe("b");
  await tick();
  expect(c.begun).toEqual(b.begun);
  expect(d.begun).toEqual([]);
  a.end("a");
  c.end("c");
  await tick();
  d.end("d");
  expect(await Promise.all(answers)).toEqual(["a", "b", "c", "d"]);
});

test("what waits can be given up, and never begins", async () => {
  const turns = new Turns([new Caller(new FakePort())]);
  const [a, b, c] = [job(), job(), job()] as const;
  const stop = new AbortController();
  const first = turns.take(a.act);
  const second = turns.take(b.act, stop.signal);
  const third = turns.take(c.act);
  stop.abort();
  await expect(second).rejects.toBeInstanceOf(Cancelled);
  await expect(turns.take(b.act, stop.signal)).rejects.toBeInstanceOf(Cancelled);
  a.end("a");
  await first;
  await tick();
  expect(b.begun).toEqual([]);
  c.end("c");
  expect(await third).toBe("c");
});

test("a failure frees its worker", async () => {
  const turns = new Turns([new Caller(new FakePort())]);
  await expect(turns.take(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await turns.take(() => Promise.resolve(1))).toBe(1);
});
