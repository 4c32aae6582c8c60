/** Reading a picture by pointer and by arrow keys where both axes count: one cursor over the cells of a grid, or of one row. */
import { type Interval, type Mark, type PlotHost, plain, readout, type Series } from "../plot";
import { readable } from "./reading";

/** Cells of the picture: where they lie in data units of the axes, and how many there are. */
export interface Grid {
  readonly x: Interval;
  readonly y: Interval;
  readonly columns: number;
  readonly rows: number;
}

/** A cell that is read. Columns count from the left, rows from the lower end of `y`. */
export interface GridCell {
  readonly column: number;
  readonly row: number;
  /** Its middle. */
  readonly x: number;
  readonly y: number;
}

/** What is read, line by line; one that belongs to a series has its colour. */
export interface Told {
  readonly text: string;
  readonly series?: Series;
}

export interface GridReadingOptions {
  /** What the arrow keys do, for those who cannot see. */
  readonly label: string;
  readonly host: () => PlotHost | undefined;
  readonly grid: () => Grid | undefined;
  /** What is read in a cell; nothing where there is nothing to read. */
  readonly tell: (cell: GridCell) => readonly Told[];
  /** Called when another cell is read, or none. */
  readonly changed: () => void;
  /** A polite live region. */
  readonly live: HTMLElement;
}

/** Cells of a large step of the keyboard. */
const LARGE = 10;

/** The middle of a cell; beyond the grid its outermost. */
export function cellOf({ x, y, columns, rows }: Grid, column: number, row: number): GridCell {
  const within = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
  const [i, j] = [within(column, columns), within(row, rows)];
  const middle = ([low, high]: Interval, n: number, count: number) =>
    low + ((high - low) * (n + 0.5)) / count;
  return { column: i, row: j, x: middle(x, i, columns), y: middle(y, j, rows) };
}

/** The cell that holds a place; undefined outside of the grid. */
export function cellAround(grid: Grid, x: number, y: number): GridCell | undefined {
  const number = (value: number, [low, high]: Interval, count: number) =>
    Math.floor(((value - low) / (high - low)) * count);
  const column = number(x, grid.x, grid.columns);
  // A picture along one axis alone is read at any height.
  const row = grid.rows === 1 ? 0 : number(y, grid.y, grid.rows);
  const inside = column >= 0 && column < grid.columns && row >= 0 && row < grid.rows;
  return inside ? cellOf(grid, column, row) : undefined;
}

/** The cursor of one picture. */
export class GridReading {
  #at: GridCell | undefined;
  readonly #options: GridReadingOptions;

  constructor(picture: HTMLElement, options: GridReadingOptions) {
    this.#options = options;
    readable(picture, options.label, {
      point: (event) => this.#point(event),
      leave: () => this.#show(undefined),
      key: (event) => this.#key(event),
    });
  }

  /** The cell that is read, on the grid as it is now. */
  get at(): GridCell | undefined {
    const grid = this.#options.grid();
    return this.#at && grid ? cellOf(grid, this.#at.column, this.#at.row) : undefined;
  }

  /** Another picture has come. */
  clear(): void {
    this.#at = undefined;
  }

  /** The cursor with its words, for the picture; along one axis alone without a line across. */
  marks(): Mark[] {
    const at = this.at;
    const lines = at ? this.#options.tell(at) : [];
    if (!at || lines.length === 0) return [];
    const single = this.#options.grid()?.rows === 1;
    return [
      readout({
        x: at.x,
        ...(single ? {} : { y: at.y }),
        lines: lines.map(({ text, series }) => ({ text: plain(text), ...(series ? { series } : {}) })),
      }),
    ];
  }

  #point(event: PointerEvent): void {
    const [host, grid] = [this.#options.host(), this.#options.grid()];
    if (!host?.frame || !grid) return;
    const { frame } = host;
    const box = host.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    this.#show(cellAround(grid, frame.x.value(x), frame.y.value(y)));
  }

  #key(event: KeyboardEvent): void {
    const grid = this.#options.grid();
    if (!grid) return;
    const far = event.shiftKey ? LARGE : 1;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-far, 0],
      ArrowRight: [far, 0],
      ArrowDown: [0, -far],
      ArrowUp: [0, far],
    };
    const move = moves[event.key];
    if (event.key === "Escape") return this.#show(undefined);
    if (!move || (grid.rows === 1 && move[1] !== 0)) return;
    event.preventDefault();
    // It sets out from the middle.
    const from = this.at ?? cellOf(grid, Math.floor(grid.columns / 2), Math.floor(grid.rows / 2));
    const to = this.#at ? cellOf(grid, from.column + move[0], from.row + move[1]) : from;
    this.#show(to);
    this.#options.live.textContent = this.#options
      .tell(to)
      .map(({ text }) => text)
      .join(", ");
  }

  #show(at: GridCell | undefined): void {
    if (at?.column === this.#at?.column && at?.row === this.#at?.row) return;
    this.#at = at;
    this.#options.changed();
  }
}
