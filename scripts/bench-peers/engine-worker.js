// The subject: the wasm package as it is shipped, in a worker, in portions as the page uses it.
import init, { Ensemble } from "/pkg/noisy_descent_wasm.js";

/** Milliseconds between two returns from wasm, as in www/engine/worker/portions.ts. */
const PORTION = 8;

const ready = init({ module_or_path: "/pkg/noisy_descent_wasm_bg.wasm" });
let documents;

self.onmessage = async ({ data }) => {
  await ready;
  try {
    self.postMessage(answer(data));
  } catch (error) {
    self.postMessage({ failed: wordsOf(error) });
  }
};

const answer = ({ job, points }) => (job ? prepare(job) : run(points));

/** Keeps the job's documents; a job that the experiment does not run is said, not failed. */
function prepare(job) {
  documents = job.documents;
  try {
    new Ensemble(documents[0], 0).free();
    return { how: null };
  } catch (error) {
    if (!error?.problems) throw error;
    return { refused: wordsOf(error) };
  }
}

/** Each point from its document to its measurement; the variance of the last one. */
function run(points) {
  let variance;
  for (const point of points) {
    const ensemble = new Ensemble(documents[point], point);
    while (!ensemble.advance(PORTION));
    variance = ensemble.measure().covariance[0][0];
    ensemble.free();
  }
  return { variance };
}

const wordsOf = (error) => error?.problems?.map(({ message }) => message).join("; ") ?? String(error);
