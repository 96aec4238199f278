import { resolveConfusablesTransformer } from "obscenity";
import { ALPHABET_OF } from "./latin-letters.ts";

/** Single letters in a row, separated by one character each: "n u d e", "n.u.d.e", "n_u_d_e". */
const SPELLED = /(?<![\p{L}\p{N}])\p{L}(?:[^\p{L}\p{N}]\p{L}(?![\p{L}\p{N}])){2,}/gu;
const PARTED = /(?<=[\p{L}\p{N}])[^\p{L}\p{N}\s'’&]+(?=[\p{L}\p{N}])/gu;
const STRETCHED = /(\p{L})\1{2,}/gu;
const MARKS = /\p{M}/gu;
const NO_ASCII = /[^\p{ASCII}]/gu;

const confusables = resolveConfusablesTransformer();

/** Letters that the library reads as others ("ɴ" as "n"). */
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

/** A digit between letters stands for a letter; ages and years stay. */
const lettered = (view: string) =>
  view.replace(/(?<=\p{L})[013457@$]+(?=\p{L})|(?<=\p{L})[0134]+\b/gu, (digits) =>
    [...digits].map((digit) => DIGITS[digit] ?? digit).join(""),
  );

const alphabetic = (text: string) => text.replace(NO_ASCII, (letter) => ALPHABET_OF.get(letter) ?? letter);

const plainOf = (text: string) =>
  resolved(alphabetic(text.normalize("NFKD").replace(MARKS, "").toLowerCase())).toLowerCase();

/** Joins spelled-out letters, from the first or the second on: an article before them is a letter too ("a n u d e"). */
const joined = (view: string, from: number) =>
  view.replace(SPELLED, (letters) => letters.slice(from).replace(/[^\p{L}]/gu, ""));

/**
 * The readings of a prompt that a policy checks: as written, and as read by a person if words are hidden from a filter
 * by spelling, splitting or stretching them. Lower case, without accents; each reading once.
 */
export function viewsOf(text: string): readonly string[] {
  const plain = plainOf(text);
  const views = [plain, joined(plain, 0), joined(plain, 1)]
    .flatMap((view) => [view, view.replace(PARTED, ""), view.replace(PARTED, " ")])
    .flatMap((view) => [view, view.replace(STRETCHED, "$1"), view.replace(STRETCHED, "$1$1")])
    .flatMap((view) => [view, lettered(view)]);
  return [...new Set(views)];
}

/** The single reading with all of that undone; for an honest prompt, the prompt in lower case. */
export const undone = (text: string): string =>
  lettered(joined(plainOf(text), 1).replace(PARTED, " ").replace(STRETCHED, "$1"));
