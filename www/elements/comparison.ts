/** `<nd-comparison>`: the same loss and noise under several optimizers, side by side: how far each fluctuates, and in which shape. */
import { Cancelled, type FullScenario, type Measurement } from "../engine/engine";
import { type EllipseOptions, ellipses, key, line, linear, type Mark, note, type Plot, plain } from "../plot";
import { dimensionOf, same } from "../state/document";
import {
  type Block,
  blockOf,
  type Compared,
  columnsFor,
  halvesOf,
  oneScale,
  scaled,
  tellComparison,
} from "./comparison-words";
import { make, scripts, symbol } from "./dom";
import { Instrument, type Table } from "./instrument";
import { count, digits } from "./numbers";
import { type Cell, comparedCell, doubtOf, exactCell, measuredCell, settingsOf } from "./table-words";

/** Room for the words above and below a cell, and for the key, in CSS pixels. */
const LABELS = 40;
const KEY = 40;

/** The size of a cell in units of the weights. */
const sizeOf = (half: readonly [number, number]) =>
  `${digits(2 * half[0], 2)} wide${half[0] === half[1] ? "" : `, ${digits(2 * half[1], 2)} high`}`;

/** The theories of the table by the series whose colour and dash they have. */
const THEORIES = [
  ["earlier", "continuous"],
  ["paper", "discrete"],
  ["exact", "exact"],
] as const;

export class ComparisonElement extends Instrument {
  protected readonly fileName = "noisy-descent-comparison";
  #scenario: FullScenario | undefined;
  #list: readonly Compared[] = [];
  #abort: AbortController | undefined;
  readonly #run = make(
    "button",
    { type: "button", class: "run", onclick: () => this.#toggle() },
    "Measure all",
  );
  readonly #bar = make("progress", { max: "1", value: "0", "aria-label": "Progress of the measurements" });
  readonly #status = make("span", { class: "status" });
  readonly #body = make("tbody", {});
  readonly #words = make("p", { class: "words" });
  readonly #live = make("p", { class: "visually-hidden", role: "status" });

