import { expect, test } from "vitest";
import { Pace } from "./pace";

test("a steady speed is said as it is, however unevenly it is told", () => {
  const pace = new Pace();
  let now = 0;
  pace.add(7, now); // before there was anything to compare it with
  expect(pace.perSecond).toBeUndefined();
  for (const wait of [16, 40, 16, 90, 16, 16, 300, 16]) {
    now += wait;
    pace.add(1000 * wait, now);
  }
  expect(pace.perSecond).toBeCloseTo(1e6, 3);
});

test("it follows a change within a few seconds and begins anew after a rest", () => {
  const pace = new Pace();
  let now = 0;
  for (let n = 0; n < 100; n++) pace.add(10, (now += 100));
  for (let n = 0; n < 40; n++) pace.add(30, (now += 100));
  expect(Math.abs((pace.perSecond ?? 0) / 300 - 1)).toBeLessThan(0.05);
  now += 60_000;
  pace.add(30, now);
  expect(pace.perSecond).toBeUndefined();
});
