import { attributesOf } from "../../../../shared/attributes.ts";
import { type Attributes, EDIT_ATTRIBUTES } from "../../../training/text2mask/render.ts";
import { caseOf, type EditCase } from "../cases.ts";
import { chosenCases } from "./chosen-cases.ts";

/** Attributes to ask for at once, each of another region; an edit that names the person ("a smiling man") comes first. */
export const TOGETHER: readonly (readonly string[])[] = [
  ["eyeglasses", "lipstick"],
  ["smile", "blond_hair"],
  ["beard", "gray_hair"],
  ["bangs", "rosy_cheeks"],
  ["mustache", "sunglasses"],
  ["bushy_eyebrows", "lipstick", "black_hair"],
  ["smile", "eyeglasses", "brown_hair"],
  ["goatee", "rosy_cheeks", "gray_hair"],
];

/** The same of photos, whose fringes are rare and whose lipsticks have colours. */
export const PHOTOS_TOGETHER: typeof TOGETHER = [
  ["eyeglasses", "red_lipstick"],
  ["smile", "blond_hair"],
  ["beard", "gray_hair"],
  ["pale_skin", "rosy_cheeks"],
  ["mustache", "sunglasses"],
  ["bushy_eyebrows", "pink_lipstick", "black_hair"],
  ["smile", "eyeglasses", "brown_hair"],
  ["goatee", "rosy_cheeks", "gray_hair"],
];

/** A portrait and several changes of it. */
export interface SeveralCase {
  /** One edit after another: each starts where the one before ended. */
  readonly steps: readonly EditCase[];
  /** All of them in one prompt, as a user writes it, and the sub-prompts the product splits it into. */
  readonly prompt: string;
  readonly locate: readonly string[];
  readonly sourcePrompt: string;
}

/** The first `count` portraits from `seed` on that can take all of `names`. */
export function severalCases(names: readonly string[], seed: number, count: number): SeveralCase[] {
  const [first = "", ...others] = names;
  const stepsOf = (edit: EditCase) => others.reduce<EditCase[] | undefined>(follow, [edit]);
  return chosenCases(first, seed, count, (edit) => stepsOf(edit) !== undefined).map((edit) => {
    const steps = stepsOf(edit) ?? [];
    const prompt = promptOf(edit.before, steps);
    return { steps, prompt, locate: attributesOf(prompt), sourcePrompt: `a ${edit.before.gender}` };
  });
}

/** Adds a step; undefined once an attribute cannot be added to what is there by then. */
function follow(steps: EditCase[] | undefined, attribute: string): EditCase[] | undefined {
  const last = steps?.at(-1);
  const edit = EDIT_ATTRIBUTES[attribute];
  if (steps === undefined || last === undefined || !edit?.applicable(last.after)) return undefined;
  return [...steps, caseOf(attribute, edit, last.after)];
}

/** "a man wearing glasses, with bangs and with rosy cheeks": the subject once. */
function promptOf({ gender }: Attributes, steps: readonly EditCase[]): string {
  const [first = "", ...others] = steps.map(({ targetPrompt }, i) =>
    i === 0 ? targetPrompt : targetPrompt.replace(`a ${gender} `, ""),
  );
  const last = others.pop();
  return [[first, ...others].join(", "), last].filter(Boolean).join(" and ");
}
