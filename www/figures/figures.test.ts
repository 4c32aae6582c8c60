import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import * as core from "../engine/pkg/noisy_descent_wasm";
import type { FullSweep, Outcome } from "../engine/protocol";
import { runWords, sizeWords } from "../pages/figures-html";
import { presetGroups } from "../pages/presets";
import { untypeset } from "../pages/typeset";
import { documentOf as documentOfHash, toHash } from "../state/permalink";
import { figures, panelOf, panels } from ".";
import { documentOf } from "./document";

beforeAll(() => {
  core.initSync({
    module: readFileSync(new URL("../engine/pkg/noisy_descent_wasm_bg.wasm", import.meta.url)),
  });
});

const SIZES = ["reduced", "paper"] as const;

describe("the figures of the paper", () => {
  test("are all there", () => {
    expect(figures.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(panels.map(({ id }) => id).join(" ")).toBe(
      "1-left 1-right 2a 2b 3a 3b 3c 3d 3e 3f 4a 4b 5-small 5-large 6a 6b 8-student 8-chi-squared 9a 9b",
    );
    for (const { panels: own, missing } of figures) expect(own.length > 0).toBe(missing === undefined);
    expect(() => panelOf("7")).toThrow("there is no figure 7");
  });

  test.each(panels.flatMap((panel) => SIZES.map((size) => [panel.name, size, panel] as const)))(
    "%s at its %s size is as the core takes it",
    (_, size, panel) => {
      const document = documentOf(panel, size);
      const outcome = core.check(document) as Outcome<FullSweep>;
      expect(outcome).toEqual({ ok: true, value: document });
      // Whatever the panel's document says is in the complete one.
      expect(document).toMatchObject(panel.document);
      expect(document.scenario.run).toMatchObject({
        replicas: panel[size].replicas,
        steps: panel[size].steps,
      });
      expect(documentOfHash(toHash(document))).toEqual(document);
    },
  );

  test("claim one thing of a theory", () => {
    for (const { claim } of panels) {
      expect(claim.accepted.length + claim.refuted.length).toBeGreaterThan(0);
      for (const theory of claim.accepted) expect(claim.refuted).not.toContain(theory);
    }
  });

  test("diverge where they say", () => {
    const { claim } = panelOf("4a");
    const { limits } = (
      core.curve(documentOf(panelOf("4a"), "reduced"), 50) as Outcome<core.Curve> & { ok: true }
    ).value;
    expect(limits).toEqual([{ at: expect.closeTo(claim.divergesBelow as number, 12), stable_above: true }]);
  });
});

describe("what a panel's line says in numbers", () => {
  const curveOf = (document: FullSweep, samples = 50) => {
    const outcome = core.curve(document, samples) as Outcome<core.Curve>;
    if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join());
    return outcome.value;
  };

  test("true batches have a limit on the other side too", () => {
    const limits = (id: string) => curveOf(documentOf(panelOf(id), "paper")).exact_limits;
    expect(limits("4b")).toEqual([
      { at: expect.closeTo(0.389, 3), stable_above: true },
      { at: expect.closeTo(0.9126, 3), stable_above: false },
    ]);
    expect(panelOf("4b").line).toContain("$0.389 < μ < 0.913$");
    expect(limits("9b")).toEqual([{ at: expect.closeTo(0.9617, 3), stable_above: false }]);
    expect(panelOf("9b").line).toContain("$μ = 0.962$");
  });

  test("the diffusion of Fig. 9(a) is 50 % too small at first and 25 % in the end", () => {
    const { x, discrete, continuous } = curveOf(documentOf(panelOf("9a"), "paper"), 1000);
    const short = x.map((_, i) => 1 - (continuous[i] as number) / (discrete[i] as number));
    expect(short[0]).toBeCloseTo(0.5, 2);
    // Beyond μ = 0.98 a thousand steps are not the long run.
    const late = x.findLastIndex((momentum) => momentum < 0.98);
    expect(x[late]).toBeGreaterThan(0.975);
    expect(short[late]).toBeCloseTo(0.25, 2);
  });

  test("the formula of Fig. 6(b) is Eq. 23 as the core prints it", () => {
    const document = documentOf(panelOf("6b"), "paper");
    const { x, formula } = curveOf(document, 9);
    for (const [i, steepness] of x.entries()) {
      const loss = { ...document.scenario.loss, steepness };
      const outcome = core.predict({ ...document.scenario, loss } as never) as Outcome<core.Prediction>;
      const printed = outcome.ok ? outcome.value.escape?.printed?.rate : undefined;
      expect(printed).toBeGreaterThan(0);
      expect((formula[i] as number) / ((printed as number) / steepness)).toBeCloseTo(1, 10);
    }
  });

  test("a size that is not the paper's says so", () => {
    expect(panels.filter(({ paper }) => paper.ours).map(({ id }) => id)).toEqual(["1-right", "6a", "6b"]);
    expect(sizeWords(panelOf("6a").paper)).toBe(
      "50 000 runs of 1000 steps (our size, the paper gives none)".replace(" ", "\u202f"),
    );
    expect(runWords(panelOf("6a").paper)).toBe("Run at full size");
    expect(runWords(panelOf("2a").paper)).toBe("Run at the paper’s size");
  });
});

describe("presets", () => {
  const presets = presetGroups.flatMap((group) => group.presets);

  test("are documents that the core takes", () => {
    for (const { name, hash } of presets) {
      const outcome = core.check(documentOfHash(hash)) as Outcome<FullSweep>;
      expect(outcome.ok, name).toBe(true);
    }
  });

  test("of figures are the figures' own", () => {
    const preset = presets.find(({ name }) => name === "Fig. 4(a)");
    expect(preset?.line).toBe(untypeset(panelOf("4a").line));
    expect(documentOfHash(preset?.hash ?? "")).toEqual(documentOf(panelOf("4a"), "reduced"));
  });
});
