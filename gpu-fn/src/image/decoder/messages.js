import { z } from "zod";
import { IMAGE_LIMITS } from "../../../../shared/image.ts";
/** What a decoder's process is asked; the file is the one part of the message. */
export const askedSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("photo"),
    extension: z.string().max(64),
    longest: z.int().positive().nullable(),
  }),
  z.object({ kind: z.literal("grey") }),
]);
/** Codes of refusals that decoding can come to. */
const CODES = ["image_undecodable", "image_animated", "image_too_small", "image_too_large", "mask_invalid"];
const sideSchema = z.int().positive().max(IMAGE_LIMITS.pixels);
const sizeSchema = z.object({ width: sideSchema, height: sideSchema });
/**
 * What it answers. It may have been taken over by what it decoded, so nothing is believed that is not checked: a `photo`
 * has colours as its first part and, where it is not opaque, alpha as the second; a `grey` has one part.
 */
export const answeredSchema = z.discriminatedUnion("kind", [
  /** Once, before everything else. */
  z.object({ kind: z.literal("ready"), dataBytes: z.number().nullable() }),
  z.object({ kind: z.literal("photo"), ...sizeSchema.shape, residentBytes: z.number() }),
  z.object({ kind: z.literal("grey"), ...sizeSchema.shape, residentBytes: z.number() }),
  z.object({ kind: z.literal("refused"), code: z.enum(CODES), message: z.string().max(300) }),
]);
/** Most bytes of a part: the colours of the largest photo. */
export const PART_MAX = 3 * IMAGE_LIMITS.pixels;
