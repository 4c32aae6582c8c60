/** The cloud's small table: the measured covariance beside every theory at the same step, with deviations in standard errors. */
import type { Snapshot } from "../engine/engine";
import type { Covariance } from "../plot";
import { type Axes, blockOf, measuredOf } from "./cloud-axes";
import { comparedLaws, exactLaw, settled } from "./cloud-theories";
import { entriesOf } from "./cloud-words";
import { make } from "./dom";
import { brief, plusMinus, z } from "./numbers";

/** Below this share of the variances a covariance is zero but for rounding. */
const ROUNDING = 1e-11;

/** A theory's entry, zero where it is so but for rounding. */
export function entryOf(block: Covariance | undefined, i: 0 | 1, j: 0 | 1): number | undefined {
  const value = block?.[i][j];
  if (!block || value === undefined || i === j) return value;
  return Math.abs(value) < ROUNDING * Math.sqrt(block[0][0] * block[1][1]) ? 0 : value;
}

/** A number that stays on one line; its deviation comes below it where there are three theories. */
const whole = (text: string) => text.replaceAll(" ", "\u00a0");

/** A value and its error, which comes below it where there are three theories; over one power of ten they stay together. */
function withError(value: number | undefined, error: number | undefined): (Node | string)[] {
  const [mean = "", deviation] = whole(plusMinus(value, error)).split(/\u00a0(?=±)/);
  const apart = deviation !== undefined && !mean.startsWith("(");
  return apart ? [`${mean} `, make("span", { class: "off" }, deviation)] : [whole(plusMinus(value, error))];
}

export class CovarianceTable {
  readonly #exactHead = make("th", { scope: "col", class: "exact", hidden: true }, "exact");
  readonly #body = make("tbody", {});

  /** The table; `called` tells several of a page apart. */
  make(called?: string): HTMLElement {
    const whose = called === undefined ? "" : `${called}: `;
    const name = `${whose}Covariance of the ensemble beside the theories`;
    const head = ["measured", "discrete", "continuous"].map((text) =>
      make("th", { scope: "col", class: text }, text),
    );
    head.push(this.#exactHead);
    const table = make(
      "table",
      { class: "comparison" },
      make("caption", { class: "visually-hidden" }, name),
      make("thead", {}, make("tr", {}, make("td"), ...head)),
      this.#body,
    );
    return make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": name }, table);
  }

  /** Fills it; before there is anything to compare, with as many rows as there will be. Tells whether the exact theory has a column. */
  fill(axes: Axes, snapshot?: Snapshot): boolean {
    const exact = snapshot && exactLaw(snapshot.prediction) && snapshot.prediction.exact;
    this.#exactHead.hidden = !exact;
    const measured = snapshot && measuredOf(snapshot, axes);
    const laws = snapshot && comparedLaws(snapshot);
    const [discrete, continuous, third] = [
      laws?.discrete,
      laws?.continuous,
      exact ? laws?.exact : undefined,
    ].map((law) => blockOf(law, axes));
    // On its way from one law to another it is off both, and nobody is wrong.
    const judged = snapshot !== undefined && settled(snapshot);
    const rows = entriesOf(axes).map(({ name, i, j }) => {
      const step = snapshot?.step ?? 0;
      const [value, error] = [measured?.covariance?.[i][j], measured?.error?.[i][j]];
      const theory = (law: number | undefined): (Node | string)[] => {
        if (law === undefined) return [snapshot ? "none" : "–"];
        if (!judged || !error || value == null || step === 0) return [whole(brief(law))];
        const off = make("span", { class: "off" }, `(${whole(z((value - law) / error))})`);
        return [`${whole(brief(law))} `, off];
      };
      return make(
        "tr",
        {},
        make("th", { scope: "row" }, name),
        make("td", {}, ...withError(value, error)),
        make("td", { class: "discrete" }, ...theory(entryOf(discrete, i, j))),
        make("td", { class: "continuous" }, ...theory(entryOf(continuous, i, j))),
        ...(exact ? [make("td", { class: "exact" }, ...theory(entryOf(third, i, j)))] : []),
      );
    });
    this.#body.replaceChildren(...rows);
    return Boolean(exact);
  }
}
