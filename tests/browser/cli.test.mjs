// The Lab beside the terminal: the scenario that the Lab saves, run by the command line, gives the numbers of the Lab's own tables;
// what is copied for a terminal and for Python runs as it is.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { hashOf, measured, open, program, setUp, table, tableWhen } from "./harness.mjs";

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const hasNumpy = (command) => {
  try {
    execFileSync(command, ["-c", "import numpy"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};
const python = [process.env.PYTHON, at("target/python/bin/python"), "python3"].find(
  (command) => command && hasNumpy(command),
);

/** The digits of a table: five. What is zero but for rounding is so in other last bits on another platform. */
const ROUNDING = 1e-14;
const shown = (a, b, what) =>
  assert.ok(
    a === b || (a !== null && b !== null && Math.abs(a - b) <= 1e-4 * Math.abs(b) + ROUNDING),
    `${what}: ${a} is not ${b}`,
  );
const SIZE = "replicas=2000&steps=200&points=4&seed=4";
const SCENARIOS = [
  "hessian=1,0.2;0.2,0.3&learning_rate=0.6&momentum=0.3",
  "hessian=2,0.1;0.1,0.5&learning_rate=0.4&law=laplace&covariance=hessian&start=point&start_weights=2,-1",
  "loss=least_squares&data=diabetes&columns=bmi,bp&covariance=minibatch&batch_size=8&learning_rate=0.3",
];

test("the Lab and the terminal", async (t) => {
  assert.ok(program, "the command line is not built: cargo build -p noisy-descent-cli");
  const site = await setUp(t);
  const folder = mkdtempSync(join(tmpdir(), "noisy-descent-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const cli = (...values) =>
    execFileSync(program, values, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 1 << 28,
    });
  const lab = async (hash) => {
    const page = await open(site, `lab.html#v=1&${SIZE}&${hash}`, {
      reducedMotion: "reduce",
      viewport: { width: 1280, height: 3000 },
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await page.locator("#stability:not(:empty)").waitFor();
    return page;
  };
  const share = async (page, name) => {
    await page.locator(".share summary").click();
    await page.getByRole("button", { name }).click();
  };
  const copied = async (page, name, said) => {
    await share(page, name);
    await page.locator(".said", { hasText: said }).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const saved = async (page, name) => {
    const coming = page.waitForEvent("download");
    await share(page, "Save scenario");
    const path = join(folder, name);
    await (await coming).saveAs(path);
    return path;
  };
  const done = async (page) => {
    page.verify();
    await page.context().close();
  };

  for (const [n, hash] of SCENARIOS.entries()) {
    await t.test(`predict, run, sweep and table1 of ${hash}`, async () => {
      const page = await lab(hash);
      await measured(page);
      const path = await saved(page, `scenario-${n}.json`);

      const prediction = JSON.parse(cli("predict", path));
      const directions = await tableWhen(page, "nd-modes", (rows) => rows.length === 2);
      for (const [i, mode] of prediction.modes.entries()) {
        shown(directions[i].curvature, mode.curvature, `curvature ${i}`);
        shown(directions[i].discrete, mode.discrete, `discrete variance along ${i}`);
        shown(directions[i].continuous, mode.continuous, `continuous variance along ${i}`);
      }

      // The ensemble that is watched is the one that the terminal runs: the same bits, shown in five digits.
      const run = JSON.parse(cli("run", path));
      await page.waitForFunction(() =>
        document.querySelector("nd-cloud .counter").textContent.startsWith("step 200,"),
      );
      const cloud = await table(page, "nd-cloud");
      for (const [row, i, j] of [
        [cloud[0], 0, 0],
        [cloud[1], 1, 1],
        [cloud[2], 0, 1],
      ]) {
        const { covariance, covariance_error } = run.measurement;
        shown(row.measured, covariance[i][j], `covariance ${i} ${j}`);
        shown(row.standard_error, covariance_error[i][j], `its error ${i} ${j}`);
        for (const theory of ["discrete", "continuous", "exact"])
          shown(row[theory], run.prediction[theory]?.at_end.covariance[i][j] ?? null, `${theory} ${i} ${j}`);
      }

      const axis = hashOf(page);
      const sweep = join(folder, `sweep-${n}.json`);
      const scenario = JSON.parse(readFileSync(path, "utf8"));
      const range = {
        parameter: "learning_rate",
        from: Number(axis.from ?? 0),
        to: Number(axis.to ?? 2),
        points: 4,
      };
      writeFileSync(sweep, JSON.stringify({ scenario, ...range }));
      const [head, ...lines] = cli("sweep", sweep, "--csv").trim().split("\n");
      const names = head.trim().split(",");
      const points = await table(page, "nd-sweep");
      assert.equal(points.length, lines.length);
      for (const [i, line] of lines.entries()) {
        const wanted = Object.fromEntries(
          line
            .trim()
            .split(",")
            .map((text, k) => [names[k], text === "" ? null : Number(text)]),
        );
        const { learning_rate, standard_error } = points[i];
        shown(learning_rate, wanted.x, `place ${i}`);
        shown(points[i].measured, wanted.measured, `measured at ${wanted.x}`);
        shown(standard_error, wanted.error, `its error at ${wanted.x}`);
        for (const theory of ["discrete", "continuous", "exact"])
          shown(points[i][theory] ?? null, wanted[theory] ?? null, `${theory} at ${wanted.x}`);
      }

      if (scenario.loss.kind === "quadratic") {
        const rows = JSON.parse(cli("table1", path));
        const compared = await tableWhen(page, "nd-comparison", (list) => list.length > 0);
        let found = 0;
        for (const row of rows) {
          const own = compared.find((line) => Object.values(line).includes(row.name));
          if (!own) continue;
          found++;
          const numbers = Object.values(own);
          for (const theory of ["earlier", "paper", "exact"]) {
            const wanted = row[theory]?.training_error;
            if (wanted == null) continue;
            assert.ok(
              numbers.some((value) => typeof value === "number" && Math.abs(value - wanted) <= 1e-4 * wanted),
              `${row.name}, ${theory}: ${wanted} is not among ${numbers}`,
            );
          }
        }
        assert.ok(found >= 4, `only ${found} optimizers of ${rows.map(({ name }) => name)}`);
      }
      await done(page);
    });
  }

  await t.test("the command that is copied runs as it is", async () => {
    const page = await lab(SCENARIOS[0]);
    await page.waitForFunction(() =>
      document.querySelector("nd-cloud .counter").textContent.startsWith("step 200,"),
    );
    const command = await copied(page, "Copy as CLI", "Command copied");
    const output = execFileSync("bash", ["-c", command], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, PATH: `${dirname(program)}${delimiter}${process.env.PATH}` },
    });
    const { measurement } = JSON.parse(output);
    const [first] = await table(page, "nd-cloud");
    shown(first.measured, measurement.covariance[0][0], "the variance");
    await done(page);
  });

  await t.test(
    "the script that is copied runs as it is, and agrees",
    { skip: !python && "no NumPy" },
    async () => {
      for (const hash of SCENARIOS) {
        const page = await lab(hash);
        await page.waitForFunction(() =>
          document.querySelector("nd-cloud .counter").textContent.startsWith("step 200,"),
        );
        const script = await copied(page, "Copy as Python", "Script copied");
        const output = execFileSync(python, ["-"], { encoding: "utf8", input: script });
        const cloud = await table(page, "nd-cloud");
        for (const i of [0, 1]) {
          const line = new RegExp(
            `variance w${i + 1} +measured ([\\d.e+-]+) ± ([\\d.e+-]+).*discrete ([\\d.e+-]+)`,
          );
          const [, value, error, discrete] = line.exec(output)?.map(Number) ?? [];
          shown(cloud[i].discrete, discrete, `the theory of w${i + 1}`);
          // Two independent experiments: |z| < 5 for six fixed numbers.
          const both = Math.hypot(error, cloud[i].standard_error);
          assert.ok(Math.abs(value - cloud[i].measured) < 5 * both, `${output}\n${cloud[i].measured}`);
        }
        await done(page);
      }
    },
  );
});
