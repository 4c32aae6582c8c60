/** What the tests of this folder share. Not for the page. */
import { expect } from "vitest";
import type { Mark } from "./mark";
import { type Plot, toSvg } from "./plot";
import { linear, type ScaleSpec } from "./scale";
import type { PathContext, Trace } from "./surface";
import { lightTheme, type Theme } from "./theme";

/** A small plot of marks, x and y from 0 to 10 unless said otherwise. */
export function plotOf(
  marks: readonly Mark[],
  x: ScaleSpec = linear(0, 10),
  y: ScaleSpec = linear(0, 10),
  width = 300,
): Plot {
  return {
    width,
    height: 200,
    title: "A test",
    description: "Marks for a test.",
    x: { scale: x, title: "*x*" },
    y: { scale: y, title: "*y*" },
    marks,
  };
}

/** Compares a plot's SVG with a file in snapshots/, after it has proved to hold only finite numbers. */
export async function expectPicture(plot: Plot, name: string, theme: Theme = lightTheme): Promise<void> {
  const svg = toSvg(plot, theme);
  expectFinite(svg);
  await expect(svg).toMatchFileSnapshot(new URL(`./snapshots/${name}.svg`, import.meta.url).pathname);
}

/** No number in the document is NaN or infinite. */
export function expectFinite(svg: string): void {
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
}

/** The SVG of one mark's group, without the indent: from the line after its opening tag to its closing one. */
export function groupOf(svg: string, name: string): string[] {
  const lines = svg.split("\n");
  const start = lines.findIndex((line) => line === `<g class="${name}">`);
  if (start < 0) return [];
  const end = lines.indexOf("</g>", start);
  return lines.slice(start + 1, end).map((line) => line.trim());
}

/** The commands that a trace gives, with their numbers. */
export function commandsOf(trace: Trace): [string, ...number[]][] {
  const commands: [string, ...number[]][] = [];
  const recorder = new Proxy({} as PathContext, {
    get:
      (_, name) =>
      (...numbers: number[]) => {
        commands.push([String(name), ...numbers]);
      },
  });
  trace(recorder);
  return commands;
}