  protected build(): void {
    const name = "Training error under each optimizer";
    const head = [
      ["continuous", "earlier work"],
      ["discrete", "paper"],
      ["exact", "exact"],
      ["measured", "measured"],
    ].map(([tone = "", text = ""]) => make("th", { scope: "col", class: tone }, text));
    const numbers = make(
      "table",
      { class: "comparison optimizers" },
      make("caption", { class: "visually-hidden" }, name),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "training error"), ...head)),
      this.#body,
    );
    this.append(
      this.makePicture((width) => this.#height(width)),
      make("div", { class: "bar" }, this.#run, this.#bar, this.#status),
      make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": name }, numbers),
      this.#words,
      this.#live,
      this.makeData(),
    );
  }

  /** Shows a scenario under each optimizer. */
  set scenario(scenario: FullScenario) {
    if (this.#scenario && same(this.#scenario as never, scenario as never)) return;
    this.#scenario = scenario;
    this.#stop();
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
        if (row.exact) return { row, why: "" };
        const under = await engine.predict({ ...scenario, optimizer: row.optimizer as never });
        const why = under.ok
          ? under.value.stability.summary
          : under.problems.map(({ message }) => message).join("; ");
        return { row, why };
      }),
    );
    if (this.#scenario !== scenario) return;
    this.#show(list);
  }

  #toggle(): void {
    if (this.#abort) this.#abort.abort();
    else void this.measure();
  }

  #stop(): void {
    this.#abort?.abort();
    this.#idle("Measure all");
    this.#status.textContent = "";
  }

  #idle(next: string): void {
    this.#abort = undefined;
    this.#run.textContent = next;
    this.#bar.value = 0;
    this.toggleAttribute("running", false);
  }

  /** Runs every optimizer that has a stationary state; resolves when that is done or cancelled. */
  async measure(): Promise<void> {
    const [engine, scenario] = [this.engine, this.#scenario];
    if (!engine || !scenario || this.#abort) return;
    const abort = new AbortController();
    this.#abort = abort;
    const mine = () => this.#abort === abort;
    this.#run.textContent = "Cancel";
    this.toggleAttribute("running", true);
    const asked = this.#list.flatMap(({ row }, i) => (row.exact ? [{ row, i }] : []));
    const shares = new Map<number, number>();
    let measured = 0;
    const say = () => {
      this.#bar.value = [...shares.values()].reduce((sum, share) => sum + share, 0) / asked.length;
      this.#status.textContent = `${measured} of ${asked.length} optimizers measured`;
    };
    say();
    const run = async ({ row, i }: (typeof asked)[number]) => {
      const measurement = await engine.measure(
        { ...scenario, optimizer: row.optimizer as never },
        {
          signal: abort.signal,
          onProgress: (share) => {
            shares.set(i, share);
            if (mine()) say();
          },
        },
      );
      if (!mine()) return;
      measured++;
      shares.set(i, 1);
      say();
      this.#take(i, measurement);
    };
    const ends = await Promise.allSettled(asked.map(run));
    if (!mine()) return;
    const failure = ends.flatMap((end) =>
      end.status === "rejected" && !(end.reason instanceof Cancelled) ? [(end.reason as Error).message] : [],
    )[0];
    this.#idle(measured > 0 ? "Measure again" : "Measure all");
    if (failure) this.#status.textContent = `stopped: ${failure}`;
    else if (abort.signal.aborted)
      this.#status.textContent = `cancelled after ${measured} of ${asked.length} optimizers`;
    else this.#status.textContent = `${measured} optimizers, ${count(scenario.run.replicas)} replicas each`;
    this.#live.textContent = `${this.#status.textContent}.`;
  }

  #take(i: number, measurement: Measurement): void {
    this.#show(this.#list.map((one, n) => (n === i ? { ...one, measurement } : one)));
  }

  #show(list: readonly Compared[]): void {
    this.#list = list;
    this.#run.disabled = list.length === 0;
    const scale = oneScale(blocksOf(list).halves);
    const plane = this.#scenario && dimensionOf(this.#scenario) > 1 && scale;
    const cell = plane ? ` Each cell of the picture is ${sizeOf(scale)}, in units of the weights.` : "";
    this.#words.textContent = `${tellComparison(list)}${cell}`;
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
    return (await import("./explain-series")).explainComparison();
  }

  #height(width: number): number {
    const cells = Math.max(1, this.#list.length || 6);
    if (this.#scenario && dimensionOf(this.#scenario) === 1) return 60 + 46 * cells;
    const columns = columnsFor(width, cells);
    return Math.ceil(cells / columns) * Math.min(260, width / columns + LABELS) + KEY;
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
    return dimensionOf(scenario) === 1
      ? { ...common, ...intervals(list, names) }
      : { ...common, ...cells(list, names, width, height) };
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

function cellOf({ value, mark, tone }: Cell): HTMLElement {
  const element = make("td", { class: tone }, make("span", { class: "value" }, ...scripts(value)));
  if (mark !== "") element.append(make("span", { class: "mark" }, ...scripts(mark)));
  return element;
}

/** What each optimizer has of every kind. */
function blocksOf(list: readonly Compared[]) {
  const blocks = list.map(({ row, measurement }) => ({
    earlier: blockOf(row.earlier?.covariance),
    paper: blockOf(row.paper?.covariance),
    exact: blockOf(row.exact?.covariance),
    measured: blockOf(measurement?.covariance),
  }));
  // Without a stationary state the finite ellipse of earlier work is no news: the cell says so instead.
  const there = blocks.map((each) =>
    each.exact ? Object.values(each).filter((block): block is Block => block !== undefined) : [],
  );
  return { blocks, halves: halvesOf(there) };
}

/** Two coordinates or more: the 3σ ellipses of each optimizer in a cell of its own. */
function cells(list: readonly Compared[], names: Mark, width: number, height: number) {
  const columns = columnsFor(width, list.length);
  const rows = Math.ceil(list.length / columns);
  const [wide, tall] = [width / columns, (height - KEY) / rows];
  // A square between the lines of words above and below.
  const side = Math.min(wide, tall - LABELS);
  const { blocks, halves } = blocksOf(list);
  const common = oneScale(halves);
  const drawn: EllipseOptions[] = [];
  const marks: Mark[] = [];
  list.forEach(({ row }, i) => {
    const centre = [(i % columns) + 0.5, rows - Math.floor(i / columns) - 0.5] as const;
    marks.push(note({ text: plain(row.name), x: centre[0], y: centre[1] + 0.5, dy: 8, anchor: "middle" }));
    const half = halves[i];
    if (!half) {
      marks.push(note({ text: "no stationary state", x: centre[0], y: centre[1], anchor: "middle" }));
      return;
    }
    const add = (block: Block | undefined, series: NonNullable<EllipseOptions["series"]>) => {
      if (block)
        drawn.push({
          covariance: scaled(block, half, [side / wide, side / tall]),
          centre,
          series,
          sigmas: 3,
        });
    };
    for (const [theory, series] of THEORIES) add(blocks[i]?.[theory], series);
    add(blocks[i]?.measured, "experiment");
    if (!common)
      marks.push(
        note({ text: plain(sizeOf(half)), x: centre[0], y: centre[1] - 0.5, dy: -7, anchor: "middle" }),
      );
  });
  return {
    title: "The 3σ ellipses of the first two coordinates under each optimizer",
    x: { scale: linear(0, columns), hidden: true },
    y: { scale: linear(0, rows), hidden: true },
    marks: [names, ellipses(drawn), ...marks],
  };
}

/** In the place of a picture of another scenario. */
const nothing = {
  title: "No comparison for this scenario",
  x: { scale: linear(0, 1), hidden: true },
  y: { scale: linear(0, 1), hidden: true },
  marks: [note({ text: "no comparison for this scenario", x: 0.5, y: 0.5, anchor: "middle" })],
};

/** One coordinate: three standard deviations to each side, one line for each theory. */
function intervals(list: readonly Compared[], names: Mark) {
  const spread = (covariance: readonly (readonly number[])[] | null | undefined) =>
    3 * Math.sqrt(covariance?.[0]?.[0] ?? Number.NaN);
  const marks: Mark[] = [names];
  let most = 0;
  list.forEach(({ row, measurement }, i) => {
    const place = list.length - i - 0.5;
    marks.push(note({ text: plain(row.name), x: 0, y: place, dy: -15, anchor: "middle" }));
    if (!row.exact) {
      marks.push(note({ text: "no stationary state", x: 0, y: place, anchor: "middle" }));
      return;
    }
    const lines = [
      ...THEORIES.map(([theory, series]) => [spread(row[theory]?.covariance), series] as const),
      [spread(measurement?.covariance), "experiment"] as const,
    ];
    lines.forEach(([half, series], n) => {
      if (!(half > 0)) return;
      most = Math.max(most, half);
      const y = place + 0.12 - 0.1 * n;
      marks.push(line({ x: [-half, half], y: [y, y], series, width: 2.4 }));
    });
  });
  return {
    title: "Three standard deviations to each side under each optimizer",
    x: { scale: linear(-1.08 * (most || 1), 1.08 * (most || 1)), title: "*w*, ± 3 *σ*" },
    y: { scale: linear(0, list.length), hidden: true },
    marks,
  };
}

customElements.define("nd-comparison", ComparisonElement);
