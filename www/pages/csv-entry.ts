/** A data set of one's own: a text table that is dropped on the page, pasted or opened. The core reads it and says what is wrong. */
import { make } from "../elements/dom";
import { count, counted } from "../elements/numbers";
import type { Engine } from "../engine/engine";
import type { Changes } from "../state/store";

/** What a table is given to. */
export interface TableTaker {
  readonly engine: Engine;
  readonly propose: (changes: Changes) => Promise<unknown>;
  readonly complain: (words: string) => void;
  readonly say: (words: string) => void;
}

/** Longest text that is read, in characters; the worker says how many numbers of it a link holds. */
const LONGEST = 4_000_000;

/** Whether a file is a table by its name or kind, and not a scenario. */
export const isTable = ({ name, type }: Pick<File, "name" | "type">): boolean =>
  /\.(csv|tsv|tab|txt|dat)$/i.test(name) || /^text\/(csv|tab-separated-values|plain)$/.test(type);

/** Makes a text the data set of the scenario where it is good; what is wrong with it is said, and everything stays. */
export async function takeTable(text: string, name: string, taker: TableTaker): Promise<boolean> {
  const { engine, propose, complain, say } = taker;
  const refuse = (words: string) => {
    complain(`${name} was not taken: ${words}`);
    return false;
  };
  if (text.length > LONGEST)
    return refuse(`it has ${count(text.length)} characters, at most ${count(LONGEST)} are read`);
  const outcome = await engine.csv(text);
  if (!outcome.ok) return refuse(outcome.problems.map(({ message }) => message).join("; "));
  const { inputs, targets, target } = outcome.value;
  await propose({ loss: "least_squares", data: "table", inputs, targets });
  say(
    `${name}: ${counted(inputs.length, "sample")}, ${counted(inputs[0]?.length ?? 0, "input")}, target ${target}; each column with mean 0 and variance 1`,
  );
  return true;
}

/** A place for pasting and for files, beside the controls of the loss. */
export function makeTableEntry(taker: TableTaker): HTMLElement {
  const text = make("textarea", {
    rows: "3",
    spellcheck: "false",
    autocomplete: "off",
    id: "table-text",
    "aria-describedby": "table-hint",
  });
  const use = async () => {
    if (text.value.trim() !== "" && (await takeTable(text.value, "The table", taker))) text.value = "";
  };
  const file = make("input", { type: "file", accept: ".csv,.tsv,.txt,text/csv", hidden: true });
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    if (chosen) void chosen.text().then((content) => takeTable(content, chosen.name, taker));
    file.value = "";
  });
  return make(
    "div",
    { class: "control table-entry" },
    make("label", { for: "table-text" }, "A table of your own"),
    text,
    make(
      "p",
      { class: "hint", id: "table-hint", role: "status" },
      "Paste lines of numbers, or drop a CSV file on the page: the last column is the target, a first line of names is fine.",
    ),
    make(
      "div",
      { class: "line" },
      make("button", { type: "button", onclick: () => void use() }, "Use the table"),
      make("button", { type: "button", onclick: () => file.click() }, "Open CSV…"),
    ),
    file,
  );
}
