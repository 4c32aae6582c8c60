import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Mark } from "../mark";
import { frameOf, toSvg } from "../plot";
import { linear, log } from "../scale";
import { expectFinite, expectPicture, groupOf, plotOf } from "../testing";
import { darkTheme, lightTheme } from "../theme";
import { area } from "./area";
import { bars } from "./bars";
import { contours } from "./contours";
import { density, shade } from "./density";
import { type Covariance, ellipse, ellipses } from "./ellipse";
import { key } from "./key";
import { endLabels } from "./labels";
import { line } from "./line";
import { margin } from "./margin";
import { note } from "./note";
import { notes } from "./notes";
import { points } from "./points";
import { readout } from "./readout";
import { region } from "./region";
import { rule } from "./rule";
import { stems } from "./stems";

const NAN = Number.NaN;
const INF = Number.POSITIVE_INFINITY;
const svgOf = (marks: Mark[], ...scales: [x?: ReturnType<typeof linear>, y?: ReturnType<typeof linear>]) =>
  toSvg(plotOf(marks, ...scales), lightTheme);

describe("line", () => {
  const curves = () => [
    line({ x: [0, 5, 10], y: [0, 4, 6], series: "discrete" }),
    line({ x: [0, 5, 10], y: [0, 3, 4], series: "continuous" }),
    line({ x: [0, 5, 10], y: [0, 5, 8], series: "exact" }),
    line({ x: [1, 2, 1], y: [7, 8, 9], color: "#777777", width: 0.5, opacity: 0.5 }),
  ];
  test("picture", () => expectPicture(plotOf(curves()), "line"));
  test("picture on a wall, in the dark", () =>
    expectPicture(plotOf(curves(), undefined, undefined, 500), "line-dark-wall", {
      ...darkTheme,
      scale: 1.6,
    }));

  test("breaks at what has no place", () => {
    const x = [0, 1, 2, 3, 4, 5, 6];
    const y = [1, 2, NAN, 3, INF, 4, 5];
    const [, path = ""] = groupOf(svgOf([line({ x, y, series: "discrete" })]), "line discrete");
    expect(path.match(/M/g)).toHaveLength(3); // before NaN, the single point between, after infinity
    const [, onLog = ""] = groupOf(
      svgOf([line({ x, y: [1, 1, 0, 1, -1, 1, 1] })], linear(0, 6), log(0.1, 10)),
      "line plain",
    );
    expect(onLog.match(/M/g)).toHaveLength(3);
  });

  test("is clipped to the plot area", () => {
    const plot = plotOf([line({ x: [0, 10], y: [-1e300, 1e300], series: "discrete" })]);
    const svg = toSvg(plot, lightTheme);
    const { area: inner } = frameOf(plot, lightTheme);
    const grown = [inner.x - 0.8, inner.y - 0.8, inner.width + 1.6, inner.height + 1.6].map(
      (v) => +v.toFixed(2),
    );
    expect(svg).toContain(
      `<path d="M${grown[0]},${grown[1]}h${grown[2]}v${grown[3]}h${-(grown[2] as number)}Z"/>`,
    );
    expect(groupOf(svg, "line discrete")[0]).toMatch(/^<g clip-path=/);
  });
});

describe("area", () => {
  const x = [0, 2, 4, 6, 8, 10];
  test("picture", () =>
    expectPicture(
      plotOf([
        area({ x, y0: [1, 2, 3, NAN, 5, 6], y1: [2, 3, 5, 6, 8, 9], series: "discrete" }),
        area({ x, y1: [0, 1, 0.5, 0.3, 0, 0] }),
      ]),
      "area",
    ));
});

