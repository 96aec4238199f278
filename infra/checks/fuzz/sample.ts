import fc from "fast-check";

/** The value that an arbitrary makes of a number. @throws Error if it makes none */
export function sample<T>(arbitrary: fc.Arbitrary<T>, seed: number): T {
  const [value] = fc.sample(arbitrary, { seed: spread(seed), numRuns: 1 });
  if (value === undefined) throw new Error("nothing was made");
  return value;
}

/** Spreads neighbouring numbers over all 32 bits, each to one of its own: generators start alike from alike seeds. */
function spread(seed: number): number {
  const once = Math.imul(seed ^ (seed >>> 16), 0x7feb352d);
  return Math.imul(once ^ (once >>> 15), 0x846ca68b);
}
