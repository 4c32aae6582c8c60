// What is set on the Lab's bench beside the parameters themselves: random matrices.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hashOf, measured, open, SMALL, setUp, tableWhen, type } from "./harness.mjs";

const calm = { reducedMotion: "reduce" };

test("the bench", async (t) => {
  const site = await setUp(t);
  const lab = async (hash, options = calm) => {
    const page = await open(site, `lab.html#v=1&${hash}`, options);
    await page.locator("#stability:not(:empty)").waitFor();
    return page;
  };
  const done = async (page) => {
    page.verify();
    await page.context().close();
  };

  await t.test("random matrices have the eigenvalues that were chosen", async () => {
    const page = await lab(`${SMALL}&learning_rate=0.2&covariance=matrix`);
    await measured(page);
    const make = async (parameter, fields) => {
      const entry = page.locator(`[data-parameter="${parameter}"] .random-entry`);
      if ((await entry.getAttribute("open")) === null) await entry.locator("summary").click();
      for (const [label, text] of Object.entries(fields)) {
        const field = entry.getByLabel(label, { exact: true });
        await field.fill(text);
        await field.blur();
      }
      await entry.getByRole("button", { name: "Make it" }).click();
      return entry;
    };
    // Rows alone: an even spectrum. C goes with the new size.
    await make("hessian", { Rows: "3" });
    await page.waitForFunction(() => location.hash.includes("hessian="));
    let rows = await tableWhen(page, "nd-modes", (list) => list.length === 3);
    for (const [i, wanted] of [1, 0.316, 0.1].entries())
      assert.ok(Math.abs(rows[i].curvature - wanted) < 1e-4 * wanted, JSON.stringify(rows[i]));
    assert.equal(hashOf(page).noise_covariance, "1,0,0;0,1,0;0,0,1");

    const drawn = hashOf(page).hessian;
    await make("hessian", { Eigenvalues: "4 2 1", Seed: "7" });
    rows = await tableWhen(page, "nd-modes", ([first]) => Math.abs(first.curvature - 4) < 1e-3);
    assert.ok(Math.abs(rows[1].curvature - 2) < 1e-3 && Math.abs(rows[2].curvature - 1) < 1e-3);
    const matrix = hashOf(page)
      .hessian.split(";")
      .map((row) => row.split(",").map(Number));
    assert.notEqual(hashOf(page).hessian, drawn);
    assert.ok(Math.abs(matrix[0][1]) > 1e-3, "it is turned");
    assert.ok(
      Math.abs(matrix[0][0] + matrix[1][1] + matrix[2][2] - 7) < 1e-8,
      "its trace is that of the eigenvalues",
    );
    // The same seed gives the same one again, as a link does.
    await make("hessian", { Eigenvalues: "1, 1, 1" });
    await make("hessian", { Eigenvalues: "4, 2, 1", Seed: "7" });
    await page.waitForFunction(
      (text) => new URLSearchParams(location.hash.slice(1)).get("hessian") === text,
      matrix.map((row) => row.join(",")).join(";"),
    );

    await make("noise_covariance", { Eigenvalues: "3, 0, 0", Seed: "1" });
    await page.waitForFunction(() => !location.hash.includes("noise_covariance=1,0,0"));
    assert.deepEqual(await page.locator(".problem:not([hidden])").allTextContents(), []);
    const entry = await make("noise_covariance", { Seed: "-1" });
    await entry.locator(".problem", { hasText: "seed must be a whole number" }).waitFor();
    // What the core does not take is said where everything is said.
    await make("noise_covariance", { Eigenvalues: "1, -1, 1", Seed: "2" });
    await page.locator('[data-parameter="noise_covariance"] > .problem', { hasText: /eigenvalue/ }).waitFor();
    await done(page);
  });

  await t.test("the preconditioner and the start's covariance can be random too", async () => {
    const page = await lab(`${SMALL}&learning_rate=0.1&optimizer=preconditioned&start=gaussian`);
    for (const name of ["preconditioner", "start_covariance"]) {
      const entry = page.locator(`[data-parameter="${name}"] .random-entry`);
      await entry.locator("summary").press("Enter");
      await entry.getByRole("button", { name: "Make it" }).press("Enter");
      await page.waitForFunction((text) => location.hash.includes(`${text}=`), name);
      const [[a, b], [c, d]] = hashOf(page)
        [name].split(";")
        .map((row) => row.split(",").map(Number));
      assert.ok(Math.abs(a + d - 1.1) < 1e-9 && Math.abs(a * d - b * c - 0.1) < 1e-9, hashOf(page)[name]);
    }
    await type(page, "learning_rate", "0.2");
    await done(page);
  });
});
