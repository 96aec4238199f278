import fc from "fast-check";
import { expect, test } from "vitest";
import { promptSchema } from "../prompt.ts";
import type { PromptPolicy } from "./policies.ts";
import { viewsOf } from "./views.ts";
import { policiesOfWords } from "./words.ts";

/** A word of each policy, in a sentence that is harmless without it. */
const CAUGHT: readonly (readonly [PromptPolicy, string])[] = [
  ["prompt.sexual", "nude"],
  ["prompt.sexual", "naked"],
  ["prompt.sexual", "topless"],
  ["prompt.minors", "toddler"],
  ["prompt.minors", "child"],
  ["prompt.hate", "swastika"],
  ["prompt.hate", "nazi"],
];

const LEET: Readonly<Record<string, string>> = { a: "4", e: "3", i: "1", o: "0" };
const ACCENTS: Readonly<Record<string, readonly string[]>> = {
  a: ["á", "ä", "à", "ａ"],
  e: ["é", "ë", "ê", "ｅ"],
  i: ["í", "ï"],
  o: ["ó", "ö", "ø"],
  u: ["ú", "ü"],
  n: ["ñ"],
};

/** Ways to disguise a letter of a word. */
const disguised = (letter: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    letter,
    letter.toUpperCase(),
    ...(ACCENTS[letter] ?? []),
    ...(LEET[letter] === undefined ? [] : [LEET[letter]]),
  );

const word = fc.constantFrom(...CAUGHT);
const around = fc.constantFrom("a WORD person", "WORD", "a person, WORD, smiling", "make it WORD!");

test("disguised letters do not hide a word", () => {
  fc.assert(
    fc.property(
      word.chain(([policy, plain]) =>
        fc.tuple(fc.constant(policy), fc.tuple(...[...plain].map(disguised)), around),
      ),
      ([policy, letters, sentence]) => {
        // a digit at either end of a word is a number there
        fc.pre(!/^\d|\d$/.test(letters.join("")));
        const prompt = promptSchema.parse(sentence.replace("WORD", letters.join("")));
        expect(policiesOfWords(prompt), prompt).toContain(policy);
      },
    ),
    { numRuns: 300 },
  );
});

test("separators between the letters, or a space between each, do not hide a word", () => {
  fc.assert(
    fc.property(
      word,
      around,
      fc.constantFrom(".", "-", "_", "*", " ", "/"),
      ([policy, plain], sentence, sign) => {
        const prompt = promptSchema.parse(sentence.replace("WORD", [...plain].join(sign)));
        expect(policiesOfWords(prompt), prompt).toContain(policy);
      },
    ),
    { numRuns: 200 },
  );
});

test("a sign, a space or a repeated letter anywhere in a word does not hide it", () => {
  fc.assert(
    fc.property(
      word,
      around,
      fc.nat({ max: 20 }),
      fc.constantFrom("-", ".", "_", " ", "more"),
      (caught, sentence, at, how) => {
        const [policy, plain] = caught;
        const i = 1 + (at % (plain.length - 1));
        const changed =
          how === "more"
            ? `${plain.slice(0, i)}${(plain[i] as string).repeat(3)}${plain.slice(i)}`
            : `${plain.slice(0, i)}${how}${plain.slice(i)}`;
        const prompt = promptSchema.parse(sentence.replace("WORD", changed));
        expect(policiesOfWords(prompt), prompt).toContain(policy);
      },
    ),
    { numRuns: 300 },
  );
});

test("a prompt of arbitrary letters is read in finite time, and an honest one reads as itself", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 500 }), (text) => {
      const parsed = promptSchema.safeParse(text);
      fc.pre(parsed.success);
      if (parsed.success) policiesOfWords(parsed.data);
    }),
    { numRuns: 200 },
  );
  expect(viewsOf("a woman wearing glasses")).toEqual(["a woman wearing glasses"]);
});
