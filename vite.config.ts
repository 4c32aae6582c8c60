import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { articleHtml, type Core } from "./www/article/html.ts";
import type { ErratumEntry } from "./www/engine/protocol";
import { errataHtml } from "./www/pages/errata-html.ts";
import { figuresHtml } from "./www/pages/figures-html.ts";
import { withPreview } from "./www/pages/social.ts";

/** Writes the text of the errata into their page, so that it is read without waiting and without JavaScript. */
const errata: Plugin = {
  name: "errata",
  transformIndexHtml: {
    order: "pre",
    handler(html, { filename }) {
      if (!filename.endsWith("/errata.html")) return html;
      const list = new URL("www/engine/pkg/errata.json", import.meta.url);
      const { index, articles } = errataHtml(JSON.parse(readFileSync(list, "utf8")) as ErratumEntry[]);
      return html.replace("<!-- index -->", () => index).replace("<!-- articles -->", () => articles);
    },
  },
};

/** Writes captions and claims of the figures into their page, for the same reason. */
const figures: Plugin = {
  name: "figures",
  transformIndexHtml: {
    order: "pre",
    handler(html, { filename }) {
      if (!filename.endsWith("/figures.html")) return html;
      const { index, figures: sections } = figuresHtml();
      return html.replace("<!-- index -->", () => index).replace("<!-- figures -->", () => sections);
    },
  },
};

/** The core, to say the article's first numbers. */
async function loadCore(): Promise<Core> {
  const file = (end: string) => new URL(`www/engine/pkg/noisy_descent_wasm${end}`, import.meta.url);
  const core = await import(pathToFileURL(file(".js").pathname).href);
  core.initSync({ module: readFileSync(file("_bg.wasm")) });
  return {
    predict: core.predict,
    bayes: (scenario, { dataSize, batchSize }) => core.bayes(scenario, dataSize, batchSize, 2),
  };
}

/** Writes the article into the front page: formulas as MathML, numbers as the core says them. */
const article: Plugin = {
  name: "article",
  transformIndexHtml: {
    order: "pre",
    async handler(html, { filename }) {
      if (!filename.endsWith("/index.html")) return html;
      const { contents, sections } = articleHtml(await loadCore());
      return html.replace("<!-- contents -->", () => contents).replace("<!-- sections -->", () => sections);
    },
  },
};

/** Writes what other sites show beside a link; SITE_URL is where the pages will be, if that is known. */
const social: Plugin = {
  name: "social",
  transformIndexHtml: {
    order: "pre",
    handler: (html, { filename }) => withPreview(html, basename(filename), process.env.SITE_URL),
  },
};

/**
 * Faces are asked for in the head of a page, and a browser waits a moment for those before it paints; should one be late, the page does
 * without it until the next visit: no text is set twice.
 */
const faces: Plugin = {
  name: "faces",
  enforce: "pre",
  transform: (code, id) =>
    /@fontsource\/.*\.css$/.test(id) ? code.replaceAll("font-display: swap", "font-display: optional") : null,
  transformIndexHtml: {
    order: "post",
    handler: (_, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((name) => name.endsWith(".woff2"))
        .map((name) => ({
          tag: "link",
          attrs: { rel: "preload", as: "font", type: "font/woff2", href: `./${name}`, crossorigin: "" },
          injectTo: "head-prepend",
        })),
  },
};

// Relative addresses everywhere: the site works from any sub-path of any static host.
export default defineConfig({
  root: "www",
  base: "./",
  publicDir: "public",
  plugins: [social, faces, article, errata, figures],
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        index: "www/index.html",
        experiment: "www/experiment.html",
        lab: "www/lab.html",
        figures: "www/figures.html",
        table: "www/table.html",
        errata: "www/errata.html",
        embed: "www/embed.html",
      },
    },
  },
  worker: { format: "es" },
});
