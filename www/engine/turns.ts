/** Whose turn it is: work that no worker has begun waits here, where it can still be taken back. */
import { type Caller, Cancelled } from "./caller";

interface Waiting {
  begin(caller: Caller): void;
}

/** Hands out the workers of a pool, one piece of work each, first come first served. */
export class Turns {
  readonly #free: Caller[];
  readonly #waiting: Waiting[] = [];

  constructor(pool: readonly Caller[]) {
    this.#free = [...pool];
  }

  /** Does something with a worker that is free, now or later; given up before that, it rejects with Cancelled. */
  async take<T>(act: (caller: Caller) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const caller = await this.#turn(signal);
    try {
      return await act(caller);
    } finally {
      const next = this.#waiting.shift();
      if (next) next.begin(caller);
      else this.#free.push(caller);
    }
  }

  #turn(signal?: AbortSignal): Promise<Caller> {
    if (signal?.aborted) return Promise.reject(new Cancelled());
    const free = this.#free.pop();
    if (free) return Promise.resolve(free);
    return new Promise((resolve, reject) => {
      const cancel = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(new Cancelled());
      };
      const waiting: Waiting = {
        begin(caller) {
          signal?.removeEventListener("abort", cancel);
          resolve(caller);
        },
      };
      this.#waiting.push(waiting);
      signal?.addEventListener("abort", cancel, { once: true });
    });
  }
}
