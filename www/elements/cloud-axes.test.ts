import { expect, test } from "vitest";
import type { Prediction, Snapshot } from "../engine/engine";
import { lightTheme, linear, margin, toSvg } from "../plot";
import { write } from "../state/document";
import { defaults } from "../state/tables";
import { axesOf, blockOf, measuredOf, nameOf, placesOf } from "./cloud-axes";
import { alongAxis, plane } from "./cloud-plot";
import { Trails } from "./cloud-trails";
import { sameAxes, viewOf } from "./cloud-view";

const three = write(
  defaults,
  new Map([
    [
      "hessian",
      [
        [3, 0, 0],
        [0, 2, 0],
        [0, 0, 1],
      ],
    ],
  ]),
).scenario;
const half = Math.SQRT1_2;
const prediction = {
  modes: [{ direction: [half, half, 0] }, { direction: [half, -half, 0] }, { direction: [0, 0, 1] }],
} as unknown as Prediction;
const law = {
  covariance: [
    [2, 1, 0],
    [1, 4, 0],
    [0, 0, 9],
  ],
};

test("a view's numbers are cut to what there is, and two axes differ", () => {
  const axes = (across: number, upwards: number) =>
    axesOf(three, prediction, { plane: "coordinates", across, upwards });
  expect(axes(1, 3)).toEqual({ x: 0, y: 2 });
  expect(axes(9, 7)).toEqual({ x: 2, y: 1 });
  expect(axes(1, 1)).toEqual({ x: 0, y: 1 });
  expect(nameOf(axes(3, 1), 0)).toBe("w₃");
});

test("eigen-directions have the variance along them", () => {
  const axes = axesOf(three, prediction, { plane: "directions", across: 1, upwards: 3 });
  expect(axes.directions?.[1]).toEqual([0, 0, 1]);
  expect(nameOf(axes, 1)).toBe("u₃");
  const block = blockOf(law, axes);
  expect(block?.[0][0]).toBeCloseTo(4, 12); // (2 + 2·1 + 4)/2
  expect(block?.[1]).toEqual([0, 9]);
  expect(blockOf(law, axesOf(three, prediction, { plane: "coordinates", across: 2, upwards: 3 }))).toEqual([
    [4, 0],
    [0, 9],
  ]);
  // Before the directions are known the coordinates are shown.
  expect(axesOf(three, undefined, { plane: "directions", across: 1, upwards: 2 }).directions).toBeUndefined();
});

test("what is measured along directions comes with the snapshot", () => {
  const axes = axesOf(three, prediction, { plane: "directions", across: 1, upwards: 2 });
  const snapshot = { along: Float64Array.of(0.1, 0.2, 4, 0.5, 2, 0.04, 0.005, 0.02) } as unknown as Snapshot;
  expect(measuredOf(snapshot, axes)).toEqual({
    mean: [0.1, 0.2],
    covariance: [
      [4, 0.5],
      [0.5, 2],
    ],
    error: [
      [0.04, 0.005],
      [0.005, 0.02],
    ],
  });
  expect(measuredOf({} as Snapshot, axes).covariance).toBeUndefined();
  const [x = 0, y = 0, ...others] = placesOf([1, 1, 5, 2, 0, 5], 3, axes);
  expect(x).toBeCloseTo(Math.SQRT2, 12);
  expect(y).toBeCloseTo(0, 12);
  expect(others[0]).toBeCloseTo(Math.SQRT2, 12);
});

test("the view is as wide as the law along its axes, and says them", () => {
  const axes = axesOf(three, prediction, { plane: "directions", across: 1, upwards: 3 });
  const both = { continuous: { stationary: law }, discrete: { stationary: law } } as unknown as Prediction;
  const view = viewOf(three, both, undefined, axes);
  expect(view.high[0]).toBeCloseTo(3.7 * 2, 12);
  expect(view.high[1]).toBeCloseTo(3.7 * 3, 12);
  expect(sameAxes(view, axes)).toBe(true);
  expect(sameAxes(view, { x: 0, y: 2 })).toBe(false);
});

test("trails are as long as they may be, and begin anew with an earlier step", () => {
  const trails = new Trails();
  const axes = { x: 0, y: 1 };
  for (let step = 0; step < 40; step++) trails.add(step, [step, step, -step, step], axes);
  expect(trails.pictures).toBe(14);
  trails.add(39, [0, 0, 0, 0], axes);
  expect(trails.pictures).toBe(14);
  expect(trails.marks()).toHaveLength(14); // 13 ages and the dots
  trails.add(3, [0, 0, 0, 0], axes);
  expect(trails.pictures).toBe(1);
  // Another Hessian turns the eigen-directions: at the same step too.
  trails.add(4, [0, 0, 0, 0], axes);
  trails.add(4, [1, 0, 1, 0], { x: 0, y: 2 });
  expect(trails.pictures).toBe(1);
  trails.clear();
  expect(trails.marks()).toEqual([]);
});

test("marginals count every cell once, along both axes", () => {
  const seen = {
    view: { columns: 3, rows: 2 },
    counts: Uint32Array.of(1, 2, 3, 4, 5, 6),
  } as unknown as Snapshot;
  expect(alongAxis(seen, 0)).toEqual([5, 7, 9]);
  expect(alongAxis(seen, 1)).toEqual([6, 15]);
});

test("a margin grows inwards from its edge, with the curves in its scale", () => {
  const plot = (edge: "bottom" | "left") => ({
    width: 300,
    height: 200,
    title: "",
    description: "",
    x: { scale: linear(-2, 2) },
    y: { scale: linear(-2, 2) },
    marks: [
      margin({
        edge,
        edges: [-1, 0, 1],
        heights: [1, 2],
        most: 2,
        curves: [{ series: "discrete" as const, values: [1, 1] }],
      }),
    ],
  });
  const shapes = (["bottom", "left"] as const).map((edge) => toSvg(plot(edge), lightTheme));
  for (const svg of shapes) {
    expect(svg).toContain("margin");
    expect(svg).not.toContain("NaN");
  }
  expect(shapes[0]).not.toBe(shapes[1]);
  const flat = toSvg(
    { ...plot("left"), marks: [margin({ edge: "left", edges: [0, 1], heights: [0], most: 0 })] },
    lightTheme,
  );
  expect(flat).not.toContain("NaN");
});

test("a plane of directions names its axes", () => {
  const axes = axesOf(three, prediction, { plane: "directions", across: 1, upwards: 2 });
  const both = {
    continuous: { stationary: law },
    discrete: null,
    modes: prediction.modes,
  } as unknown as Prediction;
  const view = viewOf(three, both, undefined, axes);
  const snapshot = {
    view,
    step: 3,
    counts: new Uint32Array(view.columns * view.rows),
    measurement: { replicas: 5 },
  } as unknown as Snapshot;
  const picture = plane(snapshot, both, 5, axes);
  expect(picture.x.title).toBe("along *u*₁");
  expect(picture.marks.map(({ name }) => name)).toContain("margin left");
});
