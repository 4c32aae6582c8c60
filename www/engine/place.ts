/** A place for a worker: one that dies is replaced by a new one. */
import { type Caller, type Following, Stopped } from "./caller";
import type { Calls, Kind } from "./protocol";

/** Times that work is begun again after its worker died; what kills more than that many is not the worker's fault. */
export const REPEATS = 2;
/** Milliseconds without a word, where progress is to be told, after which a worker counts as dead. */
const SILENCE = 10_000;
/** The same for one that has never said anything: it may still be loading the core, over a slow line. */
const FIRST_SILENCE = 60_000;

export class Place {
  readonly #hire: () => Caller;
  #caller: Caller;
  #number = 1;
  /** Whether the worker has said anything yet. */
  #heard = false;

  constructor(hire: () => Caller) {
    this.#hire = hire;
    this.#caller = hire();
  }

  /** The worker that has the place now. */
  #present(): Caller {
    if (this.#caller.broken) {
      this.#caller = this.#hire();
      this.#heard = false;
      this.#number++;
    }
    return this.#caller;
  }

  /** How many workers have had the place, with the one that has it now: what was left with an earlier one is gone. */
  get number(): number {
    this.#present();
    return this.#number;
  }

  /** Asks once: what the worker alone knows, such as an ensemble, dies with it. */
  call<K extends Kind>(
    kind: K,
    takes: Calls[K]["takes"],
    following: Following = {},
  ): Promise<Calls[K]["gives"]> {
    return this.#present().call(kind, takes, following);
  }

  /** Asks until there is an answer: for work that gives the same whoever does it. */
  async insist<K extends Kind>(
    kind: K,
    takes: Calls[K]["takes"],
    following: Following = {},
  ): Promise<Calls[K]["gives"]> {
    for (let repeats = 0; ; repeats++) {
      const worker = this.#present();
      let watch: ReturnType<typeof setTimeout> | undefined;
      const wait = () => {
        clearTimeout(watch);
        watch = setTimeout(() => worker.giveUp(), this.#heard ? SILENCE : FIRST_SILENCE);
      };
      const onProgress = (share: number) => {
        this.#heard = true;
        wait();
        following.onProgress?.(share);
      };
      if (following.onProgress) wait();
      try {
        const answer = await worker.call(kind, takes, { ...following, onProgress });
        this.#heard = true;
        return answer;
      } catch (error) {
        if (!(error instanceof Stopped) || repeats === REPEATS) throw error;
      } finally {
        clearTimeout(watch);
      }
    }
  }
}
