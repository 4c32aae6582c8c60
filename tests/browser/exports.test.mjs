// What every instrument hands out: SVG that is XML and a picture, PNG of twice the size with something on it, CSV and JSON that hold
// the table that is shown and whatever else is drawn.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { open, setUp } from "./harness.mjs";

const calm = { reducedMotion: "reduce" };
const WELL = "loss=piecewise_quadratic&covariance=curvature&batch_size=3&noise_variance=0&learning_rate=0.6";
const DATA = "loss=least_squares&data=diabetes&covariance=minibatch&batch_size=8&learning_rate=0.3";

/** Each instrument with a scenario that it has something to show of, how its status reads when it is done, and its further tables. */
const INSTRUMENTS = [
  ["sweep", "nd-sweep", "points=4", / in .* s$/, []],
  ["cloud", "nd-cloud", "", /^step 200,/, ["ellipses", "density", "histogram of w₁", "histogram of w₂"]],
  ["cloud", "nd-cloud", "hessian=1", /^step 200,/, ["histogram"]],
  ["directions", "nd-modes", "", /^measured/, []],
  ["stability", "nd-stability-map", "", undefined, ["map", "limit"]],
  ["escape", "nd-escape", WELL, /^measured/, ["densities", "exact density", "survival", "histogram"]],
  ["posterior", "nd-bayes", "learning_rate=0.5", /^measured/, ["curve", "ellipses"]],
  ["data", "nd-data", DATA, /^measured/, ["samples", "ellipses"]],
  ["over-time", "nd-over-time", "", / looks at /, []],
  ["correlation", "nd-correlation", "", / looks at /, ["autocorrelation times"]],
  ["optimizers", "nd-comparison", "", undefined, ["ellipses"]],
];

