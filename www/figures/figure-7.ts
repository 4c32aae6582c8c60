import type { Figure } from "./figure.ts";

/** Networks: its place is kept. */
export const figure7: Figure = {
  number: 7,
  title: "Neural networks",
  caption: "The paper’s last experiment in the text trains networks, where no theory is exact.",
  panels: [],
  missing:
    "Every other figure is about a model that is solved exactly and runs here in seconds. This one is not, and comes later.",
};
