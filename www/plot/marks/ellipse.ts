import { type Frame, type LineStyle, type Mark, strokeOf } from "../mark";
import { at, boundary, outline, ring, type Shape, touching } from "../oval";
import { estimateWidth, type TextLike, toRuns } from "../rich";
import { type Rect, type Surface, segment } from "../surface";
import { fontSize, type Series } from "../theme";
import { drawMarkers } from "./points";

/** A symmetric 2x2 matrix by rows, in data units squared. */
export type Covariance = readonly [readonly [number, number], readonly [number, number]];

/** The ellipse of a Gaussian: all points at `sigmas` Mahalanobis distances from its centre. Linear scales only. */
export interface EllipseOptions extends LineStyle {
  readonly covariance: Covariance;
  /** Data units; the origin where absent. */
  readonly centre?: readonly [number, number];
  /** 3 where absent. */
  readonly sigmas?: number;
  /** A theory draws its own line; the experiment a ring of small markers. */
  readonly series?: Series;
  readonly label?: TextLike;
  /** Pins the label's direction, in degrees anticlockwise from the right: for an ellipse that moves. */
  readonly labelAngle?: number;
}

/** Markers round the ellipse of an experiment. */
const RING = 28;

/**
 * Ellipses from covariance matrices, with their names on clear ground outside, led to by a thin line where that is not
 * near. A singular matrix gives the segment it degenerates to; one that is no covariance (not positive semidefinite, not
 * finite) gives nothing.
 */
export function ellipses(list: readonly EllipseOptions[]): Mark {
  return {
    name: "ellipses",
    draw(surface, frame) {
      const drawn = list.flatMap((options) => {
        const shape = inPixels(options, frame);
        return shape === undefined ? [] : [{ options, shape }];
      });
      const { theme } = frame;
      for (const { options, shape } of drawn) {
        const stroke = strokeOf(theme, options);
        surface.clip(frame.area, () => {
          if (options.series === "experiment") {
            const paint = { fill: theme.paper, stroke: { ...stroke, width: 1.1 * theme.scale } };
            drawMarkers(surface, ring(shape, RING), "circle", 2.2 * theme.scale, paint);
          } else {
            surface.path(outline(shape), { stroke });
          }
        });
      }
      // Theories first, and without regard to the measured: their names stand still while a measurement runs.
      const theories = drawn.filter(({ options }) => options.series !== "experiment");
      const taken: Rect[] = [];
      for (const one of theories) drawLabel(surface, frame, one, theories, taken);
      for (const one of drawn) if (!theories.includes(one)) drawLabel(surface, frame, one, drawn, taken);
    },
  };
}

/** One ellipse: see {@link ellipses}, which also keeps the names of several apart. */
export function ellipse(options: EllipseOptions): Mark {
  return ellipses([options]);
}

interface Drawn {
  readonly options: EllipseOptions;
  readonly shape: Shape;
}

interface Place {
  readonly box: Rect;
  /** On the ellipse, and where a leader ends before the text. */
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly far: boolean;
}

/** Where a label is tried first, in degrees anticlockwise from the right: corners that ellipses seldom fill. */
const FIRST: Readonly<Record<Series, number>> = {
  continuous: 150,
  discrete: 45,
  exact: -135,
  experiment: -45,
  formula: 90,
};

