/** The core's two modules, and which of them knows what. */

import { isCommon, isCommonSweep } from "../common";
import initFirst, * as firstCore from "../pkg/noisy_descent_first";
import firstWasm from "../pkg/noisy_descent_first_bg.wasm?url";
import type * as core from "../pkg/noisy_descent_wasm";
import wasm from "../pkg/noisy_descent_wasm_bg.wasm?url";

/** What both of the core's modules have. */
export type Core = Pick<typeof core, Exclude<keyof typeof firstCore, "default" | "initSync">>;

/** An ensemble of either. */
export type Moving = InstanceType<Core["Ensemble"]>;

/** The module that a page waits for; where it cannot be loaded, each request says so. */
export const first = initFirst({ module_or_path: firstWasm }).then(() => firstCore as unknown as Core);
first.catch(() => {});

let loading: Promise<typeof core> | undefined;

/** The complete one, loaded when it is first asked for: no page waits for what few ask for. */
export function complete(): Promise<typeof core> {
  loading ??= load().catch((error) => {
    loading = undefined; // the next request tries again
    throw error;
  });
  return loading;
}

async function load() {
  const module = await import("../pkg/noisy_descent_wasm");
  await module.default({ module_or_path: wasm });
  return module;
}

/** The module that knows a scenario, or a sweep. */
export const coreOf = (scenario: core.Scenario): Promise<Core> => (isCommon(scenario) ? first : complete());
export const coreOfSweep = (sweep: core.Sweep): Promise<Core> => (isCommonSweep(sweep) ? first : complete());
