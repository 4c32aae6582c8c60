/** Whose turn it is: work that no worker has begun waits here, where it can still be taken back. */
import { Cancelled } from "./caller";

interface Waiting<Worker> {
  begin(worker: Worker): void;
}

/** Hands out the workers of a pool, one piece of work each, first come first served. */
export class Turns<Worker> {
  readonly #free: Worker[];
  readonly #waiting: Waiting<Worker>[] = [];

  constructor(pool: readonly Worker[]) {
    this.#free = [...pool];
  }

  /** Does something with a worker that is free, now or later; given up before that, it rejects with Cancelled. */
  async take<T>(act: (worker: Worker) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const worker = await this.#turn(signal);
    try {
      return await act(worker);
    } finally {
      const next = this.#waiting.shift();
      if (next) next.begin(worker);
      else this.#free.push(worker);
    }
  }

  #turn(signal?: AbortSignal): Promise<Worker> {
    if (signal?.aborted) return Promise.reject(new Cancelled());
    const free = this.#free.pop();
    if (free) return Promise.resolve(free);
    return new Promise((resolve, reject) => {
      const cancel = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(new Cancelled());
      };
      const waiting: Waiting<Worker> = {
        begin(worker) {
          signal?.removeEventListener("abort", cancel);
          resolve(worker);
        },
      };
      this.#waiting.push(waiting);
      signal?.addEventListener("abort", cancel, { once: true });
    });
  }
}
