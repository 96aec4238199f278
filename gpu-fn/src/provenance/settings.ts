import { z } from "zod";

/** PEM in a one-line variable: `\n` stands for a line break. */
const pem = z
  .string()
  .transform((text) => text.replaceAll("\\n", "\n"))
  .refine((text) => text.includes("-----BEGIN "), "needs to be PEM");

/** What a deployment signs and marks with. Parts that are not set are left out of every result. */
export const provenanceSettings = {
  /** Certificate chain for content credentials, leaf first, PEM. */
  C2PA_CERTIFICATES: pem.optional(),
  /** The leaf's ES256 key, PKCS #8, PEM. */
  C2PA_PRIVATE_KEY: pem.optional(),
  /** A time-stamp authority, RFC 3161. */
  C2PA_TIMESTAMP_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Key of the invisible mark. */
  WATERMARK_SECRET: z.string().min(32, "needs at least 32 characters").optional(),
  /** 0…255, which distinguishes deployments that share a secret. */
  WATERMARK_TAG: z.coerce.number().int().min(0).max(255).default(0),
};

export type ProvenanceSettings = z.output<z.ZodObject<typeof provenanceSettings>>;
