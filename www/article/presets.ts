/**
 * What each section of the article shows: an instrument, the document that it starts with, and the controls beside it. The page's
 * markup is written from this (html.ts), so that nothing is said twice.
 */
import type { Sweep } from "../engine/pkg/noisy_descent_wasm";
import type { FullSweep } from "../engine/protocol.ts";
import { complete, documentOf } from "../figures/document.ts";
import { panelOf } from "../figures/index.ts";

/** The custom elements of the article, `nd-…`. */
export type InstrumentName = "steps" | "cloud" | "sweep" | "bayes" | "escape";

export interface Preset {
  readonly instrument: InstrumentName;
  readonly document: FullSweep;
  /** Parameters with a control, in their order. */
  readonly controls: readonly string[];
  /** Of the posterior's instrument, which has entries of its own for them: what they are at first. */
  readonly sizes?: Sizes;
}

/** Data and batch that the noise and the posterior are of. */
export interface Sizes {
  readonly dataSize: number;
  readonly batchSize: number;
}

const ofFigure = (id: string) => documentOf(panelOf(id), "reduced");

/** A figure's document with other parts of its scenario. */
function varied(
  id: string,
  change: Partial<FullSweep>,
  scenario: Partial<FullSweep["scenario"]> = {},
): FullSweep {
  const document = ofFigure(id);
  return complete({ ...document, ...change, scenario: { ...document.scenario, ...scenario } } as Sweep);
}

const white = { covariance: { kind: "white", variance: 1 }, law: { kind: "gaussian" } } as const;
const valley = {
  kind: "quadratic",
  hessian: [
    [1, 0],
    [0, 0.1],
  ],
} as FullSweep["scenario"]["loss"];

export const presets: Readonly<Record<string, Preset>> = {
  step: { instrument: "steps", document: ofFigure("1-left"), controls: ["learning_rate"] },
  noise: {
    instrument: "cloud",
    document: varied("1-right", { view: { ...ofFigure("1-right").view, speed: "1" } }),
    controls: ["learning_rate", "speed"],
  },
  discrete: { instrument: "sweep", document: ofFigure("2a"), controls: ["learning_rate", "y_scale"] },
  shape: { instrument: "cloud", document: ofFigure("3b"), controls: ["learning_rate", "hessian"] },
  momentum: { instrument: "sweep", document: ofFigure("4a"), controls: ["learning_rate", "y_scale"] },
  law: { instrument: "sweep", document: ofFigure("8-chi-squared"), controls: ["law", "degrees", "quantity"] },
  price: {
    instrument: "sweep",
    document: varied("2a", { quantity: "training_error" }, { loss: valley }),
    controls: ["optimizer", "momentum"],
  },
  sampler: {
    instrument: "bayes",
    document: complete({
      scenario: { version: 1, loss: valley, optimizer: { kind: "momentum", learning_rate: 0.3 } },
    }),
    controls: ["learning_rate", "hessian"],
    sizes: { dataSize: 1000, batchSize: 100 },
  },
  escape: {
    instrument: "escape",
    // Most of the replicas escape in the thousand steps, and a step is not small.
    document: complete({
      scenario: {
        version: 1,
        loss: { kind: "piecewise_quadratic" },
        noise: { covariance: { kind: "curvature", batch_size: 3, variance: 0 } },
        optimizer: { kind: "momentum", learning_rate: 0.6 },
      },
    } as Sweep),
    controls: ["learning_rate", "batch_size"],
  },
  second: {
    instrument: "sweep",
    document: varied(
      "2a",
      // Beyond the limit of Newton, where the others go on.
      { to: 3 },
      {
        loss: valley,
        noise: white,
        optimizer: { kind: "newton", learning_rate: 1, momentum: 0 } as FullSweep["scenario"]["optimizer"],
      },
    ),
    controls: ["optimizer", "momentum"],
  },
};
