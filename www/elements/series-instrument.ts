/**
 * What the instruments share that follow one ensemble over many times: a run with progress and cancel, points beside the curves
 * of the theories, a verdict, a readout.
 */
import type { Engine, FullScenario, Prediction, SeriesVerdict, SweepPoint } from "../engine/engine";
import type { Plot } from "../plot";
import { dimensionOf, same } from "../state/document";
import { unsettledPoints } from "./average";
import { make, prose, scripts } from "./dom";
import { Instrument, type Table } from "./instrument";
import { count } from "./numbers";
import { describeDifference, Pin } from "./pin";
import { Reading } from "./reading";
import { RunBar, type Running } from "./run-bar";
import { seriesPlot } from "./series-plot";
import {
  type Component,
  componentsOf,
  exactApart,
  firstComponent,
  readoutOfSeries,
  TOGETHER,
  type Unit,
  verdictOfSeries,
} from "./series-words";

/** In updates of a coordinate. */
const EFFORT = { unasked: 1e9, rate: 1.5e8 };

/** A run that is kept: any of its components and quantities can be seen beside the next one's. */
interface Kept<Part> {
  readonly scenario: FullScenario;
  readonly parts: readonly Part[];
  readonly components: number;
}

export abstract class SeriesInstrument<Part> extends Instrument {
  /** How a place on the axis is called. */
  protected abstract readonly unit: Unit;
  protected scenario_: FullScenario | undefined;
  protected prediction: Prediction | undefined;
  protected components: readonly Component[] = [];
  protected parts: readonly Part[] = [];
  #points: readonly SweepPoint[] = [];
  #verdict: SeriesVerdict | undefined;
  #reading: Reading | undefined;
  readonly #bar = new RunBar({
    owner: this,
    start: "Run",
    again: "Run again",
    label: "Progress of the run",
    act: (running) => this.#follow(running),
    cancelled: () => `cancelled after ${count(this.parts.length)} looks`,
    failed: (words) => {
      this.live.textContent = words;
    },
  });
  readonly #pin = new Pin<Kept<Part>>({
    take: () =>
      this.scenario_ && this.parts.length > 0
        ? { scenario: this.scenario_, parts: this.parts, components: this.components.length }
        : undefined,
    describe: (kept) => this.#describePinned(kept),
    changed: () => this.redraw(),
    live: this.live,
  });
  protected readonly words = make("p", { class: "words" });
  readonly #verdicts = {
    discrete: make("dd", {}),
    continuous: make("dd", {}),
    exact: make("dd", { hidden: true }),
  };
  readonly #exactName = make("dt", { class: "exact", hidden: true }, "exact");
  readonly #of = make("select", {
    name: "component",
    "aria-label": "Component",
    onchange: () => this.choose(),
  });

  /** Runs; each part is handed over as it comes. */
  protected abstract follow(
    engine: Engine,
    scenario: FullScenario,
    following: { signal: AbortSignal; onProgress: (share: number) => void; onPart: (part: Part) => void },
  ): Promise<void>;
  /** The points of the component and the quantity that are looked at, in the parts of a run. */
  protected abstract read(parts: readonly Part[], component: number): SweepPoint[];
  /** Updates of each replica that a run takes. */
  protected abstract steps(scenario: FullScenario): number;
  /** The controls beside the choice of the component. */
  protected abstract controls(): HTMLElement[];
  /** Whether a component belongs to what is looked at. */
  protected get ofComponent(): boolean {
    return true;
  }
  protected abstract get logarithmicX(): boolean;
  protected abstract get logarithmicY(): boolean;
  /** "variance", to be followed by the component. */
  protected abstract get quantity(): string;
  /** Its letter, as markup. */
  protected abstract get sign(): string;
  protected abstract tell(points: readonly SweepPoint[], component: Component): string;
  protected abstract heading(): string;

  protected build(): void {
    const picture = this.makePicture((width) => Math.max(280, Math.min(400, 0.62 * width)));
    this.#reading = new Reading(picture, {
      label: `${this.heading()}; arrow keys read its points`,
      host: () => this.host,
      places: () => this.#points.map(({ x }) => x),
      tell: (i) => this.#tellPoint(i),
      changed: () => this.redraw(),
      live: this.live,
    });
    const [run, progress, status] = this.#bar.parts;
    this.append(
      make(
        "form",
        { class: "inline", autocomplete: "off", onsubmit: (event) => event.preventDefault() },
        ...this.controls(),
        make("label", { class: "line" }, "Component", this.#of),
      ),
      picture,
      make("div", { class: "bar" }, run, this.#pin.button, progress, status),
      make(
        "dl",
        { class: "verdict" },
        make("dt", { class: "discrete" }, "discrete"),
        this.#verdicts.discrete,
        make("dt", { class: "continuous" }, "continuous"),
        this.#verdicts.continuous,
        this.#exactName,
        this.#verdicts.exact,
      ),
      this.words,
      this.#pin.words,
      this.live,
      this.makeData(),
    );
  }

  /** Shows a scenario: what it was asked before is given up. */
  set scenario(scenario: FullScenario) {
    if (this.scenario_ && same(this.scenario_ as never, scenario as never)) return;
    this.scenario_ = scenario;
    this.#clear();
    this.whenSeen(() => void this.#begin(scenario).catch(this.#bar.fail));
  }

  /** Looks again, the same scenario in another way that needs a run. */
  protected again(): void {
    this.#clear();
    const scenario = this.scenario_;
    if (scenario) this.whenSeen(() => void this.#begin(scenario).catch(this.#bar.fail));
  }

  async #begin(scenario: FullScenario): Promise<void> {
    const outcome = await this.engine?.predict(scenario);
    if (!outcome || this.scenario_ !== scenario) return;
    if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join("; "));
    this.prediction = outcome.value;
    this.#offer(componentsOf(scenario, outcome.value));
    const work = this.steps(scenario) * scenario.run.replicas * dimensionOf(scenario);
    this.#bar.offer(work, EFFORT, this.engine?.workers);
  }

  /** Keeps the choice of the component where there is still as many of them. */
  #offer(components: readonly Component[]): void {
    const kept = components.length === this.components.length ? this.#of.selectedIndex : -1;
    this.components = components;
    const shown = components.length === 2 ? components.slice(0, 1) : components;
    this.#of.replaceChildren(...shown.map(({ name }, i) => make("option", { value: String(i) }, name)));
    this.#of.selectedIndex = kept >= 0 ? kept : firstComponent(components);
  }

  /** Follows the ensemble; resolves when that is done or cancelled. */
  run(): Promise<void> {
    return this.#bar.run();
  }

  async #follow({ signal, onProgress, mine }: Running): Promise<void> {
    const [engine, scenario] = [this.engine, this.scenario_];
    if (!engine || !scenario) return;
    this.#empty();
    const start = performance.now();
    await this.follow(engine, scenario, {
      signal,
      onProgress,
      onPart: (part) => {
        if (!mine()) return;
        this.parts = [...this.parts, part];
        this.#read();
      },
    });
    if (!mine()) return;
    await this.#judge();
    if (!mine()) return;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    this.#bar.say(
      `${count(this.parts.length)} looks at ${count(scenario.run.replicas)} replicas in ${seconds} s`,
    );
    this.live.textContent = `${this.words.textContent} Discrete: ${this.#verdicts.discrete.textContent}. Continuous: ${this.#verdicts.continuous.textContent}.`;
    this.tellMeasured();
  }

  #clear(): void {
    this.#bar.stop();
    this.#empty();
  }

  #empty(): void {
    [this.parts, this.#points, this.#verdict] = [[], [], undefined];
    this.#reading?.clear();
    this.#write();
  }

  /** Another quantity or component of the same looks. */
  protected choose(): void {
    this.#reading?.clear();
    this.#read();
    void this.#judge().catch(this.#bar.fail);
  }

  protected get component(): number {
    return Math.max(0, this.#of.selectedIndex);
  }

  #read(): void {
    this.#points = this.read(this.parts, this.component);
    this.#of.disabled = !this.ofComponent;
    this.#write();
    this.redraw();
  }

  async #judge(): Promise<void> {
    const points = this.#points;
    const verdict = points.length > 0 ? await this.engine?.judgeTogether(points) : undefined;
    if (points !== this.#points) return;
    this.#verdict = verdict;
    this.#write();
    this.redraw();
  }

  #write(): void {
    this.#pin.write();
    const apart = exactApart(this.#points);
    this.#exactName.hidden = this.#verdicts.exact.hidden = !apart;
    for (const theory of ["discrete", "continuous", "exact"] as const) {
      const place = this.#verdicts[theory];
      place.replaceChildren(
        ...prose(verdictOfSeries(theory, this.#verdict, this.unit, this.#points), scripts),
      );
      place.toggleAttribute("data-accepted", this.#verdict?.[theory]?.accepted === true);
    }
    const component = this.components[this.component];
    if (!component || this.#points.length === 0) this.words.textContent = "";
    else {
      const average = this.scenario_ ? unsettledPoints(this.scenario_, this.#points) : "";
      const words = [this.tell(this.#points, component), average].filter((part) => part !== "").join(" ");
      this.words.replaceChildren(...prose(this.#verdict ? `${words} ${TOGETHER}` : words));
    }
  }

  #tellPoint(index: number): string[] {
    const point = this.#points[index];
    return point ? readoutOfSeries(point, this.unit) : [];
  }

  #describePinned({ scenario, components }: Kept<Part>): string {
    if (components !== this.components.length && this.components.length > 0)
      return "The pinned result has other directions; it is not drawn here.";
    return this.scenario_ ? describeDifference({ scenario }, { scenario: this.scenario_ }) : "";
  }

  /** The pinned points of what is looked at. */
  get #pinned(): readonly SweepPoint[] | undefined {
    const kept = this.#pin.kept;
    return kept?.components === this.components.length ? this.read(kept.parts, this.component) : undefined;
  }

  /** What is shown now, for an explanation. */
  protected get shown(): readonly [readonly SweepPoint[], Component | undefined] {
    return [this.#points, this.components[this.component]];
  }

  protected plot(width: number, height: number): Plot | undefined {
    const all = this.#points;
    const component = this.components[this.component];
    if (all.length === 0 || !component) return undefined;
    const whose = this.ofComponent ? ` of ${component.name}` : "";
    const pinned = this.#pinned;
    return seriesPlot({
      width,
      height,
      title: `${this.heading()}: ${this.quantity}${whose}`,
      description: this.words.textContent ?? "",
      points: all,
      unit: this.unit,
      logarithmicX: this.logarithmicX,
      logarithmicY: this.logarithmicY,
      upwards: `${this.quantity} ${this.sign}${whose.replaceAll(/([wλk])/g, "*$1*")}`,
      cursor: this.#reading?.at,
      pinned: pinned && { points: pinned, color: getComputedStyle(this).getPropertyValue("--muted") },
    });
  }

  protected documented() {
    const scenario = this.scenario_;
    return scenario && { scenario };
  }

  protected table(): Table {
    const component = this.components[this.component];
    const pinned = this.#pinned;
    const kept = new Map(pinned?.map((point) => [point.x, point]));
    return {
      caption: component ? `The ${this.quantity}${this.ofComponent ? ` of ${component.name}` : ""}` : "",
      header: [
        this.unit,
        "measured",
        "standard_error",
        "discrete",
        "continuous",
        "exact",
        "replicas",
        "diverged",
        ...(pinned ? ["pinned", "pinned_error"] : []),
      ],
      figures: [9],
      rows: this.#points.map((point) => [
        point.x,
        point.measured,
        point.error,
        point.discrete,
        point.continuous,
        point.exact,
        point.replicas,
        point.diverged,
        ...(pinned ? [kept.get(point.x)?.measured, kept.get(point.x)?.error] : []),
      ]),
    };
  }
}
