/** `<nd-steps>`: the mean weight walking down one parabola, step by step, beside the flow at the same times. */
import type { FullScenario, Prediction, View } from "../engine/engine";
import { key, line, linear, type Mark, type Plot, plain, points, readout } from "../plot";
import { same } from "../state/document";
import { make, sentence } from "./dom";
import { Instrument, type Table } from "./instrument";
import { counted, digits } from "./numbers";

/** Steps that are shown: more lie on top of each other. */
const MOST = 12;
/** A walk that leaves this many times the start is cut off. */
const FAR = 1.6;
/** Places along the parabola. */
const GRID = 121;

/** Of the ensemble only the mean is wanted. */
const NOWHERE: View = { x: 0, y: 0, columns: 1, rows: 1, low: [-1, -1], high: [1, 1] };

/** Where each theory is after a number of steps. */
interface Place {
  readonly step: number;
  readonly discrete: number;
  readonly continuous: number;
  /** The loss there. */
  readonly height: { readonly discrete: number; readonly continuous: number };
}

export class StepsElement extends Instrument {
  protected readonly fileName = "noisy-descent-steps";
  #scenario: FullScenario | undefined;
  #places: readonly Place[] = [];
  #prediction: Prediction | undefined;
  #cursor: number | undefined;
  readonly #words = make("p", { class: "words" });

  protected build(): void {
    const picture = this.makePicture((width) => Math.max(270, Math.min(440, 0.62 * width)));
    picture.tabIndex = 0;
    picture.setAttribute("role", "group");
    picture.setAttribute("aria-label", "Plot of the steps; arrow keys read them");
    picture.addEventListener("keydown", (event) => this.#key(event));
    picture.addEventListener("blur", () => this.#show(undefined));
    this.append(picture, this.#words, this.live, this.makeData());
  }

  /** Shows the walk of a scenario with one weight, from its start. */
  set scenario(scenario: FullScenario) {
    if (this.#scenario && same(this.#scenario as never, scenario as never)) return;
    this.#scenario = scenario;
    this.whenSeen(() => {
      void this.#walk(scenario).catch((error: Error) => {
        this.#words.textContent = `The steps are not known: ${error.message}`;
      });
    });
  }

  async #walk(scenario: FullScenario): Promise<void> {
    const engine = this.engine;
    if (!engine) return;
    const ensemble = await engine.ensemble(scenario);
    const places: Place[] = [];
    let prediction: Prediction | undefined;
    try {
      for (let step = 0; step <= Math.min(MOST, scenario.run.steps); step++) {
        const snapshot = await ensemble.advance(step, Number.POSITIVE_INFINITY, NOWHERE);
        if (this.#scenario !== scenario) return;
        const { mean, training_error } = snapshot.measurement;
        const flow = snapshot.prediction.continuous.at_end;
        prediction = snapshot.prediction;
        places.push({
          step,
          discrete: mean[0] ?? Number.NaN,
          continuous: flow.mean[0] ?? Number.NaN,
          height: { discrete: training_error ?? Number.NaN, continuous: flow.training_error },
        });
      }
    } finally {
      await ensemble.close();
    }
    this.#places = places;
    [this.#prediction, this.#cursor] = [prediction, undefined];
    this.#words.textContent = this.#tell();
    this.redraw();
  }

  #tell(): string {
    const [third, stability] = [this.#places[3], this.#prediction?.stability];
    if (!third || !stability) return "";
    const walk = `After ${counted(third.step, "step")} the walk is at w = ${digits(third.discrete, 3)}`;
    const flow = `the flow would be at ${digits(third.continuous, 3)}`;
    const losses = `The losses there are ${digits(third.height.discrete, 2)} and ${digits(third.height.continuous, 2)}.`;
    return `${walk}, ${flow}. ${stability.stable ? losses : sentence(stability.summary)}`;
  }

  #key(event: KeyboardEvent): void {
    const last = this.#places.length - 1;
    const moves: Record<string, number> = {
      ArrowLeft: Math.max(0, (this.#cursor ?? 1) - 1),
      ArrowRight: Math.min(last, (this.#cursor ?? -1) + 1),
      Home: 0,
      End: last,
    };
    const to = moves[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    this.#show(to);
    const place = this.#places[to];
    if (place) this.live.textContent = readingOf(place).join(", ");
  }

  #show(cursor: number | undefined): void {
    if (cursor === this.#cursor) return;
    this.#cursor = cursor;
    this.redraw();
  }

  protected plot(width: number, height: number): Plot | undefined {
    const [start] = this.#places;
    const curvature = this.#prediction?.modes[0]?.curvature;
    if (curvature === undefined || !start) return undefined;
    const reach = 1.15 * Math.abs(start.discrete);
    const top = (FAR * start.height.discrete) / 1.15;
    const inside = this.#places.filter(({ discrete }) => Math.abs(discrete) <= FAR * reach);
    const grid = Array.from({ length: GRID }, (_, i) => (2 * i * FAR * reach) / (GRID - 1) - FAR * reach);
    const of = (theory: "discrete" | "continuous", list: readonly Place[]) => ({
      x: list.map((place) => place[theory]),
      y: list.map((place) => place.height[theory]),
      series: theory,
    });
    const marks: Mark[] = [
      line({ x: grid, y: grid.map((w) => (curvature * w * w) / 2) }),
      line(of("discrete", inside)),
      points({ ...of("continuous", this.#places), marker: "diamond", radius: 4.6, open: true }),
      points({ ...of("discrete", inside), radius: 3.8 }),
      key([
        { series: "discrete", text: "the steps" },
        { series: "continuous", text: "the flow, at the same times", marker: "diamond", radius: 4.6 },
      ]),
    ];
    const under = this.#cursor === undefined ? undefined : this.#places[this.#cursor];
    if (under) {
      const [head = "", ...rest] = readingOf(under);
      const series = ["discrete", "continuous"] as const;
      const lines = rest.map(
        (text, i) => ({ text: plain(text), series: series[i] ?? "experiment" }) as const,
      );
      const ring = { y: under.height.discrete, series: "discrete" } as const;
      marks.push(readout({ x: under.discrete, rings: [ring], lines: [{ text: plain(head) }, ...lines] }));
    }
    return {
      width,
      height,
      title: "Gradient descent on a parabola",
      description: this.#words.textContent ?? "",
      x: { scale: linear(-1.35 * reach, 1.35 * reach), title: "weight *w*" },
      y: { scale: linear(0, top), title: "loss *L*" },
      marks,
    };
  }

  protected documented() {
    const scenario = this.#scenario;
    return scenario && { scenario };
  }

  protected table(): Table {
    return {
      caption: "Weight and loss at each step, and of the flow at the same times",
      header: ["step", "discrete", "continuous", "loss_discrete", "loss_continuous"],
      rows: this.#places.map((place) => [
        place.step,
        place.discrete,
        place.continuous,
        place.height.discrete,
        place.height.continuous,
      ]),
    };
  }
}

const readingOf = ({ step, discrete, continuous }: Place): string[] => [
  `step ${step}`,
  `w = ${digits(discrete, 3)}`,
  `flow: ${digits(continuous, 3)}`,
];

customElements.define("nd-steps", StepsElement);
