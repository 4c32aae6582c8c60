import { expect, test } from "vitest";
import { changed, write } from "../state/document";
import { defaults, parameters } from "../state/tables";
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
  ] as const) {
    const [problem, ...others] = beyond(write(defaults, new Map([[name, word]])));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ kind: "not_simulated", parameter: name, value: word });
    expect(problem?.message).toContain(`${name} ${word} has no control on this page`);
  }
});

test("whatever the page starts with can be changed there, or has one value only", () => {
  const names = new Set(offered.map(({ name }) => name));
  for (const parameter of parameters.filter(({ name }) => !names.has(name)))
    expect(["optimizer", "loss", "noise"]).toContain(parameter.group);
  expect(changed(write(defaults, new Map())).size).toBe(0);
});
