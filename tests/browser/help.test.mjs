// "What am I seeing?" at each instrument: the formula, and the numbers of the scenario in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, measured, open, SMALL, setUp } from "./harness.mjs";

test("help", async (t) => {
  const site = await setUp(t);

  await t.test("each instrument explains itself with the present numbers, by keyboard too", async () => {
    const hash = `#v=1&${SMALL}&hessian=2,0;0,0.5&learning_rate=0.4&momentum=0.5&to=1.5&noise_variance=3`;
    const page = await open(site, `lab.html${hash}`, { reducedMotion: "reduce" });
    await measured(page);
    for (const [tag, ...words] of [
      // The last point is 12/13 of the way to λ = 1.5, k = 2: 3λ/(2·0.5·2) and 3λ·1.5/(0.5·2(3 − 2λ)).
      ["nd-sweep", /λ = 1\.385: continuous 2\.077, discrete 27/, /μ = 0\.5/, /σ02 = 3|σ20 = 3|σ0\s*2 = 3/],
      ["nd-cloud", /2.000 replicas/, /λ = 0\.4/, /ΣK \+ KΣ − λKΣK = λC/],
      // k = 2: 3·0.4/(2·0.5·2) = 0.6 and 3·0.4·1.5/(0.5·2·(3 − 0.8)).
      ["nd-modes", /k = 2, λk = 0\.8; continuous 0\.6, discrete 0\.8182, exact 0\.8182/],
      ["nd-stability-map", /λk = 0\.8, the limit at 3/],
      ["nd-escape", /λ = 0\.4, μ = 0\.5/, /share l lies in the well/],
      ["nd-bayes", /λ = 0\.4, μ = 0\.5/, /λ\* = 2S\/\(Nk\)/],
      ["nd-data", /λ = 0\.4, μ = 0\.5/, /C = K\/S/],
      [
        "nd-over-time",
        /Along this direction λk = 0\.8/,
        /For example at step \d+: continuous 0\.6, discrete 0\.8/,
      ],
      ["nd-correlation", /Along this direction λk = 0\.8/, /negative at odd lags where λk > 1/],
      // Earlier work has λ tr C/4 + λ² tr KC/8 = 0.6 + 0.15, and 1.2 + 0.15/(1 − μ²) with momentum; the paper 0.6 (1/1.2 + 1/1.8),
      // and λ(1 + μ)c/(2(1 − μ)) Σ 1/(2(1 + μ) − λk) = 1.8 (1/2.2 + 1/2.8).
      [
        "nd-comparison",
        /w = 9, three standard deviations/,
        /μ = 0\.5/,
        /SGD: earlier work says 0\.75, the paper 0\.8333, exact is 0\.8333/,
        /SGD with momentum: earlier work says 1\.4, the paper 1\.461, exact is 1\.461/,
      ],
    ]) {
      const button = page.locator(`${tag} .ask button`);
      await button.scrollIntoViewIfNeeded();
      await page.locator(`${tag} .words:not(:empty)`).waitFor();
      await button.focus();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog", { name: "What am I seeing?" });
      await dialog.waitFor();
      const text = await dialog.innerText();
      for (const said of words) assert.match(text, said, tag);
      assert.doesNotMatch(text, /NaN|undefined|null|\$/, tag);
      if (tag === "nd-sweep") await accessible(page);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
      assert.ok(
        await button.evaluate((element) => element === document.activeElement),
        `${tag}: the focus comes back`,
      );
    }
    page.verify();
    await page.context().close();
  });

  await t.test("a formula in the link is shown as text", async () => {
    const page = await open(site, `lab.html#v=1&${SMALL}&formula=1%2B0*(λ<2)`, { reducedMotion: "reduce" });
    await page.locator("#stability:not(:empty)").waitFor();
    await page.locator("nd-sweep .ask button").click();
    const dialog = page.getByRole("dialog", { name: "What am I seeing?" });
    await dialog.waitFor();
    assert.equal(await dialog.locator("script, img").count(), 0);
    page.verify();
    await page.context().close();
  });
});
