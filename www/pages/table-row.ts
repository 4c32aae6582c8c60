/** One optimizer of Table 1: its entries, and a run that measures them. */
import { make, scripts, symbol } from "../elements/dom";
import {
  type Cell,
  comparedCell,
  doubtOf,
  exactCell,
  measuredCell,
  type Quantity,
  scaleOf,
  settingsOf,
} from "../elements/table-words";
import { Cancelled, type Engine, type FullScenario, type Table1Row } from "../engine/engine";

/** What stands where nothing is measured yet: as high as a measurement. */
const NOTHING: Cell = { value: "–", mark: "not run", tone: "plain" };

const COLUMNS = 5;

export class TableRow {
  readonly body = make("tbody");
  readonly #quantities: readonly Quantity[];
  readonly #scenario: FullScenario;
  readonly #measured: HTMLElement[];
  readonly #button: HTMLButtonElement;
  readonly #progress = make("progress", { max: "1", value: "0", hidden: true });
  readonly #note = make("span", { class: "note", role: "status" });
  #state: "idle" | "running" | "measured" = "idle";
  #stop = new AbortController();

  /** `changed` hears when it starts or ends to run. */
  constructor(
    readonly row: Table1Row,
    scenario: FullScenario,
    quantities: readonly Quantity[],
    readonly engine: Pick<Engine, "measure" | "predict">,
    readonly changed: () => void,
  ) {
    this.#scenario = { ...scenario, optimizer: row.optimizer as FullScenario["optimizer"] };
    this.#quantities = this.applies ? quantities : [];
    this.#progress.setAttribute("aria-label", `Progress of ${row.name}`);
    this.#button = make("button", { type: "button", class: "run", "aria-label": `Run ${row.name}` }, "Run");
    this.#button.addEventListener("click", () => {
      if (this.#state === "running") this.stop();
      else void this.run();
    });
    this.#measured = this.#quantities.map(() => cell(NOTHING));
    this.#build();
  }

  get state(): "idle" | "running" | "measured" {
    return this.#state;
  }

  /** Whether there is anything to fluctuate; a note says why not. */
  get applies(): boolean {
    return !rests(this.#scenario);
  }

  /** Gives a run up. */
  stop(): void {
    this.#stop.abort();
  }

  /** Runs the optimizer on the scenario's loss, under its noise, as often and as long as it says. */
  async run(): Promise<void> {
    if (this.#state === "running" || !this.applies) return;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#show("running");
    this.#note.textContent = "";
    const onProgress = (share: number) => {
      this.#progress.value = share;
    };
    try {
      const measurement = await this.engine.measure(this.#scenario, { signal, onProgress });
      const exact = this.row.exact;
      for (const [i, quantity] of this.#quantities.entries()) {
        const measured = cell(measuredCell(quantity.measured(measurement), quantity.of(exact)));
        this.#measured[i]?.replaceWith(measured);
        this.#measured[i] = measured;
      }
      const prediction = await this.engine.predict(this.#scenario);
      const theory = prediction.ok ? (prediction.value.exact ?? prediction.value.discrete) : null;
      this.#note.textContent = doubtOf(
        measurement,
        theory?.at_end.training_error,
        exact?.training_error ?? null,
      );
      this.#show("measured");
    } catch (error) {
      const cancelled = signal.aborted || error instanceof Cancelled;
      this.#note.textContent = cancelled ? "Stopped." : `${(error as Error).message}.`;
      this.#show("idle");
    }
  }

  #show(state: "idle" | "running" | "measured"): void {
    this.#state = state;
    this.#button.firstChild?.replaceWith(
      state === "running" ? "Stop" : state === "measured" ? "Run again" : "Run",
    );
    this.#button.setAttribute("aria-label", `${this.#button.textContent} ${this.row.name}`);
    this.#progress.hidden = state !== "running";
    if (state === "running") this.#progress.value = 0;
    this.body.dataset.state = state;
    this.changed();
  }

  #build(): void {
    const { row } = this;
    this.body.dataset.optimizer = row.optimizer.kind;
    const head = make(
      "th",
      { scope: "rowgroup", colspan: String(COLUMNS) },
      make("span", { class: "name" }, row.name),
      " ",
      make("span", { class: "settings" }, ...settings(row)),
      ...(this.applies ? [this.#button, this.#progress] : []),
    );
    if (row.note !== "" || row.errata.length > 0) head.append(make("span", { class: "note" }, ...note(row)));
    head.append(this.#note);
    this.body.append(make("tr", { class: "optimizer" }, head));
    const scale = scaleOf([row.earlier, row.paper, row.exact]);
    for (const [i, { name, words, of }] of this.#quantities.entries()) {
      const exact = of(row.exact);
      this.body.append(
        make(
          "tr",
          {},
          make("th", { scope: "row", title: words }, ...named(name)),
          cell(comparedCell(of(row.earlier), exact, scale, "not given")),
          cell(comparedCell(of(row.paper), exact, scale, row.note === "" ? "none" : "see above")),
          cell(exactCell(exact, scale)),
          this.#measured[i] ?? "",
        ),
      );
    }
  }
}

/**
 * The rows of a noise `C = aKΣK`, under which these optimizers have no fluctuation of their own: the core has none for them. Damped Newton
 * has a row, with a note that says the same.
 */
export function restingRows({ optimizer, noise }: FullScenario): Table1Row[] {
  if (!isProportional(noise)) return [];
  const { learning_rate } = optimizer as { learning_rate: number };
  const momentum = "momentum" in optimizer ? optimizer.momentum : 0;
  const resting = (name: string, of: Table1Row["optimizer"]): Table1Row => ({
    optimizer: of,
    name,
    earlier: undefined,
    paper: undefined,
    exact: undefined,
    errata: [],
    note: RESTING,
  });
  return [
    resting("SGD", { kind: "momentum", learning_rate, momentum: 0 }),
    resting("SGD with momentum", { kind: "momentum", learning_rate, momentum }),
    resting("QHM", { kind: "qhm", learning_rate, momentum }),
  ];
}

const isProportional = ({ covariance }: FullScenario["noise"]) => covariance.kind === "proportional";

/** Whether a scenario has no fluctuation that keeps itself alive. */
const rests = ({ optimizer, noise }: FullScenario): boolean =>
  isProportional(noise) && optimizer.kind !== "natural_gradient" && optimizer.kind !== "adam";

const RESTING =
  "does not apply: noise C = aKΣK shrinks with the weights, so that they come to rest, or diverge, and nothing is left to fluctuate";

/** `Σ11` as a symbol with its indices below the line. */
function named(name: string): (Node | string)[] {
  const [, letter = "", indices = ""] = /^([^\d]+)([\d,]*)$/.exec(name) ?? [];
  return [symbol(letter), make("sub", {}, indices)];
}

function settings(row: Table1Row): (Node | string)[] {
  return [symbol(settingsOf(row))];
}

/** The core's note, and links to the errata that concern the row. */
function note({ note: words, errata }: Table1Row): (Node | string)[] {
  const links = errata.flatMap((number, i) => [
    i === 0 ? (errata.length > 1 ? "errata " : "erratum ") : ", ",
    make("a", { href: `./errata.html#erratum-${number}` }, String(number)),
  ]);
  const sentence = words === "" ? "" : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  if (links.length === 0) return [`${sentence}.`];
  return sentence === "" ? ["See ", ...links, "."] : [`${sentence} (`, ...links, ")."];
}

function cell({ value, mark, tone }: Cell): HTMLElement {
  const element = make("td", { class: tone }, make("span", { class: "value" }, ...scripts(value)));
  if (mark !== "") element.append(make("span", { class: "mark" }, ...scripts(mark)));
  return element;
}