describe("points", () => {
  const x = [0, 1, 2, 3, 4, 5, 6, 7];
  test("picture", () =>
    expectPicture(
      plotOf([
        points({ x, y: [1, 2, 4, 12, INF, -3, NAN, 9.5], error: [0.1, 1, 0.5, 1, 1, 1, 1, 2] }),
        points({ x, y: [5, 5, 5], marker: "square", series: "discrete" }),
        points({ x, y: [6, 6, 6], marker: "diamond", series: "exact", open: true }),
        points({ x, y: [7, 7, 7], marker: "cross", color: "#c04a00" }),
      ]),
      "points",
    ));

  test("on a log scale a bar that reaches below zero runs to the edge", async () => {
    await expectPicture(
      plotOf([points({ x: [1], y: [1], error: [2] })], linear(0, 2), log(0.01, 100)),
      "points-log",
    );
  });

  test("off the scale is a triangle at the edge, beside it is nothing", () => {
    const triangles = (at: number, y: number) => {
      const lines = groupOf(svgOf([points({ x: [at], y: [y] })]), "points experiment");
      return lines.filter((text) => /L.*L.*Z/.test(text)).length;
    };
    expect([triangles(5, 11), triangles(5, -1), triangles(5, INF), triangles(5, -INF)]).toEqual([1, 1, 1, 1]);
    expect([triangles(5, 10), triangles(5, 0)]).toEqual([0, 0]);
    expect(
      groupOf(svgOf([points({ x: [11, -1, NAN, 5], y: [5, 12, 5, NAN] })]), "points experiment"),
    ).toEqual([]);
  });

  test("the triangle is at the edge behind which the value lies, on a reversed axis too", () => {
    const plot = plotOf([points({ x: [5], y: [12] })], linear(0, 10), linear(10, 0));
    const { area: inner } = frameOf(plot, lightTheme);
    const [triangle = ""] = groupOf(toSvg(plot, lightTheme), "points experiment");
    expect(triangle).toContain(`,${+(inner.y + inner.height).toFixed(2)}L`);
  });
});

describe("rule and region", () => {
  test("picture", () =>
    expectPicture(
      plotOf([
        region({ x0: 8 }),
        region({ polygon: { x: [0, 4, 0], y: [10, 10, 6] } }),
        rule({ x: 8, label: "diverges beyond *x* = 8" }),
        rule({ y: 5, label: "half", series: "exact" }),
        rule({ y: 9.9, label: "near the top" }),
      ]),
      "rule-region",
    ));

  test("what lies outside is not drawn", () => {
    const svg = svgOf([
      rule({ x: 11, label: "no" }),
      rule({ y: NAN }),
      region({ x0: 12 }),
      region({ x0: NAN }),
    ]);
    expect(groupOf(svg, "rule")).toEqual([]);
    expect(groupOf(svg, "region")).toEqual([]);
  });

  test("a label that meets the axis' title gets a line of its own", () => {
    const top = (x: number) => frameOf(plotOf([rule({ x, label: "a limit" })]), lightTheme).area.y;
    expect(top(0.5)).toBeGreaterThan(top(9) + 10);
  });
});

describe("margin", () => {
  const edges = [0, 2, 4, 6, 8, 10];
  const heights = [1, 4, 8, 3, 0];
  const curves = [
    { series: "continuous", values: [1, 3, 5, 3, 1] },
    { series: "discrete", values: [2, 5, 7, 4, 1] },
    { series: "exact", values: [1, 5, 9, 4, 0] },
  ] as const;
  test("picture", () =>
    expectPicture(
      plotOf([
        margin({ edge: "bottom", edges, heights, most: 10, curves, share: 0.4 }),
        margin({ edge: "left", edges, heights, most: 10, curves }),
      ]),
      "margin",
    ));

  test("the highest bin takes its share of the height, and a curve without an end is not drawn", () => {
    const plot = plotOf([
      margin({
        edge: "bottom",
        edges,
        heights,
        most: 8,
        curves: [{ series: "discrete", values: [1, INF, 2, 1, 0] }],
        share: 0.5,
      }),
    ]);
    const { area: inner } = frameOf(plot, lightTheme);
    const group = groupOf(toSvg(plot, lightTheme), "margin bottom").join("\n");
    expect(group).toContain(`,${+(inner.y + inner.height / 2).toFixed(2)}L`);
    expect(group.match(/<path/g)).toHaveLength(1);
  });

  test("without anything in it nothing is drawn", () => {
    expect(groupOf(svgOf([margin({ edge: "left", edges, heights, most: 0 })]), "margin left")).toEqual([]);
  });
});

