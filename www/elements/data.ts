/** `<nd-data>`: the data set of least squares, and the noise of its minibatches beside the rule C = K/S. */
import type { DataSummary, FullScenario, Measurement, Prediction } from "../engine/engine";
import { line, linear, type Mark, type Plot, plain, points, readout } from "../plot";
import { dimensionOf, same } from "../state/document";
import { columnsOf, tellData, tellMeasuredWeights } from "./data-words";
import { make, prose } from "./dom";
import { GridReading } from "./grid-reading";
import type { Further, Table } from "./instrument";
import { block, lawsGrid, lawsPlot, lawsTable, type NamedLaw, readoutOfLaws } from "./laws";
import { counted, digits } from "./numbers";
import { offers, PairInstrument } from "./pair";
import { Reading } from "./reading";
import { measureBar, type Running } from "./run-bar";
import { subscript } from "./sweep-words";

/** Samples that are drawn: more are a blot, and every so many stands for its neighbours. */
const MOST = 1500;
/** In updates of a coordinate. */
const EFFORT = { unasked: 1e8, rate: 2e7 };
/** What is offered to a scenario without data, and to one whose noise is not theirs. */
const DATA = {
  loss: "least_squares",
  data: "diabetes",
  covariance: "minibatch",
  batch_size: 8,
  learning_rate: 0.3,
};
const BATCHES = { covariance: "minibatch", batch_size: 8 };

