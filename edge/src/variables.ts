import { z } from "zod";
import { MODELS, type ModelId } from "../../shared/models.ts";
import { moderationSettings } from "../../shared/moderation/settings.ts";

const secret = z.string().min(32, "needs at least 32 characters");

/** The worker's variables and secrets, without its bindings. */
export const settingsSchema = z.object({
  /** Where clients, and the GPU function unless `INSIDE_URL` is set, reach this worker: `https://host`, no path. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }),
  /** Where the GPU function reaches this worker, if that is not `PUBLIC_URL`. */
  INSIDE_URL: z.url({ protocol: /^https?$/ }).optional(),
  MODEL: z.enum(Object.keys(MODELS) as [ModelId, ...ModelId[]]),
  /** Root of every derived key; the previous one stays valid while keys rotate. */
  SIGNING_SECRET: secret,
  SIGNING_SECRET_PREVIOUS: secret.optional(),
  /** The bootstrap admin key; without it nobody can act as the operator. */
  ADMIN_KEY: secret.optional(),
  GPU_URL: z.url({ protocol: /^https?$/ }),
  /** A shared secret, Modal's proxy token, or both authenticate the edge to the GPU function. */
  GPU_SECRET: secret.optional(),
  MODAL_KEY: z.string().min(1).optional(),
  MODAL_SECRET: z.string().min(1).optional(),
  /** Any request starts a paid GPU, so `/healthz` sends it none; `0` for a GPU that always runs. */
  GPU_ON_DEMAND: z
    .enum(["0", "1"])
    .default("1")
    .transform((flag) => flag === "1"),
  /** Without Upstash every mask is located again, and the backlog of the GPUs is unknown. */
  UPSTASH_REDIS_REST_URL: z.url({ protocol: /^https?$/ }).optional(),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(1).optional(),
  /** Also allows webhooks to http and to private networks: for local development only. */
  ALLOW_PRIVATE_WEBHOOKS: z
    .enum(["0", "1"])
    .default("0")
    .transform((flag) => flag === "1"),
  /** Without a key nothing is metered and credits are added by hand; only tests set another URL. */
  STRIPE_SECRET_KEY: z.string().min(1).optional(),
  STRIPE_API_URL: z.url({ protocol: /^https?$/ }).default("https://api.stripe.com"),
  /** `event_name` of the meter that counts captured credits. */
  STRIPE_METER_EVENT: z.string().min(1).max(100).default("edit_credits"),
  /** Signing secret of Stripe's endpoint `/v1/stripe/webhook`; without it that route does not exist. */
  STRIPE_WEBHOOK_SECRET: z.string().min(1).optional(),
  /** Reports generated images if the model's licence requires it. */
  BFL_API_KEY: z.string().min(1).optional(),
  BFL_API_URL: z.url({ protocol: /^https?$/ }).default("https://api.bfl.ai"),
  /** Budget of the account that visitors of the playground spend from; without it the page asks for a token. */
  PLAYGROUND_CREDITS: z.coerce.number().int().min(1).max(1_000_000).optional(),
  /** Limits of all keys and tokens of an account together. */
  ACCOUNT_REQUESTS_A_MINUTE: z.coerce.number().int().positive().default(6_000),
  ACCOUNT_EDITS_A_MINUTE: z.coerce.number().int().positive().default(300),
  /** Maximum number of an account's waiting or running edits; at least as many as one request may ask for. */
  ACCOUNT_EDITS_UNFINISHED: z.coerce.number().int().min(8).default(64),
  /** Number of edits that the GPUs run at the same time: containers, one edit each. */
  GPU_CONTAINERS: z.coerce.number().int().positive().default(1),
  /** Prompt policies: which are off, and their thresholds; see shared/moderation. */
  ...moderationSettings,
  /** Hours until content is erased. */
  RETENTION_HOURS: z.coerce.number().positive().max(720).default(24),
});

/** The part that wrangler.toml provides: everything but the secrets. */
export const variablesSchema = settingsSchema.omit({ SIGNING_SECRET: true });
