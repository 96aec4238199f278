import { maskOptionsSchema } from "../../../shared/mask.ts";
import { presetsOf } from "../../../shared/presets.ts";
import type { Schedule } from "../../../shared/schedule.ts";
import { METHOD } from "../../src/edit/ablation.ts";
import { editPortrait } from "../../src/edit/edit.ts";
import { InversionCache } from "../../src/edit/inversion-cache.ts";
import type { EditPath } from "../../src/edit/value-path.ts";
import type { Model } from "../../src/model/model.ts";
import { caseName } from "./cases.ts";
import type { Editor } from "./editor.ts";
import { picturesOf } from "./result-pictures.ts";
import type { Variant } from "./variants.ts";

/** The schedule of an attribute's edits, with T if a variant has its own. */
export type ScheduleFor = (attribute: string, structuringSteps?: number) => Schedule;

/** Edits of one portrait share its inversion; the next portrait has another, so one's room is enough. */
const ONE_CASE = { bytes: 128 * 2 ** 20, ageMs: 600_000 };

/** This method and its ablations, each as the product runs it: with the mask that PASL locates. */
export function methodEditors(
  model: Model,
  variants: readonly Variant[],
  scheduleFor: ScheduleFor,
): readonly Editor[] {
  const inversions = new InversionCache(ONE_CASE);
  return variants.map(({ name, ablation, structuringSteps }) => ({
    name,
    async edit(edit, drawn) {
      const request = {
        photo: { bytes: drawn.file },
        prompt: edit.targetPrompt,
        sourcePrompt: edit.sourcePrompt,
        ...(edit.locate && { locate: edit.locate }),
        maskOptions: maskOptionsSchema.parse({}),
        schedule: scheduleFor(edit.attribute, structuringSteps),
        ablation,
        composite: "paste-back",
        inversionScope: caseName(edit),
      } as const;
      return picturesOf(await editPortrait(model, request, { inversions }), drawn);
    },
  }));
}

/**
 * The schedules that the product offers, an editor each, `paper` first.
 * @param path where V comes from; an edit that cannot take it there is refused. Default: the model's own path
 */
export function presetEditors(model: Model, path?: EditPath): readonly Editor[] {
  return Object.entries(presetsOf(model.manifest.schedule.fast_steps)).flatMap(([preset, schedule]) => {
    const name = path ? `${preset}, ${path}` : preset;
    const ablation = { ...METHOD, ...(path && { value_path: path }) };
    return methodEditors(model, [{ name, ablation }], () => schedule);
  });
}
