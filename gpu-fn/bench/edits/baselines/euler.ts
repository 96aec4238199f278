import type { Condition } from "../../../src/method/condition.ts";
import type { VelocityModel } from "../../../src/method/detailing.ts";

/**
 * dZ/dt at (Z, t), where t = 0 is data and t = 1 is noise.
 * @param step 0, 1 …: which step of the pass
 */
export type Field = (latent: Float32Array, t: number, step: number) => Promise<Float32Array>;

/** Z' = Z + (t' − t)·field(Z, t) from each time to the next, in the order given: up is inversion, down is editing. */
export async function euler(
  field: Field,
  start: Float32Array,
  times: readonly number[],
): Promise<Float32Array> {
  let latent = start;
  for (const [step, to] of times.slice(1).entries()) {
    const from = times[step] ?? 0;
    const slope = await field(latent, from, step);
    latent = latent.map((value, index) => value + (to - from) * (slope[index] ?? 0));
  }
  return latent;
}

/** v(Z, t) of the transformer under one prompt. */
export function promptField(model: VelocityModel, condition: Condition): Field {
  return async (latent, t) => (await model.evaluate({ latent, t, condition })).velocity;
}
