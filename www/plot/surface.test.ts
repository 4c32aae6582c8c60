import { inflateSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { CanvasSurface, type Context2d } from "./canvas";
import { line } from "./marks/line";
import { draw } from "./plot";
import { encodePng, toPngDataUri } from "./png";
import { plain, rich } from "./rich";
import { segment } from "./surface";
import { SvgSurface } from "./svg";
import { commandsOf, plotOf } from "./testing";
import { lightTheme } from "./theme";

const head = { width: 100, height: 50, title: "a < b & c", description: 'say "x"', fonts: lightTheme.fonts };

describe("SvgSurface", () => {
  test("says what it is, escaped", () => {
    const svg = new SvgSurface(head).toString();
    expect(svg).toMatch(/<title id="[^"]+">a &lt; b &amp; c<\/title>/);
    expect(svg).toMatch(/<desc id="[^"]+">say &quot;x&quot;<\/desc>/);
    expect(svg).toMatch(/aria-labelledby="title-\w+ desc-\w+"/);
  });
  test("text cannot break out, nor hold what XML forbids", () => {
    const svg = new SvgSurface(head);
    svg.text(plain("</text><script>\u0000\u001b\ud800alert(1)"), 1, 2, { color: '"><x', size: 10 });
    expect(svg.toString()).not.toMatch(/<script|<x/);
    expect(svg.toString()).toContain("&lt;/text&gt;&lt;script&gt;alert(1)");
  });
  test("sets scripts by shifts that return to the line", () => {
    const svg = new SvgSurface(head);
    svg.text(rich("*w*_1 ab"), 1, 2, { color: "#000000", size: 10 });
    expect(svg.toString()).toContain(
      '<tspan font-style="italic">w</tspan><tspan dy="2" font-size="7.2">1</tspan><tspan dy="-2"> ab</tspan>',
    );
  });
  test("rounds, and never writes a negative zero", () => {
    const svg = new SvgSurface(head);
    svg.path(segment(-0.001, 1 / 3, 2, 3), { stroke: { color: "#000000", width: 2 / 3 } });
    svg.text(plain("a"), -0.001, 0, { color: "#000000", size: 10 });
    expect(svg.toString()).toContain('d="M0,0.33L2,3"');
    expect(svg.toString()).toContain('stroke-width="0.67"');
    expect(svg.toString()).toContain('<text x="0" y="0"');
  });
  test("shares a clip among equals and drops empty groups", () => {
    const svg = new SvgSurface(head);
    const rect = { x: 1, y: 2, width: 3, height: 4 };
    for (let i = 0; i < 2; i++) svg.clip(rect, () => svg.path(segment(0, 0, 1, 1), { fill: "#000000" }));
    svg.group("empty", () => svg.clip({ ...rect, x: 9 }, () => {}));
    expect(svg.toString().match(/<clipPath id=/g)).toHaveLength(1);
    expect(svg.toString()).not.toContain("empty");
  });
});

describe("png", () => {
  const pixelsOf = (width: number, height: number, color: (i: number) => number[]) => ({
    width,
    height,
    rgba: new Uint8ClampedArray(Array.from({ length: width * height }, (_, i) => color(i)).flat()),
  });
  const chunksOf = (png: Uint8Array) => {
    const view = new DataView(png.buffer, png.byteOffset);
    const chunks: Record<string, Uint8Array> = {};
    for (let at = 8; at < png.length; ) {
      const size = view.getUint32(at);
      chunks[String.fromCharCode(...png.subarray(at + 4, at + 8))] = png.subarray(at + 8, at + 8 + size);
      at += size + 12;
    }
    return chunks;
  };

  test("few colours go into a palette, clear ones too", () => {
    const png = encodePng(pixelsOf(3, 2, (i) => (i % 2 === 0 ? [1, 2, 3, 0] : [9, 8, 7, 255])));
    const chunks = chunksOf(png);
    expect(Array.from(chunks.IHDR ?? [])).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0]);
    expect(Array.from(chunks.PLTE ?? [])).toEqual([1, 2, 3, 9, 8, 7]);
    expect(Array.from(chunks.tRNS ?? [])).toEqual([0, 255]);
    expect(Array.from(inflateSync(chunks.IDAT ?? new Uint8Array()))).toEqual([0, 0, 1, 0, 0, 1, 0, 1]);
  });
  test("many colours go as they are, over more than one block", () => {
    const pixels = pixelsOf(200, 100, (i) => [i & 255, i >> 8, 7, 255]);
    const rows = inflateSync(chunksOf(encodePng(pixels)).IDAT ?? new Uint8Array()); // checks the sum, too
    expect(rows.length).toBe(100 * 801);
    expect(Array.from(rows.subarray(801 + 1, 801 + 9))).toEqual([200, 0, 7, 255, 201, 0, 7, 255]);
  });
  test("has the checksum that readers know for an empty end", () => {
    expect(Array.from(encodePng(pixelsOf(1, 1, () => [0, 0, 0, 0])).slice(-4))).toEqual([
      0xae, 0x42, 0x60, 0x82,
    ]);
    expect(toPngDataUri(pixelsOf(1, 1, () => [0, 0, 0, 0]))).toMatch(/^data:image\/png;base64,iVBORw0KGgo/);
  });
});

