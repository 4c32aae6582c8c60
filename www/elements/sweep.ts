/** `<nd-sweep>`: a quantity against a parameter, measured point by point over the curves of both theories. */
import { Cancelled, type Curve, type FullSweep, type SweepPoint, type Verdict } from "../engine/engine";
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
  region,
  rule,
} from "../plot";
import { dimensionOf, same, write } from "../state/document";
import { parameterNamed } from "../state/tables";
import { make, scripts } from "./dom";
import { Instrument, type Table } from "./instrument";
import { count, counted, duration } from "./numbers";
import { comparable, describePinned, type Pinned, pinnedAt, pinnedMarks } from "./pinned";
import {
  describe,
  exactDiffers,
  figuresFor,
  hasFormula,
  isEscape,
  isShape,
  nowhere,
  quantityOf,
  readoutOf,
  symbolOf,
  verdictOf,
} from "./sweep-words";

/** Values along a theory's curve. */
const SAMPLES = 400;
/** The same of an escape, whose chain is work for each of them. */
const ESCAPES = 80;
/** Work that starts by itself, in updates of a coordinate; more waits for the button. */
const UNASKED = 3e9;
/** Updates a second and worker, for the guess of a time before there is a measurement. */
const RATE = 1.5e8;

export class SweepElement extends Instrument {
  protected readonly fileName = "noisy-descent-sweep";
  #sweep: FullSweep | undefined;
  #curve: Curve | undefined;
  #points: SweepPoint[] = [];
  #verdict: Verdict | undefined;
  /** Why there is no stationary state, where there is none on the whole sweep. */
  #why: string | undefined;
  #abort: AbortController | undefined;
  #cursor: number | undefined;
  #asked = 0;
  #pinned: Pinned | undefined;
  readonly #pin = make("button", { type: "button", class: "pin", onclick: () => this.#togglePin() }, "Pin");
  readonly #pinWords = make("p", { class: "pinned", hidden: true });
  readonly #run = make("button", { type: "button", class: "run", onclick: () => this.#toggle() }, "Run");
  readonly #bar = make("progress", { max: "1", value: "0", "aria-label": "Progress of the sweep" });
  readonly #status = make("span", { class: "status" });
  readonly #words = make("p", { class: "words" });
  readonly #discrete = make("dd", {});
  readonly #continuous = make("dd", {});
  readonly #exactName = make("dt", { class: "exact", hidden: true }, "exact");
  readonly #exact = make("dd", { hidden: true });
  readonly #formulaName = make("dt", { class: "formula", hidden: true }, "your formula");
  readonly #formula = make("dd", { hidden: true });