export class DataElement extends PairInstrument {
  protected readonly fileName = "noisy-descent-data";
  #scenario: FullScenario | undefined;
  #data: DataSummary | undefined;
  #prediction: Prediction | undefined;
  #asked = 0;
  #names: readonly string[] = [];
  /** Columns of the scatter, and whether the second picture is of the noise or of the weights. */
  #columns: [x: number, y: number] = [1, 0];
  #shown: "noise" | "weights" = "noise";
  /** The order of the samples from left to right. */
  #order: number[] = [];
  #reading: Reading | undefined;
  #plane: GridReading | undefined;
  #measured: Measurement | undefined;
  readonly #bar = measureBar(this, "Progress of the measurement", (running) => this.#measure(running));
  readonly #run = make("div", { class: "bar" }, ...this.#bar.parts);
  readonly #words = make("p", { class: "words" });
  readonly #offered = make("div", {});
  readonly #pictures = make("div", { class: "twins" });
  readonly #selects = ["across", "upwards"].map((way, axis) =>
    make("select", {
      name: way,
      "aria-label": `Column ${way}`,
      onchange: (event) => {
        this.#columns[axis] = Number((event.target as HTMLSelectElement).value);
        // Other columns of the same data: what is measured stays.
        if (this.#scenario) this.#start(this.#scenario, this.#measured);
      },
    }),
  );
  readonly #form = make("form", {
    class: "inline",
    autocomplete: "off",
    onsubmit: (e) => e.preventDefault(),
  });

  protected build(): void {
    const [across, upwards] = this.#selects as [HTMLSelectElement, HTMLSelectElement];
    const what = make("select", {
      name: "ellipses",
      "aria-label": "What the ellipses show",
      onchange: () => {
        this.#shown = what.value as "noise" | "weights";
        this.redraw();
      },
    });
    what.append(
      make("option", { value: "noise" }, "noise C at the minimum"),
      make("option", { value: "weights" }, "fluctuation Σ of the weights"),
    );
    this.#form.append(
      make("label", { class: "line" }, "Across", across),
      make("label", { class: "line" }, "upwards", upwards),
      make("label", { class: "line" }, "Ellipses", what),
    );
    const [first, second] = this.makePair("ellipses");
    this.#reading = new Reading(first, {
      label: "Scatter of the samples; arrow keys read them",
      host: () => this.host,
      places: () => this.#order.map((n) => this.#data?.x[n] ?? 0),
      tell: (i) => this.#read(i),
      changed: () => this.redraw(),
      live: this.live,
    });
    this.#plane = new GridReading(second, {
      label: "The covariances over each other; arrow keys read how far out a place is",
      host: () => this.second,
      grid: () => lawsGrid(this.second, this.#data?.dimension === 1),
      tell: ({ x, y }) => readoutOfLaws(this.#laws(), x, this.#data?.dimension === 1 ? undefined : y),
      changed: () => this.redraw(),
      live: this.live,
    });
    this.#pictures.append(first, second);
    this.append(
      this.#form,
      this.#pictures,
      this.#run,
      this.#words,
      this.#offered,
      this.live,
      this.makeData(),
    );
  }

  /** Shows a scenario's data. */
  set scenario(scenario: FullScenario) {
    if (this.#scenario && same(this.#scenario as never, scenario as never)) return;
    this.#scenario = scenario;
    this.whenSeen(() => this.#start(scenario));
  }

  #start(scenario: FullScenario, measured?: Measurement): void {
    const asked = ++this.#asked;
    this.#measured = measured;
    if (!measured) this.#bar.stop();
    void this.#find(scenario, asked).catch((error: Error) => {
      if (asked === this.#asked) this.#words.textContent = `The data are not known: ${error.message}`;
    });
  }

  async #find(scenario: FullScenario, asked: number): Promise<void> {
    const { engine } = this;
    if (!engine) return;
    this.#offerColumns(columnsOf(scenario));
    const [x, y] = this.#columns;
    const data = await engine.dataSummary(scenario, x, y, MOST);
    if (asked !== this.#asked) return;
    if (!data.ok) throw new Error(data.problems.map(({ message }) => message).join("; "));
    const prediction = data.value ? await engine.predict(scenario) : undefined;
    if (asked !== this.#asked) return;
    this.#data = data.value ?? undefined;
    this.#prediction = prediction?.ok ? prediction.value : undefined;
    const found = this.#data;
    this.#order = (found?.x ?? []).map((_, i) => i).sort((a, b) => (found?.x[a] ?? 0) - (found?.x[b] ?? 0));
    this.#reading?.clear();
    this.#plane?.clear();
    this.#write();
    for (const part of [this.#form, this.#pictures]) part.hidden = !found;
    const second = this.#pictures.querySelector<HTMLElement>(".second");
    if (second) second.hidden = !found?.noise;
    const list: [string, Record<string, unknown>][] = found
      ? found.noise
        ? []
        : [["Take the noise of its minibatches", BATCHES]]
      : [["Take the diabetes data", DATA]];
    this.#offered.replaceChildren(...(list.length > 0 ? [offers(this, list)] : []));
    this.#run.hidden = !found?.noise;
    this.redraw();
    if (found?.noise && !this.#measured) this.#offerRun(scenario);
  }

  #write(): void {
    const [data, scenario] = [this.#data, this.#scenario];
    if (!scenario) return;
    const told = data
      ? tellData(data, scenario, this.#prediction)
      : "The scenario’s loss has no data: it is given by a formula.";
    const measured =
      data && this.#measured ? ` ${tellMeasuredWeights(this.#measured, this.#prediction)}` : "";
    this.#words.replaceChildren(...prose(`${told}${measured}`));
    this.announce(`${told}${measured}`);
  }

  /** Measures the weights' covariance where that is little work: each update reads a whole batch. */
  #offerRun(scenario: FullScenario): void {
    const { run, noise } = scenario;
    const batch = "batch_size" in noise.covariance ? (noise.covariance.batch_size ?? 1) : 1;
    const work = run.replicas * run.steps * dimensionOf(scenario) * batch;
    this.#bar.offer(work, EFFORT, this.engine?.workers, "updates by a sample");
  }

  async #measure({ signal, onProgress, mine }: Running): Promise<void> {
    const [engine, scenario] = [this.engine, this.#scenario];
    if (!engine || !scenario) return;
    const measured = await engine.measure(scenario, { signal, onProgress });
    if (!mine()) return;
    this.#measured = measured;
    this.#bar.say(`measured, ${counted(measured.replicas, "replica")}, ${counted(measured.step, "step")}`);
    this.#write();
    this.redraw();
    this.tellMeasured();
  }

  /** The columns that there are; a choice that is gone goes back to the first input against the target. */
  #offerColumns(names: readonly string[]): void {
    if (same(names as never, this.#names as never)) return;
    this.#names = names;
    if (this.#columns.some((column) => column >= names.length)) this.#columns = [1, 0];
    this.#selects.forEach((select, axis) => {
      select.replaceChildren(...names.map((name, i) => make("option", { value: String(i) }, name)));
      select.value = String(this.#columns[axis]);
    });
  }

  #read(index: number): string[] {
    const [data, n] = [this.#data, this.#order[index] ?? 0];
    const [x, y] = this.#columns;
    if (!data) return [];
    return [`${this.#names[x]} = ${digits(data.x[n], 4)}`, `${this.#names[y]} = ${digits(data.y[n], 4)}`];
  }

  protected plot(width: number, height: number): Plot | undefined {
    const data = this.#data;
    if (!data) return undefined;
    const [x, y] = this.#columns;
    const room = (list: readonly number[]): [number, number] => {
      const [low, high] = [
        list.reduce((a, b) => Math.min(a, b), 0),
        list.reduce((a, b) => Math.max(a, b), 0),
      ];
      const margin = 0.05 * (high - low) || 1;
      return [low - margin, high + margin];
    };
    const [left, right] = room(data.x);
    const crowded = data.x.length > 300;
    const marks: Mark[] = [
      points({ x: data.x, y: data.y, series: "experiment", radius: crowded ? 1.3 : 2, open: false }),
    ];
    // With one input the fit is a line; with more the others' part would be missing.
    const slope = data.minimum[0] ?? Number.NaN;
    if (data.dimension === 1 && x === 1 && y === 0)
      marks.push(line({ x: [left, right], y: [slope * left, slope * right], width: 2 }));
    const at = this.#reading?.at;
    if (at !== undefined) {
      const n = this.#order[at] ?? 0;
      const lines = this.#read(at).map((text) => ({ text: plain(text) }));
      marks.push(readout({ x: data.x[n] ?? 0, rings: [{ y: data.y[n] ?? 0, series: "experiment" }], lines }));
    }
    return {
      width,
      height,
      title: `The samples: ${this.#names[y]} against ${this.#names[x]}`,
      description: this.#words.textContent ?? "",
      x: { scale: linear(left, right), title: plain(this.#names[x] ?? "") },
      y: { scale: linear(...room(data.y)), title: plain(this.#names[y] ?? "") },
      marks,
    };
  }

  /** The two inputs of the ellipses: those of the scatter, else the first two. */
  #inputs(): [number, number] {
    const [x, y] = this.#columns.map((column) => column - 1) as [number, number];
    if (x >= 0 && y >= 0 && x !== y) return [x, y];
    const first = Math.max(0, x);
    return [first, (this.#data?.dimension ?? 1) > 1 ? (first === 0 ? 1 : 0) : 0];
  }

  #laws(): NamedLaw[] {
    const [i, j] = this.#inputs();
    const { noise } = this.#data ?? {};
    const matrices =
      this.#shown === "noise"
        ? ([
            ["discrete", "K/S", noise?.approximate],
            ["exact", "exact", noise?.at_minimum],
          ] as const)
        : ([
            ["continuous", "continuous", this.#prediction?.continuous.stationary?.covariance],
            ["discrete", "with K/S", this.#prediction?.discrete?.stationary?.covariance],
            ["exact", "exact", this.#prediction?.exact?.stationary?.covariance],
            ["experiment", "measured", this.#measured?.covariance],
          ] as const);
    return matrices.flatMap(([series, name, matrix]) => {
      const covariance = block(matrix, i, j);
      return covariance ? [{ series, name, covariance }] : [];
    });
  }

  protected plotSecond(width: number, height: number): Plot | undefined {
    const data = this.#data;
    if (!data?.noise) return undefined;
    const [single, [i, j]] = [data.dimension === 1, this.#inputs()];
    const noise = this.#shown === "noise";
    const axis = (n: number) =>
      noise
        ? `gradient’s noise *η*${single ? "" : subscript(n + 1)}`
        : single
          ? "weight *w*"
          : `weight *w*${subscript(n + 1)}`;
    return lawsPlot(this.#laws(), {
      width,
      height,
      single,
      title: noise
        ? "Covariance of the gradient’s noise at the minimum, exact and by the rule K/S, 3σ"
        : "Covariance of the weights, exact and with the rule K/S, 3σ",
      description: this.#words.textContent ?? "",
      x: axis(i),
      y: axis(j),
      cursor: this.#plane?.marks(),
    });
  }

  protected override async explain(): Promise<readonly string[]> {
    const { explainData } = await import("./explain");
    return this.#scenario
      ? explainData(this.#scenario, (this.#words.textContent ?? "").replaceAll("$", ""))
      : [];
  }

  protected documented() {
    const scenario = this.#scenario;
    return scenario && { scenario };
  }

  protected override further(): Further[] {
    const data = this.#data;
    if (!data) return [];
    const [x, y] = this.#columns;
    const samples = (): Table => ({
      caption: `${data.x.length} of the ${data.samples} samples, as they are drawn`,
      header: [this.#names[x] ?? "x", this.#names[y] ?? "y"],
      rows: data.x.map((value, n) => [value, data.y[n]]),
    });
    const what = this.#shown === "noise" ? "gradient’s noise at the minimum" : "weights in the long run";
    return [
      { name: "samples", table: samples },
      ...(data.noise
        ? [{ name: "ellipses", table: () => lawsTable(this.#laws(), `Covariance of the ${what}`) }]
        : []),
    ];
  }

  protected table(): Table {
    const [data, prediction, measured] = [this.#data, this.#prediction, this.#measured];
    const [i, j] = this.#inputs();
    const places: [string, number, number][] =
      (data?.dimension ?? 1) === 1
        ? [["1 1", 0, 0]]
        : [
            [`${i + 1} ${i + 1}`, i, i],
            [`${j + 1} ${j + 1}`, j, j],
            [`${i + 1} ${j + 1}`, i, j],
          ];
    return {
      caption: "Entries of the noise’s covariance at the minimum, and of the weights’ in the long run",
      header: [
        "entry",
        "noise_rule",
        "noise_exact",
        "covariance_rule",
        "covariance_exact",
        "covariance_continuous",
        "covariance_measured",
        "standard_error",
      ],
      rows: data
        ? places.map(([name, a, b]) => [
            name,
            data.noise?.approximate[a]?.[b],
            data.noise?.at_minimum[a]?.[b],
            prediction?.discrete?.stationary?.covariance[a]?.[b],
            prediction?.exact?.stationary?.covariance[a]?.[b],
            prediction?.continuous.stationary?.covariance[a]?.[b],
            measured?.covariance[a]?.[b],
            measured?.covariance_error[a]?.[b],
          ])
        : [],
    };
  }
}

customElements.define("nd-data", DataElement);
