import { describe, expect, test } from "vitest";
import { read, type Value, write } from "../state/document";
import { defaults, parameterNamed } from "../state/tables";
import { fitting } from "./fitting";

const set = (changes: Record<string, Value>, from = defaults) =>
  write(from, new Map(Object.entries(changes)));
const three = [
  [1, 0, 0],
  [0, 2, 0],
  [0, 0, 3],
];
const unit = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

describe("fitting", () => {
  test("a change of a number brings nothing along", () => {
    expect(fitting({ learning_rate: 1 }, defaults)).toEqual({});
    expect(fitting({ law: "laplace", optimizer: "newton" }, defaults)).toEqual({});
  });

  test("who leaves the wells looks at a variance again, along something that there is", () => {
    const sweep = set({ loss: "piecewise_quadratic", parameter: "steepness", quantity: "escape_rate" });
    expect(fitting({ loss: "quadratic" }, sweep)).toMatchObject({
      quantity: "variance",
      parameter: "learning_rate",
    });
    expect(fitting({ loss: "polynomial" }, sweep)).not.toHaveProperty("quantity");
  });

  test("a choice that brings a matrix brings one as large as the loss", () => {
    const sweep = set({ hessian: three });
    expect(fitting({ covariance: "matrix" }, sweep)).toEqual({ noise_covariance: unit });
    expect(fitting({ optimizer: "preconditioned" }, sweep)).toEqual({ preconditioner: unit });
    expect(fitting({ start: "gaussian" }, sweep)).toEqual({ start_covariance: unit });
    expect(fitting({ start: "point" }, sweep)).toEqual({ start_weights: [1, 1, 1] });
    expect(fitting({ covariance: "matrix", noise_covariance: three }, sweep)).toEqual({});
    expect(fitting({ covariance: "matrix" }, defaults)).toEqual({});
  });

  test("a typed Hessian leaves a typed matrix to the person", () => {
    expect(fitting({ hessian: three }, set({ covariance: "matrix" }))).toEqual({});
  });

  test("a noise that does not go with a new loss or optimizer gives way to a white one", () => {
    const data = set({ loss: "least_squares", covariance: "minibatch" });
    expect(fitting({ loss: "quadratic" }, data)).toEqual({ covariance: "white" });
    expect(fitting({ samples: 50 }, data)).toEqual({});
    expect(fitting({ loss: "polynomial" }, set({ covariance: "hessian" }))).toEqual({ covariance: "white" });
    const natural = set({ optimizer: "natural_gradient", covariance: "proportional" });
    expect(fitting({ optimizer: "momentum" }, natural)).toEqual({ covariance: "white" });
    expect(fitting({ optimizer: "adam" }, natural)).toEqual({});
    expect(fitting({ loss: "polynomial", covariance: "curvature" }, defaults)).toEqual({});
  });

  test("one that is asked for stands, whether or not it fits", () => {
    expect(fitting({ covariance: "minibatch" }, set({ law: "laplace" }))).toEqual({ law: "gaussian" });
  });

  test("the sweep goes along something that the scenario has", () => {
    const along = set({ momentum: 0.5, parameter: "momentum" });
    expect(fitting({ optimizer: "adam" }, along)).toEqual({ parameter: "learning_rate" });
    expect(fitting({ optimizer: "adam", parameter: "beta1" }, along)).toEqual({});
    expect(fitting({ loss: "polynomial" }, set({ coordinate: 2 }))).toEqual({ coordinate: 1 });
  });

  test("a covariance has two coordinates, or gives way to a variance", () => {
    const pair = set({ quantity: "covariance", coordinate: 1, other: 2 });
    expect(fitting({ loss: "polynomial" }, pair)).toEqual({ quantity: "variance" });
    expect(fitting({ loss: "least_squares", input_variances: [1, 1] }, pair)).toEqual({});
    const far = set({ hessian: three, quantity: "covariance", other: 3 });
    expect(fitting({ loss: "least_squares", input_variances: [1, 1] }, far)).toEqual({ other: 2 });
    expect(fitting({ parameter: "batch_size" }, set({ parameter: "curvature" }))).toEqual({});
    expect(fitting({ loss: "polynomial" }, set({ parameter: "curvature" }))).toMatchObject({
      parameter: "learning_rate",
    });
  });

  test("what it brings is part of the document that follows", () => {
    const asked = { optimizer: "preconditioned" };
    const sweep = set({ hessian: three });
    const next = set({ ...fitting(asked, sweep), ...asked }, sweep);
    expect(read(next, parameterNamed("preconditioner"))).toEqual(unit);
  });
});
