/**
 * What pages and workers say to each other. Every request has an id, which its answers repeat; a request may be
 * cancelled by that id. Documents are those of the core, their types generated from Rust.
 */
import type {
  BayesPrediction,
  Curve,
  Data,
  DataSummary,
  Demonstration,
  ErratumEntry,
  EscapeLandscape,
  EscapeMeasurement,
  Furthest,
  JudgedEvidence,
  Look,
  Measurement,
  Outcome,
  Prediction,
  Problem,
  Recall,
  Scenario,
  SeriesVerdict,
  Sweep,
  SweepPoint,
  Table,
  Table1Entry,
  Table1Row,
  Verdict,
} from "./pkg/noisy_descent_wasm";

export type {
  BayesPrediction,
  Curve,
  DataSummary,
  Demonstration,
  ErratumEntry,
  EscapeLandscape,
  EscapeMeasurement,
  Furthest,
  JudgedEvidence,
  Look,
  Measurement,
  Outcome,
  Prediction,
  Problem,
  Recall,
  Scenario,
  SeriesVerdict,
  SweepPoint,
  Table,
  Table1Entry,
  Table1Row,
  Verdict,
};

type Complete<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]-?: Complete<T[K]> }
    : T;

/** Samples of a data set: rows of inputs, and a target each. */
export type DataSet = Extract<Data, { kind: "table" }>;

/** A sweep with nothing left to its default, as the core hands it back. */
export type FullSweep = Complete<Sweep>;
export type FullScenario = FullSweep["scenario"];

/** The part of the plane whose density is wanted, and how finely. Coordinates count from 0; equal ones mean a histogram. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly rows: number;
  readonly low: readonly [x: number, y: number];
  readonly high: readonly [x: number, y: number];
  /** Unit vectors that span the plane instead of the coordinates. */
  readonly directions?: readonly [readonly number[], readonly number[]];
  /** Replicas whose places are wanted, the first ones; none where absent. */
  readonly places?: number;
}

/** A part of the replicas of a run: its number, from 0, and how many there are. */
export interface Share {
  readonly part: number;
  readonly of: number;
}

/** What a part of the replicas adds to a look at one step. */
export interface Sums {
  readonly at: number;
  readonly sums: Float64Array;
}

/** How finely an escape is wanted: so many steps of the survival, and bins between two places. */
export interface EscapeView {
  readonly points: number;
  readonly bins: number;
  readonly low: number;
  readonly high: number;
}

/** Another scenario that an ensemble follows from a step on. */
export interface Change {
  readonly step: number;
  readonly scenario: FullScenario;
}

/** An ensemble at one step. */
export interface Snapshot {
  readonly step: number;
  readonly measurement: Measurement;
  /** The theories of its scenario, at this very step as if it had followed it from the start. */
  readonly prediction: Prediction;
  /** The step of the last change of its scenario; absent where it has followed one from its start. */
  readonly changed?: number;
  /** Replicas in each cell of the view, row by row from the lowest. */
  readonly counts: Uint32Array;
  readonly view: View;
  /** Along the view's directions: two means, variance, covariance, variance, and the standard errors of these three. */
  readonly along?: Float64Array;
  /** Weights of the replicas that were wanted, replica by replica. */
  readonly places?: Float64Array;
}

/** How an ensemble has left its well, and where those lie that are still in it. */
export interface Escaped {
  readonly measurement: EscapeMeasurement;
  /** Replicas in each of the even bins between the ends. */
  readonly counts: Uint32Array;
  readonly low: number;
  readonly high: number;
}

