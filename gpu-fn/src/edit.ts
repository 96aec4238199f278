import { plannedEvaluations } from "../../shared/presets.ts";
import type { Progress } from "../../shared/progress.ts";
import type { Condition } from "./detailing.ts";
import { type EditRegion, editRegion } from "./edit-region.ts";
import { InputError } from "./errors.ts";
import { pasteBack, pasteMask, squareOnly } from "./image/composite.ts";
import { fromModel, portraitSquare, type Square, toModel } from "./image/crop.ts";
import { decodePhoto, type Photo } from "./image/decode.ts";
import { decodeMask } from "./image/mask.ts";
import type { Conditioning, Model } from "./model.ts";
import { packLatent, unpackLatent } from "./packing.ts";
import { planSculpting } from "./plan.ts";
import type { EditRequest, EditResult } from "./request.ts";
import { invert, type PassOptions, sculpt } from "./sculpting.ts";
import { maskAs } from "./structuring.ts";
import { bindModel, withTrueGuidance } from "./velocity-model.ts";

export interface EditOptions {
  /** Checked before every evaluation; aborting ends the edit with CanceledError. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
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
  const { schedule, ablation, maskOptions } = request;
  const { manifest, grid } = model;
  const valueBlocks = schedule.value_blocks ?? manifest.defaults.value_blocks;
  checkBlocks(valueBlocks, manifest.flux.config.depth_single_blocks);
  const { inversion, edit = manifest.defaults.guidance.edit } = schedule.guidance;
  const { method = manifest.defaults.guidance.method } = schedule.guidance;
  const doubled = method === "true";
  const planned = plannedEvaluations({ ...schedule, guidance: { inversion, method } }, ablation.value_path);
  const clock = new PhaseClock(schedule.steps, planned, options.onProgress);

  clock.enter("encode");
  const photo = await decodePhoto(request.photo.bytes, request.photo.extension);
  const square = portraitSquare(photo.width, photo.height);
  const image = await toModel(photo, square, manifest.resolution);
  const source = await model.condition(request.sourcePrompt);
  const target = await model.condition(request.prompt);
  const { z_channels: channels } = manifest.autoencoder.config;
  const latent = await model.encode(image);
  const clean = packLatent(latent, channels, 2 * grid, 2 * grid);

  clock.enter("locate");
  const region = await regionOf(model, request, photo, square, image, target);
  const mask = maskAs(ablation.mask, region.tokens.data);

  const plan = planSculpting({
    steps: schedule.steps,
    imageTokens: grid * grid,
    structuringSteps: schedule.structuring_steps,
    latent: ablation.latent_fusion,
    attention: ablation.value_fusion && valueBlocks > 0,
    pairing: ablation.pairing,
    path: ablation.value_path,
  });
  const bound = await bind(model, valueBlocks, ablation.value_path);
  const velocities = doubled ? withTrueGuidance(bound, await model.condition("")) : bound;
  const guided = (condition: Conditioning, guidance: number): Condition => ({ ...condition, guidance });
  const pass: PassOptions = {
    onStep: ({ phase, step, evaluations }) =>
      clock.step(step, phase === "edit" && doubled ? 2 * evaluations : evaluations),
    ...(options.signal ? { signal: options.signal } : {}),
  };

  clock.enter("inversion");
  const path = await invert(velocities, clean, guided(source, inversion), plan, pass);
  clock.enter("edit");
  const edited = await sculpt(velocities, path, guided(target, edit), mask, plan, pass);

  clock.enter("decode");
  const decoded = fromModel(await model.decode(unpackLatent(edited, channels, 2 * grid, 2 * grid)));
  const reconstructed = fromModel(await model.decode(latent));
  const paste = await pasteMask(region.pixels, photo, square, maskOptions.feather);
  const result =
    request.composite === "none"
      ? squareOnly(decoded, manifest.resolution)
      : await pasteBack(photo, { edited: decoded, reconstructed }, manifest.resolution, square, paste);
  return {
    edited: result,
    source: photo,
    mask: paste,
    decoded,
    reconstructed,
    coverage: region.tokens.data.reduce((sum, value) => sum + value, 0) / (grid * grid),
    evaluations: clock.evaluations,
    timings: clock.finish(),
  };
}

/** The region of the edit: the user's mask, or where PASL finds the target prompt (Eq. 5 to 6). */
async function regionOf(
  model: Model,
  { mask, maskOptions }: EditRequest,
  photo: Photo,
  square: Square,
  image: Float32Array,
  target: Conditioning,
): Promise<EditRegion> {
  if (mask === undefined) return editRegion(await model.locate(image, target), null, model.grid, maskOptions);
  const drawn = await decodeMask(mask.bytes, photo.width, photo.height, mask.extension);
  return editRegion(drawn, square, model.grid, maskOptions);
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

/** Times the phases of one edit and reports them. */
class PhaseClock {
  readonly #steps: number;
  readonly #planned: number;
  readonly #report: (progress: Progress) => void;
  readonly #timings = { encode: 0, locate: 0, inversion: 0, edit: 0, decode: 0 };
  #phase: keyof EditResult["timings"] | null = null;
  #since = 0;
  #before = 0;
  evaluations = 0;

  constructor(steps: number, planned: number, report: (progress: Progress) => void = () => {}) {
    this.#steps = steps;
    this.#planned = planned;
    this.#report = report;
  }

  enter(phase: keyof EditResult["timings"]): void {
    this.finish();
    this.#phase = phase;
    this.#since = performance.now();
    this.#before = this.evaluations;
    const steps = this.#passSteps(phase);
    this.#report({ phase, step: 0, steps, evaluations: this.evaluations, planned: this.#planned });
  }

  /** @param evaluations of this pass so far */
  step(step: number, evaluations: number): void {
    if (this.#phase === null) return;
    this.evaluations = this.#before + evaluations;
    const { evaluations: done } = this;
    this.#report({ phase: this.#phase, step, steps: this.#steps, evaluations: done, planned: this.#planned });
  }

  finish(): EditResult["timings"] {
    if (this.#phase !== null) this.#timings[this.#phase] += performance.now() - this.#since;
    this.#phase = null;
    return this.#timings;
  }

  #passSteps(phase: Progress["phase"]): number {
    return phase === "inversion" || phase === "edit" ? this.#steps : 0;
  }
}
