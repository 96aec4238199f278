import { preservation } from "../../src/preservation.ts";
import { preservedLabels } from "./attributes.ts";
import type { CasePictures, EditCase } from "./cases.ts";
import { askedScore, cosine, type Judge, type Sight } from "./judge.ts";
import { psnrInside, rootMeanSquareInside } from "./metrics.ts";

/** τ of Eq. 17: the asked attribute counts as edited above this score. */
export const EDITED_ABOVE = 0.1;
/** τ′ of Eq. 18, and the usual threshold of a classifier. */
export const PRESENT_ABOVE = 0.5;

/** What one picture is worth as the answer to an edit. */
export interface Verdict {
  /** The classifier's score of the asked attribute, 0…1. */
  readonly score: number;
  /** Eq. 17: the score is above τ = 0.1. */
  readonly edited: boolean;
  /** The classifier says yes: the score is above one half. */
  readonly found: boolean;
  /** Eq. 18: labels that the edit must leave alone, and how many of them the classifier still reads as they were. */
  readonly preserved: { readonly kept: number; readonly of: number };
  /** Against the source, outside the true region: dB, and mean SSIM of the luma. */
  readonly psnr_outside_db: number;
  readonly ssim_outside: number;
  /** Cosine of the classifier's penultimate features of this picture and of the source, 0…1. No face recogniser. */
  readonly identity: number;
  /** Against the true counterfactual inside the true region: dB, and root mean square of 0…1. */
  readonly psnr_inside_db: number;
  readonly cf_distance_inside: number;
}

/** Judges `picture` as the answer to a case. `seen` is the classifier's sight of the source. */
export async function judgePicture(
  judge: Judge,
  edit: EditCase,
  drawn: CasePictures,
  picture: Uint8Array,
  seen: Sight,
): Promise<Verdict> {
  const { source, truth, region } = drawn;
  const { scores, features } = await judge.see(picture);
  const score = scores[askedScore(edit.attribute, edit.after)] ?? Number.NaN;
  const labels = [...preservedLabels(edit.before, edit.after)];
  const outside = region.map((coverage) => (coverage < 128 ? 1 : 0));
  const kept = preservation(picture, source, outside, Math.sqrt(region.length));
  return {
    score,
    edited: score > EDITED_ABOVE,
    found: score > PRESENT_ABOVE,
    preserved: {
      kept: labels.filter(([name, label]) => (scores[name] as number) > PRESENT_ABOVE === label).length,
      of: labels.length,
    },
    psnr_outside_db: kept?.psnrOutsideDb ?? Number.NaN,
    ssim_outside: kept?.ssimOutside ?? Number.NaN,
    identity: cosine(features, seen.features),
    psnr_inside_db: psnrInside(picture, truth, region),
    cf_distance_inside: rootMeanSquareInside(picture, truth, region),
  };
}
