/** The document that a file holds: JSON, not too deep. Its reading is the worker's, so that no file holds up a page. */

/** How deep a document may be nested; the deepest one that is good has seven levels. */
const DEEPEST = 50;

export type Read = { readonly document: Record<string, unknown> } | { readonly problem: string };

/** Reads a text. What its document says is for the core to check. */
export function readDocument(text: string): Read {
  if (depthOf(text) > DEEPEST) return { problem: `it is nested more than ${DEEPEST} deep` };
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return { problem: `it is no JSON: ${(error as Error).message}` };
  }
  if (typeof document !== "object" || document === null || Array.isArray(document))
    return { problem: "it holds no scenario: it must be a JSON object" };
  return { document: document as Record<string, unknown> };
}

/** How deep brackets are nested outside of strings. */
function depthOf(text: string): number {
  let [depth, most, quoted] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (quoted) {
      if (sign === "\\") i++;
      else if (sign === '"') quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === "[" || sign === "{") most = Math.max(most, ++depth);
    else if (sign === "]" || sign === "}") depth--;
  }
  return most;
}
