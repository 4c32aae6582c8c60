/** What every instrument shares: a name, a place for its picture, its data as a table and as files. */
import type { Engine } from "../engine/engine";
import { hostPlot, type Plot, type PlotHost } from "../plot";
import { download, make } from "./dom";
import { digits } from "./numbers";
import { Sight } from "./sight";
import type { Swept } from "./sweep-words";
import { csvOf, type Documented, type Further, jsonOf, type Table, type TableCell } from "./tables";

export type { Further, Table };

/** Milliseconds that words stand still before they are said: a slider that is pulled is not commented on the way. */
const STILL = 700;

/** Rows of a further table that are shown; its files hold all of them. */
const SHOWN = 200;

/** Why a file is not made. */
const NO_PICTURE = "There is no picture yet.";
const NO_PNG =
  "The browser could not make the PNG: it may lack the memory for it. The SVG holds the same picture.";

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
  readonly #further = make("div", { class: "further" });
  readonly #said = make("span", { class: "said", "aria-live": "polite" });
  /** A polite live region, for what is read by keyboard and for what has changed. */
  protected readonly live = make("p", { class: "visually-hidden", role: "status" });
  #announced: string | undefined;
  #announcing: ReturnType<typeof setTimeout> | undefined;
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
  /** The data that are shown, in the first table. */
  protected abstract table(): Table;
  /** Whatever else is drawn, in tables of its own. */
  protected further(): readonly Further[] {
    return [];
  }
  /** What the data are of. */
  protected abstract documented(): Documented | undefined;
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

  /**
   * Says the instrument's words aloud when they have changed and then stood still for a moment. The first ones are not said:
   * ten instruments of a page that opens would all speak at once.
   */
  protected announce(words: string): void {
    clearTimeout(this.#announcing);
    if (this.#announced === undefined) {
      this.#announced = words;
      return;
    }
    this.#announcing = setTimeout(() => {
      if (words === this.#announced) return;
      this.#announced = words;
      // Who reads a picture by keys is not interrupted.
      const reading = this.querySelector(".picture:focus") !== null;
      if (this.inView && !reading) this.live.textContent = words;
    }, STILL);
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
        const tables = [this.table(), ...this.further().map(({ table }) => table())];
        download(`${this.fileName}.csv`, "text/csv", csvOf(tables));
      }),
      button("JSON", () => {
        const text = jsonOf(this.table(), this.further(), this.documented());
        download(`${this.fileName}.json`, "application/json", text);
      }),
      button("SVG", () => this.saveSvg(this.#host, this.fileName)),
      button("PNG", () => void this.savePng(this.#host, this.fileName)),
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
        "aria-label": `Data of ${this.#called}`,
      }),
      this.#further,
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

  /** Where a page has several of a kind, it names them. */
  get #called(): string {
    return this.dataset.name ?? this.fileName;
  }

  /** Offers a picture as a file, or says why there is none. */
  protected saveSvg(host: PlotHost | undefined, name: string): void {
    const text = host?.toSvg() ?? "";
    this.#said.textContent = text === "" ? NO_PICTURE : "";
    if (text !== "") download(`${name}.svg`, "image/svg+xml", text);
  }

  protected async savePng(host: PlotHost | undefined, name: string): Promise<void> {
    const blob = await host?.toPng(2).catch(() => undefined);
    const shown = host?.toSvg() ?? "";
    this.#said.textContent = blob ? "" : shown === "" ? NO_PICTURE : NO_PNG;
    if (blob) download(`${name}.png`, "image/png", blob);
  }

  /** A table that nobody sees is not filled. */
  #fillTable(): void {
    if (!this.#details?.open) return;
    this.#details.querySelector(".scroll")?.replaceChildren(toHtml(this.table()));
    const tables = this.further();
    const names = tables.map(({ name }) => name);
    const places = [...this.#further.children] as HTMLDetailsElement[];
    // Folds stay as a person has left them while there are the same tables.
    if (places.map(({ dataset }) => dataset.table).join() !== names.join())
      this.#further.replaceChildren(...names.map((name) => this.#fold(name)));
    else for (const place of places) this.#fillFold(place);
  }

  /** A further table behind a fold of its own. */
  #fold(name: string): HTMLDetailsElement {
    const label = `${this.#called}: ${name}`;
    const place = make("details", { "data-table": name, ontoggle: () => this.#fillFold(place) });
    place.append(
      make("summary", {}, `${name.charAt(0).toUpperCase()}${name.slice(1)}`),
      make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }),
    );
    return place;
  }

  #fillFold(place: HTMLDetailsElement): void {
    const found = place.open && this.further().find(({ name }) => name === place.dataset.table);
    if (found) place.querySelector(".scroll")?.replaceChildren(toHtml(found.table(), SHOWN));
  }
}

/** A table for the page; of a long one the first rows. */
function toHtml({ caption, header, rows, figures }: Table, most = Number.POSITIVE_INFINITY): HTMLElement {
  const cell = (value: TableCell, column: number) =>
    make("td", {}, typeof value === "number" ? digits(value, figures?.[column] ?? 5) : (value ?? "–"));
  const cut = rows.length > most ? `; the first ${most} of ${rows.length} rows, all are in the files` : "";
  return make(
    "table",
    {},
    make("caption", {}, `${caption}${cut}`),
    make("thead", {}, make("tr", {}, ...header.map((name) => make("th", { scope: "col" }, name)))),
    make("tbody", {}, ...rows.slice(0, most).map((row) => make("tr", {}, ...row.map(cell)))),
  );
}
