import { z } from "zod";

/** Maximum length of a prompt in characters (UTF-16 code units), as stated in the public contract. */
export const PROMPT_MAX = 500;

/** The default source prompt: the paper's prompts start with "a person". */
export const DEFAULT_SOURCE_PROMPT = "a person.";

const CONTROL = /\p{Cc}|\p{Cf}|\p{Co}|\p{Cs}/u;
const FOREIGN_LETTER = /(?!\p{Script=Latin})\p{L}/u;
// the scripts of the languages that requests are translated from
const UNKNOWN_LETTER =
  /(?!\p{scx=Latin}|\p{scx=Arabic}|\p{scx=Cyrillic}|\p{scx=Han}|\p{scx=Hangul}|\p{scx=Hiragana}|\p{scx=Katakana}|\p{scx=Thai})\p{L}/u;
/** A word that is spelt with look-alikes: "wom\u0430n". */
const TWO_ALPHABETS = /\p{Script=Latin}\p{M}*\p{Script=Cyrillic}|\p{Script=Cyrillic}\p{M}*\p{Script=Latin}/u;
const LETTER = /\p{L}/u;

const EMPTY = "the prompt is empty";
const LONG = `the prompt is longer than ${PROMPT_MAX} characters`;

/** Whether a text has letters that the models' text encoders do not know: they would edit at random. */
export const isForeign = (text: string): boolean => FOREIGN_LETTER.test(text);

/**
 * A prompt: 1 to 500 characters, before and after trimming and NFKC normalisation, one line, in the script of a language that
 * requests are translated from. Control and format characters are refused, not removed: they can hide words from a reader.
 */
export const promptSchema = z
  .string()
  .min(1, EMPTY)
  .max(PROMPT_MAX, LONG)
  .transform((text) => text.normalize("NFKC").trim())
  .pipe(
    z
      .string()
      .min(1, EMPTY)
      .max(PROMPT_MAX, LONG)
      .refine((text) => !CONTROL.test(text), "the prompt holds control characters")
      .refine(
        (text) => !UNKNOWN_LETTER.test(text),
        "the prompt must be in Latin letters, or in Arabic, Chinese, Japanese, Korean, Russian or Thai",
      )
      .refine((text) => !TWO_ALPHABETS.test(text), "the prompt mixes Latin and Cyrillic letters in a word")
      .refine((text) => LETTER.test(text), "the prompt holds no words"),
  );

/** What the photo shows. It is not translated: the model reads it as it is. */
export const sourcePromptSchema = promptSchema
  .refine((text) => !isForeign(text), "the prompt must be English, in Latin letters")
  .default(DEFAULT_SOURCE_PROMPT);
