import { z } from "zod";

/** Tokens of the picture in the edit pass. Absent if the function did not report it. */
export const tokensSchema = z.object({ computed: z.int().min(0), all: z.int().min(1) }).meta({
  description:
    "Tokens of the picture that each evaluation of the edit computed, and how many there are: fewer if the schedule's " +
    "`value_path` is `background`.",
});