describe("CanvasSurface", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  /** A context that writes down its calls and measures every character as half of the font's size. */
  function recorder() {
    const calls: [string, ...unknown[]][] = [];
    const state: Record<string, unknown> = { canvas: { width: 600, height: 400 }, font: "" };
    const context = new Proxy(state, {
      get: (_, name: string) => {
        if (name in state) return state[name];
        if (name === "measureText") {
          return (text: string) => ({
            width: (text.length * Number(/([\d.]+)px/.exec(String(state.font))?.[1])) / 2,
          });
        }
        return (...values: unknown[]) => {
          calls.push([name, ...values]);
        };
      },
      set: (_, name: string, value) => {
        state[name] = value;
        calls.push([`${name}=`, value]);
        return true;
      },
    }) as unknown as Context2d;
    return { calls, context };
  }

  test("scales by the pixel ratio after it has emptied the bitmap", () => {
    const { calls, context } = recorder();
    new CanvasSurface(context, lightTheme.fonts).begin(2);
    expect(calls).toContainEqual(["clearRect", 0, 0, 600, 400]);
    expect(calls).toContainEqual(["setTransform", 2, 0, 0, 2, 0, 0]);
  });

  test("draws the path that SVG writes", () => {
    const { calls, context } = recorder();
    const trace = segment(1, 2, 3, 4);
    new CanvasSurface(context, lightTheme.fonts).path(trace, {
      stroke: { color: "#123456", width: 2, dash: [3, 1] },
    });
    const path = calls.filter(([name]) => name === "moveTo" || name === "lineTo");
    expect(path).toEqual(commandsOf(trace));
    expect(calls).toContainEqual(["setLineDash", [3, 1]]);
    expect(calls.at(-2)?.[0]).toBe("stroke");
  });

  test("anchors runs as a whole, halo first", () => {
    const { calls, context } = recorder();
    const paint = { color: "#000000", size: 10, anchor: "end", baseline: "middle", halo: "#ffffff" } as const;
    new CanvasSurface(context, lightTheme.fonts).text(rich("ab_1"), 100, 50, paint);
    const texts = calls.filter(([name]) => name === "fillText" || name === "strokeText");
    // 10 for "ab" and 3.6 for the script: the text starts 13.6 before its place.
    expect(
      texts.map(([name, text, x, y]) => [name, text, +Number(x).toFixed(2), +Number(y).toFixed(2)]),
    ).toEqual([
      ["strokeText", "ab", -13.6, 3.4],
      ["strokeText", "1", -3.6, 5.4],
      ["fillText", "ab", -13.6, 3.4],
      ["fillText", "1", -3.6, 5.4],
    ]);
  });

  test("puts an image's pixels on a small canvas, then stretches it", () => {
    vi.stubGlobal(
      "ImageData",
      class {
        constructor(readonly data: unknown) {}
      },
    );
    const { calls, context } = recorder();
    const small = recorder();
    const stage = { width: 0, height: 0, getContext: () => small.context };
    const surface = new CanvasSurface(context, lightTheme.fonts, () => stage);
    surface.image(
      { width: 2, height: 1, rgba: new Uint8ClampedArray(8) },
      { x: 1, y: 2, width: 30, height: 40 },
      false,
    );
    expect([stage.width, stage.height]).toEqual([2, 1]);
    expect(small.calls[0]?.[0]).toBe("putImageData");
    expect(calls).toContainEqual(["drawImage", stage, 1, 2, 30, 40]);
    expect(calls).toContainEqual(["imageSmoothingEnabled=", false]);
  });

  test("a whole plot ends with the state that it found", () => {
    const { calls, context } = recorder();
    draw(plotOf([line({ x: [0, 1], y: [0, 1] })]), new CanvasSurface(context, lightTheme.fonts), lightTheme);
    const count = (name: string) => calls.filter(([call]) => call === name).length;
    expect(count("save")).toBeGreaterThan(0);
    expect(count("save")).toBe(count("restore"));
    const numbers = calls.flatMap(([, ...values]) => values.filter((value) => typeof value === "number"));
    expect(numbers.every(Number.isFinite)).toBe(true);
  });
});
