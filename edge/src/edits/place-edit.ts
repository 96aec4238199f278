import { newId } from "../../../shared/ids.ts";
import { MODELS } from "../../../shared/models.ts";
import { priceOf } from "../../../shared/price.ts";
import type { CreateOutcome, EditRow, NewEdit } from "../account/contract/edits.ts";
import type { OwnEdits } from "../account/contract/limits.ts";
import type { Asker, Caller } from "../context.ts";
import type { Env } from "../env.ts";
import { settingsOf } from "../env.ts";
import { overrunOf } from "../limits/admission.ts";
import type { IdempotencyClaim, KnownBefore } from "../middleware/idempotency.ts";
import { refuseWords } from "../moderation/refuse.ts";
import { invalid } from "../problem.ts";
import { refuseBeyond } from "../tokens/limits.ts";
import { refuseTarget } from "../webhooks/target.ts";
import { isLookedAt, refusedAtSight } from "./first-look.ts";
import { notAccepted } from "./not-accepted.ts";
import { type EditOrder, isNamed, type Load, type NamedOrder } from "./order.ts";
import { namesOf, type Pictures, storedPictures } from "./order-pictures.ts";

interface Placing {
  readonly own?: OwnEdits;
  readonly create?: (edit: NewEdit) => Promise<CreateOutcome>;
}

/**
 * Accepts an edit: stores the pictures that were sent along, then writes idempotency record, hold and edit in one
 * transaction of the account. Whatever is known to be wrong is refused before credits are held.
 * @param claim of the idempotency key; if the order `isNamed` the transaction makes it, otherwise it already exists
 * @param own edits that count for its key on acceptance, if they were not counted with the request
 * @param create asks the account; by default the asker's account, on its own
 * @throws Refusal `not_found`, `invalid_request`, `insufficient_credits`, `forbidden` for what a token does not allow
 */
export async function placeEdit(
  env: Env,
  asker: Asker,
  order: EditOrder,
  claim: IdempotencyClaim | null,
  { own, create = (edit) => asker.account.createEdit(edit) }: Placing = {},
): Promise<EditRow | KnownBefore> {
  const credits = await priceWithin(env, asker, order);
  const overrunMs = await overrunOf(settingsOf(env), asker.id, credits, order.request.deadline_ms);
  const load = { credits, overrunMs };
  const named = isNamed(order);
  const pictures = named ? namesOf(order) : await storedPictures(env, asker, order, load);
  const edit: NewEdit = {
    ...newEdit(env, asker, order, pictures, load),
    idempotencyKey: claim?.key ?? null,
    ...(own && { own }),
    ...(claim !== null && named && { fingerprint: claim.fingerprint }),
  };
  let outcome = await create({ ...edit, unseen: isLookedAt(asker) });
  if (outcome.outcome === "unseen") {
    const refusal = await refusedAtSight(env, order.request, outcome.photo);
    if (refusal !== null) {
      await Promise.all((pictures.inline ?? []).map((id) => asker.account.eraseImage(id)));
      const known = named && claim !== null ? await knownBefore(asker, claim) : null;
      if (known !== null) return known;
      throw refusal;
    }
    outcome = await create(edit);
  }
  if (outcome.outcome === "known") return { known: outcome.known };
  if (outcome.outcome === "created") return outcome.edit;
  if (outcome.outcome === "unseen") throw new Error("an edit is unseen that was looked at");
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
  const edits = priced.map(({ order, credits }) =>
    newEdit(env, caller, order, namesOf(order), { credits, overrunMs }),
  );
  const create = (unseen: boolean) =>
    caller.account.createEdits(
      edits.map((edit) => ({ ...edit, unseen })),
      claim?.key ?? null,
      ownEdits(caller, orders.length - 1),
    );
  let outcome = await create(isLookedAt(caller));
  if (outcome.outcome === "unseen") {
    const { edits: unseen, photo } = outcome;
    const looked = edits.filter(({ id }) => unseen.includes(id));
    const refusals = await Promise.all(looked.map(({ input }) => refusedAtSight(env, input, photo)));
    const refusal = refusals.find((refusal) => refusal !== null);
    if (refusal) throw refusal;
    outcome = await create(false);
  }
  if (outcome.outcome === "all_created") return outcome.edits;
  if (outcome.outcome === "unseen") throw new Error("edits are unseen that were looked at");
  throw notAccepted(settingsOf(env), outcome, sum);
}

/** The price of an order. @throws Refusal if a policy, its webhook or its token does not allow it */
async function priceWithin(env: Env, { permit }: Asker, order: EditOrder): Promise<number> {
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

/** What is known about a key that the account claims itself: an accepted edit is not refused afterwards. */
async function knownBefore({ account }: Asker, claim: IdempotencyClaim): Promise<KnownBefore | null> {
  const known = await account.beginIdempotent(claim);
  if (known.state !== "new") return { known };
  await account.releaseIdempotent(claim.key);
  return null;
}

function newEdit(
  env: Env,
  { permit }: Asker,
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

/** @throws Refusal `invalid_request` if webhooks may not be sent to this address */
function refuseWebhook(url: string | undefined, allowPrivate: boolean): void {
  const reason = url === undefined ? null : refuseTarget(url, { allowPrivate });
  if (reason !== null) throw invalid("webhook_url", reason);
}
