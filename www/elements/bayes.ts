/** `<nd-bayes>`: how far SGD's stationary law is from the Bayesian posterior, against the learning rate. */
import type { BayesPrediction, FullScenario, Prediction } from "../engine/engine";
import { line, linear, log, type Mark, note, type Plot, plain, points, readout, region, rule } from "../plot";
import { dimensionOf, same } from "../state/document";
import { tellBayes, tellImproper } from "./bayes-words";
import { make } from "./dom";
import type { Table } from "./instrument";
import { along, directionsIn, lawsPlot, type NamedLaw } from "./laws";
import { digits } from "./numbers";
import { choose, offers, PairInstrument } from "./pair";
import { Reading } from "./reading";
import { subscript } from "./sweep-words";

const SAMPLES = 320;
/** An optimum below this share of the limit is seen on a logarithmic axis only. */
const SMALL = 0.12;
/** How far beyond the limit of stability the axis goes at most. */
const BEYOND = 2;
/** A divergence below which the match counts as perfect in the picture. */
const PERFECT = 2e-4;
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
  readonly #sizes = { dataSize: 1000, batchSize: 100 };
  readonly #words = make("p", { class: "words" });
  readonly #live = make("p", { class: "visually-hidden", role: "status" });
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
    const first = this.makePicture((width) => Math.max(260, Math.min(380, 0.7 * width)));
    const second = this.makeSecond("ellipses", (width) => Math.max(260, Math.min(380, 0.7 * width)));
    this.#curve = new Reading(first, {
      label: "Divergence against the learning rate; arrow keys read it",
      host: () => this.host,
      places: () => this.#bayes?.learning_rates ?? [],
      tell: (i) => (this.#bayes ? readoutOfRate(this.#bayes, i) : []),
      changed: () => this.redraw(),
      live: this.#live,
    });
    this.append(
      this.#own,
      make("div", { class: "twins" }, first, second),
      this.#words,
      make("p", { class: "offers" }, this.#take, this.#offered),
      this.#live,
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
    this.#curve?.clear();
    this.#words.textContent = bayes.ok ? tellBayes(bayes.value, scenario) : tellImproper(bayes.problems);
    this.#own.hidden = this.#bayes?.own ?? false;
    this.#take.hidden = !bayes.ok;
    for (const picture of this.querySelectorAll<HTMLElement>(".picture")) picture.hidden = !bayes.ok;
    this.#offered.replaceChildren(
      ...(this.#bayes?.own ? [] : [offers(this, [["Take minibatches of data", DATA]])]),
    );
    this.redraw();
  }

  protected plot(width: number, height: number): Plot | undefined {
    const bayes = this.#bayes;
    if (!bayes) return undefined;
    const { learning_rates, divergences, optimum, continuous, continuous_divergence, limit } = bayes;
    const { learning_rate, divergence } = bayes;
    const small = optimum.learning_rate < SMALL * limit;
    const far = Math.max(limit, continuous.learning_rate, learning_rate) * (small ? 1.25 : 1.05);
    const end = Math.min(far, BEYOND * limit);
    const first = Math.min(learning_rates[0] ?? limit / 100, learning_rate / 1.3);
    const x = small ? log(first, end) : linear(0, end);
    // From below the optimum to where both ends have risen well above the two numbers that are spoken of.
    const told = [optimum.divergence, continuous_divergence ?? 0, divergence ?? 0];
    const [least, most] = [Math.max(optimum.divergence, PERFECT), Math.max(...told)];
    const y = log(least / 2, Math.max(40 * least, 4 * most));
    const top = y.domain[1];
    const marks: Mark[] = [];
    if (limit < x.domain[1]) marks.push(region({ x0: limit }), rule({ x: limit, label: "diverges" }));
    marks.push(line({ x: learning_rates, y: divergences, series: "discrete" }));
    marks.push(
      points({
        x: [optimum.learning_rate],
        y: [Math.max(optimum.divergence, y.domain[0])],
        series: "discrete",
        radius: 4.6,
      }),
      note({
        text: `best *λ* = ${digits(optimum.learning_rate, 3)}`,
        x: optimum.learning_rate,
        y: Math.max(optimum.divergence, y.domain[0]),
        // A perfect match lies on the axis: beside it, not below.
        ...(optimum.divergence > PERFECT ? { dy: 16, anchor: "middle" as const } : { dx: 12, dy: -10 }),
        series: "discrete",
      }),
    );
    marks.push(rule({ x: continuous.learning_rate }));
    marks.push(
      points({
        x: [continuous.learning_rate],
        y: [continuous_divergence ?? Number.POSITIVE_INFINITY],
        series: "continuous",
        marker: "diamond",
        radius: 5,
        open: true,
      }),
      note({
        text: `continuous ${digits(continuous.learning_rate, 3)}`,
        x: continuous.learning_rate,
        y: top / (top / y.domain[0]) ** 0.08,
        dx: continuous.learning_rate > 0.6 * end ? -6 : 6,
        anchor: continuous.learning_rate > 0.6 * end ? "end" : "start",
        series: "continuous",
      }),
    );
    if (divergence != null)
      marks.push(
        points({ x: [learning_rate], y: [divergence], series: "experiment", marker: "square", radius: 3.4 }),
        note({ text: "here", x: learning_rate, y: divergence, dx: 8, series: "experiment" }),
      );
    const at = this.#curve?.at;
    if (at !== undefined) {
      const [head = "", ...rest] = readoutOfRate(bayes, at);
      const place = learning_rates[at] as number;
      const rings = [{ y: divergences[at] as number, series: "discrete" as const }];
      const lines = [
        { text: plain(head) },
        ...rest.map((text) => ({ text: plain(text), series: "discrete" as const })),
      ];
      marks.push(readout({ x: place, rings, lines }));
    }
    return {
      width,
      height,
      title: "Divergence of SGD’s law from the posterior against the learning rate",
      description: this.#words.textContent ?? "",
      x: { scale: x, title: "learning rate *λ*" },
      y: { scale: y, title: "KL divergence, nats" },
      marks,
    };
  }

  /** SGD's ellipse over the posterior's along the sharpest and the flattest direction. */
  protected plotSecond(width: number, height: number): Plot | undefined {
    const [bayes, scenario] = [this.#bayes, this.#scenario];
    if (!bayes || !scenario) return undefined;
    const single = dimensionOf(scenario) === 1;
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
    });
  }

  #laws(): NamedLaw[] {
    const [bayes, prediction] = [this.#bayes, this.#prediction];
    if (!bayes) return [];
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
    const own = bayes.own && exact && first && flattest ? along(exact, [first, flattest]) : undefined;
    if (own) laws.push({ series: "exact", name: "exact", covariance: own });
    return laws;
  }

  protected override async explain(): Promise<readonly string[]> {
    const { explainBayes } = await import("./explain");
    return this.#scenario
      ? explainBayes(this.#scenario, (this.#words.textContent ?? "").replaceAll("$", ""))
      : [];
  }

  protected table(): Table {
    const bayes = this.#bayes;
    return {
      caption: bayes
        ? `Along each eigen-direction: variance of the posterior and of SGD; then the learning rates and their divergence in nats`
        : "",
      header: ["what", "curvature", "posterior", "sgd", "learning_rate", "divergence"],
      rows: bayes
        ? [
            ...bayes.curvatures.map((k, i) => [
              `direction ${i + 1}`,
              k,
              bayes.posterior[i],
              bayes.variances?.[i],
            ]),
            ["here", , , , bayes.learning_rate, bayes.divergence],
            ["best", , , , bayes.optimum.learning_rate, bayes.optimum.divergence],
            ["continuous guess", , , , bayes.continuous.learning_rate, bayes.continuous_divergence],
          ].map((row) => Array.from(row))
        : [],
    };
  }
}

/** What is read at a learning rate. */
function readoutOfRate({ learning_rates, divergences }: BayesPrediction, index: number): string[] {
  return [`λ = ${digits(learning_rates[index], 4)}`, `${digits(divergences[index], 4)} nats`];
}

/** A learning rate as a person would type it: near enough to the optimum that its divergence is the same. */
const rounded = (rate: number) => Number(rate.toPrecision(5));

customElements.define("nd-bayes", BayesElement);
