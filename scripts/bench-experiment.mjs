// How fast the experiment is in a browser, against what else could have been used: every runner of a job takes its turn in
// each round, so that whatever disturbs the machine disturbs all of them, and the ratios are of neighbours in time.
//
//     node scripts/bench-experiment.mjs [--rounds 7] [--job NAME] [--quick]
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildEngine, openPage } from "./bench-browser.mjs";
import { minibatchVariance, names, problem } from "./bench-peers/problem.mjs";
import { experimentTable } from "./bench-tables.mjs";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string" },
    job: { type: "string" },
    quick: { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 3 : 7));
const refuse = (message) => {
  console.error(`bench: ${message}`);
  process.exit(2);
};
if (!Number.isInteger(rounds) || rounds < 1) {
  refuse(`--rounds must be a whole number above 0, got ${options.rounds}`);
}
if (options.job !== undefined && !names.includes(options.job)) {
  refuse(`there is no job '${options.job}'; there are ${names.join(", ")}`);
}
/** Seconds of a turn, at least, and of the warm-up: engines compile again after some hundred milliseconds. */
const TURN = options.quick ? 0.1 : 0.4;
const WARM_UP = options.quick ? 0.3 : 1.5;
const MOST_POINTS = options.quick ? 4 : Number.POSITIVE_INFINITY;

const SUBJECT = "noisy-descent";
const PYTHON = fileURLToPath(new URL("../target/bench/venv/bin/python", import.meta.url));
const LIBRARIES = { numpy: "numpy", numba: "numba", pytorch: "torch" };

const report = { jobs: [], rates: [], missing: [] };
const versions = {};
let pinned = true;

