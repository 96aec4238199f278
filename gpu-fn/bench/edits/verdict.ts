import { preservation } from "../../src/edit/preservation.ts";
import { preservedLabels } from "./attributes.ts";
import type { CasePictures, EditCase } from "./cases.ts";
import { askedScore, cosine, type Judge, type Sight } from "./judge.ts";
import { psnrInside, rootMeanSquareInside } from "./metrics.ts";
import type { PerceptualMetric } from "./perceptual/metric.ts";

/** τ of Eq. 17: the asked attribute counts as edited above this score. */
const EDITED_ABOVE = 0.1;
/** τ′ of Eq. 18, and the usual threshold of a classifier. */
export const PRESENT_ABOVE = 0.5;

/** What a classifier says of a picture as the answer to an edit. */
export interface AttributeVerdict {
  /** The classifier's score of the asked attribute, 0…1. */
  readonly score: number;
  /** Eq. 17: the score is above τ = 0.1. */
  readonly edited: boolean;
  /** The classifier says yes: the score is above one half. */
  readonly found: boolean;
  /** Eq. 18: labels that the edit must leave alone, and how many of them the classifier still reads as they were. */
  readonly preserved: { readonly kept: number; readonly of: number };
}

/** What one picture is worth as the answer to an edit. */
export interface Verdict extends AttributeVerdict {
  /** Against the source, the whole picture: dB, as the paper's Table 1 has it. */
  readonly psnr_db: number;
  /** The same outside the true region, and mean SSIM of the luma there. */
  readonly psnr_outside_db: number;
  readonly ssim_outside: number;
  /** Cosine of the classifier's penultimate features of this picture and of the source, 0…1. No face recogniser. */
  readonly identity: number;
  /** Against the true counterfactual inside the true region: dB, and root mean square of 0…1. */
  readonly psnr_inside_db: number;
  readonly cf_distance_inside: number;
  /** By the networks that the user supplied, under their keys; absent without any. */
  readonly perceptual?: Readonly<Record<string, number>>;
}

/**
 * Eq. 17 and 18 of one picture.
 * @param scores the classifier's, 0…1 by name; `asked` one of its names
 * @param preserved labels of the source that the edit must leave alone (aᵖʳᵉˢ), all of them names of the classifier
 */
export function judgeAttributes(
  scores: Readonly<Record<string, number>>,
  asked: string,
  preserved: ReadonlyMap<string, boolean>,
): AttributeVerdict {
  const score = scores[asked] ?? Number.NaN;
  const labels = [...preserved];
  return {
    score,
    edited: score > EDITED_ABOVE,
    found: score > PRESENT_ABOVE,
    preserved: {
      kept: labels.filter(([name, label]) => (scores[name] as number) > PRESENT_ABOVE === label).length,
      of: labels.length,
    },
  };
}

/**
 * PSNR (dB) and mean SSIM of the luma between two square pictures, over the pixels where the region's coverage is below
 * one half; NaN if there are none.
 */
export function keptOutside(
  picture: Uint8Array,
  source: Uint8Array,
  region: Uint8Array,
): { readonly psnr: number; readonly ssim: number } {
  const outside = region.map((coverage) => (coverage < 128 ? 1 : 0));
  const kept = preservation(picture, source, outside, Math.sqrt(region.length));
  return { psnr: kept?.psnrOutsideDb ?? Number.NaN, ssim: kept?.ssimOutside ?? Number.NaN };
}

/** Judges `picture` as the answer to a case. `seen` is the classifier's sight of the source. */
export async function judgePicture(
  judge: Judge,
  edit: EditCase,
  drawn: CasePictures,
  picture: Uint8Array,
  seen: Sight,
  metrics?: PerceptualMetric,
): Promise<Verdict> {
  const { source, truth, region } = drawn;
  const { scores, features } = await judge.see(picture);
  const kept = keptOutside(picture, source, region);
  const perceptual = await metrics?.measure({ ...edit, picture, source });
  return {
    ...judgeAttributes(
      scores,
      askedScore(edit.attribute, edit.after),
      preservedLabels(edit.before, edit.after),
    ),
    psnr_db: psnrInside(picture, source, new Uint8Array(region.length).fill(255)),
    psnr_outside_db: kept.psnr,
    ssim_outside: kept.ssim,
    identity: cosine(features, seen.features),
    psnr_inside_db: psnrInside(picture, truth, region),
    cf_distance_inside: rootMeanSquareInside(picture, truth, region),
    ...(perceptual && { perceptual }),
  };
}
