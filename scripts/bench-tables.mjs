// The tables of the benchmarks, from what was measured; run by itself it writes them into docs/benchmarks.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { names } from "./bench-peers/problem.mjs";

const digits = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(value < 1 ? 2 : 3));
const range = ({ low, high }) => `${digits(low)}–${digits(high)}`;
const row = (...cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) => [row(...head), row(...head.map(() => "---")), ...rows].join("\n");

/** Rates and ratios: one row for each runner of each job. */
export function experimentTable({ jobs, rates, missing }) {
  const head = ["job", "runner", "10⁶ updates/s", "range", "ours ÷ it", "range"];
  const rows = names.flatMap((name) => [
    ...missing
      .filter(({ job }) => job === name)
      .map(({ runner, reason }) => row(name, runner, reason, "", "", "")),
    ...rates
      .filter(({ job }) => job === name)
      .map((rate) => {
        const ratio = jobs.find(({ job, peer }) => job === name && peer === rate.runner);
        const against = ratio === undefined ? ["", ""] : [digits(ratio.ratio), range(ratio)];
        return row(name, rate.runner, digits(rate.median), range(rate), ...against);
      }),
  ]);
  return table(head, rows);
}

/** Milliseconds of the theory. */
export function theoryTable(rows) {
  const head = ["theory in Chromium", "D", "median ms", "lowest", "highest", "wanted"];
  const cells = ({ what, dimension, median, low, high, wanted }) =>
    row(what, dimension, digits(median), digits(low), digits(high), wanted ?? "");
  return table(head, rows.map(cells));
}

/** How many rounds; a job that was measured alone may have had others. */
function roundsOf(jobs) {
  const each = names.flatMap((name) => jobs.find(({ job }) => job === name) ?? []);
  const counts = each.map(({ rounds }) => rounds);
  const usual = counts.toSorted(
    (a, b) => counts.filter((n) => n === b).length - counts.filter((n) => n === a).length,
  )[0];
  const others = each.filter(({ rounds }) => rounds !== usual);
  const said = others.map(({ job, rounds }) => `${job} ${rounds}`).join(", ");
  return said === "" ? `${usual}` : `${usual} (${said})`;
}

/** The machine, and what the peers settled on there. */
function circumstances({ jobs, rates, machine, finished }) {
  const { cpu, cores, memory_gb, system, versions, load_before, load_after } = machine;
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const chosen = names.flatMap((name) => {
    const peers = rates.filter(({ job, how, runner }) => job === name && how && runner !== "js");
    return peers.length > 0
      ? [`- ${name}: ${peers.map(({ runner, how }) => `${runner} ${how}`).join("; ")}`]
      : [];
  });
  return [
    `Measured on ${finished.slice(0, 10)}: ${cpu}, ${cores} cores, ${memory_gb} GB, ${system};`,
    `${software.join(", ")}.`,
    `Medians of ${roundsOf(jobs)} rounds. Load average ${load_before.toFixed(1)} before and ${load_after.toFixed(1)} after`,
    `(the benchmark itself is about 1).`,
    "",
    "What each peer settled on, the quickest of its formulations and chunks there:",
    "",
    ...chosen,
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const measured = (name) => {
    const path = fileURLToPath(new URL(`../target/bench/${name}.json`, import.meta.url));
    if (!existsSync(path)) throw new Error(`target/bench/${name}.json is missing: run scripts/bench first`);
    return JSON.parse(readFileSync(path, "utf8"));
  };
  const report = measured("report");
  if (report.method.quick) throw new Error("the last report is of --quick: run scripts/bench");
  const without = names.filter((name) => !report.rates.some(({ job }) => job === name));
  if (without.length > 0) throw new Error(`the last report lacks ${without.join(", ")}: run scripts/bench`);
  const parts = {
    theory: theoryTable(measured("theory").filter(({ wanted }) => wanted)),
    experiment: experimentTable(report),
    circumstances: circumstances(report),
  };
  const path = new URL("../docs/benchmarks.md", import.meta.url);
  let text = readFileSync(path, "utf8");
  for (const [name, part] of Object.entries(parts)) {
    const [begin, end] = [`<!-- ${name}: written by scripts/bench -->`, `<!-- end of ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no place for ${name}`);
    text = `${text.slice(0, from + begin.length)}\n\n${part}\n\n${text.slice(to)}`;
  }
  writeFileSync(path, text);
  console.log("bench: docs/benchmarks.md is written");
}
