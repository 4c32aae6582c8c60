import { describe, expect, test } from "vitest";
import { type Value, write } from "../state/document";
import { defaults } from "../state/tables";
import { followLimit, rangeOfAxis } from "./range";

const set = (changes: Record<string, Value>) => write(defaults, new Map(Object.entries(changes)));

describe("rangeOfAxis", () => {
  test("only a new axis brings a range", () => {
    expect(rangeOfAxis({ learning_rate: 1 }, defaults, 2)).toEqual({});
    expect(rangeOfAxis({ parameter: "learning_rate" }, defaults, 2)).toEqual({});
    expect(rangeOfAxis({ parameter: "momentum" }, set({ parameter: "momentum" }), 2)).toEqual({});
  });
  test("the momentum goes from 0 to 1, the learning rate to where it diverges", () => {
    expect(rangeOfAxis({ parameter: "momentum" }, defaults, 2)).toEqual({ from: 0, to: 1, scale: "linear" });
    const along = set({ parameter: "momentum" });
    expect(rangeOfAxis({ parameter: "learning_rate" }, along, 20 / 3)).toEqual({
      from: 0,
      to: 6.667,
      scale: "linear",
    });
  });
  test("without a limit the learning rate goes to twice what it is", () => {
    const along = set({ parameter: "momentum", optimizer: "adam", learning_rate: 0.7 });
    expect(rangeOfAxis({ parameter: "learning_rate" }, along, Number.NaN)).toMatchObject({ to: 1.4 });
  });
  test("another number has the range and the steps of its slider, or is counted", () => {
    expect(rangeOfAxis({ parameter: "noise_variance" }, defaults, 2)).toEqual({
      from: 0.01,
      to: 100,
      scale: "log",
    });
    expect(rangeOfAxis({ parameter: "degrees" }, defaults, 2)).toEqual({
      from: 2.5,
      to: 30,
      scale: "linear",
    });
    expect(rangeOfAxis({ parameter: "seed" }, defaults, 2)).toEqual({ from: 0, to: 31, scale: "linear" });
    expect(rangeOfAxis({ parameter: "curvature" }, defaults, 2)).toMatchObject({ from: 0.01, scale: "log" });
    const exit = set({ loss: "polynomial", exit: 3 });
    expect(rangeOfAxis({ parameter: "exit" }, exit, 2)).toEqual({ from: 0, to: 6, scale: "linear" });
  });
  test("the curvature goes to where the scenario diverges, in two decades", () => {
    const scaled = (changes: Record<string, Value>, limit: number, curvature?: number) =>
      rangeOfAxis({ parameter: "curvature" }, set(changes), limit, curvature);
    expect(scaled({ learning_rate: 0.5 }, 2, 1)).toEqual({ from: 0.04, to: 4, scale: "log" });
    expect(scaled({ learning_rate: 3 }, 3.2, 200)).toEqual({ from: 2.133, to: 213.3, scale: "log" });
    const around = { from: 20, to: 2000, scale: "log" };
    expect(scaled({ optimizer: "newton" }, 2, 200), "Newton’s method has no such place").toEqual(around);
    expect(scaled({ optimizer: "adam" }, Number.NaN, 200), "nor has Adam").toEqual(around);
    expect(scaled({}, Number.NaN, 0), "a flat loss cannot be scaled").toMatchObject({ from: 0.01, to: 100 });
  });
  test("the dimension begins with the coordinates that are looked at", () => {
    expect(rangeOfAxis({ parameter: "dimension" }, defaults, 2)).toEqual({
      from: 0,
      to: 31,
      scale: "linear",
    });
    const pair = set({ quantity: "covariance", coordinate: 1, other: 2, points: 5 });
    expect(rangeOfAxis({ parameter: "dimension" }, pair, 2)).toMatchObject({ from: 1, to: 7 });
    expect(rangeOfAxis({ parameter: "dimension" }, set({ coordinate: 2 }), 2)).toMatchObject({ from: 1 });
  });
  test("never leaves what the parameter allows, however flat the loss", () => {
    const along = set({ parameter: "momentum" });
    expect(rangeOfAxis({ parameter: "learning_rate" }, along, 2e7)).toEqual({
      from: 0,
      to: 1e6,
      scale: "linear",
    });
  });
});

describe("followLimit", () => {
  const before = defaults;
  const next = set({ momentum: 0.5 });

  test("an end at the limit goes with it", () => {
    expect(followLimit(next, before, 3, 2)).toEqual({ to: 3 });
    expect(followLimit(next, before, 20 / 3, 2)).toEqual({ to: 6.667 });
    expect(followLimit(next, before, 3, 2.0019)).toEqual({ to: 3 });
  });
  test("an end elsewhere stays", () => {
    expect(followLimit(next, before, 3, 2.003)).toBeUndefined();
    expect(followLimit(next, before, 3, 1.9)).toBeUndefined();
  });
  test("a limit that has not moved moves nothing", () => {
    expect(followLimit(next, before, 2, 2)).toBeUndefined();
    expect(followLimit(next, before, 2.0001, 2)).toBeUndefined();
  });
  test("what a person sets is theirs", () => {
    expect(followLimit(set({ to: 1 }), before, 3, 2)).toBeUndefined();
    expect(followLimit(set({ from: 1 }), before, 3, 2)).toBeUndefined();
    expect(followLimit(set({ parameter: "momentum" }), before, 3, 2)).toBeUndefined();
    const along = set({ parameter: "momentum" });
    expect(followLimit(along, along, 3, 2)).toBeUndefined();
  });
  test("never beyond what the parameter allows, nor below where the sweep begins", () => {
    expect(followLimit(next, before, 2e7, 2)).toEqual({ to: 1e6 });
    const [late, later] = [set({ from: 1 }), set({ from: 1, hessian: [[4]] })];
    expect(followLimit(later, late, 0.5, 2)).toBeUndefined();
    expect(followLimit(later, late, 1.5, 2)).toEqual({ to: 1.5 });
  });
});
