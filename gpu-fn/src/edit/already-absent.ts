/**
 * Whether a photo lacks already what a request would remove. The flow itself says so: of two captions, the one under which it
 * predicts the photo's own velocity better is the likelier (as diffusion classifiers do: Li et al. 2023). Measured in
 * docs/words.md: no removal of what was there is refused.
 */
import { CanceledError, InputError } from "../errors.ts";
import { fixedNoise } from "../method/noise.ts";
import { sourceLatent } from "../method/structuring.ts";
import { bindModel } from "../model/velocity-model.ts";
import type { Job } from "./job.ts";
import type { Removal } from "./request.ts";
import type { Located } from "./view.ts";

/** Times of the flow at which captions are compared: while a face's things are decided, and before they are drawn. */
const TIMES = [0.5, 0.8] as const;

/**
 * Largest error at the first of the times with which the flow knows such pictures. Drawings have 0.2 to 0.8, photographs,
 * which the embedded model knows little, 0.6 to 1.6: of those it would miss worn glasses.
 */
const KNOWN = 0.7;

/**
 * How much larger, of the two together, the error under a caption with the thing must be. Of 314 drawn faces with glasses or
 * a beard the largest that the flow knew had 0.003.
 */
const MARGIN = 0.02;

/**
 * Compares captions with the photo inside the mask: two evaluations a caption.
 * @throws InputError `unchanged` if the photo lacks the thing; CanceledError
 */
export async function requirePresent(job: Job, located: Located, removal: Removal): Promise<void> {
  const { model, transformer, options } = job;
  const { clean, mask, region } = located;
  const velocities = bindModel(transformer, region.placement.grid);
  const noise = fixedNoise(clean.length);
  const errorsOf = async (caption: string) => {
    const condition = { ...(await model.condition(caption)), guidance: 1 };
    const errors: number[] = [];
    for (const t of TIMES) {
      if (options.signal?.aborted) throw new CanceledError();
      const { velocity } = await velocities.evaluate({ latent: sourceLatent(clean, noise, t), t, condition });
      errors.push(errorWithin(mask, velocity, clean, noise));
    }
    return { known: (errors[0] as number) < KNOWN, error: errors.reduce((sum, error) => sum + error, 0) };
  };
  const without = await errorsOf(removal.without);
  if (!without.known) return;
  for (const caption of removal.shown) {
    const { error } = await errorsOf(caption);
    if (error - without.error <= MARGIN * (error + without.error)) return;
  }
  throw new InputError(
    "unchanged",
    `this face shows no ${removal.thing}, as far as the model can tell; with a mask it is edited all the same`,
  );
}

/**
 * How far a velocity is from the straight line's, `noise − clean`: the mean square over channels and tokens, weighed by the
 * mask.
 * @param mask M on the tokens, [L] in 0…1; the others [L, C]
 */
function errorWithin(
  mask: Float32Array,
  velocity: Float32Array,
  clean: Float32Array,
  noise: Float32Array,
): number {
  const channels = clean.length / mask.length;
  let [sum, weights] = [0, 0];
  for (let i = 0; i < clean.length; i++) {
    const weight = mask[Math.floor(i / channels)] as number;
    const straight = (noise[i] as number) - (clean[i] as number);
    sum += weight * ((velocity[i] as number) - straight) ** 2;
    weights += weight;
  }
  return sum / weights;
}
