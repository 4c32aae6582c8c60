/** `<nd-escape>`: how replicas leave a well: the potential with the densities in it, the survival, and the rate by every theory. */
import type { Escaped, EscapeLandscape, FullScenario, Prediction } from "../engine/engine";
import type { Plot } from "../plot";
import { same } from "../state/document";
import { make, prose } from "./dom";
import { landscapePlot, readoutOfPlace, readoutOfStep, survivalPlot } from "./escape-plot";
import { escapeTables } from "./escape-tables";
import { noExit, type TheoryRow, tellDensities, tellEscape, theoriesOf } from "./escape-words";
import type { Further, Table } from "./instrument";
import { counted } from "./numbers";
import { choose, offers, PairInstrument } from "./pair";
import { Reading } from "./reading";
import { measureBar, type Running } from "./run-bar";

/** Positions of the potential's picture; steps at which the survival is measured; bins of what is inside. */
const [POSITIONS, TIMES, BINS] = [241, 40, 60];
const EFFORT = { unasked: 4e8, rate: 2e7 };

/** A well from which most of the default's replicas escape in its thousand steps, and in which a step is not small. */
const WELL = {
  loss: "piecewise_quadratic",
  covariance: "curvature",
  noise_variance: 0,
  batch_size: 3,
  learning_rate: 0.6,
};
/** Fig. 5: the loss that noise gains from the minimum. */
const GAIN = { quantity: "training_error", parameter: "steps", from: 0, to: 61, scale: "linear" };

export class EscapeElement extends PairInstrument {
  protected readonly fileName = "noisy-descent-escape";
  #scenario: FullScenario | undefined;
  #prediction: Prediction | undefined;
  #landscape: EscapeLandscape | undefined;
  #escaped: Escaped | undefined;
  #rows: readonly TheoryRow[] = [];
  #logarithmic = false;
  #places: Reading | undefined;
  #steps: Reading | undefined;
  readonly #bar = measureBar(this, "Progress of the escape", (running) => this.#measure(running));
  readonly #words = make("p", { class: "words" });
  readonly #offered = make("div", {});
  readonly #pictures = make("div", { class: "twins" });
  readonly #controls = make("div", {});

