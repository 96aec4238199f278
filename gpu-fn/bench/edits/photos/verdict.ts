import { preservation } from "../../../src/edit/preservation.ts";
import type { EditedPictures } from "../editor.ts";
import { dice, intersectionOverUnion } from "../metrics.ts";
import type { PerceptualMetric } from "../perceptual/metric.ts";
import { type AttributeVerdict, judgeAttributes, keptOutside } from "../verdict.ts";
import type { PhotoCase } from "./cases.ts";
import type { PhotoClassifier } from "./classifier.ts";
import type { PhotoPictures } from "./pictures.ts";

/** What one picture is worth as the answer to an edit of a photo. Figures that cannot be had are absent. */
export interface PhotoVerdict {
  /** Of the user's classifier; absent without one, or if it does not name the asked attribute. */
  readonly attributes?: AttributeVerdict;
  /** Against the source, the whole picture (Table 1): dB, and mean SSIM of the luma. */
  readonly psnr_db: number;
  readonly ssim: number;
  /** Outside the parser's region. */
  readonly psnr_outside_db?: number;
  readonly ssim_outside?: number;
  /** Outside the editor's own mask, where there is no parser's: an editor that marks more is judged on less. */
  readonly psnr_outside_located_db?: number;
  readonly ssim_outside_located?: number;
  readonly perceptual?: Readonly<Record<string, number>>;
}

/** What one edit of a photo came to. */
export interface JudgedPhoto {
  readonly photo: string;
  readonly attribute: string;
  readonly prompt: string;
  /** The editor's mask against the parser's region; absent if either is missing. */
  readonly mask_dice?: number;
  readonly mask_iou?: number;
  readonly edited: PhotoVerdict;
  readonly do_nothing: PhotoVerdict;
  /** The photo through the editor's autoencoder; absent if it has none. */
  readonly autoencoder_only?: PhotoVerdict;
}

export interface PhotoJudges {
  readonly classifier?: PhotoClassifier;
  readonly metrics?: PerceptualMetric;
}

/** Judges an editor's pictures of a case, beside doing nothing and the autoencoder alone. */
export async function judgePhoto(
  judges: PhotoJudges,
  edit: PhotoCase,
  seen: PhotoPictures,
  { picture, mask, reconstructed }: EditedPictures,
): Promise<JudgedPhoto> {
  const { region, source } = seen;
  const verdict = (of: Uint8Array) => verdictOn(judges, edit, seen, of, mask);
  return {
    photo: edit.photo,
    attribute: edit.attribute,
    prompt: edit.targetPrompt,
    ...(region !== undefined &&
      mask !== undefined && {
        mask_dice: dice(mask, region) / 255,
        mask_iou: intersectionOverUnion(mask, region),
      }),
    edited: await verdict(picture),
    do_nothing: await verdict(source),
    ...(reconstructed !== undefined && { autoencoder_only: await verdict(reconstructed) }),
  };
}

async function verdictOn(
  { classifier, metrics }: PhotoJudges,
  edit: PhotoCase,
  { source, region, landmarks }: PhotoPictures,
  picture: Uint8Array,
  mask: Uint8Array | undefined,
): Promise<PhotoVerdict> {
  const pixels = source.length / 3;
  const whole = preservation(picture, source, new Uint8Array(pixels).fill(1), Math.sqrt(pixels));
  const attributes = classifier && (await attributesOf(classifier, edit, picture));
  const perceptual = await metrics?.measure({ ...edit, picture, source, ...(landmarks && { landmarks }) });
  return {
    ...(attributes && { attributes }),
    psnr_db: whole?.psnrOutsideDb ?? Number.NaN,
    ssim: whole?.ssimOutside ?? Number.NaN,
    ...outside(picture, source, region, mask),
    ...(perceptual && { perceptual }),
  };
}

function outside(
  picture: Uint8Array,
  source: Uint8Array,
  region: Uint8Array | undefined,
  mask: Uint8Array | undefined,
): Partial<PhotoVerdict> {
  if (region !== undefined) {
    const { psnr, ssim } = keptOutside(picture, source, region);
    return { psnr_outside_db: psnr, ssim_outside: ssim };
  }
  if (mask === undefined) return {};
  const { psnr, ssim } = keptOutside(picture, source, mask);
  return { psnr_outside_located_db: psnr, ssim_outside_located: ssim };
}

async function attributesOf(
  classifier: PhotoClassifier,
  { attribute, preserved }: PhotoCase,
  picture: Uint8Array,
): Promise<AttributeVerdict | undefined> {
  if (!classifier.names.includes(attribute)) return undefined;
  const named = new Map([...preserved].filter(([name]) => classifier.names.includes(name)));
  return judgeAttributes(await classifier.scores(picture), { asked: attribute, preserved: named });
}
