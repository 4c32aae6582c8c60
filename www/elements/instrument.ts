/** What every instrument shares: a name, a place for its picture, its data as a table and as files. */
import type { Engine } from "../engine/engine";
import { hostPlot, type Plot, type PlotHost } from "../plot";
import { csv, download, make } from "./dom";
import { digits } from "./numbers";
import { Sight } from "./sight";
import type { Swept } from "./sweep-words";

/** Why a file is not made. */
const NO_PICTURE = "There is no picture yet.";
const NO_PNG =
  "The browser could not make the PNG: it may lack the memory for it. The SVG holds the same picture.";

/** An instrument's data: a header and rows, for a table and a file. */
export interface Table {
  readonly caption: string;
  readonly header: readonly string[];
  /** Significant figures of the first columns; five where nothing is said. */
  readonly figures?: readonly number[];
  readonly rows: readonly (readonly (number | string | null | undefined)[])[];
}

/** What an instrument hands out with its event `nd-measured`, when it has measured all that its document asks for. */
export interface Measured {
  readonly table: Table;
  /** Of a sweep. */
  readonly swept?: Swept;
}

/**
 * The base of the custom elements that show a scenario. An instrument works while it can be seen: what it is given before it
 * comes near the viewport waits until then (`whenSeen`).
 */
export abstract class Instrument extends HTMLElement {
  #host: PlotHost | undefined;
  #details: HTMLDetailsElement | undefined;
  #waiting: (() => void) | undefined;
  readonly #sight = new Sight(this, (inView) => {
    if (inView) this.hurry();
    this.seen(inView);
  });
  readonly #said = make("span", { class: "said", "aria-live": "polite" });
  protected engine: Engine | undefined;

  /** Gives the instrument its numbers' source and builds what is in it. */
  start(engine: Engine): void {
    this.engine = engine;
    this.classList.add("instrument");
    this.build();
    this.#sight.open();
  }

  connectedCallback(): void {
    if (this.engine) this.#sight.open();
  }

  disconnectedCallback(): void {
    this.#sight.close();
  }

  /** Whether it is in or near the viewport, in a tab that is shown. */
  protected get inView(): boolean {
    return this.#sight.inView;
  }

  /** Does something as soon as the instrument can be seen: now, or when it comes there. What waited before is dropped. */
  protected whenSeen(act: () => void): void {
    this.#waiting = act;
    this.toggleAttribute("waiting", true);
    if (this.inView) this.hurry();
  }

  /** Does now what waits to be seen: because it is, or because somebody has asked for it. */
  protected hurry(): void {
    const act = this.#waiting;
    this.#waiting = undefined;
    this.toggleAttribute("waiting", false);
    act?.();
  }

  /** Told when it comes into view and when it goes, for what moves by itself. */
  protected seen(_inView: boolean): void {}

  protected abstract build(): void;
  /** The picture for a size in CSS pixels. */
  protected abstract plot(width: number, height: number): Plot | undefined;
  /** The data that are shown. */
  protected abstract table(): Table;
  /** What it shows, for whoever asks: paragraphs with formulas between dollars and the present numbers in them. */
  protected explain?(): Promise<readonly string[]>;
  /** Start of the names of its files. */
  protected abstract readonly fileName: string;

  /** A place that keeps the picture. */
  protected makePicture(height: (width: number) => number): HTMLElement {
    const place = make("div", { class: "picture" });
    this.#host = hostPlot(place, { height, plot: (width, tall) => this.plot(width, tall) });
    // Its own words come with the first picture.
    this.#host.canvas.setAttribute("aria-label", "A picture that is drawn when it is seen");
    return place;
  }

  /** Draws again in the next frame. */
  protected redraw(): void {
    this.#host?.invalidate();
    this.#fillTable();
  }

  /** Tells the page that all is measured that the document asks for. */
  protected tellMeasured(more: Omit<Measured, "table"> = {}): void {
    const detail: Measured = { table: this.table(), ...more };
    this.dispatchEvent(new CustomEvent("nd-measured", { detail }));
  }

  protected get host(): PlotHost | undefined {
    return this.#host;
  }

  /** The data behind a fold, and the files. */
  protected makeData(): HTMLElement {
    const button = (text: string, act: () => void) =>
      make("button", { type: "button", class: "quiet", onclick: act }, text);
    const files = make(
      "p",
      { class: "files" },
      "Download ",
      button("CSV", () => {
        const { header, rows } = this.table();
        download(`${this.fileName}.csv`, "text/csv", csv(header, rows));
      }),
      button("SVG", () => this.#svg()),
      button("PNG", () => void this.#png()),
      this.#said,
    );
    const details = make(
      "details",
      { class: "data", ontoggle: () => this.#fillTable() },
      make("summary", {}, "Data and files"),
    );
    details.append(
      files,
      make("div", {
        class: "scroll",
        tabindex: "0",
        role: "region",
        // Where a page has several of a kind, it names them.
        "aria-label": `Data of ${this.dataset.name ?? this.fileName}`,
      }),
    );
    this.#details = details;
    if (!this.explain) return details;
    const ask = button("What am I seeing?", () => void this.#explain());
    return make("div", {}, make("p", { class: "ask" }, ask), details);
  }

  /** Only who asks loads the words. */
  async #explain(): Promise<void> {
    try {
      const [{ openHelp }, paragraphs] = await Promise.all([import("./help"), this.explain?.() ?? []]);
      openHelp(this, paragraphs);
    } catch (error) {
      this.#said.textContent = `The explanation could not be loaded: ${(error as Error).message}`;
    }
  }

  #svg(): void {
    const text = this.#host?.toSvg() ?? "";
    this.#said.textContent = text === "" ? NO_PICTURE : "";
    if (text !== "") download(`${this.fileName}.svg`, "image/svg+xml", text);
  }

  async #png(): Promise<void> {
    const blob = await this.#host?.toPng(2).catch(() => undefined);
    const shown = this.#host?.toSvg() ?? "";
    this.#said.textContent = blob ? "" : shown === "" ? NO_PICTURE : NO_PNG;
    if (blob) download(`${this.fileName}.png`, "image/png", blob);
  }

  /** A table that nobody sees is not filled. */
  #fillTable(): void {
    const place = this.#details?.open ? this.#details.querySelector(".scroll") : undefined;
    if (!place) return;
    const { caption, header, rows, figures } = this.table();
    const cell = (value: number | string | null | undefined, column: number) =>
      make("td", {}, typeof value === "number" ? digits(value, figures?.[column] ?? 5) : (value ?? "–"));
    place.replaceChildren(
      make(
        "table",
        {},
        make("caption", {}, caption),
        make("thead", {}, make("tr", {}, ...header.map((name) => make("th", { scope: "col" }, name)))),
        make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map(cell)))),
      ),
    );
  }
}
