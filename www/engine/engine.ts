/**
 * Where a page gets its numbers. The interface says nothing of where work is done; here it is done in Web Workers: one for
 * answers at once, one for the ensembles that are watched, the others for sweeps.
 */
import { Caller, Cancelled, type Following } from "./caller";
import { LastingEnsemble } from "./lasting";
import { Place } from "./place";
import type {
  BayesPrediction,
  Curve,
  DataSet,
  DataSummary,
  Demonstration,
  ErratumEntry,
  Escaped,
  EscapeLandscape,
  EscapeView,
  FullScenario,
  FullSweep,
  Look,
  Measurement,
  Outcome,
  Prediction,
  Recall,
  SeriesVerdict,
  Snapshot,
  SweepPoint,
  Table,
  Table1Row,
  Verdict,
  View,
} from "./protocol";
import { type SweepFollowing, shareEscape, shareRun, shareSweep, valueOf } from "./share";
import { type PartsFollowing, shareLooks } from "./share-looks";
import { Turns } from "./turns";
import { thisMachine, workersOf } from "./workers";

export type { Furthest, JudgedEvidence, Problem, Table1Entry } from "./protocol";
export type {
  BayesPrediction,
  Curve,
  DataSummary,
  Demonstration,
  ErratumEntry,
  Escaped,
  EscapeLandscape,
  FullScenario,
  FullSweep,
  Look,
  Measurement,
  Outcome,
  Prediction,
  Recall,
  SeriesVerdict,
  Snapshot,
  SweepPoint,
  Table,
  Table1Row,
  Verdict,
  View,
};
export { Cancelled, type PartsFollowing, type SweepFollowing };

/** An ensemble that stays, to be watched while it moves. */
export interface Ensemble {
  /** Moves to a step, or towards it for so many milliseconds (Infinity: all the way), and looks. */
  advance(step: number, within: number, view: View, following?: Following): Promise<Snapshot>;
  /** Follows another scenario from the next step on: other numbers of the same optimizer and noise. */
  retune(scenario: FullScenario): void;
  close(): Promise<void>;
}

export interface Engine {
  /** The sweep as it is understood, or every problem with it. */
  check(sweep: FullSweep): Promise<Outcome<FullSweep>>;
  predict(scenario: FullScenario): Promise<Outcome<Prediction>>;
  /** The theories on a fine grid along the sweep. */
  curve(sweep: FullSweep, samples: number): Promise<Outcome<Curve>>;
  /**
   * An optimizer's step over values of λk and of its momentum (QHM: its mixing): spectral radii row by row, as many variances in
   * units of c/k² (NaN where there is none), and the limit of λk in each row.
   */
  stabilityMap(
    optimizer: FullScenario["optimizer"],
    products: Float64Array,
    shares: Float64Array,
  ): Promise<Float64Array>;
  /** Agreement of each theory with the points. */
  judge(points: readonly SweepPoint[]): Promise<Verdict>;
  /** A seed that nobody has chosen. */
  freshSeed(): Promise<number>;
  /** Runs every point of a sweep; rejects with Cancelled once every worker has stopped working at it. */
  sweep(sweep: FullSweep, following?: SweepFollowing): Promise<SweepPoint[]>;
  ensemble(scenario: FullScenario): Promise<Ensemble>;
  /** The list of errata, without evidence. */
  errata(): Promise<ErratumEntry[]>;
  /** One erratum computed at the given values, the others at their defaults; waits for a worker that is free. */
  demonstrate(
    number: string,
    values: Readonly<Record<string, number>>,
    following?: Following,
  ): Promise<Outcome<Demonstration>>;
  /** The paper's Table 1 for the loss and noise of a scenario. */
  table1(scenario: FullScenario): Promise<Outcome<Table1Row[]>>;
  /** Reads the text of a file: a scenario, which `around` puts into a sweep, or a sweep of its own. */
  read(text: string, around: FullSweep): Promise<Outcome<{ sweep: FullSweep; own: boolean }>>;
  /** The samples of a scenario's data set; null for a loss without one. */
  dataSet(scenario: FullScenario): Promise<Outcome<DataSet | null>>;
  /** The potential of a scenario and the density of every theory; null for a loss without an exit. */
  landscape(scenario: FullScenario, samples: number): Promise<Outcome<EscapeLandscape | null>>;
  /** Runs a scenario to its last step, shared among the workers as they are free, and tells how replicas left the well. */
  escape(scenario: FullScenario, view: EscapeView, following?: Following): Promise<Escaped>;
  /** SGD beside the Bayesian posterior; the sizes stand in for what the scenario has not. */
  bayes(
    scenario: FullScenario,
    sizes: { readonly dataSize: number; readonly batchSize: number },
    samples: number,
  ): Promise<Outcome<BayesPrediction>>;
  /** At most so many samples of the data along two columns (0: the target); null for a loss without data. */
  dataSummary(
    scenario: FullScenario,
    x: number,
    y: number,
    most: number,
  ): Promise<Outcome<DataSummary | null>>;
  /** A data set from a text of numbers, as a spreadsheet writes it. */
  csv(text: string): Promise<Outcome<Table>>;
  /** Runs a scenario to its last step, shared among the workers as they are free. */
  measure(scenario: FullScenario, following?: Following): Promise<Measurement>;
  /** Runs a scenario, shared likewise, and looks at it about `count` times on its way. */
  series(
    scenario: FullScenario,
    count: number,
    logarithmic: boolean,
    following: PartsFollowing<Look>,
  ): Promise<void>;
  /** Runs a scenario to its last step, and on until that is forgotten, shared likewise. */
  recall(scenario: FullScenario, following: PartsFollowing<Recall>): Promise<void>;
  /** Agreement of each theory with measurements of one ensemble, which depend on each other. */
  judgeTogether(points: readonly SweepPoint[]): Promise<SeriesVerdict>;
  /** Workers that share a sweep or a run. Another number holds for what begins after. */
  workers: number;
}

