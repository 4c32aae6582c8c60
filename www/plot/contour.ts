/** Level lines of a grid, by marching squares: segments between linear interpolations along the cells' edges. */

/** Values at the nodes of a grid: `values[row * x.length + column]` at `(x[column], y[row])`. */
export interface Grid {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** A piece of a level line, in data units. */
export type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

/** The pieces of the line on which a grid has a value. A square with a corner that is not finite has none. */
export function levelLine({ x, y, values }: Grid, level: number): Segment[] {
  const found: Segment[] = [];
  const columns = x.length;
  for (let row = 0; row + 1 < y.length; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column;
      // Round the square: lower left, lower right, upper right, upper left.
      const corners = [at, at + 1, at + columns + 1, at + columns].map((i) => values[i] as number);
      if (!corners.every(Number.isFinite)) continue;
      const [left, right] = [x[column] as number, x[column + 1] as number];
      const [low, high] = [y[row] as number, y[row + 1] as number];
      const place = [
        [left, low],
        [right, low],
        [right, high],
        [left, high],
      ] as const;
      const crossings: (readonly [number, number])[] = [];
      for (let edge = 0; edge < 4; edge++) {
        const next = (edge + 1) % 4;
        const [a, b] = [corners[edge] as number, corners[next] as number];
        if (a < level === b < level) continue;
        const part = (level - a) / (b - a);
        const [from, to] = [
          place[edge] as readonly [number, number],
          place[next] as readonly [number, number],
        ];
        crossings.push([from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])]);
      }
      // A saddle has four, joined as they come: which pair belongs together the grid cannot tell.
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const [from, to] = [
          crossings[i] as readonly [number, number],
          crossings[i + 1] as readonly [number, number],
        ];
        found.push([...from, ...to]);
      }
    }
  }
  return found;
}
