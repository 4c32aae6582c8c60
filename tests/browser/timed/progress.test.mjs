// How often a run says how far it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, setUp } from "../harness.mjs";

test("a run reports its progress ten times a second", async (t) => {
  const site = await setUp(t, "experiment.html");
  const page = await open(site, "#v=1&steps=3000&points=40");
  await page.locator("nd-sweep[running]").waitFor();
  const changes = await page.evaluate(async () => {
    const bar = document.querySelector("nd-sweep progress");
    let seen = 0;
    let last = bar.value;
    const start = performance.now();
    while (performance.now() - start < 1000) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (bar.value !== last) seen++;
      last = bar.value;
    }
    return seen;
  });
  assert.ok(changes >= 10, `${changes} reports in a second`);
  page.verify();
});
