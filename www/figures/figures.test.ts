import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import * as core from "../engine/pkg/noisy_descent_wasm";
import type { FullSweep, Outcome } from "../engine/protocol";
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
