/** `<nd-bayes>`: how far SGD's stationary law is from the Bayesian posterior, against the learning rate. */
import type { BayesPrediction, FullScenario, Prediction } from "../engine/engine";
import type { Plot } from "../plot";
import { dimensionOf, same } from "../state/document";
import { type ExactCurve, exactCurve, measurable, withoutExact } from "./bayes-exact";
import { divergencePlot, readoutOfRate, type Scale } from "./bayes-plot";
import { tellBayes, tellEllipse, tellExact, tellImproper } from "./bayes-words";
import { choice, make, prose } from "./dom";
import { GridReading } from "./grid-reading";
import type { Further, Table } from "./instrument";
import { along, directionsIn, lawsGrid, lawsPlot, lawsTable, type NamedLaw, readoutOfLaws } from "./laws";
import { type MeasuredAlong, measureAlong } from "./measured-along";
import { counted } from "./numbers";
import { choose, offers, PairInstrument } from "./pair";
import { Reading } from "./reading";
import { measureBar, type Running } from "./run-bar";
import { subscript } from "./sweep-words";

/** Learning rates of the curve. */
const SAMPLES = 320;
/** In updates of a coordinate. */
const EFFORT = { unasked: 3e8, rate: 1e8 };
/** Real minibatches of real data. */
const DATA = {
  loss: "least_squares",
  data: "diabetes",
  covariance: "minibatch",
  batch_size: 64,
  learning_rate: 0.3,
};

export class BayesElement extends PairInstrument {
  protected readonly fileName = "noisy-descent-posterior";
  #scenario: FullScenario | undefined;
  #bayes: BayesPrediction | undefined;
  #prediction: Prediction | undefined;
  #asked = 0;
  #curve: Reading | undefined;
  #plane: GridReading | undefined;
  #exact: ExactCurve | undefined;
  #measured: MeasuredAlong | undefined;
  #scale: Scale = "auto";
  readonly #bar = measureBar(this, "Progress of the measurement", (running) => this.#measure(running));
  readonly #run = make("div", { class: "bar" }, ...this.#bar.parts);
  readonly #sizes = { dataSize: 1000, batchSize: 100 };
  readonly #words = make("p", { class: "words" });
  readonly #own = make("form", { class: "inline", autocomplete: "off", onsubmit: (e) => e.preventDefault() });
  readonly #take = make(
    "button",
    {
      type: "button",
      onclick: () => {
        if (this.#bayes) choose(this, { learning_rate: rounded(this.#bayes.optimum.learning_rate) });
      },
    },
    "Take the best λ",
  );
  readonly #offered = make("div", {});

