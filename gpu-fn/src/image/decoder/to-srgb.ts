/** Converts colours described in numbers to sRGB (IEC 61966-2-1). */
import type { Chromaticities, DescribedColour } from "./described-colour.ts";

type Row = readonly [number, number, number];
type Matrix = readonly [Row, Row, Row];

const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];
const SRGB: Chromaticities = [0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06];

/** Steps of the table from light to sRGB, fine enough that every byte is exact. */
const STEPS = 8_192;

/**
 * Converts interleaved RGB or RGBA to 8-bit sRGB. Colours outside sRGB are clipped.
 * @param values bytes, or 16-bit numbers
 */
export function toSrgb(
  values: Uint8Array | Uint16Array,
  channels: 3 | 4,
  { primaries, transfer }: DescribedColour,
): Uint8Array {
  const most = values instanceof Uint8Array ? 255 : 65_535;
  const light = Float32Array.from({ length: most + 1 }, (_, level) => lightOf(level / most, transfer));
  const coded = Uint8Array.from({ length: STEPS + 1 }, (_, step) => Math.round(255 * codeOf(step / STEPS)));
  const [r, g, b] = times(inverse(rgbToXyz(SRGB)), adapted(primaries));
  const code = (value: number) => coded[Math.round(STEPS * Math.min(1, Math.max(0, value)))] as number;
  const result = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at += channels) {
    const x = light[values[at] as number] as number;
    const y = light[values[at + 1] as number] as number;
    const z = light[values[at + 2] as number] as number;
    result[at] = code(r[0] * x + r[1] * y + r[2] * z);
    result[at + 1] = code(g[0] * x + g[1] * y + g[2] * z);
    result[at + 2] = code(b[0] * x + b[1] * y + b[2] * z);
    if (channels === 4) result[at + 3] = Math.round((255 * (values[at + 3] as number)) / most);
  }
  return result;
}

/** The power that means sRGB's curve if a file gives a power: 1/0.45455, as PNG writers use it. */
const DISPLAY = 2.2;

function lightOf(given: number, transfer: DescribedColour["transfer"]): number {
  const value = transfer === "srgb" ? given : given ** (transfer / DISPLAY);
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

const codeOf = (light: number) => (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);

/** Matrix from linear RGB of these primaries to XYZ, with white adapted to sRGB's by the Bradford transform. */
function adapted(primaries: Chromaticities): Matrix {
  const toXyz = rgbToXyz(primaries);
  const [from, to] = [primaries, SRGB].map(([x, y]) => along(BRADFORD, [x / y, 1, (1 - x - y) / y])) as [
    Row,
    Row,
  ];
  const scaled: Matrix = [
    [to[0] / from[0], 0, 0],
    [0, to[1] / from[1], 0],
    [0, 0, to[2] / from[2]],
  ];
  return times(times(inverse(BRADFORD), times(scaled, BRADFORD)), toXyz);
}

/** SMPTE RP 177: the columns are the primaries, scaled so that they add up to white. */
function rgbToXyz([xw, yw, xr, yr, xg, yg, xb, yb]: Chromaticities): Matrix {
  const columns: Matrix = [
    [xr / yr, xg / yg, xb / yb],
    [1, 1, 1],
    [(1 - xr - yr) / yr, (1 - xg - yg) / yg, (1 - xb - yb) / yb],
  ];
  const bright = along(inverse(columns), [xw / yw, 1, (1 - xw - yw) / yw]);
  return columns.map((row) => row.map((value, i) => value * (bright[i] as number))) as unknown as Matrix;
}

const along = (matrix: Matrix, [x, y, z]: Row) =>
  matrix.map((row) => row[0] * x + row[1] * y + row[2] * z) as unknown as Row;

function times(a: Matrix, b: Matrix): Matrix {
  const column = (i: 0 | 1 | 2) => along(a, [b[0][i], b[1][i], b[2][i]]);
  const columns = [column(0), column(1), column(2)] as const;
  return ([0, 1, 2] as const).map((row) => columns.map((each) => each[row])) as unknown as Matrix;
}

function inverse([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  const [A, B, C] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const determinant = a * A + b * B + c * C;
  return [
    [A / determinant, (c * h - b * i) / determinant, (b * f - c * e) / determinant],
    [B / determinant, (a * i - c * g) / determinant, (c * d - a * f) / determinant],
    [C / determinant, (b * g - a * h) / determinant, (a * e - b * d) / determinant],
  ];
}
