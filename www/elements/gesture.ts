/** What belongs together of what a person does to a slider: one drag, or keys in quick succession. */

/** Milliseconds without a change that end a gesture of keys. */
const QUIET = 1000;

export class Gestures {
  #gesture: object | undefined;
  #held = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The gesture that a change belongs to, by identity. */
  now(): object {
    this.#gesture ??= {};
    if (!this.#held) this.#wait();
    return this.#gesture;
  }

  /** A pointer goes down: another gesture, until some time after it is let go. */
  hold(): void {
    this.end();
    this.#held = true;
  }

  /** The pointer is let go; some browsers tell the last change only now. */
  release(): void {
    this.#held = false;
    this.#wait();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#held = false;
    this.#gesture = undefined;
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(), QUIET);
  }
}
