/**
 * The state of the errata page as a link: the erratum it shows and every value that a reader has changed,
 * `#v=1&at=3&3.learning_rate=1.2`. A plain `#erratum-3` only shows one.
 */
import type { ErratumEntry } from "../engine/protocol";
import { anchorOf } from "./errata-html";

/** Texts of values by parameter, by number of the erratum. */
export type Given = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface ErrataLink {
  /** The erratum to show; nothing where the link names none. */
  readonly at: string | undefined;
  readonly given: Given;
  /** What of the link could not be read, in words. */
  readonly problems: readonly string[];
}

const VERSION = "1";

/** All values of all errata take about 2000 characters. */
const LONGEST = 10_000;

export function toHash(given: Given, at: string | undefined): string {
  const parts = [...given].flatMap(([number, values]) =>
    [...values].map(([name, text]) => `${number}.${name}=${encodeURIComponent(text)}`),
  );
  if (parts.length === 0) return at === undefined ? "" : `#${anchorOf(at)}`;
  return `#${[`v=${VERSION}`, ...(at === undefined ? [] : [`at=${at}`]), ...parts].join("&")}`;
}

/** Reads a hash. What cannot be read is named and left out; values are for a control to read and for the core to check. */
export function fromHash(hash: string, entries: readonly ErratumEntry[]): ErrataLink {
  const given = new Map<string, Map<string, string>>();
  const problems: string[] = [];
  let at: string | undefined;
  const body = hash.replace(/^#/, "");
  const anchored = entries.find(({ number }) => anchorOf(number) === body);
  if (anchored) return { at: anchored.number, given, problems };
  // A place of the page that is no erratum, as the links of every page have.
  if (body === "" || body === "errata") return { at, given, problems };
  if (body.length > LONGEST) {
    problems.push(`this link has ${body.length} characters, at most ${LONGEST} are read`);
    return { at, given, problems };
  }
  for (const part of body.split("&").filter((piece) => piece !== "")) {
    const cut = part.indexOf("=");
    const name = decode(cut < 0 ? part : part.slice(0, cut));
    const text = cut < 0 ? "" : decode(part.slice(cut + 1));
    if (name === undefined || text === undefined) {
      problems.push(`this link has a part that cannot be decoded: ${clip(part)}`);
    } else if (name === "v") {
      if (text !== VERSION)
        problems.push(`this link has version “${clip(text)}”; this page reads version ${VERSION}`);
    } else if (name === "at") {
      if (entries.some(({ number }) => number === text)) at = text;
      else problems.push(`this link shows erratum “${clip(text)}”, and there is none of that number`);
    } else {
      const [number, parameter] = name.split(".", 2);
      const entry = entries.find((candidate) => candidate.number === number);
      if (entry === undefined || parameter === undefined) {
        problems.push(`this link sets “${clip(name)}”, which is no value here`);
      } else if (!entry.parameters.some((known) => known.name === parameter)) {
        const known = entry.parameters.map((row) => row.name).join(", ");
        problems.push(`this link sets “${clip(parameter)}” of erratum ${entry.number}, which has ${known}`);
      } else {
        const values = given.get(entry.number) ?? new Map<string, string>();
        given.set(entry.number, values.set(parameter, text));
      }
    }
  }
  return { at, given, problems };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
