/** What every instrument shares: a name, a place for its picture, its data as a table and as files. */
import type { Engine } from "../engine/engine";
import { hostPlot, type Plot, type PlotHost } from "../plot";
import { csv, download, make } from "./dom";
import { digits } from "./numbers";

/** An instrument's data: a header and rows, for a table and a file. */
export interface Table {
  readonly caption: string;
  readonly header: readonly string[];
  /** Significant figures of the first columns; five where nothing is said. */
  readonly figures?: readonly number[];
  readonly rows: readonly (readonly (number | string | null | undefined)[])[];
}

/** The base of the custom elements that show a scenario. */
export abstract class Instrument extends HTMLElement {
  #host: PlotHost | undefined;
  #details: HTMLDetailsElement | undefined;
  protected engine: Engine | undefined;

  /** Gives the instrument its numbers' source and builds what is in it. */
  start(engine: Engine): void {
    this.engine = engine;
    this.build();
  }

  protected abstract build(): void;
  /** The picture for a size in CSS pixels. */
  protected abstract plot(width: number, height: number): Plot | undefined;
  /** The data that are shown. */
  protected abstract table(): Table;
  /** Start of the names of its files. */
  protected abstract readonly fileName: string;

  /** A place that keeps the picture. */
  protected makePicture(height: (width: number) => number): HTMLElement {
    const place = make("div", { class: "picture" });
    this.#host = hostPlot(place, { height, plot: (width, tall) => this.plot(width, tall) });
    return place;
  }

  /** Draws again in the next frame. */
  protected redraw(): void {
    this.#host?.invalidate();
    this.#fillTable();
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
      button("SVG", () => download(`${this.fileName}.svg`, "image/svg+xml", this.#host?.toSvg() ?? "")),
      button("PNG", () => void this.#png()),
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
        "aria-label": `Data of ${this.fileName}`,
      }),
    );
    this.#details = details;
    return details;
  }

  async #png(): Promise<void> {
    const blob = await this.#host?.toPng(2);
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
