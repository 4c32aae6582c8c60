/** `<nd-stability-map>`: λk against the momentum, or QHM's mixing: how fast, how far, and where it diverges. */
import type { FullScenario, Prediction } from "../engine/engine";
import {
  contours,
  density,
  line,
  linear,
  type Mark,
  note,
  type Plot,
  plain,
  points,
  readout,
  region,
} from "../plot";
import { same, type Value } from "../state/document";
import { make, prose } from "./dom";
import { type Further, Instrument, type Table } from "./instrument";
import {
  axesFor,
  type Cell,
  canChoose,
  cellAt,
  chosen,
  halfOf,
  type Map2d,
  mapOf,
  mapTables,
  moved,
  type Placed,
  productsOf,
  readoutOfCell,
  type Shown,
  SYMBOLS,
  shareOf,
  tellMap,
} from "./map-grid";
import { digits } from "./numbers";

/** Level lines, and the value with the deepest colour. */
const LEVELS: Readonly<Record<Shown, readonly number[]>> = {
  radius: [0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99],
  variance: [0.1, 0.3, 1, 3, 10, 30],
  trainingError: [0.03, 0.1, 0.3, 1, 3, 10],
};
/** Beyond what is shown, so that lines and words stay readable on it. */
const DEEPEST: Readonly<Record<Shown, number>> = { radius: 1.4, variance: 300, trainingError: 150 };
const NAMES: Readonly<Record<Shown, string>> = {
  radius: "spectral radius ρ",
  variance: "variance Σ, in c/k²",
  trainingError: "training error L, in c/k",
};

/** Cells of a large step of the keyboard. */
const LARGE = 10;

/** Most directions that are marked. */
const MARKED = 64;

/** What an instrument asks for: values of a scenario by the names of the parameter table. */
export type Choice = CustomEvent<Readonly<Record<string, Value>>>;

export class StabilityMapElement extends Instrument {
  protected readonly fileName = "noisy-descent-stability";
  #scenario: FullScenario | undefined;
  #prediction: Prediction | undefined;
  #map: Map2d | undefined;
  #directions: Placed[] = [];
  #cursor: Cell | undefined;
  #shown: Shown = "radius";
  readonly #words = make("p", { class: "words" });

