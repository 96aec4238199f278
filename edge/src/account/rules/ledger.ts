/**
 * The ledger's rules. Each row moves credits between what may be spent and what is held; a balance is the sum of
 * its rows, and each row carries the sums up to itself. An edit has one hold, and its hold ends once: captured
 * when the edit succeeds, released when it does not. Credits are whole numbers.
 */

export interface Totals {
  readonly available: number;
  readonly held: number;
}

export type EntryKind = "credit" | "hold" | "capture" | "release";

/** A row to be written: its change of both sums, and the sums after it. */
export interface Posting {
  readonly kind: EntryKind;
  readonly available: number;
  readonly held: number;
  readonly after: Totals;
}

/** What the ledger knows of one edit: no hold, an open one of some credits, or one that ended. */
export type Hold =
  | { readonly state: "none" }
  | { readonly state: "open"; readonly amount: number }
  | { readonly state: "captured" | "released" };

/** A broken rule of the ledger: a fault of ours, never of a client. */
export class LedgerError extends Error {
  override name = "LedgerError";
}

export const NOTHING: Totals = { available: 0, held: 0 };

/** Credits that came in. @throws LedgerError where the amount is not a positive whole number */
export function credit(totals: Totals, amount: number): Posting {
  return posting("credit", totals, { available: whole(amount), held: 0 });
}

/** Sets credits aside for an edit; null where there are too few. @throws LedgerError on a second hold */
export function hold(totals: Totals, before: Hold, amount: number): Posting | null {
  if (before.state !== "none") throw new LedgerError(`a second hold: the first one is ${before.state}`);
  if (whole(amount) > totals.available) return null;
  return posting("hold", totals, { available: -amount, held: amount });
}

/** Ends a hold for good. @throws LedgerError where none is open */
export function settle(totals: Totals, before: Hold, kind: "capture" | "release"): Posting {
  if (before.state !== "open") throw new LedgerError(`${kind} without an open hold: it is ${before.state}`);
  const available = kind === "release" ? before.amount : 0;
  return posting(kind, totals, { available, held: -before.amount });
}

/** What an edit's rows amount to. */
export function holdOf(rows: readonly { readonly kind: EntryKind; readonly held: number }[]): Hold {
  if (rows.some(({ kind }) => kind === "capture")) return { state: "captured" };
  if (rows.some(({ kind }) => kind === "release")) return { state: "released" };
  const open = rows.find(({ kind }) => kind === "hold");
  return open === undefined ? { state: "none" } : { state: "open", amount: open.held };
}

function posting(kind: EntryKind, totals: Totals, change: Totals): Posting {
  const after = { available: totals.available + change.available, held: totals.held + change.held };
  if (after.available < 0 || after.held < 0) throw new LedgerError(`${kind} would leave a negative balance`);
  return { kind, ...change, after };
}

function whole(amount: number): number {
  if (!Number.isSafeInteger(amount) || amount < 1)
    throw new LedgerError(`not an amount of credits: ${amount}`);
  return amount;
}
