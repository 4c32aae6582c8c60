/**
 * Colours, faces and the fixed style of each series. A page gets the same values from theme.css, which is written from
 * these constants (theme-css.ts); a test holds the two together.
 */
import type { Stroke } from "./surface";

/** The three theories of the project, always under these names. */
export type Theory = "continuous" | "discrete" | "exact";

/** Whatever a curve or a point can belong to; `formula` is one that somebody has typed. */
export type Series = Theory | "experiment" | "formula";

/** Font families as CSS writes them. */
export interface Fonts {
  /** The face of words and of symbols in italic. */
  readonly text: string;
  /** The face of tick labels and readouts, whose digits are all equally wide. */
  readonly number: string;
}

/** Everything about a plot's look that is not its content. Colours are CSS colours. */
export interface Theme extends Readonly<Record<Series, string>> {
  readonly paper: string;
  readonly ink: string;
  /** Axes, tick labels, reference lines. */
  readonly muted: string;
  readonly grid: string;
  /** One hue from almost paper to the most that is shown, as #rrggbb. */
  readonly density: readonly string[];
  readonly fonts: Fonts;
  /** Factor on text, line widths and markers: 1 on a page, about 1.6 on a wall. */
  readonly scale: number;
}

const fonts: Fonts = {
  text: '"Source Serif 4 Variable", "Source Serif 4", Charter, "Iowan Old Style", Georgia, serif',
  number: '"Source Sans 3 Variable", "Source Sans 3", "Helvetica Neue", Arial, sans-serif',
};

/** Ink on warm paper. */
export const lightTheme: Theme = {
  paper: "#fbfaf7",
  ink: "#1b1b1d",
  muted: "#63625d",
  grid: "#e6e3db",
  continuous: "#c04a00",
  discrete: "#1f4fa8",
  exact: "#0a7f62",
  experiment: "#1b1b1d",
  formula: "#7a2458",
  density: ["#f3f0f4", "#d9d0e2", "#b3a3c8", "#8873a6", "#5f4a80"],
  fonts,
  scale: 1,
};

/** The same at night. */
export const darkTheme: Theme = {
  paper: "#15171a",
  ink: "#ebe8e1",
  muted: "#9c9a94",
  grid: "#2b2e33",
  continuous: "#ef8b36",
  discrete: "#5a97f2",
  exact: "#5bd3ab",
  experiment: "#ebe8e1",
  formula: "#d0609f",
  density: ["#1c1b22", "#342c44", "#54476f", "#7b6b9d", "#aa9bc9"],
  fonts,
  scale: 1,
};

/** Names of the colours which a page sets as custom properties. */
export const COLOR_NAMES = [
  "paper",
  "ink",
  "muted",
  "grid",
  "continuous",
  "discrete",
  "exact",
  "experiment",
  "formula",
] as const;

const DASHES: Readonly<Record<Series, readonly number[] | undefined>> = {
  continuous: [7, 4],
  discrete: undefined,
  exact: [0.01, 4.2],
  experiment: undefined,
  formula: [10, 3.5, 2, 3.5],
};

const WIDTHS: Readonly<Record<Series, number>> = {
  continuous: 1.6,
  discrete: 1.6,
  exact: 2.2,
  experiment: 1,
  formula: 1.6,
};

/** The line of a series, the same in every plot: continuous dashed, discrete solid, exact dotted. */
export function seriesStroke(theme: Theme, series: Series): Stroke {
  const dash = DASHES[series]?.map((length) => length * theme.scale);
  const stroke: Stroke = { color: theme[series], width: WIDTHS[series] * theme.scale };
  if (dash === undefined) return stroke;
  return { ...stroke, dash, cap: series === "exact" ? "round" : "butt" };
}

const FONT_SIZES = { tick: 12, axis: 13, label: 13.5 } as const;

/** Font size in CSS pixels. */
export function fontSize(theme: Theme, use: keyof typeof FONT_SIZES): number {
  return FONT_SIZES[use] * theme.scale;
}

/** The one place where a browser's style is asked; tests give their own. */
export type StyleOf = (element: Element) => { getPropertyValue(name: string): string };

/**
 * Reads a theme from the custom properties which an element inherits: `--paper`, `--ink`, … `--density-0` to
 * `--density-4`, `--font-text`, `--font-number`, `--plot-scale`. What is not set comes from `fallback`.
 */
export function themeFromCss(
  element: Element,
  fallback: Theme = lightTheme,
  styleOf: StyleOf = (of) => getComputedStyle(of),
): Theme {
  const style = styleOf(element);
  const read = (name: string, other: string) => style.getPropertyValue(`--${name}`).trim() || other;
  const colors = Object.fromEntries(COLOR_NAMES.map((name) => [name, read(name, fallback[name])]));
  const density = fallback.density.map((stop, i) => {
    const value = read(`density-${i}`, stop);
    return /^#[0-9a-f]{6}$/i.test(value) ? value : stop;
  });
  const scale = Number(read("plot-scale", ""));
  return {
    ...(colors as Record<(typeof COLOR_NAMES)[number], string>),
    density,
    fonts: {
      text: read("font-text", fallback.fonts.text),
      number: read("font-number", fallback.fonts.number),
    },
    scale: Number.isFinite(scale) && scale > 0 ? scale : fallback.scale,
  };
}
