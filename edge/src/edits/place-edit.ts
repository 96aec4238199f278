import { type Id, newId } from "../../../shared/ids.ts";
import { MODELS } from "../../../shared/models.ts";
import { priceOf } from "../../../shared/price.ts";
import type { Schedule } from "../../../shared/schedule.ts";
import type { EditRow, NewEdit, Refused } from "../account/contract/edits.ts";
import type { ImageRow } from "../account/contract/images.ts";
import type { OwnEdits } from "../account/contract/limits.ts";
import type { Caller } from "../context.ts";
import type { Env } from "../env.ts";
import { type Settings, settingsOf } from "../env.ts";
import type { Upload } from "../images/store.ts";
import { busyUntil, overrunOf } from "../limits/admission.ts";
import type { IdempotencyClaim, KnownBefore } from "../middleware/idempotency.ts";
import { overLimit } from "../middleware/quota.ts";
import { refuseWords } from "../moderation/refuse.ts";
import { invalid, notFound, Refusal } from "../problem.ts";
import { refuseBeyond } from "../tokens/limits.ts";
import { refuseUsedUp, usedUp } from "../tokens/uses.ts";
import { refuseTarget } from "../webhooks/target.ts";
import { refusedAtSight, type Sight } from "./first-look.ts";
import {
  type GivenPicture,
  knownPicture,
  otherSize,
  refuseOtherSize,
  storedPicture,
} from "./given-picture.ts";
import type { EditRequest } from "./request.ts";

/** A request whose schedule is resolved and whose pictures are read. */
export interface EditOrder {
  readonly request: Omit<EditRequest, "image" | "mask" | "schedule">;
  readonly schedule: Schedule;
  /** Its preset; null for the client's own schedule. */
  readonly preset: string | null;
  readonly image: GivenPicture;
  /** Null if PASL locates it. */
  readonly mask: GivenPicture | null;
}

type Named = { readonly id: Id<"img"> };

/** An order whose pictures are all uploaded ones. */
export type NamedOrder = EditOrder & { readonly image: Named; readonly mask: Named | null };

/** Whether its pictures are all given by id: the account then looks them up itself. */
export const isNamed = (order: EditOrder): order is NamedOrder =>
  "id" in order.image && (order.mask === null || "id" in order.mask);

/**
 * Accepts an edit: stores the pictures that were sent along, then writes idempotency record, hold and edit in one
 * transaction of the account. Whatever is known to be wrong is refused before credits are held.
 * @param claim of the idempotency key; if the order `isNamed` the transaction makes it, otherwise it already exists
 * @param own edits that count for its key on acceptance, if they were not counted with the request
 * @throws Refusal `not_found`, `invalid_request`, `insufficient_credits`, `forbidden` for what a token does not allow
 */
export async function placeEdit(
  env: Env,
  caller: Caller,
  order: EditOrder,
  claim: IdempotencyClaim | null,
  own?: OwnEdits,
): Promise<EditRow | KnownBefore> {
  const credits = await priceWithin(env, caller, order);
  const overrunMs = await overrunOf(settingsOf(env), caller.id, credits, order.request.deadline_ms);
  const load = { credits, overrunMs };
  const named = isNamed(order);
  const pictures = named ? namesOf(order) : await storedPictures(env, caller, order, load);
  const refusal = await refusedAtSight(env, caller, sightOf(order, pictures, load));
  if (refusal !== null) {
    await Promise.all((pictures.inline ?? []).map((id) => caller.account.eraseImage(id)));
    const known = named && claim !== null ? await knownBefore(caller, claim) : null;
    if (known !== null) return known;
    throw refusal;
  }
  const outcome = await caller.account.createEdit({
    ...newEdit(env, caller, order, pictures, load),
    idempotencyKey: claim?.key ?? null,
    ...(own && { own }),
    ...(claim !== null && named && { fingerprint: claim.fingerprint }),
  });
  if (outcome.outcome === "known") return { known: outcome.known };
  if (outcome.outcome === "created") return outcome.edit;
  throw notAccepted(settingsOf(env), outcome, credits);
}

/**
 * Accepts several edits of uploaded pictures, or none of them, in one transaction.
 * @param claim of the idempotency key, already made
 * @throws Refusal as `placeEdit`
 */
export async function placeEdits(
  env: Env,
  caller: Caller,
  orders: readonly NamedOrder[],
  claim: IdempotencyClaim | null,
): Promise<readonly EditRow[]> {
  const priced = await Promise.all(
    orders.map(async (order) => ({ order, credits: await priceWithin(env, caller, order) })),
  );
  const sum = priced.reduce((total, { credits }) => total + credits, 0);
  const deadline = Math.min(...orders.map(({ request }) => request.deadline_ms));
  const overrunMs = await overrunOf(settingsOf(env), caller.id, sum, deadline);
  const refusals = await Promise.all(
    priced.map(({ order, credits }) =>
      refusedAtSight(env, caller, sightOf(order, namesOf(order), { credits, overrunMs })),
    ),
  );
  const refusal = refusals.find((refusal) => refusal !== null);
  if (refusal) throw refusal;
  const edits = priced.map(({ order, credits }) =>
    newEdit(env, caller, order, namesOf(order), { credits, overrunMs }),
  );
  const outcome = await caller.account.createEdits(
    edits,
    claim?.key ?? null,
    ownEdits(caller, orders.length - 1),
  );
  if (outcome.outcome === "all_created") return outcome.edits;
  throw notAccepted(settingsOf(env), outcome, sum);
}

