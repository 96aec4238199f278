import type { NewCredits, Reversal } from "../contract/keys.ts";
import type { Tables } from "../tables/tables.ts";

type Books = Pick<Tables, "ledger" | "payments">;

/**
 * Adds credits once per reference. Must be called inside a transaction.
 * @returns false if the reference was already used for another amount or reason: nothing is added
 */
export function enterCredits({ ledger, payments }: Books, entry: NewCredits, now: number): boolean {
  const { amount, reason, reference } = entry;
  const known = payments.find(reference);
  if (known !== null) return known.amount === amount && known.reason === reason;
  ledger.post(amount, reason, reference, now);
  payments.add(reference, { amount, reason }, now);
  return true;
}

/**
 * Takes back a share of a payment, or returns some of it if the share has shrunk. A reversal (a refund, a dispute)
 * replaces its own earlier state, so repeated events change nothing and older events that arrive late are ignored. All
 * reversals together take no more than was paid. Must be called inside a transaction.
 * @returns false if there is no such payment
 */
export function reverse({ ledger, payments }: Books, reversal: Reversal, now: number): boolean {
  const { payment, id, share, reason, reportedAt } = reversal;
  const paid = payments.find(payment);
  if (paid === null) return false;
  const before = payments.reversed(payment, id);
  if (reportedAt < before.reportedAt) return true;
  const target = Math.min(Math.round(paid.amount * share), paid.amount - before.others);
  payments.reverse(payment, id, target, reportedAt);
  if (target !== before.own) ledger.post(before.own - target, reason, id, now);
  return true;
}
