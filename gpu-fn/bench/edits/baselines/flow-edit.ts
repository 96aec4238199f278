/** FlowEdit (Kulikov et al., Inversion-Free Text-Based Editing Using Pre-Trained Flow Models, arXiv 2412.08629). */

import { timesteps } from "../../../src/method/schedule.ts";
import { sourceLatent } from "../../../src/method/structuring.ts";
import type { Model } from "../../../src/model/model.ts";
import type { Editor } from "../editor.ts";
import { euler, type Field, promptField } from "./euler.ts";
import { type LatentTask, latentEditor, PLAIN } from "./latent-editor.ts";
import { gaussian } from "./noise.ts";
import type { BaselineSettings, FlowEditSettings } from "./settings.ts";

/**
 * dZ/dt of Algorithm 1: the mean over noises N of v(Z + Z_s − Z_0, target) − v(Z_s, source), where
 * Z_s = (1 − t)·Z_0 + t·N. The path leads from the photo to the edit without ever being noise.
 *
 * @param clean Z_0 [L, C]
 * @param noises standard normal [L, C], as many as are averaged over; new ones in each step
 */
export function editingField(
  source: Field,
  target: Field,
  clean: Float32Array,
  noises: (step: number) => readonly Float32Array[],
): Field {
  return async (latent, t, step) => {
    const mean = new Float32Array(clean.length);
    const drawn = noises(step);
    for (const noise of drawn) {
      const noisy = sourceLatent(clean, noise, t);
      const moved = noisy.map((value, index) => value + ((latent[index] ?? 0) - (clean[index] ?? 0)));
      const [there, here] = [await target(moved, t, step), await source(noisy, t, step)];
      for (let index = 0; index < mean.length; index++)
        mean[index] = (mean[index] ?? 0) + ((there[index] ?? 0) - (here[index] ?? 0)) / drawn.length;
    }
    return mean;
  };
}

/** The last n_max Euler steps (n_min = 0, the authors' choice for FLUX). Twice n_avg evaluations a step. */
export function flowEdit(task: LatentTask, settings: FlowEditSettings): Promise<Float32Array> {
  const { velocities, clean, seed, steps } = task;
  const { averages, start, sourceGuidance, targetGuidance = task.target.guidance } = settings;
  const noises = (step: number) =>
    Array.from({ length: averages }, (_, sample) =>
      gaussian(seed, `FlowEdit ${step} ${sample}`, clean.length),
    );
  const field = editingField(
    promptField(velocities, { ...task.source, guidance: sourceGuidance }),
    promptField(velocities, { ...task.target, guidance: targetGuidance }),
    clean,
    noises,
  );
  return euler(field, clean, timesteps(steps, task.imageTokens).slice(steps - Math.round(start * steps)));
}

export function flowEditEditor(model: Model, settings: BaselineSettings): Editor {
  return latentEditor("FlowEdit", model, PLAIN, settings, (task) => flowEdit(task, settings.flowEdit));
}