describe("ellipse", () => {
  const wide: Covariance = [
    [2, 1],
    [1, 1.5],
  ];
  const small: Covariance = [
    [0.8, 0.1],
    [0.1, 0.5],
  ];
  test("picture", () =>
    expectPicture(
      {
        ...plotOf(
          [
            ellipses([
              { covariance: small, series: "continuous", label: "continuous", centre: [5, 5] },
              { covariance: wide, series: "discrete", label: "discrete 3*σ*", centre: [5, 5] },
              { covariance: wide, series: "experiment", label: "measured", centre: [5.1, 5] },
              { covariance: wide, series: "exact", sigmas: 1, centre: [5, 5] },
            ]),
          ],
          linear(0, 10),
          linear(0, 10),
          420,
        ),
        height: 320,
        aspect: "equal",
      },
      "ellipse",
    ));

  test("has the right extent", () => {
    // 2σ of variances 4 and 1: half axes 4 and 2, where one unit is `unit` pixels.
    const plot = {
      ...plotOf(
        [
          ellipse({
            covariance: [
              [4, 0],
              [0, 1],
            ],
            sigmas: 2,
          }),
        ],
        linear(-5, 5),
        linear(-5, 5),
      ),
    };
    const frame = frameOf(plot, lightTheme);
    const [, path = ""] = groupOf(toSvg(plot, lightTheme), "ellipses");
    const numbers = (path.match(/ d="([^"]*)"/)?.[1] ?? "").match(/-?[\d.]+/g)?.map(Number) ?? [];
    const [xs, ys] = [numbers.filter((_, i) => i % 2 === 0), numbers.filter((_, i) => i % 2 === 1)];
    expect(Math.max(...xs)).toBeCloseTo(frame.x.px(4), 1);
    expect(Math.min(...xs)).toBeCloseTo(frame.x.px(-4), 1);
    expect(Math.max(...ys)).toBeCloseTo(frame.y.px(-2), 1);
    expect(Math.min(...ys)).toBeCloseTo(frame.y.px(2), 1);
  });

  test("names of theories stand still while the measured ellipse moves", () => {
    const names = (variance: number) => {
      const measured = {
        covariance: [
          [variance, 0],
          [0, 1],
        ],
        series: "experiment",
        label: "measured",
        centre: [5, 5],
      } as const;
      const theory = { covariance: small, series: "discrete", label: "discrete", centre: [5, 5] } as const;
      return groupOf(svgOf([ellipses([measured, theory])]), "ellipses").filter((text) =>
        text.startsWith("<text"),
      );
    };
    expect(names(0.8)[0]).toContain("discrete");
    expect(names(0.8)[0]).toBe(names(2)[0]);
    expect(names(0.8)[1]).not.toBe(names(2)[1]);
  });

  test("a pinned name stands in its direction", () => {
    const pinned = ellipse({ covariance: small, centre: [5, 5], label: "below", labelAngle: -90 });
    const plot = plotOf([pinned]);
    const y = Number(/<text [^>]*y="([\d.]+)"[^>]*>below/.exec(toSvg(plot, lightTheme))?.[1]);
    expect(y).toBeGreaterThan(frameOf(plot, lightTheme).y.px(5 - 3 * Math.sqrt(0.5)));
  });

  test("what is no covariance is not drawn; a singular one is", () => {
    const drawn = (xx: number, xy: number, yy: number) =>
      groupOf(
        svgOf([
          ellipse({
            covariance: [
              [xx, xy],
              [xy, yy],
            ],
            series: "discrete",
            label: "a",
          }),
        ]),
        "ellipses",
      ).length > 0;
    expect([drawn(-1, 0, 1), drawn(1, 2, 1), drawn(NAN, 0, 1), drawn(1, 0, INF)]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect([drawn(1, 1, 1), drawn(0, 0, 1), drawn(1, 0, 0)]).toEqual([true, true, true]);
  });
});

describe("density", () => {
  const ramp = lightTheme.density;
  const grid = { columns: 2, rows: 2, values: [0, 1, 2, 4], x: [0, 10], y: [0, 10] } as const;
  const pixel = (options: Parameters<typeof shade>[0], i: number, mirror = false, upwards = true) =>
    Array.from(shade(options, ramp, mirror, upwards).rgba.subarray(4 * i, 4 * i + 4));
  const hex = (stop: string | undefined) =>
    [1, 3, 5].map((at) => Number.parseInt(stop?.slice(at, at + 2) ?? "", 16));

  test("picture", () => {
    const values = Float32Array.from(
      { length: 64 },
      (_, i) => 9 - ((i % 8) - 3) ** 2 - (Math.floor(i / 8) - 4) ** 2,
    );
    return expectPicture(plotOf([density({ values, columns: 8, rows: 8, x: [1, 9], y: [1, 9] })]), "density");
  });

  test("row 0 is at the lower edge and zero is clear", () => {
    expect(pixel(grid, 2)[3]).toBe(0); // lower left: value 0
    expect(pixel(grid, 1)).toEqual([...hex(ramp.at(-1)), 255]); // upper right: the largest value
    expect(pixel(grid, 0, true)).toEqual([...hex(ramp.at(-1)), 255]); // on a reversed x axis: upper left
    expect(pixel(grid, 3, false, false)).toEqual([...hex(ramp.at(-1)), 255]); // on a reversed y axis: lower right
  });

  test("scalings order as they should: log above sqrt above linear", () => {
    const at = (scaling: "linear" | "sqrt" | "log") => pixel({ ...grid, scaling }, 3)[0] as number;
    expect(at("log")).toBeLessThan(at("sqrt")); // darker
    expect(at("sqrt")).toBeLessThan(at("linear"));
  });

  test("a fixed maximum holds, and more than it is as deep as it", () => {
    expect(pixel({ ...grid, max: 2 }, 0)).toEqual(pixel({ ...grid, max: 2 }, 1));
    expect(pixel({ ...grid, max: 16, scaling: "linear" }, 1)).not.toEqual(pixel(grid, 1));
  });

  test("blur keeps the middle and the symmetry, and loses nothing at the edge", () => {
    const values = new Float32Array(25);
    values[12] = 8;
    const blurred = shade({ ...grid, values, columns: 5, rows: 5, blur: 1 }, ramp, false, true);
    const at = (i: number) => Array.from(blurred.rgba.subarray(4 * i, 4 * i + 4));
    expect(at(11)).toEqual(at(13));
    expect(at(7)).toEqual(at(17));
    expect(at(12)).toEqual([...hex(ramp.at(-1)), 255]);
    expect(at(0)[3]).toBeGreaterThan(0);
  });

  test("what blur would push over the edge stays in the last cell", () => {
    const row = { ...grid, columns: 5, rows: 1, max: 1, scaling: "linear" } as const;
    const pushed = shade({ ...row, values: [1, 0, 0, 0, 0], blur: 1 }, ramp, false, false);
    // A normal distribution in cells: a half, and half of the middle cell's 0.3991.
    const expected = shade({ ...row, values: [0.6995, 0, 0, 0, 0] }, ramp, false, false);
    expect(pushed.rgba.subarray(0, 4)).toEqual(expected.rgba.subarray(0, 4));
  });

  test("what is no count is nothing", () => {
    const odd = { ...grid, values: [NAN, INF, -1, 1] };
    expect([pixel(odd, 2)[3], pixel(odd, 3)[3], pixel(odd, 0)[3], pixel(odd, 1)[3]]).toEqual([0, 0, 0, 255]);
  });
});

describe("bars", () => {
  const edges = [0, 2, 4, 6, 8, 10];
  test("picture", () => expectPicture(plotOf([bars({ edges, heights: [1, 4, NAN, 8, 2] })]), "bars"));
  test("error bars stand in the middle of bins that are wide enough for them", () => {
    const whiskers = (bins: number) => {
      const edges = Array.from({ length: bins + 1 }, (_, i) => (10 * i) / bins);
      const [heights, none] = [new Array(bins).fill(4), new Array(bins).fill(0)];
      const drawn = (errors: number[]) =>
        toSvg(plotOf([bars({ edges, heights, errors })]), lightTheme).match(/M/g) ?? [];
      return drawn(new Array(bins).fill(1)).length - drawn(none).length;
    };
    expect([whiskers(5), whiskers(1000)]).toEqual([5, 0]);
  });
  test("picture, with error bars", () =>
    expectPicture(
      plotOf([bars({ edges, heights: [1, 4, NAN, 8, 2], errors: [0.5, 1, 1, 9, 0] })]),
      "bars-errors",
    ));
  test("picture, sideways on a log axis", () =>
    expectPicture(
      plotOf(
        [bars({ edges, heights: [0, 1, 10, 100, 1], sideways: true, series: "discrete" })],
        log(0.1, 1000),
      ),
      "bars-sideways",
    ));
});

describe("labels", () => {
  const x = [0, 2, 4, 6, 8, 10];
  const marks = [
    endLabels([
      { text: "discrete", x, y: [0, 1, 2, 6, 20, 100], series: "discrete" },
      { text: "steeper", x, y: [0, 2, 7, 30, 100, 200], color: "#555555" },
      { text: "continuous *λ*/2", x, y: [0, 1, 2, 3, 4, 5], series: "continuous" },
      { text: "exact", x, y: [0, 1, 2, 3, 4, 5.1], series: "exact" },
      { text: "ends early", x: [0, 3, NAN], y: [9, 8, 7] },
      { text: "never seen", x, y: [20, 20, 20, 20, 20, 20] },
    ]),
  ];
  test("picture, wide: names in a margin", () =>
    expectPicture(plotOf(marks, undefined, undefined, 600), "labels-wide"));
  test("picture, narrow: names inside", () => expectPicture(plotOf(marks), "labels-narrow"));

  test("no room is kept for a name that is not at the edge", () => {
    const right = (y: number[]) =>
      frameOf(plotOf([endLabels([{ text: "a long name", x, y }])], undefined, undefined, 600), lightTheme)
        .area.width;
    expect(right([0, 1, 2, 3, 4, 5])).toBeLessThan(right([0, 1, 2, 3, 40, 50]) - 50);
  });
});

describe("note, key and readout", () => {
  test("picture", () =>
    expectPicture(
      plotOf(
        [
          key([
            { series: "experiment", text: "measured" },
            { series: "continuous", text: "continuous" },
            { series: "discrete", text: "discrete" },
            { series: "exact", text: "exact" },
          ]),
          note({ text: "a *note* <&>", x: 2, y: 2, dx: 4, dy: -4, series: "exact" }),
          note({ text: "outside", x: 2, y: 20 }),
          readout({
            x: 9,
            y: 4,
            rings: [
              { y: 4, series: "experiment" },
              { y: 40, series: "discrete" },
            ],
            lines: [{ text: "*x* = 9" }, { text: "measured 4.00 ± 0.05", series: "experiment" }],
          }),
        ],
        undefined,
        undefined,
        380,
      ),
      "note-key-readout",
    ));
});

describe("contours and stems", () => {
  const nodes = Float64Array.from({ length: 21 }, (_, i) => i / 2);
  const hill = Array.from(nodes, (y) =>
    Array.from(nodes, (x) => (x > 9 ? NAN : (x - 4) ** 2 + (y - 5) ** 2)),
  ).flat();
  const levels = [1, 4, 9, 100].map((value) => ({ value, text: String(value) }));
  const rings = (avoid?: { x: number[]; y: number[] }) =>
    contours({ x: nodes, y: nodes, values: hill, levels, ...(avoid ? { avoid } : {}) });
  test("picture", () =>
    expectPicture(
      plotOf([
        rings(),
        stems({ x: [1, 2, NAN, 8], y: [[1, 3, 2], [4], [1, 2], [NAN, 5, 8]] }),
        key([
          { series: "discrete", text: "discrete", marker: "circle" },
          { series: "continuous", text: "continuous", marker: "diamond", radius: 4 },
        ]),
      ]),
      "contours-stems",
    ));
  test("each level that there is has its value once, away from what is to be avoided", () => {
    const labels = (mark: Mark) =>
      [...svgOf([mark]).matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>(?:<tspan[^>]*>)?([149]|100)</g)].map(
        (found) => found.slice(1),
      );
    const inside = groupOf(svgOf([rings()]), "contours").join("");
    expect(inside).toContain(">9<");
    expect(inside).not.toContain(">100<");
    expect(labels(rings({ x: [4], y: [8] }))).not.toEqual(labels(rings({ x: [4], y: [2] })));
  });
});

