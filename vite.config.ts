import { defineConfig } from "vite";

// Relative addresses everywhere: the site works from any sub-path of any static host.
export default defineConfig({
  root: "www",
  base: "./",
  publicDir: "public",
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    rolldownOptions: { input: { index: "www/index.html", lab: "www/lab.html" } },
  },
  worker: { format: "es" },
});
