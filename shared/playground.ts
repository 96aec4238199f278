import { z } from "zod";

/** `GET /playground/session`: what the playground may do without a key, until `expires_at`. */
export const playgroundSessionSchema = z.object({
  edit_token: z.string(),
  upload_token: z.string(),
  expires_at: z.iso.datetime(),
  /** Maximum number of edits of this session. */
  edits: z.int(),
  /** Credits left of the demo budget. */
  credits: z.int(),
});

export type PlaygroundSession = z.output<typeof playgroundSessionSchema>;
