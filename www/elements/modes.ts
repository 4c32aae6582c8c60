/** `<nd-modes>`: the variance along each eigen-direction of the Hessian by every theory: the distortion at a glance. */
import type { FullScenario, Prediction } from "../engine/engine";
import {
  extent,
  key,
  linear,
  log,
  type Mark,
  nearestByX,
  note,
  type Plot,
  plain,
  points,
  readout,
  region,
  rule,
  type ScaleSpec,
  stems,
} from "../plot";
import { same } from "../state/document";
import { make } from "./dom";
import { Instrument, type Table } from "./instrument";
import { type Direction, directionsOf, placeOf, readoutOfMode, tellModes } from "./modes-words";

/** Each theory keeps its marker; where two agree the larger one is a ring around the smaller. */
const MARKERS = {
  exact: { marker: "square", radius: 6.4 },
  discrete: { marker: "circle", radius: 3.6 },
  continuous: { marker: "diamond", radius: 4.4 },
} as const;
const THEORIES = ["exact", "continuous", "discrete"] as const;

/** A spectrum over more than this factor is shown on a logarithmic axis. */
const WIDE = 30;

export class ModesElement extends Instrument {
  protected readonly fileName = "noisy-descent-directions";
  #scenario: FullScenario | undefined;
  #prediction: Prediction | undefined;
  #directions: Direction[] = [];
  #cursor: number | undefined;
  readonly #words = make("p", { class: "words" });
  readonly #live = make("p", { class: "visually-hidden", role: "status" });

