import { resolveConfusablesTransformer } from "obscenity";
import { ALPHABET_OF } from "./latin-letters.ts";

/** A letter on its own, again and again, parted by one sign each: "n u d e", "n.u.d.e", "n_u_d_e". */
const SPELLED = /(?<![\p{L}\p{N}])\p{L}(?:[^\p{L}\p{N}]\p{L}(?![\p{L}\p{N}])){2,}/gu;
const PARTED = /(?<=[\p{L}\p{N}])[^\p{L}\p{N}\s'’&]+(?=[\p{L}\p{N}])/gu;
const STRETCHED = /(\p{L})\1{2,}/gu;
const MARKS = /\p{M}/gu;
const NO_ASCII = /[^\p{ASCII}]/gu;

const confusables = resolveConfusablesTransformer();

/** Letters as the library takes them for others ("ɴ" for "n"). */
const resolved = (text: string) =>
  text.replace(NO_ASCII, (letter) => {
    if (confusables.type !== 0) return letter;
    const code = confusables.transform(letter.codePointAt(0) as number);
    return code === undefined ? letter : String.fromCodePoint(code);
  });

const DIGITS: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
};

/** A digit between letters is meant as one; ages and years stay. */
const lettered = (view: string) =>
  view.replace(/(?<=\p{L})[013457@$]+(?=\p{L})|(?<=\p{L})[0134]+\b/gu, (digits) =>
    [...digits].map((digit) => DIGITS[digit] ?? digit).join(""),
  );

const alphabetic = (text: string) => text.replace(NO_ASCII, (letter) => ALPHABET_OF.get(letter) ?? letter);

const plainOf = (text: string) =>
  resolved(alphabetic(text.normalize("NFKD").replace(MARKS, "").toLowerCase())).toLowerCase();

/** Joins spelled letters, from the first or the second on: the article before them is a letter as well ("a n u d e"). */
const joined = (view: string, from: number) =>
  view.replace(SPELLED, (letters) => letters.slice(from).replace(/[^\p{L}]/gu, ""));

/**
 * The readings of a prompt that a policy looks at: as it stands, and as somebody reads it who hides words from a filter by
 * spelling, parting or stretching them. Lower case, without accents; each reading once.
 */
export function viewsOf(text: string): readonly string[] {
  const plain = plainOf(text);
  const views = [plain, joined(plain, 0), joined(plain, 1)]
    .flatMap((view) => [view, view.replace(PARTED, ""), view.replace(PARTED, " ")])
    .flatMap((view) => [view, view.replace(STRETCHED, "$1"), view.replace(STRETCHED, "$1$1")])
    .flatMap((view) => [view, lettered(view)]);
  return [...new Set(views)];
}

/** The one reading in which all of that is undone; of an honest prompt, itself in lower case. */
export const undone = (text: string): string =>
  lettered(joined(plainOf(text), 1).replace(PARTED, " ").replace(STRETCHED, "$1"));
