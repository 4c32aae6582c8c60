import type { Mark } from "../mark";
import type { Pixels } from "../surface";

/** A grid of counts, or of any values not below zero, over a rectangle of the plane. Linear scales only. */
export interface DensityOptions {
  /** Row by row: cell (column, row) is `values[row * columns + column]`; column 0 at x0, row 0 at y0. */
  readonly values: ArrayLike<number>;
  readonly columns: number;
  readonly rows: number;
  /** Data units: the outer edges of the first and last cells. */
  readonly x: readonly [x0: number, x1: number];
  readonly y: readonly [y0: number, y1: number];
  /** How a value becomes depth of colour. `sqrt` where absent: it shows the tails. */
  readonly scaling?: "linear" | "sqrt" | "log";
  /** The value that gets full colour; the largest where absent. Fix it in an animation. */
  readonly max?: number;
  /** Standard deviation of a Gaussian that smooths the grid, in cells; none where absent. The total stays the same. */
  readonly blur?: number;
  /** Interpolates between cells. True where absent. */
  readonly smooth?: boolean;
}

/** A density in one hue, from nothing (transparent) at zero to the deepest tone at `max`. Below the axes. */
export function density(options: DensityOptions): Mark {
  return {
    name: "density",
    ground: true,
    draw(surface, frame) {
      const { x, y, columns, rows } = options;
      const [left, right] = [frame.x.px(x[0]), frame.x.px(x[1])];
      const [bottom, top] = [frame.y.px(y[0]), frame.y.px(y[1])];
      if (![left, right, bottom, top].every(Number.isFinite) || !(columns > 0 && rows > 0)) return;
      const place = {
        x: Math.min(left, right),
        y: Math.min(top, bottom),
        width: Math.abs(right - left),
        height: Math.abs(bottom - top),
      };
      const pixels = shade(options, frame.theme.density, right < left, top < bottom);
      surface.clip(frame.area, () => surface.image(pixels, place, options.smooth ?? true));
    },
  };
}

/** Colours of a grid. `mirror`: columns run leftwards; `upwards`: row 0 belongs at the picture's lower edge. */
export function shade(
  options: DensityOptions,
  stops: readonly string[],
  mirror: boolean,
  upwards: boolean,
): Pixels {
  const { columns, rows, scaling = "sqrt" } = options;
  const values = smoothed(options);
  let max = options.max ?? 0;
  if (options.max === undefined) for (const value of values) max = Math.max(max, value);
  const depth = (value: number): number => {
    if (!(value > 0 && max > 0)) return 0;
    const part = Math.min(1, value / max);
    if (scaling === "sqrt") return Math.sqrt(part);
    // Over three decades: what is below a thousandth of the largest value looks like nothing.
    return scaling === "log" ? Math.max(0, 1 + Math.log10(part) / 3) : part;
  };
  const ramp = rampOf(stops);
  const rgba = new Uint8ClampedArray(columns * rows * 4);
  const colors = new Uint32Array(rgba.buffer);
  for (let row = 0; row < rows; row++) {
    const line = (upwards ? rows - 1 - row : row) * columns;
    for (let column = 0; column < columns; column++) {
      const to = line + (mirror ? columns - 1 - column : column);
      colors[to] = ramp[Math.round(255 * depth(values[row * columns + column] as number))] as number;
    }
  }
  return { width: columns, height: rows, rgba };
}

/**
 * 256 colours along the stops, as pixels. The first fifth fades in from nothing, so that a density has no edge; its
 * colour there is the first stop's, which is nearly the paper's.
 */
function rampOf(stops: readonly string[]): Uint32Array {
  const colors = stops.map((stop) => [1, 3, 5].map((at) => Number.parseInt(stop.slice(at, at + 2), 16)));
  const bytes = new Uint8ClampedArray(256 * 4);
  for (let i = 1; i < 256; i++) {
    const at = (i / 255) * (colors.length - 1);
    const below = Math.min(colors.length - 2, Math.floor(at));
    for (let channel = 0; channel < 3; channel++) {
      const [from = 0, to = 0] = [colors[below]?.[channel], colors[below + 1]?.[channel]];
      bytes[4 * i + channel] = from + (to - from) * (at - below);
    }
    bytes[4 * i + 3] = Math.min(255, i * 5);
  }
  // A clear pixel keeps the first stop's colour: interpolation towards black would show as a dark rim.
  for (let channel = 0; channel < 3; channel++) bytes[channel] = colors[0]?.[channel] ?? 0;
  return new Uint32Array(bytes.buffer);
}

/** The grid, what is not a positive number taken as zero, with a Gaussian over rows and columns. */
function smoothed(options: DensityOptions): Float64Array {
  const { values, columns, rows, blur = 0 } = options;
  const grid = Float64Array.from({ length: columns * rows }, (_, i) => {
    const value = values[i] ?? 0;
    return value > 0 && value < Number.POSITIVE_INFINITY ? value : 0;
  });
  if (!(blur > 0)) return grid;
  const reach = Math.min(16, Math.ceil(3 * blur));
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / blur) ** 2));
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const spread = (from: Float64Array, count: number, step: number, lines: number, stride: number) => {
    const to = new Float64Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < count; i++) {
        const value = from[line * stride + i * step] as number;
        if (value === 0) continue;
        for (let k = -reach; k <= reach; k++) {
          // What would leave the grid stays in its last cell.
          const at = line * stride + Math.min(count - 1, Math.max(0, i + k)) * step;
          to[at] = (to[at] as number) + (value * (kernel[k + reach] as number)) / total;
        }
      }
    }
    return to;
  };
  return spread(spread(grid, columns, 1, rows, columns), rows, columns, columns, 1);
}
