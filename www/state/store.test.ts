import { describe, expect, test } from "vitest";
import type { FullSweep, Outcome, Problem } from "../engine/protocol";
import { dimensionOf, type Value } from "./document";
import { documentOf, toHash } from "./permalink";
import { type Address, addressOf, type Changes, type Companions, Store } from "./store";
import { defaults } from "./tables";

/** An address bar with a history. */
class FakeAddress implements Address {
  readonly entries: string[];
  place = 0;
  #acts: (() => void)[] = [];
  constructor(hash = "") {
    this.entries = [hash];
  }
  hash(): string {
    return this.entries[this.place] ?? "";
  }
  set(hash: string, push: boolean): void {
    if (push) {
      this.entries.splice(this.place + 1);
      this.place++;
    }
    this.entries[this.place] = hash;
  }
  onChange(act: () => void): void {
    this.#acts.push(act);
  }
  go(by: number): void {
    this.place += by;
    for (const act of this.#acts) act();
  }
}

/** Enough of the core's rules: ranges of two numbers, and sizes that fit. */
function rules(sweep: FullSweep): Problem[] {
  const problems: Problem[] = [];
  const wrong = (parameter: string, value: unknown, allowed: string) =>
    problems.push({
      kind: "out_of_range",
      parameter,
      value: String(value),
      allowed,
      message: `${parameter} must lie in ${allowed}, got ${value}`,
    } as unknown as Problem);
  const { optimizer, noise } = sweep.scenario;
  if (!(optimizer.learning_rate > 0)) wrong("learning_rate", optimizer.learning_rate, "(0, 1000000]");
  if (optimizer.kind === "momentum" && !(optimizer.momentum >= 0 && optimizer.momentum < 1))
    wrong("momentum", optimizer.momentum, "[0, 1)");
  if (optimizer.kind !== "momentum")
    problems.push({
      kind: "not_simulated",
      parameter: "optimizer",
      message: `${optimizer.kind} has no experiment yet`,
    } as unknown as Problem);
  const size = dimensionOf(sweep.scenario);
  if (noise.covariance.kind === "matrix" && noise.covariance.matrix.length !== size)
    wrong("noise_covariance", noise.covariance.matrix.length, `${size} rows`);
  if (sweep.coordinate > size) wrong("coordinate", sweep.coordinate, `[1, ${size}]`);
  if (!(sweep.from < sweep.to)) wrong("from", sweep.from, `below ${sweep.to}`);
  return problems;
}

function makeStore(
  hash = "",
  options: {
    check?: (sweep: FullSweep) => Promise<Outcome<FullSweep>>;
  } & Companions = {},
) {
  const address = new FakeAddress(hash);
  const check =
    options.check ??
    (async (sweep: FullSweep): Promise<Outcome<FullSweep>> => {
      const problems = rules(sweep);
      return problems.length === 0
        ? ({ ok: true, value: structuredClone(sweep) } as Outcome<FullSweep>)
        : ({ ok: false, problems } as Outcome<FullSweep>);
    });
  const store = new Store(check, address, options);
  const told: { hash: string; loaded: boolean }[] = [];
  let problems: ReadonlyMap<string, string> = new Map();
  store.listen({
    changed: (sweep, before, loaded) => {
      expect(before).not.toEqual(sweep);
      told.push({ hash: toHash(sweep), loaded });
    },
    problems: (all) => {
      problems = new Map(all);
    },
  });
  return { address, store, told, problems: () => Object.fromEntries(problems) };
}

const eye = (n: number) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
const EYE3 = "1,0,0;0,1,0;0,0,1";

describe("a good change", () => {
  test("is taken, told and put into the link", async () => {
    const { store, address, told, problems } = makeStore();
    await store.propose({ learning_rate: 0.5 });
    expect(store.value("learning_rate")).toBe(0.5);
    expect(told).toEqual([{ hash: "#v=1&learning_rate=0.5", loaded: false }]);
    expect(address.entries).toEqual(["", "#v=1&learning_rate=0.5"]);
    expect(problems()).toEqual({});
  });
  test("that changes nothing is not told and makes no entry", async () => {
    const { store, address, told } = makeStore();
    await store.propose({ learning_rate: 1.5 });
    expect(told).toEqual([]);
    expect(address.entries).toEqual([""]);
  });
  test("of a slider that moves makes one entry for each move, whatever is refused on the way", async () => {
    const { store, address } = makeStore();
    await store.propose({ seed: 2 });
    const [first, second] = [{}, {}];
    for (const rate of [-1, 1.5, 0.6, 0.7, 0.8]) await store.propose({ learning_rate: rate }, first);
    for (const rate of [0.7, 0.9]) await store.propose({ learning_rate: rate }, second);
    expect(address.entries).toEqual([
      "",
      "#v=1&seed=2",
      "#v=1&learning_rate=0.8&seed=2",
      "#v=1&learning_rate=0.9&seed=2",
    ]);
  });
  test("of a slider never writes over an entry that is not its own", async () => {
    const { store, address } = makeStore();
    const gesture = {};
    await store.propose({ learning_rate: 0.5 }, gesture);
    await store.propose({ seed: 2 });
    await store.propose({ learning_rate: 0.6 }, gesture);
    expect(address.entries).toHaveLength(4);
    address.go(-1);
    await store.propose({ learning_rate: 0.7 }, gesture);
    expect(address.entries).toEqual([
      "",
      "#v=1&learning_rate=0.5",
      "#v=1&learning_rate=0.5&seed=2",
      "#v=1&learning_rate=0.7&seed=2",
    ]);
  });
  test("back to the default leaves an empty hash", async () => {
    const { store, address } = makeStore();
    await store.propose({ learning_rate: 0.5 });
    await store.propose({ learning_rate: 1.5 });
    expect(address.entries).toEqual(["", "#v=1&learning_rate=0.5", ""]);
  });
  test("keeps the document as the core understood it", async () => {
    const { store } = makeStore("", {
      check: async (sweep) => ({ ok: true, value: { ...sweep, points: 7 } }) as Outcome<FullSweep>,
    });
    await store.propose({ learning_rate: 0.5 });
    expect(store.value("points")).toBe(7);
  });
});

describe("a bad change", () => {
  test("is named and leaves everything as it was", async () => {
    const { store, address, told, problems } = makeStore();
    await store.propose({ momentum: 0.3 });
    await store.propose({ learning_rate: -1 });
    expect(problems()).toEqual({ learning_rate: "learning_rate must lie in (0, 1000000], got -1" });
    expect(toHash(store.sweep)).toBe("#v=1&momentum=0.3");
    expect(address.entries).toEqual(["", "#v=1&momentum=0.3"]);
    expect(told).toHaveLength(1);
  });
  test("does not stop the good one that comes with it, or after it", async () => {
    const { store, problems } = makeStore();
    await store.propose({ learning_rate: -1, momentum: 0.3 });
    expect(store.value("momentum")).toBe(0.3);
    expect(Object.keys(problems())).toEqual(["learning_rate"]);
    await store.propose({ seed: 9 });
    expect(store.value("seed")).toBe(9);
    expect(Object.keys(problems())).toEqual(["learning_rate"]);
  });
  test("is forgotten when a good value of it comes", async () => {
    const { store, problems } = makeStore();
    await store.propose({ learning_rate: -1 });
    await store.propose({ learning_rate: 1.5 });
    expect(problems()).toEqual({});
  });
  test("several are all named", async () => {
    const { store, problems } = makeStore();
    await store.propose({ learning_rate: -1, momentum: 2, seed: 3 });
    expect(Object.keys(problems()).sort()).toEqual(["learning_rate", "momentum"]);
    expect(store.value("seed")).toBe(3);
  });
  test("that makes another parameter wrong is the one that goes", async () => {
    const { store, problems } = makeStore();
    await store.propose({ coordinate: 2 });
    await store.propose({ hessian: [[1]] });
    expect(store.value("hessian")).toEqual([
      [1, 0],
      [0, 0.1],
    ]);
    expect(store.value("coordinate")).toBe(2);
    expect(problems().hessian).toBe("coordinate must lie in [1, 1], got 2");
  });
});

describe("changes that only fit together", () => {
  test("wait for each other, in either order", async () => {
    for (const names of [
      ["hessian", "noise_covariance"],
      ["noise_covariance", "hessian"],
    ]) {
      const { store, address, problems } = makeStore("#v=1&covariance=matrix");
      await store.load();
      const [first = "", second = ""] = names;
      await store.propose({ [first]: eye(3) });
      expect(store.sweep, first).toEqual(documentOf("#v=1&covariance=matrix"));
      expect(problems()[first]).toContain("noise_covariance must lie in");
      await store.propose({ [second]: eye(3) });
      expect(toHash(store.sweep)).toBe(`#v=1&hessian=${EYE3}&covariance=matrix&noise_covariance=${EYE3}`);
      expect(problems()).toEqual({});
      expect(address.entries).toHaveLength(2);
    }
  });
  test("the newest value of a waiting parameter counts", async () => {
    const { store, problems } = makeStore("#v=1&covariance=matrix");
    await store.load();
    await store.propose({ hessian: eye(4) });
    await store.propose({ hessian: eye(3) });
    await store.propose({ noise_covariance: eye(3) });
    expect(store.value("hessian")).toEqual(eye(3));
    expect(problems()).toEqual({});
  });
  test("a waiting one can be given up", async () => {
    const { store, problems } = makeStore("#v=1&covariance=matrix");
    await store.load();
    await store.propose({ hessian: eye(3) });
    await store.refuse("hessian", "no matrix");
    expect(problems(), "and what it was in the way of is no longer said").toEqual({ hessian: "no matrix" });
    await store.propose({
      noise_covariance: [
        [2, 0],
        [0, 2],
      ],
    });
    expect(store.value("hessian")).toHaveLength(2);
    expect(store.value("noise_covariance")).toEqual([
      [2, 0],
      [0, 2],
    ]);
  });
});

describe("a text that cannot be read", () => {
  test("is named and changes nothing, until a value comes", async () => {
    const { store, address, told, problems } = makeStore();
    await store.refuse("momentum", "momentum must be a number, got nothing");
    expect(problems()).toEqual({ momentum: "momentum must be a number, got nothing" });
    await store.propose({ seed: 3 });
    expect(Object.keys(problems())).toEqual(["momentum"]);
    await store.propose({ momentum: 0 });
    expect(problems()).toEqual({});
    expect(told).toHaveLength(1);
    expect(address.entries).toHaveLength(2);
  });
});

describe("what accompanies a change", () => {
  const accompany = (changes: Changes): Changes =>
    changes.parameter === "momentum" ? { from: 0, to: 1 } : {};
  test("comes with it in one step of the history", async () => {
    const { store, address } = makeStore("", { accompany });
    await store.propose({ parameter: "momentum" });
    expect(address.entries).toEqual(["", "#v=1&parameter=momentum&to=1&from=0&scale=linear"]);
  });
  test("does not overrule what is asked for", async () => {
    const { store } = makeStore("", { accompany });
    await store.propose({ parameter: "momentum", to: 0.5 });
    expect(store.value("to")).toBe(0.5);
  });
});

describe("what follows from a change", () => {
  /** The sweep ends at the learning rate plus one. */
  const follow = async (next: FullSweep, before: FullSweep): Promise<Changes> =>
    before.to === before.scenario.optimizer.learning_rate + 1
      ? { to: next.scenario.optimizer.learning_rate + 1 }
      : {};
  test("is taken with it, however quickly the changes come", async () => {
    const { store, address, told } = makeStore("#v=1&learning_rate=1", { follow });
    await store.load();
    expect(store.value("to"), "a link is as it says").toBe(2);
    await Promise.all([1.5, 2, 2.5, 3].map((rate) => store.propose({ learning_rate: rate })));
    expect(store.value("to")).toBe(4);
    expect(told).toHaveLength(5);
    expect(address.entries).toHaveLength(5);
  });
  test("does not overrule what is asked for, and is left where it is not good", async () => {
    const { store, problems } = makeStore("#v=1&learning_rate=1&from=1.9", { follow });
    await store.load();
    await store.propose({ learning_rate: 0.5 });
    expect(store.value("learning_rate")).toBe(0.5);
    expect(store.value("to")).toBe(2);
    expect(problems()).toEqual({});
    await store.propose({ learning_rate: 1 });
    await store.propose({ learning_rate: 2, to: 7 });
    expect(store.value("to")).toBe(7);
  });
});

describe("what has no experiment", () => {
  test("is refused for the link as a whole, and forgotten with the next change", async () => {
    const { store, problems } = makeStore("#v=1&optimizer=adam&beta2=0.9&seed=3");
    await store.load();
    expect(toHash(store.sweep)).toBe("#v=1&seed=3");
    expect(problems()).toEqual({ "": "adam has no experiment yet" });
    await store.propose({ seed: 4 });
    expect(problems()).toEqual({});
    expect(store.value("optimizer")).toBe("momentum");
  });
  test("does not hide what else is wrong", async () => {
    const { store, problems } = makeStore("#v=1&optimizer=qhm&learning_rate=-1&what=1");
    await store.load();
    expect(store.sweep).toEqual(defaults);
    expect(Object.keys(problems()).sort()).toEqual(["", "learning_rate"]);
    expect(problems()[""]).toMatch(/“what”.*; qhm has no experiment yet/);
  });
});

describe("a link", () => {
  test("is loaded over the defaults, and told as loaded", async () => {
    const { store, address, told } = makeStore("#v=1&momentum=0.5&seed=3");
    await store.load();
    expect(told).toEqual([{ hash: "#v=1&momentum=0.5&seed=3", loaded: true }]);
    expect(address.entries).toHaveLength(1);
  });
  test("is taken as far as it is good; the rest is named beside its control", async () => {
    const { store, problems } = makeStore("#v=1&momentum=2&seed=3&steps=x&what=1&%");
    await store.load();
    expect(toHash(store.sweep)).toBe("#v=1&seed=3");
    expect(Object.keys(problems()).sort()).toEqual(["", "momentum", "steps"]);
    expect(problems().momentum).toBe("momentum must lie in [0, 1), got 2");
    expect(problems()[""]).toContain("“what”");
    expect(problems()[""]).toContain("cannot be decoded");
  });
  test("with a change that no problem names loses that one and no other", async () => {
    // A Hessian of one row makes the default coordinate of this core wrong, which the link does not set.
    const check = async (sweep: FullSweep): Promise<Outcome<FullSweep>> =>
      dimensionOf(sweep.scenario) > 1
        ? ({ ok: true, value: sweep } as Outcome<FullSweep>)
        : ({
            ok: false,
            problems: [{ parameter: "coordinate", message: "no" }],
          } as unknown as Outcome<FullSweep>);
    const { store, problems } = makeStore("#v=1&hessian=1&momentum=0.5&seed=3&points=4", { check });
    await store.load();
    expect(toHash(store.sweep)).toBe("#v=1&momentum=0.5&seed=3&points=4");
    expect(problems()).toEqual({ hessian: "no", coordinate: "no" });
  });
  test("whose ends are the wrong way round loses them, and each is told of its own value", async () => {
    const check = async ({ from, to, ...rest }: FullSweep): Promise<Outcome<FullSweep>> =>
      from < to
        ? ({ ok: true, value: { ...rest, from, to } } as Outcome<FullSweep>)
        : ({
            ok: false,
            problems: [{ parameter: "to", message: `${from} < ${to}?` }],
          } as unknown as Outcome<FullSweep>);
    const { store, problems } = makeStore("#v=1&seed=3&from=2&to=1&points=4", { check });
    await store.load();
    expect(toHash(store.sweep)).toBe("#v=1&seed=3&points=4");
    expect(problems()).toEqual({ to: "2 < 1?", from: "2 < 2?" });
  });
  test("comes with what accompanies its choices, where it does not say otherwise", async () => {
    const accompany = (changes: Changes): Changes =>
      changes.parameter === "momentum" ? { from: 0.1, to: 1 } : {};
    for (const [hash, to] of [
      ["#v=1&parameter=momentum", 1],
      ["#v=1&parameter=momentum&to=0.5", 0.5],
    ] as const) {
      const { store } = makeStore(hash, { accompany });
      await store.load();
      expect([store.value("parameter"), store.value("from"), store.value("to")]).toEqual([
        "momentum",
        0.1,
        to,
      ]);
    }
  });
  test("Back and Forward go through the documents and write nothing", async () => {
    const { store, address, told } = makeStore();
    await store.propose({ seed: 2 });
    await store.propose({ seed: 3 });
    address.go(-1);
    await store.refuse("", "wait"); // whatever comes next in line
    expect(store.value("seed")).toBe(2);
    address.go(-1);
    address.go(2);
    await store.propose({});
    expect(told.map(({ hash, loaded }) => [hash, loaded])).toEqual([
      ["#v=1&seed=2", false],
      ["#v=1&seed=3", false],
      ["#v=1&seed=2", true],
      ["#v=1&seed=3", true],
    ]);
    expect(address.entries).toEqual(["", "#v=1&seed=2", "#v=1&seed=3"]);
  });
  test("Back takes messages and waiting values of the page away", async () => {
    const { store, address, problems } = makeStore();
    await store.propose({ seed: 2 });
    await store.propose({ momentum: 3 });
    await store.refuse("steps", "no number");
    expect(Object.keys(problems())).toEqual(["momentum", "steps"]);
    address.go(-1);
    await store.load();
    expect(problems()).toEqual({});
    expect(store.sweep).toEqual(defaults);
  });
});

describe("order", () => {
  test("proposals are checked one after the other, as they were made", async () => {
    const open: { sweep: FullSweep; answer: () => void }[] = [];
    const check = (sweep: FullSweep) =>
      new Promise<Outcome<FullSweep>>((resolve) => {
        open.push({ sweep, answer: () => resolve({ ok: true, value: sweep } as Outcome<FullSweep>) });
      });
    const { store } = makeStore("", { check });
    const all = [store.propose({ seed: 2 }), store.propose({ momentum: 0.5 }), store.propose({ seed: 4 })];
    for (const [i, done] of all.entries()) {
      await new Promise((resolve) => setTimeout(resolve));
      expect(open).toHaveLength(i + 1);
      open[i]?.answer();
      await done;
    }
    expect(open.map(({ sweep }) => toHash(sweep))).toEqual([
      "#v=1&seed=2",
      "#v=1&momentum=0.5&seed=2",
      "#v=1&momentum=0.5&seed=4",
    ]);
  });
  test("a check that fails is told in words, and the next one is done", async () => {
    let fail = true;
    const check = async (sweep: FullSweep): Promise<Outcome<FullSweep>> => {
      if (fail) throw new Error("the worker stopped");
      return { ok: true, value: sweep } as Outcome<FullSweep>;
    };
    const { store, problems } = makeStore("", { check });
    await store.propose({ seed: 2 });
    expect(problems()[""]).toContain("the worker stopped");
    expect(store.sweep).toEqual(defaults);
    fail = false;
    await store.propose({ momentum: 0.5 } as Record<string, Value>);
    expect(problems()).toEqual({});
    expect(store.value("momentum")).toBe(0.5);
  });
  test("a core that accepts nothing ends in a message, not in a loop", async () => {
    const problem = { parameter: "hessian", message: "impossible" } as unknown as Problem;
    const { store, problems } = makeStore("", {
      check: async () => ({ ok: false, problems: [problem] }) as Outcome<FullSweep>,
    });
    await store.propose({ seed: 2, momentum: 0.5 });
    expect(store.sweep).toEqual(defaults);
    expect(problems().hessian).toContain("impossible");
  });
});

describe("addressOf", () => {
  test("keeps path and query, and pushes or replaces", () => {
    const calls: unknown[][] = [];
    let act = () => {};
    const window = {
      location: { hash: "#v=1", pathname: "/some/path/", search: "?a=b" },
      history: {
        pushState: (...all: unknown[]) => calls.push(["push", ...all]),
        replaceState: (...all: unknown[]) => calls.push(["replace", ...all]),
      },
      addEventListener: (type: string, listener: () => void) => {
        expect(type).toBe("popstate");
        act = listener;
      },
    };
    const address = addressOf(window as unknown as Window);
    expect(address.hash()).toBe("#v=1");
    address.set("#v=1&seed=2", true);
    address.set("", false);
    expect(calls).toEqual([
      ["push", null, "", "/some/path/?a=b#v=1&seed=2"],
      ["replace", null, "", "/some/path/?a=b"],
    ]);
    let heard = 0;
    address.onChange(() => heard++);
    act();
    expect(heard).toBe(1);
  });
});