test("no mark ever draws a number that is not finite", () => {
  const number = fc.oneof(
    fc.constantFrom(0, -0, NAN, INF, -INF, 1e308, -1e308, 5e-324, 1, 5, 10, -1),
    fc.double({ min: -20, max: 20, noNaN: true }),
  );
  const list = fc.array(number, { maxLength: 8 });
  const scale = fc.constantFrom(
    linear(0, 10),
    linear(10, 0),
    linear(-1e300, 1e-300),
    log(1e-3, 10),
    log(1e-300, 1e300),
  );
  fc.assert(
    fc.property(
      list,
      list,
      list,
      fc.array(number, { minLength: 8, maxLength: 8 }),
      scale,
      scale,
      (x, y, z, n, sx, sy) => {
        const [a, b, c, d, e, f, g, h] = n as [
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
        ];
        const marks = [
          line({ x, y, series: "exact" }),
          area({ x, y0: y, y1: z }),
          points({ x, y, error: z }),
          rule({ x: a, label: "a" }),
          rule({ y: b, label: "b" }),
          region({ x0: a, x1: b, y0: c, y1: d }),
          region({ polygon: { x, y } }),
          ellipses([
            {
              covariance: [
                [a, b],
                [b, c],
              ],
              centre: [d, e],
              sigmas: f,
              series: "experiment",
              label: "e",
            },
            {
              covariance: [
                [c, h],
                [h, a],
              ],
              series: "discrete",
              label: "d",
            },
          ]),
          density({ values: z, columns: 2, rows: 2, x: [a, b], y: [c, d], blur: e, max: f }),
          contours({ x, y, values: z, levels: [{ value: a, text: "c" }], avoid: { x: z, y } }),
          stems({ x, y: [y, z, x] }),
          bars({ edges: x, heights: y }),
          bars({ edges: x, heights: y, sideways: true }),
          endLabels([
            { text: "l", x, y },
            { text: "m", x, y: z },
          ]),
          note({ text: "n", x: g, y: h }),
          readout({ x: a, y: b, rings: [{ y: c, series: "exact" }], lines: [{ text: "r" }] }),
        ];
        expectFinite(toSvg(plotOf(marks, sx, sy), lightTheme));
      },
    ),
    { seed: 20210709, numRuns: 300 },
  );
});

