/** `<nd-correlation>`: how the weights go with those of earlier steps, and for how long. */
import type { Engine, FullScenario, PartsFollowing, Recall, SweepPoint } from "../engine/engine";
import { lagPoints, memorable, tellMemory, timesOf } from "./correlation-words";
import { SeriesInstrument } from "./series-instrument";
import type { Component } from "./series-words";

export class CorrelationElement extends SeriesInstrument<Recall> {
  protected readonly fileName = "noisy-descent-correlation";
  protected readonly unit = "lag";
  protected readonly quantity = "autocovariance";
  protected readonly logarithmicX = false;
  protected readonly logarithmicY = false;

  protected controls(): HTMLElement[] {
    return [];
  }

  protected follow(engine: Engine, scenario: FullScenario, following: PartsFollowing<Recall>): Promise<void> {
    return engine.recall(scenario, following);
  }

  protected steps({ run }: FullScenario): number {
    return run.steps;
  }

  protected read(component: number): SweepPoint[] {
    return lagPoints(memorable(this.parts, component), component);
  }

  protected heading(): string {
    return "What is remembered of the last step";
  }

  protected tell(points: readonly SweepPoint[], component: Component): string {
    const times = timesOf(memorable(this.parts, this.component), this.component);
    return this.prediction ? tellMemory(points, times, component, this.prediction.stability) : "";
  }

  protected override async explain(): Promise<readonly string[]> {
    const { explainMemory } = await import("./explain-series");
    return this.scenario_ ? explainMemory(this.scenario_, ...this.shown) : [];
  }
}

customElements.define("nd-correlation", CorrelationElement);
