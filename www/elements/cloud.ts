/** `<nd-cloud>`: the running ensemble in the plane, with the 3σ ellipses of both theories and of the measurement. */
import type { Engine, Ensemble, FullScenario, Prediction, Snapshot, View } from "../engine/engine";
import {
  bars,
  density,
  type EllipseOptions,
  ellipses,
  key,
  line,
  linear,
  type Mark,
  type Plot,
} from "../plot";
import { same } from "../state/document";
import { make } from "./dom";
import { Instrument, type Table } from "./instrument";
import { count, digits, plusMinus, z } from "./numbers";
import { subscript } from "./sweep-words";

/** Cells along each side of the density, and bins of the histogram. */
const CELLS = 96;
const BINS = 60;
/** Milliseconds of work between two pictures at full speed. */
const FRAME = 12;
/** Half the picture, in standard deviations of the widest law. */
const HALF = 3.7;

export type Speed = "1" | "5" | "20" | "60" | "max";

export class CloudElement extends Instrument {
  protected readonly fileName = "noisy-descent-cloud";
  #scenario: FullScenario | undefined;
  #prediction: Prediction | undefined;
  #ensemble: Ensemble | undefined;
  #snapshot: Snapshot | undefined;
  #playing = false;
  #busy = false;
  /** Where a play stops by itself the first time: the scenario's own number of steps. */
  #goal = 0;
  #owed = 0;
  #last = 0;
  speed: Speed = "60";

  readonly #play = make("button", { type: "button", class: "play", onclick: () => this.toggle() }, "Play");
  readonly #step = make("button", { type: "button", onclick: () => void this.step() }, "Step");
  readonly #reset = make("button", { type: "button", onclick: () => void this.reset() }, "Reset");
  readonly #counter = make("output", { class: "counter", "aria-live": "off" });
  readonly #body = make("tbody", {});
  readonly #words = make("p", { class: "words" });
  readonly #live = make("p", { class: "visually-hidden", role: "status" });

