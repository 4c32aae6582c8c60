/** Where a few replicas came from: their last places in the plane, the older the fainter. */
import { line, type Mark, points } from "../plot";
import type { Axes } from "./cloud-axes";

/** Replicas with a trail, and pictures that a trail is long. */
export const REPLICAS = 10;
const LENGTH = 14;

export class Trails {
  /** Places of all replicas in each picture, the newest last. */
  #pictures: { readonly step: number; readonly places: readonly number[] }[] = [];

  /** What the places are along. */
  #along = "";

  /** Another picture; one of an earlier step, or along other axes, begins anew. */
  add(step: number, places: readonly number[], axes: Axes): void {
    const along = JSON.stringify(axes);
    const last = this.#pictures.at(-1);
    if (last && (last.step > step || last.places.length !== places.length || along !== this.#along))
      this.clear();
    this.#along = along;
    if (this.#pictures.length > 0 && last?.step === step) return;
    this.#pictures = [...this.#pictures, { step, places }].slice(-LENGTH);
  }

  clear(): void {
    this.#pictures = [];
  }

  get pictures(): number {
    return this.#pictures.length;
  }

  /** A line for each age, all replicas in it, and a dot where they are. */
  marks(): Mark[] {
    const newest = this.#pictures.at(-1);
    if (!newest) return [];
    const marks: Mark[] = [];
    for (let n = 1; n < this.#pictures.length; n++) {
      const [from, to] = [this.#pictures[n - 1]?.places ?? [], this.#pictures[n]?.places ?? []];
      const [x, y]: [number[], number[]] = [[], []];
      for (let i = 0; i + 1 < to.length; i += 2) {
        x.push(from[i] ?? Number.NaN, to[i] ?? Number.NaN, Number.NaN);
        y.push(from[i + 1] ?? Number.NaN, to[i + 1] ?? Number.NaN, Number.NaN);
      }
      const age = this.#pictures.length - n;
      marks.push(line({ x, y, series: "experiment", opacity: 0.75 * (1 - age / (LENGTH + 1)) ** 1.5 }));
    }
    const { places } = newest;
    marks.push(
      points({
        x: places.filter((_, i) => i % 2 === 0),
        y: places.filter((_, i) => i % 2 === 1),
        series: "experiment",
        radius: 2.2,
      }),
    );
    return marks;
  }
}