/** Sets a label where it hides least: off every outline and other label, off the ellipses, and near. */
function drawLabel(surface: Surface, frame: Frame, own: Drawn, drawn: readonly Drawn[], taken: Rect[]): void {
  if (own.options.label === undefined) return;
  const { theme, area } = frame;
  const size = fontSize(theme, "label");
  const width = estimateWidth(own.options.label, size);
  const outlines = drawn.flatMap(({ shape }) =>
    Array.from({ length: 90 }, (_, i) => at(shape, i * (Math.PI / 45))),
  );
  const { labelAngle } = own.options;
  const first = labelAngle ?? FIRST[own.options.series ?? "discrete"];
  let best: Place | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < (labelAngle === undefined ? 360 : 1); turn += 15) {
    const angle = ((first + turn) * Math.PI) / 180;
    for (const distance of [8, 20, 34, 50, 70, 95, 125]) {
      const away = distance / 4 + Math.min(turn, 360 - turn) / 12;
      if (away >= least) break; // further out is no better
      const place = placeAt(own.shape, angle, distance * theme.scale, width, size);
      const { box } = place;
      if (box.x < area.x + 2 || box.x + box.width > frame.width) continue;
      if (box.y < area.y || box.y + box.height > area.y + area.height) continue;
      const hidden = outlines.filter((point) => holds(box, point)).length;
      const overlaps = taken.filter((other) => meets(box, other)).length;
      const corners = [box.x, box.x + box.width].flatMap((x) =>
        [box.y, box.y + box.height].map((y) => [x, y] as const),
      );
      const covered = drawn.filter(({ shape }) =>
        corners.some((corner) => boundary(shape, corner) < 1),
      ).length;
      const cost = 100 * overlaps + 10 * hidden + 40 * covered + away;
      if (cost < least) [best, least] = [place, cost];
    }
  }
  if (best === undefined) return;
  taken.push(best.box);
  const { color } = strokeOf(theme, own.options);
  if (best.far) {
    surface.path(segment(...best.from, ...best.to), {
      stroke: { color, width: 0.8 * theme.scale, opacity: 0.8 },
    });
  }
  const { x, y, height } = best.box;
  surface.text(toRuns(own.options.label), x, y + height / 2, {
    color,
    size,
    baseline: "middle",
    halo: theme.paper,
  });
}

/** A label beside the point of an ellipse whose outward normal has an angle, at a distance from it in CSS pixels. */
function placeAt(shape: Shape, angle: number, distance: number, width: number, size: number): Place {
  const [ux, uy] = [Math.cos(angle), -Math.sin(angle)];
  const from = touching(shape, ux, uy);
  const [x, y] = [from[0] + ux * distance, from[1] + uy * distance];
  const height = 1.2 * size;
  // The box leans on the leader's end with the side that faces it: fully to the side, or centred above and below.
  const lean = Math.max(-1, Math.min(1, 1.4 * ux));
  const box = { x: x + (width / 2) * (lean - 1), y: y + (height / 2) * (uy - 1), width, height };
  const to = [x - 3 * ux, y - 3 * uy] as const;
  return { box, from, to, far: distance > 1.2 * size };
}

function holds(box: Rect, [x, y]: readonly [number, number]): boolean {
  return x > box.x - 6 && x < box.x + box.width + 6 && y > box.y - 2 && y < box.y + box.height + 2;
}

function meets(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width + 6 && b.x < a.x + a.width + 6 && a.y < b.y + b.height && b.y < a.y + a.height;
}

function inPixels(options: EllipseOptions, frame: Frame): Shape | undefined {
  const [[xx, xy], [, yy]] = options.covariance;
  const [x0, y0] = options.centre ?? [0, 0];
  const sigmas = options.sigmas ?? 3;
  const determinant = xx * yy - xy * xy;
  if (!(xx >= 0 && yy >= 0 && determinant >= -1e-9 * xx * yy)) return undefined;
  // Cholesky: the columns of the lower triangle are the images of the unit circle's axes.
  const l11 = Math.sqrt(xx);
  const l21 = xx > 0 ? xy / l11 : 0;
  const l22 = Math.sqrt(Math.max(0, yy - l21 * l21));
  const c = [frame.x.px(x0), frame.y.px(y0)] as const;
  const a = [frame.x.px(x0 + sigmas * l11) - c[0], frame.y.px(y0 + sigmas * l21) - c[1]] as const;
  const b = [0, frame.y.px(y0 + sigmas * l22) - c[1]] as const;
  return [...c, ...a, ...b].every(Number.isFinite) ? { c, a, b } : undefined;
}
