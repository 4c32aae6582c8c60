/** The controls of one parameter, made from its row of the table. */
import { same, type Value } from "../state/document";
import { format, parse } from "../state/entry";
import type { Store } from "../state/store";
import type { Parameter } from "../state/tables";
import { make, scripts, symbol } from "./dom";
import { Gestures } from "./gesture";
import { digits } from "./numbers";

/** A parameter's controls on the page. */
export interface Control {
  readonly element: HTMLElement;
  /** Shows a value, unless the person is typing another one that is not taken yet. */
  show(value: Value | undefined): void;
  /** Shows what is wrong, or with nothing takes it away. */
  complain(message: string | undefined): void;
}

/** Milliseconds after which a key in an entry counts: long enough to finish a number. */
const PATIENCE = 350;

let made = 0;

/**
 * Controls for a parameter: label with symbol, entry, slider where the table has one, range, and room for a message; `explained` adds
 * a button that says in a line what it is, for whoever has no pointer that hovers.
 */
export function makeControl(parameter: Parameter, store: Store, explained = false): Control {
  const id = `${parameter.name}-${++made}`;
  const { values } = parameter;
  const formula = values.type === "formula";
  const message = make("p", { id: `${id}-message`, class: "problem", role: "alert", hidden: true });
  const label = make("label", { for: id }, parameter.label);
  if (parameter.symbol !== "") label.append(" ", symbol(parameter.symbol));
  const range = rangeText(parameter);
  const hint = make("span", { id: `${id}-hint`, class: "hint" }, ...scripts(range));
  const element = make("div", {
    class: `control ${values.type}`,
    "data-parameter": parameter.name,
    title: parameter.doc,
  });
  const about = explained ? makeAbout(parameter, id) : undefined;
  const described = { "aria-describedby": `${id}-hint ${id}-message` };

  let shown: Value | undefined;
  let complaint: string | undefined;
  /** What was taken last, and what is going to be unless more is typed before. */
  let taken: Value | undefined;
  let waiting: number | undefined;

  const take = (text: string, gesture?: object) => {
    const entry = parse(parameter, text);
    if ("problem" in entry) void store.refuse(parameter.name, entry.problem);
    else if (!same(entry.value, shown) || complaint !== undefined) {
      taken = entry.value;
      void store.propose({ [parameter.name]: entry.value }, gesture);
    }
  };

  if (values.type === "choice") {
    const select = make("select", {
      id,
      ...described,
      onchange: () => take(select.value),
    });
    for (const [word, text] of values.options) select.append(make("option", { value: word }, text));
    element.append(make("div", { class: "line" }, label, ...(about?.button ?? []), select), message);
    hint.classList.add("visually-hidden");
    element.append(hint, ...(about?.line ?? []));
    return finish(select, (value) => {
      select.value = String(value);
    });
  }

  const matrix = values.type === "matrix" || values.type === "rows";
  const entry = matrix
    ? make("textarea", { id, rows: "2", spellcheck: "false", autocomplete: "off", ...described })
    : make("input", {
        id,
        type: "text",
        inputmode: formula ? "text" : "decimal",
        autocomplete: "off",
        spellcheck: "false",
        placeholder: formula ? FORMULA : "",
        ...described,
      });
  const stopWaiting = () => {
    clearTimeout(waiting);
    waiting = undefined;
  };
  const commit = () => {
    stopWaiting();
    take(entry.value);
  };
  entry.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(commit, PATIENCE);
  });
  entry.addEventListener("change", commit);
  entry.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey } = event as KeyboardEvent;
    if (key === "Enter" && (!matrix || ctrlKey || metaKey)) commit();
  });
  element.append(make("div", { class: "line" }, label, ...(about?.button ?? []), entry));

  const slider = isNumber(values) && values.slider ? makeSlider(parameter, id) : undefined;
  if (slider) {
    // One entry of the history for one move of the slider.
    const gestures = new Gestures();
    slider.input.addEventListener("pointerdown", () => gestures.hold());
    for (const end of ["pointerup", "pointercancel"])
      slider.input.addEventListener(end, () => gestures.release());
    slider.input.addEventListener("blur", () => gestures.end());
    slider.input.addEventListener("input", () => {
      entry.value = format(slider.value());
      // Not compared with what is shown: that may lag behind a quick hand.
      void store.propose({ [parameter.name]: slider.value() }, gestures.now());
    });
    element.append(slider.input);
  }
  element.append(hint, message, ...(about?.line ?? []));
  return finish(entry, (value) => {
    stopWaiting();
    // A text that means the same stays as it was typed.
    const typed = parse(parameter, entry.value);
    if (!("value" in typed && same(typed.value, value))) {
      entry.value = matrix ? format(value).replaceAll("; ", "\n") : format(value);
    }
    slider?.show(Number(value));
    if (matrix && Array.isArray(value))
      entry.setAttribute("rows", String(Math.min(8, Math.max(2, value.length))));
  });

  function finish(field: HTMLElement, write: (value: Value) => void): Control {
    return {
      element,
      show(value) {
        element.hidden = value === undefined;
        // More may have been typed since this was taken.
        const moved = !same(value, shown) && !(waiting !== undefined && same(value, taken));
        shown = value;
        // What is being typed stays, and what is wrong, beside its message; but a value that has changed is shown.
        const typed = complaint !== undefined || waiting !== undefined;
        if (value !== undefined && (moved || !typed)) write(value);
      },
      complain(text) {
        complaint = text;
        message.hidden = text === undefined;
        message.replaceChildren(text ?? "");
        if (formula && text !== undefined && "value" in field)
          message.append(...pointAt(text, String(field.value)));
        if (text === undefined) field.removeAttribute("aria-invalid");
        else field.setAttribute("aria-invalid", "true");
        if (text === undefined && shown !== undefined && document.activeElement !== field) write(shown);
      },
    };
  }
}

