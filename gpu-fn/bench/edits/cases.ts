import sharp from "sharp";
import {
  type Attributes,
  EDIT_ATTRIBUTES,
  portrait,
  type Region,
  renderPortrait,
  renderRegion,
} from "../../training/text2mask/render.ts";

/** One edit to judge: a held-out portrait and what it would look like with one attribute changed. */
export interface EditCase {
  readonly seed: number;
  readonly attribute: string;
  readonly region: Region;
  readonly sourcePrompt: string;
  readonly targetPrompt: string;
  readonly before: Attributes;
  readonly after: Attributes;
}

/** Pictures of a case at one size: interleaved RGB bytes, coverage bytes of the true region, the source as PNG. */
export interface CasePictures {
  readonly source: Uint8Array;
  readonly truth: Uint8Array;
  readonly region: Uint8Array;
  readonly png: Uint8Array;
}

/** How an attribute is asked for where the model's defaults do not serve it. */
export interface Asking {
  /** Added to the source prompt: how the portrait looks now where the edit will change it. */
  readonly now: (before: Attributes) => string;
  readonly guidance: { readonly edit: number; readonly method: "distilled" | "true" };
}

/**
 * The inverted noise holds what is there, so for large or colourful changes the source prompt names it. Colours want
 * strong and true guidance (the distilled one barely recolours yet). Chosen on validation seeds (99000 and up).
 */
export const ASKING: Readonly<Record<string, Asking>> = {
  beard: { now: () => "without a beard", guidance: { edit: 5, method: "distilled" } },
  hair_color: {
    now: ({ hairColor }) => `with ${hairColor} hair`,
    guidance: { edit: 8, method: "true" },
  },
};

/** Portraits that are looked at for one attribute: those that already have it are passed over. */
export const PORTRAITS = 100;

/**
 * The first `perAttribute` portraits of seeds `seed` … `seed` + 99 that an attribute can be added to.
 * @throws RangeError where there are fewer, or the attribute is unknown
 */
export function editCases(attribute: string, seed: number, perAttribute: number): EditCase[] {
  const edit = EDIT_ATTRIBUTES[attribute];
  if (edit === undefined) throw new RangeError(`there is no attribute ${attribute}`);
  const cases: EditCase[] = [];
  for (let i = 0; i < PORTRAITS && cases.length < perAttribute; i++) {
    const before = portrait(seed + i);
    if (!edit.applicable(before)) continue;
    const now = ASKING[attribute]?.now(before);
    cases.push({
      seed: seed + i,
      attribute,
      region: edit.region,
      sourcePrompt: [edit.sourcePrompt(before), now].filter(Boolean).join(" "),
      targetPrompt: edit.targetPrompt(before),
      before,
      after: edit.apply(before),
    });
  }
  if (cases.length < perAttribute)
    throw new RangeError(
      `${attribute}: only ${cases.length} of ${PORTRAITS} portraits from ${seed} can take it`,
    );
  return cases;
}

export async function drawCase(edit: EditCase, size: number): Promise<CasePictures> {
  const source = await renderPortrait(edit.before, size);
  return {
    source,
    truth: await renderPortrait(edit.after, size),
    region: await renderRegion(edit.before, edit.region, size),
    png: await sharp(source, { raw: { width: size, height: size, channels: 3 } })
      .png()
      .toBuffer(),
  };
}
