/** How fast something is done, smoothed so that it can be read. */

/** Seconds over which a speed is averaged. */
const MEMORY = 1;
/** Seconds after which it begins anew: nothing was watched meanwhile. */
const GAP = 2;

export class Pace {
  #last: number | undefined;
  #done = 0;
  #seconds = 0;

  /** Notes so much done by `now`, in milliseconds. */
  add(amount: number, now: number): void {
    const passed = this.#last === undefined ? Number.POSITIVE_INFINITY : (now - this.#last) / 1000;
    this.#last = now;
    if (passed > GAP) {
      [this.#done, this.#seconds] = [0, 0];
      return;
    }
    const kept = Math.exp(-passed / MEMORY);
    this.#done = kept * this.#done + amount;
    this.#seconds = kept * this.#seconds + passed;
  }

  /** What is done a second; undefined until enough was seen. */
  get perSecond(): number | undefined {
    return this.#seconds > 0.2 ? this.#done / this.#seconds : undefined;
  }
}
