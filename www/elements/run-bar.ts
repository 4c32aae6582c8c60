/** A run that an instrument makes: its button, its progress and how it stands in words. One at a time. */
import { Cancelled } from "../engine/engine";
import { make } from "./dom";
import { count, duration } from "./numbers";

/** A run that is going on. */
export interface Running {
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
  /** Whether nothing else has taken its place. */
  readonly mine: () => boolean;
}

export interface RunBarOptions {
  /** Has the attribute `running` meanwhile. */
  readonly owner: HTMLElement;
  /** What the button says before a run and after one. */
  readonly start: string;
  readonly again: string;
  /** Of the progress, for those who cannot see it. */
  readonly label: string;
  readonly act: (running: Running) => Promise<void>;
  /** What is said of a run that was given up. */
  readonly cancelled: () => string;
  /** Told when somebody gives the run up, before the workers have stopped. */
  readonly cancelling?: () => void;
  /** Told of a failure, after it is said. */
  readonly failed?: (words: string) => void;
}

/** Updates that are made without being asked for, and updates a second and worker for the guess of a time. */
export interface Effort {
  readonly unasked: number;
  readonly rate: number;
}

/** The bar of an instrument that measures what it shows. */
export const measureBar = (
  owner: HTMLElement,
  label: string,
  act: (running: Running) => Promise<void>,
): RunBar =>
  new RunBar({ owner, start: "Measure", again: "Measure again", label, act, cancelled: () => "cancelled" });

export class RunBar {
  #abort: AbortController | undefined;
  readonly #options: RunBarOptions;
  readonly #button = make("button", { type: "button", class: "run", onclick: () => this.#toggle() });
  readonly #progress = make("progress", { max: "1", value: "0" });
  readonly #status = make("span", { class: "status" });
  /** The button, the progress and the words, in this order. */
  readonly parts = [this.#button, this.#progress, this.#status] as const;

  constructor(options: RunBarOptions) {
    this.#options = options;
    this.#button.textContent = options.start;
    this.#progress.setAttribute("aria-label", options.label);
  }

  get running(): boolean {
    return this.#abort !== undefined;
  }

  set disabled(disabled: boolean) {
    this.#button.disabled = disabled;
  }

  say(text: string): void {
    this.#status.textContent = text;
  }

  /** Runs where that is little work, so many updates; of more it says how long it takes, and waits for the button. */
  offer(work: number, { unasked, rate }: Effort, workers = 1, what = "updates"): void {
    if (work <= unasked) void this.run();
    else
      this.say(
        `${count(work)} ${what}, about ${duration(work / rate / workers)}; press ${this.#options.start}`,
      );
  }

  /** Runs; resolves when that is done, given up or failed. */
  async run(): Promise<void> {
    this.stop();
    const abort = new AbortController();
    this.#abort = abort;
    const mine = () => this.#abort === abort;
    this.#button.textContent = "Cancel";
    this.#options.owner.toggleAttribute("running", true);
    this.say("running");
    try {
      await this.#options.act({
        signal: abort.signal,
        mine,
        onProgress: (share) => {
          if (mine()) this.#progress.value = share;
        },
      });
      if (mine()) this.#progress.value = 1;
    } catch (error) {
      if (!mine()) return;
      if (error instanceof Cancelled) this.say(this.#options.cancelled());
      else this.fail(error);
    } finally {
      if (mine()) this.#idle(this.#options.again);
    }
  }

  /** Drops a run together with everything that says so: another scenario has come. */
  stop(): void {
    this.#abort?.abort();
    this.#idle(this.#options.start);
    this.#progress.value = 0;
    this.say("");
  }

  /** Gives the run up; what is measured stays. */
  cancel(): void {
    this.#options.cancelling?.();
    this.#abort?.abort();
  }

  readonly fail = (error: unknown): void => {
    this.say(`stopped: ${(error as Error).message}`);
    this.#options.failed?.(this.#status.textContent ?? "");
  };

  #toggle(): void {
    if (this.#abort) this.cancel();
    else void this.run();
  }

  #idle(next: string): void {
    this.#abort = undefined;
    this.#button.textContent = next;
    this.#options.owner.toggleAttribute("running", false);
  }
}
