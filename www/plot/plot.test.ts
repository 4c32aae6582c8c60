import { describe, expect, test } from "vitest";
import { density } from "./marks/density";
import { ellipses } from "./marks/ellipse";
import { endLabels } from "./marks/labels";
import { line } from "./marks/line";
import { points } from "./marks/points";
import { rule } from "./marks/rule";
import { frameOf, type Plot, toSvg } from "./plot";
import { linear, log } from "./scale";
import { expectPicture, groupOf, plotOf } from "./testing";
import { darkTheme, lightTheme } from "./theme";

/** The paper's Fig. 2(a): variance against learning rate for L = w²/2 and white noise of variance 1. */
function sweep(width: number, height: number): Plot {
  const rates = Array.from({ length: 100 }, (_, i) => (i + 1) / 50);
  const discrete = rates.map((rate) => rate / (2 - rate));
  const continuous = rates.map((rate) => rate / 2);
  const measuredAt = Array.from({ length: 15 }, (_, i) => (i + 1) / 8);
  const measured = measuredAt.map((rate, i) => (rate / (2 - rate)) * (1 + 0.02 * Math.sin(5 * i)));
  return {
    width,
    height,
    title: "Variance against learning rate",
    description: "The measured variance follows λ/(2 − λ), not λ/2.",
    x: { scale: linear(0, 2), title: "learning rate *λ*" },
    y: { scale: linear(0, 6), title: "variance of *w*" },
    marks: [
      rule({ x: 2, label: "diverges beyond *λ* = 2" }),
      line({ x: rates, y: continuous, series: "continuous" }),
      line({ x: rates, y: discrete, series: "discrete" }),
      points({ x: measuredAt, y: measured, error: measured.map((value) => 0.03 * value) }),
      endLabels([
        { text: "continuous *λ*/2", x: rates, y: continuous, series: "continuous" },
        { text: "discrete *λ*/(2 − *λ*)", x: rates, y: discrete, series: "discrete" },
      ]),
    ],
  };
}

function cloud(width: number, height: number): Plot {
  const [columns, rows] = [24, 24];
  const values = Array.from({ length: columns * rows }, (_, i) => {
    const [x, y] = [((i % columns) - 11.5) / 2, (Math.floor(i / columns) - 11.5) / 2];
    return Math.round(40 * Math.exp(-(x * x) / 4 - (y * y) / 2));
  });
  return {
    width,
    height,
    title: "Cloud",
    description: "The density of 10⁴ replicas.",
    aspect: "equal",
    x: { scale: linear(-5, 5), title: "*w*_1" },
    y: { scale: linear(-4, 4), title: "*w*_2" },
    marks: [
      density({ values, columns, rows, x: [-6, 6], y: [-6, 6] }),
      ellipses([
        {
          covariance: [
            [0.6, 0],
            [0, 0.3],
          ],
          series: "continuous",
          label: "continuous 3*σ*",
        },
        {
          covariance: [
            [2, 0],
            [0, 1],
          ],
          series: "discrete",
          label: "discrete 3*σ*",
        },
        {
          covariance: [
            [2.02, 0.03],
            [0.03, 0.98],
          ],
          series: "experiment",
          label: "measured",
        },
      ]),
    ],
  };
}

describe("a whole plot", () => {
  test("sweep, wide", () => expectPicture(sweep(860, 480), "sweep-wide"));
  test("sweep on a phone, dark", () => expectPicture(sweep(350, 280), "sweep-narrow-dark", darkTheme));
  test("cloud", () => expectPicture(cloud(520, 420), "cloud"));
  test("log axes with a grid", () =>
    expectPicture(
      {
        ...plotOf([line({ x: [1e-4, 10], y: [1e-6, 0.1], series: "discrete" })]),
        x: { scale: log(1e-4, 10), title: "learning rate *λ*", grid: true },
        y: { scale: log(1e-6, 1), title: "rate *γ*", grid: true },
      },
      "axes-log-grid",
    ));
  test("own ticks and a hidden axis", () =>
    expectPicture(
      {
        ...plotOf([]),
        x: { scale: linear(0, 2), ticks: [0, 0.375, 2, 3] },
        y: { scale: linear(0, 2), hidden: true },
      },
      "axes-own-ticks",
    ));

  test("is the same each time", () => {
    expect(toSvg(cloud(520, 420), lightTheme)).toBe(toSvg(cloud(520, 420), lightTheme));
  });
});

describe("frameOf", () => {
  test("takes a side's margin as given and makes room for the rest", () => {
    const { area } = frameOf({ ...plotOf([]), margin: { left: 90, right: 0 } }, lightTheme);
    expect(area.x).toBe(90);
    expect(area.x + area.width).toBe(300);
    expect(area.y).toBeGreaterThan(10);
    expect(area.y + area.height).toBeLessThan(170);
  });
  test("makes room for longer tick labels and for larger text", () => {
    const left = (max: number, scale = 1) =>
      frameOf(plotOf([], linear(0, 1), linear(0, max)), { ...lightTheme, scale }).area.x;
    expect(left(10_000)).toBeGreaterThan(left(1) + 10);
    expect(left(1, 2)).toBeGreaterThan(1.8 * left(1));
  });
  test("survives a plot without room", () => {
    const { area } = frameOf({ ...plotOf([]), width: 5, height: 5 }, lightTheme);
    expect(area.width).toBeGreaterThan(0);
    expect(area.height).toBeGreaterThan(0);
  });
});

test("layers: ground marks below the axes, the rest above, in their order", () => {
  const svg = toSvg(cloud(520, 420), lightTheme);
  const at = ["density", "axis x", "ellipses"].map((name) => svg.indexOf(`<g class="${name}">`));
  expect(at).toEqual([...at].sort((a, b) => a - b));
  expect(at.every((index) => index > 0)).toBe(true);
  expect(groupOf(svg, "axis x").length).toBeGreaterThan(4);
});

test("an exported picture has paper around it", () => {
  const svg = toSvg(plotOf([]), lightTheme, 16);
  expect(svg).toContain('width="332" height="232" viewBox="-16 -16 332 232"');
  expect(svg).toContain(`<rect x="-16" y="-16" width="332" height="232" fill="${lightTheme.paper}"/>`);
  expect(toSvg(plotOf([]), lightTheme)).toContain('viewBox="0 0 300 200"');
});
