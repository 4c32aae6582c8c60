/**
 * The page's one state: the last good document, what has been asked for and cannot be, and the history of the browser.
 *
 * A change is proposed, checked by the core, and taken or refused; a refused one leaves everything else as it was, and
 * stays proposed, so that two changes which only make sense together can be made one after the other.
 */
import type { FullSweep, Outcome, Problem } from "../engine/protocol";
import { read, same, type Value, write } from "./document";
import { fromHash, type LinkProblem, toHash } from "./permalink";
import { defaults, parameterNamed } from "./tables";

/** What a store tells. */
export interface Listener {
  /** There is another good document; `loaded` when it came with a link, or by Back or Forward. */
  changed?(sweep: FullSweep, before: FullSweep, loaded: boolean): void;
  /** What is wrong now, by parameter; the name is empty for a link as a whole. An empty map: nothing. */
  problems?(problems: ReadonlyMap<string, string>): void;
}

/** Values by parameter. */
export type Changes = Readonly<Record<string, Value>>;

/** What has to change along with something else. */
export interface Companions {
  /** With what is asked for, before it is checked; what is asked for has the last word. */
  readonly accompany?: (asked: Changes, sweep: FullSweep) => Changes | Promise<Changes>;
  /** With a change on the page that has been found good; part of it, since both are taken at once. */
  readonly follow?: (next: FullSweep, before: FullSweep) => Changes | Promise<Changes>;
}

/** The part of the browser that a store needs. */
export interface Address {
  hash(): string;
  /** Puts a hash into the address: `push` makes a new entry of the history. */
  set(hash: string, push: boolean): void;
  onChange(act: () => void): void;
}

export class Store {
  #sweep: FullSweep = defaults;
  #pending = new Map<string, Value>();
  #problems = new Map<string, string>();
  /** Texts that could not even be read, by parameter. */
  #unreadable = new Map<string, string>();
  readonly #listeners = new Set<Listener>();
  /** Proposals are checked one after the other. */
  #queue: Promise<void> = Promise.resolve();
  /** The gesture that made the newest entry of the history, while it is the newest. */
  #gesture: object | undefined;

  constructor(
    readonly check: (sweep: FullSweep) => Promise<Outcome<FullSweep>>,
    readonly address: Address,
    readonly companions: Companions = {},
  ) {
    address.onChange(() => void this.load());
  }

  /** The last good document. */
  get sweep(): FullSweep {
    return this.#sweep;
  }

  listen(listener: Listener): void {
    this.#listeners.add(listener);
  }

