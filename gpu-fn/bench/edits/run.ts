import { maskOptionsSchema } from "../../../shared/mask.ts";
import { PRESETS } from "../../../shared/presets.ts";
import { type Ablation, ablationSchema, type Schedule } from "../../../shared/schedule.ts";
import { editPortrait } from "../../src/edit.ts";
import type { Model } from "../../src/model.ts";
import { type CasePictures, drawCase, type EditCase } from "./cases.ts";
import type { Judge } from "./judge.ts";
import { dice, intersectionOverUnion, psnrInside } from "./metrics.ts";
import { judgePicture, type Verdict } from "./verdict.ts";

/** What one edit came to, beside doing nothing, the autoencoder alone and the true counterfactual. */
export interface Judged {
  readonly seed: number;
  readonly attribute: string;
  readonly prompt: string;
  /** The located mask against the true region: soft Dice, and IoU at one half. */
  readonly mask_dice: number;
  readonly mask_iou: number;
  /** The product's picture (pasted back): PSNR to the truth inside, dB. */
  readonly pasted_psnr_inside_db: number;
  /** The model's own picture, before anything is pasted back. */
  readonly edited: Verdict;
  /** The source as it is. */
  readonly do_nothing: Verdict;
  /** The source through the autoencoder. */
  readonly autoencoder_only: Verdict;
  /** The true counterfactual: what the classifier itself misses. */
  readonly truth: Verdict;
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
  ablation: Ablation = ablationSchema.parse({}),
): Promise<{ judged: Judged; pictures: JudgedPictures }> {
  const drawn = await drawCase(edit, model.manifest.resolution);
  const { source, truth, region } = drawn;
  const result = await editPortrait(model, {
    photo: { bytes: drawn.png },
    prompt: edit.targetPrompt,
    sourcePrompt: edit.sourcePrompt,
    maskOptions: maskOptionsSchema.parse({}),
    schedule,
    ablation,
    composite: "paste-back",
  });
  const seen = await judge.see(source);
  const verdict = (picture: Uint8Array) => judgePicture(judge, edit, drawn, picture, seen);
  const judged: Judged = {
    seed: edit.seed,
    attribute: edit.attribute,
    prompt: edit.targetPrompt,
    mask_dice: dice(result.mask, region) / 255,
    mask_iou: intersectionOverUnion(result.mask, region),
    pasted_psnr_inside_db: psnrInside(result.edited.rgb, truth, region),
    edited: await verdict(result.decoded),
    do_nothing: await verdict(source),
    autoencoder_only: await verdict(result.reconstructed),
    truth: await verdict(truth),
  };
  const pictures = { nothing: result.reconstructed, mask: result.mask, edited: result.decoded };
  return { judged, pictures: { ...drawn, ...pictures } };
}