/** The price of an order. @throws Refusal if a policy, its webhook or its token does not allow it */
async function priceWithin(env: Env, { permit }: Caller, order: EditOrder): Promise<number> {
  const { request, schedule, preset, image } = order;
  const settings = settingsOf(env);
  refuseWebhook(request.webhook_url, settings.ALLOW_PRIVATE_WEBHOOKS);
  await refuseWords(settings, [request.prompt, request.source_prompt]);
  const credits = priceOf(schedule, MODELS[settings.MODEL]);
  if (permit !== undefined) {
    await refuseBeyond(permit.claims, {
      image: "id" in image ? image.id : null,
      prompt: request.prompt,
      preset,
      credits,
      webhookUrl: request.webhook_url,
    });
  }
  return credits;
}

/** The price of an edit, and how late the backlog would make it. */
type Load = Pick<NewEdit, "credits" | "overrunMs">;

const sightOf = ({ request }: EditOrder, { image, mask }: Pictures, load: Load): Sight => ({
  request,
  photo: mask !== "auto" ? null : typeof image === "string" ? image : image.id,
  load,
});

/** What is known about a key that the account claims itself: an accepted edit is not refused afterwards. */
async function knownBefore({ account }: Caller, claim: IdempotencyClaim): Promise<KnownBefore | null> {
  const known = await account.beginIdempotent(claim);
  if (known.state !== "new") return { known };
  await account.releaseIdempotent(claim.key);
  return null;
}

type Pictures = Pick<NewEdit["input"], "image" | "mask" | "inline">;

const namesOf = ({ image, mask }: NamedOrder): Pictures => ({
  image: image.id,
  mask: mask?.id ?? ("auto" as const),
  inline: [],
});

function newEdit(
  env: Env,
  { permit }: Caller,
  { request, schedule }: EditOrder,
  pictures: Pictures,
  load: Load,
): NewEdit {
  const { id, version } = MODELS[settingsOf(env).MODEL];
  const { webhook_url = null, ...rest } = request;
  return {
    id: newId("edit"),
    input: { ...rest, ...pictures, webhook_url, schedule },
    ...load,
    model: { id, version },
    idempotencyKey: null,
    ...(permit && { token: permit.use }),
    ...(permit?.claims.act === "edit" && permit.claims.img && { boundTo: permit.claims.img }),
  };
}

/** Edits of a key or token in addition to the first, which was counted with the request. */
const ownEdits = ({ key, permit }: Caller, edits: number): OwnEdits => ({
  who: permit === undefined ? key.id : `token:${permit.claims.jti}`,
  limit: key.limits.edits,
  edits,
});

/** Why the account did not accept it. */
function notAccepted(settings: Settings, refused: Refused, credits: number): Refusal {
  switch (refused.outcome) {
    case "no_room":
      return new Refusal("rate_limited", `${refused.limit} edits of this account wait or run, no more`, {
        headers: { "Retry-After": String(refused.retryAfterSeconds) },
      });
    case "over_limit":
      return overLimit(refused.quota);
    case "too_late":
      return busyUntil(settings, refused.overrunMs, credits);
    case "image_unknown":
      return notFound("image");
    case "mask_foreign":
      return new Refusal("forbidden", "this token allows masks made from its own image, or sent along");
    case "mask_size":
      return otherSize(refused.mask, refused.image);
    case "token_used_up":
      return usedUp();
    case "insufficient_credits":
      return poor(credits, refused.balance);
  }
}

/** Stores the pictures that were sent along if the order can be accepted; the account then decides for good. */
async function storedPictures(
  env: Env,
  caller: Caller,
  { image, mask }: EditOrder,
  load: Load,
): Promise<Pictures> {
  if (caller.permit !== undefined) refuseUsedUp(caller.permit);
  const [photo, region] = await Promise.all([
    knownPicture(env, caller, image),
    mask && knownPicture(env, caller, mask),
  ]);
  if (region !== null) refuseOtherSize(region, photo);
  const refused = await caller.account.refusalOf(load);
  if (refused !== null) throw notAccepted(settingsOf(env), refused, load.credits);
  const [photoRow, maskRow] = await Promise.all([
    storedPicture(env, caller, photo),
    region && storedPicture(env, caller, region),
  ]);
  const inline = [isNew(photo) ? photoRow : null, isNew(region) ? maskRow : null];
  return {
    image: photoOf(photoRow),
    mask: maskRow === null ? "auto" : maskOf(maskRow),
    inline: inline.flatMap((row) => row?.id ?? []),
  };
}

/** @throws Refusal `invalid_request` if webhooks may not be sent to this address */
function refuseWebhook(url: string | undefined, allowPrivate: boolean): void {
  const reason = url === undefined ? null : refuseTarget(url, { allowPrivate });
  if (reason !== null) throw invalid("webhook_url", reason);
}

const isNew = (picture: ImageRow | Upload | null) => picture !== null && !("id" in picture);

const poor = (credits: number, balance: number) =>
  new Refusal("insufficient_credits", `this costs ${credits} credits; ${balance} are left`);

const photoOf = ({ id, key, sha256, width, height }: ImageRow) => ({ id, key, sha256, width, height });

const maskOf = ({ id, key, sha256 }: ImageRow) => ({ id, key, sha256 });
