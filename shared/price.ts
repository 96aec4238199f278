import type { ModelCard } from "./models.ts";
import { plannedEvaluations } from "./presets.ts";
import type { Schedule } from "./schedule.ts";

/** Credits of the paper's schedule (120 evaluations) at 1024². */
const FULL_PRICE = 10;
const FULL_EVALUATIONS = 120;
const FULL_RESOLUTION = 1024;

/**
 * Credits of one edit: in proportion to planned evaluations and to the model's pixels, rounded up, at least 1.
 * The same number is held when the edit is accepted and captured when it succeeds.
 */
export function priceOf(schedule: Schedule, model: ModelCard): number {
  const { method = model.guidance, ...rest } = schedule.guidance;
  const evaluations = plannedEvaluations({ ...schedule, guidance: { ...rest, method } });
  const pixels = (model.resolution / FULL_RESOLUTION) ** 2;
  return Math.max(1, Math.ceil((FULL_PRICE * evaluations * pixels) / FULL_EVALUATIONS));
}
