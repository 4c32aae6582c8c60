/// <reference lib="webworker" />
/**
 * The worker: answers requests with the core. Long work is cut into portions, between which cancels are heard and progress
 * is told.
 */

import { readDocument } from "./file";
import rareWasm from "./pkg/noisy_descent_rare_bg.wasm?url";
import type { Look, Recall, Series } from "./pkg/noisy_descent_series";
import seriesWasm from "./pkg/noisy_descent_series_bg.wasm?url";
import init, * as core from "./pkg/noisy_descent_wasm";
import wasm from "./pkg/noisy_descent_wasm_bg.wasm?url";
import type { Calls, Reply, Request, Snapshot } from "./protocol";

/** Milliseconds of one portion: a cancel is heard after it, far within the promised 50. */
const PORTION = 8;
/** Numbers of a table: with their digits they fill the longest address that browsers keep. */
const MOST_NUMBERS = 100_000;
/** Milliseconds between two reports of progress. */
const REPORT = 50;
/** Milliseconds between two signs of life of work that rests; who hears nothing for ten seconds takes it for dead. */
const SIGN_OF_LIFE = 3000;

declare const self: DedicatedWorkerGlobalScope;

const ready = init({ module_or_path: wasm });

/** One of the core's other modules, loaded when it is first asked for: no page waits for what few ask for. */
function onDemand<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let loading: Promise<Module> | undefined;
  return () => {
    loading ??= load().catch((error) => {
      loading = undefined; // the next request tries again
      throw error;
    });
    return loading;
  };
}
const rare = onDemand(async () => {
  const module = await import("./pkg/noisy_descent_rare");
  await module.default({ module_or_path: rareWasm });
  return module;
});
const following = onDemand(async () => {
  const module = await import("./pkg/noisy_descent_series");
  await module.default({ module_or_path: seriesWasm });
  return module;
});

const cancelled = new Set<number>();
/** Requests that rest, each with what ends its present wait. */
const resting = new Map<number, () => void>();
const ensembles = new Map<string, { ensemble: core.Ensemble; scenario: core.Scenario }>();

class Cancelled extends Error {}

const tell = (reply: Reply, transfer: Transferable[] = []) => self.postMessage(reply, transfer);

/**
 * Lets messages in. A timer would wait for four milliseconds, a message to oneself does not. A point of a sweep and a series may
 * take breath in one worker: each has its own turn.
 */
const breath = (() => {
  const { port1, port2 } = new MessageChannel();
  const resting: (() => void)[] = [];
  port1.onmessage = () => resting.shift()?.();
  return () =>
    new Promise<void>((resolve) => {
      resting.push(resolve);
      port2.postMessage(null);
    });
})();

/** Waits while a request is to rest and is not given up. */
async function rest(id: number, share: number): Promise<void> {
  while (resting.has(id) && !cancelled.has(id)) {
    tell({ id, kind: "progress", share });
    await new Promise<void>((resolve) => {
      resting.set(id, resolve);
      setTimeout(resolve, SIGN_OF_LIFE);
    });
  }
}

/** Advances an ensemble to its target, or until `within` milliseconds have passed; its progress is `scale` of the request's. */
async function run(
  id: number,
  ensemble: Pick<core.Ensemble, "advance" | "progress">,
  within: number,
  report: boolean,
  scale = 1,
): Promise<void> {
  const start = performance.now();
  let told = start;
  while (!ensemble.advance(Math.min(PORTION, within))) {
    const now = performance.now();
    if (now - start >= within) return;
    if (report && now - told >= REPORT) {
      tell({ id, kind: "progress", share: scale * ensemble.progress });
      told = now;
    }
    await breath();
    await rest(id, scale * ensemble.progress);
    if (cancelled.has(id)) throw new Cancelled();
  }
}

