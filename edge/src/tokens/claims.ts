import { z } from "zod";
import { idSchema } from "../../../shared/ids.ts";
import { PHOTO_TYPES } from "../../../shared/image.ts";

/**
 * The claims of a token, named as in RFC 7519 if it has a name for them, otherwise with short names: a token travels in
 * URLs. Allowed prompts are stored as digests, so that twenty long ones fit; a render needs its prompt as text.
 */
const common = {
  /** Account. */
  sub: idSchema("acct"),
  /** The key that signed it: tokens of a revoked key are refused. */
  key: idSchema("key"),
  /** Token id: `randomSymbols`. Internal: it identifies the token in the account's tables. */
  jti: z.string().regex(/^[0-9a-hjkmnp-tv-z]{26}$/),
  /** Unix time in seconds from which the token is refused. */
  exp: z.int(),
};

export const claimsSchema = z.discriminatedUnion("act", [
  z.strictObject({
    act: z.literal("edit"),
    ...common,
    max: z.int().min(1).optional(),
    img: idSchema("img").optional(),
    /** `promptDigest` of each allowed prompt. */
    prm: z.array(z.string()).optional(),
    pre: z.array(z.string()).optional(),
    crd: z.int().min(1).optional(),
  }),
  z.strictObject({ act: z.literal("upload"), ...common, max: z.int().min(1).optional() }),
  z.strictObject({
    act: z.literal("render"),
    ...common,
    img: idSchema("img"),
    prompt: z.string(),
    pre: z.string(),
    crd: z.int().min(1).optional(),
  }),
  /** One PUT of one image: issued by `POST /v1/uploads`. */
  z.strictObject({
    act: z.literal("put"),
    ...common,
    img: idSchema("img"),
    type: z.enum(PHOTO_TYPES),
    bytes: z.int().min(1),
  }),
]);

export type Claims = z.output<typeof claimsSchema>;

export type ClaimsOf<Action extends Claims["act"]> = Extract<Claims, { act: Action }>;
