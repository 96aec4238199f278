import { preservation } from "../../src/edit/preservation.ts";
import type { AskedEdit, TruePictures } from "./cases.ts";
import { cosine, type Judge, type Sight } from "./judge.ts";
import { psnrInside, rootMeanSquareInside } from "./metrics.ts";
import type { PerceptualMetric } from "./perceptual/metric.ts";
import { seamAcross } from "./seam.ts";

/** τ of Eq. 17: the asked attribute counts as edited above this score. */
const EDITED_ABOVE = 0.1;
/** τ′ of Eq. 18, and the usual threshold of a classifier. */
export const PRESENT_ABOVE = 0.5;

/** What the classifier is asked of an edit. */
export interface Question {
  /** Its name for the asked attribute; null if it cannot judge it. */
  readonly asked: string | null;
  /** The attribute is to be gone: the score is 1 less its own. */
  readonly gone?: boolean;
  /** Labels of the source that the edit must leave alone (aᵖʳᵉˢ), all of them names of the classifier. */
  readonly preserved: ReadonlyMap<string, boolean>;
}

/** What a classifier says of a picture as the answer to an edit. */
export interface AttributeVerdict {
  /** The classifier's score of the asked attribute, 0…1; NaN if it cannot judge it. */
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
  /** Gradient across the border of the editor's mask against the true counterfactual's, levels of 255; NaN without a mask. */
  readonly seam: number;
  /** By the networks that the user supplied, under their keys; absent without any. */
  readonly perceptual?: Readonly<Record<string, number>>;
}

/**
 * Eq. 17 and 18 of one picture.
 * @param scores the classifier's, 0…1 by name
 */
export function judgeAttributes(
  scores: Readonly<Record<string, number>>,
  { asked, gone, preserved }: Question,
): AttributeVerdict {
  const own = asked === null ? Number.NaN : (scores[asked] ?? Number.NaN);
  const score = gone ? 1 - own : own;
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

/** What a picture is judged by as the answer to a case. */
export interface Judging {
  readonly judge: Judge;
  readonly metrics?: PerceptualMetric | undefined;
  readonly edit: AskedEdit;
  readonly question: Question;
  /** The classifier's sight of the source. */
  readonly seen: Sight;
}

/** A picture to judge. */
export interface Judgeable {
  readonly picture: Uint8Array;
  /** The same picture at the classifier's size; default: it has that size. */
  readonly shown?: Uint8Array;
  /** The mask that it was pasted with, of its size. */
  readonly mask?: Uint8Array | undefined;
}

/** Judges a picture as the answer to a case. */
export async function judgePicture(
  { judge, metrics, edit, question, seen }: Judging,
  { source, truth, region, touched = region, landmarks }: TruePictures,
  { picture, shown = picture, mask }: Judgeable,
): Promise<Verdict> {
  const { scores, features } = await judge.see(shown);
  const kept = keptOutside(picture, source, touched);
  const compared = { ...edit, picture, source, ...(landmarks && { landmarks }) };
  const perceptual = await metrics?.measure(compared);
  return {
    ...judgeAttributes(scores, question),
    psnr_db: psnrInside(picture, source, new Uint8Array(region.length).fill(255)),
    psnr_outside_db: kept.psnr,
    ssim_outside: kept.ssim,
    identity: cosine(features, seen.features),
    psnr_inside_db: psnrInside(picture, truth, region),
    cf_distance_inside: rootMeanSquareInside(picture, truth, region),
    seam: mask ? seamAcross(picture, truth, mask) : Number.NaN,
    ...(perceptual && { perceptual }),
  };
}
