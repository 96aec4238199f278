import { z } from "zod";

/** Of the picture's tokens in the edit pass. Absent for edits of a function that did not say it. */
export const tokensSchema = z.object({ computed: z.int().min(0), all: z.int().min(1) }).meta({
  description:
    "Tokens of the picture that each evaluation of the edit computed, and how many there are: fewer if the schedule's " +
    "`value_path` is `background`.",
});
