/** One sweep at a time: the figures of a page that are in sight share the workers one after the other. */
import type { Engine } from "../engine/engine";
import { Turns } from "../engine/turns";

/** The same engine, but a sweep waits until the one before it is over. A sweep that is cancelled while it waits never begins. */
export function inTurn(engine: Engine): Engine {
  const turns = new Turns([engine]);
  return {
    ...engine,
    sweep: (sweep, following) => turns.take((free) => free.sweep(sweep, following), following?.signal),
  };
}
