import { COLOR_NAMES, darkTheme, lightTheme, type Theme } from "./theme";

/** The text of theme.css: run `THEME_CSS=write npx vitest run www/plot/theme.test.ts` after a change of theme.ts. */
export function themeCss(): string {
  const colors = (theme: Theme, scheme: "light" | "dark") => [
    `color-scheme: ${scheme};`,
    ...COLOR_NAMES.map((name) => `--${name}: ${theme[name]};`),
    ...theme.density.map((stop, i) => `--density-${i}: ${stop};`),
  ];
  const { fonts, scale } = lightTheme;
  const faces = [`--font-text: ${fonts.text};`, `--font-number: ${fonts.number};`, `--plot-scale: ${scale};`];
  return [
    "/* Written from theme.ts by theme-css.ts. Do not edit: a test compares the two. */",
    ...rule(":root", [...faces, ...colors(lightTheme, "light")]),
    "",
    "@media (prefers-color-scheme: dark) {",
    ...rule(':root:not([data-theme="light"])', colors(darkTheme, "dark")).map((line) => `  ${line}`),
    "}",
    "",
    ...rule(':root[data-theme="dark"]', colors(darkTheme, "dark")),
    "",
  ].join("\n");
}

function rule(selector: string, declarations: readonly string[]): string[] {
  return [`${selector} {`, ...declarations.map((line) => `  ${line}`), "}"];
}
