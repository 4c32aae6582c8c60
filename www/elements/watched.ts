/** An ensemble that is watched: what it is of, how far it is, and its requests one after the other. */
import {
  Cancelled,
  type Ensemble,
  type FullScenario,
  type Prediction,
  type Snapshot,
} from "../engine/engine";
import { type Axes, axesOf } from "./cloud-axes";
import { viewOf } from "./cloud-view";

export class Watched {
  snapshot: Snapshot | undefined;
  readonly #abort = new AbortController();
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  /** Steps that were asked for one by one and are not begun. */
  #owed = 0;
  /** What spans the plane that is looked at. */
  axes: Axes;
  /** Replicas whose places are looked at. */
  places = 0;
  /** What it is to follow next, the last that was asked for. */
  #tuning:
    | { readonly scenario: FullScenario; readonly prediction: Prediction; readonly axes: Axes }
    | undefined;

  /** `seen` is called after each look. */
  constructor(
    public scenario: FullScenario,
    public prediction: Prediction,
    readonly ensemble: Ensemble,
    readonly seen: (watched: Watched) => void,
  ) {
    this.axes = axesOf(scenario);
  }

  get step(): number {
    return this.snapshot?.step ?? 0;
  }

  /** The step at which the scenario's own number of steps is over, counted from its start or its last change. */
  get end(): number {
    return (this.snapshot?.changed ?? 0) + this.scenario.run.steps;
  }

  /** Whether something that was asked for is not done. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  get closed(): boolean {
    return this.#abort.signal.aborted;
  }

  look(): Promise<void> {
    return this.#next(() => this.#advance(this.step));
  }

  /** So many steps from wherever it is by then; what is asked for while it is busy is done at once afterwards. */
  more(steps: number): Promise<void> {
    this.#owed += steps;
    return this.#next(async () => {
      const owed = this.#owed;
      this.#owed = 0;
      if (owed > 0) await this.#advance(this.step + owed);
    });
  }

  /** To a step, or towards it for so many milliseconds. */
  to(step: number, within = Number.POSITIVE_INFINITY): Promise<void> {
    return this.#next(async () => {
      if (this.step < step) await this.#advance(step, within);
    });
  }

  /** Goes on from where it is with another scenario, seen along its axes; what is asked for while it is busy is done at once afterwards. */
  retune(scenario: FullScenario, prediction: Prediction, axes: Axes): Promise<void> {
    this.#tuning = { scenario, prediction, axes };
    return this.#next(async () => {
      const tuning = this.#tuning;
      this.#tuning = undefined;
      if (!tuning) return;
      ({ scenario: this.scenario, prediction: this.prediction, axes: this.axes } = tuning);
      this.ensemble.retune(this.scenario);
      await this.#advance(this.step);
    });
  }

  /** Gives up what is asked for, and the ensemble when nobody works at it any more. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.#abort.abort();
    await this.#queue;
    // A worker that has broken has given everything up already.
    await this.ensemble.close().catch(() => undefined);
  }

  #next(act: () => Promise<void>): Promise<void> {
    this.#waiting++;
    const turn = this.#queue
      .then(() => {
        if (this.closed) throw new Cancelled();
        return act();
      })
      .finally(() => {
        this.#waiting--;
      });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #advance(step: number, within = Number.POSITIVE_INFINITY): Promise<void> {
    const view = this.#view(this.snapshot);
    const signal = this.#abort.signal;
    let snapshot = await this.ensemble.advance(step, within, view, { signal });
    // Many steps at once may have carried it out of what is shown, as along a flat direction: it is looked at again, whole.
    const whole = this.#view(snapshot);
    if (whole.high.some((far, i) => far > (view.high[i] as number)))
      snapshot = await this.ensemble.advance(snapshot.step, Number.POSITIVE_INFINITY, whole, { signal });
    if (this.closed) throw new Cancelled();
    this.snapshot = snapshot;
    this.seen(this);
  }

  /** What is looked at, given where the ensemble was last. */
  #view(snapshot: Snapshot | undefined) {
    const view = viewOf(this.scenario, this.prediction, snapshot, this.axes);
    return this.places > 0 ? { ...view, places: this.places } : view;
  }
}
