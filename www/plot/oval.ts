/** Geometry of an ellipse in CSS pixels. */
import type { Trace } from "./surface";

type Point = readonly [x: number, y: number];

/** The image of the unit circle: its point at angle t is c + cos t · a + sin t · b. */
export interface Shape {
  readonly c: Point;
  readonly a: Point;
  readonly b: Point;
}

function image({ c, a, b }: Shape, u: number, v: number): [number, number] {
  return [c[0] + u * a[0] + v * b[0], c[1] + u * a[1] + v * b[1]];
}

/** The point at an angle, in radians. */
export function at(shape: Shape, t: number): [number, number] {
  return image(shape, Math.cos(t), Math.sin(t));
}

/** How far out a point lies: 1 on the ellipse, less inside; infinite if the ellipse has no inside. */
export function boundary({ c, a, b }: Shape, [x, y]: Point): number {
  const determinant = a[0] * b[1] - a[1] * b[0];
  const [dx, dy] = [x - c[0], y - c[1]];
  const distance = Math.hypot((dx * b[1] - dy * b[0]) / determinant, (dy * a[0] - dx * a[1]) / determinant);
  return determinant === 0 || Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
}

/** The point where a line normal to the direction (ux, uy) touches the ellipse. */
export function touching(shape: Shape, ux: number, uy: number): [number, number] {
  const { a, b } = shape;
  const [u, v] = [a[0] * ux + a[1] * uy, b[0] * ux + b[1] * uy];
  const norm = Math.hypot(u, v);
  return norm === 0 ? image(shape, 0, 0) : image(shape, u / norm, v / norm);
}

/** Eight Bézier arcs: within 5 parts in a million of the ellipse. */
export function outline(shape: Shape): Trace {
  const step = Math.PI / 4;
  const k = (4 / 3) * Math.tan(step / 4);
  // A point of the circle, moved along its tangent.
  const handle = (t: number, by: number) =>
    image(shape, Math.cos(t) - by * Math.sin(t), Math.sin(t) + by * Math.cos(t));
  return (path) => {
    path.moveTo(...at(shape, 0));
    for (let i = 0; i < 8; i++) {
      path.bezierCurveTo(...handle(i * step, k), ...handle((i + 1) * step, -k), ...at(shape, (i + 1) * step));
    }
    path.closePath();
  };
}

/** `count` points at about equal distances along the ellipse. */
export function ring(shape: Shape, count: number): Point[] {
  const samples = Array.from({ length: 361 }, (_, i) => at(shape, (i * Math.PI) / 180));
  const lengths: number[] = [];
  let whole = 0;
  samples.forEach(([x, y], i) => {
    const [lastX, lastY] = samples[Math.max(0, i - 1)] as Point;
    whole += Math.hypot(x - lastX, y - lastY);
    lengths.push(whole);
  });
  return Array.from({ length: count }, (_, i) => {
    const index = lengths.findIndex((length) => length >= (i * whole) / count);
    return samples[Math.max(0, index)] as Point;
  });
}
