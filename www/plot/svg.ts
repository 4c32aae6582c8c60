import { pathRound } from "d3-path";
import { toPngDataUri } from "./png";
import { type RichText, SCRIPT_SHIFT, SCRIPT_SIZE } from "./rich";
import {
  BASELINE_SHIFT,
  type PathPaint,
  type Pixels,
  type Rect,
  type Surface,
  type TextPaint,
  type Trace,
  toTrace,
} from "./surface";
import type { Fonts } from "./theme";

const DIGITS = 2;

/** What a standalone SVG says about itself. */
export interface SvgHead {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** The picture's name. */
  readonly title: string;
  /** The text alternative: what is seen, with numbers. */
  readonly description: string;
  readonly fonts: Fonts;
  /** Room of the paper's colour around the picture, in CSS pixels; none where absent. */
  readonly pad?: { readonly width: number; readonly color: string };
}

/** Draws as SVG text: the same calls give the same characters. */
export class SvgSurface implements Surface {
  readonly #head: SvgHead;
  readonly #lines: string[] = [];
  readonly #clips = new Map<string, string>();
  #indent = "";

  constructor(head: SvgHead) {
    this.#head = head;
  }

  path(trace: Trace, paint: PathPaint): void {
    const d = pathData(trace);
    if (d === "") return;
    const attributes: Attributes = { d, fill: paint.fill ?? "none", "fill-opacity": paint.fillOpacity };
    const { stroke } = paint;
    if (stroke !== undefined) {
      attributes.stroke = stroke.color;
      attributes["stroke-width"] = stroke.width;
      attributes["stroke-dasharray"] = stroke.dash?.map(round).join(" ");
      attributes["stroke-linecap"] = stroke.cap;
      attributes["stroke-opacity"] = stroke.opacity;
    }
    this.#line(element("path", attributes));
  }

  text(text: RichText, x: number, y: number, paint: TextPaint): void {
    const down = BASELINE_SHIFT[paint.baseline ?? "alphabetic"] * paint.size;
    const turned = paint.rotate !== undefined && paint.rotate !== 0;
    const attributes: Attributes = {
      x: turned ? 0 : x,
      y: turned ? down : y + down,
      transform: turned ? `translate(${round(x)} ${round(y)}) rotate(${round(paint.rotate)})` : undefined,
      fill: paint.color,
      "font-size": paint.size,
      "font-family": paint.face === "number" ? this.#head.fonts.number : undefined,
      "text-anchor": paint.anchor === "start" ? undefined : paint.anchor,
    };
    if (paint.halo !== undefined) {
      attributes.stroke = paint.halo;
      attributes["stroke-width"] = paint.size * 0.3;
      attributes["paint-order"] = "stroke";
    }
    let shift = 0; // Firefox has no baseline-shift: dy moves from where the last run was
    const spans = text.map((run) => {
      const wanted = run.script === undefined ? 0 : SCRIPT_SHIFT[run.script] * paint.size;
      const dy = wanted - shift;
      shift = wanted;
      if (dy === 0 && run.script === undefined && run.italic !== true) return escapeXml(run.text);
      const span: Attributes = {
        dy: dy === 0 ? undefined : dy,
        "font-style": run.italic === true ? "italic" : undefined,
        "font-size": run.script === undefined ? undefined : paint.size * SCRIPT_SIZE,
      };
      return element("tspan", span, escapeXml(run.text));
    });
    this.#line(element("text", attributes, spans.join("")));
  }

  image(pixels: Pixels, place: Rect, smooth: boolean): void {
    if (pixels.width === 0 || pixels.height === 0) return;
    const { x, y, width, height } = place;
    const rendering = smooth ? undefined : "pixelated";
    const href = toPngDataUri(pixels);
    const attributes = {
      x,
      y,
      width,
      height,
      preserveAspectRatio: "none",
      "image-rendering": rendering,
      href,
    };
    this.#line(element("image", attributes));
  }

  clip(shape: Rect | Trace, draw: () => void): void {
    const d = pathData(toTrace(shape));
    const id = idOf("clip", d);
    if (this.#nest({ "clip-path": `url(#${id})` }, draw)) this.#clips.set(d, id);
  }

  group(name: string, draw: () => void): void {
    this.#nest({ class: name }, draw);
  }

  /** The document: a root with title, description and definitions around all that was drawn. */
  toString(): string {
    const { title, description, fonts, pad } = this.#head;
    const edge = pad?.width ?? 0;
    const [width, height] = [this.#head.width + 2 * edge, this.#head.height + 2 * edge];
    const paper = element("rect", { x: -edge, y: -edge, width, height, fill: pad?.color });
    const [titleId, descriptionId] = [idOf("title", title), idOf("desc", description)];
    const root = attributeText({
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: [-edge, -edge, width, height].map(round).join(" "),
      role: "img",
      "aria-labelledby": `${titleId} ${descriptionId}`,
      "font-family": fonts.text,
      "font-variant-numeric": "lining-nums tabular-nums",
      "stroke-linejoin": "round",
    });
    const clips = Array.from(this.#clips, ([d, id]) => `<clipPath id="${id}"><path d="${d}"/></clipPath>`);
    return [
      `<svg${root}>`,
      `<title id="${titleId}">${escapeXml(title)}</title>`,
      `<desc id="${descriptionId}">${escapeXml(description)}</desc>`,
      ...(clips.length > 0 ? ["<defs>", ...clips.map((clip) => ` ${clip}`), "</defs>"] : []),
      ...(pad === undefined ? [] : [paper]),
      ...this.#lines,
      "</svg>",
      "",
    ].join("\n");
  }

  /** A group around what is drawn; no group, and false, if nothing is. */
  #nest(attributes: Attributes, draw: () => void): boolean {
    const start = this.#lines.length;
    this.#line(`<g${attributeText(attributes)}>`);
    this.#indent += " ";
    draw();
    this.#indent = this.#indent.slice(1);
    const drawn = this.#lines.length > start + 1;
    if (drawn) this.#line("</g>");
    else this.#lines.pop();
    return drawn;
  }

  #line(text: string): void {
    this.#lines.push(this.#indent + text);
  }
}

type Attributes = Record<string, string | number | undefined>;

function element(name: string, attributes: Attributes, content?: string): string {
  const open = `<${name}${attributeText(attributes)}`;
  return content === undefined ? `${open}/>` : `${open}>${content}</${name}>`;
}

function attributeText(attributes: Attributes): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) => ` ${name}="${typeof value === "number" ? round(value) : escapeXml(String(value))}"`,
    )
    .join("");
}

function pathData(trace: Trace): string {
  const path = pathRound(DIGITS);
  trace(path);
  return path.toString();
}

/**
 * An id made from what it stands for (FNV-1a). Several pictures may be put into one page: where their ids are equal,
 * their clips are too.
 */
function idOf(kind: string, content: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < content.length; i++) hash = Math.imul(hash ^ content.charCodeAt(i), 0x01000193);
  return `${kind}-${(hash >>> 0).toString(36)}`;
}

/** A number with two decimals at most, so that a picture is short and the same on every machine. */
function round(value: number): string {
  return String(Number(value.toFixed(DIGITS)) + 0);
}

/** Characters which XML forbids even as references are dropped: a person's text may hold anything. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}
