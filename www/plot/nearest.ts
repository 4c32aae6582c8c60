import type { Frame } from "./mark";

/**
 * Index of the point whose x lies nearest to a place, in CSS pixels from the plot's left edge. Points without a place
 * or outside of the area do not count, nor points further away than `within`.
 */
export function nearestByX(
  frame: Frame,
  x: ArrayLike<number>,
  px: number,
  within = Number.POSITIVE_INFINITY,
): number | undefined {
  return least(x.length, within, (i) => {
    const value = x[i] as number;
    return frame.x.shows(value) ? Math.abs(frame.x.px(value) - px) : Number.NaN;
  });
}

/** Index of the point that lies nearest to a place, both in CSS pixels from the plot's upper left corner. */
export function nearestPoint(
  frame: Frame,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  at: { readonly x: number; readonly y: number },
  within = Number.POSITIVE_INFINITY,
): number | undefined {
  return least(Math.min(x.length, y.length), within, (i) => {
    const [valueX, valueY] = [x[i] as number, y[i] as number];
    if (!frame.x.shows(valueX) || !frame.y.shows(valueY)) return Number.NaN;
    return Math.hypot(frame.x.px(valueX) - at.x, frame.y.px(valueY) - at.y);
  });
}

/** Index with the least distance; the first among equals. NaN is no distance. */
function least(length: number, within: number, distance: (i: number) => number): number | undefined {
  let found: number | undefined;
  let best = within;
  for (let i = 0; i < length; i++) {
    const here = distance(i);
    if (here < best || (found === undefined && here === best)) {
      found = i;
      best = here;
    }
  }
  return found;
}
