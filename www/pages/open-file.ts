/** A file that is opened: a scenario, a sweep, or a table of numbers, which becomes the data set of the present scenario. */
import type { Engine, FullSweep } from "../engine/engine";
import { toHash } from "../state/permalink";
import type { Changes } from "../state/store";
import { defaults } from "../state/tables";
import type { UndoableAddress } from "../state/undo";
import { isTable, takeTable } from "./csv-entry";
import { yields } from "./follow";
import { rangeOfAxis } from "./range";

/** Longest file that is read, in bytes. It has to fit an address in the end; reading one of this size blocks nobody for long. */
const LONGEST = 4_000_000;
/** Longest address that browsers keep. */
const LONGEST_HASH = 2_000_000;

/** What a file is opened into. */
export interface Opening {
  readonly engine: Engine;
  readonly address: UndoableAddress;
  readonly propose: (changes: Changes) => Promise<unknown>;
  /** Says what is wrong with it. */
  readonly complain: (words: string) => void;
}

/** Opens a file where what it holds is good; what is wrong with it is said, and everything stays as it was. */
export async function openFile(file: File, opening: Opening, say: (words: string) => void): Promise<void> {
  const { engine, address, complain } = opening;
  const refuse = (words: string) => complain(`${file.name} was not opened: ${words}`);
  try {
    if (file.size > LONGEST) {
      refuse(`it has ${file.size} bytes, and at most ${LONGEST} are read`);
      return;
    }
    const text = await file.text();
    if (isTable(file)) {
      await takeTable(text, file.name, { ...opening, say });
      return;
    }
    const outcome = await engine.read(text, defaults);
    if (!outcome.ok) {
      refuse(outcome.problems.map(({ message }) => message).join("; "));
      return;
    }
    const { sweep, own } = outcome.value;
    const hash = toHash(own ? sweep : await ended(sweep, engine));
    if (hash.length > LONGEST_HASH) {
      refuse(`its link would have ${hash.length} characters, and browsers keep ${LONGEST_HASH}`);
      return;
    }
    address.open(hash);
    say(`${file.name} opened`);
  } catch (error) {
    refuse((error as Error).message);
  }
}

/** A scenario without a sweep of its own gets the range up to its limit of stability. */
async function ended(sweep: FullSweep, engine: Engine): Promise<FullSweep> {
  const outcome = await engine.predict(sweep.scenario);
  const limit =
    outcome.ok && !yields(sweep.scenario) ? outcome.value.stability.learning_rate_limit : Number.NaN;
  if (!(limit > 0)) return sweep;
  const range = rangeOfAxis({ parameter: "learning_rate" }, { ...sweep, parameter: "" }, limit);
  return { ...sweep, ...(range as object), parameter: "learning_rate" };
}
