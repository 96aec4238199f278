import { PROMPT_MAX } from "./prompt.ts";

/** Maximum number of sub-prompts that one run locates separately. */
export const ATTRIBUTES_MAX = 8;

/**
 * Words that alone determine where on a face an attribute is. A clause without any of them ("black" in "black and white
 * hair") belongs to its neighbour.
 */
export const LOCATED = new RegExp(
  `\\b(?:${[
    "hair(?:ed|cut|style|line)?|bangs|fringe|curls|locks|braids|ponytail|bun|bob|updo|afro|bald|blond|blonde|brunette|redhead",
    "beard(?:ed)?|goatee|stubble|m(?:o)?ustache|whiskers|sideburns|shaven|unshaven",
    "face|jaw(?:line)?|chin|chins|cheek(?:s|bones)?|dimples|forehead|brow|brows|eyebrows?",
    "eyes?|eyelids?|eyelashes|lashes|eyeliner|eyeshadow|mascara|iris|irises|pupils?|gaze|under-eyes?|eyebags?",
    "nose|nostrils|mouth|lips?|lipstick|teeth|tongue|smil(?:e|es|ing)|grin(?:ning)?|laugh(?:ing|s)?|frown(?:ing)?|scowl",
    "skin|complexion|freckles|wrinkles|blush|rouge|makeup|make-up|pallor|moles?|scars?",
    "(?:eye|sun)?glasses|spectacles|eyewear|shades|goggles|monocle",
    "expression",
    "hat|cap|beanie|earrings?|necklace",
  ].join("|")})\\b`,
  "i",
);

const SEPARATOR = /\s*[,;]\s*(?:(?:and|but)\s+)?|\s+(?:and|but|plus)\s+|\s*&\s*/gi;

/**
 * Splits a prompt with several attributes into the sub-prompts that PASL locates separately: "without bangs, wearing
 * red lipstick, with thick eyebrows" has three. Clauses that name no place on the face join the next one (the last
 * joins the one before); anything beyond ATTRIBUTES_MAX joins the last.
 * @param prompt as `promptSchema` gives it
 * @returns 1 to 8 sub-prompts in the prompt's own words and order; the whole prompt if it cannot be split
 */
export function attributesOf(prompt: string): string[] {
  const attributes: string[] = [];
  let start = 0;
  for (const { index, 0: separator } of prompt.matchAll(SEPARATOR)) {
    const rest = prompt.slice(index + separator.length);
    const splits = LOCATED.test(prompt.slice(start, index)) && LOCATED.test(rest);
    if (!splits || attributes.length === ATTRIBUTES_MAX - 1) continue;
    attributes.push(prompt.slice(start, index).trim());
    start = index + separator.length;
  }
  attributes.push(prompt.slice(start).trim());
  return attributes;
}

/** The single target prompt of several edits, in order; the transformer reads them as one sentence. */
export function joinPrompts(prompts: readonly string[]): string {
  return prompts.map((prompt) => prompt.replace(/[.,;\s]+$/, "")).join(", ");
}

/** Whether several prompts together fit into one (500 characters). */
export function fitsOnePrompt(prompts: readonly string[]): boolean {
  return joinPrompts(prompts).length <= PROMPT_MAX;
}
