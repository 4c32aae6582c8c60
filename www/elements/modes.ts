/** `<nd-modes>`: the variance along each eigen-direction of the Hessian by every theory: the distortion at a glance. */
import type { Engine, FullScenario, Look, Prediction } from "../engine/engine";
import type { Plot } from "../plot";
import { dimensionOf, same } from "../state/document";
import { unsettledAverage } from "./average";
import { choice, make, prose } from "./dom";
import { Instrument, type Table } from "./instrument";
import { shareOf } from "./map-grid";
import { comparableModes, modesPlot } from "./modes-plot";
import { modesTable } from "./modes-table";
import {
  type Direction,
  directionsOf,
  placeOf,
  readoutOfMode,
  relaxing,
  tellModes,
  withMeasured,
  withRadii,
} from "./modes-words";
import { counted } from "./numbers";
import { describeDifference, Pin } from "./pin";
import { Reading } from "./reading";
import { measureBar, type Running } from "./run-bar";

/** In updates of a coordinate. */
const EFFORT = { unasked: 3e8, rate: 1e8 };

/** Directions that are kept, with what they are of. */
interface Kept {
  readonly scenario: FullScenario;
  readonly directions: readonly Direction[];
}

export class ModesElement extends Instrument {
  protected readonly fileName = "noisy-descent-directions";
  #scenario: FullScenario | undefined;
  #prediction: Prediction | undefined;
  #directions: Direction[] = [];
  #values: "log" | "linear" = "log";
  #reading: Reading | undefined;
  readonly #words = make("p", { class: "words" });
  readonly #bar = measureBar(this, "Progress of the measurement", (running) => this.#measure(running));
  readonly #pin = new Pin<Kept>({
    take: () =>
      this.#scenario && this.#directions.length > 0
        ? { scenario: this.#scenario, directions: this.#directions }
        : undefined,
    describe: (kept) => this.#describePinned(kept),
    changed: () => this.redraw(),
    live: this.live,
  });

  protected build(): void {
    const picture = this.makePicture((width) => Math.max(270, Math.min(400, 0.62 * width)));
    this.#reading = new Reading(picture, {
      label: "Plot of the eigen-directions; arrow keys read them",
      host: () => this.host,
      places: () => this.#ascending.map(placeOf),
      tell: (i) => this.#tell(i),
      changed: () => this.redraw(),
      live: this.live,
    });
    const values = choice("Values", { log: "logarithmic", linear: "linear" }, this.#values, (chosen) => {
      this.#values = chosen;
      this.redraw();
    });
    const [run, progress, status] = this.#bar.parts;
    this.append(
      make("form", { class: "inline", onsubmit: (event) => event.preventDefault() }, values),
      picture,
      make("div", { class: "bar" }, run, this.#pin.button, progress, status),
      this.#words,
      this.#pin.words,
      this.live,
      this.makeData(),
    );
  }

  /** Shows a scenario's directions. */
  set scenario(scenario: FullScenario) {
    if (this.#scenario && same(this.#scenario as never, scenario as never)) return;
    this.#scenario = scenario;
    this.#bar.stop();
    this.whenSeen(() => {
      void this.#predict(scenario).catch((error: Error) => {
        if (this.#scenario === scenario)
          this.#words.textContent = `The directions are not known: ${error.message}`;
      });
    });
  }

  async #predict(scenario: FullScenario): Promise<void> {
    const { engine } = this;
    const outcome = await engine?.predict(scenario);
    if (!engine || this.#scenario !== scenario || outcome === undefined) return;
    if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join("; "));
    const directions = await relaxed(engine, scenario, directionsOf(scenario, outcome.value));
    if (this.#scenario !== scenario) return;
    this.#prediction = outcome.value;
    this.#reading?.clear();
    this.#take(directions);
    this.#bar.offer(
      scenario.run.replicas * scenario.run.steps * dimensionOf(scenario),
      EFFORT,
      this.engine?.workers,
    );
  }

  /** Runs the scenario to its end and looks along every direction. */
  async #measure({ signal, onProgress, mine }: Running): Promise<void> {
    const [engine, scenario] = [this.engine, this.#scenario];
    if (!engine || !scenario) return;
    let last: Look | undefined;
    await engine.series(scenario, 2, false, {
      signal,
      onProgress,
      onPart: (look) => {
        last = look;
      },
    });
    if (!mine() || !last) return;
    this.#take(withMeasured(this.#directions, last));
    const { replicas } = last.measured;
    const found = this.#directions.some((one) => one.measured !== undefined);
    this.#bar.say(
      found
        ? `measured, ${counted(replicas, "replica")}, ${counted(last.step, "step")}`
        : `after ${counted(last.step, "step")} no replica is left to measure`,
    );
    this.tellMeasured();
  }

  #take(directions: Direction[]): void {
    this.#directions = directions;
    const told = this.#prediction ? tellModes(directions, this.#prediction) : "";
    const scenario = directions.some((one) => one.measured !== undefined) ? this.#scenario : undefined;
    const average = scenario
      ? unsettledAverage(scenario.optimizer, this.#prediction?.average, scenario.run.steps)
      : "";
    const words = average === "" ? told : `${told} ${average}`;
    this.#words.replaceChildren(...prose(words));
    this.#pin.write();
    this.announce(words);
    this.redraw();
  }

  /** As they stand on the axis: the flattest first. */
  get #ascending(): Direction[] {
    return [...this.#directions].reverse();
  }

  #tell(index: number): string[] {
    const direction = this.#ascending[index];
    return direction ? readoutOfMode(direction) : [];
  }

  #describePinned({ scenario, directions }: Kept): string {
    if (!comparableModes(directions, this.#directions))
      return "The pinned result has another axis; it is not drawn here.";
    return this.#scenario ? describeDifference({ scenario }, { scenario: this.#scenario }) : "";
  }

  /** The directions of an earlier result, where they have the same axis. */
  get #pinned(): readonly Direction[] {
    const kept = this.#pin.kept?.directions;
    return kept && comparableModes(kept, this.#directions) ? kept : [];
  }

  protected plot(width: number, height: number): Plot | undefined {
    const [prediction, directions] = [this.#prediction, this.#directions];
    if (!prediction || directions.length === 0) return undefined;
    const at = this.#reading?.at;
    return modesPlot(directions, {
      width,
      height,
      description: this.#words.textContent ?? "",
      limit: prediction.stability.limit,
      logarithmic: this.#values === "log",
      cursor: at === undefined ? undefined : this.#ascending[at],
      pinned: this.#pinned,
      muted: getComputedStyle(this).getPropertyValue("--muted"),
    });
  }

  protected override async explain(): Promise<readonly string[]> {
    const { explainModes } = await import("./explain");
    return this.#scenario ? explainModes(this.#scenario, this.#directions) : [];
  }

  protected documented() {
    const scenario = this.#scenario;
    return scenario && { scenario };
  }

  protected table(): Table {
    return modesTable(this.#directions, this.#pinned);
  }
}

/** The directions with their relaxation times, from the spectral radius of a step along each. */
async function relaxed(
  engine: Engine,
  scenario: FullScenario,
  directions: Direction[],
): Promise<Direction[]> {
  const products = Float64Array.from(relaxing(directions));
  if (products.length === 0) return directions;
  const share = Float64Array.of(shareOf(scenario.optimizer).value);
  return withRadii(directions, await engine.stabilityMap(scenario.optimizer, products, share));
}

customElements.define("nd-modes", ModesElement);
