/**
 * The smallest honest PNG: no compression, a palette where 256 colours are enough. It needs no canvas, so that a plot
 * can be written as SVG anywhere, with the same bytes everywhere.
 */
import type { Pixels } from "./surface";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** A stored block of the deflate format holds at most this many bytes. */
const BLOCK = 0xffff;

/** Pixels as the bytes of a PNG file. */
export function encodePng(pixels: Pixels): Uint8Array {
  const { width, height, rgba } = pixels;
  const colors = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const palette = paletteOf(colors);
  const depth = palette === undefined ? 4 : 1;
  const rows = new Uint8Array(height * (1 + width * depth));
  for (let row = 0; row < height; row++) {
    const start = row * (1 + width * depth) + 1; // the byte before it is the row's filter: none
    if (palette === undefined) {
      rows.set(rgba.subarray(row * width * 4, (row + 1) * width * 4), start);
    } else {
      for (let i = 0; i < width; i++) rows[start + i] = palette.get(colors[row * width + i] ?? 0) ?? 0;
    }
  }
  const chunks = [
    chunk("IHDR", [...word(width), ...word(height), 8, palette === undefined ? 6 : 3, 0, 0, 0]),
  ];
  if (palette !== undefined) {
    const bytes = new Uint8Array(Uint32Array.from(palette.keys()).buffer);
    const all = Array.from({ length: palette.size }, (_, i) => bytes.subarray(4 * i, 4 * i + 4));
    chunks.push(
      chunk(
        "PLTE",
        all.flatMap((color) => [...color.subarray(0, 3)]),
      ),
    );
    chunks.push(
      chunk(
        "tRNS",
        all.map((color) => color[3] ?? 255),
      ),
    );
  }
  chunks.push(chunk("IDAT", store(rows)), chunk("IEND", []));
  return concat([Uint8Array.from(SIGNATURE), ...chunks]);
}

/** Pixels as the address of a PNG that an SVG image can hold. */
export function toPngDataUri(pixels: Pixels): string {
  const bytes = encodePng(pixels);
  let binary = "";
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return `data:image/png;base64,${btoa(binary)}`;
}

/** Each colour's place in a palette, in the order of appearance; undefined if there are too many. */
function paletteOf(colors: Uint32Array): Map<number, number> | undefined {
  const palette = new Map<number, number>();
  for (const color of colors) {
    if (!palette.has(color)) palette.set(color, palette.size);
    if (palette.size > 256) return undefined;
  }
  return palette;
}

/** A zlib stream of stored blocks. */
function store(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const block = bytes.subarray(at, at + BLOCK);
    const last = at + BLOCK >= bytes.length ? 1 : 0;
    const size = block.length;
    parts.push(Uint8Array.of(last, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255), block);
  }
  parts.push(word(adler32(bytes)));
  return concat(parts);
}

function chunk(kind: string, content: ArrayLike<number>): Uint8Array {
  const body = concat([Uint8Array.from(kind, (char) => char.charCodeAt(0)), Uint8Array.from(content)]);
  return concat([word(content.length), body, word(crc32(body))]);
}

function word(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}
