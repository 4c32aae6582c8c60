import { line as d3line } from "d3-shape";
import { grow, type LineStyle, type Mark, strokeOf } from "../mark";
import { forShape, type PathContext } from "../surface";

/** A curve: a theory, a trace over time, a trail in the plane. */
export interface LineOptions extends LineStyle {
  /** Data units, in the order in which the curve is drawn. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** A curve through points, cut at the plot area, broken where a point has no place (NaN, infinite, ≤ 0 on a log scale). */
export function line(options: LineOptions): Mark {
  const { x, y } = options;
  return {
    name: `line ${options.series ?? "plain"}`,
    draw(surface, frame) {
      const px = (i: number) => frame.x.px(x[i] ?? Number.NaN);
      const py = (i: number) => frame.y.px(y[i] ?? Number.NaN);
      const length = Math.min(x.length, y.length);
      const stroke = strokeOf(frame.theme, options);
      const trace = (path: PathContext) => {
        const shape = d3line<unknown>()
          .defined((_, i) => Number.isFinite(px(i)) && Number.isFinite(py(i)))
          .x((_, i) => px(i))
          .y((_, i) => py(i));
        shape.context(forShape(path))({ length } as ArrayLike<unknown> as unknown[]);
      };
      surface.clip(grow(frame.area, stroke.width / 2), () => surface.path(trace, { stroke }));
    },
  };
}
