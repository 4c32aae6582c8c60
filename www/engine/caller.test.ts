import { describe, expect, test, vi } from "vitest";
import { defaults } from "../state/tables";
import { Caller, Cancelled } from "./caller";
import { Hold } from "./hold";
import { FakePort, settled } from "./testing";

const { scenario } = defaults;

describe("requests and answers", () => {
  test("each answer goes to the request of its id, in whatever order they come", async () => {
    const port = new FakePort();
    const caller = new Caller(port);
    const [first, second] = [caller.call("seed", {}), caller.call("seed", {})];
    const [a, b] = port.sent;
    expect(a?.id).not.toBe(b?.id);
    expect(caller.open).toBe(2);
    port.reply({ id: b?.id ?? -1, kind: "done", value: 22 });
    port.reply({ id: a?.id ?? -1, kind: "done", value: 11 });
    expect(await Promise.all([first, second])).toEqual([11, 22]);
    expect(caller.open).toBe(0);
  });
  test("a request carries its kind and what it takes", () => {
    const port = new FakePort();
    void new Caller(port).call("retune", { name: "a", scenario });
    expect(port.sent).toEqual([{ id: 1, kind: "retune", name: "a", scenario }]);
  });
  test("an answer that nobody waits for, or a second one, is nothing", async () => {
    const port = new FakePort();
    const caller = new Caller(port);
    port.reply({ id: 99, kind: "done", value: 1 });
    port.reply({ id: 99, kind: "progress", share: 1 });
    const call = caller.call("seed", {});
    port.reply({ id: 1, kind: "done", value: 1 });
    port.reply({ id: 1, kind: "failed", message: "late" });
    expect(await call).toBe(1);
  });
  test("a failure comes with the worker's words", async () => {
    const port = new FakePort();
    const call = new Caller(port).call("predict", { scenario });
    port.reply({ id: 1, kind: "failed", message: "no memory" });
    await expect(call).rejects.toThrow("no memory");
    await expect(call).rejects.not.toBeInstanceOf(Cancelled);
  });
});

describe("progress", () => {
  test("is told while the request is open and not after", async () => {
    const port = new FakePort();
    const onProgress = vi.fn();
    const call = new Caller(port).call("predict", { scenario }, { onProgress });
    port.reply({ id: 1, kind: "progress", share: 0.25 });
    port.reply({ id: 2, kind: "progress", share: 0.5 });
    port.reply({ id: 1, kind: "progress", share: 0.75 });
    port.reply({ id: 1, kind: "cancelled" });
    port.reply({ id: 1, kind: "progress", share: 1 });
    await expect(call).rejects.toThrow(Cancelled);
    expect(onProgress.mock.calls).toEqual([[0.25], [0.75]]);
  });
});

describe("resting", () => {
  test("a request is held and goes on as its hold says, until it is answered", async () => {
    const port = new FakePort();
    const hold = new Hold();
    const call = new Caller(port).call("predict", { scenario }, { hold });
    const asked = () => port.sent.map(({ id, kind }) => [id, kind]);
    hold.held = true;
    hold.held = true;
    hold.held = false;
    expect(asked()).toEqual([
      [1, "predict"],
      [1, "hold"],
      [1, "resume"],
    ]);
    port.reply({ id: 1, kind: "done", value: { ok: false, problems: [] } });
    await call;
    hold.held = true;
    expect(port.sent).toHaveLength(3);
  });
  test("what is asked for while it is held rests from the first", () => {
    const port = new FakePort();
    void new Caller(port).call("predict", { scenario }, { hold: new Hold(true) });
    expect(port.sent.map(({ kind }) => kind)).toEqual(["predict", "hold"]);
  });
});

describe("cancelling", () => {
  test("asks the worker, and waits for its answer", async () => {
    const port = new FakePort();
    const abort = new AbortController();
    const call = new Caller(port).call("seed", {}, { signal: abort.signal });
    const done = settled(call);
    abort.abort();
    expect(port.sent[1]).toEqual({ id: 1, kind: "cancel" });
    await Promise.resolve();
    expect(done.now).toBe(false);
    port.reply({ id: 1, kind: "cancelled" });
    await expect(call).rejects.toThrow(Cancelled);
  });
  test("too late, the answer stands", async () => {
    const port = new FakePort();
    const abort = new AbortController();
    const call = new Caller(port).call("seed", {}, { signal: abort.signal });
    abort.abort();
    port.reply({ id: 1, kind: "done", value: 5 });
    expect(await call).toBe(5);
  });
  test("after the answer nothing is sent", async () => {
    const port = new FakePort();
    const abort = new AbortController();
    const call = new Caller(port).call("seed", {}, { signal: abort.signal });
    port.reply({ id: 1, kind: "done", value: 5 });
    await call;
    abort.abort();
    expect(port.sent).toHaveLength(1);
  });
  test("before the request, it is not even sent", async () => {
    const port = new FakePort();
    const call = new Caller(port).call("seed", {}, { signal: AbortSignal.abort() });
    await expect(call).rejects.toThrow(Cancelled);
    expect(port.sent).toHaveLength(0);
  });
});

describe("a worker that stops", () => {
  test.each([
    ["out of memory", "the worker stopped: out of memory"],
    ["", "the worker stopped: it could not be loaded"],
  ])("with the message %j fails every request, also later ones", async (message, words) => {
    const port = new FakePort();
    const caller = new Caller(port);
    const calls = [caller.call("seed", {}), caller.call("seed", {})];
    port.break(message);
    for (const call of calls) await expect(call).rejects.toThrow(words);
    await expect(caller.call("seed", {})).rejects.toThrow(words);
    expect(port.sent).toHaveLength(2);
    expect(caller.open).toBe(0);
  });
  test("because it is no longer wanted cancels what is open", async () => {
    const port = new FakePort();
    const caller = new Caller(port);
    const call = caller.call("seed", {});
    caller.dispose();
    expect(port.ended).toBe(true);
    await expect(call).rejects.toThrow(Cancelled);
    await expect(caller.call("seed", {})).rejects.toThrow(Cancelled);
  });
});
