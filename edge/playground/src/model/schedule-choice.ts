import { z } from "zod";
import type { scheduleChoiceSchema } from "../../../../shared/edit.ts";
import type { PresetName } from "../../../../shared/presets.ts";
import { scheduleSchema } from "../../../../shared/schedule.ts";

/** What of `GET /v1/presets` a visitor chooses from. */
export const presetsSchema = z.object({
  presets: z.array(z.object({ name: z.string(), schedule: scheduleSchema, credits: z.int() })).min(1),
});

export type Preset = z.output<typeof presetsSchema>["presets"][number];

/** A preset, and another number of structuring steps where one was chosen. */
export interface Plan {
  readonly preset: string;
  /** T; null: the preset's own. */
  readonly structuring: number | null;
}

export const PLAN: Plan = { preset: "paper", structuring: null };

/** Largest T that the slider offers: the paper's Figure 8 goes no further. */
const STRUCTURING_MAX = 9;

export const structuringMax = ({ schedule }: Preset) => Math.min(STRUCTURING_MAX, schedule.steps);

/** The preset a plan means: the named one, or the first where the list has no such name. */
export function presetOf(presets: readonly Preset[], { preset }: Plan): Preset | null {
  return presets.find(({ name }) => name === preset) ?? presets[0] ?? null;
}

/** T of a plan, within what its preset can have. */
export function structuringOf(preset: Preset, { structuring }: Plan): number {
  return Math.min(structuring ?? preset.schedule.structuring_steps, structuringMax(preset));
}

/** The schedule as a request names it: names come from the server, which knows its own. */
export function scheduleFor(presets: readonly Preset[], plan: Plan): z.input<typeof scheduleChoiceSchema> {
  const preset = presetOf(presets, plan);
  if (preset === null) return plan.preset as PresetName;
  const structuring = structuringOf(preset, plan);
  return structuring === preset.schedule.structuring_steps
    ? (preset.name as PresetName)
    : { ...preset.schedule, structuring_steps: structuring };
}

/** What T does, said for one value. */
export function structuringWords(structuring: number, steps: number): string {
  if (structuring === 0)
    return "Detail only: nothing holds the shapes. The change is free, and the rest of the face may follow it.";
  const share = `${structuring} of ${steps} steps hold everything outside of the region to your photo`;
  if (structuring <= 2) return `Looser: ${share}. Strong changes come through; their edges may wander.`;
  if (structuring <= 5) return `Balanced: ${share}, then attention adds the detail. The paper takes 3.`;
  return `Stricter: ${share}. The face stays as it is; small changes may come out weaker.`;
}
