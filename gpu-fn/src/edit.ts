import { plannedEvaluations } from "../../shared/presets.ts";
import type { Progress } from "../../shared/progress.ts";
import type { Condition } from "./detailing.ts";
import { InputError } from "./errors.ts";
import { pasteBack, squareOnly } from "./image/composite.ts";
import { fromModel } from "./image/crop.ts";
import { type InversionCache, inversionKey } from "./inversion-cache.ts";
import { latentOf, pictureOf } from "./latents.ts";
import { findRegion, seePhoto } from "./locate.ts";
import type { Conditioning, Model } from "./model.ts";
import { PhaseClock } from "./phase-clock.ts";
import { planKeptInversion, planSculpting } from "./plan.ts";
import { outsideOf, preservation } from "./preservation.ts";
import type { EditRequest, EditResult, FoundRegion } from "./request.ts";
import { invert, type PassOptions, sculpt } from "./sculpting.ts";
import { maskAs } from "./structuring.ts";
import { bindModel, withTrueGuidance } from "./velocity-model.ts";

export interface EditOptions {
  /** Checked before every evaluation; aborting ends the edit with CanceledError. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called once the region is known, before the passes. */
  readonly onRegion?: (found: FoundRegion) => void;
  /** Where inversions of earlier edits are. */
  readonly inversions?: InversionCache;
}

/**
 * One edit of a portrait, as the paper's Figure 2 has it: encode → locate (PASL) → invert (RF-Solver) →
 * structure, then detail (S2D-EC) → decode. What lies outside the mask is pasted from the photo itself.
 * @throws InputError where the photo, the mask or the schedule is refused; CanceledError
 */
export async function editPortrait(
  model: Model,
  request: EditRequest,
  options: EditOptions = {},
): Promise<EditResult> {
  const { schedule, ablation } = request;
  const { manifest, grid } = model;
  const valueBlocks = schedule.value_blocks ?? manifest.defaults.value_blocks;
  checkBlocks(valueBlocks, manifest.flux.config.depth_single_blocks);
  const { inversion, edit = manifest.defaults.guidance.edit } = schedule.guidance;
  const { method = manifest.defaults.guidance.method } = schedule.guidance;
  const doubled = method === "true";
  const plan = planSculpting({
    steps: schedule.steps,
    imageTokens: grid * grid,
    structuringSteps: schedule.structuring_steps,
    latent: ablation.latent_fusion,
    attention: ablation.value_fusion && valueBlocks > 0,
    pairing: ablation.pairing,
    path: ablation.value_path,
  });
  const { inversionScope: scope, sourcePrompt } = request;
  const { value_path: path } = ablation;
  const key =
    scope &&
    inversionKey({
      scope,
      sourcePrompt,
      guidance: inversion,
      trueGuidance: doubled,
      valueBlocks,
      path,
      timesteps: plan.timesteps,
    });
  const known = key === undefined ? undefined : options.inversions?.get(key);
  const planned = plannedEvaluations({ ...schedule, guidance: { inversion, method } }, ablation.value_path);
  const spared = known === undefined ? 0 : 2 * schedule.steps;
  const clock = new PhaseClock(schedule.steps, planned - spared, options.onProgress);

  clock.enter("encode");
  const seen = await seePhoto(model, request);
  const { photo, square, image } = seen;
  const target = await model.condition(request.prompt);
  const clean = known?.latents[0] ?? (await latentOf(model, image));

  clock.enter("locate");
  const { region, found } = await findRegion(model, { locate: [request.prompt], ...request }, seen);
  options.onRegion?.(found);
  const mask = maskAs(ablation.mask, region.tokens.data);

  const bound = await bind(model, valueBlocks, ablation.value_path);
  const velocities = doubled ? withTrueGuidance(bound, await model.condition("")) : bound;
  const guided = (condition: Conditioning, guidance: number): Condition => ({ ...condition, guidance });
  const pass: PassOptions = {
    onStep: ({ phase, step, evaluations }) =>
      clock.step(step, phase === "edit" && doubled ? 2 * evaluations : evaluations),
    ...(options.signal ? { signal: options.signal } : {}),
  };
  const walkBack = async () => {
    clock.enter("inversion");
    const source = guided(await model.condition(sourcePrompt), inversion);
    const kept = key === undefined ? plan : planKeptInversion(plan, path);
    const inverted = await invert(velocities, clean, source, kept, pass);
    if (key !== undefined) options.inversions?.set(key, inverted);
    return inverted;
  };
  const inverted = known ?? (await walkBack());

  clock.enter("edit");
  const edited = await sculpt(velocities, inverted, guided(target, edit), mask, plan, pass);

  clock.enter("decode");
  const pair = { edited: await pictureOf(model, edited), reconstructed: await pictureOf(model, clean) };
  const { resolution } = manifest;
  const result =
    request.composite === "none"
      ? squareOnly(pair.edited, resolution)
      : await pasteBack(photo, pair, resolution, square, found.mask.data);
  const outside = outsideOf(found.mask, square, resolution);
  return {
    edited: result,
    source: photo,
    mask: found.mask.data,
    decoded: pair.edited,
    reconstructed: pair.reconstructed,
    coverage: region.tokens.data.reduce((sum, value) => sum + value, 0) / (grid * grid),
    preservation: preservation(pair.edited, fromModel(image), outside, resolution),
    inversionCached: known !== undefined,
    evaluations: clock.evaluations,
    timings: clock.finish(),
  };
}

/** The transformer for this use; a paired edit has one for the inversion and one for the pairs. */
async function bind(model: Model, valueBlocks: number, valuePath: "cache" | "paired") {
  const tokens = { rows: model.grid, columns: model.grid };
  if (valuePath === "cache" || valueBlocks === 0)
    return bindModel(await model.transformer({ valueBlocks, valuePath: "cache" }), tokens);
  const plain = await model.transformer({ valueBlocks: 0, valuePath: "cache" });
  return bindModel(plain, tokens, await model.transformer({ valueBlocks, valuePath }));
}

function checkBlocks(valueBlocks: number, blocks: number): void {
  if (valueBlocks > blocks)
    throw new InputError(
      "schedule_invalid",
      `value_blocks is ${valueBlocks}; the model has ${blocks} blocks`,
    );
}
