/** Ensembles that stay, are watched, and follow every change of their scenario. */

import type * as core from "../pkg/noisy_descent_wasm";
import type { Request, Snapshot } from "../protocol";
import { type Core, coreOf, type Moving } from "./modules";
import { run } from "./portions";

/** An ensemble that stays, with the module that moves it, the scenario that it follows, and since which step where that is not its first. */
interface Open {
  readonly core: Core;
  readonly ensemble: Moving;
  scenario: core.Scenario;
  changed?: number;
}
const ensembles = new Map<string, Open>();

/** Takes the place of an ensemble of that name. */
export async function open(request: Extract<Request, { kind: "open" }>): Promise<void> {
  close(request.name);
  ensembles.set(request.name, await openAt(request));
}

/** Lets an ensemble follow another scenario. */
export function retune({ name, scenario }: Extract<Request, { kind: "retune" }>): void {
  follow(named(name), scenario);
}

/** An ensemble at a step, with every change on its way there. */
async function openAt(request: Extract<Request, { kind: "open" }>): Promise<Open> {
  const { id, scenario, changes, step } = request;
  const core = await coreOf(scenario);
  const open: Open = { core, ensemble: new core.Ensemble(scenario, 0), scenario };
  const go = async (to: number) => {
    open.ensemble.set_target(to);
    await run(id, open.ensemble, Number.POSITIVE_INFINITY, true);
  };
  try {
    for (const change of changes) {
      await go(change.step);
      follow(open, change.scenario);
    }
    await go(step);
  } catch (error) {
    open.ensemble.free();
    throw error;
  }
  return open;
}

function follow(open: Open, scenario: core.Scenario): void {
  open.ensemble.retune(scenario);
  open.scenario = scenario;
  open.changed = open.ensemble.step;
}

function named(name: string): Open {
  const open = ensembles.get(name);
  if (open === undefined) throw new Error(`there is no ensemble named ${name}`);
  return open;
}

export function close(name: string) {
  ensembles.get(name)?.ensemble.free();
  ensembles.delete(name);
}

/** Moves an ensemble on and looks at it. */
export async function advance(request: Extract<Request, { kind: "advance" }>): Promise<Snapshot> {
  const { id, step, within, view } = request;
  const { core, ensemble, scenario, changed } = named(request.name);
  if (Number.isFinite(within)) {
    // One step at a time, so that all replicas stand at the same one whenever the time is up.
    const end = performance.now() + within;
    while (ensemble.step < step && performance.now() < end) {
      ensemble.set_target(ensemble.step + 1);
      await run(id, ensemble, Number.POSITIVE_INFINITY, false);
    }
  } else {
    ensemble.set_target(step);
    await run(id, ensemble, within, true);
  }
  const prediction = core.predict_after(scenario, ensemble.step);
  if (!prediction.ok) throw new Error(prediction.problems[0]?.message ?? "no prediction");
  const { x, y, columns, rows, directions, places } = view;
  const [low, high] = [Float64Array.from(view.low), Float64Array.from(view.high)];
  const both = directions && Float64Array.from(directions.flat());
  return {
    step: ensemble.step,
    measurement: ensemble.measure(),
    prediction: prediction.value,
    ...(changed === undefined ? {} : { changed }),
    counts: both
      ? ensemble.density_along(both, columns, rows, low, high)
      : ensemble.density(x, y, columns, rows, low, high),
    view,
    ...(both ? { along: ensemble.moments_along(both) } : {}),
    ...(places ? { places: ensemble.positions(places) } : {}),
  };
}
