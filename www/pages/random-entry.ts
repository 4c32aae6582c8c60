/** "Random…" beside a matrix: its eigenvalues are chosen, the directions come from a seed. */
import { make } from "../elements/dom";
import { parse } from "../state/entry";
import { randomMatrix, usualSpectrum } from "../state/random-matrix";
import type { Parameter } from "../state/tables";

/** Rows that are offered: a matrix of more has no place in a link. */
const MOST_ROWS = 100;
/** A seed has 32 bits. */
const LARGEST_SEED = 2 ** 32 - 1;

const EIGENVALUES = { name: "eigenvalues", values: { type: "vector" } } as Parameter;

let made = 0;

/** `size` tells how many rows fit now; `take` is given the matrix. */
export function makeRandomEntry(
  { label }: Parameter,
  size: () => number,
  take: (matrix: number[][]) => void,
): HTMLElement {
  const id = `random-${++made}`;
  const field = (name: string, words: string, mode: string) => {
    const input = make("input", { id: `${id}-${name}`, type: "text", inputmode: mode, autocomplete: "off" });
    return { input, line: make("div", { class: "line" }, make("label", { for: input.id }, words), input) };
  };
  const rows = field("rows", "Rows", "numeric");
  const spectrum = field("spectrum", "Eigenvalues", "text");
  const seed = field("seed", "Seed", "numeric");
  const problem = make("p", { class: "problem", role: "alert", hidden: true });
  const complain = (words: string) => {
    problem.textContent = words;
    problem.hidden = words === "";
  };
  const show = (eigenvalues: readonly number[]) => {
    rows.input.value = String(eigenvalues.length);
    spectrum.input.value = eigenvalues.join(", ");
  };
  rows.input.addEventListener("change", () => {
    const count = whole(rows.input.value, MOST_ROWS);
    if (count === undefined || count < 1) complain(`rows must be a whole number in [1, ${MOST_ROWS}]`);
    else {
      complain("");
      show(usualSpectrum(count));
    }
  });
  const use = () => {
    const entry = parse(EIGENVALUES, spectrum.input.value);
    const number = whole(seed.input.value, LARGEST_SEED);
    if ("problem" in entry) complain(entry.problem);
    else if (number === undefined) complain(`seed must be a whole number in [0, ${LARGEST_SEED}]`);
    else {
      const eigenvalues = entry.value as number[];
      if (eigenvalues.length > MOST_ROWS) complain(`at most ${MOST_ROWS} eigenvalues are taken`);
      else {
        complain("");
        rows.input.value = String(eigenvalues.length);
        take(randomMatrix(eigenvalues, number));
        // The next one is another.
        seed.input.value = String((number + 1) % LARGEST_SEED);
      }
    }
  };
  const entry = make(
    "details",
    { class: "random-entry" },
    make("summary", { "aria-label": `Random ${label.toLowerCase()}` }, "Random…"),
    rows.line,
    spectrum.line,
    seed.line,
    make("button", { type: "button", onclick: use }, "Make it"),
    problem,
  );
  entry.addEventListener("toggle", () => {
    if (entry.open && spectrum.input.value === "") {
      show(usualSpectrum(size()));
      seed.input.value = "1";
    }
  });
  return entry;
}

/** A whole number from 0 to `most`; undefined for anything else. */
function whole(text: string, most: number): number | undefined {
  const value = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN;
  return value <= most ? value : undefined;
}
