import type { Picture } from './findings.ts';

type Matrix = [number, number, number, number, number, number];

const multiply = (m: Matrix, n: Matrix): Matrix => [
  m[0] * n[0] + m[2] * n[1], m[1] * n[0] + m[3] * n[1], m[0] * n[2] + m[2] * n[3], m[1] * n[2] + m[3] * n[3], m[0] * n[4] + m[2] * n[5] + m[4], m[1] * n[4] + m[3] * n[5] + m[5],
];

export type Operators = { fnArray: readonly number[]; argsArray: readonly unknown[] };
export type OperatorCodes = Readonly<Record<'save' | 'restore' | 'transform' | 'constructPath' | 'fill' | 'eoFill' | 'setFillRGBColor' | 'setFillGray', number>>;

/** Of one path, in the numbering of the PDF reader: 0 move, 1 line, 2 curve, 3 curve, 4 close. */
const valuesOf: readonly number[] = [2, 2, 6, 4, 0];

/** Rectangles of one page at most; a code has some hundred, a page full of them is no letter. */
const mostRectangles = 200_000;

/** How dark a colour is drawn: `#rrggbb`, or three numbers. */
function lightOf(args: unknown): number {
  const [first, green, blue] = Array.isArray(args) ? (args as unknown[]) : [args];
  if (typeof first === 'string') {
    const value = Number.parseInt(first.slice(1), 16);
    return ((value >> 16) * 3 + ((value >> 8) & 255) * 6 + (value & 255)) / 10;
  }
  return (Number(first) * 3 + Number(green ?? first) * 6 + Number(blue ?? first)) / 10;
}

/**
 * Draws what a page fills as upright rectangles, which is how codes are drawn that are no picture: a code in a PDF made by
 * a browser or a report generator is a path. Everything else on the page is left out.
 * @param scale pixels of a point
 */
export function drawRectangles(list: Operators, codes: OperatorCodes, page: { width: number; height: number; originX: number; originY: number }, scale: number): Picture | null {
  const [width, height] = [Math.ceil(page.width * scale), Math.ceil(page.height * scale)];
  const data = new Uint8Array(width * height * 4).fill(255);
  let matrix: Matrix = [scale, 0, 0, -scale, -page.originX * scale, (page.height + page.originY) * scale];
  let light = 0;
  const stack: { matrix: Matrix; light: number }[] = [];
  let drawn = 0;

  const fill = (points: readonly number[]): void => {
    const xs: number[] = [];
    const ys: number[] = [];
    for (let at = 0; at + 1 < points.length; at += 2) {
      const [x, y] = [points[at] ?? 0, points[at + 1] ?? 0];
      xs.push(matrix[0] * x + matrix[2] * y + matrix[4]);
      ys.push(matrix[1] * x + matrix[3] * y + matrix[5]);
    }
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    // Upright: each corner lies on two of the four sides.
    const isUpright = xs.length >= 4 && xs.length <= 6 && xs.every((x, index) => (near(x, left) || near(x, right)) && (near(ys[index] ?? 0, top) || near(ys[index] ?? 0, bottom)));
    if (!isUpright || ++drawn > mostRectangles) return;
    const [x0, x1, y0, y1] = [Math.max(0, Math.round(left)), Math.min(width, Math.round(right)), Math.max(0, Math.round(top)), Math.min(height, Math.round(bottom))];
    for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) data.fill(light, (y * width + x) * 4, (y * width + x) * 4 + 3);
  };

  const path = (values: ArrayLike<number>): void => {
    let points: number[] = [];
    let isStraight = true;
    const end = (): void => {
      if (isStraight && points.length > 0) fill(points);
      [points, isStraight] = [[], true];
    };
    for (let at = 0; at < values.length;) {
      const kind = values[at++] ?? 0;
      const count = valuesOf[kind];
      if (count === undefined) return;
      if (kind === 0) end();
      if (kind === 2 || kind === 3) isStraight = false;
      if (kind <= 1) points.push(values[at] ?? 0, values[at + 1] ?? 0);
      at += count;
    }
    end();
  };

  list.fnArray.forEach((code, index) => {
    const args = list.argsArray[index];
    if (code === codes.save) stack.push({ matrix, light });
    else if (code === codes.restore) ({ matrix, light } = stack.pop() ?? { matrix, light });
    else if (code === codes.transform) matrix = multiply(matrix, args as Matrix);
    else if (code === codes.setFillRGBColor || code === codes.setFillGray) light = lightOf(args);
    else if (code === codes.constructPath && Array.isArray(args) && (args[0] === codes.fill || args[0] === codes.eoFill)) {
      const values: unknown = Array.isArray(args[1]) ? args[1][0] : null;
      if (values instanceof Float32Array) path(values);
    }
  });
  return drawn < 40 ? null : { width, height, data };
}

const near = (a: number, b: number): boolean => Math.abs(a - b) < 0.05;
