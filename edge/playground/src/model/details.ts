import type { Edit } from "../../../../shared/edit.ts";
import type { Version } from "./history.ts";
import { type Preset, presetOf, structuringOf } from "./schedule-choice.ts";

export type Detail = readonly [name: string, value: string];

/** What the API tells of an edit that was made, in the method's own terms. */
export function detailsOf({ preservation, timings, model, usage }: Edit): Detail[] {
  const outside =
    preservation &&
    `${preservation.psnr_outside_db.toFixed(1)} dB, SSIM ${preservation.ssim_outside.toFixed(3)}, before the photo’s own pixels go back`;
  const time = timings && `${(timings.total_ms / 1000).toFixed(1)} s, ${timings.evaluations} evaluations`;
  return [
    ...(time === null ? [] : [["Time", time] as const]),
    ...(outside === null ? [] : [["Outside of the region", outside] as const]),
    ["Model", `${model.id} ${model.version}`],
    ["Charged", `${usage.credits} ${usage.credits === 1 ? "credit" : "credits"}`],
  ];
}

/** The details of a version, its schedule first. */
export function allDetails({ recipe, outcome }: Version, presets: readonly Preset[]): Detail[] {
  const preset = presetOf(presets, recipe.plan);
  if (preset === null) return [...outcome.details];
  const schedule = `${preset.name}, ${preset.schedule.steps} steps, T = ${structuringOf(preset, recipe.plan)}`;
  return [["Schedule", schedule], ...outcome.details];
}
