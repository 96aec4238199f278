import FFT from "fft.js";
import { type Patterns, TILE } from "./pattern.ts";

/** Patterns as spectra: interleaved complex numbers, row-major. */
export interface Spectra {
  readonly sync: Float64Array;
  readonly message: Float64Array;
}

/** Correlations of a tile with both patterns at every shift, in standard deviations. */
export interface Correlations {
  readonly sync: Float64Array;
  readonly message: Float64Array;
}

const fft = new FFT(TILE);

export function spectraOf({ sync, message }: Patterns): Spectra {
  const spectrum = (signs: Int8Array) => transform(complex(Float64Array.from(signs)), "forward");
  return { sync: spectrum(sync), message: spectrum(message) };
}

/**
 * Σ sign · tile for each shift of either pattern, divided by the tile's norm ‖tile‖. For a picture without the mark such
 * a sum, over random signs, is sub-Gaussian with variance 1, whatever the picture: P(sum ≥ t) ≤ exp(−t²/2) (Hoeffding).
 */
export function correlate(tile: Float64Array, spectra: Spectra): Correlations {
  const length = Math.sqrt(energyOf(tile)) || 1;
  const given = transform(complex(tile), "forward");
  const product = new Float64Array(given.length);
  for (let i = 0; i < given.length; i += 2) {
    const [gr, gi] = [given[i] as number, given[i + 1] as number];
    const [sr, si] = [spectra.sync[i] as number, spectra.sync[i + 1] as number];
    const [mr, mi] = [spectra.message[i] as number, spectra.message[i + 1] as number];
    // times the conjugates; both sums are real, so one uses the imaginary axis
    product[i] = gr * (sr + mi) + gi * (si - mr);
    product[i + 1] = gi * (sr + mi) - gr * (si - mr);
  }
  const sums = transform(product, "inverse");
  const [onSync, onMessage] = [new Float64Array(tile.length), new Float64Array(tile.length)];
  for (let i = 0; i < tile.length; i++) {
    onSync[i] = (sums[2 * i] as number) / length;
    onMessage[i] = (sums[2 * i + 1] as number) / length;
  }
  return { sync: onSync, message: onMessage };
}

/** ‖tile‖². */
function energyOf(tile: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < tile.length; i++) sum += (tile[i] as number) ** 2;
  return sum;
}

/** Correlation of the sync pattern without any shift. */
export function syncInPlace(tile: Float64Array, { sync }: Patterns): number {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < tile.length; i++) {
    sum += (tile[i] as number) * (sync[i] as number);
    squares += (tile[i] as number) ** 2;
  }
  return squares === 0 ? 0 : sum / Math.sqrt(squares);
}

function complex(real: Float64Array): Float64Array {
  const numbers = new Float64Array(2 * real.length);
  for (let i = 0; i < real.length; i++) numbers[2 * i] = real[i] as number;
  return numbers;
}

/** Two-dimensional transform: rows, then columns. */
function transform(numbers: Float64Array, direction: "forward" | "inverse"): Float64Array {
  const line = new Float64Array(2 * TILE);
  const turned = new Float64Array(2 * TILE);
  const along = (start: number, stride: number) => {
    for (let i = 0; i < TILE; i++) {
      line[2 * i] = numbers[2 * (start + i * stride)] as number;
      line[2 * i + 1] = numbers[2 * (start + i * stride) + 1] as number;
    }
    if (direction === "forward") fft.transform(turned, line);
    else fft.inverseTransform(turned, line);
    for (let i = 0; i < TILE; i++) {
      numbers[2 * (start + i * stride)] = turned[2 * i] as number;
      numbers[2 * (start + i * stride) + 1] = turned[2 * i + 1] as number;
    }
  };
  for (let y = 0; y < TILE; y++) along(y * TILE, 1);
  for (let x = 0; x < TILE; x++) along(x, TILE);
  return numbers;
}
