// The core itself, in parts: what one worker or three of them come to are the same bits.
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import type { Scenario } from "./pkg/noisy_descent_wasm";
import * as core from "./pkg/noisy_descent_wasm";

beforeAll(() => {
  core.initSync({ module: readFileSync(new URL("./pkg/noisy_descent_wasm_bg.wasm", import.meta.url)) });
});

const WELL = {
  version: 1,
  loss: { kind: "piecewise_quadratic" },
  noise: { covariance: { kind: "curvature", batch_size: 3, variance: 0 } },
  optimizer: { kind: "momentum", learning_rate: 0.6 },
  run: { replicas: 3000, steps: 120 },
} as unknown as Scenario;
const VALLEY = {
  version: 1,
  optimizer: { kind: "momentum", learning_rate: 0.7, momentum: 0.5 },
  run: { replicas: 3000, steps: 20, start: { kind: "point", weights: [3, -1] } },
} as unknown as Scenario;

const joined = (all: Float64Array[]) => Float64Array.from(all.flatMap((numbers) => [...numbers]));
/** What so many parts come to, those of the last first. */
const together = (of: number, run: (part: number) => Float64Array) =>
  joined(Array.from({ length: of }, (_, part) => run(of - 1 - part)));

test.each([1, 3, 7])("an escape by %i workers", (workers) => {
  const escape = (of: number) =>
    core.escaped_of(
      together(of, (part) => {
        const ensemble = core.Ensemble.part(WELL, part, of);
        while (!ensemble.advance(1000));
        return ensemble.tally_in_bins(30, -2, 2);
      }),
      10,
    );
  const outcome = escape(workers);
  if (!outcome.ok || !outcome.value) throw new Error("no escape");
  const { measurement, counts } = outcome.value;
  expect(outcome).toEqual(escape(1));
  expect(measurement.escaped).toBeGreaterThan(500);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(measurement.remaining);
});

test.each([1, 3, 7])("looks and lags by %i workers", (workers) => {
  const follow = (of: number) => {
    const parts = Array.from({ length: of }, (_, part) => new core.SeriesPart(VALLEY, part, of));
    const whole = new core.SeriesWhole(VALLEY);
    const at = (step: number) => {
      for (const part of parts) {
        part.set_target(step);
        while (!part.advance(1000));
      }
    };
    const looks = [0, 3, 20].map((step) => {
      at(step);
      return whole.look(together(of, (n) => (parts[n] as core.SeriesPart).sums()));
    });
    const recalls = [20, 21, 22, 23].map((step) => {
      at(step);
      return whole.recall(together(of, (n) => (parts[n] as core.SeriesPart).remembered()));
    });
    return { looks, recalls };
  };
  const found = follow(workers);
  expect(found).toEqual(follow(1));
  const [first, , last] = found.looks;
  if (!first?.ok || !last?.ok) throw new Error("no look");
  expect(first.value.measured.replicas).toBe(3000);
  expect(first.value.measured.components[0]?.mean).toBeCloseTo(3, 5);
  expect(last.value.measured.components[0]?.variance).toBeGreaterThan(0.1);
  const [lag] = found.recalls.slice(-1);
  if (!lag?.ok) throw new Error("no lag");
  const { measured, discrete } = lag.value;
  expect([measured.lag, measured.replicas]).toEqual([3, 3000]);
  const { covariance, error } = measured.components[0] as { covariance: number; error: number };
  expect(Math.abs(covariance - (discrete.covariance[0] as number))).toBeLessThan(5 * error);
});

test("what is no whole says so", () => {
  const part = new core.SeriesPart(VALLEY, 0, 3);
  const outcome = new core.SeriesWhole(VALLEY).look(part.sums());
  expect(outcome.ok ? "" : outcome.problems[0]?.message).toMatch(/a section is missing/);
  const ensemble = core.Ensemble.part(WELL, 0, 1);
  // Without bins there is no picture of an escape.
  expect(core.escaped_of(ensemble.tally(), 5)).toEqual({ ok: true, value: null });
});