/** Every kind of request, with what it takes and what it gives in the end. */
export interface Calls {
  check: { takes: { sweep: Sweep }; gives: Outcome<FullSweep> };
  predict: { takes: { scenario: Scenario }; gives: Outcome<Prediction> };
  curve: { takes: { sweep: Sweep; samples: number }; gives: Outcome<Curve> };
  /** Spectral radii, variances in units of c/k², and limits of λk; see `stability_map` of the core. */
  map: {
    takes: { optimizer: FullScenario["optimizer"]; products: Float64Array; shares: Float64Array };
    gives: Float64Array;
  };
  judge: { takes: { points: readonly SweepPoint[] }; gives: Outcome<Verdict> };
  seed: { takes: object; gives: number };
  /** The list of errata; nothing is computed for it. */
  errata: { takes: object; gives: ErratumEntry[] };
  /** One erratum with its evidence; what is not given is at its default. */
  demonstrate: {
    takes: { number: string; values: Readonly<Record<string, number>> };
    gives: Outcome<Demonstration>;
  };
  /** The samples of a least-squares loss. */
  data: { takes: { scenario: Scenario }; gives: Outcome<DataSet | null> };
  /**
   * Reads the text of a file: a scenario, or a sweep around one; `around` is the sweep for a scenario alone. Tells whether the sweep
   * is the file's own.
   */
  read: { takes: { text: string; around: Sweep }; gives: Outcome<{ sweep: FullSweep; own: boolean }> };
  table1: { takes: { scenario: Scenario }; gives: Outcome<Table1Row[]> };
  /** The potential and every theory's density; null for a loss without an exit. */
  landscape: { takes: { scenario: Scenario; samples: number }; gives: Outcome<EscapeLandscape | null> };
  /** SGD beside the posterior; the sizes stand in for what the scenario has not. */
  bayes: {
    takes: { scenario: Scenario; dataSize: number; batchSize: number; samples: number };
    gives: Outcome<BayesPrediction>;
  };
  /** At most so many samples along two columns (0: the target); null for a loss without data. */
  summary: {
    takes: { scenario: Scenario; x: number; y: number; most: number };
    gives: Outcome<DataSummary | null>;
  };
  /** A data set from a text of numbers. */
  csv: { takes: { text: string }; gives: Outcome<Table> };
  /** Runs a part of a scenario's replicas to the last step and sums them up; reports progress from 0 to 1. */
  runPart: { takes: { scenario: Scenario } & Share; gives: Float64Array };
  /** What was measured, from the sums of all parts. */
  measurement: {
    takes: { scenario: Scenario; tallies: readonly Float64Array[] };
    gives: Outcome<Measurement>;
  };
  /** The same where the loss has an exit, with the places of those that are still in the well. */
  escapePart: { takes: { scenario: Scenario } & Omit<EscapeView, "points"> & Share; gives: Float64Array };
  /** How the replicas have left the well, from the sums of all parts; null for a loss without an exit. */
  escaped: {
    takes: { tallies: readonly Float64Array[]; points: number };
    gives: Outcome<(Omit<Escaped, "counts"> & { readonly counts: readonly number[] }) | null>;
  };
  /** Runs a part of the replicas of one point of a sweep, likewise. */
  pointPart: { takes: { sweep: Sweep; index: number } & Share; gives: Float64Array };
  /** The point beside its theories, from the sums of all parts. */
  point: {
    takes: { sweep: Sweep; index: number; tallies: readonly Float64Array[] };
    gives: Outcome<SweepPoint>;
  };
  /** Runs all replicas of one point, and gives it beside its theories. */
  wholePoint: { takes: { sweep: Sweep; index: number }; gives: Outcome<SweepPoint> };
  /** Looks at a part of a run about so many times, by equal differences or ratios; the sums of each look are told as a part, in order. */
  seriesPart: {
    takes: { scenario: FullScenario; count: number; logarithmic: boolean } & Share;
    gives: null;
  };
  /** Runs a part of a scenario's replicas to its last step and goes on; the sums at each lag are told as a part, in order. */
  recallPart: { takes: { scenario: FullScenario } & Share; gives: null };
  /** One look, from the sums of all parts. */
  look: { takes: { scenario: FullScenario; sums: readonly Float64Array[] }; gives: Outcome<Look> };
  /** What is left of the last step at one lag, likewise. */
  recall: { takes: { scenario: FullScenario; sums: readonly Float64Array[] }; gives: Outcome<Recall> };
  /** The verdict on measurements of one ensemble. */
  together: { takes: { points: readonly SweepPoint[] }; gives: SeriesVerdict };
  /** Sets up the ensemble that `advance` moves; there is one of a name. It is brought to a step, with what changed it on its way. */
  open: {
    takes: { name: string; scenario: FullScenario; changes: readonly Change[]; step: number };
    gives: null;
  };
  /** Lets it follow another scenario from the next step on. */
  retune: { takes: { name: string; scenario: FullScenario }; gives: null };
  /** Moves it to a step, or towards it for so many milliseconds, and looks at it. */
  advance: { takes: { name: string; step: number; within: number; view: View }; gives: Snapshot };
  close: { takes: { name: string }; gives: null };
}

export type Kind = keyof Calls;

export type Request = { [K in Kind]: { id: number; kind: K } & Calls[K]["takes"] }[Kind] | Cancel | Rest;

/** Asks that a request be given up; it then answers `cancelled`. */
export interface Cancel {
  readonly id: number;
  readonly kind: "cancel";
}

/** Asks that a request rest, or go on; its answer is the same. */
export type Rest = { readonly id: number } & ({ readonly kind: "hold" } | { readonly kind: "resume" });

export type Reply =
  | { id: number; kind: "done"; value: Calls[Kind]["gives"] }
  | { id: number; kind: "progress"; share: number }
  | { id: number; kind: "part"; part: Sums }
  | { id: number; kind: "cancelled" }
  | { id: number; kind: "failed"; message: string };
