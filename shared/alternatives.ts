import { z } from "zod";
import { attributesOf } from "./attributes.ts";
import { editFields, editSchema } from "./edit.ts";
import { promptSchema } from "./prompt.ts";
import type { Prompts } from "./prompt-fields.ts";

/** Maximum number of alternatives of one photo in one request. */
export const ALTERNATIVES_MAX = 8;

const imageIdSchema = z
  .string()
  .startsWith("img_", "give the id of an uploaded image")
  .max(100)
  .meta({ example: "img_01hxq7zm4w9v8k2c5t3r6n0pbd" });

const { prompt: _, edits: __, ...together } = editFields;

/** An alternative's text, and the attributes that PASL locates in it. */
const alternativeSchema = z
  .strictObject({ prompt: promptSchema })
  .transform(({ prompt }): Prompts => ({ prompt, locate: attributesOf(prompt) }));

/**
 * `POST /v1/alternatives`: one uploaded photo, several alternatives, one edit for each. All other fields apply to every
 * edit, as in `POST /v1/edits`.
 */
export const alternativesRequestSchema = z
  .strictObject({
    ...together,
    image: imageIdSchema,
    mask: z.union([z.literal("auto"), imageIdSchema]).default("auto"),
    alternatives: z.array(alternativeSchema).min(2).max(ALTERNATIVES_MAX),
  })
  .meta({
    id: "AlternativesRequest",
    example: {
      image: "img_01hxq7zm4w9v8k2c5t3r6n0pbd",
      source_prompt: "a woman",
      alternatives: [{ prompt: "a woman wearing glasses" }, { prompt: "a woman with bangs" }],
    },
  });

/** The edits, in the order of their alternatives. */
export const alternativesSchema = z.object({ data: z.array(editSchema) }).meta({ id: "Alternatives" });
