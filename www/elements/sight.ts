/** Whether an element can be seen: on the screen or soon to be, in a tab that is shown. */

/** How far from the viewport something counts as soon to be seen: work begins before the reader is there. */
const MARGIN = "50% 0px";

export class Sight {
  /** Near the viewport; where a browser cannot tell, everything is. */
  #near = typeof IntersectionObserver === "undefined";
  #observer: IntersectionObserver | undefined;
  #told = false;

  /** `changed` is told when it comes into view and when it goes. */
  constructor(
    readonly element: Element,
    readonly changed: (inView: boolean) => void,
  ) {}

  get inView(): boolean {
    return this.#near && !document.hidden;
  }

  /** Begins to look; once is enough. */
  open(): void {
    if (this.#observer || typeof IntersectionObserver === "undefined") return;
    this.#observer = new IntersectionObserver(
      (entries) => {
        this.#near = entries.at(-1)?.isIntersecting ?? this.#near;
        this.#tell();
      },
      { rootMargin: MARGIN },
    );
    this.#observer.observe(this.element);
    document.addEventListener("visibilitychange", this.#tell);
  }

  close(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
    this.#near = false;
    document.removeEventListener("visibilitychange", this.#tell);
    this.#tell();
  }

  readonly #tell = () => {
    if (this.inView === this.#told) return;
    this.#told = this.inView;
    this.changed(this.#told);
  };
}
