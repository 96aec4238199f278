import { EDIT_ATTRIBUTES } from "../../training/text2mask/counterfactual.ts";
import type { Attributes } from "../../training/text2mask/render.ts";

/** The 24 attributes of CelebA's forty that the renderer has, named as its edits are. */
export const CELEBA_ATTRIBUTES = [
  "arched_eyebrows",
  "bags_under_eyes",
  "bald",
  "bangs",
  "beard",
  "big_lips",
  "big_nose",
  "black_hair",
  "blond_hair",
  "brown_hair",
  "bushy_eyebrows",
  "double_chin",
  "eyeglasses",
  "goatee",
  "gray_hair",
  "heavy_makeup",
  "lipstick",
  "mustache",
  "open_mouth",
  "pale_skin",
  "pointy_nose",
  "receding_hairline",
  "rosy_cheeks",
  "smile",
] as const;

/** What `--attributes` takes beside names. */
export const ATTRIBUTE_SETS: Readonly<Record<string, readonly string[]>> = {
  celeba: CELEBA_ATTRIBUTES,
  all: Object.keys(EDIT_ATTRIBUTES),
};

type Answer = boolean | undefined;

const headSeen = (a: Attributes) => a.hat === "none";
const eyesSeen = (a: Attributes) => a.eyewear !== "sunglasses";
const browsSeen = (a: Attributes) => eyesSeen(a) && a.bangs === "none";
const chinSeen = (a: Attributes) => a.beard === "none" || a.beard === "mustache";
const where = (seen: boolean, answer: boolean): Answer => (seen ? answer : undefined);
const tone = (a: Attributes, low: number, high: number): Answer => {
  if (low <= a.skinTone && a.skinTone <= high) return true;
  return low - 0.1 < a.skinTone && a.skinTone < high + 0.1 ? undefined : false;
};
const hair = (a: Attributes, ...colors: Attributes["hairColor"][]): Answer =>
  where(a.hairStyle !== "bald" && headSeen(a), colors.includes(a.hairColor));

/**
 * A portrait's own labels for what the classifier names: undefined if hats, hair, beards or dark lenses hide the
 * attribute, or a tone lies between yes and no (`gpu-fn/training/attribute_labels.py` has the same rules).
 */
export const LABELS: Readonly<Record<string, (a: Attributes) => Answer>> = {
  beard: (a) => a.beard === "full",
  eyeglasses: (a) => a.eyewear !== "none",
  bangs: (a) => a.bangs !== "none",
  lipstick: (a) => a.lipstick !== "none",
  smile: (a) => a.expression === "smile",
  sad: (a) => a.expression === "sad",
  goatee: (a) => a.beard === "goatee",
  mustache: (a) => a.beard === "mustache",
  sunglasses: (a) => a.eyewear === "sunglasses",
  rosy_cheeks: (a) => a.cheeks === "rosy",
  bushy_eyebrows: (a) => where(browsSeen(a), a.eyebrows === "bushy"),
  arched_eyebrows: (a) => where(browsSeen(a), a.eyebrows === "arched"),
  big_nose: (a) => a.nose === "big",
  pointy_nose: (a) => a.nose === "pointy",
  big_lips: (a) => a.lips === "big",
  closed_eyes: (a) => where(eyesSeen(a), a.eyes === "closed"),
  open_mouth: (a) => where(a.expression !== "smile", a.mouth === "open"),
  pale_skin: (a) => tone(a, 0, 0.14),
  tan_skin: (a) => tone(a, 0.46, 0.62),
  dark_skin: (a) => tone(a, 0.76, 1),
  heavy_makeup: (a) => where(eyesSeen(a), a.makeup === "heavy"),
  bags_under_eyes: (a) => where(eyesSeen(a), a.underEyes === "bags"),
  receding_hairline: (a) =>
    where(headSeen(a) && a.hairStyle !== "bald" && a.bangs === "none", a.hairline === "receding"),
  double_chin: (a) => where(chinSeen(a), a.doubleChin === "double"),
  bald: (a) => where(headSeen(a), a.hairStyle === "bald"),
  wrinkles: (a) => where(headSeen(a) && a.bangs === "none", a.wrinkles === "forehead"),
  black_hair: (a) => hair(a, "black"),
  blond_hair: (a) => hair(a, "blond"),
  brown_hair: (a) => hair(a, "brown", "dark brown"),
  gray_hair: (a) => hair(a, "gray"),
};

/**
 * The labels an edit must leave alone: those that the source and its true counterfactual share and both show.
 * @returns attribute → the source portrait's label (aᵖʳᵉˢ of Eq. 18)
 */
export function preservedLabels(before: Attributes, after: Attributes): Map<string, boolean> {
  const kept = new Map<string, boolean>();
  for (const [name, label] of Object.entries(LABELS)) {
    const answer = label(before);
    if (answer !== undefined && label(after) === answer) kept.set(name, answer);
  }
  return kept;
}
