import type { Id } from "../../../../shared/ids.ts";
import type { EditRow } from "../contract/edits.ts";

/**
 * Messages from an account to other parties. They are written in the transaction that settles an edit, so that none is
 * lost, and none is sent for something that did not happen.
 */
export type Entry = {
  readonly edit: Id<"edit">;
  /** Entries of one lane are sent in order; a slow receiver delays only its own lane. */
  readonly lane: string;
} & (
  | { readonly kind: "webhook"; readonly detail: { readonly url: string } }
  | { readonly kind: "meter"; readonly detail: Metered | { readonly captures: readonly Capture[] } }
  | { readonly kind: "usage"; readonly detail: { readonly model: string } }
);

/**
 * The captures that are metered together: those among the ledger's rows `from` ≤ row < `below`, made before `until` (Unix
 * milliseconds). Nothing is written for one more, since the ledger has it.
 */
export interface Metered {
  readonly from: number;
  readonly below: number;
  readonly until: number;
}

/** A captured edit, as metered. Time in Unix milliseconds. */
export interface Capture {
  readonly edit: Id<"edit">;
  readonly credits: number;
  readonly at: number;
}

export type EntryKind = Entry["kind"];

/** Parties besides the customer to which a deployment reports captured edits. */
export interface Reporting {
  /** Whether Stripe meters captures. */
  readonly meter: boolean;
  /** The model's name if its licence requires a report of each generated image. */
  readonly usage: string | null;
}

/** How long entries of a kind are batched before they are sent together, in milliseconds. */
export const GATHER_MS = { webhook: 0, meter: 10_000, usage: 300_000 } as const;

/** Rows of the ledger that one entry covers, holds among them: it has at most this many captures. */
const ROWS_METERED = 60;

/**
 * What is reported when an edit becomes final: always its webhook, captured credits, and usage if it succeeded.
 * @param row the ledger's, with what was captured
 */
export function entriesOf(
  edit: Pick<EditRow, "id"> & { readonly input: Pick<EditRow["input"], "webhook_url"> },
  {
    succeeded,
    captured,
    row,
  }: { readonly succeeded: boolean; readonly captured: number; readonly row: number },
  { meter, usage }: Reporting,
  now: number,
): Entry[] {
  const { id, input } = edit;
  const entries: Entry[] = [];
  if (input.webhook_url !== null) {
    const { host } = new URL(input.webhook_url);
    entries.push({ edit: id, kind: "webhook", lane: `webhook ${host}`, detail: { url: input.webhook_url } });
  }
  if (captured > 0 && meter)
    entries.push({
      edit: id,
      kind: "meter",
      lane: "meter",
      detail: { from: row, below: row + ROWS_METERED, until: now + GATHER_MS.meter },
    });
  if (succeeded && usage !== null)
    entries.push({ edit: id, kind: "usage", lane: `usage ${usage}`, detail: { model: usage } });
  return entries;
}
