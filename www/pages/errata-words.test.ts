import { expect, test } from "vitest";
import type { JudgedEvidence } from "../engine/protocol";
import { cellsOf, offBy, verdictOf } from "./errata-words";

const piece = (changes: Partial<JudgedEvidence> = {}): JudgedEvidence => ({
  quantity: "a variance",
  printed: 1.25,
  corrected: 0.75,
  independent: 0.75,
  method: "lyapunov_sum",
  standard_error: undefined,
  tolerance: 1e-9,
  confirmed: true,
  print_refuted: true,
  ...changes,
});
const marks = (changes: Partial<JudgedEvidence>) => cellsOf(piece(changes)).map(({ mark }) => mark);
const tones = (changes: Partial<JudgedEvidence>) => cellsOf(piece(changes)).map(({ tone }) => tone);

test("a wrong print, a right correction, and how the third value came about", () => {
  expect(cellsOf(piece())).toEqual([
    { value: "1.25", mark: "off by +67\u00a0%", tone: "wrong" },
    { value: "0.75", mark: "agrees", tone: "right" },
    { value: "0.75", mark: "Lyapunov sum", tone: "plain" },
  ]);
});

test("the judgement is the core's, not the page's", () => {
  expect(tones({ print_refuted: false })).toEqual(["plain", "right", "plain"]);
  expect(tones({ confirmed: false })).toEqual(["wrong", "wrong", "plain"]);
});

test("a simulated value has its error and says how many of them the correction is off", () => {
  const simulated = cellsOf(
    piece({ independent: 0.76, standard_error: 0.01, method: "simulation", tolerance: 0 }),
  );
  expect(simulated.map(({ value }) => value)).toEqual(["1.25", "0.75", "0.760 ± 0.010"]);
  expect(simulated.map(({ mark }) => mark)).toEqual(["off by +64\u00a0%", "agrees, z = +1.0", "simulation"]);
});

test("a limit says what it leaves out, and no value is no fault", () => {
  expect(marks({ corrected: 0.8, tolerance: 0.06 })[1]).toBe("within 0.06");
  const none = piece({ print_refuted: false });
  // As it comes from the core.
  (none as { printed: number | null }).printed = null;
  expect(cellsOf(none)[0]).toEqual({ value: "–", mark: "no value", tone: "plain" });
});

test("how far off, in words", () => {
  expect(offBy(1.25, 0.75)).toBe("off by +67\u00a0%");
  expect(offBy(0.6, 0.75)).toBe("off by −20\u00a0%");
  expect(offBy(-1, 2)).toBe("of the wrong sign");
  expect(offBy(22150, 1)).toBe("22\u202f000 times too large");
  expect(offBy(0.02, 1)).toBe("50 times too small");
  expect(offBy(0, 1)).toBe("zero, which it is not");
  expect(offBy(1, 1e-30, 1e-9)).toBe("not zero, as it should be");
});

test("the verdict in words", () => {
  expect(verdictOf([piece()])).toEqual({
    words: "The independent value confirms the correction; the printed one is off by +67\u00a0%.",
    confirmed: true,
  });
  expect(verdictOf([piece({ print_refuted: false })]).words).toMatch(
    /at these values the printed one agrees with it too/,
  );
  const failed = verdictOf([piece(), piece({ confirmed: false })]);
  expect(failed.confirmed).toBe(false);
  expect(failed.words).toMatch(/^Not confirmed: .* in 1 of 2\. The fault is this page's/);
});
