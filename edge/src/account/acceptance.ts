import type { Id } from "../../../shared/ids.ts";
import type * as contract from "./contract.ts";
import type { StoredEdit } from "./edit-table.ts";
import type { Edits } from "./edits.ts";
import { KEPT_MS, stateOf } from "./idempotency.ts";
import * as life from "./lifecycle.ts";
import type { Tables } from "./tables.ts";

/** Status of the answer kept for a POST that created an edit. */
const ACCEPTED = 202;

/** What accepting an edit came to; `sends` says whether the queue is to have a message. */
export interface Acceptance {
  readonly created: contract.CreateOutcome;
  readonly sends: boolean;
}

const refused = (created: contract.CreateOutcome): Acceptance => ({ created, sends: false });

/**
 * Accepts an edit: its idempotency key, its pictures, a use of its token and its credits are looked at in this order,
 * and what refuses it leaves everything as it was. Belongs inside a transaction.
 * @param retentionMs how long its content is kept
 */
export function acceptEdit(
  { tables, edits }: { readonly tables: Tables; readonly edits: Edits },
  edit: contract.NewEdit,
  retentionMs: number,
  now: number,
): Acceptance {
  const { ledger, events, due, idempotency, tokenUses } = tables;
  const { idempotencyKey: key, fingerprint, token } = edit;
  const record = key === null ? null : idempotency.find(key);
  if (fingerprint !== undefined) {
    const known = stateOf(record, fingerprint, now);
    if (known.state !== "new") return refused({ outcome: "known", known });
  }
  const made = edits.stored((record?.answer?.value as { edit?: Id<"edit"> } | undefined)?.edit ?? edit.id);
  if (made !== null && fingerprint === undefined) return refused({ outcome: "created", edit: made });

  const input = lookedUp(tables, edit.input, now);
  if ("outcome" in input) return refused(input);
  if (token !== undefined && !tokenUses.has(token)) {
    const joined = token.joins === true ? edits.madeWith(token.id, now) : null;
    return refused(joined === null ? { outcome: "token_used_up" } : { outcome: "created", edit: joined });
  }
  if (!ledger.hold(edit.id, edit.credits, now))
    return refused({ outcome: "insufficient_credits", balance: ledger.totals().available });

  const job = life.accepted(now, input.deadline_ms, now + retentionMs);
  tables.edits.add({ ...edit, input }, job, now);
  events.begin(edit.id, "queued");
  if (token !== undefined) tokenUses.take(token, now);
  due.set(edit.id, life.dueAt(job));
  if (key !== null) {
    if (fingerprint !== undefined) {
      idempotency.claim(key, fingerprint, now);
      due.setIfAbsent("idempotency", now + KEPT_MS);
    }
    idempotency.complete(key, ACCEPTED, { edit: edit.id });
  }
  return { created: { outcome: "created", edit: written(edits, edit.id) }, sends: true };
}

/** Ends a transaction whose edits are not all accepted. */
export class NotAcceptedError extends Error {
  override name = "NotAcceptedError";
  readonly refused: contract.Refused;

  constructor(refused: contract.Refused) {
    super(`not accepted: ${refused.outcome}`);
    this.refused = refused;
  }
}

/**
 * Accepts several edits, or none. Belongs inside a transaction, which its error ends.
 * @throws NotAcceptedError
 */
export function acceptAll(
  context: Parameters<typeof acceptEdit>[0],
  given: readonly contract.NewEdit[],
  { idempotencyKey, retentionMs }: { readonly idempotencyKey: string | null; readonly retentionMs: number },
  now: number,
): contract.EditRow[] {
  const { ledger, idempotency } = context.tables;
  const { available: balance } = ledger.totals();
  if (balance < given.reduce((sum, { credits }) => sum + credits, 0))
    throw new NotAcceptedError({ outcome: "insufficient_credits", balance });
  const edits = given.map((edit) => {
    const { created } = acceptEdit(context, edit, retentionMs, now);
    if (created.outcome === "created") return created.edit;
    if (created.outcome === "known") throw new Error("an alternative has an idempotency key of its own");
    throw new NotAcceptedError(created);
  });
  if (idempotencyKey !== null)
    idempotency.complete(idempotencyKey, ACCEPTED, { edits: edits.map(({ id }) => id) });
  return edits;
}

function written(edits: Edits, id: Id<"edit">): StoredEdit {
  const edit = edits.stored(id);
  if (edit === null) throw new Error("an edit is gone that was just written");
  return edit;
}

/** The input with its pictures' rows in place of their ids. A mask lies over the photo pixel by pixel. */
function lookedUp(
  { images }: Tables,
  { image, mask, ...rest }: contract.NewEdit["input"],
  now: number,
): contract.EditInput | contract.CreateOutcome {
  const find = (id: Id<"img">) => {
    const row = images.find(id);
    return row !== null && now < row.expiresAt ? row : null;
  };
  const photo = typeof image === "string" ? find(image) : image;
  if (photo === null) return { outcome: "image_unknown" };
  const facts = { ...rest, image: { ...factsOf(photo), ...sizeOf(photo) } };
  if (mask === "auto" || typeof mask !== "string") return { ...facts, mask };
  const region = find(mask);
  if (region === null) return { outcome: "image_unknown" };
  if (region.width !== photo.width || region.height !== photo.height)
    return { outcome: "mask_size", mask: sizeOf(region), image: sizeOf(photo) };
  return { ...facts, mask: factsOf(region) };
}

const factsOf = ({ id, key, sha256 }: Pick<contract.ImageRow, "id" | "key" | "sha256">) => ({
  id,
  key,
  sha256,
});

const sizeOf = ({ width, height }: contract.Size): contract.Size => ({ width, height });
