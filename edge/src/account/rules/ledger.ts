/**
 * The ledger's rules. Each row moves credits between available and held; a balance is the sum of its rows, and each row
 * carries the sums so far. An edit has one hold, which ends once: captured if the edit succeeds, captured in part if it
 * is cancelled while it runs, otherwise released. Credits are whole numbers. A refund of spent credits leaves a balance
 * below zero, which the next payment fills.
 */

export interface Totals {
  readonly available: number;
  readonly held: number;
}

export type EntryKind = "credit" | "debit" | "hold" | "capture" | "release";

/** A row to be written: its change to both sums, and the sums after it. */
export interface Posting {
  readonly kind: EntryKind;
  readonly available: number;
  readonly held: number;
  readonly after: Totals;
}

/** The hold of an edit: none yet, an open one of some credits, or one that ended. */
export type Hold =
  | { readonly state: "none" }
  | { readonly state: "open"; readonly amount: number }
  | { readonly state: "ended" };

/** A broken rule of the ledger: our bug, never a client's error. */
export class LedgerError extends Error {
  override name = "LedgerError";
}

export const NOTHING: Totals = { available: 0, held: 0 };

/** Adds credits. @throws LedgerError if the amount is not a positive whole number */
export function credit(totals: Totals, amount: number): Posting {
  return posting("credit", totals, { available: whole(amount), held: 0 });
}

/**
 * Takes credits back, below zero if they are spent. @throws LedgerError if the amount is not a positive whole number
 */
export function debit(totals: Totals, amount: number): Posting {
  return posting("debit", totals, { available: -whole(amount), held: 0 });
}

/** Holds credits for an edit; null if there are too few. @throws LedgerError on a second hold */
export function hold(totals: Totals, before: Hold, amount: number): Posting | null {
  if (before.state !== "none") throw new LedgerError(`a second hold: the first one is ${before.state}`);
  if (whole(amount) > totals.available) return null;
  return posting("hold", totals, { available: -amount, held: amount });
}

/**
 * Ends a hold for good.
 * @param captured credits of it that are charged; the rest is available again
 * @throws LedgerError if none is open, or it holds less
 */
export function settle(totals: Totals, before: Hold, captured: number): Posting {
  if (before.state !== "open") throw new LedgerError(`an end without an open hold: it is ${before.state}`);
  if (!Number.isSafeInteger(captured) || captured < 0 || captured > before.amount)
    throw new LedgerError(`${captured} credits of a hold of ${before.amount}`);
  const kind = captured > 0 ? "capture" : "release";
  return posting(kind, totals, { available: before.amount - captured, held: -before.amount });
}

function posting(kind: EntryKind, totals: Totals, change: Totals): Posting {
  const after = { available: totals.available + change.available, held: totals.held + change.held };
  if (after.held < 0) throw new LedgerError(`${kind} would leave less than nothing held`);
  return { kind, ...change, after };
}

function whole(amount: number): number {
  if (!Number.isSafeInteger(amount) || amount < 1)
    throw new LedgerError(`not an amount of credits: ${amount}`);
  return amount;
}