  protected build(): void {
    const select = make("select", {
      name: "colour",
      "aria-label": "What the colour shows",
      onchange: () => {
        this.#shown = select.value as Shown;
        this.redraw();
      },
    });
    for (const name of Object.keys(NAMES) as Shown[])
      select.append(make("option", { value: name }, NAMES[name]));
    const form = make(
      "form",
      { class: "inline", autocomplete: "off", onsubmit: (event) => event.preventDefault() },
      make("label", { class: "line" }, "Colour", select),
    );
    const picture = this.makePicture((width) => Math.max(270, Math.min(400, 0.62 * width)));
    picture.tabIndex = 0;
    picture.classList.add("chooses");
    picture.setAttribute("role", "group");
    picture.setAttribute("aria-label", "Map of stability; arrow keys move a cursor, Enter sets the scenario");
    for (const name of ["pointermove", "pointerdown"] as const)
      picture.addEventListener(name, (event) => this.#show(this.#cellUnder(event)));
    for (const name of ["pointerleave", "blur"]) picture.addEventListener(name, () => this.#show(undefined));
    picture.addEventListener("click", (event) => this.#choose(this.#cellUnder(event)));
    picture.addEventListener("keydown", (event) => this.#key(event));
    this.append(form, picture, this.#words, this.live, this.makeData());
  }

  /** Shows a scenario on its map. */
  set scenario(scenario: FullScenario) {
    if (this.#scenario && same(this.#scenario as never, scenario as never)) return;
    this.#scenario = scenario;
    this.whenSeen(() => {
      void this.#find(scenario).catch((error: Error) => {
        if (this.#scenario === scenario) this.#words.textContent = `The map is not known: ${error.message}`;
      });
    });
  }

  async #find(scenario: FullScenario): Promise<void> {
    const { engine } = this;
    const outcome = await engine?.predict(scenario);
    if (!engine || !outcome || this.#scenario !== scenario) return;
    if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join("; "));
    const { optimizer } = scenario;
    const { largest, limit, stable } = outcome.value.stability;
    const axes = axesFor(optimizer, largest, limit);
    const places = Float64Array.from(productsOf(scenario, outcome.value).slice(0, MARKED));
    const [numbers, here] = await Promise.all([
      engine.stabilityMap(optimizer, axes.products, axes.shares),
      engine.stabilityMap(optimizer, places, Float64Array.of(shareOf(optimizer).value)),
    ]);
    if (this.#scenario !== scenario) return;
    this.#prediction = outcome.value;
    this.#map = mapOf(axes, numbers);
    this.#directions = Array.from(places, (product, i) => ({
      product,
      radius: here[i] ?? Number.NaN,
      variance: here[places.length + i] ?? Number.NaN,
    }));
    const words = tellMap(optimizer, this.#directions, limit, stable);
    this.#words.replaceChildren(...prose(words));
    this.announce(words);
    this.redraw();
  }

  #cellUnder(event: MouseEvent): Cell | undefined {
    const [frame, host, map] = [this.host?.frame, this.host, this.#map];
    if (!frame || !host || !map) return undefined;
    const box = host.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const { area } = frame;
    if (x < area.x || x > area.x + area.width || y < area.y - 4 || y > area.y + area.height + 4)
      return undefined;
    return cellAt(map, frame.x.value(x), frame.y.value(y));
  }

  #key(event: KeyboardEvent): void {
    const [map, scenario] = [this.#map, this.#scenario];
    if (!map || !scenario) return;
    const far = event.shiftKey ? LARGE : 1;
    const moves: Record<string, readonly [number, number]> = {
      ArrowLeft: [-far, 0],
      ArrowRight: [far, 0],
      ArrowDown: [0, -far],
      ArrowUp: [0, far],
    };
    const move = moves[event.key];
    if (move) {
      // It sets out from where the scenario is.
      const from =
        this.#cursor ?? cellAt(map, this.#directions[0]?.product ?? 1, shareOf(scenario.optimizer).value);
      this.#show(moved(map, from, ...move));
      if (this.#cursor) this.live.textContent = readoutOfCell(map, this.#cursor).join(", ");
    } else if (event.key === "Enter") this.#choose(this.#cursor);
    else if (event.key === "Escape") this.#show(undefined);
    else return;
    event.preventDefault();
  }

  #show(cursor: Cell | undefined): void {
    if (cursor?.column === this.#cursor?.column && cursor?.row === this.#cursor?.row) return;
    this.#cursor = cursor;
    this.redraw();
  }

  /** Asks for the scenario whose sharpest direction is there. */
  #choose(cell: Cell | undefined): void {
    const [map, prediction, scenario] = [this.#map, this.#prediction, this.#scenario];
    if (!cell || !map || !prediction || !scenario) return;
    if (!canChoose(scenario.optimizer) || !(prediction.stability.curvature > 0)) return;
    const detail = chosen(map, cell, prediction.stability.curvature);
    this.dispatchEvent(new CustomEvent("nd-choose", { detail, bubbles: true }));
  }

  protected plot(width: number, height: number): Plot | undefined {
    const [map, scenario] = [this.#map, this.#scenario];
    if (!map || !scenario) return undefined;
    const { products, shares, limit } = map;
    const values = map[this.#shown];
    const symbol = SYMBOLS[map.share];
    const step = products[0] as number;
    const most = products[products.length - 1] as number;
    const shown = this.#shown;
    const { value: share } = shareOf(scenario.optimizer);
    const [sharpest, ...others] = this.#directions;
    // Beyond the limit there is nothing to be read but that it diverges.
    const stable = values.map((value, i) => (Number.isNaN(map.variance[i] as number) ? Number.NaN : value));
    const top = 1.01;
    const beyond = {
      x: [...limit, limit[limit.length - 1] as number, most + step, most + step],
      y: [...shares, top, top, 0],
    };
    // Contours keep their numbers away from the name of the sharpest direction, which is beside its place.
    const right = (sharpest?.product ?? 0) > 0.75 * most;
    const named = [0.05, 0.1, 0.15, 0.2].map(
      (part) => (sharpest?.product ?? 0) + (right ? -part : part) * most,
    );
    const marks: Mark[] = [
      density({
        values: stable,
        columns: products.length,
        rows: shares.length,
        x: [step / 2, most + step / 2],
        y: [-0.005, (shares[shares.length - 1] as number) + 0.005],
        scaling: shown === "radius" ? "linear" : "log",
        max: DEEPEST[shown],
      }),
      region({ polygon: beyond }),
      contours({
        x: products,
        y: shares,
        values: stable,
        levels: LEVELS[shown].map((value) => ({ value, text: String(value) })),
        avoid: {
          x: [...limit, ...this.#directions.map(({ product }) => product), ...named],
          y: [...shares, ...this.#directions.map(() => share), ...named.map(() => share + 0.07)],
        },
      }),
      line({ x: limit, y: shares, series: "discrete", width: 2 }),
    ];
    const along = (list: readonly Placed[], radius: number) =>
      points({ x: list.map(({ product }) => product), y: list.map(() => share), radius });
    marks.push(along(others, 3));
    if (sharpest) {
      marks.push(along([sharpest], 4.6));
      const [dx, dy] = [right ? -8 : 8, share > 0.9 ? 14 : -13];
      const text = `*λk* = ${digits(sharpest.product, 4)}`;
      marks.push(
        note({
          text,
          x: sharpest.product,
          y: share,
          dx,
          dy,
          anchor: right ? "end" : "start",
          series: "experiment",
        }),
      );
    }
    if (this.#cursor) {
      const x = products[this.#cursor.column] as number;
      const y = shares[this.#cursor.row] as number;
      marks.push(
        readout({ x, y, lines: readoutOfCell(map, this.#cursor).map((text) => ({ text: plain(text) })) }),
      );
    }
    return {
      width,
      height,
      title: `Map of the ${NAMES[shown]} over λk and ${symbol}, with the limit of stability`,
      description: this.#words.textContent ?? "",
      x: { scale: linear(0, most), title: "*λk* of a direction" },
      y: { scale: linear(0, 1), title: `${map.share === "mixing" ? "mixing" : "momentum"} *${symbol}*` },
      marks,
    };
  }

  protected override async explain(): Promise<readonly string[]> {
    const { explainMap } = await import("./explain");
    const limit = this.#prediction?.stability.limit;
    return this.#scenario ? explainMap(this.#scenario, limit, this.#directions[0]?.product) : [];
  }

  protected documented() {
    const scenario = this.#scenario;
    return scenario && { scenario };
  }

  protected override further(): Further[] {
    const map = this.#map;
    return map ? mapTables(map) : [];
  }

  protected table(): Table {
    const scenario = this.#scenario;
    const share = scenario ? shareOf(scenario.optimizer) : { name: "momentum", value: Number.NaN };
    const finite = (value: number) => (Number.isFinite(value) ? value : undefined);
    return {
      caption:
        "The scenario’s directions on the map, sharpest first; the variance in units of c/k², the training error in c/k",
      header: ["lambda_k", share.name, "spectral_radius", "variance", "training_error", "limit"],
      rows: this.#directions.map(({ product, radius, variance }) => [
        product,
        share.value,
        radius,
        finite(variance),
        finite(halfOf(variance)),
        this.#prediction?.stability.limit,
      ]),
    };
  }
}

customElements.define("nd-stability-map", StabilityMapElement);