describe("notes", () => {
  /** Where each word stands: its text, and the attributes of its place. */
  const placesOf = (marks: Mark[]) =>
    groupOf(svgOf(marks), "notes")
      .filter((line) => line.startsWith("<text"))
      .map((line) => ({
        x: Number(/ x="([^"]+)"/.exec(line)?.[1]),
        y: Number(/ y="([^"]+)"/.exec(line)?.[1]),
        anchor: /text-anchor="([^"]+)"/.exec(line)?.[1] ?? "start",
      }));
  const word = { text: "here", x: 5, y: 5, dx: 9, anchor: "start" } as const;

  test("stand where they are asked to while nothing is there", () => {
    const [alone] = placesOf([notes([word])]);
    const [single] = groupOf(svgOf([note(word)]), "note").filter((line) => line.startsWith("<text"));
    expect(alone).toMatchObject({ anchor: "start" });
    expect(single).toContain(`x="${alone?.x}"`);
  });

  test("make room for each other, for curves and for the edges", () => {
    const [first, second] = placesOf([notes([word, word])]);
    expect(second).not.toEqual(first);
    const across = [{ x: [5.2, 10], y: [5, 5] }];
    const [moved] = placesOf([notes([word], across)]);
    expect(moved?.anchor, "the curve is to the right").toBe("end");
    const [upright] = placesOf([notes([word], [{ x: [5.5] }])]);
    expect(upright?.anchor, "so is the line upwards").toBe("end");
    const [inside] = placesOf([notes([{ ...word, x: 9.9 }])]);
    expect(inside?.anchor, "the edge is there").toBe("end");
    expect(placesOf([notes([{ ...word, x: 11 }])]), "its place is outside").toEqual([]);
  });

  test("stay finite among whatever curves there are", () => {
    const wild = [NAN, INF, -INF, 5];
    expectFinite(svgOf([notes([word], [{ x: wild, y: wild }, { x: [NAN] }, { x: [] }])]));
  });
});

