import type { Id } from "../../../../shared/ids.ts";
import type { AccountRoom } from "../../limits/account-room.ts";
import type { CreateOutcome, EditInput, EditRow, NewEdit, Refused, Unseen } from "../contract/edits.ts";
import type { Size } from "../contract/images.ts";
import type { OwnEdits } from "../contract/limits.ts";
import type { Tables } from "../tables/tables.ts";
import { LEDGER } from "./due.ts";
import type { Edits } from "./edits.ts";
import { KEPT_MS, stateOf } from "./idempotency.ts";
import type { Rates } from "./rates.ts";

/** Status of the stored answer of a POST that created an edit. */
const ACCEPTED = 202;

/** What accepting an edit works on. */
interface Context {
  readonly tables: Tables;
  readonly edits: Edits;
  readonly room: AccountRoom;
  /** Null if the edits are counted already. */
  readonly rates: Rates | null;
}

/**
 * Accepts an edit: checks its idempotency key, its pictures, a use of its token, its credits and the room for it, in
 * this order. A refusal changes nothing, nor does an edit that must be looked at first. Must be called inside a
 * transaction.
 * @param retentionMs how long its content is kept
 */
export function acceptEdit(context: Context, edit: NewEdit, retentionMs: number, now: number): CreateOutcome {
  const { tables, edits } = context;
  const { ledger, due, idempotency, tokenUses } = tables;
  const { idempotencyKey: key, fingerprint, token } = edit;
  const record = key === null ? null : idempotency.find(key);
  if (fingerprint !== undefined) {
    const known = stateOf(record, fingerprint, now);
    if (known.state !== "new") return { outcome: "known", known };
  } else {
    const answer = record?.answer?.value as { edit?: Id<"edit"> } | undefined;
    const made = edits.stored(answer?.edit ?? edit.id);
    if (made !== null) return { outcome: "created", edit: made };
  }

  const input = lookedUp(tables, edit, now);
  if ("outcome" in input) return input;
  if (token !== undefined && !tokenUses.has(token)) {
    const joined = token.joins === true ? edits.madeWith(token.id, now) : null;
    return joined === null ? { outcome: "token_used_up" } : { outcome: "created", edit: joined };
  }
  const refused = refusalOf(context, edit, now);
  if (refused !== null) return refused;
  if (edit.unseen) return unseen([edit], input);
  const quota = context.rates?.edits(1, edit.own, now) ?? null;
  if (quota !== null) return { outcome: "over_limit", quota };
  if (!ledger.hold(edit.id, edit.credits, now)) throw new Error("credits are gone that were just there");

  const accepted = edits.accept({ ...edit, input }, now + retentionMs, now);
  due.setIfAbsent(LEDGER, now + KEPT_MS);
  if (token !== undefined) tokenUses.take(token, now);
  if (key !== null) {
    const answer = { edit: edit.id };
    if (fingerprint === undefined) idempotency.complete(key, ACCEPTED, answer, null);
    else {
      idempotency.answer(key, fingerprint, ACCEPTED, answer, now);
      due.setIfAbsent("idempotency", now + KEPT_MS);
    }
  }
  return { outcome: "created", edit: accepted };
}

/**
 * Refuses for too few credits, then for the limit of unfinished edits, then for GPUs that would be too late. Null if
 * accepted.
 * @param credits total of all wanted edits
 */
export function refusalOf(
  { tables, room }: Pick<Context, "tables" | "room">,
  { credits, overrunMs = null }: Pick<NewEdit, "credits" | "overrunMs">,
  now: number,
  wanted = 1,
): Refused | null {
  const { available: balance } = tables.ledger.totals();
  if (balance < credits) return { outcome: "insufficient_credits", balance };
  const { count: unfinished, until } = tables.waiting.unfinished();
  const pace = unfinished < room.limit ? null : tables.waiting.msPerCredit();
  const msPerEdit = pace === null ? null : (pace * credits) / wanted;
  const retryAfterSeconds = room.retryAfter({ unfinished, until, msPerEdit }, wanted, now);
  if (retryAfterSeconds !== null) return { outcome: "no_room", limit: room.limit, retryAfterSeconds };
  return overrunMs === null ? null : { outcome: "too_late", overrunMs };
}

