/** What a figure of the paper is, as plain data: its documents, who shows it, and what the paper says that it shows. */
import type { Sweep } from "../engine/pkg/noisy_descent_wasm";

export type Theory = "continuous" | "discrete" | "exact" | "printed";

/** How much is measured. The theories are those after just as many steps, so that a smaller run is no worse a test. */
export interface Size {
  readonly replicas: number;
  readonly steps: number;
  /** Values along the sweep, where there is one. */
  readonly points?: number;
  /** Whether the size is ours, since the paper prints none. */
  readonly ours?: true;
}

/** The instrument that shows a panel, with what its document does not hold. */
export type Shown =
  /**
   * A quantity against a parameter; `shape` adds the skewness and the kurtosis of the same scenario, `formula` is the name of the
   * document's formula.
   */
  | { readonly instrument: "sweep"; readonly shape?: boolean; readonly formula?: string }
  /** The ensemble in the plane. */
  | { readonly instrument: "cloud" }
  /** The mean, step by step. */
  | { readonly instrument: "over-time" }
  /** The potential with the densities in it, and how the replicas leave the well. */
  | { readonly instrument: "escape" };

/** One panel of a figure. Sentences are written as `typeset.ts` reads them: formulas between dollars. */
export interface Panel {
  /** Short and lasting: it stands in addresses. */
  readonly id: string;
  /** As people call it. */
  readonly name: string;
  /** What is seen, in one line. */
  readonly line: string;
  readonly shown: Shown;
  /** The document, but for its size. */
  readonly document: Sweep;
  /** Settles in a second or two. */
  readonly reduced: Size;
  readonly paper: Size;
  readonly claim: Claim;
}

/** What the paper says of a panel. */
export interface Claim {
  /** In our words. */
  readonly words: string;
  /** Theories that it finds in agreement with the experiment. */
  readonly accepted: readonly Theory[];
  /** Theories that it finds wrong. */
  readonly refuted: readonly Theory[];
  /** Where the fluctuation diverges along the sweep: below this value. */
  readonly divergesBelow?: number;
}

/** A figure of the paper. */
export interface Figure {
  readonly number: number;
  readonly title: string;
  /** In our words. */
  readonly caption: string;
  readonly panels: readonly Panel[];
  /** Why there are no panels, where there are none. */
  readonly missing?: string;
}
