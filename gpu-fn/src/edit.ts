import type { Progress } from "../../shared/progress.ts";
import type { Condition } from "./detailing.ts";
import { planEdit } from "./edit-plan.ts";
import { partOnly, pasteBack } from "./image/composite.ts";
import { fromModel, toModel } from "./image/crop.ts";
import type { Inversions } from "./inversion-cache.ts";
import { latentOf, pictureOf } from "./latents.ts";
import { findRegion, seePhoto } from "./locate.ts";
import type { Conditioning, Model } from "./model.ts";
import { fixedNoise } from "./noise.ts";
import type { TokenGrid } from "./packing.ts";
import { PhaseClock } from "./phase-clock.ts";
import { leastGrid } from "./placement.ts";
import { planKeptInversion } from "./plan.ts";
import { outsideOf, preservation } from "./preservation.ts";
import { drawPreview, type Preview } from "./preview.ts";
import { Previewer } from "./previewer.ts";
import type { EditRequest, EditResult, FoundRegion } from "./request.ts";
import { invert, type PassOptions, sculpt, straightPath } from "./sculpting.ts";
import { maskAs } from "./structuring.ts";
import { bindModel, counted, withTrueGuidance } from "./velocity-model.ts";

export interface EditOptions {
  /** Checked before every evaluation; aborting ends the edit with CanceledError. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called once the region is known, before the passes. */
  readonly onRegion?: (found: FoundRegion) => void;
  /** Called now and then while a long edit pass runs, with what it would come to. */
  readonly onPreview?: (preview: Preview) => void;
  /** Where inversions of earlier edits are. */
  readonly inversions?: Inversions;
}

/**
 * One edit of a portrait, as the paper's Figure 2 has it: locate (PASL) → encode → invert (RF-Solver) →
 * structure, then detail (S2D-EC) → decode. It locates first: what is encoded may be a window around the region. What
 * lies outside the mask is pasted from the photo itself.
 * @throws InputError where the photo, the mask or the schedule is refused; CanceledError
 */
export async function editPortrait(
  model: Model,
  request: EditRequest,
  options: EditOptions = {},
): Promise<EditResult> {
  const { ablation, sourcePrompt } = request;
  // a schedule that never fits is refused before anything is decoded
  const { evaluations } = planEdit(model, request, { grid: leastGrid(model) });
  const clock = new PhaseClock(evaluations.edit + evaluations.inversion, options.onProgress);

  clock.enter("encode");
  const seen = await seePhoto(model, request);
  const { photo } = seen;
  const target = await model.condition(request.prompt);

  clock.enter("locate");
  const { placement, found } = await findRegion(model, { locate: [request.prompt], ...request }, seen);
  options.onRegion?.(found);
  const { window, grid, tokens } = placement;
  const { part, size } = window;
  const mask = maskAs(ablation.mask, tokens.data);
  const { plan, valueBlocks, path, guidance, trueGuidance, key } = planEdit(model, request, { grid, window });
  const known = key === undefined ? undefined : options.inversions?.get(key);
  if (known) clock.plan(evaluations.edit);

  clock.resume("encode");
  const image = model.manifest.window ? await toModel(photo, part, size) : seen.image;
  const clean = known?.path.latents[0] ?? (await latentOf(model, image, grid));
  const reconstructed = known?.reconstructed ?? (await pictureOf(model, clean, grid));

  const bound = counted(await bind(model, grid, valueBlocks, path), (count) => clock.evaluated(count));
  const velocities = trueGuidance ? withTrueGuidance(bound, await model.condition("")) : bound;
  const guided = (condition: Conditioning, scale: number): Condition => ({ ...condition, guidance: scale });
  const pass: PassOptions = {
    onStep: ({ step }) => clock.step(step),
    ...(options.signal ? { signal: options.signal } : {}),
  };
  const walkBack = async () => {
    const source = guided(await model.condition(sourcePrompt), guidance.inversion);
    if (ablation.inversion === "none") return straightPath(clean, fixedNoise(clean.length), source, plan);
    clock.enter("inversion", plan.inversion.timesteps.length - 1);
    const kept = key === undefined ? plan : planKeptInversion(plan, path);
    const walked = await invert(velocities, clean, source, kept, pass);
    if (key !== undefined) options.inversions?.set(key, { path: walked, reconstructed });
    return walked;
  };
  const source = known?.path ?? (await walkBack());

  clock.enter("edit", plan.timesteps.length - 1);
  const previews = new Previewer({
    timesteps: plan.timesteps,
    start: source.latents.at(-1) ?? clean,
    draw: async (latent) =>
      drawPreview(photo, part, found.mask.data, await pictureOf(model, latent, grid), size),
    tell: options.onPreview,
  });
  const edited = await sculpt(velocities, source, guided(target, guidance.edit), mask, plan, {
    ...pass,
    onStep: (event) => {
      clock.step(event.step);
      previews.step(event);
    },
  });
  await previews.settled();

  clock.enter("decode");
  const pair = { edited: await pictureOf(model, edited, grid), reconstructed, size };
  const result =
    request.composite === "none" ? partOnly(pair) : await pasteBack(photo, pair, part, found.mask.data);
  const outside = outsideOf(found.mask, part, size);
  return {
    edited: result,
    source: photo,
    window,
    mask: found.mask.data,
    decoded: pair.edited,
    reconstructed,
    coverage: tokens.data.reduce((sum, value) => sum + value, 0) / tokens.data.length,
    preservation: preservation(pair.edited, fromModel(image), outside, size.width),
    inversionCached: known !== undefined,
    evaluations: clock.evaluations,
    timings: clock.finish(),
  };
}

/** The transformer for this use; the one of a paired edit evaluates single states as well. */
async function bind(model: Model, grid: TokenGrid, valueBlocks: number, valuePath: "cache" | "paired") {
  const transformer = await model.transformer({ valueBlocks, valuePath });
  const paired = valuePath === "paired" && valueBlocks > 0;
  return bindModel(transformer, grid, paired ? transformer : undefined);
}