/** Aborts a transaction in which not every edit was accepted. */
export class NotAcceptedError extends Error {
  override name = "NotAcceptedError";
  readonly refused: Refused;

  constructor(refused: Refused) {
    super(`not accepted: ${refused.outcome}`);
    this.refused = refused;
  }
}

interface AllOptions {
  readonly idempotencyKey: string | null;
  readonly retentionMs: number;
  readonly own: OwnEdits | undefined;
}

/**
 * Accepts all edits of one photo, or none. Must be called inside a transaction, which its error aborts.
 * @returns their rows, or those that must be looked at first
 * @throws NotAcceptedError
 */
export function acceptAll(
  context: Context,
  given: readonly NewEdit[],
  { idempotencyKey, retentionMs, own }: AllOptions,
  now: number,
): EditRow[] | Unseen {
  const credits = given.reduce((sum, edit) => sum + edit.credits, 0);
  const refused = refusalOf(context, { credits, overrunMs: given[0]?.overrunMs ?? null }, now, given.length);
  if (refused !== null) throw new NotAcceptedError(refused);
  const [first, ...others] = given.filter((edit) => edit.unseen);
  if (first !== undefined) {
    const input = lookedUp(context.tables, first, now);
    if ("outcome" in input) throw new NotAcceptedError(input);
    return unseen([first, ...others], input);
  }
  const quota = context.rates?.edits(given.length, own, now) ?? null;
  if (quota !== null) throw new NotAcceptedError({ outcome: "over_limit", quota });
  const edits = given.map((edit) => {
    const created = acceptEdit({ ...context, rates: null }, edit, retentionMs, now);
    if (created.outcome === "created") return created.edit;
    if (created.outcome === "known") throw new Error("an alternative has an idempotency key of its own");
    if (created.outcome === "unseen") throw new Error("an alternative is unseen that was not before");
    throw new NotAcceptedError(created);
  });
  if (idempotencyKey !== null)
    context.tables.idempotency.complete(idempotencyKey, ACCEPTED, { edits: edits.map(({ id }) => id) }, null);
  return edits;
}

const unseen = (edits: readonly NewEdit[], { image, mask }: EditInput): Unseen => ({
  outcome: "unseen",
  edits: edits.map(({ id }) => id),
  photo: mask === "auto" ? image : null,
});

/** The input with image rows in place of picture ids. A mask must match the photo pixel by pixel. */
function lookedUp(
  { images, masks }: Tables,
  { input, boundTo }: Pick<NewEdit, "input" | "boundTo">,
  now: number,
): EditInput | Refused {
  const find = (id: Id<"img">) => {
    const row = images.find(id);
    return row !== null && now < row.expiresAt ? row : null;
  };
  const { image, mask } = input;
  const photo = typeof image === "string" ? find(image) : image;
  if (photo === null) return { outcome: "image_unknown" };
  const { id, key, sha256, width, height } = photo;
  const known = { id, key, sha256, width, height };
  if (mask === "auto" || typeof mask !== "string") return { ...input, image: known, mask };
  const region = find(mask);
  if (region === null) return { outcome: "image_unknown" };
  if (boundTo !== undefined && !masks.wasMadeFrom(mask, sha256)) return { outcome: "mask_foreign" };
  if (region.width !== width || region.height !== height)
    return { outcome: "mask_size", mask: sizeOf(region), image: sizeOf(photo) };
  return { ...input, image: known, mask: { id: region.id, key: region.key, sha256: region.sha256 } };
}

const sizeOf = ({ width, height }: Size): Size => ({ width, height });
