/** What the tests of this folder and of files share. Not for the page. */
import fc from "fast-check";
import type { FullSweep } from "../engine/protocol";
import { type Value, write } from "./document";
import { defaults, type Parameter, parameters } from "./tables";

export const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (x === 0 ? 0 : x));
export const matrix = fc
  .integer({ min: 1, max: 5 })
  .chain((n) => fc.array(fc.array(finite, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }));

/** Any value that the table allows, by itself. */
export function valueFor({ values }: Parameter): fc.Arbitrary<Value> {
  switch (values.type) {
    case "choice":
      return fc.constantFrom(...values.options.map(([word]) => word));
    case "matrix":
      return matrix;
    case "integer":
      return fc.integer({ min: values.interval.low, max: values.interval.high });
    case "vector":
      return fc.array(finite, { minLength: 1, maxLength: 5 });
    case "rows":
      return fc
        .integer({ min: 1, max: 4 })
        .chain((n) =>
          fc.array(fc.array(finite, { minLength: n, maxLength: n }), { minLength: 1, maxLength: 5 }),
        );
    case "formula":
      return fc.string({ maxLength: 60, unit: "binary" });
    case "words":
      return fc.subarray([...values.options], { minLength: 1 });
    default: {
      const { low, high, low_open, high_open } = values.interval;
      return fc
        .double({ min: low, max: high, minExcluded: low_open, maxExcluded: high_open, noNaN: true })
        .map((x) => (x === 0 ? 0 : x));
    }
  }
}

/** Any document whose values the table allows one by one. */
export const documents: fc.Arbitrary<FullSweep> = fc
  .record(Object.fromEntries(parameters.map((parameter) => [parameter.name, valueFor(parameter)])), {
    requiredKeys: [],
  })
  .map((changes) => write(defaults, new Map(Object.entries(changes as Record<string, Value>))));
