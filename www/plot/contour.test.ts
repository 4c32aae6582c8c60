import { expect, test } from "vitest";
import { levelLine } from "./contour";

const axis = (count: number) => Float64Array.from({ length: count }, (_, i) => i / (count - 1));
const grid = (of: (x: number, y: number) => number, count = 21) => {
  const [x, y] = [axis(count), axis(count)];
  const values = Array.from(y, (b) => Array.from(x, (a) => of(a, b))).flat();
  return { x, y, values };
};

test("a plane has a straight level line through the whole grid", () => {
  const pieces = levelLine(
    grid((x, y) => x + 2 * y),
    1.3,
  );
  expect(pieces.length).toBeGreaterThan(20);
  for (const [x0, y0, x1, y1] of pieces) {
    expect(x0 + 2 * y0).toBeCloseTo(1.3, 12);
    expect(x1 + 2 * y1).toBeCloseTo(1.3, 12);
  }
  // It goes from (1, 0.15) to (0, 0.65): the pieces together are as long.
  const length = pieces.reduce((sum, [x0, y0, x1, y1]) => sum + Math.hypot(x1 - x0, y1 - y0), 0);
  expect(length).toBeCloseTo(Math.hypot(1, 0.5), 10);
});

test("a circle's pieces lie on the circle and close", () => {
  const pieces = levelLine(
    grid((x, y) => Math.hypot(x - 0.5, y - 0.5), 201),
    0.30123,
  );
  const length = pieces.reduce((sum, [x0, y0, x1, y1]) => sum + Math.hypot(x1 - x0, y1 - y0), 0);
  expect(length).toBeCloseTo(2 * Math.PI * 0.30123, 3);
  const ends = new Map<string, number>();
  for (const [x0, y0, x1, y1] of pieces)
    for (const end of [
      [x0, y0],
      [x1, y1],
    ] as const) {
      const name = end.map((value) => value.toFixed(9)).join();
      ends.set(name, (ends.get(name) ?? 0) + 1);
    }
  expect([...ends.values()].every((count) => count === 2)).toBe(true);
});

test("no line where nothing has the value, nor beside what is not finite", () => {
  expect(
    levelLine(
      grid((x) => x),
      2,
    ),
  ).toEqual([]);
  const half = levelLine(
    grid((x, y) => (x > 0.5 ? Number.NaN : y)),
    0.41,
  );
  expect(half.length).toBeGreaterThan(5);
  expect(Math.max(...half.map(([x0, , x1]) => Math.max(x0, x1)))).toBeLessThanOrEqual(0.5);
  expect(levelLine({ x: [0], y: [0], values: [1] }, 1)).toEqual([]);
});