  protected build(): void {
    const head = ["", "measured", "discrete", "continuous"];
    const picture = this.makePicture((width) => Math.max(280, Math.min(460, 0.8 * width)));
    const beside = make(
      "div",
      { class: "beside" },
      make("div", { class: "bar" }, this.#play, this.#step, this.#reset, this.#counter),
      make(
        "table",
        { class: "comparison" },
        make(
          "caption",
          { class: "visually-hidden" },
          "Covariance of the ensemble beside both theories at the same step",
        ),
        make(
          "thead",
          {},
          make(
            "tr",
            {},
            ...head.map((name) =>
              make(name === "" ? "td" : "th", name === "" ? {} : { scope: "col", class: name }, name),
            ),
          ),
        ),
        this.#body,
      ),
      this.#words,
      this.makeData(),
    );
    this.append(make("div", { class: "pair" }, picture, beside), this.#live);
    document.addEventListener("visibilitychange", () => {
      this.#last = performance.now();
    });
  }

  /** Shows a scenario: from its start, with its seed; what was playing goes on playing. */
  set scenario(scenario: FullScenario) {
    if (this.#scenario && same(this.#scenario as never, scenario as never)) return;
    const first = this.#scenario === undefined;
    this.#scenario = scenario;
    void this.#open(true).then(() => {
      if (first && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.play();
    });
  }

  get playing(): boolean {
    return this.#playing;
  }

  toggle(): void {
    if (this.#playing) this.pause();
    else this.play();
  }

  play(): void {
    if (this.#playing) return;
    this.#playing = true;
    this.#play.textContent = "Pause";
    [this.#last, this.#owed] = [performance.now(), 0];
    requestAnimationFrame(this.#tick);
  }

  pause(): void {
    this.#playing = false;
    this.#play.textContent = "Play";
    this.#live.textContent = this.#words.textContent;
  }

  /** One update of every replica. */
  async step(): Promise<void> {
    this.pause();
    await this.#advance((this.#snapshot?.step ?? 0) + 1, Number.POSITIVE_INFINITY);
    this.#live.textContent = this.#words.textContent;
  }

  /** Back to the start with the same seed. */
  async reset(): Promise<void> {
    this.pause();
    await this.#open(false);
  }

  /** Goes to the scenario's number of steps without showing the way: for those who want no motion. */
  async settle(): Promise<void> {
    this.pause();
    await this.#advance(this.#scenario?.run.steps ?? 0, Number.POSITIVE_INFINITY);
    this.#live.textContent = this.#words.textContent;
  }

  async #open(goOn: boolean): Promise<void> {
    const [engine, scenario] = [this.engine, this.#scenario];
    if (!engine || !scenario) return;
    const outcome = await engine.predict(scenario);
    if (scenario !== this.#scenario || !outcome.ok) return;
    const old = this.#ensemble;
    this.#ensemble = undefined;
    const ensemble = await engine.ensemble(scenario);
    void old?.close();
    if (scenario !== this.#scenario) {
      void ensemble.close();
      return;
    }
    [this.#ensemble, this.#prediction, this.#snapshot] = [ensemble, outcome.value, undefined];
    this.#goal = scenario.run.steps;
    await this.#advance(0, Number.POSITIVE_INFINITY);
    // What was playing goes on; those who want no motion get the settled picture.
    if (goOn && matchMedia("(prefers-reduced-motion: reduce)").matches) await this.settle();
  }

  readonly #tick = (now: number) => {
    if (!this.#playing) return;
    requestAnimationFrame(this.#tick);
    if (document.hidden || this.#busy) return;
    const step = this.#snapshot?.step ?? 0;
    if (this.speed === "max") {
      void this.#advance(step + 1e6, FRAME);
      return;
    }
    // A tab that slept does not catch up.
    this.#owed += Math.min(0.25, (now - this.#last) / 1000) * Number(this.speed);
    this.#last = now;
    const whole = Math.floor(this.#owed);
    if (whole >= 1) {
      this.#owed -= whole;
      void this.#advance(step + whole, Number.POSITIVE_INFINITY);
    }
  };

  async #advance(target: number, within: number): Promise<void> {
    const ensemble = this.#ensemble;
    if (!ensemble || this.#busy) return;
    this.#busy = true;
    const before = this.#snapshot?.step ?? 0;
    // The first time a play reaches the scenario's own end it stops there.
    const stop = before < this.#goal && target >= this.#goal;
    try {
      const snapshot = await ensemble.advance(stop ? this.#goal : target, within, this.#view());
      if (ensemble !== this.#ensemble) return;
      this.#snapshot = snapshot;
      if (stop && snapshot.step >= this.#goal && this.#playing) this.pause();
      this.#write();
      this.redraw();
    } catch (error) {
      if (ensemble === this.#ensemble) {
        this.pause();
        this.#words.textContent = `The ensemble stopped: ${(error as Error).message}`;
      }
    } finally {
      this.#busy = false;
    }
  }

  /** The rectangle that holds every law that is shown, and the ensemble where it has left them. */
  #view(): View {
    const [x, y] = this.#coordinates();
    const reach = (i: number): number => {
      const settled = [this.#prediction?.continuous, this.#prediction?.discrete].map((theory) =>
        variance(theory?.stationary, i),
      );
      const own = this.#snapshot?.measurement.covariance[i]?.[i] ?? Number.NaN;
      const wide = HALF * Math.sqrt(Math.max(...settled, 1e-300));
      const seen = HALF * Math.sqrt(Number.isFinite(own) ? own : 0);
      // Beyond the theories it grows by doublings, so that the picture does not shake.
      return seen <= 1.15 * wide ? wide : wide * 2 ** Math.ceil(Math.log2(seen / wide));
    };
    const high: [number, number] = [reach(x), reach(y)];
    const low: [number, number] = [-high[0], -high[1]];
    return { x, y, columns: x === y ? BINS : CELLS, rows: CELLS, low, high };
  }

  #coordinates(): [number, number] {
    return [0, (this.#scenario?.loss.hessian.length ?? 1) > 1 ? 1 : 0];
  }

  protected plot(width: number, height: number): Plot | undefined {
    const [snapshot, prediction] = [this.#snapshot, this.#prediction];
    if (!snapshot || !prediction) return undefined;
    const common = { width, height, description: this.#words.textContent ?? "" };
    return snapshot.view.x === snapshot.view.y
      ? { ...common, ...histogram(snapshot, prediction) }
      : { ...common, ...plane(snapshot, prediction, this.#scenario?.run.replicas ?? 1) };
  }

  #rows(): { name: string; i: number; j: number }[] {
    const [x, y] = this.#coordinates();
    if (x === y) return [{ name: "Var w", i: 0, j: 0 }];
    return [
      { name: `Var w${subscript(x + 1)}`, i: x, j: x },
      { name: `Var w${subscript(y + 1)}`, i: y, j: y },
      { name: `Cov w${subscript(x + 1)}, w${subscript(y + 1)}`, i: x, j: y },
    ];
  }

  #write(): void {
    const [snapshot, scenario] = [this.#snapshot, this.#scenario];
    if (!snapshot || !scenario) return;
    const { measurement, prediction, step } = snapshot;
    this.#counter.textContent = `step ${count(step)}, ${count(measurement.replicas)} replicas`;
    const cells = this.#rows().map(({ name, i, j }) => {
      const [value, error] = [measurement.covariance[i]?.[j], measurement.covariance_error[i]?.[j]];
      const theory = (law: number | undefined) =>
        law === undefined
          ? "none"
          : `${digits(law, 4)}${error && value != null && step > 0 ? ` (${z((value - law) / error)})` : ""}`;
      return make(
        "tr",
        {},
        make("th", { scope: "row" }, name),
        make("td", {}, plusMinus(value, error)),
        make("td", { class: "discrete" }, theory(prediction.discrete?.at_end.covariance[i]?.[j])),
        make("td", { class: "continuous" }, theory(prediction.continuous.at_end.covariance[i]?.[j])),
      );
    });
    this.#body.replaceChildren(...cells);
    const words = sentence(snapshot);
    const news = measurement.diverged > 0 && !(this.#words.textContent ?? "").includes("diverged");
    this.#words.textContent = words;
    if (news) this.#live.textContent = words;
  }

  protected table(): Table {
    const snapshot = this.#snapshot;
    return {
      caption: snapshot ? `Covariance at step ${count(snapshot.step)}` : "",
      header: ["quantity", "measured", "standard_error", "discrete", "continuous"],
      rows: this.#rows().map(({ name, i, j }) => [
        name.replaceAll(",", " and"),
        snapshot?.measurement.covariance[i]?.[j],
        snapshot?.measurement.covariance_error[i]?.[j],
        snapshot?.prediction.discrete?.at_end.covariance[i]?.[j],
        snapshot?.prediction.continuous.at_end.covariance[i]?.[j],
      ]),
    };
  }
}

type LawLike = { readonly covariance: readonly (readonly number[])[] } | undefined;

function variance(law: LawLike, i: number): number {
  return law?.covariance[i]?.[i] ?? 0;
}

/** A clause as a sentence begins. */
const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function sentence({ step, measurement, prediction }: Snapshot): string {
  const { diverged, replicas, covariance, covariance_error } = measurement;
  if (diverged > 0) {
    return `${count(diverged)} of ${count(replicas)} replicas have diverged by step ${count(step)}. ${upper(prediction.stability.summary)}.`;
  }
  if (step === 0) return `All ${count(replicas)} replicas are at the minimum.`;
  const discrete = prediction.discrete?.at_end.covariance[0]?.[0];
  const name = covariance.length > 1 ? "w₁" : "w";
  const measured = `After ${count(step)} steps the measured variance of ${name} is ${plusMinus(covariance[0]?.[0], covariance_error[0]?.[0])}`;
  const continuous = digits(prediction.continuous.at_end.covariance[0]?.[0], 4);
  if (discrete === undefined)
    return `${measured} and growing; the continuous theory says ${continuous}. ${upper(prediction.stability.summary)}.`;
  return `${measured}; discrete theory ${digits(discrete, 4)}, continuous ${continuous} (in brackets above: deviation in standard errors).`;
}

/** Two coordinates: density and ellipses. */
function plane({ view, counts, measurement, step }: Snapshot, prediction: Prediction, replicas: number) {
  const { x, y, low, high, columns, rows } = view;
  const block = (law: LawLike): EllipseOptions["covariance"] | undefined => {
    const matrix = law?.covariance;
    if (!matrix) return undefined;
    const at = (i: number, j: number) => matrix[i]?.[j] ?? Number.NaN;
    return [
      [at(x, x), at(x, y)],
      [at(y, x), at(y, y)],
    ];
  };
  const list: EllipseOptions[] = [];
  const add = (
    covariance: EllipseOptions["covariance"] | undefined,
    series: "continuous" | "discrete" | "experiment",
    label: string,
  ) => {
    if (covariance?.flat().every(Number.isFinite)) list.push({ covariance, series, label, sigmas: 3 });
  };
  add(block(prediction.continuous.stationary), "continuous", "continuous");
  add(block(prediction.discrete?.stationary), "discrete", "discrete");
  if (step > 0) add(block(measurement), "experiment", "measured");
  // The deepest tone is that of the settled ensemble's centre, so that the picture does not flicker.
  const settled = prediction.discrete?.stationary;
  const spread = settled ? Math.sqrt(Math.max(variance(settled, x) * variance(settled, y), 1e-300)) : 0;
  const cell = ((high[0] - low[0]) * (high[1] - low[1])) / (columns * rows);
  const max = spread > 0 ? Math.max(2, (replicas * cell) / (2 * Math.PI * spread)) : undefined;
  const marks: Mark[] = [
    density({
      values: counts,
      columns,
      rows,
      x: [low[0], high[0]],
      y: [low[1], high[1]],
      blur: 1.2,
      ...(max ? { max } : {}),
    }),
    ellipses(list),
  ];
  // Much narrower one way than the other: equal units would hide the cloud in a line.
  const equal = Math.max(high[0] / high[1], high[1] / high[0]) < 6;
  return {
    title: "The ensemble in the plane with 3σ ellipses",
    x: { scale: linear(low[0], high[0]), title: `*w*${subscript(x + 1)}` },
    y: { scale: linear(low[1], high[1]), title: `*w*${subscript(y + 1)}` },
    marks,
    aspect: equal ? ("equal" as const) : ("free" as const),
  };
}

/** One coordinate: a histogram as a probability density, and the Gaussian of each theory. */
function histogram({ view, counts, measurement }: Snapshot, prediction: Prediction) {
  const { low, high, columns } = view;
  const width = (high[0] - low[0]) / columns;
  const edges = Array.from({ length: columns + 1 }, (_, i) => low[0] + i * width);
  const total = Math.max(1, measurement.replicas);
  const heights = Array.from(counts, (n) => n / total / width);
  const grid = Array.from({ length: 241 }, (_, i) => low[0] + ((high[0] - low[0]) * i) / 240);
  const curve = (spread: number) =>
    grid.map((w) => Math.exp((-0.5 * w * w) / spread) / Math.sqrt(2 * Math.PI * spread));
  const marks: Mark[] = [bars({ edges, heights, series: "experiment" })];
  const names: { series: "continuous" | "discrete" | "experiment"; text: string }[] = [
    { series: "experiment", text: "measured" },
  ];
  let top = 0;
  for (const series of ["continuous", "discrete"] as const) {
    const spread = variance(prediction[series]?.stationary, 0);
    if (!(spread > 0)) continue;
    marks.push(line({ x: grid, y: curve(spread), series }));
    names.push({ series, text: series });
    top = Math.max(top, 1 / Math.sqrt(2 * Math.PI * spread));
  }
  marks.push(key(names));
  return {
    title: "Histogram of the ensemble with the Gaussian of each theory",
    x: { scale: linear(low[0], high[0]), title: "*w*" },
    y: { scale: linear(0, 1.25 * (top || 1)), title: "probability density" },
    marks,
  };
}

export type { Engine };

customElements.define("nd-cloud", CloudElement);
