import { z } from "zod";

/** Maximum length of a prompt in characters (UTF-16 code units), as stated in the public contract. */
export const PROMPT_MAX = 500;

/** The default source prompt: the paper's prompts start with "a person". */
export const DEFAULT_SOURCE_PROMPT = "a person.";

const CONTROL = /\p{Cc}|\p{Cf}|\p{Co}|\p{Cs}/u;
// The text encoders know only Latin letters: any other letter becomes "unknown" and would edit at random.
const FOREIGN_LETTER = /(?!\p{Script=Latin})\p{L}/u;
const LETTER = /\p{L}/u;

const EMPTY = "the prompt is empty";
const LONG = `the prompt is longer than ${PROMPT_MAX} characters`;

/**
 * A prompt: 1 to 500 characters, before and after trimming and NFKC normalisation, one line, Latin letters.
 * Control and format characters are refused, not removed: they can hide words from a reader.
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
      .refine((text) => !FOREIGN_LETTER.test(text), "the prompt must be English, in Latin letters")
      .refine((text) => LETTER.test(text), "the prompt holds no words"),
  );

export const sourcePromptSchema = promptSchema.default(DEFAULT_SOURCE_PROMPT);