  protected build(): void {
    const picture = this.makePicture((width) => Math.max(270, Math.min(400, 0.62 * width)));
    picture.tabIndex = 0;
    picture.setAttribute("role", "group");
    picture.setAttribute("aria-label", "Plot of the eigen-directions; arrow keys read them");
    for (const name of ["pointermove", "pointerdown"] as const)
      picture.addEventListener(name, (event) => this.#point(event));
    for (const name of ["pointerleave", "blur"]) picture.addEventListener(name, () => this.#show(undefined));
    picture.addEventListener("keydown", (event) => this.#key(event));
    this.append(picture, this.#words, this.#live, this.makeData());
  }

  /** Shows a scenario's directions. */
  set scenario(scenario: FullScenario) {
    if (this.#scenario && same(this.#scenario as never, scenario as never)) return;
    this.#scenario = scenario;
    this.whenSeen(() => {
      void this.#predict(scenario).catch((error: Error) => {
        if (this.#scenario === scenario)
          this.#words.textContent = `The directions are not known: ${error.message}`;
      });
    });
  }

  async #predict(scenario: FullScenario): Promise<void> {
    const outcome = await this.engine?.predict(scenario);
    if (this.#scenario !== scenario || outcome === undefined) return;
    if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join("; "));
    this.#prediction = outcome.value;
    this.#directions = directionsOf(scenario, outcome.value);
    this.#cursor = undefined;
    this.#words.textContent = tellModes(this.#directions, outcome.value);
    this.redraw();
  }

  #point(event: PointerEvent): void {
    const [frame, host] = [this.host?.frame, this.host];
    if (!frame || !host) return;
    const place = event.clientX - host.canvas.getBoundingClientRect().left;
    this.#show(nearestByX(frame, this.#directions.map(placeOf), place, 40));
  }

  #key(event: KeyboardEvent): void {
    const last = this.#directions.length - 1;
    // The sharpest is first in the list and furthest to the right.
    const moves: Record<string, number> = {
      ArrowLeft: Math.min(last, (this.#cursor ?? -1) + 1),
      ArrowRight: Math.max(0, (this.#cursor ?? last + 1) - 1),
      Home: last,
      End: 0,
    };
    const to = moves[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    this.#show(to);
    const direction = this.#directions[to];
    if (direction) this.#live.textContent = readoutOfMode(direction).join(", ");
  }

  #show(cursor: number | undefined): void {
    if (cursor === this.#cursor) return;
    this.#cursor = cursor;
    this.redraw();
  }

  protected plot(width: number, height: number): Plot | undefined {
    const [prediction, directions] = [this.#prediction, this.#directions];
    if (!prediction || directions.length === 0) return undefined;
    const places = directions.map(placeOf);
    const plainly = directions[0]?.product !== undefined;
    const { limit } = prediction.stability;
    const x = xOf(places, plainly ? limit : 0);
    const variances = THEORIES.map((name) => directions.map((direction) => direction[name] ?? Number.NaN));
    const found = extent(variances, "log");
    const y = found ? log(found[0] / 2, found[1] * 2) : linear(0, 1);
    const marks: Mark[] = [];
    // Two lines of words below the upper edge, so that they do not meet on a logarithmic axis.
    const line = (n: number) =>
      y.domain[1] / (y.kind === "log" ? (y.domain[1] / y.domain[0]) ** (0.055 * n) : 1 + 0.08 * n);
    if (plainly && limit <= x.domain[1]) {
      marks.push(region({ x0: limit }), rule({ x: limit }));
      const text = limit < 1.5 ? "" : `diverges from ${Number(limit.toPrecision(4))}`;
      marks.push(note({ text, x: limit, y: line(1), dx: -6, anchor: "end" }));
    }
    // A step along what is to the right of it goes beyond the minimum.
    if (plainly && x.domain[0] < 1) {
      marks.push(
        rule({ x: 1 }),
        note({ text: "sharp from 1", x: 1, y: line(x.kind === "log" ? 2.6 : 1), dx: -6, anchor: "end" }),
      );
    }
    const columns = directions.map((_, i) => variances.map((list) => list[i] ?? Number.NaN));
    marks.push(stems({ x: places, y: columns }));
    THEORIES.forEach((series, i) => {
      marks.push(points({ x: places, y: variances[i] ?? [], series, open: true, ...MARKERS[series] }));
    });
    marks.push(key([...THEORIES].reverse().map((series) => ({ series, text: series, ...MARKERS[series] }))));
    const under = this.#cursor === undefined ? undefined : directions[this.#cursor];
    if (under) {
      const [head = "", ...rest] = readoutOfMode(under);
      const series = ["continuous", "discrete", "exact"] as const;
      const lines = rest.map(
        (text, i) => ({ text: plain(text), series: series[i] ?? "experiment" }) as const,
      );
      marks.push(readout({ x: placeOf(under), lines: [{ text: plain(head) }, ...lines] }));
    }
    return {
      width,
      height,
      title: "Stationary variance along each eigen-direction",
      description: this.#words.textContent ?? "",
      x: { scale: x, title: plainly ? "*λk* of the direction" : "curvature *k* of the direction" },
      y: { scale: y, title: "variance along the direction" },
      marks,
    };
  }

  protected override async explain(): Promise<readonly string[]> {
    const { explainModes } = await import("./explain");
    return this.#scenario ? explainModes(this.#scenario, this.#directions) : [];
  }

  protected table(): Table {
    return {
      caption: "Each eigen-direction of the Hessian, sharpest first",
      header: [
        "curvature",
        "lambda_k",
        "continuous",
        "discrete",
        "exact",
        "autocorrelation_time",
        "autocorrelation_time_continuous",
        "sharp",
        "direction",
      ],
      rows: this.#directions.map((direction) => [
        direction.curvature,
        direction.product,
        direction.continuous,
        direction.discrete,
        direction.exact,
        direction.time,
        direction.timeContinuous,
        direction.sharp ? "yes" : "no",
        direction.along.replaceAll(",", ""),
      ]),
    };
  }
}

/** From zero, or from below the flattest where the spectrum is wide, to a little beyond the sharpest or the limit. */
function xOf(places: readonly number[], limit: number): ScaleSpec {
  const most = Math.max(...places);
  const end =
    limit > 0 && limit < 3 * most ? 1.08 * Math.max(most, limit) : 1.15 * Math.max(most, limit > 0 ? 1.1 : 0);
  const curved = places.filter((place) => place > 0);
  const least = Math.min(...curved);
  if (curved.length > 0 && most / least > WIDE && curved.length === places.length)
    return log(least / 1.5, end);
  return linear(0, end || 1);
}

customElements.define("nd-modes", ModesElement);