  protected build(): void {
    const picture = this.makePicture((width) => Math.max(280, Math.min(440, 0.56 * width)));
    picture.tabIndex = 0;
    picture.setAttribute("role", "group");
    picture.setAttribute("aria-label", "Plot of the sweep; arrow keys read its points");
    picture.addEventListener("pointermove", (event) => this.#point(event));
    picture.addEventListener("pointerdown", (event) => this.#point(event));
    picture.addEventListener("pointerleave", () => this.#show(undefined));
    picture.addEventListener("blur", () => this.#show(undefined));
    picture.addEventListener("keydown", (event) => this.#key(event));
    this.append(
      picture,
      make("div", { class: "bar" }, this.#run, this.#pin, this.#bar, this.#status),
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
      this.#pinWords,
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
    this.#stop();
    [this.#points, this.#verdict, this.#cursor, this.#why] = [[], undefined, undefined, undefined];
    this.#say("");
    this.#write();
    this.whenSeen(() => this.#begin());
  }

  /** The curves, and the points where that is little work. */
  #begin(): void {
    const sweep = this.#sweep;
    if (!sweep) return;
    void this.#predict(sweep).catch(this.#fail);
    const seconds = work(sweep) / RATE / (this.engine?.workers ?? 1);
    if (work(sweep) <= UNASKED) void this.run();
    else this.#say(`${count(work(sweep))} updates, about ${duration(seconds)}; press Run`);
  }

  /** Measures every point; resolves when that is done or cancelled. */
  async run(): Promise<void> {
    const [engine, sweep] = [this.engine, this.#sweep];
    if (!engine || !sweep) return;
    this.#stop();
    const abort = new AbortController();
    this.#abort = abort;
    const mine = () => this.#abort === abort;
    const start = performance.now();
    [this.#points, this.#verdict] = [[], undefined];
    this.#run.textContent = "Cancel";
    this.#bar.value = 0;
    this.toggleAttribute("running", true);
    this.#say("running");
    this.#write();
    try {
      await engine.sweep(sweep, {
        signal: abort.signal,
        onProgress: (share) => {
          if (!mine()) return;
          this.#bar.value = share;
          const left = ((performance.now() - start) / 1000) * (1 / Math.max(share, 1e-6) - 1);
          this.#say(`${this.#share(sweep)}, ${duration(left)} left`);
        },
        onPoint: (point) => {
          if (!mine()) return;
          this.#points = [...this.#points, point].sort((a, b) => a.index - b.index);
          this.redraw();
          void this.#judge().catch(this.#fail);
        },
      });
      if (!mine()) return;
      await this.#judge();
      const seconds = (performance.now() - start) / 1000;
      this.#say(
        `${counted(sweep.points, "point")}, ${count(sweep.scenario.run.replicas)} replicas each, in ${seconds.toFixed(1)} s`,
      );
      this.live.textContent = `${this.#describe(sweep)} Discrete: ${this.#discrete.textContent}. Continuous: ${this.#continuous.textContent}.`;
      this.tellMeasured({
        swept: { sweep, points: this.#points, verdict: this.#verdict, curve: this.#curve },
      });
    } catch (error) {
      if (!mine()) return;
      // Every worker has stopped by now: the time it took is there for whoever wants to know.
      if (error instanceof Cancelled)
        this.dataset.cancelledAfter = (performance.now() - this.#asked).toFixed(1);
      if (error instanceof Cancelled) this.#say(`cancelled after ${this.#share(sweep)}`);
      else this.#fail(error);
    } finally {
      if (mine()) {
        this.#idle("Run again");
        this.#bar.value = this.#points.length / sweep.points;
      }
    }
  }

  /** Drops a run together with everything that says so: another sweep has come. */
  #stop(): void {
    this.#abort?.abort();
    this.#idle("Run");
    this.#bar.value = 0;
  }

  #idle(next: string): void {
    this.#abort = undefined;
    this.#run.textContent = next;
    this.toggleAttribute("running", false);
  }

  #share({ points }: FullSweep): string {
    return `${this.#points.length} of ${counted(points, "point")}`;
  }

  readonly #fail = (error: unknown) => {
    this.#say(`stopped: ${(error as Error).message}`);
  };

  /** Gives the run up; what is measured stays. */
  cancel(): void {
    this.#asked = performance.now();
    this.#abort?.abort();
  }

  #toggle(): void {
    if (this.#abort) this.cancel();
    else void this.run();
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

  /** Keeps the present result to be seen beside the next one, or lets it go. */
  #togglePin(): void {
    const [sweep, points] = [this.#sweep, this.#points];
    if (this.#pinned || !sweep || points.length === 0) this.#pinned = undefined;
    else this.#pinned = { sweep, curve: this.#curve, points };
    this.#pin.textContent = this.#pinned ? "Unpin" : "Pin";
    this.#write();
    this.redraw();
    this.live.textContent = this.#pinned ? (this.#pinWords.textContent ?? "") : "Nothing is pinned.";
  }

  #say(text: string): void {
    this.#status.textContent = text;
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
      place.replaceChildren(...scripts(verdictOf(theory, this.#verdict, sweep, this.#curve)));
    this.#discrete.toggleAttribute("data-accepted", this.#verdict?.discrete?.accepted === true);
    this.#continuous.toggleAttribute("data-accepted", this.#verdict?.continuous?.accepted === true);
    this.#formula.toggleAttribute("data-accepted", this.#verdict?.formula?.accepted === true);
    this.#exactName.hidden = this.#exact.hidden = !exactDiffers(this.#curve);
    this.#formulaName.hidden = this.#formula.hidden = !hasFormula(sweep);
    this.#words.textContent = this.#describe(sweep);
    this.#pin.disabled = !this.#pinned && this.#points.length === 0;
    this.#pinWords.hidden = !this.#pinned;
    this.#pinWords.textContent = this.#pinned ? describePinned(this.#pinned, sweep) : "";
  }

  #describe(sweep: FullSweep): string {
    return describe(sweep, this.#points, this.#curve, this.#verdict, this.#why);
  }

  #point(event: PointerEvent): void {
    const [frame, host] = [this.host?.frame, this.host];
    if (!frame || !host) return;
    const place = event.clientX - host.canvas.getBoundingClientRect().left;
    this.#show(
      nearestByX(
        frame,
        this.#points.map((point) => point.x),
        place,
        24,
      ),
    );
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
    const [point, sweep] = [this.#points[to], this.#sweep];
    if (point && sweep) this.live.textContent = readoutOf(point, sweep).join(", ");
  }

  #show(cursor: number | undefined): void {
    if (cursor === this.#cursor) return;
    this.#cursor = cursor;
    this.redraw();
  }

  protected plot(width: number, height: number): Plot | undefined {
    const [sweep, curve] = [this.#sweep, this.#curve];
    if (!sweep) return undefined;
    const logarithmic = sweep.view.y_scale === "log" && !isShape(sweep);
    const measured = this.#points.filter((point) => point.measured != null && point.diverged === 0);
    const [low, high] = yDomain(sweep, curve, measured, logarithmic);
    const marks: Mark[] = [];
    if (curve && nowhere(curve)) marks.push(region({}));
    for (const { at, stable_above } of nowhere(curve) ? [] : (curve?.limits ?? [])) {
      if (stable_above) marks.push(region({ x0: sweep.from, x1: at }));
      else marks.push(region({ x0: at, x1: sweep.to }));
      const inside = at > sweep.from && at < sweep.to * (1 - 1e-9);
      if (inside)
        marks.push(
          rule({ x: at, label: `diverges ${stable_above ? "below" : "from"} ${shortLimit(sweep, at)}` }),
        );
      else marks.push(rule({ x: at, label: `diverges at ${shortLimit(sweep, at)}` }));
    }
    if (this.#pinned && comparable(this.#pinned, sweep))
      marks.push(...pinnedMarks(this.#pinned, getComputedStyle(this).getPropertyValue("--muted")));
    if (curve) {
      const { x, continuous, discrete } = curve as unknown as {
        x: number[];
        continuous: number[];
        discrete: number[];
      };
      const numbers = discrete.map((value) => value ?? Number.NaN);
      const exact = exactDiffers(curve)
        ? (curve.exact as number[]).map((value) => value ?? Number.NaN)
        : undefined;
      const own = curve.formula.length > 0 ? curve.formula.map((value) => value ?? Number.NaN) : undefined;
      marks.push(
        line({ x, y: continuous, series: "continuous" }),
        line({ x, y: numbers, series: "discrete" }),
        ...(exact ? [line({ x, y: exact, series: "exact" })] : []),
        ...(own ? [line({ x, y: own, series: "formula" })] : []),
        endLabels([
          { text: "continuous", x, y: continuous, series: "continuous" },
          { text: "discrete", x, y: numbers, series: "discrete" },
          ...(exact ? [{ text: "exact", x, y: exact, series: "exact" as const }] : []),
          ...(own ? [{ text: "your formula", x, y: own, series: "formula" as const }] : []),
        ]),
      );
    }
    marks.push(
      points({
        x: measured.map((point) => point.x),
        y: measured.map((point) => point.measured ?? Number.NaN),
        error: measured.map((point) => point.error ?? 0),
        series: "experiment",
      }),
    );
    const diverged = this.#points.filter((point) => point.diverged > 0);
    // Where nothing finite is left to measure there is a cross at the top edge, and the words below say how many.
    marks.push(
      points({
        x: diverged.map((point) => point.x),
        y: diverged.map(() => high),
        marker: "cross",
        series: "experiment",
      }),
    );
    const under = this.#cursor === undefined ? undefined : this.#points[this.#cursor];
    if (under) {
      const [head = "", ...rest] = readoutOf(under, sweep);
      const rings = [
        { y: under.continuous, series: "continuous" as const },
        ...(under.discrete == null ? [] : [{ y: under.discrete, series: "discrete" as const }]),
      ];
      const order = ["experiment", "discrete", "continuous", "exact", "formula"] as const;
      // A theory that says nothing of its own has no line.
      const series = order.filter(
        (name) => name !== "exact" || (under.exact != null && under.exact !== under.discrete),
      );
      marks.push(
        readout({
          x: under.x,
          rings,
          lines: [
            { text: plain(head) },
            ...rest.map((text, i) => ({ text: plain(text), series: series[i] ?? "experiment" })),
          ],
        }),
      );
    }
    const { label, symbol } = parameterNamed(sweep.parameter);
    return {
      width,
      height,
      title: `The ${quantityOf(sweep)} against the ${label.toLowerCase()} ${symbol}`,
      description: this.#describe(sweep),
      x: { scale: xScale(sweep), title: `${label.toLowerCase()} *${symbol}*` },
      y: { scale: logarithmic ? log(low, high) : linear(low, high), title: yTitle(sweep) },
      marks,
    };
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
    const pinned = sweep && this.#pinned && comparable(this.#pinned, sweep) ? this.#pinned : undefined;
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
  // The scenario's own value of the swept parameter is not used.
  const key = parameterNamed(parameter).path.split("/").slice(1);
  const copy = structuredClone(scenario) as unknown as Record<string, unknown>;
  let place = copy;
  for (const step of key.slice(0, -1)) place = place[step] as Record<string, unknown>;
  delete place[key[key.length - 1] as string];
  return { ...rest, scenario: copy };
}

/** Updates of a coordinate in a sweep. */
function work({ scenario, points: number }: FullSweep): number {
  const { replicas, steps } = scenario.run;
  return replicas * steps * number * dimensionOf(scenario);
}

/** From below everything to where nine tenths of the predicted points are: what is above gets an arrow. */
function yDomain(
  sweep: FullSweep,
  curve: Curve | undefined,
  measured: readonly SweepPoint[],
  logarithmic: boolean,
): [number, number] {
  const finite = (values: readonly (number | null | undefined)[]) =>
    values.filter((value): value is number => value != null && Number.isFinite(value) && value > 0);
  const discrete = finite((curve?.discrete ?? []) as (number | null)[]).sort((a, b) => a - b);
  const continuous = finite((curve?.continuous ?? []) as (number | null)[]);
  const seen = finite(measured.map((point) => point.measured));
  if (isShape(sweep)) return shapeDomain(curve, measured);
  if (isEscape(sweep) && !logarithmic) {
    const exact = finite((curve?.exact ?? []) as (number | null)[]);
    return [0, 1.08 * Math.max(...discrete, ...continuous, ...exact, ...seen, 1e-12)];
  }
  if (logarithmic) {
    const usual = discrete.slice(0, Math.ceil(0.99 * discrete.length));
    const all = [
      ...usual,
      ...continuous,
      ...seen.filter((value) => value < 1e3 * (usual[usual.length - 1] ?? 1e300)),
    ];
    return all.length === 0 ? [0.1, 10] : [Math.min(...all) / 1.5, Math.max(...all) * 1.5];
  }
  const most = discrete[Math.floor(0.92 * (discrete.length - 1))] ?? continuous[continuous.length - 1] ?? 1;
  return [
    0,
    1.08 * Math.max(most, sweep.parameter === "momentum" ? 0 : (continuous[continuous.length - 1] ?? 0)),
  ];
}

/** Skewness and kurtosis have either sign: from the least to the most that is predicted or measured, zero included. */
function shapeDomain(curve: Curve | undefined, measured: readonly SweepPoint[]): [number, number] {
  const all = [
    ...((curve?.discrete ?? []) as (number | null)[]),
    ...measured.flatMap(({ measured: value, error }) => [
      (value ?? 0) - (error ?? 0),
      (value ?? 0) + (error ?? 0),
    ]),
  ].filter((value): value is number => value != null && Number.isFinite(value));
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const room = 0.06 * (high - low) || 1;
  return [low - room, high + room];
}

function xScale({ from, to, scale }: FullSweep) {
  return scale === "log" ? log(from, to) : linear(from, to);
}

function yTitle(sweep: FullSweep): string {
  if (isEscape(sweep)) return "escape rate *γ*/*k_a*";
  return quantityOf(sweep).replace(/ of w/, " of *w*");
}

function shortLimit(sweep: FullSweep, at: number): string {
  return `*${symbolOf(sweep)}* = ${Number(at.toPrecision(Math.max(4, figuresFor(sweep))))}`;
}

customElements.define("nd-sweep", SweepElement);
