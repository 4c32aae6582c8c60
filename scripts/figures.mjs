// Every figure of the paper at the paper's size: the documents are those of www/figures/, the numbers those of the command line,
// the words those of the page, and the pictures are taken from the page after it has run the same.
//
//     node scripts/figures.mjs [--to FOLDER] [PANEL...]
import { spawn } from "node:child_process";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runnerImport } from "vite";
import { core } from "../tests/browser/core.mjs";
import { open, startSite } from "../tests/browser/harness.mjs";
import { shrink } from "./small-png.mjs";

const root = new URL("../", import.meta.url);
const path = (name) => fileURLToPath(new URL(name, root));
const load = async (name) =>
  (await runnerImport(path(name), { root: path("www"), configFile: false, logLevel: "error" })).module;
const { figures } = await load("www/figures/index.ts");
const { documentOf } = await load("www/figures/document.ts");
const words = await load("www/pages/figure-words.ts");
const { untypeset } = await load("www/pages/typeset.ts");
const { sizeWords } = await load("www/pages/figures-html.ts");

/** Milliseconds that a figure may take on the page. */
const LONG = 1_200_000;

const { values: options, positionals: chosen } = parseArgs({
  options: { to: { type: "string" } },
  allowPositionals: true,
});
const known = figures.flatMap(({ panels }) => panels.map(({ id }) => id));
const unknown = chosen.find((id) => !known.includes(id));
if (unknown !== undefined) {
  console.error(`figures: there is no panel '${unknown}'; there are ${known.join(", ")}`);
  process.exit(2);
}
if (chosen.length > 0 && options.to === undefined) {
  console.error("figures: docs/figures.md has all panels; say with --to FOLDER where some of them are to go");
  process.exit(2);
}
const wanted = ({ id }) => chosen.length === 0 || chosen.includes(id);
const to = options.to === undefined ? path("docs") : resolve(options.to);
const program = process.env.NOISY_DESCENT ?? path("target/release/noisy-descent");

