/** Latents as rows of tokens: packing, position ids, RoPE tables and timestep features. */

/** Rotary position embedding of all tokens: row r belongs to token r, and the prompt's tokens come first. */
export interface RopeTables {
  readonly rows: number;
  /** Cosines and sines [rows, head/2]. */
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/** Size of an image in tokens: down and across. */
export interface TokenGrid {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Packs a latent [C, h, w] (h, w even) into tokens [h/2 · w/2, 4C]; channel = 4c + 2·row + column
 * (black-forest-labs/flux `prepare`).
 */
export function packLatent(
  latent: Float32Array,
  channels: number,
  height: number,
  width: number,
): Float32Array {
  const packed = new Float32Array(latent.length);
  forEachPixel(channels, height, width, (pixel, token) => {
    packed[token] = latent[pixel] ?? 0;
  });
  return packed;
}

/** The inverse of `packLatent`: tokens [h/2 · w/2, 4C] to a latent [C, h, w]. */
export function unpackLatent(
  tokens: Float32Array,
  channels: number,
  height: number,
  width: number,
): Float32Array {
  const latent = new Float32Array(tokens.length);
  forEachPixel(channels, height, width, (pixel, token) => {
    latent[pixel] = tokens[token] ?? 0;
  });
  return latent;
}

function forEachPixel(
  channels: number,
  height: number,
  width: number,
  visit: (pixel: number, token: number) => void,
): void {
  if (height % 2 !== 0 || width % 2 !== 0)
    throw new RangeError(`a latent of ${height}x${width} has odd sides`);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const row = (y >> 1) * (width >> 1) + (x >> 1);
        visit((c * height + y) * width + x, row * 4 * channels + 4 * c + 2 * (y & 1) + (x & 1));
      }
    }
  }
}

/** Ids [rows · columns, 3] of image tokens: (0, row, column). */
export function imageIds(rows: number, columns: number): Float32Array {
  const ids = new Float32Array(rows * columns * 3);
  for (let token = 0; token < rows * columns; token++) {
    ids[token * 3 + 1] = Math.floor(token / columns);
    ids[token * 3 + 2] = token % columns;
  }
  return ids;
}

/** Ids [textTokens + rows · columns, 3]: those of a prompt, all 0, then those of an image. */
export function gridIds(textTokens: number, { rows, columns }: TokenGrid): Float32Array {
  const ids = new Float32Array((textTokens + rows * columns) * 3);
  ids.set(imageIds(rows, columns), textTokens * 3);
  return ids;
}

/**
 * Cosines and sines of the angles id · theta^(−2k/d) of every axis, side by side. Computed in double precision, then
 * rounded (black-forest-labs/flux `rope`, with the ids in float64 as in RF-Solver-Edit and diffusers).
 *
 * @param ids [rows, axes] ids, the prompt's rows first
 * @param axes sizes d of the axes, all even
 */
export function ropeTables(ids: Float32Array, axes: readonly number[], theta: number): RopeTables {
  const rows = ids.length / axes.length;
  const pairs = axes.reduce((sum, axis) => sum + axis / 2, 0);
  const cos = new Float32Array(rows * pairs);
  const sin = new Float32Array(rows * pairs);
  for (let row = 0; row < rows; row++) {
    let at = row * pairs;
    axes.forEach((size, axis) => {
      const id = ids[row * axes.length + axis] ?? 0;
      for (let k = 0; k < size; k += 2) {
        const angle = id / theta ** (k / size);
        cos[at] = Math.cos(angle);
        sin[at] = Math.sin(angle);
        at += 1;
      }
    });
  }
  return { rows, cos, sin };
}

/** Channels of the sinusoidal features. */
export const TIME_CHANNELS = 256;
const FREQUENCIES = frequencies(TIME_CHANNELS / 2);

/**
 * 10000^(−k/count), with every step in float32 as in the reference. At k = 12 and 106 the reference's exponential (torch
 * on MKL) is one unit in the last place above the nearest float32. At 1000 t that makes 6e-5 radians, so it is matched.
 */
function frequencies(count: number): Float32Array {
  const slope = Math.fround(-Math.log(10000));
  const values = Float32Array.from({ length: count }, (_, k) =>
    Math.exp(Math.fround(Math.fround(slope * k) / count)),
  );
  const bits = new Int32Array(values.buffer);
  for (const k of [12, 106]) bits[k] = (bits[k] ?? 0) + 1;
  return values;
}

/**
 * Sinusoidal features [n, 256] of times in 0..1, also used for guidance: cosines, then sines, of 1000 t · 10000^(−k/128)
 * (black-forest-labs/flux `timestep_embedding`). Every step is in float32: 1000 t is large, and rounding at other steps
 * would show.
 */
export function timestepEmbedding(times: readonly number[]): Float32Array {
  const half = FREQUENCIES.length;
  const features = new Float32Array(times.length * TIME_CHANNELS);
  times.forEach((time, row) => {
    const scaled = Math.fround(1000 * Math.fround(time));
    FREQUENCIES.forEach((frequency, k) => {
      const angle = Math.fround(scaled * frequency);
      features[row * TIME_CHANNELS + k] = Math.cos(angle);
      features[row * TIME_CHANNELS + half + k] = Math.sin(angle);
    });
  });
  return features;
}
