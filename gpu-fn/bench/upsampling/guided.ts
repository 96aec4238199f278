/** Fast guided filter (He and Sun, arXiv 1505.00996): enlarges a small plane along the edges of a large one. */
import { laidOnto } from "../../src/image/turn.ts";

/** Planes are squares: `small²` and `large²` values. */
export interface Sides {
  readonly small: number;
  readonly large: number;
}

export interface Filter {
  /** Cells on each side of a window of the small plane. */
  readonly radius: number;
  /** How far the guide, 0…1, must vary in a window to count as an edge: a variance. */
  readonly epsilon: number;
}

/** Bilinear. */
export function enlarged(data: Float32Array, { small, large }: Sides): Float32Array {
  const unit = { left: 0, top: 0, width: 1, height: 1 };
  const plane = { data, channels: 1, width: small, height: small } as const;
  return laidOnto(plane, unit, unit, { width: large, height: large }, { beyond: "edge" });
}

/** @param plane the plane to enlarge; `guide` is the picture's luma at its size, `finer` at the large size */
export function guided(
  plane: Float32Array,
  guide: Float32Array,
  finer: Float32Array,
  sides: Sides,
  { radius, epsilon }: Filter,
): Float32Array {
  const mean = (values: Float32Array) => boxMean(values, sides.small, radius);
  const product = (a: Float32Array, b: Float32Array) => a.map((value, i) => value * (b[i] as number));
  const [guides, planes] = [mean(guide), mean(plane)];
  const both = mean(product(guide, plane));
  const squares = mean(product(guide, guide));
  const slope = both.map((value, i) => {
    const [g, p, s] = [guides[i] as number, planes[i] as number, squares[i] as number];
    return (value - g * p) / (s - g * g + epsilon);
  });
  const offset = planes.map((value, i) => value - (slope[i] as number) * (guides[i] as number));
  const [a, b] = [enlarged(mean(slope), sides), enlarged(mean(offset), sides)];
  return finer.map((value, i) => (a[i] as number) * value + (b[i] as number));
}

function boxMean(values: Float32Array, side: number, radius: number): Float32Array {
  return values.map((_, cell) => {
    const [x, y] = [cell % side, Math.floor(cell / side)];
    let [sum, count] = [0, 0];
    for (let v = Math.max(0, y - radius); v <= Math.min(side - 1, y + radius); v++)
      for (let u = Math.max(0, x - radius); u <= Math.min(side - 1, x + radius); u++) {
        sum += values[v * side + u] as number;
        count++;
      }
    return sum / count;
  });
}
