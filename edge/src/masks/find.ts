import type { Written } from "../../../shared/gpu.ts";
import { newId } from "../../../shared/ids.ts";
import { IMAGE_LIMITS } from "../../../shared/image.ts";
import type { FaceChoice, MaskOptions } from "../../../shared/mask.ts";
import { sign } from "../../../shared/signing.ts";
import type { CachedMask, ImageRow, MaskTurn } from "../account/contract/images.ts";
import type { Caller } from "../context.ts";
import type { Env } from "../env.ts";
import { settingsOf } from "../env.ts";
import { imageRow } from "../images/store.ts";
import { readUrl, writeUrl } from "../images/urls.ts";
import { overLimit } from "../middleware/quota.ts";
import { notFound, Refusal } from "../problem.ts";
import { usedUp } from "../tokens/uses.ts";
import { inOrder, maskKey, openMaskCache } from "./cache.ts";
import { locate } from "./locate.ts";
import { finishedObject, locatedObject } from "./objects.ts";

/** How long the GPU function may use the URLs of one task, in seconds. */
const TRANSFER_SECONDS = 300;

/** Maximum wait for another request that locates the same mask, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Masks have one channel: a PNG of 25 megapixels stays below this size. */
const MASK_BYTES = 2 * IMAGE_LIMITS.bytes;

/** `Retry-After` for a client whose account has many masks in progress. */
const RETRY_AFTER_SECONDS = 2;

/** A finished mask with the image row by which it can be the `mask` of an edit. */
export type FinishedMask = Finished & { readonly source: "pasl" | "cache" };

type Finished = CachedMask & Required<Pick<CachedMask, "id" | "expires_at">>;

/**
 * The finished mask of prompts on a photo: from the cache if R2 still has it, otherwise located now. The same prompts
 * in another order share a mask, and so do concurrent requests for it. It is erased together with the photo.
 * @throws Refusal as `locate`; `not_found` if the photo is erased in the meantime
 */
export async function findMask(
  env: Env,
  caller: Caller,
  photo: ImageRow,
  prompts: readonly string[],
  { face, ...options }: MaskOptions & { readonly face?: FaceChoice | undefined },
): Promise<FinishedMask> {
  const settings = settingsOf(env);
  const cache = openMaskCache(settings);
  const [located, finished] = await Promise.all([
    maskKey(settings, caller.id, photo.sha256, prompts, { face }),
    maskKey(settings, caller.id, photo.sha256, prompts, { face, options }),
  ]);
  const known = await cache.get(finished, prompts);
  if (isFinished(known) && Date.now() < known.expires_at && (await env.IMAGES.head(known.key)) !== null)
    return { ...known, source: "cache" };

  const { account } = caller;
  const begun = await account.beginLocating(finished, PATIENCE_MS);
  if (begun.state === "found" && isFinished(begun.mask))
    return { ...begun.mask, regions: inOrder(begun.mask.regions, prompts), source: "cache" };
  if (begun.state === "over")
    return inTurn(env, caller, { photo, prompts, face, options, located, finished });
  let mask: FinishedMask | null = null;
  try {
    mask = await inTurn(env, caller, { photo, prompts, face, options, located, finished });
    return mask;
  } finally {
    await account.endLocating(finished, mask);
  }
}

interface Wanted {
  readonly photo: ImageRow;
  readonly prompts: readonly string[];
  readonly face: FaceChoice | undefined;
  readonly options: MaskOptions;
  /** Cache names of the located and of the finished mask. */
  readonly located: string;
  readonly finished: string;
}

/** Number of masks that a token may have located per edit that it may make. */
const MASKS_A_USE = 4;

/**
 * Has a mask located when it is the account's turn. @throws Refusal as `locate`, and for callers that may not locate
 */
async function inTurn(env: Env, caller: Caller, wanted: Wanted): Promise<FinishedMask> {
  const { account, key, permit } = caller;
  const who = permit === undefined ? key.id : `token:${permit.claims.jti}`;
  const max = permit?.use.max ?? null;
  const token = permit && { ...permit.use, id: `${permit.use.id} masks`, max: max && max * MASKS_A_USE };
  const own = { who, limit: key.limits.edits, edits: 1 };
  const turn = await account.takeMaskTurn({ own, token: token ?? null }, PATIENCE_MS);
  if (turn.outcome !== "turn") throw refusedTurn(turn);
  const began = Date.now();
  try {
    return await locateMask(env, caller, wanted);
  } finally {
    await account.endMaskTurn(Date.now() - began);
  }
}

function refusedTurn(turn: Exclude<MaskTurn, { outcome: "turn" }>): Refusal {
  switch (turn.outcome) {
    case "over_limit":
      return overLimit(turn.quota);
    case "no_credits":
      return new Refusal("insufficient_credits", "masks are free, but need an account with credits");
    case "token_used_up":
      return usedUp();
    case "no_turn":
      return new Refusal("gpu_unavailable", "other masks of this account come first; try again soon", {
        headers: { "Retry-After": String(RETRY_AFTER_SECONDS) },
      });
  }
}

/** Has a mask located, and remembers it for as long as its photo. */
async function locateMask(
  env: Env,
  caller: Caller,
  { photo, prompts, face, options, located, finished }: Wanted,
): Promise<FinishedMask> {
  const settings = settingsOf(env);
  const cache = openMaskCache(settings);
  const id = newId("img");
  const masks = [
    { cacheKey: located, object: locatedObject(caller.id, located), image: null },
    { cacheKey: finished, object: finishedObject(caller.id, located, finished), image: id },
  ];
  const writableUntil = Date.now() + TRANSFER_SECONDS * 1000;
  const expiresAt = await caller.account.expectMasks(photo.id, masks, writableUntil);
  if (expiresAt === null) throw notFound("image");

  const put = async (key: string) => ({
    key,
    url: await writeUrl(settings, key, TRANSFER_SECONDS, MASK_BYTES),
  });
  const [tenant, photoUrl, putMask, putLocated] = await Promise.all([
    sign(settings.signingSecrets, "tenant", caller.id),
    readUrl(settings, photo.key, photo.expiresAt, "gpu"),
    put(finishedObject(caller.id, located, finished)),
    put(locatedObject(caller.id, located)),
  ]);
  const answer = await locate(settings, {
    request_id: `mask-${crypto.randomUUID()}`,
    attempt: 1,
    tenant,
    model: settings.MODEL,
    photo: { url: photoUrl, sha256: photo.sha256 },
    locate: [...prompts],
    mask_options: options,
    ...(face !== undefined && { face }),
    put: { mask: putMask, located: putLocated },
  });

  const { coverage, regions, faces, fusion } = answer;
  const row = { ...imageRow(env, { id, ...factsOf(answer.mask) }), expiresAt };
  if (!(await caller.account.addMask(row))) throw notFound("image");
  const seconds = (expiresAt - Date.now()) / 1000;
  const { key, sha256, width, height } = row;
  const mask = { id, key, sha256, width, height, expires_at: expiresAt, coverage, regions, faces, fusion };
  await Promise.all([
    cache.set(finished, mask, seconds),
    answer.located && cache.set(located, { ...factsOf(answer.located), coverage, regions }, seconds),
  ]);
  return { ...mask, source: "pasl" };
}

/** The object in a mask's event, in the field names of an image's row. */
const factsOf = ({ key, sha256, bytes, width, height, content_type: contentType }: Written) => ({
  key,
  sha256,
  bytes,
  width,
  height,
  contentType,
});

const isFinished = (mask: CachedMask | null): mask is Finished =>
  mask?.id !== undefined && mask.expires_at !== undefined;
