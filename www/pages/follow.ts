/** Keeps the end of a sweep along the learning rate at the limit of stability. */
import type { FullScenario, FullSweep, Outcome, Prediction } from "../engine/engine";
import { same } from "../state/document";
import type { Changes, Companions } from "../state/store";
import { followLimit, rangeOfAxis, standsAt } from "./range";

/** What decides the ends of a sweep. */
interface Told {
  /** Learning rate at which the scenario diverges; NaN, which nothing stands at, where there is none or it cannot be said. */
  readonly limit: number;
  /** Largest eigenvalue of the Hessian. */
  readonly curvature: number;
}

export class LimitFollower implements Companions {
  /** The scenario whose limit was asked for last, and that limit. */
  #known: { scenario: FullScenario; told: Promise<Told> } | undefined;

  constructor(readonly predict: (scenario: FullScenario) => Promise<Outcome<Prediction>>) {}

  accompany = async (asked: Changes, sweep: FullSweep): Promise<Changes> => {
    if (asked.parameter === undefined) return {};
    const { limit, curvature } = await this.#tell(sweep);
    return rangeOfAxis(asked, sweep, limit, curvature);
  };

  follow = async (next: FullSweep, before: FullSweep): Promise<Changes> => {
    if (next.parameter !== "learning_rate" || same(next.scenario as never, before.scenario as never))
      return {};
    const limitBefore = (await this.#tell(before)).limit;
    if (!standsAt(limitBefore, before)) return {};
    return followLimit(next, before, (await this.#tell(next)).limit, limitBefore) ?? {};
  };

  #tell({ scenario }: FullSweep): Promise<Told> {
    if (this.#known && same(this.#known.scenario as never, scenario as never)) return this.#known.told;
    const told = this.predict(scenario).then((outcome): Told => {
      if (!outcome.ok) return { limit: Number.NaN, curvature: Number.NaN };
      const { stability, modes } = outcome.value;
      return {
        limit: yields(scenario) ? Number.NaN : stability.learning_rate_limit,
        curvature: modes[0]?.curvature ?? Number.NaN,
      };
    });
    this.#known = { scenario, told };
    return told;
  }
}

/**
 * Whether a larger fluctuation shortens the optimizer's step: the core's limit is that of its preconditioner as it stands at this
 * learning rate, and goes away as one comes near.
 */
export const yields = ({ optimizer }: Pick<FullScenario, "optimizer">) =>
  optimizer.kind === "natural_gradient" || optimizer.kind === "adam";
