/// <reference lib="webworker" />
/**
 * The worker: answers requests with the core. Long work is cut into portions, between which cancels are heard and progress
 * is told.
 */

import { isCommon, isCommonSweep } from "./common";
import { readDocument } from "./file";
import initFirst, * as firstCore from "./pkg/noisy_descent_first";
import firstWasm from "./pkg/noisy_descent_first_bg.wasm?url";
import type * as core from "./pkg/noisy_descent_wasm";
import type { SeriesPart, SeriesWhole } from "./pkg/noisy_descent_wasm";
import wasm from "./pkg/noisy_descent_wasm_bg.wasm?url";
import type { Calls, Reply, Request, Share, Snapshot } from "./protocol";

/** Milliseconds of one portion: a cancel is heard after it, far within the promised 50. */
const PORTION = 8;
/** Numbers of a table: with their digits they fill the longest address that browsers keep. */
const MOST_NUMBERS = 100_000;
/** Milliseconds between two reports of progress. */
const REPORT = 50;
/** Milliseconds between two signs of life of work that rests; who hears nothing for ten seconds takes it for dead. */
const SIGN_OF_LIFE = 3000;

declare const self: DedicatedWorkerGlobalScope;

/** What both of the core's modules have. */
type Core = Pick<typeof core, Exclude<keyof typeof firstCore, "default" | "initSync">>;

/** The module that a page waits for; where it cannot be loaded, each request says so. */
const first = initFirst({ module_or_path: firstWasm }).then(() => firstCore as unknown as Core);
first.catch(() => {});

let loading: Promise<typeof core> | undefined;
/** The complete one, loaded when it is first asked for: no page waits for what few ask for. */
function complete(): Promise<typeof core> {
  loading ??= load().catch((error) => {
    loading = undefined; // the next request tries again
    throw error;
  });
  return loading;
}
async function load() {
  const module = await import("./pkg/noisy_descent_wasm");
  await module.default({ module_or_path: wasm });
  return module;
}

/** The module that knows a scenario, or a sweep. */
const coreOf = (scenario: core.Scenario): Promise<Core> => (isCommon(scenario) ? first : complete());
const coreOfSweep = (sweep: core.Sweep): Promise<Core> => (isCommonSweep(sweep) ? first : complete());

