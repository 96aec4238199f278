import type { ModelCard } from "./models.ts";
import { plannedEvaluations } from "./presets.ts";
import type { Schedule } from "./schedule.ts";

/** Credits for a number of evaluations at 1024²: the paper's schedule with V kept, which takes 174 if V is paired. */
const FULL_PRICE = 10;
const FULL_EVALUATIONS = 120;
const FULL_RESOLUTION = 1024;

/** Transformer evaluations of one edit on the model's deployment. */
export function evaluationsFor(schedule: Schedule, { guidance, valuePath }: ModelCard): number {
  const { method = guidance, ...scales } = schedule.guidance;
  return plannedEvaluations({ ...schedule, guidance: { ...scales, method } }, { value_path: valuePath });
}

/**
 * Credits of one edit: proportional to planned evaluations and to the model's pixels, rounded up, at least 1. The same
 * number is held when the edit is accepted and captured when it succeeds.
 */
export function priceOf(schedule: Schedule, model: ModelCard): number {
  const pixels = (model.resolution / FULL_RESOLUTION) ** 2;
  return Math.max(1, Math.ceil((FULL_PRICE * evaluationsFor(schedule, model) * pixels) / FULL_EVALUATIONS));
}
