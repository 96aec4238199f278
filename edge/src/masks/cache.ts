import { Redis } from "@upstash/redis/cloudflare";
import { z } from "zod";
import type { Id } from "../../../shared/ids.ts";
import { idSchema } from "../../../shared/ids.ts";
import { type FaceChoice, faceSchema, fusionSchema, type MaskOptions } from "../../../shared/mask.ts";
import { MODELS } from "../../../shared/models.ts";
import { sign } from "../../../shared/signing.ts";
import type { CachedMask } from "../account/contract/images.ts";
import type { Settings } from "../env.ts";
import { Circuit } from "../upstash/circuit.ts";

/** Maximum time that an edit waits for the cache, in milliseconds. */
const PATIENCE_MS = 500;

/** An entry as stored in Upstash: it reveals nothing about the prompts. */
const entrySchema = z.object({
  /** The mask's storage key in R2. */
  key: z.string(),
  sha256: z.string(),
  width: z.int(),
  height: z.int(),
  coverage: z.number(),
  /** Coverage of each prompt's own region, in alphabetical order of the prompts. */
  shares: z.array(z.number()),
  /** Finished masks only: their image row, and when the object in R2 is erased (Unix milliseconds). */
  id: idSchema("img").optional(),
  expires_at: z.number().optional(),
  faces: z.array(faceSchema).optional(),
  fusion: fusionSchema.optional(),
});

/** Located and finished masks by key. It may lose anything at any time: an outage is a miss. */
export interface MaskCache {
  /** @param prompts those that the key was derived from */
  get(key: string, prompts: readonly string[]): Promise<CachedMask | null>;
  /** Stores a mask for `ttlSeconds`; returns once it is stored or given up. */
  set(key: string, mask: CachedMask, ttlSeconds: number): Promise<void>;
  /** Erases entries of masks; false if the cache is away, and then they stay until they expire. */
  remove(keys: readonly string[]): Promise<boolean>;
}

/**
 * Name of a mask in the cache: an HMAC, so that neither prompts nor photos are visible in Upstash. It covers the
 * tenant, the photo's bytes, the prompts located separately, the face, the locator's version and, for a finished mask,
 * its options.
 * @returns 64 hex digits
 */
export function maskKey(
  settings: Settings,
  account: Id<"acct">,
  imageSha256: string,
  locate: readonly string[],
  { face, options }: { readonly face?: FaceChoice | undefined; readonly options?: MaskOptions } = {},
): Promise<string> {
  const { pasl } = MODELS[settings.MODEL];
  const worked = options && [
    options.invert,
    options.threshold ?? null,
    options.grow,
    options.feather ?? null,
  ];
  const parts = [account, imageSha256, [...locate].sort(), pasl, face ?? null, worked ?? null];
  return sign(settings.signingSecrets, "mask-cache", JSON.stringify(parts));
}

/** Regions in the order of the request: prompts in another order share the mask. */
export const inOrder = (regions: CachedMask["regions"], prompts: readonly string[]) =>
  prompts.flatMap((prompt) => regions.filter((region) => region.prompt === prompt));

/** Without the prompts: the key is derived from them, so the caller knows them. */
function entryOf({ regions, ...rest }: CachedMask): z.input<typeof entrySchema> {
  const sorted = regions.toSorted((a, b) => (a.prompt < b.prompt ? -1 : 1));
  return { ...rest, shares: sorted.map(({ coverage }) => coverage) };
}

function maskOf({ shares, ...rest }: z.output<typeof entrySchema>, prompts: readonly string[]): CachedMask {
  const sorted = [...prompts].sort();
  const regions = shares.map((coverage, index) => ({ prompt: sorted[index] ?? "", coverage }));
  return { ...rest, regions: inOrder(regions, prompts) };
}

const opened = new WeakMap<Settings, MaskCache>();

/** The cache for these settings, or one that never holds anything if no Upstash is configured. */
export function openMaskCache(settings: Settings): MaskCache {
  const known = opened.get(settings);
  if (known !== undefined) return known;
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = settings;
  const cache = url === undefined || token === undefined ? NO_CACHE : upstashCache(url, token);
  opened.set(settings, cache);
  return cache;
}

const NO_CACHE: MaskCache = {
  get: async () => null,
  set: async () => undefined,
  remove: async () => true,
};

function upstashCache(url: string, token: string): MaskCache {
  const signal = () => AbortSignal.timeout(PATIENCE_MS);
  const redis = new Redis({ url, token, retry: false, signal, enableTelemetry: false });
  const circuit = new Circuit("mask_cache_unavailable");

  return {
    async get(key, prompts) {
      const value = await circuit.attempt(() => redis.get<unknown>(`mask:${key}`));
      const entry = entrySchema.safeParse(value).data;
      return entry === undefined ? null : maskOf(entry, prompts);
    },
    async remove(keys) {
      return (await circuit.attempt(() => redis.del(...keys.map((key) => `mask:${key}`)))) !== null;
    },
    async set(key, mask, ttlSeconds) {
      const ex = Math.floor(ttlSeconds);
      if (ex >= 1) await circuit.attempt(() => redis.set(`mask:${key}`, entryOf(mask), { ex }));
    },
  };
}
