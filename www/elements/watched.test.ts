import { describe, expect, test } from "vitest";
import {
  Cancelled,
  type Ensemble,
  type FullScenario,
  type Prediction,
  type Snapshot,
  type View,
} from "../engine/engine";
import { write } from "../state/document";
import { defaults } from "../state/tables";
import { viewOf } from "./cloud-view";
import { Watched } from "./watched";

const law = (...spread: number[]) => ({
  covariance: spread.map((value, i) => spread.map((_, j) => (i === j ? value : 0))),
});
const prediction = (...spread: number[]) =>
  ({ continuous: { stationary: law(...spread) }, discrete: null }) as unknown as Prediction;

/** An ensemble that moves when it is told to. */
class FakeEnsemble implements Ensemble {
  readonly asked: { step: number; within: number; view: View; finish: (at?: number) => void }[] = [];
  closed = 0;
  /** Whether requests are open, more than one at a time being wrong. */
  open = 0;
  auto = true;
  async advance(step: number, within: number, view: View, following?: { signal?: AbortSignal }) {
    expect(this.open++, "two requests at once").toBe(0);
    expect(this.closed).toBe(0);
    const at = await new Promise<number>((resolve, reject) => {
      following?.signal?.addEventListener("abort", () => setTimeout(() => reject(new Cancelled())));
      this.asked.push({ step, within, view, finish: (place = step) => resolve(place) });
      if (this.auto) setTimeout(() => resolve(step));
    }).finally(() => this.open--);
    const spread = at >= this.flat ? 100 : 1;
    return { step: at, view, measurement: { ...law(1, spread), mean: [0, 0] } } as unknown as Snapshot;
  }
  /** From this step on it is wide along the second coordinate. */
  flat = Number.POSITIVE_INFINITY;
  readonly tuned: FullScenario[] = [];
  retune(scenario: FullScenario) {
    expect(this.open, "it is changed while it works").toBe(0);
    this.tuned.push(scenario);
  }
  async close() {
    expect(this.open, "it is closed while it works").toBe(0);
    this.closed++;
  }
}

/** Lets everything that is ready happen. */
const rest = () => new Promise<void>((resolve) => setTimeout(resolve));

function watch(scenario: FullScenario = defaults.scenario) {
  const ensemble = new FakeEnsemble();
  const seen: number[] = [];
  const watched = new Watched(scenario, prediction(1, 1), ensemble, ({ step }) => seen.push(step));
  return { ensemble, watched, seen };
}

describe("a watched ensemble", () => {
  test("makes every step that it is asked for, however quickly", async () => {
    const { watched, ensemble } = watch();
    const first = watched.look();
    const clicks = Array.from({ length: 10 }, () => watched.more(1));
    await Promise.all([first, ...clicks]);
    expect(watched.step).toBe(10);
    expect(ensemble.asked.length, "waiting steps are made at once").toBe(2);
    expect(watched.busy).toBe(false);
  });
  test("goes on with another loss, and is looked at along its axes at once", async () => {
    const { watched, ensemble } = watch();
    await watched.to(5);
    const steeper = write(defaults, new Map([["hessian", [[2, 0], [0, 1]]]]) as never).scenario; // biome-ignore format: rows
    const half = Math.SQRT1_2;
    const turned = { x: 0, y: 1, directions: [[half, half], [half, -half]] } as const; // biome-ignore format: rows
    // Of two changes that come while it works the last counts.
    const changes = [defaults.scenario, steeper].map((scenario) =>
      watched.retune(scenario, prediction(1, 1), turned),
    );
    await Promise.all(changes);
    expect(ensemble.tuned).toEqual([steeper]);
    expect(ensemble.asked.at(-1)).toMatchObject({ step: 5, view: { directions: turned.directions } });
    expect([watched.scenario, watched.axes]).toEqual([steeper, turned]);
  });
  test("counts steps from where a timed advance has ended", async () => {
    const { watched, ensemble } = watch();
    ensemble.auto = false;
    const frame = watched.to(1e6, 12);
    await rest();
    const click = watched.more(1);
    ensemble.asked[0]?.finish(60);
    await frame;
    await rest();
    ensemble.asked[1]?.finish();
    await click;
    expect(watched.step).toBe(61);
  });
  test("goes to a step that was asked for before the first look", async () => {
    const { watched, seen } = watch();
    await Promise.all([watched.look(), watched.to(300), watched.to(200)]);
    expect(seen).toEqual([0, 300]);
  });
  test("that has left the view in one go is looked at once more, whole", async () => {
    const { watched, ensemble, seen } = watch();
    ensemble.flat = 300;
    await watched.to(100);
    expect(ensemble.asked.length, "nothing has left it").toBe(1);
    await watched.to(300);
    expect(ensemble.asked.map(({ step }) => step)).toEqual([100, 300, 300]);
    expect(watched.snapshot?.view.high[1]).toBeGreaterThanOrEqual(37);
    expect(seen, "only the whole picture is shown").toEqual([100, 300]);
  });
  test("gives everything up when it is closed, and is freed once, after its work", async () => {
    const { watched, ensemble, seen } = watch();
    ensemble.auto = false;
    const all = [watched.to(300), watched.more(1)].map((promise) => promise.catch((error) => error));
    await rest();
    const closing = watched.close();
    await watched.close();
    await closing;
    for (const end of await Promise.all(all)) expect(end).toBeInstanceOf(Cancelled);
    await expect(watched.more(1)).rejects.toThrow(Cancelled);
    expect([ensemble.closed, ensemble.asked.length, seen]).toEqual([1, 1, []]);
  });
  test("that fails to close is no failure", async () => {
    const { watched, ensemble } = watch();
    ensemble.close = () => Promise.reject(new Error("the worker stopped"));
    await watched.close();
  });
  test("looks at its own scenario's coordinates", async () => {
    const { watched, ensemble } = watch(write(defaults, new Map([["hessian", [[1]]]])).scenario);
    await watched.look();
    expect(ensemble.asked[0]?.view).toMatchObject({ x: 0, y: 0 });
  });
});

describe("the view", () => {
  test("holds the widest law, and one unit where nothing moves", () => {
    expect(viewOf(defaults.scenario, prediction(1, 4)).high).toEqual([3.7, 7.4]);
    expect(viewOf(defaults.scenario, prediction(0, 0))).toMatchObject({ low: [-1, -1], high: [1, 1] });
  });
});
