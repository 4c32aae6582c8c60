/**
 * An ensemble that outlives its worker. What was done to it is kept, so that the worker which takes the place of a dead one can bring
 * another to the same step: the same seed and the same changes give the same numbers, bit for bit.
 */
import { type Following, Stopped } from "./caller";
import { type Place, REPEATS } from "./place";
import type { Change, FullScenario, Snapshot, View } from "./protocol";

export class LastingEnsemble {
  /** The worker, by its number in the place, that has it open. */
  #home = 0;
  /** What changed it, in order, and the step that it has been seen at. */
  readonly #changes: Change[] = [];
  #step = 0;
  /** The scenario that it is to follow from the next step on. */
  #next: FullScenario | undefined;

  constructor(
    readonly place: Place,
    readonly name: string,
    readonly scenario: FullScenario,
  ) {}

  open(): Promise<void> {
    return this.#insist(() => this.#settle());
  }

  /** Follows another scenario from the next step on. The last of several before that step counts. */
  retune(scenario: FullScenario): void {
    this.#next = scenario;
  }

  /** Moves to a step, or towards it for so many milliseconds (Infinity: all the way), and looks. */
  advance(step: number, within: number, view: View, following: Following = {}): Promise<Snapshot> {
    return this.#insist(async () => {
      await this.#settle(following);
      await this.#change();
      const { name } = this;
      const snapshot = await this.place.call("advance", { name, step, within, view }, following);
      this.#step = snapshot.step;
      return snapshot;
    });
  }

  async close(): Promise<void> {
    // A worker that has died has given it up already.
    if (this.#home === this.place.number) await this.place.call("close", { name: this.name });
  }

  /** Opens it where it is not open yet, and brings it to where it was. */
  async #settle(following: Following = {}): Promise<void> {
    const number = this.place.number;
    if (this.#home === number) return;
    const { name, scenario } = this;
    await this.place.call(
      "open",
      { name, scenario, changes: [...this.#changes], step: this.#step },
      following,
    );
    this.#home = number;
  }

  async #change(): Promise<void> {
    const scenario = this.#next;
    if (scenario === undefined) return;
    // One that is refused is not tried again.
    const done = () => {
      if (this.#next === scenario) this.#next = undefined;
    };
    try {
      await this.place.call("retune", { name: this.name, scenario });
      this.#changes.push({ step: this.#step, scenario });
      done();
    } catch (error) {
      if (!(error instanceof Stopped)) done();
      throw error;
    }
  }

  /** Begins again with another worker when one dies. */
  async #insist<T>(act: () => Promise<T>): Promise<T> {
    for (let repeats = 0; ; repeats++) {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof Stopped) || repeats === REPEATS) throw error;
      }
    }
  }
}
