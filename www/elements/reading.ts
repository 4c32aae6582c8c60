/** Reading a picture by pointer and by arrow keys: one cursor over places in the order of the axis. */
import { nearestByX, type PlotHost } from "../plot";

/** CSS pixels to the nearest place that is still read. */
const REACH = 40;

export interface ReadingOptions {
  /** What the arrow keys do, for those who cannot see. */
  readonly label: string;
  readonly host: () => PlotHost | undefined;
  /** Places in data units of the axis, ascending. */
  readonly places: () => ArrayLike<number>;
  /** What is read at a place, in words. */
  readonly tell: (index: number) => readonly string[];
  /** Called when another place is read, or none. */
  readonly changed: () => void;
  /** A polite live region. */
  readonly live: HTMLElement;
}

/** Makes a picture a place that is read: by a pointer over it, a finger on it, or keys when it has the focus. */
export function readable(
  picture: HTMLElement,
  label: string,
  acts: {
    readonly point: (event: PointerEvent) => void;
    readonly leave: () => void;
    readonly key: (event: KeyboardEvent) => void;
  },
): void {
  picture.tabIndex = 0;
  picture.setAttribute("role", "group");
  picture.setAttribute("aria-label", label);
  for (const name of ["pointermove", "pointerdown"] as const) picture.addEventListener(name, acts.point);
  // A finger that is lifted leaves what it has read: it hid the place while it was there.
  picture.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") acts.leave();
  });
  picture.addEventListener("blur", acts.leave);
  picture.addEventListener("keydown", acts.key);
}

/** The cursor of one picture. */
export class Reading {
  #at: number | undefined;
  readonly #options: ReadingOptions;

  constructor(picture: HTMLElement, options: ReadingOptions) {
    this.#options = options;
    readable(picture, options.label, {
      point: (event) => this.#point(event),
      leave: () => this.#show(undefined),
      key: (event) => this.#key(event),
    });
  }

  /** The place that is read. */
  get at(): number | undefined {
    return this.#at !== undefined && this.#at < this.#options.places().length ? this.#at : undefined;
  }

  /** Other places have come. */
  clear(): void {
    this.#at = undefined;
  }

  #point(event: PointerEvent): void {
    const host = this.#options.host();
    if (!host?.frame) return;
    const across = event.clientX - host.canvas.getBoundingClientRect().left;
    this.#show(nearestByX(host.frame, this.#options.places(), across, REACH));
  }

  #key(event: KeyboardEvent): void {
    const last = this.#options.places().length - 1;
    const far = event.shiftKey ? 10 : 1;
    const moves: Record<string, number> = {
      ArrowLeft: Math.max(0, (this.at ?? last + far) - far),
      ArrowRight: Math.min(last, (this.at ?? -far) + far),
      Home: 0,
      End: last,
    };
    const to = moves[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    this.#show(to);
    this.#options.live.textContent = this.#options.tell(to).join(", ");
  }

  #show(at: number | undefined): void {
    if (at === this.#at) return;
    this.#at = at;
    this.#options.changed();
  }
}
