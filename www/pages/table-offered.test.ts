import { expect, test } from "vitest";
import { type Value, write } from "../state/document";
import { defaults, parameterNamed, parameters } from "../state/tables";
import { accompany, beyondTable, coordinatesOf, offered, shownValue } from "./table-offered";

const set = (changes: Record<string, Value>) => write(defaults, new Map(Object.entries(changes)));
const names = (changes: Record<string, Value>) => beyondTable(set(changes)).map(({ parameter }) => parameter);

test("what is offered is in the order of the table", () => {
  const places = offered.map(({ name }) => parameters.findIndex((row) => row.name === name));
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test("every noise of a quadratic has a control, every optimizer of the table is understood", () => {
  for (const covariance of ["white", "hessian", "mixed", "matrix"]) expect(names({ covariance })).toEqual([]);
  for (const optimizer of ["momentum", "qhm", "newton", "natural_gradient", "adam"])
    expect(names({ optimizer })).toEqual([]);
  expect(names({ optimizer: "preconditioned" })).toEqual(["optimizer"]);
  expect(names({ loss: "least_squares", covariance: "minibatch" })).toEqual(["loss", "covariance"]);
  expect(names({ law: "laplace" })).toEqual(["law"]);
  // What only a sweep or a cloud has is not looked at here.
  expect(names({ parameter: "steps", scale: "log", plane: "directions" })).toEqual([]);
});

test("a mixing makes the optimizer QHM, a noise that follows the weights natural gradient", () => {
  const qhm = set({ optimizer: "qhm", mixing: 0.3 });
  const adam = set({ optimizer: "adam" });
  expect(accompany({ mixing: 0.3 }, defaults)).toMatchObject({ optimizer: "qhm" });
  expect(accompany({ mixing: 0.2 }, qhm).optimizer).toBeUndefined();
  expect(accompany({ learning_rate: 1 }, qhm)).toEqual({});
  expect(accompany({ covariance: "proportional" }, qhm).optimizer).toBe("natural_gradient");
  expect(accompany({ covariance: "proportional" }, adam).optimizer).toBeUndefined();
  expect(accompany({ covariance: "white" }, adam).optimizer).toBe("momentum");
  expect(accompany({ covariance: "white" }, qhm).optimizer).toBeUndefined();
  // Whoever says which optimizer has the last word.
  expect(accompany({ covariance: "proportional", optimizer: "adam" }, defaults).optimizer).toBeUndefined();
});

test("a matrix of noise comes as large as the Hessian", () => {
  const three = set({
    hessian: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  });
  expect(accompany({ covariance: "matrix" }, three).noise_covariance).toHaveLength(3);
});

test("controls show what there is to choose", () => {
  const of = (name: string, sweep = defaults) => shownValue(sweep, parameterNamed(name));
  expect(of("mixing")).toBe(0.7);
  expect(of("mixing", set({ optimizer: "qhm", mixing: 0.2 }))).toBe(0.2);
  expect(of("mixing", set({ optimizer: "natural_gradient", covariance: "proportional" }))).toBeUndefined();
  expect([of("across"), of("upwards"), of("learning_rate")]).toEqual([undefined, undefined, 1.5]);
  const three = set({
    hessian: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    upwards: 9,
  });
  expect([of("across", three), of("upwards", three)]).toEqual([1, 3]);
});

test("two different coordinates are shown wherever there are two", () => {
  const size = (n: number, changes: Record<string, Value> = {}) =>
    coordinatesOf(
      set({
        hessian: Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => Number(i === j))),
        ...changes,
      }),
    );
  expect(size(1)).toEqual([0, 0]);
  expect(size(2)).toEqual([0, 1]);
  expect(size(3, { across: 2, upwards: 3 })).toEqual([1, 2]);
  expect(size(3, { across: 2, upwards: 2 })).toEqual([1, 0]);
  expect(size(3, { across: 9, upwards: 9 })).toEqual([2, 1]);
  expect(size(3, { across: 1, upwards: 1 })).toEqual([0, 1]);
});