async function answer(
  request: Exclude<Request, { kind: "cancel" | "hold" | "resume" }>,
): Promise<[Reply, Transferable[]]> {
  const { id } = request;
  const done = (value: Extract<Reply, { kind: "done" }>["value"], transfer: Transferable[] = []) =>
    [{ id, kind: "done", value }, transfer] as [Reply, Transferable[]];
  switch (request.kind) {
    case "check":
      return done(core.check(request.sweep) as never);
    case "predict":
      return done(core.predict(request.scenario));
    case "curve":
      return done(core.curve(request.sweep, request.samples));
    case "map": {
      const { stability_map } = await rare();
      const numbers = stability_map(request.optimizer, request.products, request.shares);
      return done(numbers, [numbers.buffer]);
    }
    case "judge":
      return done(core.judge([...request.points]));
    case "seed":
      return done(core.fresh_seed());
    case "errata":
      return done((await rare()).errata());
    case "demonstrate":
      return done((await rare()).demonstrate(request.number, { ...request.values }));
    case "data":
      return done((await rare()).data_set(request.scenario));
    case "read":
      return done(read(request.text, request.around) as never);
    case "csv":
      return done(fewEnough((await rare()).read_csv(request.text)));
    case "table1":
      return done((await rare()).table1(request.scenario));
    case "landscape":
      return done((await rare()).escape_landscape(request.scenario, request.samples));
    case "bayes":
      return done(
        (await rare()).bayes(request.scenario, request.dataSize, request.batchSize, request.samples),
      );
    case "summary":
      return done((await rare()).data_summary(request.scenario, request.x, request.y, request.most));
    case "escape": {
      const { low, high, bins } = request;
      const ensemble = new core.Ensemble(request.scenario, 0);
      try {
        await run(id, ensemble, Number.POSITIVE_INFINITY, true);
        const measurement = ensemble.escape(request.points);
        if (!measurement) throw new Error("the loss has no exit");
        const counts = ensemble.density(0, 0, bins, 1, Float64Array.of(low, 0), Float64Array.of(high, 0));
        return done({ ok: true, value: { measurement, counts, low, high } }, [counts.buffer]);
      } finally {
        ensemble.free();
      }
    }
    case "series": {
      const { scenario, count, logarithmic } = request;
      const { times } = await following();
      const last = scenario.run.steps;
      await follow(request, [...times(last, count, logarithmic)], last, (series) => series.look());
      return done(null);
    }
    case "recall": {
      const { steps } = request.scenario.run;
      const after = (lags: number) => Array.from({ length: lags + 1 }, (_, lag) => steps + lag);
      await follow(
        request,
        ({ lags }) => after(lags),
        steps,
        (series) => series.recall(),
      );
      return done(null);
    }
    case "together":
      return done((await following()).judge_together([...request.points]));
    case "runPart":
      return summedUp(id, core.Ensemble.part(request.scenario, request.part, request.of));
    case "measurement":
      return done(core.measurement_of(joined(request.tallies)));
    case "pointPart":
      return summedUp(id, core.Ensemble.of_point(request.sweep, request.index, request.part, request.of));
    case "point":
      return done(core.point_of(request.sweep, request.index, joined(request.tallies)));
    case "open": {
      close(request.name);
      const ensemble = new core.Ensemble(request.scenario, 0);
      ensembles.set(request.name, { ensemble, scenario: request.scenario });
      return done({ ok: true, value: null });
    }
    case "advance": {
      const open = ensembles.get(request.name);
      if (open === undefined) throw new Error(`there is no ensemble named ${request.name}`);
      const snapshot = await advance(id, open, request);
      return done(snapshot, [snapshot.counts.buffer]);
    }
    case "close":
      close(request.name);
      return done(null);
  }
}

/** A table that an address can hold; a larger one is refused here, before a page has to take it. */
function fewEnough(outcome: Calls["csv"]["gives"]): Calls["csv"]["gives"] {
  if (!outcome.ok) return outcome;
  const { inputs, targets } = outcome.value;
  const numbers = targets.length * (1 + (inputs[0]?.length ?? 0));
  if (numbers <= MOST_NUMBERS) return outcome;
  const [value, allowed] = [String(numbers), `at most ${MOST_NUMBERS}`];
  const message = `it has ${numbers} numbers, and the page’s link holds ${allowed}; the command line takes more`;
  return { ok: false, problems: [{ kind: "too_large", parameter: "inputs", value, allowed, message }] };
}

