/** Which of the image's tokens an edit computes that leaves its surroundings to the source. */
import type { TokenGrid } from "../tensor/packing.ts";

/** Where M is less, nothing of the edit is seen: the paste-back shows at most so much of it. */
const FAINTEST = 0.02;

/** Tokens around the mask, in all eight directions. */
const MARGIN = 1;

/** Sessions plan their memory by shape: counts of tokens are multiples of this, so that few shapes come. */
const BUCKET = 32;

/**
 * Numbers of the tokens in the mask M and within its margin, ascending; then the nearest others until the bucket is full, so
 * no row is idle, none has to be hidden from attention, and a shape serves many masks. None if M is faint everywhere.
 * @param mask [rows · columns] in 0…1
 */
export function editedRows(mask: Float32Array, grid: TokenGrid): Int32Array {
  const distances = distancesTo((token) => (mask[token] as number) >= FAINTEST, grid);
  const needed = distances.filter((distance) => distance <= MARGIN).length;
  const count = Math.min(Math.ceil(needed / BUCKET) * BUCKET, mask.length);
  const nearest = [...distances.keys()].sort((a, b) => (distances[a] as number) - (distances[b] as number));
  return Int32Array.from(nearest.slice(0, count)).sort();
}

/** Steps of a king to the nearest token that is inside, by token; Infinity if none is. */
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
