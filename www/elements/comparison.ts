/** `<nd-comparison>`: the same loss and noise under several optimizers, side by side: how far each fluctuates, and in which shape. */
import { Cancelled, type FullScenario, type Measurement } from "../engine/engine";
import { key, type Mark, type Plot } from "../plot";
import { dimensionOf, same } from "../state/document";
import { unsettledAverage } from "./average";
import { blocksOf, cells, intervals, KEY, LABELS, nothing, sizeOf } from "./comparison-plot";
import {
  type Compared,
  columnsFor,
  ellipsesTable,
  oneScale,
  readoutOfCompared,
  tellComparison,
} from "./comparison-words";
import { make, prose, scripts, symbol } from "./dom";
import { type Grid, type GridCell, GridReading, type Told } from "./grid-reading";
import { type Further, Instrument, type Table } from "./instrument";
import { count } from "./numbers";
import { RunBar, type Running } from "./run-bar";
import { type Cell, comparedCell, doubtOf, exactCell, measuredCell, settingsOf } from "./table-words";

export class ComparisonElement extends Instrument {
  protected readonly fileName = "noisy-descent-comparison";
  #scenario: FullScenario | undefined;
  #list: readonly Compared[] = [];
  /** Optimizers that the last run has measured. */
  #measured = 0;
  #reading: GridReading | undefined;
  readonly #bar = new RunBar({
    owner: this,
    start: "Measure all",
    again: "Measure again",
    label: "Progress of the measurements",
    act: (running) => this.#measure(running),
    cancelled: () => `cancelled after ${this.#measured} of ${this.#asked.length} optimizers`,
  });
  readonly #body = make("tbody", {});
  readonly #numbers = make("div", { class: "wide", tabindex: "0", role: "region" });
  readonly #words = make("p", { class: "words" });

  protected build(): void {
    const name = "Training error under each optimizer";
    const head = [
      ["continuous", "earlier work"],
      ["discrete", "paper"],
      ["exact", "exact"],
      ["measured", "measured"],
    ].map(([tone = "", text = ""]) => make("th", { scope: "col", class: tone }, text));
    this.#numbers.setAttribute("aria-label", name);
    const numbers = make(
      "table",
      { class: "comparison optimizers" },
      make("caption", { class: "visually-hidden" }, name),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "training error"), ...head)),
      this.#body,
    );
    this.#numbers.append(numbers);
    const picture = this.makePicture((width) => this.#height(width));
    this.#reading = new GridReading(picture, {
      label: "The optimizers side by side; arrow keys read them",
      host: () => this.host,
      grid: () => this.#grid(),
      tell: (cell) => this.#read(cell),
      changed: () => this.redraw(),
      live: this.live,
    });
    this.append(
      picture,
      make("div", { class: "bar" }, ...this.#bar.parts),
      this.#numbers,
      this.#words,
      this.live,
      this.makeData(),
    );
  }

  /** Shows a scenario under each optimizer. */
  set scenario(scenario: FullScenario) {
    if (this.#scenario && same(this.#scenario as never, scenario as never)) return;
    this.#scenario = scenario;
    this.#bar.stop();
    this.whenSeen(() => {
      void this.#find(scenario).catch((error: Error) => {
        if (this.#scenario !== scenario) return;
        // Such as a loss with a flat direction, which Table 1 is not for.
        this.#show([]);
        this.#words.textContent = `No comparison for this scenario: ${error.message}.`;
        this.redraw();
      });
    });
  }

  async #find(scenario: FullScenario): Promise<void> {
    const { engine } = this;
    const outcome = await engine?.table1(scenario);
    if (!engine || !outcome || this.#scenario !== scenario) return;
    if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join("; "));
    const list = await Promise.all(
      outcome.value.map(async (row): Promise<Compared> => {
        const follows = row.optimizer.kind === "adam" || row.optimizer.kind === "natural_gradient";
        if (row.exact && !follows) return { row, why: "" };
        const under = await engine.predict({ ...scenario, optimizer: row.optimizer as never });
        if (row.exact) return { row, why: "", average: under.ok ? under.value.average : null };
        const why = under.ok
          ? under.value.stability.summary
          : under.problems.map(({ message }) => message).join("; ");
        return { row, why };
      }),
    );
    if (this.#scenario !== scenario) return;
    this.#show(list);
  }

  /** Those that have a stationary state, with their places in the list. */
  get #asked() {
    return this.#list.flatMap(({ row }, i) => (row.exact ? [{ row, i }] : []));
  }

  /** Runs every optimizer that has a stationary state; resolves when that is done or cancelled. */
  measure(): Promise<void> {
    return this.#bar.run();
  }

  async #measure({ signal, onProgress, mine }: Running): Promise<void> {
    const [engine, scenario, asked] = [this.engine, this.#scenario, this.#asked];
    if (!engine || !scenario) return;
    const shares = asked.map(() => 0);
    this.#measured = 0;
    const say = () => {
      onProgress(shares.reduce((sum, share) => sum + share, 0) / Math.max(1, asked.length));
      this.#bar.say(`${this.#measured} of ${asked.length} optimizers measured`);
    };
    say();
    const run = async ({ row, i }: (typeof asked)[number], n: number) => {
      const under = { ...scenario, optimizer: row.optimizer as never };
      const measurement = await engine.measure(under, {
        signal,
        onProgress: (share) => {
          shares[n] = share;
          if (mine()) say();
        },
      });
      if (!mine()) return;
      this.#measured++;
      shares[n] = 1;
      say();
      this.#take(i, measurement);
    };
    // What one of them comes to is no reason to give up the others.
    const ends = await Promise.allSettled(asked.map(run));
    if (!mine()) return;
    const reasons = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
    const failure = reasons.find((reason) => !(reason instanceof Cancelled)) ?? reasons[0];
    if (failure !== undefined) throw failure;
    this.#bar.say(`${this.#measured} optimizers, ${count(scenario.run.replicas)} replicas each`);
    this.live.textContent = `${this.#measured} optimizers, ${count(scenario.run.replicas)} replicas each.`;
  }

  #take(i: number, measurement: Measurement): void {
    this.#show(this.#list.map((one, n) => (n === i ? { ...one, measurement } : one)));
  }

  #show(list: readonly Compared[]): void {
    if (list.length !== this.#list.length) this.#reading?.clear();
    this.#list = list;
    this.#bar.disabled = list.length === 0;
    this.#numbers.hidden = list.length === 0;
    const { halves } = blocksOf(list);
    const scale = oneScale(halves);
    const drawn = halves.some((half) => half !== undefined);
    const plane = drawn && this.#scenario && dimensionOf(this.#scenario) > 1;
    // Ellipses too unlike for one scale have their own, said below each.
    const size = scale
      ? ` Each cell of the picture is ${sizeOf(scale)}, in units of the weights.`
      : " Below each ellipse stands how wide its cell is, in units of the weights.";
    const cell = plane ? size : "";
    const averages = list.flatMap(({ row, average, measurement }) =>
      measurement ? [unsettledAverage(row.optimizer as never, average, measurement.step)] : [],
    );
    const words = [`${tellComparison(list)}${cell}`, ...averages].filter((part) => part !== "").join(" ");
    this.#words.replaceChildren(...prose(words));
    this.#body.replaceChildren(...list.map((one) => this.#row(one)));
    this.redraw();
  }

  #row({ row, measurement }: Compared): HTMLElement {
    const exact = row.exact?.training_error ?? null;
    const scale = Math.abs(exact ?? 0);
    const measured: Cell = measurement
      ? measuredCell([measurement.training_error, measurement.training_error_error], exact)
      : { value: "–", mark: row.exact ? "not run" : "", tone: "plain" };
    const cells = [
      comparedCell(row.earlier?.training_error ?? null, exact, scale),
      comparedCell(row.paper?.training_error ?? null, exact, scale),
      row.exact
        ? exactCell(exact, scale)
        : { value: "–", mark: "no stationary state", tone: "plain" as const },
      measured,
    ];
    const head = make(
      "th",
      { scope: "row" },
      row.name,
      " ",
      make("span", { class: "mark" }, symbol(settingsOf(row))),
    );
    const doubt = measurement ? doubtOf(measurement, undefined, exact) : "";
    if (doubt !== "") head.append(make("span", { class: "mark" }, doubt));
    return make("tr", { "data-optimizer": row.name }, head, ...cells.map(cellOf));
  }

  protected override async explain(): Promise<readonly string[]> {
    return (await import("./explain-series")).explainComparison(this.#scenario, this.#list);
  }

  #height(width: number): number {
    // One line says that there is nothing to compare; before anything is known there is room for all of it.
    if (this.#list.length === 0 && this.#words.textContent !== "") return 2 * LABELS;
    const cells = Math.max(1, this.#list.length || 6);
    if (this.#scenario && dimensionOf(this.#scenario) === 1) return 60 + 46 * cells;
    const columns = columnsFor(width, cells);
    return Math.ceil(cells / columns) * Math.min(260, width / columns + LABELS) + KEY;
  }

  /** A cell for each optimizer, as they are drawn. */
  #grid(): Grid | undefined {
    const [scenario, count] = [this.#scenario, this.#list.length];
    if (!scenario || count === 0) return undefined;
    const domain = this.host?.frame?.x.domain ?? [-1, 1];
    if (dimensionOf(scenario) === 1) return { x: domain, y: [0, count], columns: 1, rows: count };
    const columns = columnsFor(this.host?.canvas.clientWidth ?? 0, count);
    const rows = Math.ceil(count / columns);
    return { x: [0, columns], y: [0, rows], columns, rows };
  }

  #read({ column, row }: GridCell): Told[] {
    const grid = this.#grid();
    // The first optimizer is at the top, rows count from below.
    const one = grid && this.#list[(grid.rows - 1 - row) * grid.columns + column];
    const series = [undefined, "continuous", "discrete", "exact", "experiment"] as const;
    return one
      ? readoutOfCompared(one).map((text, i) => told(text, one.row.exact ? series[i] : undefined))
      : [];
  }

  protected plot(width: number, height: number): Plot | undefined {
    const [scenario, list] = [this.#scenario, this.#list];
    const description = this.#words.textContent ?? "";
    if (!scenario || (list.length === 0 && description === "")) return undefined;
    const common = { width, height, description };
    if (list.length === 0) return { ...common, ...nothing };
    const shown = list.some(({ measurement }) => measurement);
    const names = key([
      { series: "continuous", text: "earlier work" },
      { series: "discrete", text: "paper" },
      { series: "exact", text: "exact" },
      ...(shown ? [{ series: "experiment" as const, text: "measured", marker: "circle" as const }] : []),
    ]);
    const picture = dimensionOf(scenario) === 1 ? intervals(list, names) : cells(list, names, width, height);
    const cursor: Mark[] = this.#reading?.marks() ?? [];
    return { ...common, ...picture, marks: [...picture.marks, ...cursor] };
  }

  protected documented() {
    const scenario = this.#scenario;
    return scenario && { scenario };
  }

  protected override further(): Further[] {
    const list = this.#list;
    return list.length === 0 ? [] : [{ name: "ellipses", table: () => ellipsesTable(list) }];
  }

  protected table(): Table {
    const variance = (covariance: readonly (readonly number[])[] | null | undefined) => covariance?.[0]?.[0];
    return {
      caption: "Stationary training error and variance of the first coordinate under each optimizer",
      header: [
        "optimizer",
        "training_error_earlier",
        "training_error_paper",
        "training_error_exact",
        "training_error_measured",
        "standard_error",
        "variance_exact",
        "variance_measured",
        "variance_standard_error",
      ],
      rows: this.#list.map(({ row, measurement }) => [
        row.name,
        row.earlier?.training_error,
        row.paper?.training_error,
        row.exact?.training_error,
        measurement?.training_error,
        measurement?.training_error_error,
        variance(row.exact?.covariance),
        variance(measurement?.covariance),
        variance(measurement?.covariance_error),
      ]),
    };
  }
}

const told = (text: string, series: Told["series"]): Told => (series ? { text, series } : { text });

function cellOf({ value, mark, tone }: Cell): HTMLElement {
  const element = make("td", { class: tone }, make("span", { class: "value" }, ...scripts(value)));
  if (mark !== "") element.append(make("span", { class: "mark" }, ...scripts(mark)));
  return element;
}

customElements.define("nd-comparison", ComparisonElement);
