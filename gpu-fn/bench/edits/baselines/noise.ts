import { stream } from "../../../training/text2mask/random.ts";

/** Standard normal numbers (Box–Muller) that depend only on `seed` and `name`. */
export function gaussian(seed: number, name: string, length: number): Float32Array {
  const { next } = stream(seed, name);
  return Float32Array.from(
    { length },
    () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  );
}