test("a contour whose value would lie on another's goes without it", () => {
  const grid = { x: [0, 5, 10], y: [0, 5, 10], values: [0, 0, 0, 0, 1, 0, 0, 0, 0] };
  const levels = (...values: number[]) => values.map((value) => ({ value, text: String(value) }));
  const labels = (list: ReturnType<typeof levels>) =>
    groupOf(svgOf([contours({ ...grid, levels: list })]), "contours").filter((line) =>
      line.startsWith("<text"),
    );
  expect(labels(levels(0.9))).toHaveLength(1);
  expect(labels(levels(0.9, 0.92)), "two rings of a few pixels").toHaveLength(1);
});

test("curves that leave close to each other are named in a key above, others where they leave", () => {
  const x = Array.from({ length: 101 }, (_, i) => i / 10);
  const leaving = (at: number, series: "discrete" | "exact") => ({
    text: series,
    x,
    y: x.map((place) => 1 / (at - place)).map((value) => (value > 0 ? value : NAN)),
    series,
  });
  const keyed = (...ends: [number, number]) => {
    const [first, second] = [leaving(ends[0], "discrete"), leaving(ends[1], "exact")];
    const plot = plotOf([endLabels([first, second])]);
    const top = frameOf(plot, lightTheme).area.y;
    const places = groupOf(toSvg(plot, lightTheme), "labels").filter((line) => line.startsWith("<text"));
    expect(places).toHaveLength(2);
    return places.every((line) => Number(/ y="([^"]+)"/.exec(line)?.[1]) < top);
  };
  expect(keyed(7, 7.8), "one name would lie on the other curve").toBe(true);
  expect(keyed(4, 8)).toBe(false);
});
