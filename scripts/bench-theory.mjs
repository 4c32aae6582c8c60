// How long the theory takes in a browser: the median of many calls, after a warm-up, matrices made afresh from a fixed seed.
import { mkdir, writeFile } from "node:fs/promises";
import { openPage } from "./bench-browser.mjs";
import { theoryTable } from "./bench-tables.mjs";

/** Milliseconds that a page wants of the larger calls. */
const WANTED = {
  "Σ from K and C, momentum": { 20: 0.1, 100: 3, 500: 250 },
  "another λ, SGD": { 500: 0.5 },
  "another λ, momentum": { 500: 15 },
  "another λ, QHM": { 500: 15 },
};

const { browser, page, origin } = await openPage();

const rows = await page.evaluate(async (url) => {
  const core = await import(`${url}pkg/noisy_descent_wasm.js`);
  await core.default({ module_or_path: `${url}pkg/noisy_descent_wasm_bg.wasm` });
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  // B Bᵀ/D + I/10: eigenvalues between 0.1 and about 0.5.
  const positive = (n) => {
    const b = Float64Array.from({ length: n * n }, random);
    const m = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) {
        let sum = i === j ? 0.1 : 0;
        for (let k = 0; k < n; k++) sum += (b[i * n + k] * b[j * n + k]) / n;
        m[i * n + j] = sum;
        m[j * n + i] = sum;
      }
    return m;
  };
  const median = (calls, warm, act) => {
    const times = [];
    for (let i = -warm; i < calls; i++) {
      const start = performance.now();
      act(i);
      if (i >= 0) times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    return { median: times[calls >> 1], low: times[0], high: times[calls - 1] };
  };
  const momentum = (learning_rate, mu) => ({ kind: "momentum", learning_rate, momentum: mu });
  const qhm = (learning_rate) => ({ kind: "qhm", learning_rate, momentum: 0.9, mixing: 0.7 });
  const table = [];
  for (const n of [20, 100, 500]) {
    const [k, c] = [positive(n), positive(n)];
    const calls = n === 500 ? 9 : 101;
    // A call of a few microseconds is timed in batches: the clock has a grain of 0.1 ms.
    const batch = n === 20 ? 20 : 1;
    const full = median(calls, 5, () => {
      for (let i = 0; i < batch; i++) {
        const theory = new core.Theory(k, c, n, momentum(1, 0.5));
        theory.covariance();
        theory.free();
      }
    });
    for (const key of Object.keys(full)) full[key] /= batch;
    table.push({ what: "Σ from K and C, momentum", dimension: n, ...full });
    const theory = new core.Theory(k, c, n, momentum(1, 0));
    const into = new Float64Array(n * n);
    for (const [name, optimizer] of [
      ["another λ, SGD", (i) => momentum(1 + 0.001 * i, 0)],
      ["another λ, momentum", (i) => momentum(1 + 0.001 * i, 0.9)],
      ["another λ, QHM", (i) => qhm(1 + 0.001 * i)],
    ]) {
      const times = median(51, 10, (i) => {
        for (let j = 0; j < batch; j++) {
          const other = theory.with_optimizer(optimizer(i));
          other.mode_covariance(into);
          other.free();
        }
      });
      for (const key of Object.keys(times)) times[key] /= batch;
      table.push({ what: name, dimension: n, ...times });
    }
    theory.free();
  }
  return table;
}, origin);
await browser.close();

for (const row of rows) row.wanted = WANTED[row.what][row.dimension];
console.log(theoryTable(rows));
const folder = new URL("../target/bench/", import.meta.url);
await mkdir(folder, { recursive: true });
await writeFile(new URL("theory.json", folder), `${JSON.stringify(rows, null, 1)}\n`);
