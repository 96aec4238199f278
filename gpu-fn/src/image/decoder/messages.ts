import { z } from "zod";
import { IMAGE_LIMITS } from "../../../../shared/image.ts";
import type { InputCode } from "../../errors.ts";

/** A request to the decoding process; the file is the message's only part. */
export const askedSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("photo"),
    longest: z.int().positive().nullable(),
  }),
  z.object({ kind: z.literal("grey") }),
]);

export type Asked = z.output<typeof askedSchema>;

/** Error codes of refusals that decoding can give. */
const CODES = [
  "image_undecodable",
  "image_animated",
  "image_too_small",
  "image_too_large",
  "mask_invalid",
] as const satisfies readonly InputCode[];

const sideSchema = z.int().positive().max(IMAGE_LIMITS.pixels);
const sizeSchema = z.object({ width: sideSchema, height: sideSchema });

/**
 * An answer of the decoding process. A picture may have compromised the process, so everything is checked. A `photo` has
 * its colours as the first part and, if it is not opaque, alpha as the second; a `grey` has one part.
 */
export const answeredSchema = z.discriminatedUnion("kind", [
  /** Sent once, before everything else. */
  z.object({ kind: z.literal("ready"), dataBytes: z.number().nullable() }),
  z.object({ kind: z.literal("photo"), ...sizeSchema.shape, residentBytes: z.number() }),
  z.object({ kind: z.literal("grey"), ...sizeSchema.shape, residentBytes: z.number() }),
  z.object({ kind: z.literal("refused"), code: z.enum(CODES), message: z.string().max(300) }),
]);

export type Answered = z.output<typeof answeredSchema>;

/** Largest part in bytes: the colours of the largest photo. */
export const PART_MAX = 3 * IMAGE_LIMITS.pixels;
