import type { Figure } from "./figure.ts";

/** Networks: its place is kept. */
export const figure7: Figure = {
  number: 7,
  title: "Neural networks",
  caption: "Experiments with neural networks, for which no theory here is exact.",
  panels: [],
  missing:
    "Every other figure is about a model that is solved exactly and runs here in seconds. Of a network there is no exact theory, and its training takes hours: it is left out.",
};
