import fc from "fast-check";

/** The value that an arbitrary generates from a seed. @throws Error if there is none */
export function sample<T>(arbitrary: fc.Arbitrary<T>, seed: number): T {
  const [value] = fc.sample(arbitrary, { seed: spread(seed), numRuns: 1 });
  if (value === undefined) throw new Error("nothing was made");
  return value;
}

/** Spreads neighbouring seeds over all 32 bits, one to one, since similar seeds start similar sequences. */
function spread(seed: number): number {
  const once = Math.imul(seed ^ (seed >>> 16), 0x7feb352d);
  return Math.imul(once ^ (once >>> 15), 0x846ca68b);
}
