import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Gestures } from "./gesture";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("keys in quick succession are one gesture, after a pause another", () => {
  const gestures = new Gestures();
  const first = gestures.now();
  for (let i = 0; i < 5; i++) {
    vi.advanceTimersByTime(900);
    expect(gestures.now()).toBe(first);
  }
  vi.advanceTimersByTime(1001);
  expect(gestures.now()).not.toBe(first);
});

test("a drag is one gesture, however long it pauses, and so is each", () => {
  const gestures = new Gestures();
  gestures.hold();
  const first = gestures.now();
  vi.advanceTimersByTime(60_000);
  expect(gestures.now()).toBe(first);
  gestures.release();
  expect(gestures.now(), "the last change of a drag may come late").toBe(first);
  gestures.hold();
  expect(gestures.now()).not.toBe(first);
});

test("a gesture ends when it is left", () => {
  const gestures = new Gestures();
  const first = gestures.now();
  gestures.end();
  expect(gestures.now()).not.toBe(first);
});
