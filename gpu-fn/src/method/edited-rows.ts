/** Which image tokens an edit computes if it takes the background from the source. */
import type { TokenGrid } from "../tensor/packing.ts";

/** Below this value of M nothing of the edit is visible: the paste-back shows at most this share of it. */
const FAINTEST = 0.02;

/** Number of tokens around the mask, in all eight directions. */
const MARGIN = 1;

/** Token counts are multiples of this, so that there are few shapes: sessions plan their memory by shape. */
const BUCKET = 32;

/**
 * Indices of the tokens in the mask M and its margin, and of the nearest others until the bucket is full, ascending. So no
 * row is idle, none has to be masked in attention, and a shape serves many masks. Empty if M is faint everywhere.
 * @param mask [rows · columns] in 0…1
 */
export function editedRows(mask: Float32Array, grid: TokenGrid): Int32Array {
  const distances = distancesTo((token) => (mask[token] as number) >= FAINTEST, grid);
  const needed = distances.filter((distance) => distance <= MARGIN).length;
  const count = Math.min(Math.ceil(needed / BUCKET) * BUCKET, mask.length);
  const nearest = [...distances.keys()].sort((a, b) => (distances[a] as number) - (distances[b] as number));
  return Int32Array.from(nearest.slice(0, count)).sort();
}

/** Chebyshev distance from each token to the nearest one inside; Infinity if none is. */
function distancesTo(inside: (token: number) => boolean, { rows, columns }: TokenGrid): Float32Array {
  const distances = new Float32Array(rows * columns).fill(Number.POSITIVE_INFINITY);
  let reached = [...distances.keys()].filter(inside);
  for (let distance = 0; reached.length > 0; distance++) {
    for (const token of reached) distances[token] = distance;
    const around = new Set(reached.flatMap((token) => neighbours(token, rows, columns)));
    reached = [...around].filter((token) => distances[token] === Number.POSITIVE_INFINITY);
  }
  return distances;
}

const STEPS = [-1, 0, 1];

function neighbours(token: number, rows: number, columns: number): number[] {
  const [row, column] = [Math.floor(token / columns), token % columns];
  return STEPS.flatMap((down) =>
    STEPS.map((across) => [row + down, column + across] as const)
      .filter(([r, c]) => r >= 0 && r < rows && c >= 0 && c < columns)
      .map(([r, c]) => r * columns + c),
  );
}
