import { describe, expect, test } from "vitest";
import { keepWorkers, type Machine, mostWorkers, workersOf } from "./workers";

function machine(hardwareConcurrency?: number): Machine & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  const kept = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
  return { kept, values, ...(hardwareConcurrency === undefined ? {} : { hardwareConcurrency }) };
}

describe("the number of workers", () => {
  test("is that of the processors, within reason", () => {
    expect([1, 2, 8, 16, 500].map((count) => workersOf(machine(count)))).toEqual([1, 2, 8, 8, 8]);
    expect([1, 16, 500].map((count) => mostWorkers(machine(count)))).toEqual([1, 16, 64]);
  });
  test("is two where the browser does not say", () => {
    expect([machine(), machine(0), {}].map(workersOf)).toEqual([2, 2, 2]);
  });
  test("can be chosen, and is kept unless it is the usual one", () => {
    const own = machine(16);
    keepWorkers(own, 12);
    expect([workersOf(own), own.values.size]).toEqual([12, 1]);
    keepWorkers(own, 8);
    expect([workersOf(own), own.values.size]).toEqual([8, 0]);
  });
  test("never exceeds the processors, whatever is kept", () => {
    const own = machine(4);
    for (const [kept, workers] of [
      ["12", 4],
      ["3", 3],
      ["0", 4],
      ["-1", 4],
      ["2.5", 4],
      ["many", 4],
      ["", 4],
    ] as const) {
      own.kept?.setItem("noisy-descent-workers", kept);
      expect(workersOf(own), kept).toBe(workers);
    }
  });
});
