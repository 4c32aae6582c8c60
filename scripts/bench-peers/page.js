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

const teams = new Map();

/**
 * Starts the workers of a participant and gives them the job; what they say of it, or why they cannot do it. Workers that are `apart` do not
 * share it: each does all of it, which is what the machine has for so many at best.
 */
export async function prepare(name, script, size, job, apart = false) {
  const team = Array.from({ length: size }, () => new Runner(script));
  const [said] = await Promise.all(team.map((runner) => runner.call({ job })));
  teams.set(name, { team, points: job.learning_rates.length, apart });
  return said;
}

/** The whole job, again and again for at least so long: how often, how long, and the last point's variance. */
export async function turn(name, seconds) {
  const { team, points, apart } = teams.get(name);
  const start = performance.now();
  for (let times = 1; ; times++) {
    const [variance] =
      apart || team.length === 1
        ? await Promise.all(team.map((runner) => alone(runner, points)))
        : [await shared(team, points)];
    const spent = (performance.now() - start) / 1000;
    if (spent >= seconds) return { times: apart ? times * team.length : times, seconds: spent, variance };
  }
}

/** A worker that need not share gets all points in one message. */
async function alone(runner, points) {
  const { variance } = await runner.call({ points: Array.from({ length: points }, (_, i) => i) });
  return variance;
}

/** Parts of the last points, as in the product (www/engine/share.ts). */
const PARTS = 4;

/** Whichever worker is free takes the next point, or part of one of the last, as in the product. */
async function shared(team, points) {
  const pieces = Array.from({ length: points }, (_, point) => {
    const of = point < points - team.length ? 1 : PARTS;
    return Array.from({ length: of }, (_, part) => ({ point, part, of }));
  }).flat();
  const tallies = Array.from({ length: points }, () => []);
  let next = 0;
  let last;
  const join = async (runner, point) => {
    const { variance } = await runner.call({ tallies: tallies[point] });
    if (point === points - 1) last = variance;
  };
  const work = async (runner) => {
    const joins = [];
    while (next < pieces.length) {
      const piece = pieces[next++];
      const { tally } = await runner.call({ piece });
      tallies[piece.point].push(tally);
      if (tallies[piece.point].length === piece.of) joins.push(join(runner, piece.point));
    }
    await Promise.all(joins);
  };
  // One piece to work at and one in hand, as in the product.
  await Promise.all([...team, ...team].map(work));
  return last;
}

/** Ends the workers of a job. */
export function dismiss() {
  for (const { team } of teams.values()) for (const { worker } of team) worker.terminate();
  teams.clear();
}

/** The variance of the first coordinate at the last point, as the library's own theory has it. */
export async function expected(job) {
  const core = await import("/pkg/noisy_descent_wasm.js");
  await core.default({ module_or_path: "/pkg/noisy_descent_wasm_bg.wasm" });
  const { ok, value } = core.predict(job.documents.at(-1));
  return ok ? ((value.exact ?? value.discrete)?.at_end.covariance[0][0] ?? null) : null;
}
