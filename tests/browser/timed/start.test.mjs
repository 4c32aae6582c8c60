// How soon the experiment answers, whatever its scenario has to do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, setUp } from "../harness.mjs";

test("the page is alive within a second", async (t) => {
  const site = await setUp(t, "experiment.html");
  const times = [];
  for (let i = 0; i < 6; i++) {
    const page = await open(site, "#v=1&steps=100000&replicas=100000", { reducedMotion: "reduce" });
    await page.locator("#stability:not(:empty)").waitFor();
    times.push(await page.evaluate(() => performance.now()));
    page.verify();
    await page.context().close();
  }
  // The best of six: what the page needs, not what else the machine was doing.
  assert.ok(Math.min(...times) < 1000, `alive after ${times.map(Math.round)} ms`);
});
