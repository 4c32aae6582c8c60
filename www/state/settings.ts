/**
 * How instruments are shown, in a link beside the document: `over-time.quantity=mean`, the instrument's name and its field's. Only what
 * somebody has chosen is said; a link without any is one of before there were such entries, and shows everything as usual.
 */

/** Values by `instrument.field`. */
export type Settings = ReadonlyMap<string, string>;

/** A setting's name; no parameter has a dot in it. */
const NAME = /^[a-z][a-z-]*\.[A-Za-z][A-Za-z-]*$/;
/** Longest value that is read. */
const LONGEST = 40;

/** Whether an entry of a link is of an instrument and not of the document. */
export const isSetting = (name: string): boolean => NAME.test(name);

/** Splits a hash into the document's own and the settings. */
export function splitSettings(hash: string): { readonly hash: string; readonly settings: Settings } {
  const settings = new Map<string, string>();
  const rest: string[] = [];
  for (const part of hash.replace(/^#/, "").split("&")) {
    const cut = part.indexOf("=");
    const name = part.slice(0, Math.max(0, cut));
    if (!isSetting(name)) {
      if (part !== "") rest.push(part);
      continue;
    }
    settings.set(name, decode(part.slice(cut + 1)).slice(0, LONGEST));
  }
  // A version alone is that of the settings.
  const alone = rest.length === 1 && rest[0] === "v=1" && settings.size > 0;
  return { hash: rest.length === 0 || alone ? "" : `#${rest.join("&")}`, settings };
}

/** Puts the settings behind a document's hash. */
export function joinSettings(hash: string, settings: Settings): string {
  if (settings.size === 0) return hash;
  const entries = [...settings].map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${hash === "" ? "#v=1" : hash}&${entries.join("&")}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
