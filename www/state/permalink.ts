/**
 * The page's state as a link: everything after the `#`, which no server sees. Only what differs from the default is said,
 * `name=value` of the parameter table, with the version first: `#v=1&learning_rate=0.5&hessian=1,0;0,0.1`.
 */
import type { FullSweep } from "../engine/protocol";
import { changed, read, type Value, write } from "./document";
import { format, parse } from "./entry";
import { isSetting } from "./settings";
import { defaults, parameterNamed, parameters } from "./tables";

/** Version of the format; links of an older one stay readable. */
const VERSION = "1";

/** Longest hash that is read. A Hessian of 500 rows makes half a million characters; browsers stop at two million. */
const LONGEST = 2_000_000;

/** What a hash could not be read for: the parameter's name (empty for the link as a whole) and words. */
export interface LinkProblem {
  readonly parameter: string;
  readonly message: string;
}

/** The hash of a document, with its `#`; empty for the default. */
export function toHash(sweep: FullSweep): string {
  const said = changed(sweep);
  // An axis of another parameter has usual ends and spacing of its own: what it has is said, be it the default's.
  if (said.has("parameter"))
    for (const name of ["from", "to", "scale"])
      if (!said.has(name)) said.set(name, read(sweep, parameterNamed(name)) as Value);
  const entries = [...said].map(([name, value]) => `${name}=${encode(value)}`);
  return entries.length === 0 ? "" : `#v=${VERSION}&${entries.join("&")}`;
}

/** Reads a hash. What cannot be read is named and left at its default; ranges are for the core to check. */
export function fromHash(hash: string): { changes: Map<string, Value>; problems: LinkProblem[] } {
  const changes = new Map<string, Value>();
  const problems: LinkProblem[] = [];
  const body = hash.replace(/^#/, "");
  if (body.length > LONGEST) {
    const message = `this link has ${body.length} characters, at most ${LONGEST} are read`;
    return { changes, problems: [{ parameter: "", message }] };
  }
  for (const part of body.split("&").filter((piece) => piece !== "")) {
    const cut = part.indexOf("=");
    const name = decode(cut < 0 ? part : part.slice(0, cut));
    const text = cut < 0 ? "" : decode(part.slice(cut + 1));
    if (name === undefined || text === undefined) {
      problems.push({ parameter: "", message: `this link has a part that cannot be decoded: ${clip(part)}` });
    } else if (cut >= 0 && isSetting(name)) {
      // How an instrument is shown is for who has it.
    } else if (name === "v") {
      if (text !== VERSION) {
        const message = `this link has version “${clip(text)}”; this page reads version ${VERSION}`;
        problems.push({ parameter: "", message });
      }
    } else {
      const parameter = parameters.find((row) => row.name === name);
      if (parameter === undefined) {
        problems.push({
          parameter: "",
          message: `this link sets “${clip(name)}”, which is no parameter here`,
        });
        continue;
      }
      const entry = parse(parameter, text);
      if ("problem" in entry) problems.push({ parameter: name, message: entry.problem });
      else changes.set(name, entry.value);
    }
  }
  return { changes, problems: few(problems) };
}

/** Problems of the link as a whole that are said one by one. */
const MOST = 4;

/** What is wrong with single parameters, and of the rest only the first and how many there are. */
function few(problems: readonly LinkProblem[]): LinkProblem[] {
  const own = problems.filter(({ parameter }) => parameter !== "");
  const whole = problems.filter(({ parameter }) => parameter === "");
  if (whole.length <= MOST) return [...problems];
  const more = { parameter: "", message: `and ${whole.length - MOST} more parts of it cannot be read` };
  return [...own, ...whole.slice(0, MOST), more];
}

/** The document that a hash describes, as far as it can be read and without any check of ranges. */
export function documentOf(hash: string): FullSweep {
  return write(defaults, fromHash(hash).changes);
}

/** Percent-encoding that leaves what is safe in a fragment readable. The spaces of a list can go, those of a text are its own. */
function encode(value: Value): string {
  const text = format(value);
  const compact = typeof value === "string" ? text : text.replaceAll(", ", ",").replaceAll("; ", ";");
  return encodeURIComponent(compact).replace(/%(2C|3B|2F|5E)/g, decodeURIComponent);
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
