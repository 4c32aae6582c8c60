/** An instrument with two pictures: what both say is one table, and each is a file. */
import { hostPlot, type Plot, type PlotHost } from "../plot";
import { make } from "./dom";
import { Instrument } from "./instrument";

/** How tall each of two pictures is that stand side by side where there is room. */
const pairHeight = (width: number) => Math.max(260, Math.min(380, 0.7 * width));

export abstract class PairInstrument extends Instrument {
  #second: PlotHost | undefined;
  #name = "";

  /** The second picture, for a size in CSS pixels. */
  protected abstract plotSecond(width: number, height: number): Plot | undefined;

  /** Places for both pictures; `name` is said of the second one's files. */
  protected makePair(name: string): [first: HTMLElement, second: HTMLElement] {
    return [this.makePicture(pairHeight), this.#makeSecond(name)];
  }

  #makeSecond(name: string): HTMLElement {
    this.#name = name;
    this.classList.add("paired");
    const place = make("div", { class: "picture second" });
    this.#second = hostPlot(place, {
      height: pairHeight,
      plot: (width, tall) => this.plotSecond(width, tall),
    });
    return place;
  }

  protected get second(): PlotHost | undefined {
    return this.#second;
  }

  protected override redraw(): void {
    super.redraw();
    this.#second?.invalidate();
  }

  protected override makeData(): HTMLElement {
    const details = super.makeData();
    const file = `${this.fileName}-${this.#name.replaceAll(" ", "-")}`;
    const button = (text: string, act: () => void) =>
      make("button", { type: "button", class: "quiet", onclick: act }, text);
    details.querySelector(".files")?.append(
      make("span", {}, `The ${this.#name}: `),
      button("SVG", () => this.saveSvg(this.#second, file)),
      button("PNG", () => void this.savePng(this.#second, file)),
    );
    return details;
  }
}

/** Asks the page for values by the names of the parameter table. */
export function choose(element: HTMLElement, detail: Readonly<Record<string, unknown>>): void {
  element.dispatchEvent(new CustomEvent("nd-choose", { detail, bubbles: true }));
}

/** What is offered where a scenario has not what an instrument shows: buttons, each with what it asks for. */
export function offers(
  element: HTMLElement,
  list: readonly (readonly [text: string, detail: Readonly<Record<string, unknown>>])[],
): HTMLElement {
  const buttons = list.map(([text, detail]) =>
    make("button", { type: "button", onclick: () => choose(element, detail) }, text),
  );
  return make("p", { class: "offers" }, ...buttons);
}
