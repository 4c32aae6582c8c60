// A picture as a PNG of at most 256 colours, 16 levels a channel: a third of the bytes. Lines and text look the same; the density of a
// cloud shows its levels.
import { crc32, deflateSync } from "node:zlib";

const STEP = 17;

/** The PNG, made smaller; `page` is any page of a browser, which decodes it. */
export async function shrink(page, png) {
  const { width, height, pixels } = await page.evaluate(
    async (data) => {
      const image = new Image();
      image.src = data;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width, image.height];
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      const { data: pixels } = context.getImageData(0, 0, image.width, image.height);
      return { width: image.width, height: image.height, pixels: [...pixels] };
    },
    `data:image/png;base64,${png.toString("base64")}`,
  );
  const colours = [];
  const seen = new Map();
  for (let i = 0; i < pixels.length; i += 4) {
    const colour = [0, 1, 2].reduce((sum, j) => 256 * sum + STEP * Math.round(pixels[i + j] / STEP), 0);
    colours.push(colour);
    seen.set(colour, (seen.get(colour) ?? 0) + 1);
  }
  const channels = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const palette = [...seen.keys()].sort((a, b) => seen.get(b) - seen.get(a)).slice(0, 256);
  const places = new Map(palette.map((colour, i) => [colour, i]));
  // What is rarer than 256 others takes the nearest of them.
  const nearest = (colour) => {
    const own = channels(colour);
    const distance = (other) => channels(other).reduce((sum, value, j) => sum + (value - own[j]) ** 2, 0);
    return places.get(palette.reduce((a, b) => (distance(b) < distance(a) ? b : a)));
  };
  const rows = Buffer.alloc((width + 1) * height);
  for (const [i, colour] of colours.entries()) {
    if (!places.has(colour)) places.set(colour, nearest(colour));
    rows[Math.floor(i / width) * (width + 1) + 1 + (i % width)] = places.get(colour);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8); // 8 bits, a palette
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    chunk("PLTE", Buffer.from(palette.flatMap(channels))),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
