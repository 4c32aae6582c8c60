/** The few lines of DOM that elements share. */

type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void)>>;

/** Makes an element: attributes by name, `true` for one without a value, a function for a listener (`onclick`, …). */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Symbols of the field, in italic as in a formula: `λ` becomes `<i>λ</i>`. Letters only; digits and signs stand upright. */
export function symbol(text: string): HTMLElement {
  const span = make("span", { class: "symbol" });
  for (const part of text.split(/(\p{L}+)/u)) {
    if (part !== "") span.append(/\p{L}/u.test(part) ? make("i", {}, part) : part);
  }
  return span;
}

/** A text with its superscript digits set as superscripts: few faces have them all in one style. */
export function scripts(text: string): (Node | string)[] {
  return text.split(/(⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[⁰¹²³⁴⁵⁶⁷⁸⁹]{2,}|[⁰⁴⁵⁶⁷⁸⁹])/).map((part, i) => {
    if (i % 2 === 0) return part;
    return make("sup", {}, [...part].map((sign) => "−0123456789"["⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign)]).join(""));
  });
}

/** Signs between two numbers or symbols, which stay on the line of both. */
const SIGNS = new Set([..."=<>≤≥±×−+"]);
/** Signs of a formula that a narrow screen has room for. */
const LONGEST = 36;

/** Words that belong on one line together: a relation with both its sides, a value with its error, a vector. */
export function wholes(text: string): string[] {
  const groups: string[] = [];
  let [before, vector] = ["", false];
  for (const word of text.split(" ")) {
    const last = groups.at(-1);
    const joined = SIGNS.has(word) || SIGNS.has(before) || vector;
    if (last !== undefined && joined && last.length + word.length < LONGEST)
      groups[groups.length - 1] = `${last} ${word}`;
    else groups.push(word);
    vector = vector ? !word.includes(")") : /^\([^()]+,$/.test(word);
    before = word;
  }
  return groups;
}

/** A text as prose: no formula or number is broken over two lines. `set` makes what its pieces become, such as `scripts`. */
export function prose(text: string, set: (piece: string) => (Node | string)[] = (piece) => [piece]) {
  const parts: (Node | string)[] = [];
  let plain = "";
  const end = () => {
    if (plain !== "") parts.push(...set(plain));
    plain = "";
  };
  wholes(text).forEach((group, i) => {
    if (i > 0) plain += " ";
    if (!group.includes(" ")) {
      plain += group;
      return;
    }
    end();
    parts.push(make("span", { class: "whole" }, ...set(group)));
  });
  end();
  return parts;
}

/** A clause of the core as a sentence. */
export function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}

/** Offers a text as a file. */
export function download(name: string, type: string, content: string | Blob): void {
  const blob = typeof content === "string" ? new Blob([content], { type }) : content;
  const url = URL.createObjectURL(blob);
  const link = make("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the address after the click; a while later nobody does.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A choice among a few words, with its name before it. */
export function choice<T extends string>(
  label: string,
  words: Readonly<Record<T, string>>,
  chosen: T,
  act: (value: T) => void,
): HTMLElement {
  const select = make("select", {
    name: label.toLowerCase().replaceAll(" ", "-"),
    "aria-label": label,
    onchange: () => act(select.value as T),
  });
  for (const [value, text] of Object.entries(words) as [T, string][])
    select.append(make("option", { value }, text));
  select.value = chosen;
  return make("label", { class: "line" }, label, select);
}
