/**
 * What the instruments share that follow one ensemble over many times: a run with progress and cancel, points beside the curves
 * of the theories, a verdict, a readout.
 */
import {
  Cancelled,
  type Engine,
  type FullScenario,
  type Prediction,
  type SeriesVerdict,
  type SweepPoint,
} from "../engine/engine";
import {
  endLabels,
  line,
  linear,
  log,
  type Mark,
  nearestByX,
  type Plot,
  plain,
  points,
  readout,
  rule,
} from "../plot";
import { dimensionOf, same } from "../state/document";
import { make, scripts } from "./dom";
import { Instrument, type Table } from "./instrument";
import { count, duration } from "./numbers";
import {
  type Component,
  componentsOf,
  exactApart,
  firstComponent,
  linearRange,
  logRange,
  readoutOfSeries,
  TOGETHER,
  type Unit,
  verdictOfSeries,
} from "./series-words";

/** Work that starts by itself, in updates of a coordinate; more waits for the button. */
const UNASKED = 1e9;
/** Updates a second and worker, for the guess of a time before there is a measurement. */
const RATE = 1.5e8;

export abstract class SeriesInstrument<Part> extends Instrument {
  /** How a place on the axis is called. */
  protected abstract readonly unit: Unit;
  protected scenario_: FullScenario | undefined;
  protected prediction: Prediction | undefined;
  protected components: readonly Component[] = [];
  protected parts: readonly Part[] = [];
  #points: readonly SweepPoint[] = [];
  #verdict: SeriesVerdict | undefined;
  #abort: AbortController | undefined;
  #cursor: number | undefined;
  readonly #run = make("button", { type: "button", class: "run", onclick: () => this.#toggle() }, "Run");
  readonly #bar = make("progress", { max: "1", value: "0", "aria-label": "Progress of the run" });
  readonly #status = make("span", { class: "status" });
  protected readonly words = make("p", { class: "words" });
  readonly #verdicts = {
    discrete: make("dd", {}),
    continuous: make("dd", {}),
    exact: make("dd", { hidden: true }),
  };
  readonly #exactName = make("dt", { class: "exact", hidden: true }, "exact");
  readonly #live = make("p", { class: "visually-hidden", role: "status" });
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
  /** The points of the component and the quantity that are looked at. */
  protected abstract read(component: number): SweepPoint[];
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
  protected abstract tell(points: readonly SweepPoint[], component: Component): string;
  protected abstract heading(): string;

  protected build(): void {
    const picture = this.makePicture((width) => Math.max(280, Math.min(400, 0.62 * width)));
    picture.tabIndex = 0;
    picture.setAttribute("role", "group");
    picture.setAttribute("aria-label", `${this.heading()}; arrow keys read its points`);
    for (const name of ["pointermove", "pointerdown"] as const)
      picture.addEventListener(name, (event) => this.#point(event));
    for (const name of ["pointerleave", "blur"]) picture.addEventListener(name, () => this.#show(undefined));
    picture.addEventListener("keydown", (event) => this.#key(event));
    this.append(
      make(
        "form",
        { class: "inline", autocomplete: "off", onsubmit: (event) => event.preventDefault() },
        ...this.controls(),
        make("label", { class: "line" }, "Component", this.#of),
      ),
      picture,
      make("div", { class: "bar" }, this.#run, this.#bar, this.#status),
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
      this.#live,
      this.makeData(),
    );
  }

  /** A choice among a few words. */
  protected choice<T extends string>(
    label: string,
    words: Readonly<Record<T, string>>,
    chosen: T,
    act: (value: T) => void,
  ): HTMLElement {
    const select = make("select", {
      name: label.toLowerCase(),
      "aria-label": label,
      onchange: () => act(select.value as T),
    });
    for (const [value, text] of Object.entries(words) as [T, string][])
      select.append(make("option", { value }, text));
    select.value = chosen;
    return make("label", { class: "line" }, label, select);
  }

  /** Shows a scenario: what it was asked before is given up. */
  set scenario(scenario: FullScenario) {
    if (this.scenario_ && same(this.scenario_ as never, scenario as never)) return;
    this.scenario_ = scenario;
    this.#clear();
    this.whenSeen(() => void this.#begin(scenario).catch(this.#fail));
  }

  /** Looks again, the same scenario in another way that needs a run. */
  protected again(): void {
    this.#clear();
    const scenario = this.scenario_;
    if (scenario) this.whenSeen(() => void this.#begin(scenario).catch(this.#fail));
  }

  async #begin(scenario: FullScenario): Promise<void> {
    const outcome = await this.engine?.predict(scenario);
    if (!outcome || this.scenario_ !== scenario) return;
    if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join("; "));
    this.prediction = outcome.value;
    this.#offer(componentsOf(scenario, outcome.value));
    const work = this.steps(scenario) * scenario.run.replicas * dimensionOf(scenario);
    if (work <= UNASKED) await this.run();
    else this.#say(`${count(work)} updates, about ${duration(work / RATE)}; press Run`);
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
  async run(): Promise<void> {
    const [engine, scenario] = [this.engine, this.scenario_];
    if (!engine || !scenario) return;
    this.#clear();
    const abort = new AbortController();
    this.#abort = abort;
    const mine = () => this.#abort === abort;
    const start = performance.now();
    this.#run.textContent = "Cancel";
    this.toggleAttribute("running", true);
    this.#say("running");
    try {
      await this.follow(engine, scenario, {
        signal: abort.signal,
        onProgress: (share) => {
          if (mine()) this.#bar.value = share;
        },
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
      this.#say(
        `${count(this.parts.length)} looks at ${count(scenario.run.replicas)} replicas in ${seconds} s`,
      );
      this.#live.textContent = `${this.words.textContent} Discrete: ${this.#verdicts.discrete.textContent}. Continuous: ${this.#verdicts.continuous.textContent}.`;
      this.tellMeasured();
    } catch (error) {
      if (!mine()) return;
      if (error instanceof Cancelled) this.#say(`cancelled after ${count(this.parts.length)} looks`);
      else this.#fail(error);
    } finally {
      if (mine()) this.#idle("Run again");
    }
  }

  #toggle(): void {
    if (this.#abort) this.#abort.abort();
    else void this.run();
  }

  #clear(): void {
    this.#abort?.abort();
    this.#idle("Run");
    this.#bar.value = 0;
    this.#say("");
    [this.parts, this.#points, this.#verdict, this.#cursor] = [[], [], undefined, undefined];
    this.#write();
  }

  #idle(next: string): void {
    this.#abort = undefined;
    this.#run.textContent = next;
    this.toggleAttribute("running", false);
  }

  #say(text: string): void {
    this.#status.textContent = text;
  }

  readonly #fail = (error: unknown) => {
    this.#say(`stopped: ${(error as Error).message}`);
    this.#live.textContent = this.#status.textContent;
  };

  /** Another quantity or component of the same looks. */
  protected choose(): void {
    this.#cursor = undefined;
    this.#read();
    void this.#judge().catch(this.#fail);
  }

  protected get component(): number {
    return Math.max(0, this.#of.selectedIndex);
  }

  #read(): void {
    this.#points = this.read(this.component);
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
    const apart = exactApart(this.#points);
    this.#exactName.hidden = this.#verdicts.exact.hidden = !apart;
    for (const theory of ["discrete", "continuous", "exact"] as const) {
      const place = this.#verdicts[theory];
      place.replaceChildren(...scripts(verdictOfSeries(theory, this.#verdict, this.unit)));
      place.toggleAttribute("data-accepted", this.#verdict?.[theory]?.accepted === true);
    }
    const component = this.components[this.component];
    if (!component || this.#points.length === 0) this.words.textContent = "";
    else {
      const words = this.tell(this.#points, component);
      this.words.textContent = this.#verdict ? `${words} ${TOGETHER}` : words;
    }
  }

  #point(event: PointerEvent): void {
    const [frame, host] = [this.host?.frame, this.host];
    if (!frame || !host) return;
    const place = event.clientX - host.canvas.getBoundingClientRect().left;
    const places = this.#points.map(({ x }) => x);
    this.#show(nearestByX(frame, places, place, 24));
  }

  #key(event: KeyboardEvent): void {
    const last = this.#points.length - 1;
    const moves: Record<string, number> = {
      ArrowLeft: Math.max(0, (this.#cursor ?? last + 1) - 1),
      ArrowRight: Math.min(last, (this.#cursor ?? -1) + 1),
      Home: 0,
      End: last,
    };
    const to = moves[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    this.#show(to);
    const point = this.#points[to];
    if (point) this.#live.textContent = readoutOfSeries(point, this.unit).join(", ");
  }

  #show(cursor: number | undefined): void {
    if (cursor === this.#cursor) return;
    this.#cursor = cursor;
    this.redraw();
  }

  /** What is shown now, for an explanation. */
  protected get shown(): readonly [readonly SweepPoint[], Component | undefined] {
    return [this.#points, this.components[this.component]];
  }

  protected plot(width: number, height: number): Plot | undefined {
    const all = this.#points;
    const component = this.components[this.component];
    if (all.length === 0 || !component) return undefined;
    const x = all.map((point) => point.x);
    const number = (values: readonly (number | null | undefined)[]) =>
      values.map((value) => value ?? Number.NaN);
    const exact = exactApart(all) ? number(all.map((point) => point.exact)) : undefined;
    const discrete = number(all.map((point) => point.discrete));
    const continuous = number(all.map((point) => point.continuous));
    const range = this.logarithmicY ? logRange(all) : undefined;
    const y = range ? log(...range) : linear(...linearRange(all));
    const measured = all.filter((point) => point.measured != null);
    const marks: Mark[] = y.kind === "linear" && y.domain[0] < 0 ? [rule({ y: 0 })] : [];
    marks.push(
      line({ x, y: continuous, series: "continuous" }),
      line({ x, y: discrete, series: "discrete" }),
      ...(exact ? [line({ x, y: exact, series: "exact" })] : []),
      points({
        x: measured.map((point) => point.x),
        y: measured.map((point) => point.measured ?? Number.NaN),
        error: measured.map((point) => point.error ?? 0),
        series: "experiment",
      }),
      endLabels([
        { text: "continuous", x, y: continuous, series: "continuous" },
        { text: "discrete", x, y: discrete, series: "discrete" },
        ...(exact ? [{ text: "exact", x, y: exact, series: "exact" as const }] : []),
      ]),
    );
    const under = this.#cursor === undefined ? undefined : all[this.#cursor];
    if (under) {
      const [head = "", ...rest] = readoutOfSeries(under, this.unit);
      const series = ["experiment", "discrete", "continuous", "exact"] as const;
      const lines = rest.map(
        (text, i) => ({ text: plain(text), series: series[i] ?? "experiment" }) as const,
      );
      marks.push(readout({ x: under.x, lines: [{ text: plain(head) }, ...lines] }));
    }
    const last = x[x.length - 1] ?? 1;
    const logarithmic = this.logarithmicX && last > 1;
    const whose = this.ofComponent ? ` of ${component.name}` : "";
    return {
      width,
      height,
      title: `${this.heading()}: ${this.quantity}${whose}`,
      description: this.words.textContent ?? "",
      x: {
        scale: logarithmic ? log(Math.max(1, x[0] ?? 1), last) : linear(0, Math.max(1, last)),
        title: this.unit === "step" ? "step *t*" : "lag *τ*, in steps",
      },
      y: { scale: y, title: `${this.quantity}${whose.replaceAll(/([wλk])/g, "*$1*")}` },
      marks,
    };
  }

  protected table(): Table {
    const component = this.components[this.component];
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
      ]),
    };
  }
}
