import { scaleLinear, scaleLog } from "d3-scale";
import { plain, type RichText, rich } from "./rich";

/** The two ends of an interval: the start may be the larger one. */
export type Interval = readonly [start: number, end: number];

/** A scale before it is given a place: its kind and the data that it shows, exactly, without rounding up. */
export interface ScaleSpec {
  readonly kind: "linear" | "log";
  /** Data units. */
  readonly domain: Interval;
}

/** A value on an axis. */
export interface Tick {
  /** Data units. */
  readonly value: number;
  /** Empty at a minor tick. */
  readonly label: RichText;
  readonly minor: boolean;
}

/** A scale in its place. */
export interface Scale extends ScaleSpec {
  /** CSS pixels. */
  readonly range: Interval;
  /**
   * Place of a value in CSS pixels; NaN for what has no place (not finite, or not positive on a log scale). Places far
   * outside are pulled in to a few screens away, where no surface loses precision.
   */
  px(value: number): number;
  /** Value at a place in CSS pixels. */
  value(px: number): number;
  /** Whether a value lies in the domain, ends included. */
  shows(value: number): boolean;
  /** About `count` labelled ticks, and minor ones on a log scale. */
  ticks(count: number, format?: (value: number) => RichText): readonly Tick[];
}

/** A linear scale from `start` to `end`, in data units. An empty interval is opened; a bad one throws a RangeError. */
export function linear(start: number, end: number): ScaleSpec {
  if (!Number.isFinite(start) || !Number.isFinite(end) || !Number.isFinite(end - start)) {
    throw new RangeError(`a linear scale needs a finite domain, got [${start}, ${end}]`);
  }
  const half = start === 0 ? 1 : Math.abs(start) / 2;
  return { kind: "linear", domain: start === end ? [start - half, end + half] : [start, end] };
}

/** A logarithmic scale from `start` to `end`, both positive. */
export function log(start: number, end: number): ScaleSpec {
  const bad = !(start > 0 && end > 0 && Number.isFinite(start) && Number.isFinite(end));
  if (bad) throw new RangeError(`a log scale needs a positive, finite domain, got [${start}, ${end}]`);
  return { kind: "log", domain: start === end ? [start / 2, end * 2] : [start, end] };
}

/** Smallest and largest finite value (and positive, for a log scale) of several lists; undefined if there is none. */
export function extent(
  lists: readonly ArrayLike<number>[],
  kind: ScaleSpec["kind"] = "linear",
): Interval | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      const value = list[i] as number;
      if (!Number.isFinite(value) || (kind === "log" && value <= 0)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low <= high ? [low, high] : undefined;
}

/** A place further out than this, in CSS pixels from the range, is drawn no differently. */
const FAR = 20_000;

/** Puts a scale on a range of CSS pixels. */
export function place(spec: ScaleSpec, range: Interval): Scale {
  const { kind, domain } = spec;
  const base = kind === "linear" ? scaleLinear(domain, range) : scaleLog(domain, range);
  const [low, high] = [Math.min(...domain), Math.max(...domain)];
  const [near, far] = [Math.min(...range) - FAR, Math.max(...range) + FAR];
  return {
    kind,
    domain,
    range,
    px(value) {
      if (!Number.isFinite(value) || (kind === "log" && value <= 0)) return Number.NaN;
      return Math.min(far, Math.max(near, base(value)));
    },
    value: (px) => base.invert(px),
    shows: (value) => value >= low && value <= high,
    ticks(count, format) {
      const values = kind === "linear" ? base.ticks(count) : logTicks(low, high, count);
      const all = kind === "linear" ? values : [...new Set([...values, ...minorLogTicks(low, high)])];
      const shown = new Set(values);
      const write = format ?? tickFormat(values, kind);
      return all
        .sort((a, b) => a - b)
        .map((value) => ({ value, label: shown.has(value) ? write(value) : [], minor: !shown.has(value) }));
    },
  };
}

/** Labelled values of a log axis: 1, 2 and 5 of each decade while they are few, else powers of ten. */
function logTicks(low: number, high: number, count: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const among = (steps: readonly number[], stride: number) => {
    const values: number[] = [];
    for (let power = first; power <= last; power++) {
      if (power % stride === 0) values.push(...steps.map((step) => decimal(step, power)));
    }
    return values.filter((value) => value >= low && value <= high);
  };
  const finest = among([1, 2, 5], 1);
  if (finest.length < 2) return scaleLinear([low, high], [0, 1]).ticks(count);
  for (const [steps, stride] of [
    [[1, 2, 5], 1],
    [[1, 3], 1],
    [[1], 1],
    [[1], 2],
    [[1], 3],
    [[1], 5],
  ] as const) {
    const values = among(steps, stride);
    if (values.length <= count * 1.4 && values.length >= 2) return values;
  }
  return among([1], 10 * Math.ceil((last - first) / (10 * count)));
}

function minorLogTicks(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const values: number[] = [];
  if (last - first > 8) return values;
  for (let power = first; power <= last; power++) {
    for (let step = 1; step <= 9; step++) values.push(decimal(step, power));
  }
  return values.filter((value) => value >= low && value <= high);
}

/** step · 10^power, to the last bit what its decimal notation says. */
function decimal(step: number, power: number): number {
  return Number(`${step}e${power}`);
}

/** How the labels of one axis are written: all as decimals, or, where these were long, all as powers of ten. */
export function tickFormat(values: readonly number[], kind: ScaleSpec["kind"]): (value: number) => RichText {
  const sizes = values.filter((value) => value !== 0).map(Math.abs);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const short = kind === "log" ? least >= 0.01 && most <= 1000 : most >= 0.001 && most < 1e5;
  if (sizes.length === 0 || short) return (value) => plain(decimalText(value));
  return (value) => {
    if (value === 0) return plain("0");
    const [digits = "", power = ""] = value.toExponential(6).split("e");
    const mantissa = Number(digits);
    const factor = mantissa === 1 ? "" : `${decimalText(mantissa)}·`;
    return rich(`${factor}10^{${Number(power)}}`);
  };
}

/** A number without the noise of its last bits, with a true minus sign. */
function decimalText(value: number): string {
  return String(Number(value.toPrecision(12))).replace("-", "−");
}
