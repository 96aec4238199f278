import { z } from "zod";
import { ATTRIBUTES_MAX, attributesOf, fitsOnePrompt, joinPrompts } from "./attributes.ts";
import { PROMPT_MAX, promptSchema } from "./prompt.ts";

/** The two ways to request a change: one prompt, split into its attributes, or each attribute separately. */
export const promptFields = {
  prompt: promptSchema.optional().meta({
    description: "What the portrait should show. Several attributes are located each on its own.",
    example: "a woman wearing glasses",
  }),
  edits: z
    .array(z.strictObject({ prompt: promptSchema }))
    .max(ATTRIBUTES_MAX)
    .optional()
    .meta({
      description:
        "In place of `prompt`: each attribute on its own, together at most 500 characters. Empty counts as absent.",
    }),
};

interface PromptFields {
  readonly prompt?: string | undefined;
  readonly edits?: readonly { readonly prompt: string }[] | undefined;
}

/** What a run needs: the single prompt that the model reads, and the sub-prompts that are located separately. */
export interface Prompts {
  readonly prompt: string;
  readonly locate: readonly string[];
}

/**
 * For `transform` of a schema with `promptFields`; the other fields stay. Exactly one of both fields is allowed. Clients
 * generated for Java send an empty list for one that was not set.
 */
export function resolvePrompts<T extends PromptFields>(
  request: T,
  context: z.RefinementCtx<T>,
): Omit<T, keyof PromptFields> & Prompts {
  const { prompt, edits, ...rest } = request;
  const refuse = (path: keyof PromptFields, message: string) => {
    context.addIssue({ code: "custom", path: [path], message });
    return z.NEVER;
  };
  if (edits === undefined || edits.length === 0) {
    if (prompt === undefined)
      return refuse(
        "prompt",
        'missing; say what the portrait should show, such as "a woman wearing glasses"',
      );
    return { ...rest, prompt, locate: attributesOf(prompt) };
  }
  if (prompt !== undefined) return refuse("edits", "give either prompt or edits, not both");
  const prompts = edits.map((edit) => edit.prompt);
  if (!fitsOnePrompt(prompts))
    return refuse("edits", `the prompts together are longer than ${PROMPT_MAX} characters`);
  return { ...rest, prompt: joinPrompts(prompts), locate: [...new Set(prompts)] };
}
