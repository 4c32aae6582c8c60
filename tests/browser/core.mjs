// The core itself, in node: what a page shows is compared with what the core says.
import { readFileSync } from "node:fs";

const folder = new URL("../../www/engine/pkg/", import.meta.url);
export const core = await import(new URL("noisy_descent_wasm.js", folder).href);
core.initSync({ module: readFileSync(new URL("noisy_descent_wasm_bg.wasm", folder)) });
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
