import type { Progress } from "../../../shared/progress.ts";
import { partOnly, pasteBack } from "../image/composite.ts";
import { fromModel, toModel } from "../image/crop.ts";
import type { Condition } from "../method/detailing.ts";
import { fixedNoise } from "../method/noise.ts";
import { invert, type PassOptions, sculpt, straightPath } from "../method/sculpting.ts";
import { planKeptInversion } from "../method/sculpting-plan.ts";
import { maskAs } from "../method/structuring.ts";
import type { Conditioning, Model } from "../model/model.ts";
import { bindModel, counted, withTrueGuidance } from "../model/velocity-model.ts";
import { findRegion } from "../region/locate.ts";
import { leastGrid, squareView, type View } from "../region/placement.ts";
import type { FoundRegion } from "../region/request.ts";
import { seePhoto } from "../region/seen-photo.ts";
import { planEdit } from "./edit-plan.ts";
import type { Inversions } from "./inversion-cache.ts";
import { latentOf, pictureOf } from "./latents.ts";
import { PhaseClock } from "./phase-clock.ts";
import { outsideOf, preservation } from "./preservation.ts";
import { drawPreview, type Preview } from "./preview.ts";
import { Previewer } from "./previewer.ts";
import type { EditRequest, EditResult } from "./request.ts";

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
  const { ablation, sourcePrompt, inversionScope: scope } = request;
  // a schedule that never fits is refused before anything is decoded
  const asked = planEdit(model, request, { grid: leastGrid(model) });
  const { evaluations, valueBlocks, path: valuePath, guidance, trueGuidance } = asked;
  const clock = new PhaseClock(evaluations.edit + evaluations.inversion, options.onProgress);

  clock.enter("encode");
  const [seen, target, original, transformer] = await Promise.all([
    (scope && options.inversions?.photoOf(scope)) || seePhoto(model, request),
    model.condition(request.prompt),
    model.condition(sourcePrompt),
    model.transformer({ valueBlocks, valuePath }),
  ]);
  const { photo } = seen;
  const lookAt = async ({ window, grid }: View) => {
    const planned = planEdit(model, request, { grid, window });
    const known = planned.key === undefined ? undefined : options.inversions?.get(planned.key);
    const image = model.manifest.window ? await toModel(photo, window.part, window.size) : seen.image;
    return { planned, known, image, clean: known?.path.latents[0] ?? (await latentOf(model, image, grid)) };
  };

  clock.enter("locate");
  const region = findRegion(model, { locate: [request.prompt], ...request }, seen);
  const tellRegion = region.then(({ found }) => options.onRegion?.(found));
  // without a window the model sees the same, wherever the region is: it is encoded while the mask is made
  const square = model.manifest.window ? undefined : lookAt(squareView(model, seen.square));
  const [{ placement, found, seen: looked }] = await Promise.all([region, square, tellRegion]);
  const { window, grid, tokens } = placement;
  const { part, size } = window;
  const mask = maskAs(ablation.mask, tokens.data);
  if (square === undefined) clock.resume("encode");
  const { planned, known, image, clean } = await (square ?? lookAt(placement));
  const { plan, key } = planned;
  if (known) clock.plan(evaluations.edit);

  const paired = valuePath === "paired" && valueBlocks > 0;
  const bound = counted(bindModel(transformer, grid, paired ? transformer : undefined), (count) =>
    clock.evaluated(count),
  );
  const velocities = trueGuidance ? withTrueGuidance(bound, await model.condition("")) : bound;
  const guided = (condition: Conditioning, scale: number): Condition => ({ ...condition, guidance: scale });
  const pass: PassOptions = {
    onStep: ({ step }) => clock.step(step),
    ...(options.signal ? { signal: options.signal } : {}),
  };
  const walkBack = async () => {
    const source = guided(original, guidance.inversion);
    if (ablation.inversion === "none") return straightPath(clean, fixedNoise(clean.length), source, plan);
    clock.enter("inversion", plan.inversion.timesteps.length - 1);
    const kept = key === undefined ? plan : planKeptInversion(plan, valuePath);
    return invert(velocities, clean, source, kept, pass);
  };
  const inverted = async () => {
    const [reconstructed, path] = await Promise.all([pictureOf(model, clean, grid), walkBack()]);
    if (key !== undefined) options.inversions?.set(key, { path, reconstructed, seen: looked });
    return { path, reconstructed };
  };
  const { path: source, reconstructed } = known ?? (await inverted());

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
  const pasted =
    request.composite === "none" ? partOnly(pair) : pasteBack(photo, pair, part, found.mask.data);
  const outside = outsideOf(found.mask, part, size);
  const kept = preservation(pair.edited, fromModel(image), outside, size.width);
  const result = await pasted;
  return {
    edited: result,
    source: photo,
    window,
    mask: found.mask.data,
    decoded: pair.edited,
    reconstructed,
    coverage: tokens.data.reduce((sum, value) => sum + value, 0) / tokens.data.length,
    preservation: kept,
    inversionCached: known !== undefined,
    evaluations: clock.evaluations,
    timings: clock.finish(),
  };
}
