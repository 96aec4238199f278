/** What all stages of one edit share: the photo, the prompts, the transformer, the switches and the clock. */
import type { Progress } from "../../../shared/progress.ts";
import type { Conditioning } from "../method/condition.ts";
import type { Model } from "../model/model.ts";
import type { Transformer } from "../model/transformer.ts";
import type { FoundRegion } from "../region/request.ts";
import { type SeenPhoto, seePhoto } from "../region/seen-photo.ts";
import { leastGrid } from "../region/view.ts";
import { type Ablation, METHOD } from "./ablation.ts";
import { type EditPlan, planEdit } from "./edit-plan.ts";
import type { Inversions } from "./inversion-cache.ts";
import { PhaseClock } from "./phase-clock.ts";
import type { Preview } from "./preview.ts";
import type { EditRequest } from "./request.ts";

export interface EditOptions {
  /** Checked before every evaluation; aborting ends the edit with CanceledError. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called once the region is known, before the passes. */
  readonly onRegion?: (found: FoundRegion) => void;
  /** Called at intervals during a long edit pass, with a preview of the result. */
  readonly onPreview?: (preview: Preview) => void;
  /** Cache of earlier edits' inversions. */
  readonly inversions?: Inversions;
}

export interface Job {
  readonly model: Model;
  readonly request: EditRequest;
  readonly options: EditOptions;
  readonly ablation: Ablation;
  /** The parts of the plan that do not depend on the token grid. */
  readonly asked: Omit<EditPlan, "plan" | "key">;
  readonly clock: PhaseClock;
  readonly seen: SeenPhoto;
  /** Conditioning of the target prompt and the source prompt. */
  readonly prompts: { readonly target: Conditioning; readonly source: Conditioning };
  readonly transformer: Transformer;
}

/** Reads photo and prompts. @throws InputError, even before decoding if the schedule can never fit */
export async function openJob(model: Model, request: EditRequest, options: EditOptions): Promise<Job> {
  const ablation = { ...METHOD, ...request.ablation };
  const asked = planEdit(model, request, { grid: leastGrid(model) });
  const { evaluations, path } = asked;
  const clock = new PhaseClock(evaluations.edit + evaluations.inversion, options.onProgress);
  clock.enter("encode");
  const { inversionScope: scope } = request;
  const [seen, target, source, transformer] = await Promise.all([
    seePhoto(model, request, scope === undefined ? undefined : options.inversions?.photoOf(scope)),
    model.condition(request.prompt),
    model.condition(request.sourcePrompt),
    model.transformer({ valuePath: path }),
  ]);
  return { model, request, options, ablation, asked, clock, seen, prompts: { target, source }, transformer };
}
