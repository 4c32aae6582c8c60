import { expect, test } from "vitest";
import { Cancelled, type Engine, type FullSweep } from "../engine/engine";
import { inTurn } from "./in-turn";

test("sweeps run one after the other, and one that is cancelled before its turn not at all", async () => {
  const begun: string[] = [];
  const finish: (() => void)[] = [];
  const engine = inTurn({
    workers: 2,
    sweep: (sweep: FullSweep) => {
      begun.push(sweep.parameter);
      return new Promise((resolve) => finish.push(() => resolve([])));
    },
  } as unknown as Engine);
  const named = (parameter: string) => ({ parameter }) as FullSweep;
  const stop = new AbortController();
  const first = engine.sweep(named("first"));
  const second = engine.sweep(named("second"), { signal: stop.signal });
  const third = engine.sweep(named("third"));
  await Promise.resolve();
  expect([begun, engine.workers]).toEqual([["first"], 2]);
  stop.abort();
  await expect(second).rejects.toThrow(Cancelled);
  finish[0]?.();
  await first;
  await Promise.resolve();
  expect(begun).toEqual(["first", "third"]);
  finish[1]?.();
  expect(await third).toEqual([]);
});
