/** The picture of SGD's divergence from the posterior against the learning rate. */
import type { BayesPrediction } from "../engine/engine";
import {
  key,
  line,
  linear,
  log,
  type Mark,
  type NoteOptions,
  notes,
  type Plot,
  plain,
  points,
  readout,
  region,
  rule,
} from "../plot";
import type { ExactCurve } from "./bayes-exact";
import { digits } from "./numbers";

/** How the axis of learning rates is spaced: "auto" where the optimum can be seen. */
export type Scale = "auto" | "linear" | "log";

/** An optimum below this share of the limit is seen on a logarithmic axis only. */
const SMALL = 0.12;
/** How far beyond the limit of stability the axis goes at most. */
const BEYOND = 2;
/** A divergence below which the match counts as perfect in the picture. */
const PERFECT = 2e-4;
/** What is read at a learning rate. */
export function readoutOfRate(
  { learning_rates, divergences }: BayesPrediction,
  exact: ExactCurve | undefined,
  index: number,
): string[] {
  const rate = learning_rates[index] as number;
  const law = exact ? [`exact ${nats(nearest(exact, rate))}`] : [];
  return [`λ = ${digits(rate, 4)}`, `${exact ? "discrete " : ""}${nats(divergences[index])}`, ...law];
}

const nats = (value: number | undefined) => (value === undefined ? "infinite" : `${digits(value, 4)} nats`);

/** The exact divergence at the learning rate next to a given one. */
function nearest({ rates, divergences }: ExactCurve, rate: number): number | undefined {
  const far = (i: number) => Math.abs(Math.log((rates[i] as number) / rate));
  const found = rates.reduce((best, _, i) => (far(i) < far(best) ? i : best), 0);
  return divergences[found];
}

export function divergencePlot(
  bayes: BayesPrediction,
  exact: ExactCurve | undefined,
  scale: Scale,
  cursor: number | undefined,
  size: { readonly width: number; readonly height: number; readonly description: string },
): Plot {
  const { learning_rates, divergences, optimum, continuous, continuous_divergence, limit } = bayes;
  const { learning_rate, divergence } = bayes;
  const fits = optimum.learning_rate < SMALL * limit ? "log" : "linear";
  const small = (scale === "auto" ? fits : scale) === "log";
  const far = Math.max(limit, continuous.learning_rate, learning_rate) * (small ? 1.25 : 1.05);
  const end = Math.min(far, BEYOND * limit);
  const first = Math.min(learning_rates[0] ?? limit / 100, learning_rate / 1.3);
  const x = small ? log(first, end) : linear(0, end);
  // From below the optimum to where both ends have risen well above the two numbers that are spoken of.
  const told = [optimum.divergence, continuous_divergence ?? 0, divergence ?? 0];
  const [least, most] = [Math.max(optimum.divergence, PERFECT), Math.max(...told)];
  const y = log(least / 2, Math.max(40 * least, 4 * most));
  const top = y.domain[1];
  const marks: Mark[] = [];
  if (limit < x.domain[1]) marks.push(region({ x0: limit }), rule({ x: limit, label: "diverges" }));
  marks.push(line({ x: learning_rates, y: divergences, series: "discrete" }));
  if (exact) {
    const values = exact.divergences.map((value) => value ?? Number.NaN);
    marks.push(line({ x: exact.rates, y: values, series: "exact" }));
    marks.push(
      key([
        { series: "discrete", text: "discrete" },
        { series: "exact", text: "exact" },
      ]),
    );
  }
  marks.push(
    points({
      x: [optimum.learning_rate],
      y: [Math.max(optimum.divergence, y.domain[0])],
      series: "discrete",
      radius: 4.6,
    }),
  );
  const words: NoteOptions[] = [
    {
      text: `best *λ* = ${digits(optimum.learning_rate, 3)}`,
      x: optimum.learning_rate,
      y: Math.max(optimum.divergence, y.domain[0]),
      // A perfect match lies on the axis: beside it, not below.
      ...(optimum.divergence > PERFECT ? { dy: 16, anchor: "middle" as const } : { dx: 12, dy: -10 }),
      series: "discrete",
    },
  ];
  marks.push(rule({ x: continuous.learning_rate }));
  marks.push(
    points({
      x: [continuous.learning_rate],
      y: [continuous_divergence ?? Number.POSITIVE_INFINITY],
      series: "continuous",
      marker: "diamond",
      radius: 5,
      open: true,
    }),
  );
  words.push({
    text: `continuous ${digits(continuous.learning_rate, 3)}`,
    x: continuous.learning_rate,
    y: top / (top / y.domain[0]) ** 0.08,
    dx: continuous.learning_rate > 0.6 * end ? -6 : 6,
    anchor: continuous.learning_rate > 0.6 * end ? "end" : "start",
    series: "continuous",
  });
  if (divergence != null) {
    marks.push(
      points({ x: [learning_rate], y: [divergence], series: "experiment", marker: "square", radius: 3.4 }),
    );
    words.push({ text: "here", x: learning_rate, y: divergence, dx: 8, series: "experiment" });
  }
  // Words come last, each where it hides the least.
  marks.push(
    notes(words, [
      { x: learning_rates, y: divergences },
      ...(exact ? [{ x: exact.rates, y: exact.divergences.map((value) => value ?? Number.NaN) }] : []),
      ...[continuous.learning_rate, limit].map((x) => ({ x: [x] })),
      { x: [optimum.learning_rate], y: [optimum.divergence] },
      { x: [continuous.learning_rate], y: [continuous_divergence ?? Number.NaN] },
    ]),
  );
  if (cursor !== undefined) {
    const [head = "", ...rest] = readoutOfRate(bayes, exact, cursor);
    const place = learning_rates[cursor] as number;
    const rings = [{ y: divergences[cursor] as number, series: "discrete" as const }];
    const lines = [
      { text: plain(head) },
      ...rest.map((text, i) => ({
        text: plain(text),
        series: i === 0 ? ("discrete" as const) : ("exact" as const),
      })),
    ];
    marks.push(readout({ x: place, rings, lines }));
  }
  return {
    ...size,
    title: "Divergence of SGD’s law from the posterior against the learning rate",
    x: { scale: x, title: "learning rate *λ*" },
    y: { scale: y, title: "divergence *D*, in nats" },
    marks,
  };
}
