/**
 * Undo and redo of what a page's address says. It stands between a store and the browser: every entry of the history that the
 * store makes is a step that can be undone; Back and Forward move along the same steps.
 */
import type { Address } from "./store";

/** Steps that are kept. */
const MOST = 200;

export class UndoableAddress implements Address {
  #steps: string[];
  #at = 0;
  #load: () => void = () => undefined;

  /** `moved` is called whenever what can be undone or redone may have changed. */
  constructor(
    readonly inner: Address,
    readonly moved: () => void = () => undefined,
  ) {
    this.#steps = [inner.hash()];
  }

  get canUndo(): boolean {
    return this.#at > 0;
  }

  get canRedo(): boolean {
    return this.#at < this.#steps.length - 1;
  }

  hash(): string {
    return this.inner.hash();
  }

  set(hash: string, push: boolean): void {
    if (push) this.#push(hash);
    else this.#steps[this.#at] = hash;
    this.inner.set(hash, push);
    this.moved();
  }

  onChange(act: () => void): void {
    this.#load = act;
    this.inner.onChange(() => {
      this.#arrive(this.inner.hash());
      act();
      this.moved();
    });
  }

  undo(): void {
    if (this.canUndo) this.#go(this.#at - 1);
  }

  redo(): void {
    if (this.canRedo) this.#go(this.#at + 1);
  }

  /** Goes to the address of another document, as a link would. */
  open(hash: string): void {
    if (hash === this.hash()) return;
    this.#push(hash);
    this.inner.set(hash, true);
    this.#load();
    this.moved();
  }

  #go(at: number): void {
    this.#at = at;
    this.inner.set(this.#steps[at] as string, true);
    this.#load();
    this.moved();
  }

  #push(hash: string): void {
    this.#steps = [...this.#steps.slice(0, this.#at + 1), hash].slice(-MOST);
    this.#at = this.#steps.length - 1;
  }

  /** The browser has moved: along the steps where it stands beside, else by a link. */
  #arrive(hash: string): void {
    if (hash === this.#steps[this.#at]) return;
    if (hash === this.#steps[this.#at - 1]) this.#at--;
    else if (hash === this.#steps[this.#at + 1]) this.#at++;
    else this.#push(hash);
  }
}