  protected build(): void {
    const scale = choice(
      "Learning rates",
      { auto: "as fits", linear: "linear", log: "logarithmic" },
      this.#scale,
      (chosen) => {
        this.#scale = chosen;
        this.redraw();
      },
    );
    const entry = (name: "dataSize" | "batchSize", label: string, sign: string, least: string) => {
      const input = make("input", {
        type: "number",
        name: sign,
        min: least,
        step: "1",
        value: String(this.#sizes[name]),
        onchange: () => {
          const value = Number(input.value);
          if (!Number.isInteger(value) || value < Number(least) || value > 1e9) return;
          this.#sizes[name] = value;
          if (this.#scenario) this.#start(this.#scenario);
        },
      });
      return make("label", { class: "line" }, `${label} `, make("i", {}, sign), input);
    };
    this.#own.append(entry("dataSize", "Samples", "N", "2"), entry("batchSize", "Batch size", "S", "1"));
    const [first, second] = this.makePair("ellipses");
    this.#curve = new Reading(first, {
      label: "Divergence against the learning rate; arrow keys read it",
      host: () => this.host,
      places: () => this.#bayes?.learning_rates ?? [],
      tell: (i) => (this.#bayes ? readoutOfRate(this.#bayes, this.#exact, i) : []),
      changed: () => this.redraw(),
      live: this.live,
    });
    this.#plane = new GridReading(second, {
      label: "SGD’s law over the posterior’s; arrow keys read how far out a place is",
      host: () => this.second,
      grid: () => lawsGrid(this.second, this.#single),
      tell: ({ x, y }) => readoutOfLaws(this.#laws(), x, this.#single ? undefined : y),
      changed: () => this.redraw(),
      live: this.live,
    });
    this.append(
      this.#own,
      make("form", { class: "inline", onsubmit: (e) => e.preventDefault() }, scale),
      make("div", { class: "twins" }, first, second),
      this.#run,
      this.#words,
      make("p", { class: "offers" }, this.#take, this.#offered),
      this.live,
      this.makeData(),
    );
  }

  /** Data and batch that stand in for what the scenario has not. */
  get sizes(): { readonly dataSize: number; readonly batchSize: number } {
    return { ...this.#sizes };
  }

  /** Shows a scenario's law beside its posterior. */
  set scenario(scenario: FullScenario) {
    if (this.#scenario && same(this.#scenario as never, scenario as never)) return;
    this.#scenario = scenario;
    this.whenSeen(() => this.#start(scenario));
  }

  #start(scenario: FullScenario): void {
    const asked = ++this.#asked;
    this.#bar.stop();
    void this.#find(scenario, asked).catch((error: Error) => {
      if (asked === this.#asked) this.#words.textContent = `The posterior is not known: ${error.message}`;
    });
  }

  async #find(scenario: FullScenario, asked: number): Promise<void> {
    const { engine } = this;
    if (!engine) return;
    const [bayes, prediction] = await Promise.all([
      engine.bayes(scenario, this.#sizes, SAMPLES),
      engine.predict(scenario),
    ]);
    if (asked !== this.#asked) return;
    this.#bayes = bayes.ok ? bayes.value : undefined;
    this.#prediction = prediction.ok ? prediction.value : undefined;
    [this.#exact, this.#measured] = [undefined, undefined];
    this.#curve?.clear();
    this.#plane?.clear();
    if (bayes.ok) this.#write();
    else this.#words.textContent = tellImproper(bayes.problems);
    this.announce(this.#words.textContent ?? "");
    this.#run.hidden = this.#bayes?.divergence == null;
    this.#own.hidden = this.#bayes?.own ?? false;
    this.#take.hidden = !bayes.ok;
    for (const picture of this.querySelectorAll<HTMLElement>(".picture")) picture.hidden = !bayes.ok;
    this.#offered.replaceChildren(
      ...(this.#bayes?.own ? [] : [offers(this, [["Take minibatches of data", DATA]])]),
    );
    this.redraw();
    if (!this.#bayes) return;
    this.#offerRun(scenario);
    if (withoutExact(this.#bayes, this.#prediction) !== "") return;
    this.#exact = await exactCurve(engine, scenario, this.#bayes, () => asked === this.#asked);
    if (asked !== this.#asked) return;
    this.#write();
    this.announce(this.#words.textContent ?? "");
    this.redraw();
  }

  #write(): void {
    const [bayes, scenario] = [this.#bayes, this.#scenario];
    if (!bayes || !scenario) return;
    const exact = withoutExact(bayes, this.#prediction);
    const words = [
      tellBayes(bayes, scenario),
      ...(exact === "" ? [] : [exact]),
      ...(this.#exact ? [tellExact(this.#exact)] : []),
      ...(this.#measured ? [tellEllipse(this.#measured, this.#laws(), settling(bayes, scenario))] : []),
    ].join(" ");
    this.#words.replaceChildren(...prose(words));
  }

  /** Measures SGD's ellipse where that is little work. */
  #offerRun(scenario: FullScenario): void {
    if (this.#run.hidden) return;
    this.#bar.offer(scenario.run.replicas * scenario.run.steps * dimensionOf(scenario), EFFORT);
  }

  async #measure(running: Running): Promise<void> {
    const { engine } = this;
    const [bayes, scenario, prediction] = [this.#bayes, this.#scenario, this.#prediction];
    if (!engine || !bayes || !scenario) return;
    const directions = prediction ? directionsIn(prediction) : [];
    const [first, last] = [directions[0], directions[directions.length - 1]];
    const pair = directions.length > 1 && first && last ? ([first, last] as const) : undefined;
    const measured = await measureAlong(engine, measurable(scenario, bayes), pair, running);
    if (!running.mine()) return;
    this.#measured = measured;
    this.#bar.say(`measured, ${counted(measured.replicas, "replica")}, ${counted(measured.step, "step")}`);
    this.#write();
    this.announce(this.#words.textContent ?? "");
    this.redraw();
    this.tellMeasured();
  }

  get #single(): boolean {
    return this.#bayes?.curvatures.length === 1;
  }

  protected plot(width: number, height: number): Plot | undefined {
    const description = this.#words.textContent ?? "";
    const size = { width, height, description };
    return this.#bayes && divergencePlot(this.#bayes, this.#exact, this.#scale, this.#curve?.at, size);
  }

  /** SGD's ellipse over the posterior's along the sharpest and the flattest direction. */
  protected plotSecond(width: number, height: number): Plot | undefined {
    const [bayes, scenario] = [this.#bayes, this.#scenario];
    if (!bayes || !scenario) return undefined;
    const single = this.#single;
    const last = bayes.curvatures.length;
    const name = (i: number) => (single ? "weight *w*" : `along *u*${subscript(i)}`);
    return lawsPlot(this.#laws(), {
      width,
      height,
      single,
      title: "SGD’s law over the posterior’s, along the sharpest and the flattest direction, 3σ",
      description: this.#words.textContent ?? "",
      x: single ? name(1) : `${name(1)}, the sharpest`,
      y: `${name(last)}, the flattest`,
      cursor: this.#plane?.marks(),
    });
  }

  #laws(): NamedLaw[] {
    const [bayes, prediction, scenario] = [this.#bayes, this.#prediction, this.#scenario];
    if (!bayes || !scenario) return [];
    const last = bayes.curvatures.length - 1;
    const diagonal = (list: readonly number[]) =>
      [
        [list[0] ?? 0, 0],
        [0, list[last] ?? 0],
      ] as const;
    const laws: NamedLaw[] = [{ name: "posterior", covariance: diagonal(bayes.posterior) }];
    if (bayes.variances)
      laws.push({ series: "discrete", name: "SGD", covariance: diagonal(bayes.variances) });
    const exact = prediction?.exact?.stationary?.covariance;
    const directions = prediction ? directionsIn(prediction) : [];
    const [first, flattest] = [directions[0], directions[directions.length - 1]];
    // Exact is what the experiment does: that of the scenario's own optimizer would be another descent.
    const sgd = prediction && isPlain(scenario) ? exact : undefined;
    const own = bayes.own && sgd && first && flattest ? along(sgd, [first, flattest]) : undefined;
    if (own) laws.push({ series: "exact", name: "exact", covariance: own });
    if (this.#measured?.covariance)
      laws.push({ series: "experiment", name: "measured", covariance: this.#measured.covariance });
    return laws;
  }

  protected override async explain(): Promise<readonly string[]> {
    const { explainBayes } = await import("./explain");
    return this.#scenario
      ? explainBayes(this.#scenario, (this.#words.textContent ?? "").replaceAll("$", ""))
      : [];
  }

  protected documented() {
    const scenario = this.#scenario;
    return scenario && { scenario };
  }

  /** What was measured along a direction: the sharpest and the flattest are. */
  #measuredAlong(direction: number): (number | undefined)[] {
    const last = (this.#bayes?.curvatures.length ?? 1) - 1;
    const axis = direction === 0 ? 0 : direction === last ? 1 : undefined;
    return axis === undefined
      ? []
      : [this.#measured?.covariance?.[axis][axis], this.#measured?.error?.[axis][axis]];
  }

  protected override further(): Further[] {
    const bayes = this.#bayes;
    if (!bayes) return [];
    const exact = new Map(this.#exact?.rates.map((rate, i) => [rate, this.#exact?.divergences[i]]));
    const curve = (): Table => ({
      caption: "Divergence of SGD from the posterior in nats at each learning rate",
      header: ["learning_rate", "discrete", "exact"],
      rows: bayes.learning_rates.map((rate, i) => [rate, bayes.divergences[i], exact.get(rate)]),
    });
    return [
      { name: "curve", table: curve },
      {
        name: "ellipses",
        table: () => lawsTable(this.#laws(), "The laws along the sharpest and the flattest direction"),
      },
    ];
  }

  protected table(): Table {
    const bayes = this.#bayes;
    return {
      caption: bayes
        ? `Along each eigen-direction: variance of the posterior and of SGD; then the learning rates and their divergence in nats`
        : "",
      header: [
        "what",
        "curvature",
        "posterior",
        "sgd",
        "learning_rate",
        "divergence",
        "measured",
        "standard_error",
      ],
      rows: bayes
        ? [
            ...bayes.curvatures.map((k, i) => [
              `direction ${i + 1}`,
              k,
              bayes.posterior[i],
              bayes.variances?.[i],
              undefined,
              undefined,
              ...this.#measuredAlong(i),
            ]),
            ["here", , , , bayes.learning_rate, bayes.divergence],
            ["best", , , , bayes.optimum.learning_rate, bayes.optimum.divergence],
            ["continuous guess", , , , bayes.continuous.learning_rate, bayes.continuous_divergence],
          ].map((row) => Array.from(row))
        : [],
    };
  }
}

/** Whether the scenario's optimizer is the plain SGD that the instrument speaks of. */
const isPlain = ({ optimizer }: FullScenario) => optimizer.kind === "momentum" && optimizer.momentum === 0;

/** A learning rate as a person would type it: near enough to the optimum that its divergence is the same. */
const rounded = (rate: number) => Number(rate.toPrecision(5));

customElements.define("nd-bayes", BayesElement);

/** What tells how far the run has settled; a stationary start has. */
const settling = ({ curvatures, learning_rate }: BayesPrediction, { run }: FullScenario) => ({
  curvatures: run.start.kind === "stationary" ? [] : curvatures,
  learning_rate,
});