/** Runs the command line on a document; its answer. */
function terminal(command, document) {
  return new Promise((done, reject) => {
    const child = spawn(program, [command, "-"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (piece) => {
      text += piece;
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? done(JSON.parse(text)) : reject(new Error(`${command} ended with ${code}`)),
    );
    child.stdin.end(JSON.stringify(document));
  });
}

/** A run's mean and covariance beside the theories at its last step, as an instrument's table has them. */
function tableOf({ measurement, prediction }) {
  const laws = ["discrete", "continuous", "exact"].map((name) => prediction[name]?.at_end);
  const rows = [];
  for (const [i, mean] of measurement.mean.entries())
    rows.push([`mean of w${i + 1}`, mean, measurement.mean_error[i], ...laws.map((law) => law?.mean?.[i])]);
  for (const [i, row] of measurement.covariance.entries())
    for (let j = i; j < row.length; j++)
      rows.push([
        i === j ? `variance of w${i + 1}` : `covariance of w${i + 1} and w${j + 1}`,
        row[j],
        measurement.covariance_error[i][j],
        ...laws.map((law) => law?.covariance[i][j]),
      ]);
  return {
    caption: "",
    header: ["quantity", "measured", "standard_error", "discrete", "continuous", "exact"],
    rows,
  };
}

/** The times of an escape, as its instrument's table has them. */
function timesOf({ escape, prediction }) {
  const { exact, self_consistent: discrete, continuous } = prediction.escape;
  const rows = Object.entries({ exact, discrete, continuous }).map(([name, law]) => [
    name,
    law?.mean_first_passage,
    undefined,
  ]);
  rows.push(["measured", escape.mean_first_passage_time, escape.mean_first_passage_time_error]);
  return { caption: "", header: ["theory", "mean_first_passage", "standard_error"], rows };
}

/** What a sweep shows beside what the paper shows: the shape of the same weights, as the page's further instruments have it. */
async function shapesOf(document) {
  const said = [];
  for (const quantity of ["skewness", "kurtosis"]) {
    const swept = await sweepOf({ ...document, quantity });
    const { points } = swept;
    const findings = words.findingsOfSweep(swept);
    const outcome = words.outcomeOf({ words: "", accepted: [], refuted: [] }, findings).words;
    const infinite = points.every(({ discrete }) => discrete == null);
    const judged =
      outcome.replace(/^Besides, /, "") ||
      "not judged, since this noise lacks the moments of a standard error.";
    said.push(`${quantity}: ${infinite ? "not finite with this noise." : judged}`);
  }
  return said;
}

/** A sweep from the terminal, judged as on the page. */
async function sweepOf(document) {
  const { sweep, points } = await terminal("sweep", document);
  return { sweep, points, verdict: core.judge(points).value, curve: undefined };
}

/** The verdict from the terminal. */
async function judge(panel) {
  const document = documentOf(panel, "paper");
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  if (panel.shown.instrument === "sweep") {
    const swept = await sweepOf(document);
    const findings = words.findingsOfSweep(swept);
    const { words: said, state } = words.outcomeOf(panel.claim, findings);
    const { divergesBelow } = panel.claim;
    const more = [
      divergesBelow === undefined ? "" : words.divergenceOf(swept, divergesBelow),
      words.duelOf(swept),
      words.unjudgedOf(swept),
    ];
    const took = seconds();
    const shapes = panel.shown.shape ? await shapesOf(document) : [];
    return { said: [said, ...more].filter(Boolean).join(" "), state, findings, seconds: took, shapes };
  }
  const answer = await terminal("run", document.scenario);
  const findings =
    panel.shown.instrument === "escape"
      ? words.findingsOfEscape(timesOf(answer))
      : words.findingsOfTable(tableOf(answer));
  const { words: said, state } = words.outcomeOf(panel.claim, findings);
  const whole = `${said} ${words.duelOfFindings(findings)}`.trim();
  return { said: whole, state, findings, seconds: seconds(), shapes: [] };
}

/** Whether the best theory that is judged agrees: the exact one, or the discrete one where that is exact. */
const bestAgrees = (findings) =>
  (findings.find(({ theory }) => theory === "exact") ?? findings.find(({ theory }) => theory === "discrete"))
    ?.accepted ?? false;

/** Runs a panel on the page and takes its picture; the seconds that it took. */
async function draw(page, panel, folder) {
  const article = page.locator(`[data-panel="${panel.id}"]`);
  await article.scrollIntoViewIfNeeded();
  const settled = () =>
    page.waitForFunction(
      (id) => /^(confirmed|contradicted)$/.test(document.querySelector(`[data-panel="${id}"]`).dataset.state),
      panel.id,
      {
        timeout: LONG,
      },
    );
  await settled();
  const button = article.locator("button.size");
  if (await button.isVisible()) {
    await button.click();
    await page.waitForFunction(
      (id) => document.querySelector(`[data-panel="${id}"]`).dataset.size === "paper",
      panel.id,
      { timeout: LONG },
    );
    await settled();
  }
  const status = await article.locator(".size + .status").textContent();
  const picture = await article.locator(".stage .picture").first().screenshot();
  await writeFile(`${folder}/${panel.id}.png`, await shrink(page, picture));
  return Number(/in ([\d.]+) s/.exec(status)?.[1]);
}

const folder = `${to}/figures`;
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const site = await startSite();
// One column, so that a picture is as wide as it is read; no motion, so that a cloud is drawn when it is settled.
const page = await open(site, "figures.html", {
  viewport: { width: 520, height: 900 },
  reducedMotion: "reduce",
});
const time = (seconds) => (Number.isFinite(seconds) ? `${seconds.toFixed(seconds < 10 ? 1 : 0)} s` : "–");

const lines = [];
const [drawn, contradicted, beyond] = [[], [], []];
for (const figure of figures.filter(({ panels }) => chosen.length === 0 || panels.some(wanted))) {
  lines.push(`## Fig. ${figure.number}: ${figure.title}`, "", untypeset(figure.caption), "");
  if (figure.missing) lines.push(figure.missing, "");
  for (const panel of figure.panels.filter(wanted)) {
    const { said, state, findings, seconds, shapes } = await judge(panel);
    const onPage = await draw(page, panel, folder);
    drawn.push(panel.name);
    if (state === "contradicted") contradicted.push(panel.name);
    if (!bestAgrees(findings)) beyond.push(panel.name);
    process.stderr.write(`${panel.name}: ${state}, ${time(seconds)} and ${time(onPage)}\n`);
    lines.push(
      `### ${panel.name}`,
      "",
      `![${untypeset(panel.line)}](figures/${panel.id}.png)`,
      "",
      `${untypeset(panel.line)} ${sizeWords(panel.paper)}: ${time(seconds)} in the terminal, ${time(onPage)} on the page.`,
      "",
      `- The paper: ${untypeset(panel.claim.words)}`,
      `- This run: ${said}`,
      ...shapes.map((shape) => `- Beyond the paper, ${shape}`),
      "",
    );
  }
}
await site.close();

const pictures = (await readdir(folder)).length;
const head = `# The figures of the paper, at the paper's size

Written by \`scripts/figures\`; run it again after \`scripts/build\`. Documents and claims are those of \`www/figures/\`, which \`figures.html\` shows
live. Numbers are the terminal's (\`noisy-descent sweep\`, \`run\`) on ${availableParallelism()} processors, shared with other work; pictures and the second time are the
page's, which runs the same documents to the same bits. A theory of a sweep is judged by χ² over all values at which a standard error
means something, one of an ensemble by its largest deviation, which may be 4 standard errors.

Of ${drawn.length} panels ${drawn.length - contradicted.length} say what the paper says${contradicted.length > 0 ? `; not quite: ${contradicted.join(", ")}` : ""}. With minibatches the rule C = K/S is an approximation
that so many runs tell from the truth; each panel says by how much. What the paper is not known to say of a theory stands under “Besides”: of minibatches with
momentum and of the rate of escape, whose formula is a heuristic. The exact theory, which is the discrete one where nothing is approximated,
agrees with ${beyond.length > 0 ? `all but ${beyond.join(", ")}` : "all of them"}.

`;
await writeFile(`${to}/figures.md`, `${head}${lines.join("\n")}`);
process.stderr.write(`${to}/figures.md: ${drawn.length} panels, ${pictures} pictures\n`);
