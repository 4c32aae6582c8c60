import { expect, test } from "vitest";
import type { Engine } from "../engine/engine";
import type { Changes } from "../state/store";
import { isTable, type TableTaker, takeTable } from "./csv-entry";

function taker(outcome: unknown) {
  const said: string[] = [];
  const complaints: string[] = [];
  const proposed: Changes[] = [];
  const made: TableTaker = {
    engine: { csv: async () => outcome } as unknown as Engine,
    propose: async (changes) => void proposed.push(changes),
    complain: (words) => void complaints.push(words),
    say: (words) => void said.push(words),
  };
  return { made, said, complaints, proposed };
}

test("a file is a table by its name or its kind", () => {
  expect(isTable({ name: "a.CSV", type: "" })).toBe(true);
  expect(isTable({ name: "a", type: "text/csv" })).toBe(true);
  expect(isTable({ name: "scenario.json", type: "application/json" })).toBe(false);
});

test("a good table becomes the data set", async () => {
  const { made, said, proposed } = taker({
    ok: true,
    value: { names: ["a"], target: "b", inputs: [[1], [-1]], targets: [1, -1] },
  });
  expect(await takeTable("…", "x.csv", made)).toBe(true);
  expect(proposed).toEqual([{ loss: "least_squares", data: "table", inputs: [[1], [-1]], targets: [1, -1] }]);
  expect(said[0]).toBe("x.csv: 2 samples, 1 input, target b; each column with mean 0 and variance 1");
});

test("what is wrong is said and nothing changes", async () => {
  const bad = taker({ ok: false, problems: [{ message: "line 2 has 3 fields" }] });
  expect(await takeTable("…", "x.csv", bad.made)).toBe(false);
  expect(bad.complaints).toEqual(["x.csv was not taken: line 2 has 3 fields"]);
  const long = taker(undefined);
  await takeTable("1".repeat(4_000_001), "x.csv", long.made);
  expect(long.complaints[0]).toContain("characters");
  expect([bad, long].every(({ proposed }) => proposed.length === 0)).toBe(true);
});
