import type { Frame, Mark } from "../mark";
import type { PathContext } from "../surface";
import { type Series, seriesStroke } from "../theme";

/** A histogram along an edge of a plane, with curves in its scale. */
export interface MarginOptions {
  /** Along the lower edge, or the left one. */
  readonly edge: "bottom" | "left";
  /** Edges of the bins in data units of that axis, ascending: one more than there are heights. */
  readonly edges: ArrayLike<number>;
  /** Any unit; `most` gets the full height. */
  readonly heights: ArrayLike<number>;
  readonly most: number;
  /** Curves over the same bins, a value at the middle of each, in the unit of the heights. */
  readonly curves?: readonly { readonly series: Series; readonly values: ArrayLike<number> }[];
  /** The full height as a share of the area's; 0.14 where absent. */
  readonly share?: number;
}

/** What a density looks like along one axis alone: drawn inwards from the edge. Linear scales only. */
export function margin(options: MarginOptions): Mark {
  const { edge, edges, heights, most, curves = [], share = 0.14 } = options;
  return {
    name: `margin ${edge}`,
    ground: true,
    draw(surface, frame) {
      if (!(most > 0) || heights.length === 0) return;
      const { area, theme } = frame;
      const { along, at } = placing(edge, frame, share / most);
      surface.clip(area, () => {
        const outline = (path: PathContext) => {
          const begin = at(along(edges[0] as number), 0);
          path.moveTo(...begin);
          for (let i = 0; i < heights.length; i++) {
            const height = heights[i] as number;
            path.lineTo(...at(along(edges[i] as number), height));
            path.lineTo(...at(along(edges[i + 1] as number), height));
          }
          path.lineTo(...at(along(edges[heights.length] as number), 0));
        };
        surface.path(outline, { fill: theme.experiment, fillOpacity: 0.13 });
        for (const { series, values } of curves) {
          const stroke = { ...seriesStroke(theme, series), width: 1.2 * theme.scale };
          const curve = (path: PathContext) => {
            for (let i = 0; i < values.length; i++) {
              const middle = ((edges[i] as number) + (edges[i + 1] as number)) / 2;
              const place = at(along(middle), values[i] as number);
              if (i === 0) path.moveTo(...place);
              else path.lineTo(...place);
            }
          };
          if (Array.from(values).every(Number.isFinite)) surface.path(curve, { stroke });
        }
      });
    },
  };
}

/** Where a value along the edge and a height over it lie, in CSS pixels. */
function placing(edge: "bottom" | "left", { area, x, y }: Frame, factor: number) {
  if (edge === "bottom") {
    const floor = area.y + area.height;
    return {
      along: x.px,
      at: (px: number, height: number): [number, number] => [px, floor - height * factor * area.height],
    };
  }
  return {
    along: y.px,
    at: (px: number, height: number): [number, number] => [area.x + height * factor * area.width, px],
  };
}