  protected build(): void {
    const axis = make("select", {
      name: "axis",
      "aria-label": "Axis of the survival",
      onchange: () => {
        this.#logarithmic = axis.value === "log";
        this.redraw();
      },
    });
    for (const word of ["linear", "log"]) axis.append(make("option", { value: word }, word));
    const [first, second] = this.makePair("survival");
    this.#places = new Reading(first, {
      label: "Potential and densities; arrow keys read them",
      host: () => this.host,
      places: () => this.#landscape?.positions ?? [],
      tell: (i) => (this.#landscape ? readoutOfPlace(this.#landscape, i) : []),
      changed: () => this.redraw(),
      live: this.live,
    });
    this.#steps = new Reading(second, {
      label: "Share still in the well; arrow keys read it",
      host: () => this.second,
      places: () => this.#escaped?.measurement.times ?? [],
      tell: (i) => (this.#escaped ? readoutOfStep(this.#rows, this.#escaped, i) : []),
      changed: () => this.redraw(),
      live: this.live,
    });
    this.#controls.append(
      make(
        "div",
        { class: "bar" },
        ...this.#bar.parts,
        make("label", { class: "line" }, "Survival", axis),
        make(
          "button",
          { type: "button", class: "quiet", onclick: () => choose(this, { quantity: "escape_rate" }) },
          "Rate along the sweep",
        ),
      ),
    );
    this.#pictures.append(first, second);
    this.append(this.#pictures, this.#controls, this.#words, this.#offered, this.live, this.makeData());
  }

  /** Shows a scenario's escape. */
  set scenario(scenario: FullScenario) {
    if (this.#scenario && same(this.#scenario as never, scenario as never)) return;
    this.#scenario = scenario;
    this.#bar.stop();
    this.whenSeen(() => {
      void this.#find(scenario).catch((error: Error) => {
        if (this.#scenario === scenario)
          this.#words.textContent = `The escape is not known: ${error.message}`;
      });
    });
  }

  async #find(scenario: FullScenario): Promise<void> {
    const { engine } = this;
    if (!engine) return;
    const landscape = await engine.landscape(scenario, POSITIONS);
    if (this.#scenario !== scenario) return;
    if (!landscape.ok) throw new Error(landscape.problems.map(({ message }) => message).join("; "));
    const prediction = landscape.value ? await engine.predict(scenario) : undefined;
    if (this.#scenario !== scenario) return;
    this.#landscape = landscape.value ?? undefined;
    this.#prediction = prediction?.ok ? prediction.value : undefined;
    this.#rows = theoriesOf(this.#prediction?.escape);
    this.#escaped = undefined;
    this.#places?.clear();
    this.#steps?.clear();
    const none = this.#landscape === undefined;
    for (const part of [this.#pictures, this.#controls]) part.hidden = none;
    this.#offered.replaceChildren();
    if (none) {
      this.#words.textContent = noExit(scenario);
      const list: [string, Record<string, unknown>][] = [["Take a well with a barrier", WELL]];
      if (scenario.run.start.kind === "minimum") list.push(["Loss gained along the steps", GAIN]);
      this.#offered.append(offers(this, list));
      this.redraw();
      return;
    }
    this.#write();
    this.redraw();
    this.#bar.offer(scenario.run.replicas * scenario.run.steps, EFFORT, this.engine?.workers);
  }

  /** Runs the scenario and counts who has left; resolves when that is done or cancelled. */
  measure(): Promise<void> {
    return this.#bar.run();
  }

  async #measure({ signal, onProgress, mine }: Running): Promise<void> {
    const [engine, scenario, landscape] = [this.engine, this.#scenario, this.#landscape];
    if (!engine || !scenario || !landscape) return;
    const { positions } = landscape;
    const [low = -1, high = 1] = [positions[0], positions[positions.length - 1]];
    const view = { points: TIMES, bins: BINS, low, high };
    const escaped = await engine.escape(scenario, view, { signal, onProgress });
    if (!mine()) return;
    this.#escaped = escaped;
    this.#bar.say(`measured, ${counted(scenario.run.replicas, "replica")}`);
    this.#write();
    this.live.textContent = this.#words.textContent;
    this.redraw();
    this.tellMeasured();
  }

  #write(): void {
    const note = this.#prediction?.escape?.note ?? "";
    const densities = this.#landscape ? tellDensities(this.#landscape, this.#prediction) : "";
    const told = tellEscape(this.#rows, note, this.#escaped);
    this.#words.replaceChildren(...prose([densities, told].filter((words) => words !== "").join(" ")));
  }

  protected plot(width: number, height: number): Plot | undefined {
    const description = this.#words.textContent ?? "";
    return (
      this.#landscape &&
      landscapePlot(this.#landscape, this.#escaped, this.#places?.at, { width, height, description })
    );
  }

  protected plotSecond(width: number, height: number): Plot | undefined {
    const [scenario, description] = [this.#scenario, this.#words.textContent ?? ""];
    if (!this.#landscape || !scenario) return undefined;
    const size = { width, height, description };
    return survivalPlot(
      this.#rows,
      this.#escaped,
      scenario.run.steps,
      this.#logarithmic,
      this.#steps?.at,
      size,
    );
  }

  protected override async explain(): Promise<readonly string[]> {
    const { explainEscape } = await import("./explain");
    return this.#scenario
      ? explainEscape(this.#scenario, (this.#words.textContent ?? "").replaceAll("$", ""))
      : [];
  }

  protected documented() {
    const scenario = this.#scenario;
    return scenario && { scenario };
  }

  protected override further(): Further[] {
    const [landscape, escaped] = [this.#landscape, this.#escaped];
    return landscape ? escapeTables(landscape, this.#rows, escaped) : [];
  }

  protected table(): Table {
    const measured = this.#escaped?.measurement;
    // What a step is of s = λt, by the theories: a preconditioner has a part in it.
    const known = this.#rows.find(({ rate, ratePerTime }) => rate !== undefined && ratePerTime !== undefined);
    const step = known
      ? (known.rate ?? Number.NaN) / (known.ratePerTime ?? Number.NaN)
      : (this.#scenario?.optimizer.learning_rate ?? Number.NaN);
    return {
      caption: "The escape by every theory and measured; times in steps, rates a step and per unit of λt",
      header: [
        "theory",
        "rate_per_step",
        "rate",
        "mean_first_passage",
        "standard_error",
        "escaped",
        "remaining",
        "left_before",
      ],
      rows: [
        ...this.#rows.map(({ name, rate: perStep, ratePerTime, time }) => [name, perStep, ratePerTime, time]),
        ...(measured
          ? [
              [
                "measured",
                finite(measured.rate),
                finite(measured.rate / step),
                finite(measured.mean_first_passage_time),
                finite(measured.mean_first_passage_time_error),
                measured.escaped,
                measured.remaining,
                measured.left_before,
              ],
            ]
          : []),
      ],
    };
  }
}

const finite = (value: number) => (Number.isFinite(value) ? value : undefined);

customElements.define("nd-escape", EscapeElement);
