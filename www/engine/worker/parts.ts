/** Parts of a run: each worker moves some of the replicas and answers with their sums. */

import type * as core from "../pkg/noisy_descent_wasm";
import type { SeriesPart, SeriesWhole } from "../pkg/noisy_descent_wasm";
import type { Reply, Share } from "../protocol";
import { complete, type Moving } from "./modules";
import { pause, run, tell } from "./portions";

/** Runs a part of a scenario's replicas step by step of a list, and tells its sums at each; progress is the share of `last`. */
export async function follow(
  { id, scenario, part, of }: { id: number; scenario: core.Scenario } & Share,
  at: (series: SeriesPart) => number[],
  last: number,
  see: (series: SeriesPart) => Float64Array,
): Promise<void> {
  const { SeriesPart: Made } = await complete();
  const series = new Made(scenario, part, of);
  try {
    for (const step of at(series)) {
      series.set_target(step);
      await run(id, series, Number.POSITIVE_INFINITY, true, Math.min(1, step / last));
      const sums = see(series);
      tell({ id, kind: "part", part: { at: step, sums } }, [sums.buffer]);
      tell({ id, kind: "progress", share: Math.min(1, step / last) });
      await pause(id);
    }
  } finally {
    series.free();
  }
}

/** The theories of the run whose sums were put together last: the next look is mostly one of the same. */
let prepared: { readonly key: string; readonly whole: SeriesWhole } | undefined;

export async function wholeOf(scenario: core.Scenario): Promise<SeriesWhole> {
  const { SeriesWhole: Made } = await complete();
  const key = JSON.stringify(scenario);
  if (prepared?.key !== key) {
    prepared?.whole.free();
    prepared = undefined;
    prepared = { key, whole: new Made(scenario) };
  }
  return prepared.whole;
}

/** Runs a part of an ensemble to its end; what is seen of it there. */
export async function atEnd<Seen>(id: number, ensemble: Moving, see: (moved: Moving) => Seen): Promise<Seen> {
  try {
    await run(id, ensemble, Number.POSITIVE_INFINITY, true);
    return see(ensemble);
  } finally {
    ensemble.free();
  }
}

/** The same, answered with its sums. */
export async function summedUp(
  id: number,
  ensemble: Moving,
  sums = (moved: Moving): Float64Array => moved.tally(),
): Promise<[Reply, Transferable[]]> {
  const value = await atEnd(id, ensemble, sums);
  return [{ id, kind: "done", value }, [value.buffer]];
}

/** The numbers of all parts, one after the other. */
export function joined(tallies: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(tallies.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const tally of tallies) {
    all.set(tally, place);
    place += tally.length;
  }
  return all;
}
