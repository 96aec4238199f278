/** MasaCtrl (Cao et al., Tuning-Free Mutual Self-Attention Control, arXiv 2304.08465), carried over to a rectified flow. */

import { invert, sculpt } from "../../../src/method/sculpting.ts";
import { planSculpting } from "../../../src/method/sculpting-plan.ts";
import type { Model } from "../../../src/model/model.ts";
import type { Editor } from "../editor.ts";
import { KEYS_AND_VALUES } from "./fused-features.ts";
import { type LatentTask, latentEditor } from "./latent-editor.ts";
import type { BaselineSettings, MasaCtrlSettings } from "./settings.ts";

/** M = 0, of one row for all of them: the source's K and V everywhere. */
const SOURCE_ONLY = Float32Array.of(0);

/**
 * Mutual self-attention (Algorithm 1): after S steps, in the last blocks, the target's queries meet the
 * source's image keys and values, Attention(Q, K_s, V_s). Attention is joint here: keys and values of the text's rows
 * stay the target's. The paper's DDIM inversion is RF-Solver's, and K_s and V_s are recorded in it, at the same
 * interval and half, where the paper reconstructs the source beside the target.
 *
 * @param task of a transformer that takes K and V
 * @returns the edited latent [L, C]
 * @throws InputError if S is no share
 */
export async function masaCtrl(task: LatentTask, { start }: MasaCtrlSettings): Promise<Float32Array> {
  const { velocities, clean, source, target, steps, imageTokens } = task;
  const structuringSteps = Math.round(start * steps);
  const plan = planSculpting({ steps, imageTokens, structuringSteps, latent: false });
  return sculpt(velocities, await invert(velocities, clean, source, plan), target, SOURCE_ONLY, plan);
}

export function masaCtrlEditor(model: Model, settings: BaselineSettings): Editor {
  const use = { blocks: settings.masaCtrl.blocks, fused: KEYS_AND_VALUES };
  return latentEditor("MasaCtrl", model, use, settings, (task) => masaCtrl(task, settings.masaCtrl));
}
