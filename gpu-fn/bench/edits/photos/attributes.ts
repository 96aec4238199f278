/** The 24 attributes of CelebA that photos are edited to (the paper's CelebA-Edit), under CelebA's own names. */
import type { Region } from "../../../../shared/regions.ts";
import { InputError } from "../../../src/errors.ts";

export interface PhotoAttribute {
  readonly region: Region;
  /** The target prompt; `who` is "man" or "woman". */
  readonly target: (who: string) => string;
  /** The paper samples women alone where the classifier confuses attribute and gender (section 4.2). */
  readonly womenOnly?: true;
  /** Labels of photos that are passed over: what the edit changes cannot be seen there. */
  readonly hiddenBy: readonly string[];
  /** Labels beside its own that the edit may rightly change: Eq. 18 does not count them. */
  readonly moves: readonly string[];
}

const wears = (what: string) => (who: string) => `a ${who} wearing ${what}.`;
const has = (what: string) => (who: string) => `a ${who} with ${what}.`;

const HAIR_COLOURS = ["Black_Hair", "Blond_Hair", "Brown_Hair", "Gray_Hair"];
const COVERED_HEAD = ["Wearing_Hat", "Bald"];

function attribute(
  region: Region,
  target: PhotoAttribute["target"],
  rest: Partial<PhotoAttribute> = {},
): PhotoAttribute {
  return { region, target, hiddenBy: [], moves: [], ...rest };
}

function hair(what: string, moves: readonly string[]): PhotoAttribute {
  return attribute("hair", has(what), { hiddenBy: COVERED_HEAD, moves });
}

/**
 * The paper does not list its 24. These are CelebA's labels that its text and Figure 10 name, and others that say where
 * on a face they are and what is to be seen there. Left out: Bald (what is below the hair is unknown) and, of shades
 * that annotators divide alike, Brown_Hair and Wavy_Hair.
 */
export const PHOTO_ATTRIBUTES: Readonly<Record<string, PhotoAttribute>> = {
  Arched_Eyebrows: attribute("eyebrows", has("arched eyebrows")),
  Bags_Under_Eyes: attribute("under_eyes", has("bags under the eyes")),
  Bangs: attribute("forehead", has("bangs"), { hiddenBy: COVERED_HEAD, moves: ["Receding_Hairline"] }),
  Big_Lips: attribute("lips", has("big lips"), { womenOnly: true }),
  Big_Nose: attribute("nose", has("a big nose"), { moves: ["Pointy_Nose"] }),
  Black_Hair: hair("black hair", HAIR_COLOURS),
  Blond_Hair: hair("blond hair", HAIR_COLOURS),
  Bushy_Eyebrows: attribute("eyebrows", has("bushy eyebrows")),
  Double_Chin: attribute("chin", has("a double chin"), { moves: ["Chubby"] }),
  Eyeglasses: attribute("eyeglasses", wears("glasses")),
  Goatee: attribute("beard", has("a goatee"), { moves: ["No_Beard", "5_o_Clock_Shadow", "Mustache"] }),
  Gray_Hair: hair("gray hair", [...HAIR_COLOURS, "Young"]),
  Heavy_Makeup: attribute("makeup", wears("heavy makeup"), {
    womenOnly: true,
    moves: ["Wearing_Lipstick", "Rosy_Cheeks"],
  }),
  Mouth_Slightly_Open: attribute("mouth", has("a slightly opened mouth")),
  Mustache: attribute("beard", has("a mustache"), { moves: ["No_Beard", "5_o_Clock_Shadow", "Goatee"] }),
  Narrow_Eyes: attribute("eyes", has("narrow eyes")),
  Oval_Face: attribute("face_shape", has("an oval face"), { moves: ["Chubby"] }),
  Pale_Skin: attribute("skin", has("pale skin")),
  Pointy_Nose: attribute("nose", has("a pointy nose"), { moves: ["Big_Nose"] }),
  Receding_Hairline: attribute("hairline", has("a receding hairline"), {
    hiddenBy: [...COVERED_HEAD, "Bangs"],
  }),
  Rosy_Cheeks: attribute("cheeks", has("rosy cheeks"), { moves: ["Heavy_Makeup"] }),
  Smiling: attribute("expression", (who) => `a smiling ${who}.`, {
    moves: ["Mouth_Slightly_Open", "High_Cheekbones"],
  }),
  Straight_Hair: hair("straight hair", ["Wavy_Hair"]),
  Wearing_Lipstick: attribute("lips", wears("lipstick"), { womenOnly: true, moves: ["Heavy_Makeup"] }),
};

/** What `--attributes` names among photos: a set of all 24, or CelebA's names. @throws InputError for another name */
export function photoAttributesOf(text: string): readonly string[] {
  if (text === "celeba" || text === "all") return Object.keys(PHOTO_ATTRIBUTES);
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => PHOTO_ATTRIBUTES[name] === undefined);
  if (unknown === undefined) return names;
  throw new InputError(
    "option_invalid",
    `there is no attribute ${unknown} of photos; there are ${Object.keys(PHOTO_ATTRIBUTES).join(", ")}`,
  );
}
