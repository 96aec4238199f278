import { stream } from "../../training/text2mask/random.ts";
import { WORDINGS } from "../../training/text2mask/wordings.ts";

export type Words = "train" | "heldOut";

/** One wording of a region for each picture, always the same. */
export function wordingOf(region: number, words: Words, picture: number): string {
  const wording = WORDINGS[region];
  return stream(picture, `${wording?.region}/${words}`).pick(wording?.[words] ?? []);
}
