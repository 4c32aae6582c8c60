import { area as d3area } from "d3-shape";
import type { LineStyle, Mark } from "../mark";
import { strokeOf } from "../mark";
import { forShape, type PathContext } from "../surface";

/** The room between two curves: a band of uncertainty, or what is below a density. */
export interface AreaOptions extends Pick<LineStyle, "series" | "color" | "opacity"> {
  /** Data units. */
  readonly x: ArrayLike<number>;
  /** Data units; the lower edge of the plot area where absent. */
  readonly y0?: ArrayLike<number>;
  /** Data units. */
  readonly y1: ArrayLike<number>;
}

/** A faint filling between two curves, broken like a line where a point has no place. */
export function area(options: AreaOptions): Mark {
  const { x, y0, y1 } = options;
  return {
    name: `area ${options.series ?? "plain"}`,
    ground: true,
    draw(surface, frame) {
      const floor = frame.area.y + frame.area.height;
      const px = (i: number) => frame.x.px(x[i] ?? Number.NaN);
      const low = (i: number) => (y0 === undefined ? floor : frame.y.px(y0[i] ?? Number.NaN));
      const high = (i: number) => frame.y.px(y1[i] ?? Number.NaN);
      const length = Math.min(x.length, y1.length, y0?.length ?? Number.POSITIVE_INFINITY);
      const trace = (path: PathContext) => {
        const shape = d3area<unknown>()
          .defined((_, i) => Number.isFinite(px(i)) && Number.isFinite(low(i)) && Number.isFinite(high(i)))
          .x((_, i) => px(i))
          .y0((_, i) => low(i))
          .y1((_, i) => high(i));
        shape.context(forShape(path))({ length } as ArrayLike<unknown> as unknown[]);
      };
      const { color } = strokeOf(frame.theme, options);
      surface.clip(frame.area, () =>
        surface.path(trace, { fill: color, fillOpacity: options.opacity ?? 0.12 }),
      );
    },
  };
}
