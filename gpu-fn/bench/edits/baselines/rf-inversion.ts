/** RF-Inversion (Rout et al., Semantic Image Inversion and Editing using Rectified SDEs, arXiv 2410.10792). */

import { timesteps } from "../../../src/method/schedule.ts";
import type { Model } from "../../../src/model/model.ts";
import type { Editor } from "../editor.ts";
import { euler, type Field, promptField } from "./euler.ts";
import { type LatentTask, latentEditor, PLAIN } from "./latent-editor.ts";
import { gaussian } from "./noise.ts";
import type { BaselineSettings, RfInversionSettings } from "./settings.ts";

/** v + weight · (v_control − v), in place of a field's v. */
function drawn(
  field: Field,
  control: (latent: Float32Array, t: number) => Float32Array,
  weight: number,
): Field {
  return async (latent, t, step) => {
    const free = await field(latent, t, step);
    const to = control(latent, t);
    return free.map((value, index) => value + weight * ((to[index] ?? 0) - value));
  };
}

/**
 * The controlled forward ODE (Eq. 8, Algorithm 1): of v under the null prompt and of (Z_1 − Z)/(1 − t), the straight
 * way to a given noise, 1 − γ and γ parts. The last step begins below t = 1, so nothing is divided by 0.
 *
 * @param clean Z_0 [L, C]
 * @param noise Z_1 [L, C], standard normal
 * @param times t_0 = 0 to t_N = 1, ascending
 * @returns the structured noise [L, C]
 */
export function controlledInversion(
  field: Field,
  clean: Float32Array,
  noise: Float32Array,
  times: readonly number[],
  gamma: number,
): Promise<Float32Array> {
  const control = (latent: Float32Array, t: number) =>
    latent.map((value, index) => ((noise[index] ?? 0) - value) / (1 - t));
  return euler(drawn(field, control, gamma), clean, times);
}

/**
 * The controlled reverse ODE (Eq. 15, Algorithm 2): of v under the target's prompt and of (Z − Z_0)/t, the straight
 * way from the photo, 1 − η and η parts in the controlled steps; elsewhere v alone. η = 1 ends at the photo.
 *
 * @param noise the structured noise [L, C]
 * @param clean Z_0 [L, C]
 * @param times t_N = 1 to t_0 = 0, descending
 * @returns the edited latent [L, C]
 */
export function controlledEdit(
  field: Field,
  noise: Float32Array,
  clean: Float32Array,
  times: readonly number[],
  { eta, from, to }: Omit<RfInversionSettings, "gamma">,
): Promise<Float32Array> {
  const steps = times.length - 1;
  const control = (latent: Float32Array, t: number) =>
    latent.map((value, index) => (value - (clean[index] ?? 0)) / t);
  const controlled = drawn(field, control, eta);
  return euler(
    (latent, t, step) => {
      const within = from * steps <= step && step < to * steps;
      return (within ? controlled : field)(latent, t, step);
    },
    noise,
    times,
  );
}

/** Both passes. */
export async function rfInversion(task: LatentTask, settings: RfInversionSettings): Promise<Float32Array> {
  const { velocities, clean, empty, target, seed } = task;
  const descending = timesteps(task.steps, task.imageTokens);
  const typical = gaussian(seed, "RF-Inversion", clean.length);
  const unprompted = promptField(velocities, empty);
  const noise = await controlledInversion(
    unprompted,
    clean,
    typical,
    descending.toReversed(),
    settings.gamma,
  );
  return controlledEdit(promptField(velocities, target), noise, clean, descending, settings);
}

export function rfInversionEditor(model: Model, settings: BaselineSettings): Editor {
  const edit = (task: LatentTask) => rfInversion(task, settings.rfInversion);
  return latentEditor("RF-Inversion", model, PLAIN, settings, edit);
}
