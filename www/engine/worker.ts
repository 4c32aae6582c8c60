/// <reference lib="webworker" />
/** The worker: answers requests with the core. */

import { runsOf } from "./common";
import type { Reply, Request } from "./protocol";
import { fewEnough, read } from "./worker/documents";
import { advance, close, open, retune } from "./worker/live";
import { complete, coreOf, coreOfSweep, first } from "./worker/modules";
import { atEnd, follow, joined, summedUp, wholeOf } from "./worker/parts";
import { Cancelled, cancel, endIfCancelled, forget, hold, inLine, resume, tell } from "./worker/portions";

declare const self: DedicatedWorkerGlobalScope;

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
      return done((await coreOf(request.scenario)).measurement_of(request.scenario, joined(request.tallies)));
    case "pointPart": {
      const { index, part, of } = request;
      const runs = runsOf(request.sweep);
      const { Ensemble } = await coreOfSweep(runs);
      return inLine(id, () => summedUp(id, Ensemble.of_point(runs, index, part, of)));
    }
    case "wholePoint": {
      const { sweep, index } = request;
      const runs = runsOf(sweep);
      const [{ Ensemble }, { point_of }] = await Promise.all([coreOfSweep(runs), coreOfSweep(sweep)]);
      const sums = () => atEnd(id, Ensemble.of_point(runs, index, 0, 1), (ensemble) => ensemble.tally());
      return done(point_of(sweep, index, await inLine(id, sums)));
    }
    case "point": {
      const { point_of } = await coreOfSweep(request.sweep);
      return done(point_of(request.sweep, request.index, joined(request.tallies)));
    }
    case "open":
      await open(request);
      return done(null);
    case "retune":
      retune(request);
      return done(null);
    case "advance": {
      const snapshot = await advance(request);
      return done(snapshot, [snapshot.counts.buffer]);
    }
    case "close":
      close(request.name);
      return done(null);
  }
}

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  const { id } = data;
  if (data.kind === "cancel") return cancel(id);
  if (data.kind === "resume") return resume(id);
  if (data.kind === "hold") return hold(id);
  try {
    await first;
    endIfCancelled(id);
    tell(...(await answer(data)));
  } catch (error) {
    if (error instanceof Cancelled) tell({ id, kind: "cancelled" });
    else tell({ id, kind: "failed", message: wordsOf(error) });
  } finally {
    forget(id);
  }
};

/** The words of whatever was thrown: an Error, or the core's own `{ ok: false, problems }`. */
function wordsOf(error: unknown): string {
  const problems = (error as { problems?: { message: string }[] } | null)?.problems;
  return problems?.map((problem) => problem.message).join("; ") ?? String(error);
}
