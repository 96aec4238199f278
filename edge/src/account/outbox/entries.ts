import type { Id } from "../../../../shared/ids.ts";
import type { EditRow } from "../contract/edits.ts";

/**
 * What leaves an account for other parties: written in the transaction that settles an edit, so that it is neither
 * lost nor sent for something that did not happen.
 */
export type Entry = {
  readonly edit: Id<"edit">;
  /** Entries of one lane leave one after the other: a party that is slow holds up nobody else. */
  readonly lane: string;
} & (
  | { readonly kind: "webhook"; readonly detail: { readonly url: string } }
  | { readonly kind: "meter"; readonly detail: { readonly captures: readonly Capture[] } }
  | { readonly kind: "usage"; readonly detail: { readonly model: string } }
);

/** A captured edit, as it is metered. Time in Unix milliseconds. */
export interface Capture {
  readonly edit: Id<"edit">;
  readonly credits: number;
  readonly at: number;
}

export type EntryKind = Entry["kind"];

/** Whom a deployment tells of captured edits besides the customer. */
export interface Reporting {
  /** Whether Stripe meters captures. */
  readonly meter: boolean;
  /** The model's name where its licence asks for a report of each generated image. */
  readonly usage: string | null;
}

/** The time in which entries of a kind gather before they leave together, in milliseconds. */
export const GATHER_MS = { webhook: 0, meter: 10_000, usage: 300_000 } as const;

/** Captures that gather in one entry at most. */
export const CAPTURES_MAX = 60;

/** What is reported of an edit that has just become final: its webhook always, credits that were captured, usage of a success. */
export function entriesOf(
  edit: Pick<EditRow, "id"> & { readonly input: Pick<EditRow["input"], "webhook_url"> },
  { succeeded, captured }: { readonly succeeded: boolean; readonly captured: number },
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
      detail: { captures: [{ edit: id, credits: captured, at: now }] },
    });
  if (succeeded && usage !== null)
    entries.push({ edit: id, kind: "usage", lane: `usage ${usage}`, detail: { model: usage } });
  return entries;
}
