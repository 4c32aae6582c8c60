/** `<nd-correlation>`: how the weights go with those of earlier steps, and for how long. */
import type { Engine, FullScenario, PartsFollowing, Recall, SweepPoint } from "../engine/engine";
import { lagPoints, memorable, tellMemory, timesOf, timesTable } from "./correlation-words";
import { choice } from "./dom";
import { SeriesInstrument } from "./series-instrument";
import type { Component } from "./series-words";
import type { Further } from "./tables";

export class CorrelationElement extends SeriesInstrument<Recall> {
  protected readonly fileName = "noisy-descent-correlation";
  protected readonly unit = "lag";
  protected readonly quantity = "autocovariance";
  protected readonly logarithmicX = false;
  protected readonly sign = "*Σ*(*τ*)";
  #values: "linear" | "log" = "linear";

  protected controls(): HTMLElement[] {
    return [
      choice("Values", { linear: "linear", log: "logarithmic" }, this.#values, (values) => {
        this.#values = values;
        this.choose();
      }),
    ];
  }

  /** A slow direction is a straight line on it; of one that alternates only the positive half is there. */
  protected get logarithmicY(): boolean {
    return this.#values === "log";
  }

  protected follow(engine: Engine, scenario: FullScenario, following: PartsFollowing<Recall>): Promise<void> {
    return engine.recall(scenario, following);
  }

  protected steps({ run }: FullScenario): number {
    return run.steps;
  }

  protected read(parts: readonly Recall[], component: number): SweepPoint[] {
    return lagPoints(memorable(parts, component), component);
  }

  protected heading(): string {
    return "What is remembered of the last step";
  }

  protected tell(points: readonly SweepPoint[], component: Component): string {
    const times = timesOf(memorable(this.parts, this.component), this.component);
    if (!this.prediction) return "";
    const words = tellMemory(points, times, component, this.prediction.stability);
    const negative = this.logarithmicY && points.some(({ discrete }) => discrete !== null && discrete < 0);
    return negative ? `${words} A logarithmic axis has no place for the negative values.` : words;
  }

  protected override further(): Further[] {
    const [recalls, components] = [this.parts, this.components];
    if (recalls.length === 0) return [];
    return [{ name: "autocorrelation times", table: () => timesTable(recalls, components) }];
  }

  protected override async explain(): Promise<readonly string[]> {
    const { explainMemory } = await import("./explain-series");
    return this.scenario_ ? explainMemory(this.scenario_, ...this.shown) : [];
  }
}

customElements.define("nd-correlation", CorrelationElement);
