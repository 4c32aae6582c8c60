/** `<nd-over-time>`: what the ensemble does on its way, against the transients of every theory. */
import type { Engine, FullScenario, Look, PartsFollowing, SweepPoint } from "../engine/engine";
import { choice } from "./dom";
import { isPositive, pointsOf, QUANTITIES, type Quantity, SIGNS, tellOverTime } from "./over-time-words";
import { SeriesInstrument } from "./series-instrument";
import type { Component } from "./series-words";

/** Looks at a run. */
const LOOKS = 40;
/** A quantity that grows by more than this is shown on a logarithmic axis unless told otherwise. */
const WIDE = 1e3;

export class OverTimeElement extends SeriesInstrument<Look> {
  protected readonly fileName = "noisy-descent-over-time";
  protected readonly unit = "step";
  #quantity: Quantity = "variance";
  #times: "log" | "linear" = "log";
  #values: "auto" | "linear" | "log" = "auto";

  protected controls(): HTMLElement[] {
    // A page may begin with another view: `data-quantity`, `data-times`.
    this.#quantity = (this.dataset.quantity ?? this.#quantity) as Quantity;
    this.#times = (this.dataset.times ?? this.#times) as "log" | "linear";
    return [
      choice("Quantity", QUANTITIES, this.#quantity, (quantity) => {
        this.#quantity = quantity;
        this.choose();
      }),
      choice("Steps", { log: "logarithmic", linear: "linear" }, this.#times, (times) => {
        this.#times = times;
        this.again();
      }),
      choice("Values", { auto: "as fits", linear: "linear", log: "logarithmic" }, this.#values, (values) => {
        this.#values = values;
        this.choose();
      }),
    ];
  }

  protected follow(engine: Engine, scenario: FullScenario, following: PartsFollowing<Look>): Promise<void> {
    return engine.series(scenario, LOOKS, this.#times === "log", following);
  }

  protected steps({ run }: FullScenario): number {
    return run.steps;
  }

  protected read(parts: readonly Look[], component: number): SweepPoint[] {
    const law = this.scenario_?.noise.law;
    // Student's t has the moments below its degrees of freedom; every other law has all.
    const hasMoment = (order: number) => law?.kind !== "student_t" || order < law.degrees;
    return pointsOf(parts, this.#quantity, component, hasMoment);
  }

  protected override get ofComponent(): boolean {
    return this.#quantity !== "training_error";
  }

  protected get logarithmicX(): boolean {
    return this.#times === "log";
  }

  protected get logarithmicY(): boolean {
    if (!isPositive(this.#quantity) || this.#values === "linear") return false;
    if (this.#values === "log") return true;
    const values = this.read(this.parts, this.component)
      .map(({ discrete }) => discrete ?? Number.POSITIVE_INFINITY)
      .filter((value) => value > 0);
    return Math.max(...values) > WIDE * Math.min(...values);
  }

  protected get quantity(): string {
    return QUANTITIES[this.#quantity];
  }

  protected get sign(): string {
    return SIGNS[this.#quantity];
  }

  protected heading(): string {
    return "The ensemble over time";
  }

  protected tell(points: readonly SweepPoint[], component: Component): string {
    return this.prediction ? tellOverTime(points, this.#quantity, component, this.prediction.stability) : "";
  }

  protected override async explain(): Promise<readonly string[]> {
    const { explainOverTime } = await import("./explain-series");
    return this.scenario_ ? explainOverTime(this.scenario_, ...this.shown) : [];
  }
}

customElements.define("nd-over-time", OverTimeElement);
