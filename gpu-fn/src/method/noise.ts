/** The noise from which an edit without inversion starts. */

/** An arbitrary number: the noise depends neither on the photo nor on the caller. */
const SEED = 0x5eed;

/**
 * Standard normal numbers (Box–Muller over Mulberry32), the same at every call. A shorter result is a prefix of a longer one.
 */
export function fixedNoise(length: number): Float32Array {
  let state = SEED;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return Float32Array.from(
    { length },
    () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}
