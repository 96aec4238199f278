import { REGIONS, type Region } from "../../../../shared/regions.ts";
import { WORDINGS } from "../../../training/text2mask/wordings.ts";

/** Words PASL was trained on, words it never read in training, and synonyms to look at one by one. */
export type Kind = "known" | "held out" | "synonym";

export interface Wording {
  readonly kind: Kind;
  readonly region: Region;
  readonly text: string;
  /** A synonym's own word. */
  readonly name?: string;
}

/** Everyday words that no training wording has, and where they point. */
const SYNONYMS: readonly (readonly [name: string, region: Region, text: string])[] = [
  ["spectacles", "eyeglasses", "a person wearing spectacles"],
  ["shades", "eyeglasses", "a person in shades"],
  ["goggles", "eyeglasses", "a person with goggles"],
  ["moustache", "beard", "a person with a moustache"],
  ["whiskers", "beard", "a person with whiskers"],
  ["stubble", "beard", "a person with stubble"],
  ["blush", "cheeks", "a person with blush"],
  ["rouge", "cheeks", "a person with rouge on the face"],
  ["irises", "pupils", "a person with green irises"],
  ["winking", "eyes", "a person winking"],
  ["asleep", "eyes", "a person asleep"],
  ["brows", "eyebrows", "a person with thick brows"],
  ["unibrow", "eyebrows", "a person with a unibrow"],
  ["grinning", "expression", "a person grinning"],
  ["laughing", "expression", "a person laughing"],
  ["frowning", "expression", "a frowning person"],
  ["fringe", "forehead", "a person with a fringe"],
  ["brunette", "hair", "a brunette"],
  ["redhead", "hair", "a redhead"],
  ["ponytail", "hair", "a person with a ponytail"],
  ["lip gloss", "lips", "a person wearing lip gloss"],
  ["nostrils", "nose", "a person with broad nostrils"],
  ["agape", "mouth", "a person with an agape mouth"],
  ["mascara", "makeup", "a person wearing mascara"],
  ["complexion", "skin", "a person with an olive complexion"],
  ["cleft chin", "chin", "a person with a cleft chin"],
];

/** All wordings of all regions, and the synonyms. */
export const VOCABULARY: readonly Wording[] = [
  ...WORDINGS.flatMap(({ region, train, heldOut }) => [
    ...train.map((text) => ({ kind: "known", region, text }) as const),
    ...heldOut.map((text) => ({ kind: "held out", region, text }) as const),
  ]),
  ...SYNONYMS.map(([name, region, text]) => ({ kind: "synonym", name, region, text }) as const),
];

export const regionIndex = (region: Region): number => REGIONS.indexOf(region);
