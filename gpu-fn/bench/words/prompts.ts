/** Prompts of people's first minutes: misspelt, negated, in other words and languages, beside what the model was taught. */
export interface Asked {
  /** What is edited: a face with glasses, or one with neither glasses nor beard. */
  readonly face: "bare" | "glasses";
  readonly prompt: string;
}

const on = (face: Asked["face"], ...prompts: string[]): Asked[] =>
  prompts.map((prompt) => ({ face, prompt }));

export const PROMPTS: readonly Asked[] = [
  ...on(
    "bare",
    "wearing glasses",
    "wearing glases",
    "un hombre con gafas",
    "eine Frau mit roten Lippen",
    "Brille",
    "в очках",
    "眼鏡をかけた女性",
    "make her a brunette",
    "Gucci glasses",
    "polka-dot lipstick",
    "clown nose",
    "natural skin",
    "smooth skin",
    "wearing glasses, natural skin texture",
    "change the background to a beach",
    "a car",
    "glasses and no beard",
    "don't add glasses",
    "without glasses",
    "no beard",
    "sin barba",
    "no glasses but with a hat",
    "remove the background",
    "a woman with black hair, wearing glasses, with red lipstick, with thick eyebrows, with rosy cheeks, with a wide smile, with a big nose",
    "dilated eye pupils",
    "make him look older",
    "make me younger",
    "a surprised expression",
    "without a double chin",
    "a kid-friendly smile",
  ),
  ...on(
    "glasses",
    "remove the glasses",
    "take off her glasses",
    "die Brille entfernen",
    "woman with glasses removed",
    "remove the glases",
    "make her glasses disappear",
    "tire os óculos",
    "keep the glasses",
  ),
];