/** What a file's button gives. */
async function fileOf(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Comma-separated values as rows of fields (RFC 4180). */
function parseCsv(text) {
  const rows = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  for (let match = pattern.exec(text); match && match[0] !== ""; match = pattern.exec(text)) {
    rows.at(-1).push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    if (match[3] === "\r\n") rows.push([]);
  }
  assert.equal(pattern.lastIndex === 0 || rows.at(-1).length === 0, true, "the file ends with its last line");
  return rows.slice(0, -1);
}

/** The tables of a file, each with its caption where there are several. */
function sections(text) {
  if (!text.startsWith("# ")) return [{ rows: parseCsv(text) }];
  return text
    .split(/(?:^|\r\n\r\n)(?=# )/)
    .filter((part) => part !== "")
    .map((part) => {
      const end = part.indexOf("\r\n");
      return { caption: part.slice(2, end), rows: parseCsv(`${part.slice(end + 2).trimEnd()}\r\n`) };
    });
}

/** A table of the JSON is that of the CSV, to the last bit. */
function equalTables({ caption, header, rows }, section) {
  if (section.caption !== undefined) assert.equal(section.caption, caption);
  const [names, ...lines] = section.rows;
  assert.deepEqual(names, header);
  assert.equal(lines.length, rows.length, caption);
  for (const [n, row] of rows.entries()) {
    assert.equal(row.length, header.length);
    for (const [i, value] of row.entries()) {
      const cell = lines[n][i] ?? "";
      if (typeof value === "number")
        assert.equal(Number(cell), value, `${caption}: ${header[i]} in row ${n}`);
      else if (value === null) assert.ok(["", "NaN", "Infinity", "-Infinity"].includes(cell), cell);
      else assert.equal(cell, value);
    }
  }
}

/** Numbers as the page writes them. */
function written(text) {
  const [mantissa, power] = text.replace("−", "-").replace(/\s/g, "").split("×10");
  const exponent = [...(power ?? "⁰")].map((sign) => "-0123456789"["⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign)]).join("");
  return Number(`${mantissa}e${exponent}`);
}

/** Decodes a picture on a page of its own: its size, how many colours are in it, and which share is not the most frequent one. */
function decode(page, type, bytes) {
  return page.evaluate(
    async ([mime, base64]) => {
      const image = new Image();
      image.src = `data:${mime};base64,${base64}`;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const pixels = new Uint32Array(data.buffer);
      const seen = new Map();
      for (const pixel of pixels) seen.set(pixel, (seen.get(pixel) ?? 0) + 1);
      const most = Math.max(...seen.values());
      return {
        width: canvas.width,
        height: canvas.height,
        colours: seen.size,
        ink: 1 - most / pixels.length,
      };
    },
    [type, bytes.toString("base64")],
  );
}

test("every instrument's files", async (t) => {
  const site = await setUp(t, "embed.html");
  const decoder = await (await site.browser.newContext()).newPage();
  for (const [name, tag, hash, done, further] of INSTRUMENTS) {
    await t.test(`${name} ${hash}`, async () => {
      const settings = `v=1&replicas=1500&steps=200&${hash}`;
      const page = await open(site, `#instrument=${name}&${settings}`, calm);
      const words = page.locator(`${tag} .words:not(:empty)`);
      await words.waitFor();
      if (name === "optimizers") await page.locator(`${tag} button.run`).click();
      const status = name === "cloud" ? ".counter" : ".status";
      const wanted = name === "optimizers" ? /replicas each/ : done;
      if (wanted) await page.locator(`${tag} ${status}`, { hasText: wanted }).waitFor({ timeout: 60_000 });
      await page.locator(`${tag} details.data`).evaluate((details) => {
        details.open = true;
      });
      const button = (text) => page.locator(`${tag} .files button`).getByText(text, { exact: true });

      const json = await fileOf(page, button("JSON"));
      assert.match(json.name, /^noisy-descent-[a-z-]+\.json$/);
      const { scenario, tables = {}, ...first } = JSON.parse(json.bytes.toString());
      assert.equal(scenario.run.replicas, 1500);
      assert.ok(first.rows.length > 0 && first.rows.flat().some((cell) => typeof cell === "number"));
      assert.deepEqual(Object.keys(tables), further);
      for (const table of Object.values(tables)) assert.ok(table.rows.length > 0, table.caption);

      const csv = sections((await fileOf(page, button("CSV"))).bytes.toString());
      assert.equal(csv.length, 1 + further.length);
      for (const [i, table] of [first, ...Object.values(tables)].entries()) equalTables(table, csv[i]);

      // What the page shows is the first table, to five figures or more.
      const shown = await page.locator(`${tag} details.data > .scroll table`).evaluate((table) => ({
        names: [...table.querySelectorAll("thead th")].map((cell) => cell.textContent),
        rows: [...table.querySelectorAll("tbody tr")].map((row) =>
          [...row.children].map((c) => c.textContent),
        ),
      }));
      assert.deepEqual(shown.names, first.header);
      assert.equal(shown.rows.length, first.rows.length);
      for (const [n, row] of shown.rows.entries())
        for (const [i, text] of row.entries()) {
          const value = first.rows[n][i];
          if (typeof value !== "number") continue;
          assert.ok(Math.abs(written(text) - value) <= 1e-4 * Math.abs(value), `${text} is not ${value}`);
        }
      // The others stand behind folds of their own.
      assert.equal(await page.locator(`${tag} .further details`).count(), further.length);
      if (further.length > 0) {
        await page.locator(`${tag} .further summary`).first().click();
        const caption = page.locator(`${tag} .further caption`).first();
        await caption.waitFor();
        assert.ok((await caption.textContent()).startsWith(Object.values(tables)[0].caption));
      }

      const canvases = page.locator(`${tag} .picture canvas`);
      for (let n = 0; n < (await canvases.count()); n++) {
        const box = await canvases
          .nth(n)
          .evaluate(({ clientWidth, clientHeight }) => [clientWidth, clientHeight]);
        const svg = await fileOf(page, button("SVG").nth(n));
        const text = svg.bytes.toString();
        const read = await page.evaluate((xml) => {
          const document = new DOMParser().parseFromString(xml, "image/svg+xml");
          const { documentElement: root } = document;
          const error = document.querySelector("parsererror")?.textContent;
          return {
            error,
            name: root.localName,
            namespace: root.namespaceURI,
            size: [root.getAttribute("width"), root.getAttribute("height")].map(Number.parseFloat),
          };
        }, text);
        assert.equal(read.error, undefined);
        assert.deepEqual([read.name, read.namespace], ["svg", "http://www.w3.org/2000/svg"]);
        assert.doesNotMatch(text, /NaN|Infinity|undefined/);
        const vector = await decode(decoder, "image/svg+xml", svg.bytes);
        assert.ok(
          vector.colours > 3 && vector.ink > 0.005,
          `${svg.name} is blank: ${JSON.stringify(vector)}`,
        );

        const png = await fileOf(page, button("PNG").nth(n));
        assert.equal(png.name, svg.name.replace(/svg$/, "png"));
        const { width, height, colours, ink } = await decode(decoder, "image/png", png.bytes);
        assert.deepEqual(
          [width, height],
          read.size.map((side) => Math.round(2 * side)),
        );
        // Paper of 16 px around the picture, at two pixels to a CSS pixel.
        assert.deepEqual(
          [width, height],
          box.map((side) => 2 * (side + 32)),
        );
        assert.ok(colours > 3 && ink > 0.005, `${png.name} is blank: ${colours} colours, ${ink}`);
      }
      page.verify();
      await page.context().close();
    });
  }
});
