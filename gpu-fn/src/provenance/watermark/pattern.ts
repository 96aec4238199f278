import { hkdfSync } from "node:crypto";

/** Cells along a side of the tile that repeats over a picture. */
export const TILE = 64;

/** Number of payloads: one for each shift of the second pattern on the tile. 12 bits. */
export const PAYLOADS = TILE * TILE;

/** Patterns with a sign for each cell of the tile, −1 or 1, row-major. */
export interface Patterns {
  /** Never shifted: it shows where the tile begins. */
  readonly sync: Int8Array;
  /** Shifted on the tile by the payload, so that payloads are nearly orthogonal to each other. */
  readonly message: Int8Array;
}

/** A deployment's own patterns. Without the secret nobody can find the mark or make it. */
export function patternsOf(secret: string): Patterns {
  return { sync: signs(secret, "sync"), message: signs(secret, "message") };
}

function signs(secret: string, name: string): Int8Array {
  const info = `flux-sculptor watermark 1 ${name}`;
  const bits = new Uint8Array(hkdfSync("sha256", secret, "", info, (TILE * TILE) / 8));
  return Int8Array.from({ length: TILE * TILE }, (_, i) =>
    ((bits[i >> 3] as number) >> (i & 7)) & 1 ? 1 : -1,
  );
}

/**
 * The tile that is added to a picture: both patterns together, with mean square 1.
 * @param payload 0 … PAYLOADS − 1
 */
export function tileOf({ sync, message }: Patterns, payload: number): Float32Array {
  const [right, down] = [payload % TILE, Math.floor(payload / TILE)];
  return Float32Array.from(sync, (sign, i) => {
    const x = ((i % TILE) - right + TILE) % TILE;
    const y = (Math.floor(i / TILE) - down + TILE) % TILE;
    return (sign + (message[y * TILE + x] as number)) * Math.SQRT1_2;
  });
}
