import type { Frame, Mark } from "../mark";
import type { PathContext, Trace } from "../surface";

/** A part of the plane where something does not exist: no stationary state, say. */
export interface RegionOptions {
  /** Data units; a side that is absent lies at the area's edge. */
  readonly x0?: number;
  readonly x1?: number;
  readonly y0?: number;
  readonly y1?: number;
  /** Corners of a polygon in data units, instead of a rectangle. */
  readonly polygon?: { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> };
}

/** Distance between hatching lines, in CSS pixels at scale 1. */
const PITCH = 7;

/** A region in faint hatching, below the axes and all else. */
export function region(options: RegionOptions): Mark {
  return {
    name: "region",
    ground: true,
    draw(surface, frame) {
      const { area, theme } = frame;
      const outline =
        options.polygon === undefined ? rectangle(options, frame) : polygon(options.polygon, frame);
      if (outline === undefined) return;
      const pitch = PITCH * theme.scale;
      const hatching: Trace = (path) => {
        for (let at = pitch / 2; at < area.width + area.height; at += pitch) {
          // From the area's upper or right edge down to the left: cut to the area, so that lines stay short.
          const right = Math.min(at, area.width);
          const left = Math.max(0, at - area.height);
          path.moveTo(area.x + right, area.y + at - right);
          path.lineTo(area.x + left, area.y + at - left);
        }
      };
      surface.clip(area, () =>
        surface.clip(outline, () => {
          surface.path(outline, { fill: theme.muted, fillOpacity: 0.06 });
          surface.path(hatching, { stroke: { color: theme.muted, width: 0.8 * theme.scale, opacity: 0.35 } });
        }),
      );
    },
  };
}

function rectangle(options: RegionOptions, frame: Frame): Trace | undefined {
  const { area } = frame;
  const side = (
    value: number | undefined,
    px: (value: number) => number,
    edge: number,
    low: number,
    high: number,
  ) => (value === undefined ? edge : Math.min(high, Math.max(low, px(value))));
  const [right, bottom] = [area.x + area.width, area.y + area.height];
  const x0 = side(options.x0, frame.x.px, area.x, area.x, right);
  const x1 = side(options.x1, frame.x.px, right, area.x, right);
  const y0 = side(options.y0, frame.y.px, bottom, area.y, bottom);
  const y1 = side(options.y1, frame.y.px, area.y, area.y, bottom);
  const [width, height] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  if (!(width > 0 && height > 0)) return undefined;
  return (path: PathContext) => path.rect(Math.min(x0, x1), Math.min(y0, y1), width, height);
}

function polygon(corners: NonNullable<RegionOptions["polygon"]>, frame: Frame): Trace | undefined {
  const places: [number, number][] = [];
  for (let i = 0; i < Math.min(corners.x.length, corners.y.length); i++) {
    const at: [number, number] = [frame.x.px(corners.x[i] as number), frame.y.px(corners.y[i] as number)];
    if (at.every(Number.isFinite)) places.push(at);
  }
  if (places.length < 3) return undefined;
  return (path) => {
    places.forEach(([x, y], i) => {
      if (i === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    });
    path.closePath();
  };
}
