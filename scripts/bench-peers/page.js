// The page that holds the workers: it starts them, gives each its points, and takes the time.

/** A worker of a job, ready and answering in order. */
class Runner {
  constructor(script) {
    this.worker = new Worker(script, { type: "module" });
    this.waiting = [];
    this.worker.onmessage = ({ data }) => {
      const { resolve, reject } = this.waiting.shift();
      if (data.failed) reject(new Error(data.failed));
      else resolve(data);
    };
    this.worker.onerror = (event) => {
      for (const { reject } of this.waiting.splice(0)) reject(new Error(event.message));
    };
  }

  call(message) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.worker.postMessage(message);
    });
  }
}

/** What is ready: how each does its job once, how often that counts, and its workers. */
const ready = new Map();

/**
 * Starts the workers of a participant and gives each of them all of the job; what they say of it, or why they cannot do it. The rate of
 * more than one is what the machine has for so many that share nothing.
 */
export async function prepare(name, script, size, job) {
  const team = Array.from({ length: size }, () => new Runner(script));
  const [said] = await Promise.all(team.map((runner) => runner.call({ job })));
  const points = job.learning_rates.map((_, i) => i);
  const once = async () => (await Promise.all(team.map((runner) => runner.call({ points }))))[0].variance;
  ready.set(name, { once, counts: size, end: () => team.forEach(({ worker }) => worker.terminate()) });
  return said;
}

/** The page's own engine, as it is shipped: it shares the job among its workers as it shares a sweep of the page. */
export async function prepareEngine(name, workers, { sweep }) {
  const { startEngine } = await import("/engine/engine.js");
  const engine = startEngine(workers);
  const { ok, value } = await engine.check(sweep);
  if (!ok) return { refused: "the engine does not take it" };
  const once = async () => (await engine.sweep(value)).at(-1).measured;
  // An engine has no end but the page's; its workers have nothing to do after.
  ready.set(name, { once, counts: 1, end: () => {} });
  return { how: null };
}

/** The whole job, again and again for at least so long: how often, how long, and the last point's variance. */
export async function turn(name, seconds) {
  const { once, counts } = ready.get(name);
  const start = performance.now();
  for (let times = counts; ; times += counts) {
    const variance = await once();
    const spent = (performance.now() - start) / 1000;
    if (spent >= seconds) return { times, seconds: spent, variance };
  }
}

/** Ends the workers of a job. */
export function dismiss() {
  for (const { end } of ready.values()) end();
  ready.clear();
}

/** The variance of the first coordinate at the last point, as the library's own theory has it. */
export async function expected(job) {
  const core = await import("/pkg/noisy_descent_wasm.js");
  await core.default({ module_or_path: "/pkg/noisy_descent_wasm_bg.wasm" });
  const { ok, value } = core.predict(job.documents.at(-1));
  return ok ? ((value.exact ?? value.discrete)?.at_end.covariance[0][0] ?? null) : null;
}
