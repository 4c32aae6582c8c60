import { type Frame, grow, type Mark } from "../mark";
import { circle, type Stroke, type Surface, type Trace } from "../surface";
import type { Series } from "../theme";

/** Shape of a marker. Crosses have no inside and stay open. */
export type Marker = "circle" | "square" | "diamond" | "cross";

/** Measured values. */
export interface PointsOptions {
  /** Data units. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Half length of each error bar, data units: one standard error. */
  readonly error?: ArrayLike<number>;
  /** Circle where absent. */
  readonly marker?: Marker;
  /** CSS pixels at scale 1; 2.4 where absent. */
  readonly radius?: number;
  /** Experiment where absent. */
  readonly series?: Series;
  /** CSS colour, instead of the series'. */
  readonly color?: string;
  /** Filled with paper rather than colour. */
  readonly open?: boolean;
}

/**
 * Points with error bars. A point above or below the domain (+∞ and −∞ too) is a small triangle at that edge: off the
 * scale, but not hidden. A point beside the domain, or NaN, is not drawn.
 */
export function points(options: PointsOptions): Mark {
  const { x, y, error } = options;
  const series = options.series ?? "experiment";
  return {
    name: `points ${series}`,
    draw(surface, frame) {
      const { theme, area } = frame;
      const radius = (options.radius ?? 2.4) * theme.scale;
      const color = options.color ?? theme[series];
      const stroke = { color, width: 1.1 * theme.scale };
      const shown: [number, number][] = [];
      const beyond: Trace[] = [];
      const bars: Trace[] = [];
      for (let i = 0; i < Math.min(x.length, y.length); i++) {
        const [valueX, valueY] = [x[i] as number, y[i] as number];
        const px = frame.x.px(valueX);
        if (Number.isNaN(valueY) || !Number.isFinite(px) || !frame.x.shows(valueX)) continue;
        const edge = edgeOf(frame, valueY);
        if (edge === undefined) {
          shown.push([px, frame.y.px(valueY)]);
        } else {
          const tip = edge === "top" ? area.y : area.y + area.height;
          beyond.push(triangle(px, tip, (edge === "top" ? 1 : -1) * 3.2 * theme.scale));
        }
        const half = error?.[i];
        if (half !== undefined && half > 0) bars.push(bar(frame, px, valueY, half, radius));
      }
      const marker = options.marker ?? "circle";
      const outline = all(shown.map(([px, py]) => markerTrace(marker, px, py, radius)));
      const open = options.open === true || marker === "cross";
      // A rim of paper keeps markers off the curve behind them, but not off their own bars.
      if (!open) surface.path(outline, { stroke: { color: theme.paper, width: 1.2 * theme.scale } });
      surface.clip(grow(area, stroke.width), () => surface.path(all(bars), { stroke }));
      if (open) drawMarkers(surface, shown, marker, radius, { fill: theme.paper, stroke });
      else surface.path(outline, { fill: color });
      if (beyond.length > 0) surface.path(all(beyond), { fill: color });
    },
  };
}

/** Paints open markers at places in CSS pixels. */
export function drawMarkers(
  surface: Surface,
  places: readonly (readonly [number, number])[],
  marker: Marker,
  radius: number,
  paint: { readonly fill: string; readonly stroke: Stroke },
): void {
  const outline = all(places.map(([x, y]) => markerTrace(marker, x, y, radius)));
  surface.path(outline, marker === "cross" ? { stroke: paint.stroke } : paint);
}

function markerTrace(marker: Marker, x: number, y: number, radius: number): Trace {
  if (marker === "circle") return circle(x, y, radius);
  return (path) => {
    if (marker === "square") {
      const half = radius * 0.89; // the circle's area
      path.rect(x - half, y - half, 2 * half, 2 * half);
    } else if (marker === "diamond") {
      const half = radius * 1.25;
      path.moveTo(x, y - half);
      path.lineTo(x + half, y);
      path.lineTo(x, y + half);
      path.lineTo(x - half, y);
      path.closePath();
    } else {
      path.moveTo(x - radius, y - radius);
      path.lineTo(x + radius, y + radius);
      path.moveTo(x - radius, y + radius);
      path.lineTo(x + radius, y - radius);
    }
  };
}

/** A triangle which points out of the area at `tip`, `size` CSS pixels half its width (negative: downwards). */
function triangle(x: number, tip: number, size: number): Trace {
  return (path) => {
    path.moveTo(x, tip);
    path.lineTo(x - Math.abs(size), tip + 1.7 * size);
    path.lineTo(x + Math.abs(size), tip + 1.7 * size);
    path.closePath();
  };
}

/** The edge behind which a value lies, if it does. */
function edgeOf(frame: Frame, value: number): "top" | "bottom" | undefined {
  if (frame.y.shows(value)) return undefined;
  const [start, end] = frame.y.domain;
  const above = value > Math.max(start, end);
  return above === start < end ? "top" : "bottom";
}

/**
 * An error bar. It has caps where they lie clear of the marker, and none at an end without a place (below zero on a log
 * scale), where it runs to the edge.
 */
function bar(frame: Frame, px: number, value: number, half: number, radius: number): Trace {
  const high = frame.y.px(value + half);
  const low = frame.y.px(value - half);
  const floor = frame.y.px(Math.min(...frame.y.domain));
  const cap = radius * 1.35;
  const middle = frame.y.px(value);
  return (path) => {
    if (!Number.isFinite(high)) return;
    path.moveTo(px, Number.isFinite(low) ? low : floor);
    path.lineTo(px, high);
    for (const end of [low, high]) {
      if (!Number.isFinite(end) || Math.abs(end - middle) < radius + frame.theme.scale) continue;
      path.moveTo(px - cap, end);
      path.lineTo(px + cap, end);
    }
  };
}

function all(traces: readonly Trace[]): Trace {
  return (path) => {
    for (const trace of traces) trace(path);
  };
}
