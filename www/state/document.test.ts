import { describe, expect, test } from "vitest";
import { applies, changed, defaultOf, dimensionOf, read, same, type Value, write } from "./document";
import { defaults, parameterNamed, parameters } from "./tables";

const at = (sweep: typeof defaults, name: string) => read(sweep, parameterNamed(name));
const set = (changes: Record<string, Value>, sweep = defaults) =>
  write(sweep, new Map(Object.entries(changes)));

describe("the table and the default document", () => {
  test("agree: what the default document has, has the table's default", () => {
    for (const parameter of parameters) {
      const value = read(defaults, parameter);
      if (parameter.only_if === null) expect(value, parameter.name).toEqual(defaultOf(parameter));
      else if (value !== undefined) expect(value, parameter.name).toEqual(defaultOf(parameter));
    }
  });
  test("nothing differs from the default in it", () => {
    expect(changed(defaults).size).toBe(0);
    expect(write(defaults, new Map())).toEqual(defaults);
  });
  test("asking for a parameter that is not there is a mistake", () => {
    expect(() => parameterNamed("learning-rate")).toThrow("there is no parameter named learning-rate");
  });
});

describe("write", () => {
  test("sets every parameter in its own place and nothing else", () => {
    const values: Record<string, Value> = {
      learning_rate: 0.7,
      momentum: 0.3,
      hessian: [[4]],
      noise_variance: 9,
      replicas: 77,
      steps: 5,
      seed: 2 ** 53 - 1,
      parameter: "momentum",
      from: 0.1,
      to: 0.9,
      points: 3,
      quantity: "training_error",
      coordinate: 2,
      y_scale: "log",
      speed: "max",
    };
    for (const [name, value] of Object.entries(values)) {
      const next = set({ [name]: value });
      expect(at(next, name)).toEqual(value);
      expect([...changed(next)]).toEqual([[name, value]]);
    }
    const all = set(values);
    expect(Object.fromEntries(changed(all))).toEqual(values);
    expect([...changed(all).keys()], "in the order of the table").toEqual(
      parameters.map(({ name }) => name).filter((name) => name in values),
    );
  });

  test("leaves the document it starts from as it was", () => {
    const copy = structuredClone(defaults);
    set({ learning_rate: 3, covariance: "matrix", hessian: [[2]] });
    expect(defaults).toEqual(copy);
  });

  test("a choice takes what belongs to the old one away and brings the defaults of the new one", () => {
    const matrix = set({ covariance: "matrix" }, set({ noise_variance: 4 }));
    expect(at(matrix, "noise_variance")).toBeUndefined();
    expect(at(matrix, "noise_covariance")).toEqual(defaultOf(parameterNamed("noise_covariance")));
    expect(matrix.scenario.noise.covariance).toEqual({
      kind: "matrix",
      matrix: [
        [1, 0],
        [0, 1],
      ],
    });
    const white = set({ covariance: "white" }, matrix);
    expect(white).toEqual(defaults);
  });

  test("a choice and what depends on it can be set together, in any order", () => {
    const C = [
      [2, 1],
      [1, 2],
    ];
    for (const changes of [
      { covariance: "matrix", noise_covariance: C },
      { noise_covariance: C, covariance: "matrix" },
    ]) {
      expect(set(changes).scenario.noise.covariance).toEqual({ kind: "matrix", matrix: C });
    }
  });

  test("another loss brings its own and takes all of the old one away, however deep", () => {
    const data = set({ loss: "least_squares" });
    expect(data.scenario.loss).toEqual({
      kind: "least_squares",
      data: { kind: "synthetic", samples: 1000, input_variances: [1], residual_variance: 1, seed: 1 },
    });
    const table = set(
      {
        data: "table",
        inputs: [
          [1, 2],
          [3, 5],
        ],
      },
      data,
    );
    expect(table.scenario.loss).toEqual({
      kind: "least_squares",
      data: {
        kind: "table",
        inputs: [
          [1, 2],
          [3, 5],
        ],
        targets: [1, -1],
      },
    });
    expect([data, table, defaults].map(({ scenario }) => dimensionOf(scenario))).toEqual([1, 2, 2]);
    expect(set({ loss: "quadratic" }, table)).toEqual(defaults);
  });

  test("a number that follows from others is left out until it is set", () => {
    const well = set({ loss: "piecewise_quadratic" });
    expect(defaultOf(parameterNamed("exit"))).toBeUndefined();
    expect(well.scenario.loss).toEqual({
      kind: "piecewise_quadratic",
      steepness: 1,
      well_curvature: 1,
      barrier_curvature: 1,
      barrier: 1,
    });
    expect(dimensionOf(well.scenario)).toBe(1);
    const nearer = set({ exit: 1.5 }, well);
    expect(at(nearer, "exit")).toBe(1.5);
    expect([...changed(nearer)]).toEqual([
      ["loss", "piecewise_quadratic"],
      ["exit", 1.5],
    ]);
  });

  test("a start keeps nothing of another one", () => {
    const point = set({ start: "point", start_weights: [3, 4] });
    expect(point.scenario.run.start).toEqual({ kind: "point", weights: [3, 4] });
    expect(set({ start: "stationary" }, point).scenario.run.start).toEqual({ kind: "stationary" });
    expect(set({ start: "minimum" }, point)).toEqual(defaults);
  });

  test("what a choice excludes from the scenario is not written", () => {
    expect(set({ noise_covariance: [[2]] })).toEqual(defaults);
    const matrix = set({ covariance: "matrix" });
    expect(set({ noise_variance: 3 }, matrix)).toEqual(matrix);
  });

  test("a coordinate applies to what has one, another one to a covariance", () => {
    const shown = (quantity: string) =>
      ["coordinate", "other", "seed", "mixing"].map((name) =>
        applies(set({ quantity }), parameterNamed(name)),
      );
    expect(shown("mean")).toEqual([true, false, true, false]);
    expect(shown("covariance")).toEqual([true, true, true, false]);
    expect(shown("training_error")).toEqual([false, false, true, false]);
  });

  test("the coordinate outlives a look at the training error, and can be set meanwhile", () => {
    const hidden = set({ quantity: "training_error" }, set({ coordinate: 2 }));
    expect(hidden.coordinate).toBe(2);
    expect(set({ quantity: "training_error", coordinate: 2 })).toEqual(hidden);
    expect(set({ quantity: "variance" }, hidden).coordinate).toBe(2);
  });
});

describe("same", () => {
  test("looks at the values", () => {
    expect(same([[1, 2]], [[1, 2]])).toBe(true);
    expect(same([[1, 2]], [[2, 1]])).toBe(false);
    expect(same([[1]], 1)).toBe(false);
    expect(same(undefined, undefined)).toBe(true);
    expect(same(undefined, 0)).toBe(false);
    expect(same(1, "1")).toBe(false);
  });
});
