/** Work that may rest: whoever has begun it says when it should, and when it should go on. */
export class Hold {
  #held: boolean;
  readonly #listeners = new Set<(held: boolean) => void>();

  constructor(held = false) {
    this.#held = held;
  }

  get held(): boolean {
    return this.#held;
  }

  set held(held: boolean) {
    if (held === this.#held) return;
    this.#held = held;
    for (const act of this.#listeners) act(held);
  }

  /** Hears of every change until what it returns is called. */
  listen(act: (held: boolean) => void): () => void {
    this.#listeners.add(act);
    return () => this.#listeners.delete(act);
  }
}
