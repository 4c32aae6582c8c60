import { expect, test, vi } from "vitest";
import type { FullScenario, FullSweep, Outcome, Prediction } from "../engine/engine";
import { type Value, write } from "../state/document";
import { type Address, Store } from "../state/store";
import { defaults } from "../state/tables";
import { LimitFollower } from "./follow";

/** The limit of a momentum and the unit curvature, some time later. */
const predict = vi.fn(async ({ optimizer }: FullScenario) => {
  await new Promise((resolve) => setTimeout(resolve, 1));
  const momentum = optimizer.kind === "momentum" ? optimizer.momentum : 0;
  return {
    ok: true,
    value: {
      stability: { learning_rate_limit: optimizer.kind === "momentum" ? 2 * (1 + momentum) : 2.5 },
      modes: [{ curvature: 1 }, { curvature: 0.1 }],
    },
  } as Outcome<Prediction>;
});
const set = (changes: Record<string, Value>, sweep = defaults) =>
  write(sweep, new Map(Object.entries(changes)));

function makeStore() {
  let hash = "";
  const address: Address = { hash: () => hash, set: (text) => void (hash = text), onChange: () => {} };
  const check = async (sweep: FullSweep) =>
    ({ ok: true, value: structuredClone(sweep) }) as Outcome<FullSweep>;
  return new Store(check, address, new LimitFollower(predict));
}

test("the end goes with the limit through any number of quick steps", async () => {
  const store = makeStore();
  const steps = Array.from({ length: 20 }, (_, i) => store.propose({ momentum: (i + 1) / 40 }));
  await Promise.all(steps);
  expect(store.value("to")).toBe(3);
  await Promise.all([store.propose({ momentum: 0.9 }), store.propose({ momentum: 0 })]);
  expect(store.value("to")).toBe(2);
});

test("an end that a person has set stays", async () => {
  const store = makeStore();
  await Promise.all([store.propose({ to: 1 }), store.propose({ momentum: 0.5 })]);
  expect(store.value("to")).toBe(1);
});

test("an optimizer whose step yields to the fluctuation has no limit to follow", async () => {
  const store = makeStore();
  expect(store.value("to")).toBe(2);
  for (const optimizer of ["adam", "natural_gradient"]) {
    await store.propose({ optimizer });
    expect(store.value("to")).toBe(2);
  }
});

test("a new axis gets the limit of the scenario as it is by then", async () => {
  const store = makeStore();
  await store.propose({ parameter: "momentum" });
  await Promise.all([store.propose({ momentum: 0.5 }), store.propose({ parameter: "learning_rate" })]);
  expect(store.value("to")).toBe(3);
});

test("the curvature goes to where the present learning rate diverges", async () => {
  const store = makeStore();
  await Promise.all([store.propose({ momentum: 0.5 }), store.propose({ parameter: "curvature" })]);
  expect([store.value("from"), store.value("to"), store.value("scale")]).toEqual([0.02, 2, "log"]);
});

test("a scenario without a limit moves nothing, and each is asked for once", async () => {
  const none = vi.fn(async () => ({ ok: false, problems: [] }) as Outcome<Prediction>);
  const follower = new LimitFollower(none);
  expect(await follower.follow(set({ momentum: 0.5 }), defaults)).toEqual({});
  expect(await follower.follow(set({ momentum: 0.6 }), defaults)).toEqual({});
  expect(none).toHaveBeenCalledTimes(1);
});
