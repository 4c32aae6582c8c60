/** What is done with the scenario as a whole: presets, undo, share, and the keyboard. */

import type { CloudElement } from "../elements/cloud";
import { make } from "../elements/dom";
import { type Engine, type FullSweep } from "../engine/engine";
import type { Changes } from "../state/store";
import type { UndoableAddress } from "../state/undo";
import { openFile } from "./open-file";
import { makePresets } from "./presets-menu";
import type { InstrumentSettings } from "./settings";
import { makeShareMenu } from "./share-menu";

/** What the tools work on. */
export interface Bench {
  readonly engine: Engine;
  readonly address: UndoableAddress;
  readonly cloud: CloudElement;
  readonly sweep: () => FullSweep;
  readonly settings: InstrumentSettings;
  readonly propose: (changes: Changes) => Promise<unknown>;
  /** Says what is wrong with something that was opened. */
  readonly complain: (words: string) => void;
}

/** Keys, and what they do. */
const KEYS = [
  ["Space", "play or pause the ensemble"],
  [".", "one step"],
  ["R", "back to the start, with the same seed"],
  ["Ctrl Z", "undo the last change of the scenario"],
  ["Ctrl Shift Z", "redo it"],
  ["?", "this list"],
  ["← →", "on a picture: read its values, one after the other"],
  ["Home End", "on a picture: the first and the last value"],
  ["← → ↑ ↓", "on the map: move the cursor"],
  ["Shift ← → ↑ ↓", "on the map: ten cells at once"],
  [
    "Enter",
    "on the map: put the sharpest direction there; in an entry: take what is typed (a matrix: Ctrl Enter)",
  ],
  ["Tab", "to the next control; the links above the instruments lead to each"],
  ["Escape", "close a menu or a window such as this one"],
] as const;

export interface Tools {
  /** Shows what can be undone and redone. */
  readonly refresh: () => void;
}

/** Fills the toolbar and listens to the keyboard and to files that are dropped. */
export function makeTools(place: HTMLElement, bench: Bench): Tools {
  const { address, cloud } = bench;
  const said = make("span", { class: "said", role: "status" });
  let quiet = 0;
  const say = (words: string) => {
    said.textContent = words;
    clearTimeout(quiet);
    quiet = window.setTimeout(() => said.replaceChildren(), 4000);
  };
  const button = (text: string, act: () => void) => make("button", { type: "button", onclick: act }, text);
  const undo = button("Undo", () => address.undo());
  const redo = button("Redo", () => address.redo());
  const copy = async (text: string, what: string) => {
    try {
      await navigator.clipboard.writeText(text);
      say(`${what} copied`);
    } catch {
      say("The browser did not let the page copy.");
    }
  };
  const input = make("input", {
    type: "file",
    accept: "application/json,.json,text/csv,.csv,.tsv",
    hidden: true,
  });
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) void openFile(file, bench, say);
    input.value = "";
  });
  const keys = makeKeys();
  const list = makePresets();
  place.append(
    list,
    make("span", { class: "group" }, undo, redo),
    make(
      "span",
      { class: "group" },
      button("Copy link", () => void copy(window.location.href, "Link")),
      button("Open…", () => input.click()),
    ),
    makeShareMenu({ engine: bench.engine, sweep: bench.sweep, settings: bench.settings, copy, say }),
    button("Keys", () => keys.showModal()),
    input,
    said,
  );
  document.body.append(keys);

  document.addEventListener("keydown", (event) => {
    const act = actionOf(event);
    if (act === undefined || keys.open) return;
    event.preventDefault();
    const acts = {
      undo: () => address.undo(),
      redo: () => address.redo(),
      play: () => cloud.toggle(),
      step: () => void cloud.step(),
      reset: () => void cloud.reset(),
      keys: () => keys.showModal(),
    };
    acts[act]();
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    if (file) void openFile(file, bench, say);
  });
  const refresh = () => {
    undo.disabled = !address.canUndo;
    redo.disabled = !address.canRedo;
  };
  refresh();
  return { refresh };
}

/** What a key means where it is pressed; nothing where it is typed or works a control. */
export function actionOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey" | "target">,
): "undo" | "redo" | "play" | "step" | "reset" | "keys" | undefined {
  const target = event.target as Element | null;
  const within = (selector: string) => target?.closest?.(selector) != null;
  if (within("input:not([type=range]), textarea, select, dialog")) return undefined;
  const command = event.ctrlKey || event.metaKey;
  if (event.altKey) return undefined;
  if (command) {
    if (event.key.toLowerCase() !== "z") return undefined;
    return event.shiftKey ? "redo" : "undo";
  }
  switch (event.key) {
    case " ":
      return within("button, summary, a, input") ? undefined : "play";
    case ".":
      return "step";
    case "r":
    case "R":
      return "reset";
    case "?":
      return "keys";
    default:
      return undefined;
  }
}

function makeKeys(): HTMLDialogElement {
  const rows = KEYS.flatMap(([key, words]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, words)]);
  const dialog = make("dialog", { class: "keys", "aria-labelledby": "keys-title" });
  dialog.append(
    make("h2", { id: "keys-title" }, "Keys"),
    make("dl", {}, ...rows),
    make("button", { type: "button", onclick: () => dialog.close() }, "Close"),
  );
  return dialog;
}
