import sharp from "sharp";
import { InputError } from "../../src/errors.ts";
import type { Part } from "../../src/image/picture.ts";
import {
  type Attributes,
  EDIT_ATTRIBUTES,
  type EditAttribute,
  portrait,
  type Region,
  renderPortrait,
  renderRegion,
} from "../../training/text2mask/render.ts";
import type { FaceLandmarks } from "./perceptual/metric.ts";

/** What every edit to judge has, of a render or of a photo. */
export interface AskedEdit {
  readonly attribute: string;
  readonly region: Region;
  readonly sourcePrompt: string;
  readonly targetPrompt: string;
  /** What PASL looks for, each apart; default: the target prompt. */
  readonly locate?: readonly string[];
}

/** One edit to judge: a held-out portrait and what it would look like with one attribute changed. */
export interface EditCase extends AskedEdit {
  readonly seed: number;
  readonly before: Attributes;
  readonly after: Attributes;
}

/** What names a case's picture: `<attribute>/<seed or photo>`. */
export type NamedCase = { readonly attribute: string } & (
  | { readonly seed: number }
  | { readonly photo: string }
);

/** The name of a case's pictures in a folder: the portrait's seed, or the photo's file name without its ending. */
export function caseName(edit: { readonly seed: number } | { readonly photo: string }): string {
  return "seed" in edit ? String(edit.seed) : edit.photo;
}

/** What an editor is given of a case: the source as interleaved RGB bytes, and the file that a user would send. */
export interface SourcePictures {
  readonly source: Uint8Array;
  readonly file: Uint8Array;
}

/** What a picture is compared with, square and of one size: interleaved RGB bytes, coverage bytes of the true region. */
export interface TruePictures {
  readonly source: Uint8Array;
  readonly truth: Uint8Array;
  readonly region: Uint8Array;
  /** 255 wherever source and truth may differ at all; absent where that is the region. */
  readonly touched?: Uint8Array;
  readonly landmarks?: FaceLandmarks;
}

/** Pictures of a case at the model's size. */
export interface CasePictures extends SourcePictures, TruePictures {
  /** The part of the file that they show; absent if it is all of it. */
  readonly part?: Part;
}

/** Portraits that are looked at for one attribute, at least and for each edit: those that already have it are passed over. */
export const LOOKED_AT = { least: 100, each: 12 };

/** Seeds that training renders (gpu-fn/training/README.md): the benchmark takes none of them. */
const TRAINING_SEEDS = { from: 100_000, to: 400_000 };

/**
 * The first `perAttribute` portraits from `seed` on that an attribute can be added to; portrait i is seed + i.
 * @throws InputError if there are too few, a seed is one of training's, or the attribute is unknown
 */
export function editCases(attribute: string, seed: number, perAttribute: number): EditCase[] {
  const edit = EDIT_ATTRIBUTES[attribute];
  if (edit === undefined) throw new InputError("option_invalid", `there is no attribute ${attribute}`);
  const portraits = Math.max(LOOKED_AT.least, LOOKED_AT.each * perAttribute);
  if (seed < TRAINING_SEEDS.to && seed + portraits > TRAINING_SEEDS.from)
    throw new InputError(
      "option_invalid",
      `seeds ${seed} to ${seed + portraits - 1} touch those of training`,
    );
  const cases: EditCase[] = [];
  for (let i = 0; i < portraits && cases.length < perAttribute; i++) {
    const before = portrait(seed + i);
    if (!edit.applicable(before)) continue;
    cases.push(caseOf(attribute, edit, before));
  }
  if (cases.length < perAttribute)
    throw new InputError(
      "option_invalid",
      `${attribute}: only ${cases.length} of ${portraits} portraits from ${seed} can take it`,
    );
  return cases;
}

/** The edit of a portrait that can take it. */
export function caseOf(attribute: string, edit: EditAttribute, before: Attributes): EditCase {
  return {
    seed: before.seed,
    attribute,
    region: edit.region,
    sourcePrompt: edit.sourcePrompt(before),
    targetPrompt: edit.targetPrompt(before),
    before,
    after: edit.apply(before),
  };
}

export async function drawCase(edit: EditCase, size: number): Promise<CasePictures> {
  const source = await renderPortrait(edit.before, size);
  return {
    source,
    truth: await renderPortrait(edit.after, size),
    region: await renderRegion(edit.before, edit.region, size),
    file: await sharp(source, { raw: { width: size, height: size, channels: 3 } })
      .png()
      .toBuffer(),
  };
}