  /** Takes the document of the address: at the start, and when Back or Forward or a link changes it. */
  load(): Promise<void> {
    return this.#next(async () => {
      const { changes, problems } = fromHash(this.address.hash());
      this.#pending = changes;
      this.#unreadable = new Map();
      this.#gesture = undefined;
      for (const problem of problems) note(this.#unreadable, problem);
      // What a link leaves out or gets wrong is as if the rest had been chosen on a fresh page.
      const along = await this.#accompany(Object.fromEntries(changes), defaults);
      await this.#take(write(defaults, new Map(Object.entries(along))), [], true);
    });
  }

  /** Proposes changes of parameters. Those of one gesture, say one move of a slider, share an entry of the history. */
  propose(asked: Changes, gesture?: object): Promise<void> {
    return this.#next(async () => {
      const changes = { ...(await this.#accompany(asked, this.#sweep)), ...asked };
      const names = Object.keys(changes);
      for (const name of names) {
        this.#unreadable.delete(name);
        this.#unreadable.delete("");
        this.#pending.delete(name); // the newest goes last
        this.#pending.set(name, changes[name] as Value);
      }
      await this.#takeAndLink(names, gesture);
    });
  }

  /** Notes a text that cannot be read as the parameter's value. */
  refuse(name: string, message: string): Promise<void> {
    return this.#next(async () => {
      this.#pending.delete(name);
      this.#unreadable.set(name, message);
      // What waited for it, or did not fit with it, may have become good.
      await this.#takeAndLink([]);
    });
  }

  async #takeAndLink(newest: readonly string[], gesture?: object): Promise<void> {
    const before = this.#sweep;
    await this.#take(before, newest, false);
    const hash = toHash(this.#sweep);
    if ((newest.length === 0 && this.#sweep === before) || hash === this.address.hash()) return;
    this.address.set(hash, gesture === undefined || gesture !== this.#gesture);
    this.#gesture = gesture;
  }

  async #accompany(asked: Changes, sweep: FullSweep): Promise<Changes> {
    return (await this.companions.accompany?.(asked, sweep)) ?? {};
  }

  /** Does something when everything before it is done; what goes wrong is told in words. */
  #next(act: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(act).catch((error: unknown) => {
      this.#unreadable.set("", `this change could not be checked: ${wordsOf(error)}`);
      this.#tell();
    });
    return this.#queue;
  }

  /** Takes as many of the pending changes as make a good document on top of `base`. */
  async #take(base: FullSweep, newest: readonly string[], loaded: boolean): Promise<void> {
    const tried = new Map(this.#pending);
    const problems = new Map<string, string>();
    let good: FullSweep | undefined;
    for (;;) {
      const outcome = await this.check(write(base, tried));
      if (outcome.ok) {
        good = outcome.value;
        break;
      }
      const found = new Map<string, string>();
      for (const problem of outcome.problems) {
        // What no experiment can show does not become good by waiting: it is the link's mistake, not a control's.
        if (problem.kind === "not_simulated") this.#giveUp(problem, tried);
        else note(found, problem);
      }
      // What was said first is about the value that was asked for; later it is about the one in its place.
      for (const [name, words] of found) if (!problems.has(name)) problems.set(name, words);
      if (found.size === 0) continue;
      if (tried.size === 0) break; // the base itself: it cannot be helped
      const guilty = outcome.problems.map((problem) => problem.parameter).filter((name) => tried.has(name));
      // Nobody named: what was asked for last is what does not fit the rest.
      const suspects = guilty.length > 0 ? guilty : newest.filter((name) => tried.has(name));
      const out = suspects.length > 0 ? suspects : [await this.#culprit(base, tried)];
      for (const name of out) {
        tried.delete(name);
        if (!problems.has(name)) problems.set(name, outcome.problems[0]?.message ?? "this does not fit");
      }
    }
    for (const name of [...this.#pending.keys()]) if (tried.has(name)) this.#pending.delete(name);
    this.#problems = problems;
    const before = this.#sweep;
    if (good !== undefined && !loaded) good = await this.#followed(good, before, newest);
    if (good !== undefined && !same(good as never, before as never)) {
      this.#sweep = good;
      for (const listener of this.#listeners) listener.changed?.(good, before, loaded);
    }
    this.#tell();
  }

  /** The good document with what follows from it, where that is good too and nobody asked otherwise. */
  async #followed(good: FullSweep, before: FullSweep, newest: readonly string[]): Promise<FullSweep> {
    const along = Object.entries((await this.companions.follow?.(good, before)) ?? {});
    const changes = new Map(along.filter(([name]) => !newest.includes(name)));
    if (changes.size === 0) return good;
    const outcome = await this.check(write(good, changes));
    return outcome.ok ? outcome.value : good;
  }

  /** Forgets a value that this page cannot show, and says so. */
  #giveUp(problem: Problem, tried: Map<string, Value>): void {
    if (!tried.delete(problem.parameter)) throw new Error(problem.message);
    this.#pending.delete(problem.parameter);
    note(this.#unreadable, { parameter: "", message: problem.message });
  }

  /** The change without which the others are good; where there is no such one, the last. */
  async #culprit(base: FullSweep, tried: ReadonlyMap<string, Value>): Promise<string> {
    const names = [...tried.keys()];
    for (const name of names) {
      const others = new Map(tried);
      others.delete(name);
      if ((await this.check(write(base, others))).ok) return name;
    }
    return names[names.length - 1] as string;
  }

  #tell(): void {
    const all = new Map([...this.#problems, ...this.#unreadable]);
    for (const listener of this.#listeners) listener.problems?.(all);
  }

  /** The present value of a parameter. */
  value(name: string): Value | undefined {
    return read(this.#sweep, parameterNamed(name));
  }
}

function note(problems: Map<string, string>, { parameter, message }: Problem | LinkProblem): void {
  const known = problems.get(parameter);
  problems.set(parameter, known === undefined ? message : `${known}; ${message}`);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The address bar of a window. */
export function addressOf(window: Window): Address {
  return {
    hash: () => window.location.hash,
    set(hash, push) {
      const url = `${window.location.pathname}${window.location.search}${hash}`;
      if (push) window.history.pushState(null, "", url);
      else window.history.replaceState(null, "", url);
    },
    onChange: (act) => window.addEventListener("popstate", act),
  };
}
