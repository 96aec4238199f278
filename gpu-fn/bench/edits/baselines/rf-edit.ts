/** RF-Solver-Edit, "RF-Edit" (Wang et al., Taming Rectified Flow for Inversion and Editing, arXiv 2411.04746). */

import { invert, sculpt } from "../../../src/method/sculpting.ts";
import type { Model } from "../../../src/model/model.ts";
import type { Editor } from "../editor.ts";
import { ALL_VALUES } from "./fused-features.ts";
import { type LatentTask, latentEditor } from "./latent-editor.ts";
import { planRfSolverEdit } from "./rf-edit-plan.ts";
import type { BaselineSettings, RfEditSettings } from "./settings.ts";

/** M = 0, of one row for all of them: the source's V everywhere. */
const SOURCE_ONLY = Float32Array.of(0);

/**
 * RF-Solver of second order both ways; in the first steps of the edit, the noisiest, V of the last
 * single blocks is the one that the inversion had in the same interval, replaced whole. No mask, no latent fusion.
 *
 * @param task with `inject` above 0, of a transformer that takes V
 * @returns the edited latent [L, C]
 * @throws InputError if `inject` is no share
 */
export async function rfEdit(task: LatentTask, { inject }: RfEditSettings): Promise<Float32Array> {
  const { velocities, clean, source, target } = task;
  const plan = planRfSolverEdit(task.steps, task.imageTokens, Math.round(inject * task.steps));
  return sculpt(velocities, await invert(velocities, clean, source, plan), target, SOURCE_ONLY, plan);
}

/** With V of the text's rows too, as the authors' code has it, in as many blocks as the method itself fuses. */
export function rfEditEditor(model: Model, settings: BaselineSettings): Editor {
  const use = { blocks: model.manifest.defaults.value_blocks, fused: ALL_VALUES };
  return latentEditor("RF-Edit", model, use, settings, (task) => rfEdit(task, settings.rfEdit));
}
