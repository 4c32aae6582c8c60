/** `<nd-sweep>`: a quantity against a parameter, measured point by point over the curves of both theories. */
import type { Curve, FullSweep, SweepPoint, Verdict } from "../engine/engine";
import type { Plot } from "../plot";
import { isDerived } from "../state/axes";
import { dimensionOf, same, write } from "../state/document";
import { parameterNamed } from "../state/tables";
import { make, prose, scripts } from "./dom";
import { Instrument, type Table } from "./instrument";
import { count, counted, duration } from "./numbers";
import { Pin } from "./pin";
import { comparable, describePinned, type Pinned, pinnedAt, pinnedMarks } from "./pinned";
import { Reading } from "./reading";
import { RunBar, type Running } from "./run-bar";
import { sweepPlot } from "./sweep-plot";
import {
  describe,
  exactDiffers,
  figuresFor,
  hasFormula,
  isEscape,
  nowhere,
  quantityOf,
  readoutOf,
  verdictOf,
  YOURS,
} from "./sweep-words";

/** Values along a theory's curve. */
const SAMPLES = 400;
/** The same of an escape, whose chain is work for each of them. */
const ESCAPES = 80;
/** In updates of a coordinate. */
const EFFORT = { unasked: 3e9, rate: 1.5e8 };