/** The sweep that a file's text holds. */
function read(text: string, around: core.Sweep) {
  const found = readDocument(text);
  if ("problem" in found) {
    const { problem: message } = found;
    return {
      ok: false,
      problems: [{ kind: "malformed", parameter: "scenario", value: "", allowed: "", message }],
    };
  }
  const own = "scenario" in found.document;
  const outcome = core.check((own ? found.document : { ...around, scenario: found.document }) as never);
  return outcome.ok ? { ok: true, value: { sweep: outcome.value, own } } : outcome;
}

/** Runs a scenario step by step of a list, and tells what is seen at each; progress is the share of `last`. */
async function follow(
  { id, scenario }: { id: number; scenario: core.Scenario },
  at: number[] | ((series: Series) => number[]),
  last: number,
  see: (series: Series) => core.Outcome<Look | Recall>,
): Promise<void> {
  const { Series: Made } = await following();
  const series = new Made(scenario);
  try {
    for (const step of typeof at === "function" ? at(series) : at) {
      series.set_target(step);
      await run(id, series, Number.POSITIVE_INFINITY, true, Math.min(1, step / last));
      const outcome = see(series);
      if (!outcome.ok) throw outcome;
      tell({ id, kind: "part", part: outcome.value });
      tell({ id, kind: "progress", share: Math.min(1, step / last) });
      await breath();
      if (cancelled.has(id)) throw new Cancelled();
    }
  } finally {
    series.free();
  }
}

/** Runs a part of an ensemble to its end and answers with its sums. */
async function summedUp(id: number, ensemble: core.Ensemble): Promise<[Reply, Transferable[]]> {
  try {
    await run(id, ensemble, Number.POSITIVE_INFINITY, true);
    const value = ensemble.tally();
    return [{ id, kind: "done", value }, [value.buffer]];
  } finally {
    ensemble.free();
  }
}

/** The numbers of all parts, one after the other. */
function joined(tallies: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(tallies.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const tally of tallies) {
    all.set(tally, place);
    place += tally.length;
  }
  return all;
}

function close(name: string) {
  ensembles.get(name)?.ensemble.free();
  ensembles.delete(name);
}

async function advance(
  id: number,
  { ensemble, scenario }: { ensemble: core.Ensemble; scenario: core.Scenario },
  { step, within, view }: Extract<Request, { kind: "advance" }>,
): Promise<Snapshot> {
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
    counts: both
      ? ensemble.density_along(both, columns, rows, low, high)
      : ensemble.density(x, y, columns, rows, low, high),
    view,
    ...(both ? { along: ensemble.moments_along(both) } : {}),
    ...(places ? { places: ensemble.positions(places) } : {}),
  };
}

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  const { id } = data;
  if (data.kind === "cancel" || data.kind === "resume") {
    if (data.kind === "cancel") cancelled.add(id);
    resting.get(id)?.();
    resting.delete(id);
    return;
  }
  if (data.kind === "hold") {
    resting.set(id, () => undefined);
    return;
  }
  try {
    await ready;
    if (cancelled.has(id)) throw new Cancelled();
    tell(...(await answer(data)));
  } catch (error) {
    if (error instanceof Cancelled) tell({ id, kind: "cancelled" });
    else tell({ id, kind: "failed", message: wordsOf(error) });
  } finally {
    cancelled.delete(id);
    resting.delete(id);
  }
};

/** The words of whatever was thrown: an Error, or the core's own `{ ok: false, problems }`. */
function wordsOf(error: unknown): string {
  const problems = (error as { problems?: { message: string }[] } | null)?.problems;
  return problems?.map((problem) => problem.message).join("; ") ?? String(error);
}
