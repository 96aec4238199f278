import { newId } from "../../../shared/ids.ts";
import { MODELS } from "../../../shared/models.ts";
import { priceOf } from "../../../shared/price.ts";
import type { Schedule } from "../../../shared/schedule.ts";
import type { EditRow, ImageRow } from "../account/contract.ts";
import type { Caller } from "../context.ts";
import type { Env } from "../env.ts";
import { settingsOf } from "../env.ts";
import type { Upload } from "../images/store.ts";
import { invalid, Refusal } from "../problem.ts";
import { refuseBeyond } from "../tokens/limits.ts";
import { refuseUsedUp, usedUp } from "../tokens/permit.ts";
import { refuseTarget } from "../webhooks/target.ts";
import { type GivenPicture, knownPicture, refuseOtherSize, storedPicture } from "./pictures.ts";
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

/**
 * Accepts an edit: looks its pictures up, stores those that came along, then hold, edit and idempotency record in one
 * transaction of the account. Whatever can be known to be wrong is refused before.
 * @throws Refusal `not_found`, `invalid_request`, `insufficient_credits`, `forbidden` beyond what a token allows
 */
export async function createEdit(
  env: Env,
  caller: Caller,
  { request, schedule, preset, image, mask }: EditOrder,
  idempotencyKey: string | null,
): Promise<EditRow> {
  const settings = settingsOf(env);
  refuseWebhook(request.webhook_url, settings.ALLOW_PRIVATE_WEBHOOKS);
  const model = MODELS[settings.MODEL];
  const credits = priceOf(schedule, model);
  const { permit } = caller;
  if (permit !== undefined) {
    refuseUsedUp(permit);
    await refuseBeyond(permit.claims, {
      image: "id" in image ? image.id : null,
      prompt: request.prompt,
      preset,
      credits,
      webhookUrl: request.webhook_url,
    });
  }
  const [photo, region] = await Promise.all([
    knownPicture(caller, image),
    mask && knownPicture(caller, mask),
  ]);
  if (region !== null) refuseOtherSize(region, photo);
  if (isNew(photo) || isNew(region)) await refusePoor(caller, credits);
  const [photoRow, maskRow] = await Promise.all([
    storedPicture(env, caller, photo),
    region && storedPicture(env, caller, region),
  ]);
  const { webhook_url = null, ...rest } = request;
  const outcome = await caller.account.createEdit({
    id: newId("edit"),
    input: {
      ...rest,
      webhook_url,
      schedule,
      image: photoOf(photoRow),
      mask: maskRow === null ? "auto" : maskOf(maskRow),
      inline: [isNew(photo) ? photoRow : null, isNew(region) ? maskRow : null].flatMap(
        (row) => row?.id ?? [],
      ),
    },
    credits,
    model: { id: model.id, version: model.version },
    idempotencyKey,
    ...(permit && { token: permit.use }),
  });
  if (outcome.outcome === "token_used_up") throw usedUp();
  if (outcome.outcome === "insufficient_credits") throw poor(credits, outcome.balance);
  return outcome.edit;
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
