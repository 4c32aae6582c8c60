// Prints the size of every file in a folder: as it is, and as a host would send it with brotli.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync } from "node:zlib";

const folder = process.argv[2] ?? "dist";
const kilobytes = (bytes) => (bytes / 1000).toFixed(1);

const rows = readdirSync(folder, { recursive: true })
  .map((name) => join(folder, String(name)))
  .filter((path) => statSync(path).isFile())
  .map((path) => {
    const content = readFileSync(path);
    return { name: relative(".", path), raw: content.length, brotli: brotliCompressSync(content).length };
  })
  .sort((a, b) => b.brotli - a.brotli || a.name.localeCompare(b.name));

const total = { name: "total", raw: 0, brotli: 0 };
for (const row of rows) {
  total.raw += row.raw;
  total.brotli += row.brotli;
}

const width = Math.max(...[...rows, total].map((row) => row.name.length));
const print = (name, raw, brotli) =>
  console.log(`  ${name.padEnd(width)}  ${raw.padStart(9)}  ${brotli.padStart(9)}`);
print("", "kB", "brotli kB");
for (const { name, raw, brotli } of [...rows, total]) {
  print(name, kilobytes(raw), kilobytes(brotli));
}