/** Pieces of a sweep that each worker has: one to work at, and the next. */
const IN_HAND = 2;

/** `name` is what a debugger, or a test, calls the worker. */
const place = (name: string) =>
  new Place(() => new Caller(new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name })));

/** Starts the workers; `workers` share a sweep, where absent as many as somebody has chosen or the machine has processors. */
export function startEngine(workers = workersOf(thisMachine())): Engine {
  const front = place("answers");
  const all: Place[] = [];
  let [pool, turns]: [readonly Place[], Turns<Place>] = [all, new Turns(all)];
  function share(count: number): void {
    while (all.length < count) all.push(place(`points ${all.length + 1}`));
    pool = all.slice(0, count);
    turns = new Turns(pool);
  }
  share(workers);
  // An answer does not wait until a large ensemble has made its step. Who watches none has no worker for it.
  let stage: Place | undefined;
  let names = 0;

  return {
    get workers() {
      return pool.length;
    },
    set workers(count) {
      share(count);
    },
    check: (sweep) => front.insist("check", { sweep }),
    predict: (scenario) => front.insist("predict", { scenario }),
    curve: (sweep, samples) => front.insist("curve", { sweep, samples }),
    stabilityMap: (optimizer, products, shares) => front.insist("map", { optimizer, products, shares }),
    async judge(points) {
      const verdict = await front.insist("judge", { points });
      return valueOf(verdict);
    },
    freshSeed: () => front.insist("seed", {}),
    sweep: (sweep, following) => shareSweep(pool, sweep, following, IN_HAND),
    errata: () => front.insist("errata", {}),
    demonstrate: (number, values, following) =>
      turns.take((worker) => worker.insist("demonstrate", { number, values }, following), following?.signal),
    read: (text, around) => front.insist("read", { text, around }),
    dataSet: (scenario) => front.insist("data", { scenario }),
    table1: (scenario) => front.insist("table1", { scenario }),
    landscape: (scenario, samples) => front.insist("landscape", { scenario, samples }),
    escape: (scenario, view, following) => shareEscape(turns, pool.length, scenario, view, following),
    bayes: (scenario, sizes, samples) => front.insist("bayes", { scenario, ...sizes, samples }),
    dataSummary: (scenario, x, y, most) => front.insist("summary", { scenario, x, y, most }),
    csv: (text) => front.insist("csv", { text }),
    measure: (scenario, following) => shareRun(turns, pool.length, scenario, following),
    series: (scenario, count, logarithmic, following) =>
      shareLooks<Look>(
        turns,
        pool.length,
        {
          run: (worker, share, each) =>
            worker.insist("seriesPart", { scenario, count, logarithmic, ...share }, each),
          join: (worker, sums) => worker.insist("look", { scenario, sums }),
        },
        following,
      ),
    recall: (scenario, following) =>
      shareLooks<Recall>(
        turns,
        pool.length,
        {
          run: (worker, share, each) => worker.insist("recallPart", { scenario, ...share }, each),
          join: (worker, sums) => worker.insist("recall", { scenario, sums }),
        },
        following,
      ),
    judgeTogether: (points) => front.insist("together", { points }),
    async ensemble(scenario) {
      const name = `ensemble ${++names}`;
      stage ??= place("ensembles");
      const ensemble = new LastingEnsemble(stage, name, scenario);
      await ensemble.open();
      return ensemble;
    },
  };
}
