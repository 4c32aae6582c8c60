import type { Figure } from "./figure.ts";

/** Networks: its place is kept. */
export const figure7: Figure = {
  number: 7,
  title: "Neural networks",
  caption: "Experiments with neural networks, for which no theory here is exact.",
  panels: [],
  missing:
    "Every other figure is about a model that is solved exactly and runs here in seconds. This one is not, and comes later.",
};
