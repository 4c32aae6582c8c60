import { describe, expect, test, vi } from "vitest";
import type { FullSweep, Outcome } from "../engine/protocol";
import { type Address, Store } from "./store";
import { UndoableAddress } from "./undo";

/** An address bar with Back and Forward. */
function makeBar(start = "") {
  const entries = [start];
  let at = 0;
  let heard: () => void = () => undefined;
  const address: Address = {
    hash: () => entries[at] as string,
    set(hash, push) {
      if (!push) entries[at] = hash;
      else {
        entries.splice(at + 1, entries.length, hash);
        at++;
      }
    },
    onChange: (act) => {
      heard = act;
    },
  };
  const step = (by: number) => {
    at += by;
    heard();
  };
  const link = (hash: string) => {
    address.set(hash, true);
    heard();
  };
  return { address, back: () => step(-1), forward: () => step(1), link };
}

describe("undo", () => {
  test("goes back over entries of the history, and forth again", () => {
    const { address } = makeBar("#0");
    const moved = vi.fn();
    const undoable = new UndoableAddress(address, moved);
    const loaded: string[] = [];
    undoable.onChange(() => loaded.push(address.hash()));
    expect([undoable.canUndo, undoable.canRedo]).toEqual([false, false]);
    for (const hash of ["#1", "#2"]) undoable.set(hash, true);
    undoable.set("#2b", false); // one move of a slider is one step
    undoable.undo();
    expect([address.hash(), undoable.canUndo, undoable.canRedo]).toEqual(["#1", true, true]);
    undoable.undo();
    undoable.undo();
    expect([address.hash(), undoable.canUndo]).toEqual(["#0", false]);
    undoable.redo();
    undoable.redo();
    undoable.redo();
    expect([address.hash(), undoable.canRedo]).toEqual(["#2b", false]);
    expect(loaded).toEqual(["#1", "#0", "#1", "#2b"]);
    expect(moved).toHaveBeenCalledTimes(7);
  });

  test("another change takes what was undone away", () => {
    const { address } = makeBar("#0");
    const undoable = new UndoableAddress(address);
    for (const hash of ["#1", "#2"]) undoable.set(hash, true);
    undoable.undo();
    undoable.set("#3", true);
    expect(undoable.canRedo).toBe(false);
    undoable.undo();
    expect(address.hash()).toBe("#1");
  });

  test("Back and Forward move along the same steps, a link makes one", () => {
    const { address, back, forward, link } = makeBar("#0");
    const undoable = new UndoableAddress(address);
    undoable.onChange(() => undefined);
    undoable.set("#1", true);
    back();
    expect([undoable.canUndo, undoable.canRedo]).toEqual([false, true]);
    forward();
    expect([undoable.canUndo, undoable.canRedo]).toEqual([true, false]);
    link("#9");
    undoable.undo();
    expect(address.hash()).toBe("#1");
    undoable.open("#7");
    undoable.open("#7");
    undoable.undo();
    expect(address.hash()).toBe("#1");
  });

  test("keeps a bounded number of steps", () => {
    const { address } = makeBar("#0");
    const undoable = new UndoableAddress(address);
    for (let i = 1; i <= 500; i++) undoable.set(`#${i}`, true);
    let count = 0;
    for (; undoable.canUndo; count++) undoable.undo();
    expect([count, address.hash()]).toEqual([199, "#301"]);
  });

  test("brings a store's document back", async () => {
    const check = async (sweep: FullSweep) =>
      ({ ok: true, value: structuredClone(sweep) }) as Outcome<FullSweep>;
    const undoable = new UndoableAddress(makeBar().address);
    const store = new Store(check, undoable);
    await store.propose({ momentum: 0.5 });
    await store.propose({ momentum: 0.7, learning_rate: 0.3 });
    undoable.undo();
    await store.propose({ seed: 4 });
    expect([store.value("momentum"), store.value("learning_rate"), store.value("seed")]).toEqual([
      0.5, 1.5, 4,
    ]);
    undoable.undo();
    undoable.undo();
    await store.refuse("nothing", "x");
    expect(store.value("momentum")).toBe(0);
  });
});
