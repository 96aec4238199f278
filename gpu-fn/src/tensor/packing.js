/** Between latents and rows of tokens: packing, position ids, RoPE tables, timestep features. */
/**
 * Packs a latent [C, h, w] (h, w even) into tokens [h/2 · w/2, 4C]; channel = 4c + 2·row + column
 * (black-forest-labs/flux `prepare`).
 */
export function packLatent(latent, channels, height, width) {
  const packed = new Float32Array(latent.length);
  forEachPixel(channels, height, width, (pixel, token) => {
    packed[token] = latent[pixel] ?? 0;
  });
  return packed;
}
/** The inverse of `packLatent`: tokens [h/2 · w/2, 4C] to a latent [C, h, w]. */
export function unpackLatent(tokens, channels, height, width) {
  const latent = new Float32Array(tokens.length);
  forEachPixel(channels, height, width, (pixel, token) => {
    latent[pixel] = tokens[token] ?? 0;
  });
  return latent;
}
function forEachPixel(channels, height, width, visit) {
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
export function imageIds(rows, columns) {
  const ids = new Float32Array(rows * columns * 3);
  for (let token = 0; token < rows * columns; token++) {
    ids[token * 3 + 1] = Math.floor(token / columns);
    ids[token * 3 + 2] = token % columns;
  }
  return ids;
}
/** Ids [textTokens + rows · columns, 3] of a prompt, all 0, and an image after it. */
export function gridIds(textTokens, { rows, columns }) {
  const ids = new Float32Array((textTokens + rows * columns) * 3);
  ids.set(imageIds(rows, columns), textTokens * 3);
  return ids;
}
/**
 * Angles id · theta^(−2k/d) of every axis, side by side, in double precision, then rounded
 * (black-forest-labs/flux `rope`, with the ids in float64 as RF-Solver-Edit and diffusers have it).
 *
 * @param ids [rows, axes] ids, the prompt's rows first
 * @param axes sizes d of the axes, each even
 */
export function ropeTables(ids, axes, theta) {
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
 * 10000^(−k/count), every step in float32 as the reference has it. At k = 12 and 106 its exponential (torch on MKL)
 * lies one unit in the last place above the nearest float32: at 1000 t that is 6e-5 radians, so it is followed.
 */
function frequencies(count) {
  const slope = Math.fround(-Math.log(10000));
  const values = Float32Array.from({ length: count }, (_, k) =>
    Math.exp(Math.fround(Math.fround(slope * k) / count)),
  );
  const bits = new Int32Array(values.buffer);
  for (const k of [12, 106]) bits[k] = (bits[k] ?? 0) + 1;
  return values;
}
/**
 * Sinusoidal features [n, 256] of times in 0..1, and of guidance by the same function: cosines, then sines, of
 * 1000 t · 10000^(−k/128) (black-forest-labs/flux `timestep_embedding`), in float32: 1000 t is large, and rounding
 * elsewhere would show.
 */
export function timestepEmbedding(times) {
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
