import { describe, expect, test } from "vitest";
import { defaults } from "../state/tables";
import { Caller } from "./caller";
import { LastingEnsemble } from "./lasting";
import { Place } from "./place";
import type { Reply, Request, Snapshot, View } from "./protocol";
import { FakePort } from "./testing";

const view = {} as View;
const { scenario } = defaults;
const other = { ...scenario, optimizer: { ...scenario.optimizer, learning_rate: 0.25 } } as typeof scenario;
const third = { ...scenario, optimizer: { ...scenario.optimizer, learning_rate: 0.75 } } as typeof scenario;

/** A worker that answers at once, unless it is to die at the next request of a kind. */
class Obliging extends FakePort {
  deadly: Request["kind"] | undefined;
  override postMessage(message: unknown): void {
    super.postMessage(message);
    const request = message as Request;
    queueMicrotask(() => {
      if (request.kind === this.deadly) {
        this.deadly = undefined;
        this.break("out of memory");
      } else if (request.kind === "retune" && request.scenario === third)
        this.reply({ id: request.id, kind: "failed", message: "it does not fit" });
      else {
        const value = request.kind === "advance" ? ({ step: request.step } as Snapshot) : null;
        this.reply({ id: request.id, kind: "done", value } as Reply);
      }
    });
  }
}

/** `deadly` kills every worker. */
function setUp(deadly?: Request["kind"]) {
  const ports: Obliging[] = [];
  const place = new Place(() => {
    const port = new Obliging();
    port.deadly = deadly;
    ports.push(port);
    return new Caller(port);
  });
  const ensemble = new LastingEnsemble(place, "one", scenario);
  const sent = (n: number) => ports[n]?.sent.map(({ kind }) => kind);
  return { ports, place, ensemble, sent };
}

describe("an ensemble that outlives its worker", () => {
  test("is opened once, and changed before the next step by what was asked for last", async () => {
    const { ports, ensemble, sent } = setUp();
    await ensemble.open();
    await ensemble.advance(3, Number.POSITIVE_INFINITY, view);
    ensemble.retune(third);
    ensemble.retune(other);
    await ensemble.advance(4, Number.POSITIVE_INFINITY, view);
    await ensemble.advance(5, Number.POSITIVE_INFINITY, view);
    expect(sent(0)).toEqual(["open", "advance", "retune", "advance", "advance"]);
    expect(ports[0]?.sent[2]).toMatchObject({ scenario: other });
  });

  test.each(["advance", "retune"] as const)(
    "is brought to where it was when a worker dies at %s",
    async (kind) => {
      const { ports, ensemble, sent } = setUp();
      await ensemble.open();
      await ensemble.advance(3, Number.POSITIVE_INFINITY, view);
      ensemble.retune(other);
      if (ports[0]) ports[0].deadly = kind;
      expect(await ensemble.advance(9, Number.POSITIVE_INFINITY, view)).toEqual({ step: 9 });
      const [opened] = ports[1]?.sent ?? [];
      // A change that was made is made again on the way; one that was not is made now.
      const made = kind === "advance" ? [{ step: 3, scenario: other }] : [];
      expect(opened).toMatchObject({ kind: "open", scenario, changes: made, step: 3 });
      expect(sent(1)).toEqual(kind === "advance" ? ["open", "advance"] : ["open", "retune", "advance"]);
    },
  );

  test("is opened again too when its worker died of something else", async () => {
    const { ports, place, ensemble, sent } = setUp();
    await ensemble.open();
    await ensemble.advance(3, Number.POSITIVE_INFINITY, view);
    ports[0]?.break("another request was too much");
    await place.insist("seed", {});
    await ensemble.advance(4, Number.POSITIVE_INFINITY, view);
    expect(sent(1)).toEqual(["seed", "open", "advance"]);
  });

  test("a change that is refused is told once, and it goes on as before", async () => {
    const { ensemble } = setUp();
    await ensemble.open();
    ensemble.retune(third);
    await expect(ensemble.advance(1, Number.POSITIVE_INFINITY, view)).rejects.toThrow("it does not fit");
    expect(await ensemble.advance(1, Number.POSITIVE_INFINITY, view)).toEqual({ step: 1 });
  });

  test("what kills every worker is told in the end", async () => {
    const { ports, ensemble } = setUp("advance");
    await ensemble.open();
    await expect(ensemble.advance(1, Number.POSITIVE_INFINITY, view)).rejects.toThrow("out of memory");
    expect(ports.length).toBe(3);
  });

  test("a close asks nobody who does not know it", async () => {
    const { ports, ensemble, sent } = setUp();
    await ensemble.open();
    ports[0]?.break("gone");
    await ensemble.close();
    expect(sent(1)).toEqual([]);
  });
});
