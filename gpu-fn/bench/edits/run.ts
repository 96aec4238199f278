import { maskOptionsSchema } from "../../../shared/mask.ts";
import { PRESETS } from "../../../shared/presets.ts";
import { ablationSchema, type Schedule } from "../../../shared/schedule.ts";
import { editPortrait } from "../../src/edit.ts";
import type { Model } from "../../src/model.ts";
import { type CasePictures, drawCase, type EditCase } from "./cases.ts";
import type { Judge } from "./judge.ts";
import { dice, psnrInside, psnrOutside } from "./metrics.ts";

/** What one edit came to. PSNR in dB; `truth` is the counterfactual, inside is the true region. */
export interface Judged {
  readonly seed: number;
  readonly attribute: string;
  readonly prompt: string;
  /** Do nothing, as the autoencoder shows it: PSNR to the truth inside. */
  readonly nothing_psnr_inside_db: number;
  /** The model's own picture (no paste-back): PSNR to the truth inside. */
  readonly edited_psnr_inside_db: number;
  /** The product's picture (pasted back): PSNR to the truth inside. */
  readonly pasted_psnr_inside_db: number;
  /** The model's own picture against the source, outside. */
  readonly psnr_outside_db: number;
  readonly autoencoder_psnr_db: number;
  readonly mask_dice: number;
  /** Whether the classifier finds the asked attribute. */
  readonly found: {
    readonly source: boolean;
    readonly nothing: boolean;
    readonly edited: boolean;
    readonly truth: boolean;
  };
}

export interface JudgedPictures extends CasePictures {
  readonly nothing: Uint8Array;
  readonly mask: Uint8Array;
  readonly edited: Uint8Array;
}

/** Draws a case, edits it with the mask PASL locates, and judges the result. */
export async function judgeCase(
  model: Model,
  judge: Judge,
  edit: EditCase,
  schedule: Schedule = PRESETS.paper,
): Promise<{ judged: Judged; pictures: JudgedPictures }> {
  const size = model.manifest.resolution;
  const drawn = await drawCase(edit, size);
  const { source, truth, region } = drawn;
  const result = await editPortrait(model, {
    photo: { bytes: drawn.png },
    prompt: edit.targetPrompt,
    sourcePrompt: edit.sourcePrompt,
    maskOptions: maskOptionsSchema.parse({}),
    schedule,
    ablation: ablationSchema.parse({}),
    composite: "paste-back",
  });
  const nothing = result.reconstructed;
  const edited = result.decoded;
  const everywhere = new Uint8Array(region.length).fill(255);
  const found = async (picture: Uint8Array) => judge.finds(picture, edit.attribute, edit.after);
  const judged: Judged = {
    seed: edit.seed,
    attribute: edit.attribute,
    prompt: edit.targetPrompt,
    nothing_psnr_inside_db: psnrInside(nothing, truth, region),
    edited_psnr_inside_db: psnrInside(edited, truth, region),
    pasted_psnr_inside_db: psnrInside(result.edited.rgb, truth, region),
    psnr_outside_db: psnrOutside(edited, source, region),
    autoencoder_psnr_db: psnrInside(nothing, source, everywhere),
    mask_dice: dice(result.mask, region) / 255,
    found: {
      source: await found(source),
      nothing: await found(nothing),
      edited: await found(edited),
      truth: await found(truth),
    },
  };
  return { judged, pictures: { ...drawn, nothing, mask: result.mask, edited } };
}
