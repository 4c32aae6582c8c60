/** How far an ensemble fluctuates along two directions: a scenario is run to its end, looked at once, and let go. */
import type { Engine, FullScenario, View } from "../engine/engine";
import type { Covariance } from "../plot";
import { measuredOf } from "./cloud-axes";
import type { Running } from "./run-bar";

export interface MeasuredAlong {
  readonly step: number;
  readonly replicas: number;
  readonly diverged: number;
  /** Undefined where nothing finite is left. */
  readonly covariance: Covariance | undefined;
  /** Standard errors. */
  readonly error: Covariance | undefined;
}

/** Directions are unit vectors; where there is but one coordinate they are not needed. */
export async function measureAlong(
  engine: Engine,
  scenario: FullScenario,
  directions: readonly [readonly number[], readonly number[]] | undefined,
  { signal, onProgress }: Pick<Running, "signal" | "onProgress">,
): Promise<MeasuredAlong> {
  const view: View = {
    x: 0,
    y: directions ? 1 : 0,
    columns: 1,
    rows: 1,
    low: [-1, -1],
    high: [1, 1],
    ...(directions ? { directions } : {}),
  };
  const ensemble = await engine.ensemble(scenario);
  try {
    const snapshot = await ensemble.advance(scenario.run.steps, Number.POSITIVE_INFINITY, view, {
      signal,
      onProgress,
    });
    const { x, y } = view;
    const { covariance, error } = measuredOf(snapshot, directions ? { x, y, directions } : { x, y });
    const { step } = snapshot;
    const { replicas, diverged } = snapshot.measurement;
    return { step, replicas, diverged, covariance, error };
  } finally {
    await ensemble.close().catch(() => undefined);
  }
}
