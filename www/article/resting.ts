/** Out of sight, at rest: what an instrument has begun is held while it cannot be seen, and goes on where it was. */
import { Sight } from "../elements/sight";
import type { Engine } from "../engine/engine";
import { Hold } from "../engine/hold";

/** The same engine for an instrument that stands at a place: its long work rests while the place is out of view. */
export function resting(engine: Engine, place: Element): Engine {
  const hold = new Hold();
  const sight = new Sight(place, (inView) => {
    hold.held = !inView;
  });
  sight.open();
  hold.held = !sight.inView;
  return {
    ...engine,
    sweep: (sweep, following) => engine.sweep(sweep, { ...following, hold }),
    escape: (scenario, view, following) => engine.escape(scenario, view, { ...following, hold }),
    measure: (scenario, following) => engine.measure(scenario, { ...following, hold }),
    series: (scenario, count, logarithmic, following) =>
      engine.series(scenario, count, logarithmic, { ...following, hold }),
    recall: (scenario, following) => engine.recall(scenario, { ...following, hold }),
  };
}