/** A Python process, asleep between its turns. */
async function startLibrary(name, library) {
  const script = fileURLToPath(new URL("bench-peers/peers.py", import.meta.url));
  const child = spawn(PYTHON, ["-B", script, library], { stdio: ["pipe", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (text) => {
    errors += text;
  });
  child.stdin.on("error", () => {});
  const gone = new Promise((resolve) => {
    child.on("error", ({ message }) => resolve(message));
    child.on("close", () => resolve(errors.trim().split("\n").at(-1) || "ended"));
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${name}: ${await gone}`);
    return JSON.parse(value);
  };
  const hello = await answer();
  Object.assign(versions, hello.versions);
  pinned &&= hello.pinned;
  return {
    precisions: hello.precisions,
    call(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return answer();
    },
    end: () => child.stdin.end(),
  };
}

const libraries = {};
const absent = [];
for (const [name, library] of Object.entries(LIBRARIES)) {
  try {
    libraries[name] = await startLibrary(name, library);
  } catch (error) {
    absent.push({ runner: name, reason: "not installed" });
    console.error(`bench: without ${error.message}`);
  }
}
await buildEngine();
const { browser, page, origin } = await openPage();

/** A runner in the browser: workers of which each does the whole job. */
const inPage = (name, script, workers = 1) =>
  inBrowserBy(name, (job) => inBrowser("prepare", name, `/bench/${script}`, workers, job));
/** The page's own engine, whose workers share the job. */
const inEngine = (name, workers) =>
  inBrowserBy(name, (job) => inBrowser("prepareEngine", name, workers, job));
const inBrowserBy = (name, prepare) => ({
  name,
  prepare,
  turn: async (seconds) => {
    const { variance, ...rest } = await inBrowser("turn", name, seconds);
    return { ...rest, square: variance };
  },
});
const inBrowser = (what, ...rest) =>
  page.evaluate(
    async ([url, what, rest]) => (await import(url))[what](...rest),
    [`${origin}bench/page.js`, what, rest],
  );

/** A runner in a Python library. */
const inPython = (library, precision) => ({
  name: `${library}-${precision}`,
  prepare: (job) => libraries[library].call({ do: "prepare", job, precision }),
  turn: (seconds) => libraries[library].call({ do: "turn", seconds, precision }),
});

/** The subject first, then its peers. */
function runnersOf(job) {
  if (job.name === "f2a-two-workers") {
    // Two that share nothing tell what the machine has for two.
    return [inEngine(SUBJECT, 2), inEngine("one-worker", 1), inPage("two-apart", "engine-worker.js", 2)];
  }
  const python = Object.entries(libraries).flatMap(([name, { precisions }]) =>
    precisions.map((precision) => inPython(name, precision)),
  );
  return [inPage(SUBJECT, "engine-worker.js"), ...python, inPage("js", "javascript-worker.js")];
}

/** Whether a runner did this job: its variance may differ from the theory's by 6 standard errors. */
function verify(job, runner, square, expected) {
  if (expected === null) return;
  const tolerance = 6 * Math.sqrt(2 / job.replicas);
  if (Math.abs(square / expected - 1) < tolerance) return;
  throw new Error(
    `${job.name}: ${runner.name} has the variance ${square} where ${expected} is due: not the same job`,
  );
}

async function measure(job) {
  const theory = await inBrowser("expected", job);
  // The library draws its own minibatch data; its peers share ours.
  const peers = job.kind === "minibatch" ? minibatchVariance(job) : theory;
  const due = ({ name }) => (name === SUBJECT ? theory : peers);
  const ready = [];
  for (const runner of runnersOf(job)) {
    const { refused, how } = await runner.prepare(job);
    if (refused) {
      const reason = [SUBJECT, "one-worker", "two-apart"].includes(runner.name)
        ? `not simulated: ${refused}`
        : refused;
      report.missing.push({ job: job.name, runner: runner.name, reason });
      console.error(`bench: ${job.name}: ${runner.name}: ${reason}`);
      continue;
    }
    verify(job, runner, (await runner.turn(WARM_UP)).square, due(runner));
    ready.push({ runner, how, rates: [] });
  }
  for (const { runner, reason } of absent) report.missing.push({ job: job.name, runner, reason });
  for (let round = 0; round < rounds; round++) {
    for (const { runner, rates } of ready) {
      const { times, seconds, square } = await runner.turn(TURN);
      verify(job, runner, square, due(runner));
      rates.push((times * job.updates) / seconds / 1e6);
    }
    console.error(`bench: ${job.name}: round ${round + 1} of ${rounds}`);
  }
  await inBrowser("dismiss");
  const subject = ready.find(({ runner }) => runner.name === SUBJECT);
  for (const { runner, how, rates } of ready) {
    report.rates.push({ job: job.name, runner: runner.name, ...spread(rates), how });
    if (subject === undefined || runner.name === SUBJECT) continue;
    const { median: ratio, low, high } = spread(rates.map((rate, i) => subject.rates[i] / rate));
    report.jobs.push({ job: job.name, subject: SUBJECT, peer: runner.name, ratio, low, high, rounds });
  }
}

function spread(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return {
    median: (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2,
    low: sorted[0],
    high: sorted.at(-1),
  };
}

async function machine() {
  const wasm = await stat(new URL("../www/engine/pkg/noisy_descent_wasm_bg.wasm", import.meta.url));
  return {
    cpu: os.cpus()[0]?.model.trim() ?? "unknown",
    cores: os.availableParallelism(),
    memory_gb: Math.round(os.totalmem() / 1e9),
    system: `${os.type()} ${os.arch()}`,
    load_before: loadBefore,
    load_after: os.loadavg()[0],
    python_pinned_to_one_core: pinned,
    wasm_bytes: wasm.size,
    versions: { Chromium: browser.version(), Node: process.versions.node, ...versions },
  };
}

const loadBefore = os.loadavg()[0];
try {
  for (const name of options.job === undefined ? names : [options.job])
    await measure(problem(name, MOST_POINTS));
  report.unit = "10⁶ replica-coordinate updates per second";
  report.method = { rounds, seconds_of_a_turn: TURN, warm_up_seconds: WARM_UP, quick: options.quick };
  report.machine = await machine();
  report.finished = new Date().toISOString();
} finally {
  await browser.close();
  for (const library of Object.values(libraries)) library.end();
}

const folder = new URL("../target/bench/", import.meta.url);
const file = new URL("report.json", folder);
console.log(experimentTable(report));
// A job that was measured alone takes its own place in the last report.
if (options.job !== undefined && existsSync(file)) {
  const last = JSON.parse(await readFile(file, "utf8"));
  for (const rows of ["jobs", "rates", "missing"])
    report[rows].unshift(...last[rows].filter(({ job }) => job !== options.job));
}
await mkdir(folder, { recursive: true });
await writeFile(file, `${JSON.stringify(report, null, 1)}\n`);
