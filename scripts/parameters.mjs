// Writes the parameter table and the default sweep, as the core states them, to JSON beside the wasm package, and the list of
// errata. The pages' controls, their URLs and their TypeScript know them from there, before any worker has started.
import { readFile, writeFile } from "node:fs/promises";

const folder = new URL("../www/engine/pkg/", import.meta.url);
const core = await import(new URL("noisy_descent_wasm.js", folder).href);
core.initSync({ module: await readFile(new URL("noisy_descent_wasm_bg.wasm", folder)) });
const tables = { parameters: core.parameters(), axes: core.axes(), defaults: core.default_sweep() };
await writeFile(new URL("tables.json", folder), `${JSON.stringify(tables, null, 1)}\n`);
await writeFile(new URL("errata.json", folder), `${JSON.stringify(core.errata(), null, 1)}\n`);
