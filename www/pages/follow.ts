/** Keeps the end of a sweep along the learning rate at the limit of stability. */
import type { FullScenario, FullSweep, Outcome, Prediction } from "../engine/engine";
import { same } from "../state/document";
import type { Changes, Companions } from "../state/store";
import { followLimit, rangeOfAxis, standsAt } from "./range";

export class LimitFollower implements Companions {
  /** The scenario whose limit was asked for last, and that limit. */
  #known: { scenario: FullScenario; limit: Promise<number> } | undefined;

  constructor(readonly predict: (scenario: FullScenario) => Promise<Outcome<Prediction>>) {}

  accompany = async (asked: Changes, sweep: FullSweep): Promise<Changes> =>
    asked.parameter === undefined ? {} : rangeOfAxis(asked, sweep, await this.#limitOf(sweep));

  follow = async (next: FullSweep, before: FullSweep): Promise<Changes> => {
    if (next.parameter !== "learning_rate" || same(next.scenario as never, before.scenario as never))
      return {};
    const limitBefore = await this.#limitOf(before);
    if (!standsAt(limitBefore, before)) return {};
    return followLimit(next, before, await this.#limitOf(next), limitBefore) ?? {};
  };

  /** Learning rate at which a scenario diverges; NaN, which nothing stands at, where there is none or it cannot be said. */
  #limitOf({ scenario }: FullSweep): Promise<number> {
    if (this.#known && same(this.#known.scenario as never, scenario as never)) return this.#known.limit;
    const limit = this.predict(scenario).then((outcome) =>
      outcome.ok && !yields(scenario) ? outcome.value.stability.learning_rate_limit : Number.NaN,
    );
    this.#known = { scenario, limit };
    return limit;
  }
}

/**
 * Whether a larger fluctuation shortens the optimizer's step: the core's limit is that of its preconditioner as it stands at this
 * learning rate, and goes away as one comes near.
 */
export const yields = ({ optimizer }: Pick<FullScenario, "optimizer">) =>
  optimizer.kind === "natural_gradient" || optimizer.kind === "adam";
