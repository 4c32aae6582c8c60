import { expect, test } from "vitest";
import { nearestByX, nearestPoint } from "./nearest";
import { frameOf } from "./plot";
import { linear, log } from "./scale";
import { plotOf } from "./testing";
import { lightTheme } from "./theme";

const frame = frameOf(plotOf([]), lightTheme);

test("finds the nearest by x, the first among equals", () => {
  const x = [1, 3, Number.NaN, 3, 7];
  expect(nearestByX(frame, x, frame.x.px(2.9))).toBe(1);
  expect(nearestByX(frame, x, frame.x.px(100))).toBe(4);
  expect(nearestByX(frame, x, frame.x.px(6))).toBe(4);
});

test("counts distance in pixels: on a log scale 3 is nearer to 10 than to 1 by ratio", () => {
  const logarithmic = frameOf(plotOf([], log(1, 100)), lightTheme);
  expect(nearestByX(logarithmic, [1, 10], logarithmic.x.px(4))).toBe(1);
});

test("passes over what is not shown, and over what is too far", () => {
  expect(nearestByX(frame, [-5, 20], frame.x.px(0))).toBeUndefined();
  expect(nearestByX(frame, [], 0)).toBeUndefined();
  expect(nearestByX(frame, [5], frame.x.px(5) + 10, 9)).toBeUndefined();
  expect(nearestByX(frame, [5], frame.x.px(5) + 8, 9)).toBe(0);
});

test("finds the nearest point in the plane", () => {
  const at = { x: frame.x.px(5), y: frame.y.px(5) };
  expect(nearestPoint(frame, [5, 6, 5], [9, 5, Number.NaN], at)).toBe(1);
  expect(nearestPoint(frame, [5], [12], at)).toBeUndefined();
});

test("places map back to data", () => {
  expect(frame.x.value(frame.area.x)).toBeCloseTo(0, 12);
  expect(frame.y.value(frame.area.y)).toBeCloseTo(10, 12);
});

test("equal aspect gives one unit the same length both ways and loses none of either domain", () => {
  const equal = frameOf({ ...plotOf([], linear(-5, 5), linear(-1, 1)), aspect: "equal" }, lightTheme);
  const unit = (scale: typeof equal.x) => Math.abs(scale.px(1) - scale.px(0));
  expect(unit(equal.x)).toBeCloseTo(unit(equal.y), 9);
  expect([equal.x.shows(-5), equal.x.shows(5), equal.y.shows(1), equal.y.shows(-1)]).toEqual([
    true,
    true,
    true,
    true,
  ]);
});
