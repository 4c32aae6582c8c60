import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  COLOR_NAMES,
  darkTheme,
  lightTheme,
  type Series,
  seriesStroke,
  type Theme,
  themeFromCss,
} from "./theme";
import { themeCss } from "./theme-css";

const CSS_FILE = new URL("./theme.css", import.meta.url);
/** WCAG 2.2, success criterion 1.4.3. */
const LEAST_CONTRAST = 4.5;
/** In OKLab, where 0.02 is a just noticeable difference: four of them between any two series. */
const LEAST_DISTANCE = 0.08;

const themes: [string, Theme][] = [
  ["light", lightTheme],
  ["dark", darkTheme],
];

const linearChannels = (color: string) =>
  [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });

const dot = (row: readonly number[], vector: readonly number[]) =>
  row.reduce((sum, weight, i) => sum + weight * (vector[i] as number), 0);

function contrast(a: string, b: string): number {
  const [bright, dim] = [a, b]
    .map((color) => dot([0.2126, 0.7152, 0.0722], linearChannels(color)))
    .sort((x, y) => y - x) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
}

/** Machado, Oliveira and Fernandes 2009, severity 1. */
const VISION = {
  usual: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

function seen(color: string, vision: readonly number[]): number[] {
  const rgb = linearChannels(color);
  const shifted = [0, 3, 6].map((at) => Math.min(1, Math.max(0, dot(vision.slice(at, at + 3), rgb))));
  const lms = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
  ].map((row) => Math.cbrt(dot(row, shifted)));
  return [
    [0.2104542553, 0.793617785, -0.0040720468],
    [1.9779984951, -2.428592205, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.808675766],
  ].map((row) => dot(row, lms));
}

describe.each(themes)("%s theme", (_, theme) => {
  test.each(["ink", "muted", "continuous", "discrete", "exact", "experiment", "formula"] as const)(
    "%s is readable on paper",
    (name) => {
      expect(contrast(theme[name], theme.paper)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
    },
  );

  test.each(Object.entries(VISION))("series stay apart with %s", (_, vision) => {
    const series: Series[] = ["continuous", "discrete", "exact", "experiment", "formula"];
    for (const a of series) {
      for (const b of series.slice(series.indexOf(a) + 1)) {
        const [labA, labB] = [seen(theme[a], vision), seen(theme[b], vision)];
        const distance = Math.hypot(...labA.map((value, i) => value - (labB[i] as number)));
        expect(distance, `${a} and ${b}`).toBeGreaterThanOrEqual(LEAST_DISTANCE);
      }
    }
  });

  test("the density ramp goes from paper away, step by step", () => {
    const steps = theme.density.map((stop) => contrast(stop, theme.paper));
    expect(steps[0]).toBeLessThan(1.15);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(-1)).toBeGreaterThan(LEAST_CONTRAST);
  });
});

test("lines tell theories apart without colour, at every scale", () => {
  const wall = { ...lightTheme, scale: 2 };
  expect(seriesStroke(wall, "continuous")).toMatchObject({ dash: [14, 8], cap: "butt" });
  expect(seriesStroke(wall, "discrete").dash).toBeUndefined();
  expect(seriesStroke(wall, "exact")).toMatchObject({ cap: "round" });
});

test("theme.css holds what theme.ts holds", () => {
  if (process.env.THEME_CSS === "write") writeFileSync(CSS_FILE, themeCss());
  const css = readFileSync(CSS_FILE, "utf8");
  expect(css).toBe(themeCss());
  for (const name of COLOR_NAMES) {
    expect(css).toContain(`--${name}: ${lightTheme[name]};`);
    expect(css).toContain(`--${name}: ${darkTheme[name]};`);
  }
});

describe("themeFromCss", () => {
  const read = (values: Record<string, string>, fallback?: Theme) =>
    themeFromCss({} as Element, fallback, () => ({ getPropertyValue: (name) => values[name] ?? "" }));

  test("reads what is set and keeps the rest", () => {
    const theme = read({ "--ink": " #123456", "--density-4": "#654321", "--plot-scale": "1.5" }, darkTheme);
    expect(theme).toMatchObject({ ink: "#123456", paper: darkTheme.paper, scale: 1.5 });
    expect(theme.density).toEqual([...darkTheme.density.slice(0, 4), "#654321"]);
  });

  test("does not take a density stop or a scale that it cannot use", () => {
    const theme = read({ "--density-0": "oklch(0.5 0 0)", "--plot-scale": "0" });
    expect(theme.density).toEqual(lightTheme.density);
    expect(theme.scale).toBe(1);
  });
});
