/** How many workers share a sweep or a run: one a processor, within reason, unless somebody has chosen. Results do not depend on it. */

/** More are of use only to those who ask for them. */
const USUALLY_AT_MOST = 8;
const MOST = 64;
const KEY = "noisy-descent-workers";

/** What a browser says of its machine, and what it keeps; both may be missing. */
export interface Machine {
  readonly hardwareConcurrency?: number;
  readonly kept?: Pick<Storage, "getItem" | "setItem" | "removeItem">;
}

/** This browser. Where a page may keep nothing, the storage throws when it is asked for. */
export function thisMachine(): Machine {
  const { hardwareConcurrency } = navigator;
  try {
    return { hardwareConcurrency, kept: localStorage };
  } catch {
    return { hardwareConcurrency };
  }
}

/** Workers that can be chosen: as many as there are processors. */
export const mostWorkers = ({ hardwareConcurrency = 2 }: Machine): number =>
  Math.min(MOST, Math.max(1, hardwareConcurrency || 2));

/** What somebody has chosen, or else the usual number. */
export function workersOf(machine: Machine): number {
  const most = mostWorkers(machine);
  const chosen = Number(machine.kept?.getItem(KEY) ?? Number.NaN);
  return Number.isInteger(chosen) && chosen >= 1 ? Math.min(chosen, most) : Math.min(USUALLY_AT_MOST, most);
}

/** Keeps a choice for the next visit; the usual number is no choice. */
export function keepWorkers(machine: Machine, count: number): void {
  if (count === Math.min(USUALLY_AT_MOST, mostWorkers(machine))) machine.kept?.removeItem(KEY);
  else machine.kept?.setItem(KEY, String(count));
}