/** A button that shows and hides a parameter's one line. */
function makeAbout({ doc, label, symbol: sign }: Parameter, id: string) {
  const line = make("p", { id: `${id}-about`, class: "about-line", hidden: true }, doc);
  const button = make(
    "button",
    {
      type: "button",
      class: "about",
      "aria-label": `Explain ${sign || label.toLowerCase()}`,
      "aria-expanded": "false",
      "aria-controls": line.id,
      onclick: () => {
        line.hidden = !line.hidden;
        button.setAttribute("aria-expanded", String(!line.hidden));
      },
    },
    "?",
  );
  return { button: [button], line: [line] };
}

/** What a formula may look like. */
const FORMULA = "lambda*c/(k*(2-lambda*k))";

/** Signs of a formula that are shown before and behind the one that is wrong. */
const AROUND = 24;

/** The text with a caret under the sign that a message names by its place. */
function pointAt(message: string, text: string): Node[] {
  const place = Number(/ at (\d+)$/.exec(message)?.[1] ?? 0) - 1;
  if (place < 0) return [];
  // By signs as the core counts them, not by halves of a pair.
  const signs = [...text];
  const from = Math.max(0, place - AROUND);
  const [before, after] = [signs.slice(from, place).join(""), signs.slice(place, place + AROUND).join("")];
  const shown = make("code", { class: "pointed", "aria-hidden": "true" });
  shown.append(`${before}${after}\n${" ".repeat(place - from)}^`);
  return [shown];
}

/** Whether a parameter is one number. */
function isNumber(values: Parameter["values"]): values is Extract<Parameter["values"], { slider: unknown }> {
  return values.type === "number" || values.type === "integer";
}

/** The range in words, for people: `0 < λ ≤ 10⁶`. */
function rangeText(parameter: Parameter): string {
  const { values, unit } = parameter;
  if (values.type === "matrix") {
    return `symmetric, positive ${values.definite ? "definite" : "semidefinite"}; rows by newline or\u00a0;`;
  }
  if (!isNumber(values)) return parameter.doc;
  const { low, high, low_open, high_open } = values.interval;
  const whole = values.type === "integer" ? "whole, " : "";
  const name = parameter.symbol || parameter.label.toLowerCase();
  const ends = `${digits(low, 16)} ${low_open ? "<" : "≤"} ${name} ${high_open ? "<" : "≤"}`;
  return `${whole}${ends} ${bound(high)}${unit === "" ? "" : ` ${unit}`}`;
}

/** An upper end: round powers of ten as such. */
function bound(high: number): string {
  if (high === Number.MAX_SAFE_INTEGER) return "2⁵³ − 1";
  return digits(high, 6).replace(/^1 × /, "");
}

/** A slider over the part of the range that the table offers, in even steps of the number or of its logarithm. */
function makeSlider(parameter: Parameter, id: string) {
  const { values } = parameter;
  if (!isNumber(values) || !values.slider) throw new Error("no slider here");
  const { low, high, step, scale } = values.slider;
  const whole = values.type === "integer";
  const log = scale === "log";
  const last = log ? Math.round(Math.log10(high / low) * step) : Math.round((high - low) / step);
  const input = make("input", {
    type: "range",
    min: "0",
    max: String(last),
    step: "1",
    "aria-label": `${parameter.label}${parameter.symbol === "" ? "" : ` ${parameter.symbol}`}, slider`,
    "aria-describedby": `${id}-hint`,
  });
  const value = () => {
    const n = Number(input.value);
    // Rounded to what a person would have typed: three figures on a log scale, the step's decimals on a linear one.
    const exact = log ? low * 10 ** (n / step) : low + n * step;
    return whole ? Math.round(Number(exact.toPrecision(2))) : Number(exact.toPrecision(log ? 3 : 12));
  };
  const show = (present: number) => {
    const place = log ? Math.log10(Math.max(present, low) / low) * step : (present - low) / step;
    input.value = String(Math.round(Math.min(last, Math.max(0, place))));
    input.setAttribute("aria-valuetext", format(present));
  };
  return { input, value, show };
}
