// The core itself, in node: what a page shows is compared with what the core says.
import { readFileSync } from "node:fs";

const folder = new URL("../../www/engine/pkg/", import.meta.url);
/** Its complete module, and the one that a page waits for. */
export const [core, first] = await Promise.all(["noisy_descent_wasm", "noisy_descent_first"].map(load));
async function load(name) {
  const module = await import(new URL(`${name}.js`, folder).href);
  module.initSync({ module: readFileSync(new URL(`${name}_bg.wasm`, folder)) });
  return module;
}

export const tables = JSON.parse(readFileSync(new URL("tables.json", folder), "utf8"));

/** A number as a page writes it: a real minus sign, powers of ten, thin spaces; null for none. */
export function numberOf(text) {
  const [value] = text
    .replace(/[\u202f\s]/g, "")
    .replaceAll("−", "-")
    .split("±");
  const [mantissa, power] = value.split("×10");
  return mantissa === "–" ? null : Number(power === undefined ? mantissa : `${mantissa}e${power}`);
}
