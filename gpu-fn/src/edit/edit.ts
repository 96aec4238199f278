import type { Model } from "../model/model.ts";
import { requirePresent } from "./already-absent.ts";
import { deliver } from "./deliver.ts";
import { type EditOptions, openJob } from "./job.ts";
import { invertSource, sculptTarget, velocitiesOf } from "./passes.ts";
import type { EditRequest, EditResult } from "./request.ts";
import { locateAndEncode } from "./view.ts";

export type { EditOptions } from "./job.ts";

/**
 * One edit of a portrait, as in the paper's Figure 2. Every pixel outside the feathered mask stays the photo's own.
 * @throws InputError if the photo, the mask or the schedule is refused, or there is nothing to remove; CanceledError
 */
export async function editPortrait(
  model: Model,
  request: EditRequest,
  options: EditOptions = {},
): Promise<EditResult> {
  // read photo and prompts
  const job = await openJob(model, request, options);
  // PASL: the mask M from the prompt (Eq. 5, 6); the clean latent Z_0 of the view around it
  const located = await locateAndEncode(job);
  // FLUX: the velocity of any latent at any time
  const velocities = await velocitiesOf(job, located);
  if (request.removal) await requirePresent(job, located, request.removal);
  // RF-Solver: from Z_0 to its noise Z_N, keeping the source's V along the way
  const source = await invertSource(job, located, velocities);
  // S2D-EC: back from Z_N with the target prompt, first structuring (Eq. 13), then detailing (Eq. 15)
  const edited = await sculptTarget(job, located, source, velocities);
  // decode, and paste into the photo
  return deliver(job, located, source, edited);
}
