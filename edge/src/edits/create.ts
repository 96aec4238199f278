import { type Id, newId } from "../../../shared/ids.ts";
import { MODELS } from "../../../shared/models.ts";
import { priceOf } from "../../../shared/price.ts";
import type { Schedule } from "../../../shared/schedule.ts";
import type { CreateOutcome, EditRow, ImageRow, NewEdit } from "../account/contract.ts";
import type { Caller } from "../context.ts";
import type { Env } from "../env.ts";
import { settingsOf } from "../env.ts";
import type { Upload } from "../images/store.ts";
import type { IdempotencyClaim, KnownBefore } from "../middleware/idempotency.ts";
import { invalid, notFound, Refusal } from "../problem.ts";
import { refuseBeyond } from "../tokens/limits.ts";
import { refuseUsedUp, usedUp } from "../tokens/permit.ts";
import { refuseTarget } from "../webhooks/target.ts";
import { type GivenPicture, knownPicture, otherSize, refuseOtherSize, storedPicture } from "./pictures.ts";
import type { EditRequest } from "./request.ts";

/** A request whose schedule is resolved and whose pictures are read. */
export interface EditOrder {
  readonly request: Omit<EditRequest, "image" | "mask" | "schedule">;
  readonly schedule: Schedule;
  /** The preset that it is; null for one of the client's own. */
  readonly preset: string | null;
  readonly image: GivenPicture;
  /** Null where PASL locates it. */
  readonly mask: GivenPicture | null;
}

type Named = { readonly id: Id<"img"> };

/** Whether its pictures are all named by their ids: the account then looks them up itself. */
export const isNamed = (order: EditOrder): order is EditOrder & { image: Named; mask: Named | null } =>
  "id" in order.image && (order.mask === null || "id" in order.mask);

/**
 * Accepts an edit: stores the pictures that came along, then idempotency record, look-up, hold and edit in one
 * transaction of the account. Whatever can be known to be wrong is refused before anything is stored.
 * @param claim of the idempotency key; the transaction makes it where the order `isNamed`, else it is made already
 * @throws Refusal `not_found`, `invalid_request`, `insufficient_credits`, `forbidden` beyond what a token allows
 */
export async function createEdit(
  env: Env,
  caller: Caller,
  order: EditOrder,
  claim: IdempotencyClaim | null,
): Promise<EditRow | KnownBefore> {
  const { request, schedule, preset, image } = order;
  const settings = settingsOf(env);
  refuseWebhook(request.webhook_url, settings.ALLOW_PRIVATE_WEBHOOKS);
  const model = MODELS[settings.MODEL];
  const credits = priceOf(schedule, model);
  const { permit } = caller;
  if (permit !== undefined) {
    await refuseBeyond(permit.claims, {
      image: "id" in image ? image.id : null,
      prompt: request.prompt,
      preset,
      credits,
      webhookUrl: request.webhook_url,
    });
  }
  const pictures = isNamed(order)
    ? { image: order.image.id, mask: order.mask?.id ?? ("auto" as const), inline: [] }
    : await storedPictures(env, caller, order, credits);
  const { webhook_url = null, ...rest } = request;
  const outcome = await caller.account.createEdit({
    id: newId("edit"),
    input: { ...rest, ...pictures, webhook_url, schedule },
    credits,
    model: { id: model.id, version: model.version },
    idempotencyKey: claim?.key ?? null,
    ...(claim !== null && isNamed(order) && { fingerprint: claim.fingerprint }),
    ...(permit && { token: permit.use }),
  });
  if (outcome.outcome === "known") return { known: outcome.known };
  return editOf(outcome, credits);
}

/** @throws Refusal what kept the account from accepting it */
function editOf(outcome: Exclude<CreateOutcome, { outcome: "known" }>, credits: number): EditRow {
  switch (outcome.outcome) {
    case "created":
      return outcome.edit;
    case "image_unknown":
      throw notFound("image");
    case "mask_size":
      throw otherSize(outcome.mask, outcome.image);
    case "token_used_up":
      throw usedUp();
    case "insufficient_credits":
      throw poor(credits, outcome.balance);
  }
}

type Pictures = Pick<NewEdit["input"], "image" | "mask" | "inline">;

/** Stores the pictures that came along, once it is clear that the order can be accepted. */
async function storedPictures(
  env: Env,
  caller: Caller,
  { image, mask }: EditOrder,
  credits: number,
): Promise<Pictures> {
  if (caller.permit !== undefined) refuseUsedUp(caller.permit);
  const [photo, region] = await Promise.all([
    knownPicture(caller, image),
    mask && knownPicture(caller, mask),
  ]);
  if (region !== null) refuseOtherSize(region, photo);
  await refusePoor(caller, credits);
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

/** @throws Refusal `invalid_request` where no webhook may go to this address */
function refuseWebhook(url: string | undefined, allowPrivate: boolean): void {
  const reason = url === undefined ? null : refuseTarget(url, { allowPrivate });
  if (reason !== null) throw invalid("webhook_url", reason);
}

const isNew = (picture: ImageRow | Upload | null) => picture !== null && !("id" in picture);

/** Nothing is stored for an account that cannot pay; the hold decides, this only spares the bytes. */
async function refusePoor(caller: Caller, credits: number): Promise<void> {
  const summary = await caller.account.summary();
  if (summary !== null && summary.balance < credits) throw poor(credits, summary.balance);
}

const poor = (credits: number, balance: number) =>
  new Refusal("insufficient_credits", `this edit costs ${credits} credits; ${balance} are left`);

const photoOf = ({ id, key, sha256, width, height }: ImageRow) => ({ id, key, sha256, width, height });

const maskOf = ({ id, key, sha256 }: ImageRow) => ({ id, key, sha256 });
