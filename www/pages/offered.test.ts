import { expect, test } from "vitest";
import { changed, read, write } from "../state/document";
import { defaults, parameterNamed, parameters } from "../state/tables";
import { beyond, offered } from "./offered";

test("what is offered is in the order of the table", () => {
  const order = parameters.map(({ name }) => name);
  const places = offered.map(({ name }) => order.indexOf(name));
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test("a choice has only the words that are run", () => {
  const covariance = offered.find(({ name }) => name === "covariance");
  expect(covariance?.values.type === "choice" && covariance.values.options.map(([word]) => word)).toEqual([
    "white",
    "matrix",
  ]);
});

test("a choice without a control is named, one with a control is not", () => {
  expect(beyond(defaults)).toEqual([]);
  expect(beyond(write(defaults, new Map([["covariance", "matrix"]])))).toEqual([]);
  for (const [name, word] of [
    ["covariance", "hessian"],
    ["optimizer", "adam"],
    ["law", "laplace"],
    ["loss", "least_squares"],
    ["start", "stationary"],
    ["parameter", "steps"],
    ["quantity", "kurtosis"],
    ["scale", "log"],
  ] as const) {
    const [problem, ...others] = beyond(write(defaults, new Map([[name, word]])));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ kind: "not_simulated", parameter: name, value: word });
    expect(problem?.message).toContain(`${name} ${word} has no control on this page`);
  }
});

test("whatever the page starts with can be changed there, or has one value only", () => {
  // The plane of the cloud is chosen in the Lab; this page shows the first two coordinates whatever a link says.
  const names = new Set([...offered.map(({ name }) => name), "across", "upwards"]);
  // A formula that comes with a link is drawn; the Lab has room to change it.
  names.add("formula");
  // It belongs to the covariance, which is shown in the Lab alone.
  names.add("other");
  for (const { name, values, only_if } of parameters.filter((row) => !names.has(row.name))) {
    // A choice that has to stay as it is, or something that another choice alone would bring.
    expect(values.type === "choice" || only_if !== null, name).toBe(true);
    expect(read(defaults, parameterNamed(name)) === undefined || values.type === "choice", name).toBe(true);
  }
  expect(changed(write(defaults, new Map())).size).toBe(0);
});
