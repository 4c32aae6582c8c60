/** The figures of the paper, in their order: the one list for the gallery, the article, the Lab's presets and the tests. */
import type { Figure, Panel } from "./figure.ts";
import { figure1 } from "./figure-1.ts";
import { figure2 } from "./figure-2.ts";
import { figure3 } from "./figure-3.ts";
import { figure4 } from "./figure-4.ts";
import { figure5 } from "./figure-5.ts";
import { figure6 } from "./figure-6.ts";
import { figure7 } from "./figure-7.ts";
import { figure8 } from "./figure-8.ts";
import { figure9 } from "./figure-9.ts";

export type { Claim, Figure, Panel, Shown, Size, Theory } from "./figure.ts";

export const figures: readonly Figure[] = [
  figure1,
  figure2,
  figure3,
  figure4,
  figure5,
  figure6,
  figure7,
  figure8,
  figure9,
];

export const panels: readonly Panel[] = figures.flatMap((figure) => figure.panels);

/** The panel of this id; asking for one that is not there is a mistake of the page. */
export function panelOf(id: string): Panel {
  const panel = panels.find((candidate) => candidate.id === id);
  if (panel === undefined) throw new Error(`there is no figure ${id}`);
  return panel;
}
