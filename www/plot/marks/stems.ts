import { crisp } from "../axis";
import type { Mark } from "../mark";
import { segment } from "../surface";

/** Values that belong together at each place of the horizontal axis. */
export interface StemsOptions {
  /** Data units. */
  readonly x: ArrayLike<number>;
  /** For each place its values in data units; what is not finite is passed over. */
  readonly y: readonly ArrayLike<number>[];
}

/** A faint vertical line from the least to the greatest of several values at one place: how far apart they are. */
export function stems(options: StemsOptions): Mark {
  return {
    name: "stems",
    draw(surface, frame) {
      const { theme, area } = frame;
      surface.clip(area, () => {
        options.y.forEach((values, i) => {
          const at = frame.x.px(options.x[i] ?? Number.NaN);
          const places = Array.from(values, (value) => frame.y.px(value)).filter(Number.isFinite);
          if (!Number.isFinite(at) || places.length < 2) return;
          const [low, high] = [Math.min(...places), Math.max(...places)];
          if (high - low < 1) return;
          surface.path(segment(crisp(at), low, crisp(at), high), {
            stroke: { color: theme.muted, width: theme.scale, opacity: 0.7 },
          });
        });
      });
    },
  };
}