const cancelled = new Set<number>();
/** An ensemble that stays, with the module that moves it, the scenario that it follows, and since which step where that is not its first. */
interface Open {
  readonly core: Core;
  readonly ensemble: Moving;
  scenario: core.Scenario;
  changed?: number;
}
type Moving = InstanceType<Core["Ensemble"]>;
const ensembles = new Map<string, Open>();
/** Requests that rest, each with what ends its present wait. */
const resting = new Map<number, () => void>();

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
  ensemble: Pick<Moving, "advance" | "progress">,
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
      return done((await coreOfSweep(request.sweep)).check(request.sweep) as never);
    case "predict":
      return done((await coreOf(request.scenario)).predict(request.scenario));
    case "curve":
      return done((await coreOfSweep(request.sweep)).curve(request.sweep, request.samples));
    case "map": {
      const { stability_map } = await complete();
      const numbers = stability_map(request.optimizer, request.products, request.shares);
      return done(numbers, [numbers.buffer]);
    }
    case "judge":
      return done((await first).judge([...request.points]));
    case "seed":
      return done((await first).fresh_seed());
    case "errata":
      return done((await complete()).errata());
    case "demonstrate":
      return done((await complete()).demonstrate(request.number, { ...request.values }));
    case "data":
      return done((await complete()).data_set(request.scenario));
    case "read":
      return done((await read(request.text, request.around)) as never);
    case "csv":
      return done(fewEnough((await complete()).read_csv(request.text)));
    case "table1":
      return done((await complete()).table1(request.scenario));
    case "landscape":
      return done((await complete()).escape_landscape(request.scenario, request.samples));
    case "bayes":
      return done(
        (await complete()).bayes(request.scenario, request.dataSize, request.batchSize, request.samples),
      );
    case "summary":
      return done((await complete()).data_summary(request.scenario, request.x, request.y, request.most));
    case "escapePart": {
      const { scenario, part, of, bins, low, high } = request;
      const { Ensemble } = await complete();
      return summedUp(id, Ensemble.part(scenario, part, of), (ensemble) =>
        (ensemble as InstanceType<typeof Ensemble>).tally_in_bins(bins, low, high),
      );
    }
    case "escaped":
      return done((await complete()).escaped_of(joined(request.tallies), request.points));
    case "seriesPart": {
      const { scenario, count, logarithmic } = request;
      const { times } = await complete();
      const last = scenario.run.steps;
      await follow(
        request,
        () => [...times(last, count, logarithmic)],
        last,
        (series) => series.sums(),
      );
      return done(null);
    }
    case "recallPart": {
      const { steps } = request.scenario.run;
      const after = (lags: number) => Array.from({ length: lags + 1 }, (_, lag) => steps + lag);
      await follow(
        request,
        ({ lags }) => after(lags),
        steps,
        (series) => series.remembered(),
      );
      return done(null);
    }
    case "look":
      return done((await wholeOf(request.scenario)).look(joined(request.sums)));
    case "recall":
      return done((await wholeOf(request.scenario)).recall(joined(request.sums)));
    case "together":
      return done((await complete()).judge_together([...request.points]));
    case "runPart": {
      const { Ensemble } = await coreOf(request.scenario);
      return summedUp(id, Ensemble.part(request.scenario, request.part, request.of));
    }
    case "measurement":
      return done((await first).measurement_of(joined(request.tallies)));
    case "pointPart": {
      const { Ensemble } = await coreOfSweep(request.sweep);
      return summedUp(id, Ensemble.of_point(request.sweep, request.index, request.part, request.of));
    }
    case "point": {
      const { point_of } = await coreOfSweep(request.sweep);
      return done(point_of(request.sweep, request.index, joined(request.tallies)));
    }
    case "open":
      close(request.name);
      ensembles.set(request.name, await openAt(request));
      return done(null);
    case "retune":
      retune(named(request.name), request.scenario);
      return done(null);
    case "advance": {
      const snapshot = await advance(id, named(request.name), request);
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
async function read(text: string, around: core.Sweep) {
  const found = readDocument(text);
  if ("problem" in found) {
    const { problem: message } = found;
    return {
      ok: false,
      problems: [{ kind: "malformed", parameter: "scenario", value: "", allowed: "", message }],
    };
  }
  const own = "scenario" in found.document;
  const sweep = (own ? found.document : { ...around, scenario: found.document }) as core.Sweep;
  const outcome = (await coreOfSweep(sweep)).check(sweep);
  return outcome.ok ? { ok: true, value: { sweep: outcome.value, own } } : outcome;
}

/** Runs a part of a scenario's replicas step by step of a list, and tells its sums at each; progress is the share of `last`. */
async function follow(
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
      await breath();
      if (cancelled.has(id)) throw new Cancelled();
    }
  } finally {
    series.free();
  }
}

/** The theories of the run whose sums were put together last: the next look is mostly one of the same. */
let prepared: { readonly key: string; readonly whole: SeriesWhole } | undefined;

async function wholeOf(scenario: core.Scenario): Promise<SeriesWhole> {
  const { SeriesWhole: Made } = await complete();
  const key = JSON.stringify(scenario);
  if (prepared?.key !== key) {
    prepared?.whole.free();
    prepared = undefined;
    prepared = { key, whole: new Made(scenario) };
  }
  return prepared.whole;
}

/** Runs a part of an ensemble to its end and answers with its sums. */
async function summedUp(
  id: number,
  ensemble: Moving,
  sums = (moved: Moving): Float64Array => moved.tally(),
): Promise<[Reply, Transferable[]]> {
  try {
    await run(id, ensemble, Number.POSITIVE_INFINITY, true);
    const value = sums(ensemble);
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
      retune(open, change.scenario);
    }
    await go(step);
  } catch (error) {
    open.ensemble.free();
    throw error;
  }
  return open;
}

function retune(open: Open, scenario: core.Scenario): void {
  open.ensemble.retune(scenario);
  open.scenario = scenario;
  open.changed = open.ensemble.step;
}

function named(name: string): Open {
  const open = ensembles.get(name);
  if (open === undefined) throw new Error(`there is no ensemble named ${name}`);
  return open;
}

function close(name: string) {
  ensembles.get(name)?.ensemble.free();
  ensembles.delete(name);
}

async function advance(
  id: number,
  { core, ensemble, scenario, changed }: Open,
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
    ...(changed === undefined ? {} : { changed }),
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
    await first;
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