export class SweepElement extends Instrument {
  protected readonly fileName = "noisy-descent-sweep";
  #sweep: FullSweep | undefined;
  #curve: Curve | undefined;
  #points: SweepPoint[] = [];
  #verdict: Verdict | undefined;
  /** Why there is no stationary state, where there is none on the whole sweep. */
  #why: string | undefined;
  /** When the run was given up. */
  #asked = 0;
  /** Whose formula it is: the reader's, unless the page says. */
  get #own(): string {
    return this.dataset.formula ?? YOURS;
  }
  #reading: Reading | undefined;
  readonly #pin = new Pin<Pinned>({
    take: () =>
      this.#sweep && this.#points.length > 0
        ? { sweep: this.#sweep, curve: this.#curve, points: this.#points }
        : undefined,
    describe: (kept) => (this.#sweep ? describePinned(kept, this.#sweep) : ""),
    changed: () => this.redraw(),
    live: this.live,
  });
  readonly #bar = new RunBar({
    owner: this,
    start: "Run",
    again: "Run again",
    label: "Progress of the sweep",
    act: (running) => this.#measure(running),
    cancelled: () => {
      // Every worker has stopped by now: the time it took is there for whoever wants to know.
      this.dataset.cancelledAfter = (performance.now() - this.#asked).toFixed(1);
      return `cancelled after ${this.#share()}`;
    },
    cancelling: () => {
      this.#asked = performance.now();
    },
  });
  readonly #words = make("p", { class: "words" });
  readonly #discrete = make("dd", {});
  readonly #continuous = make("dd", {});
  readonly #exactName = make("dt", { class: "exact", hidden: true }, "exact");
  readonly #exact = make("dd", { hidden: true });
  readonly #formulaName = make("dt", { class: "formula", hidden: true }, this.#own);
  readonly #formula = make("dd", { hidden: true });

  protected build(): void {
    const picture = this.makePicture((width) => Math.max(280, Math.min(440, 0.56 * width)));
    this.#reading = new Reading(picture, {
      label: "Plot of the sweep; arrow keys read its points",
      host: () => this.host,
      places: () => this.#points.map(({ x }) => x),
      tell: (i) => this.#tellPoint(i),
      changed: () => this.redraw(),
      live: this.live,
    });
    const [run, progress, status] = this.#bar.parts;
    this.append(
      picture,
      make("div", { class: "bar" }, run, this.#pin.button, progress, status),
      make(
        "dl",
        { class: "verdict" },
        make("dt", { class: "discrete" }, "discrete"),
        this.#discrete,
        make("dt", { class: "continuous" }, "continuous"),
        this.#continuous,
        this.#exactName,
        this.#exact,
        this.#formulaName,
        this.#formula,
      ),
      this.#words,
      this.#pin.words,
      this.live,
      this.makeData(),
    );
  }

  /** Shows a sweep: its curves at once, its points as they come. A change of the view alone measures nothing again. */
  set sweep(sweep: FullSweep) {
    const before = this.#sweep;
    this.#sweep = sweep;
    const asked = before && same(essence(before) as never, essence(sweep) as never);
    if (asked) {
      this.redraw();
      return;
    }
    this.#bar.stop();
    this.#reading?.clear();
    [this.#points, this.#verdict, this.#why] = [[], undefined, undefined];
    this.#write();
    this.whenSeen(() => this.#begin());
  }

  /** The curves, and the points where that is little work. */
  #begin(): void {
    const sweep = this.#sweep;
    if (!sweep) return;
    void this.#predict(sweep).catch(this.#bar.fail);
    this.#bar.offer(work(sweep), EFFORT, this.engine?.workers);
  }

  /** Measures every point; resolves when that is done or cancelled. */
  run(): Promise<void> {
    return this.#bar.run();
  }

  /** Gives the run up; what is measured stays. */
  cancel(): void {
    this.#bar.cancel();
  }

  async #measure({ signal, onProgress, mine }: Running): Promise<void> {
    const [engine, sweep] = [this.engine, this.#sweep];
    if (!engine || !sweep) return;
    const start = performance.now();
    [this.#points, this.#verdict] = [[], undefined];
    this.#write();
    await engine.sweep(sweep, {
      signal,
      onProgress: (share) => {
        if (!mine()) return;
        onProgress(share);
        const left = ((performance.now() - start) / 1000) * (1 / Math.max(share, 1e-6) - 1);
        this.#bar.say(`${this.#share()}, ${duration(left)} left`);
      },
      onPoint: (point) => {
        if (!mine()) return;
        this.#points = [...this.#points, point].sort((a, b) => a.index - b.index);
        this.redraw();
        void this.#judge().catch(this.#bar.fail);
      },
    });
    if (!mine()) return;
    await this.#judge();
    if (!mine()) return;
    const seconds = (performance.now() - start) / 1000;
    this.#bar.say(
      `${counted(sweep.points, "point")}, ${sweep.parameter === "replicas" ? "" : `${count(sweep.scenario.run.replicas)} replicas each, `}in ${seconds.toFixed(1)} s`,
    );
    this.live.textContent = `${this.#describe(sweep)} Discrete: ${this.#discrete.textContent}. Continuous: ${this.#continuous.textContent}.`;
    this.tellMeasured({
      swept: { sweep, points: this.#points, verdict: this.#verdict, curve: this.#curve },
    });
  }

  #share(): string {
    return `${this.#points.length} of ${counted(this.#sweep?.points ?? 0, "point")}`;
  }

  async #predict(sweep: FullSweep): Promise<void> {
    const outcome = await this.engine?.curve(sweep, isEscape(sweep) ? ESCAPES : SAMPLES);
    const curve = outcome?.ok ? outcome.value : undefined;
    const why = curve && nowhere(curve) ? await this.#reason(sweep) : undefined;
    if (this.#sweep !== sweep && !same(essence(this.#sweep) as never, essence(sweep) as never)) return;
    [this.#curve, this.#why] = [curve, why];
    this.#write();
    this.redraw();
  }

  /** The core's words on stability in the middle of a sweep. */
  async #reason(sweep: FullSweep): Promise<string | undefined> {
    // What lies there is the core's to make.
    if (isDerived(sweep.parameter)) return undefined;
    const middle = write(sweep, new Map([[sweep.parameter, (sweep.from + sweep.to) / 2]]));
    const outcome = await this.engine?.predict(middle.scenario);
    return outcome?.ok ? outcome.value.stability.summary : undefined;
  }

  async #judge(): Promise<void> {
    const points = this.#points;
    const verdict = await this.engine?.judge(points);
    // Another sweep has other points; a change of the view leaves them and their verdict.
    if (points !== this.#points) return;
    this.#verdict = verdict;
    this.#write();
  }

  #write(): void {
    const sweep = this.#sweep;
    if (!sweep) return;
    for (const [place, theory] of [
      [this.#discrete, "discrete"],
      [this.#continuous, "continuous"],
      [this.#exact, "exact"],
      [this.#formula, "formula"],
    ] as const)
      place.replaceChildren(
        ...prose(verdictOf(theory, this.#verdict, sweep, this.#curve, this.#points), scripts),
      );
    this.#discrete.toggleAttribute("data-accepted", this.#verdict?.discrete?.accepted === true);
    this.#continuous.toggleAttribute("data-accepted", this.#verdict?.continuous?.accepted === true);
    this.#formula.toggleAttribute("data-accepted", this.#verdict?.formula?.accepted === true);
    this.#exactName.hidden = this.#exact.hidden = !exactDiffers(this.#curve);
    this.#formulaName.hidden = this.#formula.hidden = !hasFormula(sweep);
    this.#words.replaceChildren(...prose(this.#describe(sweep)));
    this.#pin.write();
  }

  #describe(sweep: FullSweep): string {
    return describe(sweep, this.#points, this.#curve, this.#verdict, this.#why, this.#own);
  }

  #tellPoint(index: number): string[] {
    const [point, sweep] = [this.#points[index], this.#sweep];
    return point && sweep ? readoutOf(point, sweep, this.#own) : [];
  }

  protected plot(width: number, height: number): Plot | undefined {
    const sweep = this.#sweep;
    if (!sweep) return undefined;
    const kept = this.#pin.kept;
    const pinned = kept && comparable(kept, sweep) ? kept : undefined;
    return sweepPlot(sweep, {
      width,
      height,
      description: this.#describe(sweep),
      curve: this.#curve,
      points: this.#points,
      cursor: this.#reading?.at,
      formula: this.#own,
      pinned: pinned ? pinnedMarks(pinned, getComputedStyle(this).getPropertyValue("--muted")) : [],
    });
  }

  protected override async explain(): Promise<readonly string[]> {
    const { explainSweep } = await import("./explain");
    return this.#sweep ? explainSweep(this.#sweep, this.#points) : [];
  }

  protected documented() {
    const sweep = this.#sweep;
    return sweep && { scenario: sweep.scenario, sweep };
  }

  protected table(): Table {
    const sweep = this.#sweep;
    const name = sweep?.parameter ?? "parameter";
    const own = sweep !== undefined && hasFormula(sweep);
    const kept = this.#pin.kept;
    const pinned = sweep && kept && comparable(kept, sweep) ? kept : undefined;
    return {
      caption: sweep ? `The ${quantityOf(sweep)} after ${counted(sweep.scenario.run.steps, "step")}` : "",
      figures: sweep ? [Math.max(5, figuresFor(sweep))] : [],
      header: [
        name,
        "measured",
        "standard_error",
        "discrete",
        "continuous",
        "replicas",
        "diverged",
        "exact",
        ...(own ? ["your_formula"] : []),
        ...(pinned ? ["pinned", "pinned_error"] : []),
      ],
      rows: this.#points.map((point) => [
        point.x,
        point.measured,
        point.error,
        point.discrete,
        point.continuous,
        point.replicas,
        point.diverged,
        point.exact,
        ...(own ? [point.formula] : []),
        ...(pinned ? [pinnedAt(pinned, point.x)?.measured, pinnedAt(pinned, point.x)?.error] : []),
      ]),
    };
  }
}

/** What a measurement depends on. */
function essence(sweep: FullSweep | undefined) {
  if (!sweep) return undefined;
  const { view: _view, ...rest } = sweep;
  const { parameter, scenario } = rest;
  if (isDerived(parameter)) return rest;
  // The scenario's own value of the swept parameter is not used.
  const key = parameterNamed(parameter).path.split("/").slice(1);
  const copy = structuredClone(scenario) as unknown as Record<string, unknown>;
  let place = copy;
  for (const step of key.slice(0, -1)) place = place[step] as Record<string, unknown>;
  delete place[key[key.length - 1] as string];
  return { ...rest, scenario: copy };
}

/** Updates of a coordinate in a sweep. */
function work({ scenario, points: number, parameter, from, to }: FullSweep): number {
  const { replicas, steps } = scenario.run;
  const coordinates = parameter === "dimension" ? (from + to) / 2 : dimensionOf(scenario);
  return replicas * steps * number * coordinates;
}

customElements.define("nd-sweep", SweepElement);
